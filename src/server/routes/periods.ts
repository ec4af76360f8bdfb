import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { House } from '../../house/house.ts'
import { periodJson } from '../../house/views/periods.ts'
import { parseAmount } from '../../money/amount.ts'
import { closePeriod, openPeriod } from '../../release/period.ts'
import { NoPeriod, Period, Periods } from '../documents/house.ts'
import { body, DecimalText, problems, secured, unwrap } from '../schema.ts'

const OpenBody = Type.Object(
  { rate: Type.Optional(DecimalText), days: Type.Optional(Type.Integer({ minimum: 1, maximum: 92 })) },
  { additionalProperties: false },
)

/** The time for which rate and cohort sizes are fixed; public once it is open. */
export function periodRoutes(app: FastifyInstance, { world }: House): void {
  app.get(
    '/v1/period',
    {
      config: { access: 'public' },
      schema: {
        summary: 'The open period: rate and noisy upper bounds',
        response: { 200: Type.Union([Period, NoPeriod]), ...problems },
      },
    },
    async () => {
      const open = await world.books.openPeriod(world.clock.now())
      return open ? body(periodJson(open)) : { open: false }
    },
  )

  app.get(
    '/v1/periods',
    {
      config: { access: 'public' },
      schema: {
        summary: 'Every period, newest first',
        response: { 200: Periods, ...problems },
      },
    },
    async () => body({ periods: (await world.books.periods()).map(periodJson) }),
  )

  app.post<{ Body: Static<typeof OpenBody> }>(
    '/v1/periods',
    {
      config: { access: 'period.manage' },
      schema: {
        summary: 'Open a period',
        security: secured,
        body: OpenBody,
        response: { 201: Period, ...problems },
      },
    },
    async (request, reply) => {
      const rate = request.body.rate === undefined ? undefined : unwrap(parseAmount(request.body.rate))
      return reply.code(201).send(body(periodJson(unwrap(await openPeriod({ rate, days: request.body.days }, world)))))
    },
  )

  app.post(
    '/v1/periods/close',
    {
      config: { access: 'period.manage' },
      schema: { summary: 'Close the open period', security: secured, response: { 200: Period, ...problems } },
    },
    async () => body(periodJson(unwrap(await closePeriod(world)))),
  )
}
