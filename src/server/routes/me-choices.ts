import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { House } from '../../house/house.ts'
import { decide, type OwnAct, ownChoices, stopAll } from '../../house/person-choices.ts'
import { consentReceipt } from '../../house/person-proof.ts'
import { ConsentReceipt, MyChoice, MyChoices, PendingReceipt, Stopped } from '../documents/persons.ts'
import { body, Id, Purpose, problems, secured, unwrap } from '../schema.ts'

const Language = Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 }))
const LanguageQuery = Type.Object({ language: Language }, { additionalProperties: false })
const ChoiceBody = Type.Object(
  {
    status: Type.Union([Type.Literal('given'), Type.Literal('withdrawn'), Type.Literal('refused')]),
    notice: Type.Optional(
      Type.Object(
        { id: Id, version: Id, language: Language },
        { additionalProperties: false, description: 'what was shown; a yes needs it' },
      ),
    ),
  },
  { additionalProperties: false },
)
const Nothing = Type.Optional(Type.Union([Type.Null(), Type.Object({}, { additionalProperties: false })]))

/** A person's own choices. Yes and no take one request each, leaving everything takes one; GET never changes anything. */
export function meChoiceRoutes(app: FastifyInstance, house: House): void {
  const see = { config: { access: 'me.see' as const } }
  const choose = { config: { access: 'me.choose' as const } }

  app.get<{ Querystring: Static<typeof LanguageQuery> }>(
    '/v1/me/choices',
    {
      ...see,
      schema: {
        summary: 'What I allowed and since when, with the text in force and the history',
        security: secured,
        querystring: LanguageQuery,
        response: { 200: MyChoices, ...problems },
      },
    },
    async (request) => body(unwrap(await ownChoices(house, request.caller.subject, request.query.language))),
  )

  app.put<{ Params: { purpose: string }; Body: Static<typeof ChoiceBody> }>(
    '/v1/me/choices/:purpose',
    {
      ...choose,
      schema: {
        summary: 'Say yes to the text that was shown, or no; a no holds from the very next release',
        security: secured,
        params: Type.Object({ purpose: Purpose }),
        body: ChoiceBody,
        response: { 200: MyChoice, ...problems },
      },
    },
    async (request) => {
      const wish = { purpose: request.params.purpose, ...request.body }
      return body(unwrap(await decide(house, request.caller.subject, wish, actOf(request))))
    },
  )

  app.post(
    '/v1/me/choices/stop-all',
    {
      ...choose,
      schema: {
        summary: 'Stop every use, at once',
        security: secured,
        body: Nothing,
        response: { 200: Stopped, ...problems },
      },
    },
    async (request) => body(unwrap(await stopAll(house, request.caller.subject, actOf(request)))),
  )

  app.get<{ Params: { act: string } }>(
    '/v1/me/choices/:act/receipt',
    {
      ...see,
      schema: {
        summary: 'The receipt of one of my choices, as bytes that verify offline; 202 until a batch holds it',
        security: secured,
        params: Type.Object({ act: Id }),
        response: {
          200: ConsentReceipt,
          202: PendingReceipt,
          ...problems,
        },
      },
      serializerCompiler: () => (data) => (typeof data === 'string' ? data : JSON.stringify(data)),
    },
    async (request, reply) => {
      const found = unwrap(await consentReceipt(house, request.caller.subject, request.params.act))
      reply.type('application/json; charset=utf-8')
      return 'receipt' in found
        ? reply.send(found.receipt)
        : reply.code(202).send({ state: 'pending', until: found.pendingUntil })
    },
  )
}

/** The evidence of an act: the request that carried it, and what it was signed in with. */
const actOf = (request: FastifyRequest): OwnAct => ({
  method: request.caller.via === 'key' ? 'own key over HTTP' : 'signed in',
  reference: request.caller.id,
  request: request.id,
})
