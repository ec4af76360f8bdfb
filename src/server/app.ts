import swagger from '@fastify/swagger'
import { Type } from '@sinclair/typebox'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Fault } from '../base/fault.ts'
import { freshId } from '../base/id.ts'
import { Refused, refuse } from '../base/refusal.ts'
import { unstorable } from '../base/text.ts'
import { version } from '../base/version.ts'
import { authenticate } from '../house/access.ts'
import type { House } from '../house/house.ts'
import type { KeyEntry } from '../release/ports.ts'
import { answerUnreadable, faultProblem, problemSchema, refusalProblem, sendProblem } from './problem.ts'
import { buyerRoutes } from './routes/buyers.ts'
import { choiceRoutes } from './routes/choices.ts'
import { keyRoutes } from './routes/keys.ts'
import { logRoutes } from './routes/log.ts'
import { meRoutes } from './routes/me.ts'
import { periodRoutes } from './routes/periods.ts'
import { productRoutes } from './routes/products.ts'
import { quoteRoutes } from './routes/quotes.ts'
import { releaseRoutes } from './routes/releases.ts'
import { problems } from './schema.ts'
import { answerWrongMethods } from './wrong-methods.ts'

/** Who may use a route. Every route says it; one that does not cannot be registered. */
export type Access = 'public' | readonly KeyEntry['role'][]

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** The key that opened a route which is not public. */
    caller: KeyEntry
  }
}

/**
 * The HTTP API over an open house. Order of one request: size and form of the URL, route, key, schema of the input, handler. Every error, also the
 * router's own, is one RFC 9457 problem with a stable code.
 */
export async function buildApp(house: House): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: 2 * 1024 * 1024,
    genReqId: () => freshId('req'),
    requestIdHeader: false,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 1024 },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (_error, request, reply) =>
      sendProblem(reply as FastifyReply, request.id, refusalProblem(badUrl.refusal)),
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: false } },
  })
  app.removeContentTypeParser('text/plain')
  // What a route sends is what is documented; a test validates it. Nothing is dropped or converted on the way out.
  app.setSerializerCompiler(() => (data) => (typeof data === 'string' ? data : JSON.stringify(data)))
  const known = new Map<string, Set<string>>()
  app.decorateRequest('caller', null as unknown as KeyEntry)
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined && route.method !== 'HEAD' && route.url !== '*')
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
    const access = request.routeOptions.config.access
    if (access === undefined || access === 'public') return
    const key = await authenticate(house, bearer(request), access)
    if (!key.ok) throw new Refused(key.refusal)
    request.caller = key.value
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
  app.setErrorHandler((error, request, reply) => sendProblem(reply, request.id, problemOf(error, house)))
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
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema${index}`) },
  })
  app.addSchema(problemSchema)
  for (const routes of [
    productRoutes,
    quoteRoutes,
    releaseRoutes,
    meRoutes,
    choiceRoutes,
    periodRoutes,
    buyerRoutes,
    keyRoutes,
    logRoutes,
  ])
    await app.register(async (scope) => routes(scope, house))
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
  answerWrongMethods(app, new Map(known))
  await app.ready()
  return app
}

const badUrl = refuse('request.invalid', 'the address is not a well-formed URL', {
  hint: 'percent-encode the path as RFC 3986 says',
})
const nothingHere = refuse('request.not_found', 'there is nothing at this address', {
  hint: 'GET /openapi.json lists every address',
})

function bearer(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization
  return header?.toLowerCase().startsWith('bearer ') ? header.slice(7).trim() : undefined
}

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
