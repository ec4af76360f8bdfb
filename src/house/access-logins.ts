import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { subjectExists } from './access.ts'
import { checkPassword, freshPassword, hashPassword } from './access-passwords.ts'
import type { LoginEntry, NewLogin } from './access-port.ts'
import type { House } from './house.ts'

export interface MadeLogin {
  readonly entry: LoginEntry
  /** Set when it was made here: shown once and never again. */
  readonly password: string | undefined
}

/**
 * Makes a login for staff or for somebody who works at a buyer. Without a password one is made. Refuses request.invalid, buyer.unknown, login.exists,
 * login.password_weak.
 */
export async function createLogin(
  house: House,
  wish: { readonly login: string; readonly role: NewLogin['role']; readonly subject: string },
  given: string | undefined,
): Promise<Outcome<MadeLogin>> {
  const login = loginName(wish.login)
  if (!login.ok) return login
  const known = await subjectExists(house, wish)
  if (!known.ok) return known
  const password = checkPassword(login.value, given ?? freshPassword())
  if (!password.ok) return password
  const passwordHash = await hashPassword(password.value)
  const made = await house.access.createLogin(
    { login: login.value, role: wish.role, subject: wish.subject, passwordHash },
    house.world.clock.now(),
  )
  return made.ok ? accept({ entry: made.value, password: given === undefined ? password.value : undefined }) : made
}

/** Sets a password and ends every session of the login. Refuses login.unknown and login.password_weak. */
export async function changePassword(
  house: House,
  name: string,
  given: string | undefined,
): Promise<Outcome<MadeLogin>> {
  const login = loginName(name)
  if (!login.ok) return login
  const password = checkPassword(login.value, given ?? freshPassword())
  if (!password.ok) return password
  const changed = await house.access.changePassword(
    login.value,
    await hashPassword(password.value),
    house.world.clock.now(),
  )
  return changed.ok
    ? accept({ entry: changed.value, password: given === undefined ? password.value : undefined })
    : changed
}

/** Ends the login and every session of it, at once. Refuses login.unknown. */
export async function disableLogin(house: House, name: string): Promise<Outcome<LoginEntry>> {
  const login = loginName(name)
  return login.ok ? house.access.disableLogin(login.value, house.world.clock.now()) : login
}

/** A name or an e-mail address, in small letters. Refuses request.invalid. */
export function loginName(text: string): Outcome<string> {
  const name = text.trim().toLowerCase()
  return /^[a-z0-9][a-z0-9._+@-]{0,99}$/.test(name)
    ? accept(name)
    : refuse('request.invalid', `"${text.slice(0, 40)}" is no login`, {
        hint: 'letters, digits and . _ + @ -, at most 100',
      })
}
