import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Json } from '../../base/canonical.ts'
import { Refused, refuse } from '../../base/refusal.ts'
import type { House } from '../../house/house.ts'
import { noteRefusal } from '../../house/refusals.ts'
import { parseRho } from '../../money/amount.ts'
import { explain } from '../../release/explain.ts'
import { preview } from '../../release/preview.ts'
import { quote } from '../../release/quote.ts'
import type { Question } from '../../release/world.ts'
import { Explained, Previewed, Quote } from '../documents/releases.ts'
import { refusalProblem } from '../problem.ts'
import { rateLimit, within } from '../rate.ts'
import { body, DecimalText, Id, Purpose, problems, secured, unwrap } from '../schema.ts'

export const Wish = {
  product: Id,
  purpose: Type.Optional(Purpose),
  sql: Type.String({ description: 'at most 64 KiB' }),
  rho: Type.Optional(DecimalText),
  within: Type.Optional(DecimalText),
  bounds: Type.Optional(
    Type.Union(
      [Type.Literal('auto'), Type.Record(Type.String({ maxLength: 200 }), DecimalText, { maxProperties: 32 })],
      {
        description: 'tighter bounds of one person’s sums, by "table.column"; or chosen by a release of its own',
      },
    ),
  ),
  topUpOf: Type.Optional({
    ...Id,
    description: 'an answer of your own to the same question: rho is what both together are to have',
  }),
}
/** An editor asks while somebody types: a buyer may ask sixty times at once and five times a second from then on. */
const typing = { burst: 60, microsEach: 200_000n }
const WishBody = Type.Object(Wish, { additionalProperties: false })

/** Price, privacy loss and error before anything is run. */
export function quoteRoutes(app: FastifyInstance, { world }: House): void {
  const previews = rateLimit(world.clock, typing)

  app.post<{ Body: Static<typeof WishBody> }>(
    '/v1/quotes',
    {
      config: { access: 'quote.ask' },
      schema: {
        summary: 'A quote: price, privacy loss and error; reads no data',
        security: secured,
        body: WishBody,
        response: { 200: Quote, ...problems },
      },
    },
    async (request) => {
      const question = questionOf(request.caller.subject, request.body)
      const quoted = await quote(question, world)
      return body(unwrap(await noteRefusal(world, 'quote', question, quoted)).shown)
    },
  )

  // While somebody types, a question that cannot be read yet is no error: the problem comes with status 200, beside what would be the quote.
  app.post<{ Body: Static<typeof WishBody> }>(
    '/v1/quotes/preview',
    {
      config: { access: 'quote.ask' },
      schema: {
        summary:
          'The computation of a quote with nothing kept, for the line under an editor; or the problem, with its place',
        security: secured,
        body: WishBody,
        response: { 200: Previewed, ...problems },
      },
    },
    async (request, reply) => {
      within(previews, request.caller.subject, reply)
      const previewed = await preview(questionOf(request.caller.subject, request.body), world)
      return previewed.ok
        ? body({ ok: true, quote: previewed.value })
        : body({ ok: false, problem: JSON.parse(JSON.stringify(refusalProblem(previewed.refusal))) })
    },
  )

  app.post<{ Body: Static<typeof WishBody> }>(
    '/v1/quotes/explain',
    {
      config: { access: 'quote.ask' },
      schema: {
        summary: 'EXPLAIN PRIVACY: how it would be computed, and what would make it more precise; keeps nothing',
        security: secured,
        body: WishBody,
        response: { 200: Explained, ...problems },
      },
    },
    async (request, reply) => {
      within(previews, request.caller.subject, reply)
      const question = questionOf(request.caller.subject, request.body)
      return body(unwrap(await noteRefusal(world, 'quote', question, await explain(question, world))))
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/quotes/:id',
    {
      config: { access: 'quote.see' },
      schema: {
        summary: 'A quote as it was given; somebody else’s is not found',
        security: secured,
        params: Type.Object({ id: Id }),
        response: { 200: Quote, ...problems },
      },
    },
    async (request) => {
      const found = await world.books.quote(request.params.id)
      const visible = found && (request.caller.role === 'steward' || found.buyer === request.caller.subject)
      if (!visible)
        throw new Refused(
          refuse('market.quote_unknown', 'there is no such quote', { hint: 'ask for a quote first' }).refusal,
        )
      // The id is the hash of what was shown, which does not hold it.
      return body({ quote: found.id, ...(found.shown as Record<string, Json>) })
    },
  )
}

/** Refuses request.invalid when both rho and a width are named. */
export function questionOf(buyer: string, wish: Static<typeof WishBody>): Question {
  if (wish.rho !== undefined && wish.within !== undefined)
    throw new Refused(refuse('request.invalid', 'name rho or a width, not both').refusal)
  return {
    buyer,
    product: wish.product,
    purpose: wish.purpose,
    sql: wish.sql,
    bounds: wish.bounds as Question['bounds'],
    topUpOf: wish.topUpOf,
    wish:
      wish.rho !== undefined
        ? { nano: unwrap(parseRho(wish.rho)) }
        : wish.within !== undefined
          ? { within: wish.within }
          : undefined,
  }
}
