import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { createKey } from '../../house/access.ts'
import type { House } from '../../house/house.ts'
import { keyJson } from '../../house/views/keys.ts'
import { Key, Keys, KeyWithSecret } from '../documents/accounts.ts'
import { body, Id, problems, secured, unwrap } from '../schema.ts'

const NewKey = Type.Object(
  {
    role: Type.Union([Type.Literal('steward'), Type.Literal('buyer'), Type.Literal('person')]),
    subject: Id,
    label: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)

/** Keys of buyers and stewards and tokens of persons; a secret is shown once. */
export function keyRoutes(app: FastifyInstance, house: House): void {
  const { world } = house
  const manage = { config: { access: 'key.manage' as const } }

  app.get(
    '/v1/keys',
    {
      ...manage,
      schema: {
        summary: 'Keys, without secrets',
        security: secured,
        response: { 200: Keys, ...problems },
      },
    },
    async () => body({ keys: (await world.books.keys()).map(keyJson) }),
  )

  app.post<{ Body: Static<typeof NewKey> }>(
    '/v1/keys',
    {
      ...manage,
      schema: { summary: 'Make a key', security: secured, body: NewKey, response: { 201: KeyWithSecret, ...problems } },
    },
    async (request, reply) => {
      const { role, subject, label } = request.body
      const made = unwrap(await createKey(house, role, subject, label ?? ''))
      return reply.code(201).send(body({ ...(keyJson(made.entry) as Record<string, string>), secret: made.secret }))
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/keys/:id',
    {
      ...manage,
      schema: {
        summary: 'Revoke a key',
        security: secured,
        params: Type.Object({ id: Id }),
        response: { 200: Key, ...problems },
      },
    },
    async (request) => body(keyJson(unwrap(await world.books.revokeKey(request.params.id, world.clock.now())))),
  )
}
