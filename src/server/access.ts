import type { FastifyReply, FastifyRequest } from 'fastify'
import { accept, type Outcome, Refused, refuse } from '../base/refusal.ts'
import { type Caller, callerOfKey, permit } from '../house/access.ts'
import type { SessionEntry } from '../house/access-port.ts'
import { type Begun, callerOfSession } from '../house/access-sessions.ts'
import type { House } from '../house/house.ts'
import type { Access } from '../house/permissions.ts'
import { unwrap } from './schema.ts'

export const sessionCookie = 'usufruct_session'

/**
 * Who calls, for a route that is not public: by a key in the Authorization header, else by the session in the cookie. A cookie is sent by the browser
 * whoever made it send the request, so with a cookie nothing is changed unless the request comes from our own pages.
 */
export async function letIn(house: House, request: FastifyRequest, access: Access): Promise<Caller> {
  const caller = unwrap(await callerOf(house, request))
  unwrap(permit(caller, access))
  return caller
}

async function callerOf(house: House, request: FastifyRequest): Promise<Outcome<Caller>> {
  const header = request.headers.authorization
  if (header !== undefined) {
    const key = /^bearer +(\S+) *$/i.exec(header)?.[1]
    return key === undefined ? noKey : callerOfKey(house, key)
  }
  const cookie = cookieOf(request)
  if (cookie === undefined) return noKey
  if (!safeMethods.includes(request.method)) onlyFromOurPages(request)
  return callerOfSession(house, cookie)
}

const noKey = refuse('access.key_missing', 'the request carries neither a key nor a session', {
  hint: 'send "Authorization: Bearer <key>", or sign in',
})

const safeMethods = ['GET', 'HEAD', 'OPTIONS']

/**
 * Refuses access.cross_site unless the browser says that the request comes from our own pages: by Sec-Fetch-Site where it is sent, by Origin where
 * that is sent, by at least one of them; and a body is JSON, which no form can send.
 */
export function onlyFromOurPages(request: FastifyRequest): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const type = request.headers['content-type']
  const ours =
    (origin !== undefined || site !== undefined) &&
    (origin === undefined || (host !== undefined && origin === originOf(host))) &&
    (site === undefined || site === 'same-origin') &&
    (type === undefined || /^application\/json\s*(;|$)/i.test(type))
  if (!ours) throw new Refused(crossSite.refusal)
}

const crossSite = refuse(
  'access.cross_site',
  'a request that signs in, or that carries a session, must come from our own pages',
  { hint: 'programs send a key in the Authorization header instead' },
)

/** Where a page of ours comes from: https, or plain http where the connection does not leave the machine. */
function originOf(host: string): string | undefined {
  const text = `${isLoopback(host) ? 'http' : 'https'}://${host}`
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' ? url.origin : undefined
}

/** The name under which the browser reached us, not where we listen: behind a proxy on the same machine it is the public name. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host)

/** The secret of the session; undefined when there is none. */
export function cookieOf(request: FastifyRequest): string | undefined {
  const header = request.headers.cookie ?? ''
  const found = header
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one.startsWith(`${sessionCookie}=`))
  // Two of them: somebody set one for another path or domain to take the place of ours.
  return found.length === 1 ? found[0]?.slice(sessionCookie.length + 1) : undefined
}

/** Hands the session to the browser: no script reads it, no other site sends it, and it goes over TLS unless it stays on the machine. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, { session, secret }: Begun): void {
  const seconds = (session.expiresAt - session.createdAt) / 1_000_000n
  reply.header('set-cookie', `${sessionCookie}=${secret}; Max-Age=${seconds}; ${attributes(request)}`)
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', `${sessionCookie}=; Max-Age=0; ${attributes(request)}`)
}

const attributes = (request: FastifyRequest): string =>
  `Path=/; HttpOnly; SameSite=Strict${isLoopback(request.headers.host ?? '') ? '' : '; Secure'}`

/** The session of a caller who has one. Refuses access.not_permitted for a key. */
export const sessionOf = (caller: Caller): Outcome<SessionEntry> =>
  caller.session
    ? accept(caller.session)
    : refuse('access.not_permitted', 'a key has no session', { hint: 'sign in with a browser' })
