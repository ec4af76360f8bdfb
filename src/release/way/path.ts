import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import { type Plan, planOf } from '../../query/plan.ts'
import { answerRulesOf, isBlocked } from '../answer-rules.ts'
import type { AnswerRules } from '../entries.ts'
import type { World } from '../world.ts'
import type { Budgeted } from './privacy.ts'

declare const routed: unique symbol
/** A query with the path of its computation, which also says how long it may take. Made by `route` alone. */
export interface Routed extends Budgeted {
  readonly [routed]: true
  readonly plan: Plan
  readonly rules: AnswerRules
  /** From the charge on; microseconds. */
  readonly deadline: bigint
}

/**
 * How it will be computed, from the contract and the load's version of it: public facts. A data file of an older format has no whole records and is asked
 * person by person all the same, for the same integers. Refuses query.path_blocked: by the house's logged setting and the period, public facts too.
 */
export async function route(question: Budgeted, world: World): Promise<Outcome<Routed>> {
  const { query, catalogue, load, period } = question
  const plan = planOf(query, catalogue, load.contractVersion === catalogue.version)
  const rules = answerRulesOf(await world.books.settings())
  if (isBlocked(rules, plan.path, period.openedAt))
    return refuse('query.path_blocked', `questions of the path "${plan.path}" are not answered in this period`, {
      hint: 'the house blocked them by a setting that is in its log; ask it differently, or ask the steward until when',
    })
  return accept({
    ...question,
    plan,
    rules,
    deadline: BigInt(rules.deadlineMilliseconds[plan.path]) * 1_000n,
  } as Routed)
}
