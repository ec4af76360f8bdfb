import type { Instant } from '../base/units.ts'
import type { AnswerRules, HouseSettings, PlanClass } from './entries.ts'

/** Every class of plan; src/query/plan.ts says what they are. */
export const planClasses: readonly PlanClass[] = ['records', 'flat', 'two-level']

/**
 * For new homes. A second, and a second at least: the whole way of a usual question takes less (docs/performance.md), so nearly every answer leaves at the first
 * tick that its asking alone decides. Deadlines are far beyond what a path takes: they are there for what goes wrong.
 */
export const defaultAnswerRules: AnswerRules = Object.freeze({
  everyMilliseconds: 1_000,
  leastMilliseconds: 1_000,
  deadlineMilliseconds: Object.freeze({ records: 60_000, flat: 120_000, 'two-level': 600_000 }),
  blocked: Object.freeze([]),
})

/** At once: tells how long a computation took. For tests and benchmarks, and what homes of earlier programs have. */
export const withoutGrid: AnswerRules = Object.freeze({
  ...defaultAnswerRules,
  everyMilliseconds: 0,
  leastMilliseconds: 0,
})

export const answerRulesOf = (settings: HouseSettings | undefined): AnswerRules => settings?.answers ?? withoutGrid

/** A block holds from the period on that opened after it was set: within a period it would itself depend on what failed. */
export const isBlocked = (rules: AnswerRules, path: PlanClass, periodOpenedAt: Instant): boolean =>
  rules.blocked.some((block) => block.path === path && block.since < periodOpenedAt)

/**
 * The moment at which an answer leaves: the first of the grid that is not before `least` after its beginning, nor before now. As long as the computation takes less
 * than `least` it is decided by the beginning alone. `now` where there is no grid.
 */
export function tickOf(began: Instant, now: Instant, rules: AnswerRules): Instant {
  const every = BigInt(rules.everyMilliseconds) * 1_000n
  const earliest = began + BigInt(rules.leastMilliseconds) * 1_000n
  const from = earliest > now ? earliest : now
  if (every === 0n) return from
  return ((from + every - 1n) / every) * every
}

/** One sentence of when answers leave. */
export const gridWords = ({ everyMilliseconds, leastMilliseconds }: AnswerRules): string =>
  everyMilliseconds === 0
    ? 'Answers leave as soon as they are ready, so the time that one takes tells something of the data: set a grid.'
    : `Answers leave at whole multiples of ${secondsText(everyMilliseconds)} s, at least ${secondsText(leastMilliseconds)} s after their turn began.`

export function secondsText(milliseconds: number): string {
  const [whole, rest] = [Math.floor(milliseconds / 1000), milliseconds % 1000]
  return rest === 0 ? `${whole}` : `${whole}.${String(rest).padStart(3, '0').replace(/0+$/, '')}`
}
