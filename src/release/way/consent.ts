import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { LoadEntry, PeriodEntry } from '../ports.ts'
import type { World } from '../world.ts'
import type { Lawful } from './law.ts'
import type { TopUp } from './top-up.ts'

declare const consented: unique symbol
/** A query with the *definition* of its cohort: people whose consent for the purpose is in force in this period. Never a list, never a count. */
export interface Consented extends Lawful {
  readonly [consented]: true
  readonly period: PeriodEntry
  readonly load: LoadEntry
  /** N^: the published noisy upper bound of the cohort for the period. */
  readonly upperBound: bigint
  /** What this release is added to. */
  readonly topUp?: TopUp | undefined
}

/** Refuses consent.notice_not_in_force, product.no_data and period.not_open: public facts, all three. */
export async function consent(question: Lawful, world: World): Promise<Outcome<Consented>> {
  const [notices, [load], period] = await Promise.all([
    world.books.notices(),
    world.books.loads(question.question.product),
    world.books.openPeriod(world.clock.now()),
  ])
  if (!notices.some((notice) => notice.purposes.includes(question.purpose)))
    return refuse('consent.notice_not_in_force', `no notice for "${question.purpose}" has been published`, {
      hint: 'the steward publishes a notice before anybody can say yes',
    })
  if (!load)
    return refuse('product.no_data', `"${question.question.product}" holds no data yet`, {
      hint: 'the steward loads it first',
    })
  const upperBound = period?.upperBounds[question.purpose]
  if (!period || upperBound === undefined)
    return refuse('period.not_open', 'no period is open, so there is no price and no cohort', {
      hint: 'the steward opens a period',
    })
  return accept({ ...question, period, load, upperBound } as Consented)
}
