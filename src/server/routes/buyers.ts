import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import type { House } from '../../house/house.ts'
import { buyerJson } from '../../house/views/buyers.ts'
import { parseAmount } from '../../money/amount.ts'
import { Buyer, Buyers } from '../documents/accounts.ts'
import { body, DecimalText, Id, Purpose, problems, secured, unwrap } from '../schema.ts'

const NewBuyer = Type.Object(
  { id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }), name: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
)
const Approval = Type.Object({ purpose: Purpose }, { additionalProperties: false })
const Funding = Type.Object({ amount: DecimalText, reference: Id }, { additionalProperties: false })
const BuyerId = Type.Object({ id: Id })

/** Who may ask, for what, and their prepaid money. */
export function buyerRoutes(app: FastifyInstance, { world }: House): void {
  const manage = { config: { access: 'buyer.manage' as const } }
  const response = { 200: Buyer, ...problems }

  app.get(
    '/v1/buyers',
    {
      config: { access: 'buyer.see' },
      schema: {
        summary: 'Every buyer',
        security: secured,
        response: { 200: Buyers, ...problems },
      },
    },
    async () => body({ buyers: (await world.books.buyers()).map(buyerJson) }),
  )

  app.post<{ Body: Static<typeof NewBuyer> }>(
    '/v1/buyers',
    {
      ...manage,
      schema: { summary: 'Add a buyer', security: secured, body: NewBuyer, response: { 201: Buyer, ...problems } },
    },
    async (request, reply) =>
      reply.code(201).send(body(buyerJson(unwrap(await world.books.addBuyer(request.body, world.clock.now()))))),
  )

  app.post<{ Params: { id: string }; Body: Static<typeof Approval> }>(
    '/v1/buyers/:id/approvals',
    {
      ...manage,
      schema: {
        summary: 'Approve a buyer for a purpose',
        security: secured,
        params: BuyerId,
        body: Approval,
        response,
      },
    },
    async (request) =>
      body(
        buyerJson(unwrap(await world.books.approveBuyer(request.params.id, request.body.purpose, world.clock.now()))),
      ),
  )

  app.post<{ Params: { id: string }; Body: Static<typeof Funding> }>(
    '/v1/buyers/:id/funds',
    {
      ...manage,
      schema: {
        summary: 'Money received; the same reference counts once',
        security: secured,
        params: BuyerId,
        body: Funding,
        response,
      },
    },
    async (request) => {
      const amount = unwrap(parseAmount(request.body.amount))
      return body(
        buyerJson(
          unwrap(await world.books.fundBuyer(request.params.id, amount, request.body.reference, world.clock.now())),
        ),
      )
    },
  )

  app.get(
    '/v1/balance',
    {
      config: { access: 'account.see' },
      schema: { summary: 'My prepaid money and what I am approved for', security: secured, response },
    },
    async (request) => {
      const buyer = (await world.books.buyers()).find((one) => one.id === request.caller.subject)
      if (!buyer) throw new Refused(refuse('buyer.unknown', 'there is no such buyer').refusal)
      return body(buyerJson(buyer))
    },
  )
}
