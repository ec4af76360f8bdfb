import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { House } from '../../house/house.ts'
import { moneyView } from '../../house/views/book-of-money.ts'
import { budgetView } from '../../house/views/budget.ts'
import { funnelView } from '../../house/views/consent.ts'
import { refusalsView } from '../../house/views/refusal.ts'
import { stewardHomeView } from '../../house/views/steward-home.ts'
import { BookOfMoney, Budget, Funnel, Refusals, StewardHome } from '../documents/house.ts'
import { DaysQuery, daysOf, PageQuery, pageOf } from '../page.ts'
import { body, problems, secured } from '../schema.ts'

const Days = Type.Object(DaysQuery, { additionalProperties: false })
const Page = Type.Object(PageQuery, { additionalProperties: false })
const DaysAndPage = Type.Object({ ...DaysQuery, ...PageQuery }, { additionalProperties: false })

/** What the steward's screens read. Counts in it are of acts and rows, for the steward alone; how many people there are is said as N^ everywhere. */
export function stewardRoutes(app: FastifyInstance, house: House): void {
  const { world } = house
  const steward = { config: { access: 'house.see' as const } }
  const answers = <T extends TSchema>(document: T) => ({ security: secured, response: { 200: document, ...problems } })

  app.get(
    '/v1/steward/home',
    { ...steward, schema: { summary: 'Four numbers, and what needs somebody today', ...answers(StewardHome) } },
    async () => body(await stewardHomeView(house)),
  )

  app.get<{ Querystring: Static<typeof Days> }>(
    '/v1/steward/consent',
    {
      ...steward,
      schema: {
        summary: 'From shown to answered, by notice version and day',
        ...answers(Funnel),
        querystring: Days,
      },
    },
    async (request) => {
      const { from, to } = daysOf(request.query, world.clock)
      return body(await funnelView(world, from, to))
    },
  )

  app.get<{ Querystring: Static<typeof DaysAndPage> }>(
    '/v1/steward/refusals',
    {
      ...steward,
      schema: {
        summary: 'What was refused to buyers, by code, buyer and day; never the text of a question',
        ...answers(Refusals),
        querystring: DaysAndPage,
      },
    },
    async (request) => body(await refusalsView(world, daysOf(request.query, world.clock), pageOf(request.query))),
  )

  app.get(
    '/v1/steward/budget',
    {
      ...steward,
      schema: { summary: 'Public budgets: used by day, left, and when they run out', ...answers(Budget) },
    },
    async () => body(await budgetView(world)),
  )

  app.get<{ Querystring: Static<typeof Page> }>(
    '/v1/steward/money',
    {
      ...steward,
      schema: {
        summary: 'The book of money: balances, and journal entries newest first',
        ...answers(BookOfMoney),
        querystring: Page,
      },
    },
    async (request) => body(await moneyView(world, pageOf(request.query))),
  )
}
