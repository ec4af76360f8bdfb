/** Bytes and texts with nothing but what browsers and Node both have. */

export type Bytes = Uint8Array<ArrayBuffer>

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text)

export function concat(...parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export const equal = (a: Bytes, b: Bytes): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

export async function sha256(...parts: readonly Bytes[]): Promise<Bytes> {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', concat(...parts)))
}

export const toHex = (bytes: Bytes): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** Reads lower-case hex of exactly `length` bytes; undefined otherwise. */
export function fromHex(text: string, length: number): Bytes | undefined {
  if (text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) return undefined
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}

export const toBase64 = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes))

/** Reads padded base64 (RFC 4648 section 4); undefined unless it is the one spelling of its bytes. At most 16 kB: hostile input. */
export function fromBase64(text: string): Bytes | undefined {
  if (text.length > 16_384 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  return toBase64(bytes) === text ? bytes : undefined
}

/** Reads a decimal from 0 to 2^63 - 1 without leading zeros; undefined otherwise. */
export function fromDecimal(text: string): bigint | undefined {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text)) return undefined
  const value = BigInt(text)
  return value < 1n << 63n ? value : undefined
}
