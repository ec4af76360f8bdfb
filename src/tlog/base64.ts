/** Base64 of RFC 4648 section 4, padded; undefined unless it is the one encoding of its bytes (no stray bits, no spaces). */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined
}

/** As decodeBase64, for exactly one SHA-256 hash. */
export function decodeHash(text: string): Uint8Array | undefined {
  const bytes = text.length === 44 ? decodeBase64(text) : undefined
  return bytes?.length === 32 ? bytes : undefined
}

export const encodeBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** A decimal from 0 to 2^63 - 1 without leading zeros; undefined otherwise. */
export function decodeSize(text: string): bigint | undefined {
  if (!/^(0|[1-9]\d{0,18})$/.test(text)) return undefined
  const size = BigInt(text)
  return size < 1n << 63n ? size : undefined
}
