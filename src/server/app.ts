import { fileURLToPath } from 'node:url'
import swagger from '@fastify/swagger'
import { Type } from '@sinclair/typebox'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { Fault } from '../base/fault.ts'
import { freshId } from '../base/id.ts'
import { Refused, refuse } from '../base/refusal.ts'
import { unstorable } from '../base/text.ts'
import { version } from '../base/version.ts'
import type { Demo } from '../demo/served.ts'
import type { Caller } from '../house/access.ts'
import type { House } from '../house/house.ts'
import { type Access, isAccess } from '../house/permissions.ts'
import { letIn, sessionCookie } from './access.ts'
import {
  answerExpectation,
  answerUnreadable,
  faultProblem,
  problemSchema,
  refusalProblem,
  sendProblem,
} from './problem.ts'
import { accountRoutes } from './routes/account.ts'
import { answerRuleRoutes } from './routes/answer-rules.ts'
import { answerRoutes } from './routes/answers.ts'
import { auditRoutes } from './routes/audit.ts'
import { buyerRoutes } from './routes/buyers.ts'
import { cardRoutes } from './routes/card.ts'
import { choiceRoutes } from './routes/choices.ts'
import { contractRoutes } from './routes/contracts.ts'
import { demoRoutes } from './routes/demo.ts'
import { keyRoutes } from './routes/keys.ts'
import { loadRoutes } from './routes/loads.ts'
import { logRoutes } from './routes/log.ts'
import { meRoutes } from './routes/me.ts'
import { meChoiceRoutes } from './routes/me-choices.ts'
import { measureRoutes } from './routes/measures.ts'
import { noticeStepRoutes } from './routes/notice-steps.ts'
import { noticeRoutes } from './routes/notices.ts'
import { periodRoutes } from './routes/periods.ts'
import { productRoutes } from './routes/products.ts'
import { quoteRoutes } from './routes/quotes.ts'
import { releaseRoutes } from './routes/releases.ts'
import { sessionRoutes } from './routes/session.ts'
import { shopRoutes } from './routes/shop.ts'
import { stewardRoutes } from './routes/steward.ts'
import { problems } from './schema.ts'
import { webRoutes } from './web.ts'
import { answerWrongMethods } from './wrong-methods.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The permission that the route takes (src/house/permissions.ts), or 'public'. A route that does not say it cannot be registered. */
    access?: Access
  }
  interface FastifyInstance {
    /** "GET /v1/buyers" → the permission that it takes. */
    readonly accessOfRoutes: Map<string, Access>
  }
  interface FastifyRequest {
    /** Who opened a route that is not public. */
    caller: Caller
  }
}

export interface AppOptions {
  /** The folder of the built portals. */
  readonly web?: string | undefined
  /** Set for a made-up world alone. */
  readonly demo?: Demo | undefined
}

/**
 * The HTTP API over an open house. Order of one request: form of the URL, route, key or session, permission, size and schema of the input,
 * handler. Every error, also the router's own, is one RFC 9457 problem with a stable code. Without the folder of built portals there is the API
 * alone.
 */
