import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findReceipt, findRelease, pageOfReleases } from '../../house/find.ts'
import type { House } from '../../house/house.ts'
import { noteRefusal } from '../../house/refusals.ts'
import { answerCsv } from '../../house/views/answer.ts'
import { releaseJson } from '../../house/views/releases.ts'
import { parseLimit } from '../../money/amount.ts'
import { withoutExplain } from '../../query/explain.ts'
import { answer } from '../../release/answer.ts'
import type { AnswerDocument } from '../../release/document.ts'
import { explain } from '../../release/explain.ts'
import { Explained, Receipt, Release, Releases } from '../documents/releases.ts'
import { Limit, limitOf } from '../page.ts'
import { body, DecimalText, Id, problems, secured, unwrap } from '../schema.ts'
import { questionOf, Wish } from './quotes.ts'

const AskBody = Type.Object(
  { ...Wish, maxPrice: Type.Optional(DecimalText), quote: Type.Optional(Id) },
  { additionalProperties: false },
)
const Page = Type.Object({ before: Type.Optional(Id), limit: Limit }, { additionalProperties: false })
const ReleaseId = Type.Object({ id: Id })

/** Answers and their receipts. A buyer sees its own, the steward all of them; somebody else's is not found. */
export function releaseRoutes(app: FastifyInstance, { world }: House): void {
  app.post<{ Body: Static<typeof AskBody> }>(
    '/v1/releases',
    {
      config: { access: 'release.ask' },
      schema: {
        summary:
          'The answer with its receipt; the same question in the same period gives the same bytes, free. EXPLAIN PRIVACY SELECT … is explained, free',
        produces: ['application/json', 'text/csv'],
        security: secured,
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }),
        body: AskBody,
        response: { 200: Type.Union([Receipt, Explained]), 201: Receipt, ...problems },
      },
    },
    async (request, reply) => {
      const { maxPrice, quote: quoteId, ...wish } = request.body
      const key = request.headers['idempotency-key']
      const question = questionOf(request.caller.subject, wish)
      if (withoutExplain(question.sql).explain)
        return body(unwrap(await noteRefusal(world, 'quote', question, await explain(question, world))))
      const outcome = await answer(
        question,
        {
          quoteId,
          maxPrice: maxPrice === undefined ? undefined : unwrap(parseLimit(maxPrice)),
          idempotencyKey: typeof key === 'string' ? key : undefined,
        },
        world,
      )
      const answered = unwrap(await noteRefusal(world, 'ask', question, outcome))
      reply.code(answered.again ? 200 : 201).header('location', `/v1/releases/${answered.release}`)
      if (request.headers.accept?.startsWith('text/csv'))
        return reply.type(csvType).send(answerCsv((JSON.parse(answered.receipt) as { answer: AnswerDocument }).answer))
      return reply.type('application/json; charset=utf-8').send(answered.receipt)
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
        response: { 200: Releases, ...problems },
      },
    },
    async (request) => {
      const { before, limit } = request.query
      const { releases, next } = unwrap(
        await pageOfReleases({ buyer: buyerOf(request), before, limit: limitOf(limit) }, world),
      )
      return body({ releases: releases.map(releaseJson), next })
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
        response: { 200: Release, ...problems },
      },
    },
    async (request) => body(releaseJson(unwrap(await findRelease(request.params.id, buyerOf(request), world)))),
  )

  app.get<{ Params: { id: string } }>(
    '/v1/releases/:id/receipt',
    {
      config: { access: 'release.see' },
      schema: {
        summary: 'Its receipt, as bytes that verify offline',
        security: secured,
        params: ReleaseId,
        response: { 200: Receipt, ...problems },
      },
    },
    async (request, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .send(unwrap(await findReceipt(request.params.id, buyerOf(request), world))),
  )
}

export const csvType = 'text/csv; charset=utf-8; header=present'

/** Whose releases the caller sees: a buyer's own, the steward's all. */
export const buyerOf = ({ caller }: FastifyRequest): string | undefined =>
  caller.role === 'buyer' ? caller.subject : undefined
