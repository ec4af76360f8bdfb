import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { instantText } from '../../base/instant.ts'
import { Refused, refuse } from '../../base/refusal.ts'
import type { Caller } from '../../house/access.ts'
import { openPasswordGate } from '../../house/access-passwords.ts'
import { type Begun, type Browser, enterByLink, lookAtLink, ownSessions, signIn } from '../../house/access-sessions.ts'
import { openTries } from '../../house/access-tries.ts'
import type { House } from '../../house/house.ts'
import { sessionJson, type WhoView } from '../../house/views/session.ts'
import { clearSessionCookie, cookieOf, onlyFromOurPages, sessionOf, setSessionCookie } from '../access.ts'
import { Ended, LookedAtLink, Sessions, Who } from '../documents/accounts.ts'
import { body, Id, problems, secured, unwrap } from '../schema.ts'

const SignIn = Type.Object(
  { login: Type.String({ maxLength: 200 }), password: Type.String({ maxLength: 1000 }) },
  { additionalProperties: false },
)
const Token = Type.Object({ token: Type.String({ maxLength: 200 }) }, { additionalProperties: false })

/**
 * Signing in and out. The secret of a session is in the Set-Cookie header of the answer that begins it, and in no other answer. Whoever signs in must come
 * from our own pages, so that no other site signs its visitors in as somebody else.
 */
export function sessionRoutes(app: FastifyInstance, house: House): void {
  const gate = openPasswordGate()
  const tries = openTries(house.sessionClock)
  const door = {
    config: { access: 'public' as const },
    onRequest: async (request: FastifyRequest) => onlyFromOurPages(request),
  }
  const mine = { config: { access: 'session.own' as const } }

  app.post<{ Body: Static<typeof SignIn> }>(
    '/v1/session',
    {
      ...door,
      schema: { summary: 'Sign in with login and password', body: SignIn, response: { 201: Who, ...problems } },
    },
    async (request, reply) => {
      const login = request.body.login.trim().toLowerCase()
      unwrap(tries.begin(request.ip, login))
      const begun = unwrap(await signIn(house, gate, request.body, browserOf(request)))
      tries.succeeded(login)
      setSessionCookie(request, reply, begun)
      return reply.code(201).send(await who(house, callerOf(begun)))
    },
  )

  app.post<{ Body: Static<typeof Token> }>(
    '/v1/session/link/preview',
    {
      ...door,
      schema: {
        summary: 'Whom a one-time link would sign in; uses nothing up',
        body: Token,
        response: { 200: LookedAtLink, ...problems },
      },
    },
    async (request) => {
      unwrap(tries.begin(request.ip))
      const link = unwrap(await lookAtLink(house, request.body.token))
      return { person: link.person, expiresAt: instantText(link.expiresAt) }
    },
  )

  app.post<{ Body: Static<typeof Token> }>(
    '/v1/session/link',
    {
      ...door,
      schema: {
        summary: 'Sign in with a one-time link, which uses it up',
        body: Token,
        response: { 201: Who, ...problems },
      },
    },
    async (request, reply) => {
      unwrap(tries.begin(request.ip))
      const begun = unwrap(await enterByLink(house, request.body.token, browserOf(request)))
      setSessionCookie(request, reply, begun)
      return reply.code(201).send(await who(house, callerOf(begun)))
    },
  )

  app.get(
    '/v1/session',
    { ...mine, schema: { summary: 'Who I am', security: secured, response: { 200: Who, ...problems } } },
    async (request) => who(house, request.caller),
  )

  app.delete(
    '/v1/session',
    { ...mine, schema: { summary: 'Sign out', security: secured, response: { 200: Ended, ...problems } } },
    async (request, reply) => {
      const session = unwrap(sessionOf(request.caller))
      await house.access.endSession(session.id)
      clearSessionCookie(request, reply)
      return { ended: session.id }
    },
  )

  app.get(
    '/v1/sessions',
    {
      ...mine,
      schema: { summary: 'Where I am signed in', security: secured, response: { 200: Sessions, ...problems } },
    },
    async (request) => {
      const own = unwrap(sessionOf(request.caller))
      const sessions = (await ownSessions(house, own)).map((one) => ({
        ...sessionJson(one),
        current: one.id === own.id,
      }))
      return body({ sessions })
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/sessions/:id',
    {
      ...mine,
      schema: {
        summary: 'Sign out elsewhere',
        security: secured,
        params: Type.Object({ id: Id }),
        response: { 200: Ended, ...problems },
      },
    },
    async (request, reply) => {
      const own = unwrap(sessionOf(request.caller))
      const found = (await ownSessions(house, own)).find((one) => one.id === request.params.id)
      // Somebody else's looks exactly like one that does not exist.
      if (!found)
        throw new Refused(refuse('session.unknown', 'you have no such session', { hint: 'GET /v1/sessions' }).refusal)
      await house.access.endSession(found.id)
      if (found.id === own.id) clearSessionCookie(request, reply)
      return { ended: found.id }
    },
  )
}

const browserOf = (request: FastifyRequest): Browser => ({
  agent: request.headers['user-agent'] ?? '',
  cookie: cookieOf(request),
})

const callerOf = ({ session }: Begun): Caller => ({
  via: 'session',
  id: session.id,
  role: session.role,
  subject: session.subject,
  session,
})

async function who(house: House, caller: Caller): Promise<WhoView> {
  const { session } = caller
  const buyer =
    caller.role === 'buyer' ? (await house.world.books.buyers()).find((one) => one.id === caller.subject) : undefined
  return {
    role: caller.role,
    subject: caller.subject,
    name: buyer?.name ?? session?.login ?? caller.subject,
    via: caller.via,
    expiresAt: session && instantText(session.expiresAt),
  }
}
