import { decimalText, parseRational } from '../../base/rational.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { NanoRho } from '../../base/units.ts'
import type { Catalogue } from '../../contract/catalogue.ts'
import { rhoText } from '../../money/amount.ts'
import { type BoundedSum, boundedSums, withSumBounds } from '../../query/bounded-sums.ts'
import type { Query } from '../../query/query.ts'

/**
 * Bounds of one person's sums, tighter than declared: such as the buyer names, or such as a release of its own chooses (differential-privacy.md 3.4, option B). All
 * of it follows from the question, the contract and what was released: a chosen bound is a released number like any other.
 */

/** The least loss for which a bound is chosen: what is chosen serves everybody for the period, so it must be worth something. */
export const leastChoice: NanoRho = 10_000n

/** A bound that is tighter than the declared one, for people to read. */
export interface Narrowed {
  readonly name: string
  readonly bound: string
  /** The release that chose it; undefined when the buyer named it. */
  readonly release: string | undefined
}

/** The question with the bounds that the buyer names, "table.column" → amount. Refuses request.invalid. Never wider than declared. */
export function withNamedBounds(
  query: Query,
  named: Readonly<Record<string, string>>,
  catalogue: Catalogue,
): Outcome<{ readonly query: Query; readonly narrowed: readonly Narrowed[] }> {
  const sums = boundedSums(query, catalogue)
  const bounds = new Map<number, bigint>()
  const narrowed: Narrowed[] = []
  for (const [name, text] of Object.entries(named)) {
    const own = sums.filter((sum) => sum.name === name)
    if (own.length === 0)
      return refuse('request.invalid', `no sum in the question is one of "${name.slice(0, 80)}"`, {
        hint: sums.length === 0 ? 'leave bounds out' : `sums: ${[...new Set(sums.map((sum) => sum.name))].join(', ')}`,
      })
    for (const { measure, scale, declared } of own) {
      const units = unitsOf(text, scale)
      if (units === undefined)
        return refuse('request.invalid', `"${text.slice(0, 40)}" is no bound of ${name}`, {
          hint: `a positive amount with at most ${scale} decimals; the declared bound is ${decimalText(declared, scale)}`,
        })
      bounds.set(measure, units)
      if (units < declared) narrowed.push({ name, bound: decimalText(units, scale), release: undefined })
    }
  }
  return accept({ query: withSumBounds(query, bounds), narrowed: unique(narrowed) })
}

/** The sums for which `bounds: auto` chooses, each thing that is summed once. */
export const choosable = (query: Query, catalogue: Catalogue): readonly (readonly BoundedSum[])[] => {
  const sums = boundedSums(query, catalogue).filter((sum) => sum.declared > 1n)
  return [...new Set(sums.map((sum) => sum.sql))].map((sql) => sums.filter((sum) => sum.sql === sql))
}

/** A tenth of the loss goes to the choices, in equal parts; the question itself gets the rest, whether or not they were made before. */
export function splitLoss(total: NanoRho, choices: number): { readonly own: NanoRho; readonly each: NanoRho } {
  if (choices === 0) return { own: total, each: 0n }
  const each = total / (10n * BigInt(choices))
  return { own: total - each * BigInt(choices), each }
}

/** Refuses privacy.rho_out_of_range where a choice would get too little. */
export function checkChoice(each: NanoRho, choices: number): Outcome<true> {
  if (choices === 0 || each >= leastChoice) return accept(true)
  return refuse('privacy.rho_out_of_range', 'too little for choosing bounds, which takes a tenth of the loss', {
    hint: `at least rho ${rhoText(leastChoice * 10n * BigInt(choices))}, or name the bounds yourself`,
  })
}

/** Whole grid units of a positive decimal text; undefined when it is none. */
export function unitsOf(text: string, scale: number): bigint | undefined {
  const amount = parseRational(text.trim())
  if (!amount || amount.n <= 0n) return undefined
  const units = amount.n * 10n ** BigInt(scale)
  return units % amount.d === 0n ? units / amount.d : undefined
}

const unique = (all: readonly Narrowed[]): readonly Narrowed[] =>
  all.filter((one, index) => all.findIndex((other) => other.name === one.name) === index)
