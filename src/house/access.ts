import { randomBytes } from 'node:crypto'
import { sha256 } from '../base/hash.ts'
import { freshId } from '../base/id.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { KeyEntry } from '../release/ports.ts'
import type { House } from './house.ts'

/** What each kind of key looks like: a prefix that says whose it is, then 256 random bits. Only the hash is kept. */
const prefixes = { steward: 'usk', buyer: 'ubk', person: 'upt' } as const

/** Makes a key; its secret is shown once and never again. Refuses buyer.unknown and person.unknown. */
export async function createKey(
  house: House,
  role: KeyEntry['role'],
  subject: string,
  label: string,
): Promise<Outcome<{ readonly entry: KeyEntry; readonly secret: string }>> {
  const { books, clock } = house.world
  if (role === 'buyer' && !(await books.buyers()).some((buyer) => buyer.id === subject))
    return refuse('buyer.unknown', `there is no buyer "${subject.slice(0, 80)}"`)
  if (role === 'person') {
    const person = await books.choices(subject, clock.now())
    if (!person.ok) return person
  }
  const secret = `${prefixes[role]}_${randomBytes(32).toString('base64url')}`
  const entry: KeyEntry = {
    id: freshId('key'),
    role,
    subject,
    secretHash: hashOfSecret(secret),
    label,
    createdAt: clock.now(),
  }
  await books.addKey(entry, clock.now())
  return accept({ entry, secret })
}

/** The key behind a secret, if it is known, not revoked, and of one of these roles. Refuses access.key_missing, access.key_wrong, access.not_permitted. */
export async function authenticate(
  house: House,
  secret: string | undefined,
  roles: readonly KeyEntry['role'][],
): Promise<Outcome<KeyEntry>> {
  if (secret === undefined || secret === '')
    return refuse('access.key_missing', 'the request carries no key', { hint: 'send "Authorization: Bearer <key>"' })
  const known = Object.values(prefixes).some((prefix) => secret.startsWith(`${prefix}_`)) && secret.length <= 100
  const key = known ? await house.world.books.findKey(hashOfSecret(secret)) : undefined
  if (!key || key.revokedAt !== undefined)
    return refuse('access.key_wrong', 'the key is not known, or was revoked', { hint: 'ask the steward for a new key' })
  if (!roles.includes(key.role))
    return refuse('access.not_permitted', `a ${key.role}'s key does not open this`, {
      hint: `this is for: ${roles.join(', ')}`,
    })
  return accept(key)
}

/** A 256-bit random secret needs no slow hash: it cannot be guessed. */
const hashOfSecret = (secret: string): string => sha256('usufruct/key/v1', secret).toString('hex')
