import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { instantText } from '../../base/instant.ts'
import { readEvent } from '../../consent/read.ts'
import type { House } from '../../house/house.ts'
import { choicesJson, statementJson } from '../../house/views.ts'
import { Choices, Notices, Statement } from '../documents.ts'
import { LimitsBody, setLimits } from '../limits.ts'
import { AnyObject, body, PersonParams, problems, secured, unwrap } from '../schema.ts'

const Events = Type.Object(
  { events: Type.Array(AnyObject, { minItems: 1, maxItems: 5000 }) },
  { additionalProperties: false },
)

/** The steward's side of consent: choices made elsewhere, with evidence, and one person's standing. */
export function choiceRoutes(app: FastifyInstance, { world }: House): void {
  const steward = { config: { access: ['steward'] as const } }

  app.post<{ Body: Static<typeof Events> }>(
    '/v1/choices',
    {
      ...steward,
      schema: {
        summary: 'Record choices, all or none',
        security: secured,
        body: Events,
        response: { 200: Type.Object({ recorded: Type.Integer(), skipped: Type.Integer() }), ...problems },
      },
    },
    async (request) => {
      const events = request.body.events.map((raw, index) => unwrap(readEvent(raw, `event ${index + 1}`)))
      const done = unwrap(await world.books.recordChoices(events, world.clock.now()))
      return body({ recorded: done.recorded, skipped: done.skipped })
    },
  )

  app.get<{ Params: { person: string } }>(
    '/v1/persons/:person/choices',
    {
      ...steward,
      schema: {
        summary: "One person's standing and history",
        security: secured,
        params: PersonParams,
        response: { 200: Choices, ...problems },
      },
    },
    async (request) => body(choicesJson(unwrap(await world.books.choices(request.params.person, world.clock.now())))),
  )

  app.get<{ Params: { person: string } }>(
    '/v1/persons/:person/statement',
    {
      ...steward,
      schema: {
        summary: 'What one person earned, release by release',
        security: secured,
        params: PersonParams,
        response: { 200: Statement, ...problems },
      },
    },
    async (request) => {
      const currency = (await world.books.settings())?.currency ?? ''
      const statement = unwrap(await world.books.statement(request.params.person, world.clock.now()))
      return body(statementJson(statement, currency))
    },
  )

  app.put<{ Params: { person: string }; Body: Static<typeof LimitsBody> }>(
    '/v1/persons/:person/limits',
    {
      ...steward,
      schema: {
        summary: 'Set the limits that a person asked for',
        security: secured,
        params: PersonParams,
        body: LimitsBody,
        response: { 200: Choices, ...problems },
      },
    },
    async (request) => body(choicesJson(await setLimits(request.params.person, request.body, world))),
  )

  app.get(
    '/v1/notices',
    {
      config: { access: 'public' },
      schema: {
        summary: 'The texts that people are shown before they choose',
        response: { 200: Notices, ...problems },
      },
    },
    async () => {
      const notices = await world.books.notices()
      return body({
        notices: notices.map(({ publishedAt, ...one }) => ({ ...one, publishedAt: instantText(publishedAt) })),
      })
    },
  )
}
