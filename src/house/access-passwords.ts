import { randomBytes } from 'node:crypto'
import { hash, type Options, verify } from '@node-rs/argon2'
import { accept, type Outcome, refuse } from '../base/refusal.ts'

/** Argon2id (2 in the package's enumeration) with the second recommended option of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes. */
const argon2id: Options = { algorithm: 2, memoryCost: 64 * 1024, timeCost: 3, parallelism: 4, outputLen: 32 }

/** Each hash holds 64 MiB while it is computed: so many at a time, and no more in the queue than are worth waiting for. */
const atOnce = 2
const longestQueue = 24

const shortest = 12
const longest = 200

/** Refuses login.password_weak. Length is what counts (NIST SP 800-63B): no rule about kinds of characters. */
export function checkPassword(login: string, password: string): Outcome<string> {
  const length = [...password].length
  if (length < shortest || length > longest)
    return refuse('login.password_weak', `a password has ${shortest} to ${longest} characters`, {
      hint: 'four random words are good; leave the password out and one is made',
    })
  if (password.toLowerCase() === login.toLowerCase()) return refuse('login.password_weak', 'the password is the login')
  return accept(password)
}

/** 100 random bits in four groups, easy to type over: "k3m9q-7wz2d-…". */
export function freshPassword(): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  const letters = [...randomBytes(20)].map((byte) => alphabet[byte & 31]).join('')
  return letters.replace(/(.{5})(?!$)/g, '$1-')
}

/** A PHC string with a salt of its own. */
export const hashPassword = (password: string): Promise<string> => hash(composed(password), argon2id)

/** Compares passwords, a few at a time. */
export interface PasswordGate {
  /**
   * Does the password fit? Undefined hash: nobody has this login; the same work is done against a hash that nothing fits. Refuses
   * access.too_many_tries when too many wait already.
   */
  fits(passwordHash: string | undefined, password: string): Promise<Outcome<boolean>>
}

export function openPasswordGate(): PasswordGate {
  let running = 0
  const waiting: (() => void)[] = []
  // Of a random text that nobody knows: made once, with the same parameters as every other.
  const dummy = hashPassword(randomBytes(32).toString('hex'))
  // It is awaited at the first use; a failure is told then.
  dummy.catch(() => undefined)
  return {
    async fits(passwordHash, password) {
      if (waiting.length >= longestQueue)
        return refuse('access.too_many_tries', 'too many people are signing in', { retryAfter: 5 })
      if (running >= atOnce) await new Promise<void>((free) => waiting.push(free))
      else running++
      try {
        const fits = await verify(passwordHash ?? (await dummy), composed(password))
        return accept(fits && passwordHash !== undefined)
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
  }
}

/** The same letters typed on different machines are the same password. */
const composed = (password: string): string => password.normalize('NFKC')
