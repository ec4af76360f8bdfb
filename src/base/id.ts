import { randomBytes } from 'node:crypto'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** A fresh identifier: a prefix and 26 characters of Crockford base 32 (130 random bits), e.g. "rel_…". Not ordered, tells no time. */
export function freshId(prefix: string): string {
  let text = ''
  for (const byte of randomBytes(26)) text += alphabet[byte & 31]
  return `${prefix}_${text}`
}
