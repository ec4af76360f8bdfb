import { freshId } from '../base/id.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Instant } from '../base/units.ts'
import { type Caller, freshSecret, hashOfSecret, looksLikeSecret, subjectExists } from './access.ts'
import { loginName } from './access-logins.ts'
import type { PasswordGate } from './access-passwords.ts'
import type { LinkEntry, SessionEntry } from './access-port.ts'
import type { House } from './house.ts'
import type { Role } from './permissions.ts'

const hour = 3_600_000_000n
const day = 24n * hour

/** How long a session lives without a request, and at most. Who can do more is signed out sooner. */
export const lifetimes: Readonly<Record<Role, { readonly idle: Instant; readonly most: Instant }>> = {
  steward: { idle: 2n * hour, most: 12n * hour },
  buyer: { idle: 12n * hour, most: 7n * day },
  person: { idle: 7n * day, most: 30n * day },
}
export const linkLifetime: Instant = day

const sessionPrefix = 'uss'
const linkPrefix = 'upl'

/** A session that just began; its secret goes into the cookie and nowhere else. */
export interface Begun {
  readonly session: SessionEntry
  readonly secret: string
}

/** What a browser brings when it signs in: what it calls itself, and the session that it had, which ends. */
export interface Browser {
  readonly agent: string
  readonly cookie: string | undefined
}

/**
 * A session for whoever knows the password. A login that nobody has, one that is disabled and a wrong password take the same path and get the same answer:
 * access.sign_in_failed. The session is always a new one: a secret that the browser brought along is never taken over.
 */
export async function signIn(
  house: House,
  gate: PasswordGate,
  tried: { readonly login: string; readonly password: string },
  browser: Browser,
): Promise<Outcome<Begun>> {
  const name = loginName(tried.login)
  const entry = name.ok ? await house.access.login(name.value) : undefined
  const usable = entry !== undefined && entry.disabledAt === undefined ? entry : undefined
  const fits = await gate.fits(usable?.passwordHash, tried.password)
  if (!fits.ok) return fits
  if (!fits.value || usable === undefined) return signInFailed
  const secret = freshSecret(sessionPrefix)
  const session: SessionEntry = {
    ...begin(house, usable.role, secret, browser),
    role: usable.role,
    subject: usable.subject,
    login: usable.login,
  }
  const open = await house.access.openSession(session, usable.sequence, hashOfCookie(browser.cookie))
  return open ? accept({ session, secret }) : signInFailed
}

const signInFailed = refuse('access.sign_in_failed', 'login and password do not fit', {
  hint: 'try again, or ask the steward for a new password',
})

/** A link that signs a person in once. The token is shown once and never again; an earlier link of the person stops working. Refuses person.unknown. */
export async function createLink(
  house: House,
  person: string,
): Promise<Outcome<{ readonly link: LinkEntry; readonly token: string }>> {
  const known = await subjectExists(house, { role: 'person', subject: person })
  if (!known.ok) return known
  const token = freshSecret(linkPrefix)
  const now = house.sessionClock.now()
  const link: LinkEntry = {
    id: freshId('lnk'),
    tokenHash: hashOfSecret('link', token),
    person,
    createdAt: now,
    expiresAt: now + linkLifetime,
  }
  await house.access.addLink(link)
  return accept({ link, token })
}

/** The address that a person opens. The token stands behind the #, which browsers send to no server. */
export const linkAddress = (base: string, token: string): string => `${base.replace(/\/+$/, '')}/me/enter#${token}`

/** Whom the link would sign in; uses nothing up. Refuses access.link_wrong. */
export async function lookAtLink(house: House, token: string): Promise<Outcome<LinkEntry>> {
  const link = looksLikeSecret(token, [linkPrefix])
    ? await house.access.findLink(hashOfSecret('link', token), house.sessionClock.now())
    : undefined
  return link ? accept(link) : linkWrong
}

/** Uses the link up: of any number of tries one gets the session. Refuses access.link_wrong. */
export async function enterByLink(house: House, token: string, browser: Browser): Promise<Outcome<Begun>> {
  if (!looksLikeSecret(token, [linkPrefix])) return linkWrong
  const secret = freshSecret(sessionPrefix)
  const session = await house.access.enterByLink(
    hashOfSecret('link', token),
    begin(house, 'person', secret, browser),
    hashOfCookie(browser.cookie),
  )
  return session ? accept({ session, secret }) : linkWrong
}

/** Uses the link up for one act and begins no session: of any number of tries one gets it. Refuses access.link_wrong. */
export async function spendLink(house: House, token: string): Promise<Outcome<LinkEntry>> {
  const link = looksLikeSecret(token, [linkPrefix])
    ? await house.access.spendLink(hashOfSecret('link', token), house.sessionClock.now())
    : undefined
  return link ? accept(link) : linkWrong
}

const linkWrong = refuse('access.link_wrong', 'the link is not known, was used, or is over', {
  hint: 'a link works once and for 24 hours; ask for a new one',
})

/** Who has this session. While it is used it stays alive, up to its end. Refuses access.session_ended. */
export async function callerOfSession(house: House, secret: string): Promise<Outcome<Caller>> {
  const now = house.sessionClock.now()
  const hash = hashOfCookie(secret)
  const session = hash === undefined ? undefined : await house.access.findSession(hash, now)
  if (!session)
    return refuse('access.session_ended', 'the session is not known, was ended, or is over', { hint: 'sign in again' })
  const idleUntil = idleEnd(session.role, now, session.expiresAt)
  // Not at every request: a write for each twentieth of the idle time is enough.
  if (idleUntil - session.idleUntil > lifetimes[session.role].idle / 20n)
    await house.access.touchSession(session.id, idleUntil)
  const { id, role, subject } = session
  return accept({ via: 'session', id, role, subject, session })
}

/** The caller's own sessions: those of the same login, or of the same person. */
export async function ownSessions(house: House, own: SessionEntry): Promise<readonly SessionEntry[]> {
  return (await house.access.sessions(house.sessionClock.now())).filter(
    (one) => one.role === own.role && one.subject === own.subject && one.login === own.login,
  )
}

/** Undefined for what cannot be one of ours, so that nothing is looked up for it. */
const hashOfCookie = (cookie: string | undefined): string | undefined =>
  cookie !== undefined && looksLikeSecret(cookie, [sessionPrefix]) ? hashOfSecret('session', cookie) : undefined

function begin(house: House, role: Role, secret: string, browser: Browser) {
  const createdAt = house.sessionClock.now()
  const expiresAt = createdAt + lifetimes[role].most
  return {
    id: freshId('ses'),
    secretHash: hashOfSecret('session', secret),
    createdAt,
    idleUntil: idleEnd(role, createdAt, expiresAt),
    expiresAt,
    // Hostile input: shown in lists, so cut short and without control characters.
    agent: browser.agent.replace(/[^\x20-\x7e]/g, '').slice(0, 200),
  }
}

function idleEnd(role: Role, now: Instant, expiresAt: Instant): Instant {
  const end = now + lifetimes[role].idle
  return end < expiresAt ? end : expiresAt
}