export async function buildApp(house: House, options: AppOptions = {}): Promise<FastifyInstance> {
  const { web = builtPortals, demo } = options
  const app = Fastify({
    bodyLimit: 2 * 1024 * 1024,
    // A proxy on this machine tells the address that asked (X-Forwarded-For); nobody else is believed.
    trustProxy: 'loopback',
    genReqId: () => freshId('req'),
    requestIdHeader: false,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 1024 },
    clientErrorHandler: answerUnreadable,
    // Node's own answer would be bare; the hook below refuses it with a problem.
    http: { requireHostHeader: false },
    frameworkErrors: (_error, request, reply) =>
      sendProblem(reply as FastifyReply, request.id, refusalProblem(badUrl.refusal)),
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: false } },
  })
  app.decorateRequest('caller', null as unknown as Caller)
  app.decorate('accessOfRoutes', new Map())
  app.removeContentTypeParser('text/plain')
  // What a route sends is what is documented; a test validates it. Nothing is dropped or converted on the way out.
  app.setSerializerCompiler(() => (data) => (typeof data === 'string' ? data : JSON.stringify(data)))
  const known = new Map<string, Set<string>>()
  app.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (isAccess(access))
      for (const method of [route.method].flat()) app.accessOfRoutes.set(`${method} ${route.url}`, access)
    else if (route.method !== 'HEAD' && route.url !== '*')
      throw new Error(`the route ${route.url} does not say who may use it`)
    const used = known.get(route.url) ?? new Set()
    for (const method of [route.method].flat()) used.add(method)
    known.set(route.url, used)
  })
  app.addHook('onRequest', async (request, reply) => {
    reply
      .header('request-id', request.id)
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) throw new Refused(noHost.refusal)
    const access = request.routeOptions.config.access
    if (access === undefined || access === 'public') return
    request.caller = await letIn(house, request, access)
  })
  app.server.on('checkExpectation', answerExpectation)
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Refused && error.refusal.retryAfter !== undefined)
      reply.header('retry-after', `${error.refusal.retryAfter}`)
    return sendProblem(reply, request.id, problemOf(error, house))
  })
  app.addHook('preValidation', async (request) => {
    // The text of a question is the parser's to judge, with its own words.
    const { sql: _, ...body } = (request.body ?? {}) as Record<string, unknown>
    const flaw = unstorable([body, request.params, request.query, request.headers['idempotency-key']])
    if (flaw === undefined) return
    throw new Refused(
      refuse('request.invalid', `the request ${flaw}`, { hint: 'send well-formed Unicode without NUL' }).refusal,
    )
  })
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request.id, refusalProblem(nothingHere.refusal)))

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Usufruct',
        version,
        description: 'Private answers about people who said yes, with price, error and proof.',
        license: { name: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema${index}`) },
  })
  app.addSchema(problemSchema)
  for (const routes of [
    productRoutes,
    measureRoutes,
    quoteRoutes,
    releaseRoutes,
    answerRoutes,
    answerRuleRoutes,
    accountRoutes,
    meRoutes,
    meChoiceRoutes,
    noticeRoutes,
    auditRoutes,
    choiceRoutes,
    periodRoutes,
    buyerRoutes,
    keyRoutes,
    sessionRoutes,
    logRoutes,
    contractRoutes,
    loadRoutes,
    noticeStepRoutes,
    cardRoutes,
    stewardRoutes,
  ])
    await app.register(async (scope) => routes(scope, house))
  if (demo) await app.register(async (scope) => demoRoutes(scope, demo))
  if (demo) await app.register(async (scope) => shopRoutes(scope, house, demo))
  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: {
        summary: 'Is it alive?',
        response: { 200: Type.Object({ ok: Type.Boolean() }), ...problems },
      },
    },
    async () => ({ ok: true }),
  )
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () => app.swagger())
  await webRoutes(app, web)
  answerWrongMethods(app, new Map(known))
  await app.ready()
  return app
}

/** Beside dist/ and src/: made by scripts/ready.js. */
const builtPortals = fileURLToPath(new URL('../../dist-web', import.meta.url))

const badUrl = refuse('request.invalid', 'the address is not a well-formed URL', {
  hint: 'percent-encode the path as RFC 3986 says',
})
const noHost = refuse('request.invalid', 'the request does not say which host it is for', {
  hint: 'HTTP/1.1 needs the header Host (RFC 9112, 3.2)',
})
const nothingHere = refuse('request.not_found', 'there is nothing at this address', {
  hint: 'GET /openapi.json lists every address',
})

function problemOf(error: unknown, house: House) {
  if (error instanceof Refused) return refusalProblem(error.refusal)
  const { code, statusCode, validation, message } = error as {
    code?: string
    statusCode?: number
    validation?: unknown
    message?: string
  }
  if (validation !== undefined)
    return refusalProblem(
      refuse('request.invalid', message ?? 'the request does not have the documented form', {
        hint: 'GET /openapi.json describes it',
      }).refusal,
    )
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return refusalProblem(
      refuse('request.not_json', 'the body is not sent as JSON', { hint: 'send "Content-Type: application/json"' })
        .refusal,
    )
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return refusalProblem(refuse('request.too_large', 'the body is larger than 2 MiB').refusal)
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return refusalProblem(
      refuse('request.invalid', message ?? 'the request does not have the documented form', {
        hint: 'GET /openapi.json describes it',
      }).refusal,
    )
  house.world.incident('request', error)
  return faultProblem(error instanceof Fault ? error.code : 'program.bug')
}
