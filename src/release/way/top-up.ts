import { assert } from '../../base/assert.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { NanoRho } from '../../base/units.ts'
import { rhoText } from '../../money/amount.ts'
import { withSumBounds } from '../../query/bounded-sums.ts'
import type { Query } from '../../query/query.ts'
import type { AnswerDocument } from '../document.ts'
import type { ReleaseEntry } from '../ports.ts'
import type { World } from '../world.ts'
import type { Consented } from './consent.ts'
import { memoKeyOf } from './market.ts'

/** Earlier releases of the same question on the same snapshot, oldest first: with the new one they make one answer. */
export interface TopUp {
  /** The answer that is made more precise. */
  readonly of: string
  readonly earlier: readonly Earlier[]
  /** Loss of all of them. */
  readonly owned: NanoRho
}
export interface Earlier {
  readonly id: string
  readonly nano: NanoRho
  /** Of each channel, in the order of the plan. */
  readonly channels: readonly NanoRho[]
  /** Released integers, as the answer keeps them. */
  readonly values: readonly (readonly bigint[])[]
}

/** What a release's plan keeps of it. */
export interface KeptPlan {
  readonly canonical: string
  readonly channels: readonly { readonly nano: string }[]
  readonly topUpOf?: string | undefined
}

/**
 * Finds the answer that is topped up. Refuses release.unknown, release.not_combinable (another question, or an answer that no other can be added to),
 * release.other_snapshot, privacy.rho_out_of_range. All from the buyer's own releases and public facts.
 */
export async function topUp(question: Consented, world: World): Promise<Outcome<Consented>> {
  const { topUpOf } = question.question
  if (topUpOf === undefined) return accept(question)
  const chain = await chainOf(topUpOf, question, world)
  if (!chain.ok) return chain
  const last = chain.value.at(-1) as ReleaseEntry
  const { canonical } = last.plan as unknown as KeptPlan
  // The bounds are those of the answer, however they came about.
  const same = { ...question, query: boundedAs(question.query, canonical) }
  if (same.query.canonical !== canonical)
    return refuse('release.not_combinable', 'the answer is to another question', {
      hint: 'ask exactly what was asked, with more precision',
    })
  const { selection } = same.query
  if (selection !== undefined || (last.answer as AnswerDocument).released === undefined)
    return refuse('release.not_combinable', 'nothing can be added to this answer', {
      hint: selection
        ? 'which groups of an open domain appear is chosen anew each time; ask anew with more precision'
        : 'only counts and sums with noise add up; a chosen bound does not',
    })
  if (!onSameSnapshot(same, last))
    return refuse('release.other_snapshot', 'the answer is of another period, load, contract or version of the rules', {
      hint: 'ask anew: people, data or rules may have changed since',
    })
  const earlier = chain.value.map(earlierOf)
  const owned = earlier.reduce((sum, { nano }) => sum + nano, 0n)
  return accept({ ...same, topUp: { of: topUpOf, earlier, owned } })
}

/** The loss that is still to be charged. Refuses privacy.rho_out_of_range when the answer has as much already. */
export function remaining(total: NanoRho, { topUp: found }: Consented): Outcome<NanoRho> {
  if (!found || total > found.owned) return accept(total - (found?.owned ?? 0n))
  return refuse('privacy.rho_out_of_range', `the answer has rho ${rhoText(found.owned)} already`, {
    hint: 'name the rho that both together are to have, more than that',
  })
}

/** The buyer's own releases from the first answer to the one that is named. */
async function chainOf(id: string, { question }: Consented, world: World): Promise<Outcome<readonly ReleaseEntry[]>> {
  const chain: ReleaseEntry[] = []
  for (let next: string | undefined = id; next !== undefined; ) {
    const release: ReleaseEntry | undefined = await world.books.release(next)
    if (release?.state !== 'released' || release.buyer !== question.buyer)
      return refuse('release.unknown', `there is no answer "${next.slice(0, 80)}" of yours`, {
        hint: 'list the releases to see their ids',
      })
    chain.unshift(release)
    next = (release.plan as unknown as KeptPlan).topUpOf
  }
  return accept(chain)
}

/** The memo's key holds buyer, product, purpose, plan, loss, load, period and packs; the contract's version stands in the answer. */
function onSameSnapshot(question: Consented, last: ReleaseEntry): boolean {
  const { topUpOf } = last.plan as unknown as KeptPlan
  return (
    memoKeyOf(question, last.nano, topUpOf) === last.memoKey &&
    (last.answer as AnswerDocument).contract === question.catalogue.version
  )
}

function boundedAs(query: Query, canonical: string): Query {
  const { measures } = JSON.parse(canonical) as { readonly measures: readonly { readonly maxSum?: string | number }[] }
  const bounds = measures.flatMap(({ maxSum }, index) =>
    maxSum === undefined ? [] : [[index, BigInt(maxSum)] as const],
  )
  return withSumBounds(query, new Map(bounds))
}

function earlierOf({ id, nano, plan, answer }: ReleaseEntry): Earlier {
  const { released } = answer as AnswerDocument
  assert(released, 'an answer that may be topped up keeps what was released')
  return {
    id,
    nano,
    channels: (plan as unknown as KeptPlan).channels.map((channel) => BigInt(channel.nano)),
    values: released.map((cell) => cell.map(BigInt)),
  }
}
