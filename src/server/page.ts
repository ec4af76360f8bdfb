import { Type } from '@sinclair/typebox'
import { type Clock, dayOf, parseDay } from '../base/instant.ts'
import { Refused, refuse } from '../base/refusal.ts'
import type { Day } from '../base/units.ts'

/** Query parameters of lists. */
export const Limit = Type.Optional(
  Type.String({ pattern: '^[1-9][0-9]{0,2}$', description: 'at most 200, default 50' }),
)
export const DaysQuery = {
  from: Type.Optional(Type.String({ maxLength: 10, description: 'first day, e.g. 2026-11-01; default 30 days ago' })),
  to: Type.Optional(Type.String({ maxLength: 10, description: 'last day; default today' })),
}
export const PageQuery = {
  before: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$', description: 'sequence of the last one seen' })),
  limit: Limit,
}
interface Days {
  readonly from?: string
  readonly to?: string
}
interface Page {
  readonly before?: string
  readonly limit?: string
}

const mostDays = 800

/** Refuses request.invalid: not a day, the first after the last, or more than two years. */
export function daysOf(query: Days, clock: Clock): { readonly from: Day; readonly to: Day } {
  const today = dayOf(clock.now())
  const to = query.to === undefined ? today : parseDay(query.to)
  const from = query.from === undefined ? (to ?? today) - 30 : parseDay(query.from)
  if (from === undefined || to === undefined || from > to || to - from > mostDays)
    throw new Refused(
      refuse('request.invalid', `from and to are days, at most ${mostDays} apart`, { hint: 'for example 2026-11-01' })
        .refusal,
    )
  return { from, to }
}

export const pageOf = (query: Page): { readonly before: bigint | undefined; readonly limit: number } => ({
  before: query.before === undefined ? undefined : BigInt(query.before),
  limit: limitOf(query.limit),
})

/** How many a page holds. */
export const limitOf = (limit: string | undefined, usual = 50, most = 200): number =>
  Math.min(limit === undefined ? usual : Number.parseInt(limit, 10), most)
