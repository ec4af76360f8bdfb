import { randomBytes } from 'node:crypto'
import { sha256 } from '../base/hash.ts'
import { freshId } from '../base/id.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { KeyEntry } from '../release/ports.ts'
import type { SessionEntry, SessionOwner } from './access-port.ts'
import type { House } from './house.ts'
import { type Access, type Role, rolesOf } from './permissions.ts'

/** Who acts, however they showed it. `id` is that of the key or session, never its secret. */
export interface Caller {
  readonly via: 'key' | 'session'
  readonly id: string
  readonly role: Role
  /** Buyer id, person key, or "steward". */
  readonly subject: string
  /** With via 'session' only. */
  readonly session?: SessionEntry | undefined
}

/** What each kind of secret looks like: a prefix that says whose it is, then 256 random bits. Only the hash is kept. */
const keyPrefixes = { steward: 'usk', buyer: 'ubk', person: 'upt' } as const
const longestSecret = 100

/** A fresh secret of 256 random bits. */
export const freshSecret = (prefix: string): string => `${prefix}_${randomBytes(32).toString('base64url')}`

/** Hex SHA-256 of a secret of this kind. 256 random bits need no slow hash: they cannot be guessed. */
export const hashOfSecret = (kind: 'key' | 'session' | 'link', secret: string): string =>
  sha256(`usufruct/${kind}/v1`, secret).toString('hex')

/** Could this text be a secret that we made? What is longer or begins otherwise is not even looked up. */
export const looksLikeSecret = (secret: string, prefixes: readonly string[]): boolean =>
  secret.length <= longestSecret && prefixes.some((prefix) => secret.startsWith(`${prefix}_`))

/** Makes a key; its secret is shown once and never again. Refuses buyer.unknown and person.unknown. */
export async function createKey(
  house: House,
  role: KeyEntry['role'],
  subject: string,
  label: string,
): Promise<Outcome<{ readonly entry: KeyEntry; readonly secret: string }>> {
  const { books, clock } = house.world
  const known = await subjectExists(house, { role, subject })
  if (!known.ok) return known
  const secret = freshSecret(keyPrefixes[role])
  const entry: KeyEntry = {
    id: freshId('key'),
    role,
    subject,
    secretHash: hashOfSecret('key', secret),
    label,
    createdAt: clock.now(),
  }
  await books.addKey(entry, clock.now())
  return accept({ entry, secret })
}

/** Nobody gets a key, login or link for a buyer or person whom the books do not know. Refuses buyer.unknown and person.unknown. */
export async function subjectExists(house: House, { role, subject }: SessionOwner): Promise<Outcome<void>> {
  const { books, clock } = house.world
  if (role === 'buyer' && !(await books.buyers()).some((buyer) => buyer.id === subject))
    return refuse('buyer.unknown', `there is no buyer "${subject.slice(0, 80)}"`)
  if (role === 'person') {
    const person = await books.choices(subject, clock.now())
    if (!person.ok) return person
  }
  return accept(undefined)
}

/** Whose key this is. Refuses access.key_wrong for one that is not known or was revoked. */
export async function callerOfKey(house: House, secret: string): Promise<Outcome<Caller>> {
  const known = looksLikeSecret(secret, Object.values(keyPrefixes))
  const key = known ? await house.world.books.findKey(hashOfSecret('key', secret)) : undefined
  if (!key || key.revokedAt !== undefined)
    return refuse('access.key_wrong', 'the key is not known, or was revoked', { hint: 'ask the steward for a new key' })
  return accept({ via: 'key', id: key.id, role: key.role, subject: key.subject })
}

/** May the caller use what has this access? Refuses access.not_permitted. */
export function permit(caller: Caller, access: Access): Outcome<void> {
  const roles = rolesOf(access)
  if (roles === 'public' || roles.includes(caller.role)) return accept(undefined)
  return refuse('access.not_permitted', `a ${caller.role}'s ${caller.via} does not open this`, {
    hint: `this is for: ${roles.join(', ')}`,
  })
}
