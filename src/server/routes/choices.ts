import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { instantText } from '../../base/instant.ts'
import { readEvent } from '../../consent/read.ts'
import { createLink, linkAddress } from '../../house/access-sessions.ts'
import type { House } from '../../house/house.ts'
import { choicesJson } from '../../house/views/choices.ts'
import { statementJson } from '../../house/views/statement.ts'
import { Link } from '../documents/accounts.ts'
import { Choices, Recorded, Statement } from '../documents/persons.ts'
import { LimitsBody, setLimits } from '../limits.ts'
import { AnyObject, body, PersonParams, problems, secured, unwrap } from '../schema.ts'

const Events = Type.Object(
  { events: Type.Array(AnyObject, { minItems: 1, maxItems: 5000 }) },
  { additionalProperties: false },
)

/** The steward's side of consent: choices made elsewhere, with evidence, and one person's standing. */
export function choiceRoutes(app: FastifyInstance, house: House): void {
  const { world } = house

  app.post<{ Body: Static<typeof Events> }>(
    '/v1/choices',
    {
      config: { access: 'choice.record' },
      schema: {
        summary: 'Record choices, all or none',
        security: secured,
        body: Events,
        response: { 200: Recorded, ...problems },
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
      config: { access: 'person.see' },
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
      config: { access: 'person.see' },
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
      config: { access: 'choice.record' },
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

  app.post<{ Params: { person: string } }>(
    '/v1/persons/:person/link',
    {
      config: { access: 'person.link' },
      schema: {
        summary:
          'A token that signs the person in once, to be sent as /me/enter#TOKEN; shown once, an earlier one stops working',
        security: secured,
        params: PersonParams,
        response: { 201: Link, ...problems },
      },
    },
    async (request, reply) => {
      const { link, token } = unwrap(await createLink(house, request.params.person))
      return reply
        .code(201)
        .send(
          body({ person: link.person, token, path: linkAddress('', token), expiresAt: instantText(link.expiresAt) }),
        )
    },
  )
}
