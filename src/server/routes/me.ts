import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { choose } from '../../house/choices.ts'
import type { House } from '../../house/house.ts'
import { choicesJson, statementJson } from '../../house/views.ts'
import { Choices, Statement } from '../documents.ts'
import { LimitsBody, setLimits } from '../limits.ts'
import { body, Purpose, problems, secured, unwrap } from '../schema.ts'

const ChoiceBody = Type.Object(
  { choice: Type.Union([Type.Literal('yes'), Type.Literal('no')]) },
  { additionalProperties: false },
)

/** A person's own choices and statement. Yes and no take one request each; GET never consents. */
export function meRoutes(app: FastifyInstance, house: House): void {
  const { world } = house
  const mine = { config: { access: ['person'] as const } }

  app.get(
    '/v1/me/choices',
    {
      ...mine,
      schema: {
        summary: 'What I allowed, and since when',
        security: secured,
        response: { 200: Choices, ...problems },
      },
    },
    async (request) => body(choicesJson(unwrap(await world.books.choices(request.caller.subject, world.clock.now())))),
  )

  app.put<{ Params: { purpose: string }; Body: Static<typeof ChoiceBody> }>(
    '/v1/me/choices/:purpose',
    {
      ...mine,
      schema: {
        summary: 'Say yes or no; a no holds from the very next release',
        security: secured,
        params: Type.Object({ purpose: Purpose }),
        body: ChoiceBody,
        response: { 200: Choices, ...problems },
      },
    },
    async (request) => {
      const { purpose } = request.params
      const before = unwrap(await world.books.choices(request.caller.subject, world.clock.now()))
      const given = before.standing.some((one) => one.purpose === purpose && one.status === 'given')
      const status = request.body.choice === 'yes' ? 'given' : given ? 'withdrawn' : 'refused'
      const evidence = { method: 'own key over HTTP', reference: `${request.caller.id} ${request.id}` }
      return body(
        choicesJson(
          unwrap(await choose(house, { person: request.caller.subject, purpose, status, entity: 'person', evidence })),
        ),
      )
    },
  )

  app.put<{ Body: Static<typeof LimitsBody> }>(
    '/v1/me/limits',
    {
      ...mine,
      schema: {
        summary: 'My limit class, and a lower limit for life',
        security: secured,
        body: LimitsBody,
        response: { 200: Choices, ...problems },
      },
    },
    async (request) => body(choicesJson(await setLimits(request.caller.subject, request.body, world))),
  )

  app.get(
    '/v1/me/statement',
    {
      ...mine,
      schema: {
        summary: 'What I earned, release by release',
        security: secured,
        response: { 200: Statement, ...problems },
      },
    },
    async (request) => {
      const currency = (await world.books.settings())?.currency ?? ''
      return body(
        statementJson(unwrap(await world.books.statement(request.caller.subject, world.clock.now())), currency),
      )
    },
  )
}
