import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import type { House } from '../../house/house.ts'
import { noteRefusal } from '../../house/refusals.ts'
import { releaseJson } from '../../house/views/releases.ts'
import { parseAmount } from '../../money/amount.ts'
import { answer } from '../../release/answer.ts'
import type { ReleaseEntry } from '../../release/ports.ts'
import { AnyObject, body, DecimalText, Id, problems, secured, unwrap } from '../schema.ts'
import { questionOf, Wish } from './quotes.ts'

const AskBody = Type.Object(
  { ...Wish, maxPrice: Type.Optional(DecimalText), quote: Type.Optional(Id) },
  { additionalProperties: false },
)
const Page = Type.Object(
  { before: Type.Optional(Id), limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })) },
  { additionalProperties: false },
)
const ReleaseId = Type.Object({ id: Id })

/** Answers and their receipts. A buyer sees its own, the steward all of them; somebody else's is not found. */
export function releaseRoutes(app: FastifyInstance, { world }: House): void {
  app.post<{ Body: Static<typeof AskBody> }>(
    '/v1/releases',
    {
      config: { access: 'release.ask' },
      schema: {
        summary: 'The answer with its receipt; the same question in the same period gives the same bytes, free',
        security: secured,
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }),
        body: AskBody,
        response: { 200: AnyObject, 201: AnyObject, ...problems },
      },
      serializerCompiler: () => (data) => String(data),
    },
    async (request, reply) => {
      const { maxPrice, quote: quoteId, ...wish } = request.body
      const key = request.headers['idempotency-key']
      const question = questionOf(request.caller.subject, wish)
      const outcome = await answer(
        question,
        {
          quoteId,
          maxPrice: maxPrice === undefined ? undefined : unwrap(parseAmount(maxPrice)),
          idempotencyKey: typeof key === 'string' ? key : undefined,
        },
        world,
      )
      const answered = unwrap(await noteRefusal(world, 'ask', question, outcome))
      return reply
        .code(answered.again ? 200 : 201)
        .header('location', `/v1/releases/${answered.release}`)
        .type('application/json; charset=utf-8')
        .send(answered.receipt)
    },
  )

  app.get<{ Querystring: Static<typeof Page> }>(
    '/v1/releases',
    {
      config: { access: 'release.see' },
      schema: {
        summary: 'Releases, newest first',
        security: secured,
        querystring: Page,
        response: {
          200: Type.Object({ releases: Type.Array(AnyObject), next: Type.Optional(Type.String()) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const limit = Math.min(Number.parseInt(request.query.limit ?? '50', 10) || 50, 200)
      const mine = request.caller.role === 'buyer' ? { buyer: request.caller.subject } : {}
      const before = request.query.before === undefined ? {} : { before: request.query.before }
      const page = await world.books.releases({ ...mine, ...before, limit: limit + 1 })
      const shown = page.slice(0, limit)
      return body({ releases: shown.map(releaseJson), next: page.length > limit ? shown.at(-1)?.id : undefined })
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/releases/:id',
    {
      config: { access: 'release.see' },
      schema: {
        summary: 'One release',
        security: secured,
        params: ReleaseId,
        response: { 200: AnyObject, ...problems },
      },
    },
    async (request) => body(releaseJson(await ownRelease(world, request))),
  )

  app.get<{ Params: { id: string } }>(
    '/v1/releases/:id/receipt',
    {
      config: { access: 'release.see' },
      schema: {
        summary: 'Its receipt, as bytes that verify offline',
        security: secured,
        params: ReleaseId,
        response: { 200: AnyObject, ...problems },
      },
      serializerCompiler: () => (data) => String(data),
    },
    async (request, reply) => {
      const release = await ownRelease(world, request)
      if (release.receipt === undefined) throw new Refused(unknown(release.id).refusal)
      return reply.type('application/json; charset=utf-8').send(release.receipt)
    },
  )
}

/** Somebody else's release looks exactly like one that does not exist. */
export async function ownRelease(
  world: House['world'],
  request: FastifyRequest<{ Params: { id: string } }>,
): Promise<ReleaseEntry> {
  const release = await world.books.release(request.params.id)
  const visible = release && (request.caller.role === 'steward' || release.buyer === request.caller.subject)
  if (!visible) throw new Refused(unknown(request.params.id).refusal)
  return release
}

const unknown = (id: string) =>
  refuse('release.unknown', `there is no release "${id.slice(0, 80)}"`, { hint: 'GET /v1/releases' })
