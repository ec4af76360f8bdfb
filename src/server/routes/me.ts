import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import type { House } from '../../house/house.ts'
import { ownHome } from '../../house/person.ts'
import { ownData } from '../../house/person-data.ts'
import { ownLimits } from '../../house/person-limits.ts'
import { ownMoney } from '../../house/person-money.ts'
import { ownProof } from '../../house/person-proof.ts'
import { ownUse, ownUses } from '../../house/person-uses.ts'
import { dataCsv } from '../../house/views/my-data.ts'
import { statementJson } from '../../house/views/statement.ts'
import { parseRho } from '../../money/amount.ts'
import { MyData, MyHome, MyLimits, MyMoney, MyProof, MyUse, MyUses, Statement } from '../documents/persons.ts'
import { Limit, limitOf } from '../page.ts'
import { body, DecimalText, Id, problems, secured, unwrap } from '../schema.ts'

const Page = Type.Object({ before: Type.Optional(Id), limit: Limit }, { additionalProperties: false })
const DataQuery = Type.Object(
  {
    format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('csv')])),
    topic: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'product.table, for csv' })),
  },
  { additionalProperties: false },
)
const LimitsBody = Type.Object(
  {
    class: Type.Optional(Type.Union([Type.Literal('low'), Type.Literal('medium'), Type.Literal('high')])),
    lifeRho: Type.Optional(Type.Union([DecimalText, Type.Null()])),
  },
  { additionalProperties: false, minProperties: 1 },
)

/** What a person sees of what happens with the own data. Everything here is about the caller and nobody else. */
export function meRoutes(app: FastifyInstance, house: House): void {
  const { world } = house
  const mine = { config: { access: 'me.see' as const } }
  const answers = <T extends TSchema>(document: T) => ({ security: secured, response: { 200: document, ...problems } })

  app.get(
    '/v1/me',
    { ...mine, schema: { summary: 'Is anything happening with my data, and is it fine?', ...answers(MyHome) } },
    async (request) => body(unwrap(await ownHome(house, request.caller.subject))),
  )

  app.get<{ Querystring: Static<typeof Page> }>(
    '/v1/me/uses',
    {
      ...mine,
      schema: {
        summary: 'Who asked what, why, and what came out; newest first',
        querystring: Page,
        ...answers(MyUses),
      },
    },
    async (request) => {
      const { before, limit } = request.query
      return body(unwrap(await ownUses(house, request.caller.subject, { before, limit: limitOf(limit, 20, 100) })))
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/me/uses/:id',
    {
      ...mine,
      schema: {
        summary: 'One use, with the receipt that proves it',
        params: Type.Object({ id: Id }),
        ...answers(MyUse),
      },
    },
    async (request) => body(unwrap(await ownUse(house, request.caller.subject, request.params.id))),
  )

  app.get(
    '/v1/me/money',
    {
      ...mine,
      schema: { summary: 'Estimated, earned, payable, paid; each with its calculation', ...answers(MyMoney) },
    },
    async (request) => body(unwrap(await ownMoney(house, request.caller.subject))),
  )

  app.get(
    '/v1/me/statement',
    { ...mine, schema: { summary: 'What I earned, release by release', ...answers(Statement) } },
    async (request) => {
      const currency = (await world.books.settings())?.currency ?? ''
      return body(
        statementJson(unwrap(await world.books.statement(request.caller.subject, world.clock.now())), currency),
      )
    },
  )

  app.get<{ Querystring: Static<typeof DataQuery> }>(
    '/v1/me/data',
    {
      ...mine,
      schema: {
        summary: 'The records that are held about me, in words; as JSON or CSV',
        querystring: DataQuery,
        security: secured,
        response: {
          200: {
            description: 'Topics, or with format=csv a table',
            content: { 'application/json': { schema: MyData }, 'text/csv': { schema: Type.String() } },
          },
          ...problems,
        },
      },
      serializerCompiler: () => (data) => (typeof data === 'string' ? data : JSON.stringify(data)),
    },
    async (request, reply) => {
      const data = await ownData(house, request.caller.subject)
      if (request.query.format !== 'csv') return body(data)
      const csv = dataCsv(data, request.query.topic)
      if (csv === undefined) throw new Refused(refuse('request.not_found', 'nothing is held under this topic').refusal)
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="my-data.csv"')
        .send(csv)
    },
  )

  app.get(
    '/v1/me/limits',
    { ...mine, schema: { summary: 'How much privacy loss I allow', ...answers(MyLimits) } },
    async (request) => body(unwrap(await ownLimits(house, request.caller.subject))),
  )

  app.put<{ Body: Static<typeof LimitsBody> }>(
    '/v1/me/limits',
    {
      config: { access: 'me.choose' as const },
      schema: { summary: 'Set my limits; they hold at once', body: LimitsBody, ...answers(MyLimits) },
    },
    async (request) => {
      const { class: limitClass, lifeRho } = request.body
      unwrap(
        await world.books.setLimits(
          request.caller.subject,
          {
            ...(limitClass === undefined ? {} : { class: limitClass }),
            ...(lifeRho === undefined ? {} : { lifeNano: lifeRho === null ? null : unwrap(parseRho(lifeRho)) }),
          },
          world.clock.now(),
        ),
      )
      return body(unwrap(await ownLimits(house, request.caller.subject)))
    },
  )

  app.get(
    '/v1/me/proof',
    { ...mine, schema: { summary: 'What I need to check all of it without trusting the house', ...answers(MyProof) } },
    async (request) => body(unwrap(await ownProof(house, request.caller.subject))),
  )
}
