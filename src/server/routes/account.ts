import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { createKey } from '../../house/access.ts'
import type { House } from '../../house/house.ts'
import { accountView, ownKeys, revokeOwnKey } from '../../house/views/account.ts'
import { keyJson } from '../../house/views/keys.ts'
import { Account, Key, Keys, KeyWithSecret } from '../documents/accounts.ts'
import { body, Id, problems, secured, unwrap } from '../schema.ts'

const NewKey = Type.Object({ label: Type.Optional(Type.String({ maxLength: 200 })) }, { additionalProperties: false })

/** A buyer's own account: money, questions left, keys. */
export function accountRoutes(app: FastifyInstance, house: House): void {
  const { world } = house
  const see = { config: { access: 'account.see' as const } }
  const manage = { config: { access: 'account.manage' as const } }

  app.get(
    '/v1/account',
    {
      ...see,
      schema: {
        summary: 'My money, what I bought, and how many questions the public limits leave',
        security: secured,
        response: { 200: Account, ...problems },
      },
    },
    async (request) => body(unwrap(await accountView(world, request.caller.subject))),
  )

  app.get(
    '/v1/account/keys',
    {
      ...see,
      schema: { summary: 'My keys, without secrets', security: secured, response: { 200: Keys, ...problems } },
    },
    async (request) => body({ keys: await ownKeys(world, request.caller.subject) }),
  )

  app.post<{ Body: Static<typeof NewKey> }>(
    '/v1/account/keys',
    {
      ...manage,
      schema: {
        summary: 'Make a key; its secret is shown once',
        security: secured,
        body: NewKey,
        response: { 201: KeyWithSecret, ...problems },
      },
    },
    async (request, reply) => {
      const made = unwrap(await createKey(house, 'buyer', request.caller.subject, request.body.label ?? ''))
      return reply.code(201).send(body({ ...(keyJson(made.entry) as Record<string, string>), secret: made.secret }))
    },
  )

  app.delete<{ Params: { id: string } }>(
    '/v1/account/keys/:id',
    {
      ...manage,
      schema: {
        summary: 'Revoke a key of mine',
        security: secured,
        params: Type.Object({ id: Id }),
        response: { 200: Key, ...problems },
      },
    },
    async (request) => body(keyJson(unwrap(await revokeOwnKey(world, request.caller.subject, request.params.id)))),
  )
}
