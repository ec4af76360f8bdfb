import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import type { House } from '../../house/house.ts'
import { rateLimit, within } from '../rate.ts'
import { Id, problems } from '../schema.ts'

const Step = Type.Object(
  {
    step: Type.Union([Type.Literal('shown'), Type.Literal('details')]),
    version: Type.Optional(Id),
    language: Type.Optional(Type.String({ minLength: 1, maxLength: 35 })),
  },
  { additionalProperties: false },
)

/** One address may count a handful at once and one more every two seconds; all together twenty a second. */
const each = { burst: 30, microsEach: 2_000_000n }
const together = { burst: 600, microsEach: 50_000n }

/**
 * The card says that it was shown, or that its details were opened: one more on a counter of the day. No person, no cookie, no address is kept; a stranger can
 * only make the counters larger, and not fast.
 */
export function noticeStepRoutes(app: FastifyInstance, { world }: House): void {
  const perAddress = rateLimit(world.clock, each)
  const perHouse = rateLimit(world.clock, together)

  app.post<{ Params: { id: string }; Body: Static<typeof Step> }>(
    '/v1/notices/:id/events',
    {
      config: { access: 'public' },
      schema: {
        summary: 'A notice was shown, or its details were opened; counted by day, never by person',
        params: Type.Object({ id: Id }),
        body: Step,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      within(perAddress, request.ip, reply)
      within(perHouse, '', reply)
      const { step, version, language } = request.body
      const notices = (await world.books.notices()).filter(
        (one) => one.id === request.params.id && (version === undefined || one.version === version),
      )
      const newest = notices.at(-1)
      const notice = notices.find((one) => one.version === newest?.version && one.language === language) ?? newest
      if (!notice) throw new Refused(refuse('request.not_found', 'there is no such notice').refusal)
      await world.books.countNoticeStep(notice, step, world.clock.now())
      return reply.code(204).send()
    },
  )
}
