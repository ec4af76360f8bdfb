import { createHash, randomBytes } from 'node:crypto'
import { canonical, type Json } from './canonical.ts'

/** SHA-256 of the concatenated parts; texts are taken as UTF-8. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Lower-case hex SHA-256 of a value's canonical JSON. */
export const hashOf = (value: Json): string => sha256(canonical(value)).toString('hex')

/** Hiding, binding commitment: SHA256(domain || salt32 || canonical JSON). The domain ends in a version, e.g. "usufruct/result/v1". */
export const commit = (domain: string, salt: Uint8Array, value: Json): string =>
  sha256(domain, salt, canonical(value)).toString('hex')

/** 32 fresh random bytes for a commitment. */
export const freshSalt = (): Buffer => randomBytes(32)
