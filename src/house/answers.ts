import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Instant } from '../base/units.ts'
import { answerRulesOf, planClasses } from '../release/answer-rules.ts'
import { settingsLeaf } from '../release/leaves.ts'
import type { AnswerRules, PlanClass } from '../release/ports.ts'
import type { House } from './house.ts'

/** What a steward may change of the rules of answers. Milliseconds. */
export interface RulesWish {
  readonly everyMilliseconds?: number | undefined
  readonly leastMilliseconds?: number | undefined
  readonly deadlineMilliseconds?: Readonly<Partial<Record<PlanClass, number | undefined>>> | undefined
  /** From the next period on. */
  readonly block?: PlanClass | undefined
  /** At once. */
  readonly unblock?: PlanClass | undefined
}

/**
 * Changes when answers leave, how long a computation may take, or which classes of plans are blocked, and writes it into the log. Grid and deadlines hold from the
 * next question on; a block from the first period on that opens later. Refuses request.invalid and home.missing.
 */
export async function changeAnswerRules(house: House, wish: RulesWish): Promise<Outcome<AnswerRules>> {
  const { world } = house
  return world.inTurn(async () => {
    const settings = await world.books.settings()
    if (!settings) return refuse('home.missing', 'the books have no settings')
    const at = world.clock.now()
    const changed = changedRules(answerRulesOf(settings), wish, at)
    if (!changed.ok) return changed
    await world.books.setAnswerRules(changed.value, at, settingsLeaf({ ...settings, answers: changed.value }))
    await world.log.publish(world.clock.now())
    return changed
  })
}

/** A grid of so many milliseconds, and as long at least; undefined changes nothing. */
export const gridWish = (milliseconds: number | undefined): RulesWish =>
  milliseconds === undefined ? {} : { everyMilliseconds: milliseconds, leastMilliseconds: milliseconds }

const minute = 60_000
const hour = 60 * minute

/** Refuses request.invalid. */
export function changedRules(rules: AnswerRules, wish: RulesWish, at: Instant): Outcome<AnswerRules> {
  const changed: AnswerRules = {
    everyMilliseconds: wish.everyMilliseconds ?? rules.everyMilliseconds,
    leastMilliseconds: wish.leastMilliseconds ?? rules.leastMilliseconds,
    deadlineMilliseconds: {
      records: wish.deadlineMilliseconds?.records ?? rules.deadlineMilliseconds.records,
      flat: wish.deadlineMilliseconds?.flat ?? rules.deadlineMilliseconds.flat,
      'two-level': wish.deadlineMilliseconds?.['two-level'] ?? rules.deadlineMilliseconds['two-level'],
    },
    blocked: blocksOf(rules, wish, at),
  }
  if (!within(changed.everyMilliseconds, 0, 10 * minute))
    return refuse('request.invalid', 'the grid is 0 to 600 seconds, in whole milliseconds', { hint: 'a second, say' })
  if (!within(changed.leastMilliseconds, 0, hour))
    return refuse('request.invalid', 'the least wait is 0 to 3600 seconds, in whole milliseconds', {
      hint: 'a second, say',
    })
  for (const path of planClasses)
    if (!within(changed.deadlineMilliseconds[path], 100, hour))
      return refuse('request.invalid', `the deadline of ${path} is 0.1 to 3600 seconds, in whole milliseconds`, {
        hint: 'longer than such a question ever takes',
      })
  return accept(changed)
}

function blocksOf({ blocked }: AnswerRules, { block, unblock }: RulesWish, at: Instant): AnswerRules['blocked'] {
  const kept = blocked.filter(({ path }) => path !== unblock)
  return block === undefined || kept.some(({ path }) => path === block) ? kept : [...kept, { path: block, since: at }]
}

const within = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most
