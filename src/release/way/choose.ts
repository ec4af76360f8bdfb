import { assert } from '../../base/assert.ts'
import { decimalText } from '../../base/rational.ts'
import { accept, type Outcome } from '../../base/refusal.ts'
import type { NanoRho } from '../../base/units.ts'
import { type BoundedSum, withSumBounds } from '../../query/bounded-sums.ts'
import type { AnswerDocument } from '../document.ts'
import type { ReleaseEntry } from '../ports.ts'
import type { World } from '../world.ts'
import { type Narrowed, splitLoss, unitsOf } from './bounds.ts'
import { type Consented, consent } from './consent.ts'
import { law } from './law.ts'
import { type Priced, price } from './market.ts'
import { parse } from './parse.ts'
import { route } from './path.ts'
import { lossOf, privacy } from './privacy.ts'

/** A question whose bounds are chosen, as far as they are: with those that were released, and what is missing of them. */
export interface Chosen {
  readonly question: Consented
  readonly parts: readonly ChosenPart[]
  /** Those of them that have to be released first. */
  readonly missing: readonly ChosenPart[]
}
export interface ChosenPart {
  readonly sum: BoundedSum
  /** The release that chooses, or chose, the bound: a question of its own. */
  readonly priced: Priced
  /** Grid units; undefined while nobody asked for it in this period. */
  readonly bound: bigint | undefined
}

/**
 * Looks up the bounds that `auto` needs: whoever asked first in the period paid for them, and they serve everybody. Reads public facts alone.
 * Refuses what a question for a bound refuses before its charge.
 */
export async function choose(question: Consented, world: World): Promise<Outcome<Chosen>> {
  if (question.choices.length === 0) return accept({ question, parts: [], missing: [] })
  const total = lossOf(question)
  if (!total.ok) return total
  const { each } = splitLoss(total.value, question.choices.length)
  const parts: ChosenPart[] = []
  const bounds = new Map<number, bigint>()
  const narrowed: Narrowed[] = []
  for (const sums of question.choices) {
    const [sum] = sums as [BoundedSum]
    const priced = await priceOfChoice(question, sum, each, world)
    if (!priced.ok) return priced
    const release = await world.books.memo(priced.value.memoKey)
    const bound = release && chosenBound(release, sum)
    parts.push({ sum, priced: priced.value, bound })
    if (release === undefined || bound === undefined) continue
    for (const { measure } of sums) bounds.set(measure, bound)
    if (bound < sum.declared)
      narrowed.push({ name: sum.name, bound: decimalText(bound, sum.scale), release: release.id })
  }
  const query = withSumBounds(question.query, bounds)
  const missing = parts.filter(({ bound }) => bound === undefined)
  return accept({ question: { ...question, query, narrowed }, parts, missing })
}

/** The way of a question for a bound, up to its charge. */
async function priceOfChoice(
  { question, purpose }: Consented,
  { sql }: BoundedSum,
  nano: NanoRho,
  world: World,
): Promise<Outcome<Priced>> {
  const { buyer, product } = question
  const parsed = await parse({ buyer, product, purpose, sql, wish: { nano } }, world)
  if (!parsed.ok) return parsed
  const lawful = law(parsed.value)
  if (!lawful.ok) return lawful
  const consented = await consent(lawful.value, world)
  if (!consented.ok) return consented
  const budgeted = await privacy(consented.value, world)
  if (!budgeted.ok) return budgeted
  const routed = await route(budgeted.value, world)
  return routed.ok ? accept(price(routed.value)) : routed
}

/** What a release chose; undefined while it is only charged. */
function chosenBound({ state, answer }: ReleaseEntry, { scale }: BoundedSum): bigint | undefined {
  if (state !== 'released') return undefined
  const text = (answer as AnswerDocument | undefined)?.rows[0]?.[0]?.value ?? ''
  const units = unitsOf(text, scale)
  assert(units !== undefined, 'a released bound is a positive amount')
  return units
}
