/**
 * Canonical JSON: one text for one value, so that it can be hashed. RFC 8785 (JCS) restricted to what the house uses:
 * objects with string keys sorted by UTF-16 code units, arrays, strings, booleans, null and safe integers.
 * Fractions have no place in a commitment: a number that is not a safe integer throws, a bigint is written as a decimal string.
 */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }

/** Canonical text. Members whose value is undefined are left out. Throws TypeError for anything that is not Json. */
export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return `"${value}"`
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed())
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`canonical: ${value} is not a safe integer`)
    return String(value === 0 ? 0 : value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item as Json)).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`canonical: cannot write a ${typeof value}`)
  const object = value as { readonly [key: string]: Json | undefined }
  const members = Object.keys(object)
    .filter((key) => object[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key] as Json)}`)
  return `{${members.join(',')}}`
}
