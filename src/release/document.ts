import { instantText } from '../base/instant.ts'
import { type Rational, rationalText } from '../base/rational.ts'
import { amountText, rhoText } from '../money/amount.ts'
import { deltaText, epsilonText, statedDelta } from '../privacy/accounting.ts'
import type { SelectionPlan } from '../privacy/budget.ts'
import { halfWidthOfSum } from '../privacy/interval.ts'
import { evaluate } from '../query/evaluate.ts'
import { type CombinedView, canBeAddedTo, combinedOf, combinedView } from './combined.ts'
import { type MadeOf, madeOf } from './made-of.ts'
import type { Noisy } from './way/run.ts'

/**
 * The answer as it is shown, committed to and kept: values with their intervals, what it cost in privacy and money, and what it does not say.
 * All numbers are decimal texts. (A type, not an interface: only those are assignable to Json.)
 */
export type AnswerDocument = {
  readonly release: string
  readonly product: string
  readonly contract: string
  readonly purpose: string
  readonly sql: string
  readonly period: string
  readonly chargedAt: string
  readonly nano: string
  readonly privacy: {
    readonly rho: string
    readonly delta: string
    readonly epsilon: string
    readonly epsilonAtDelta: string
  }
  /** Micro-units, as the release's leaf says; `paid` is the same in the currency's unit. */
  readonly price: string
  readonly paid: string
  readonly currency: string
  /** N^, the published noisy upper bound of the people in force; never how many there were. */
  readonly upperBound: string
  readonly columns: readonly {
    readonly name: string
    readonly kind: 'group' | 'value'
    /** What its numbers are made of; undefined for group keys and constants, and in answers of earlier programs. */
    readonly noise?: MadeOf | undefined
  }[]
  readonly rows: readonly (readonly AnswerCell[])[]
  readonly method: readonly {
    readonly measure: number
    readonly part: string
    readonly mechanism: 'discrete Gaussian' | 'exponential'
    readonly sensitivitySquared: string
    readonly sigma2: string
    readonly epsilon?: string | undefined
  }[]
  /** How the groups were chosen; absent where every declared group is shown. */
  readonly selection?: SelectionView | undefined
  /**
   * The released integers themselves, cell by cell of the declared groups and channel by channel, grid units: what a later release of the same question adds up
   * with. Missing where nothing can be added: of open groups, and of a chosen bound.
   */
  readonly released?: readonly (readonly string[])[] | undefined
  /** Set when this release made an earlier answer more precise: then `rows` are of all of them together. */
  readonly combined?: CombinedView | undefined
  readonly notes: readonly string[]
}
/** Thresholding, as it is told to a buyer: decimal texts. */
export type SelectionView = {
  /** Index in `method`: the count of people that is compared. */
  readonly channel: number
  /** The least noisy number of people of a group that appears. */
  readonly threshold: string
  /** In how many groups one person counts at most. */
  readonly maxGroups: string
  readonly delta: string
  /** The count is no output of the question. */
  readonly hidden: boolean
  readonly words: string
}
export type AnswerCell = {
  readonly value: string | null
  readonly low?: string | undefined
  readonly high?: string | undefined
  readonly interval?: 'exact' | 'delta' | 'fieller' | 'approximate' | undefined
  readonly word?: 'solid' | 'rough' | 'noise' | undefined
  readonly insufficient?: true | undefined
}

/** Post-processing of noisy integers; costs no privacy. */
export function answerDocument(question: Noisy, currency: string): AnswerDocument {
  const { query, noise, charged, catalogue } = question
  const { release } = charged
  const combined = question.topUp && combinedOf(question, question.topUp)
  // Of this release; the deviation of what a combined answer shows follows from `combined`.
  const made = madeOf(query, noise).map((one) => (combined && one ? { ...one, sigma: undefined } : one))
  const rows = evaluate(query, {
    values: combined?.values ?? question.values,
    keys: question.keys,
    sigma2: combined?.sigma2 ?? perValue(noise),
    halfWidth: combined?.halfWidth ?? widths(perValue(noise)),
  })
  return {
    release: release.id,
    product: catalogue.product,
    contract: catalogue.version,
    purpose: release.purpose,
    sql: query.sql,
    period: release.periodId,
    chargedAt: instantText(release.chargedAt),
    nano: `${release.nano}`,
    privacy: {
      rho: rhoText(release.nano),
      delta: `${release.delta}`,
      epsilon: epsilonText(release.nano),
      epsilonAtDelta: deltaText(statedDelta(release.delta)),
    },
    price: `${release.price}`,
    paid: amountText(release.price),
    currency,
    upperBound: `${question.upperBound}`,
    columns: query.outputs.map((output, place) => ({
      name: output.name,
      kind: output.value.kind === 'group' ? 'group' : 'value',
      noise: made[place],
    })),
    rows: rows.map((row) =>
      row.cells.map((cell) => ({
        value: cell.value,
        low: cell.interval?.low,
        high: cell.interval?.high,
        // Of two answers together the interval holds with at least 95 %; its other levels are scaled.
        interval: combined && cell.method === 'exact' ? 'approximate' : cell.method,
        word: cell.word,
        insufficient: cell.insufficient,
      })),
    ),
    method: noise.channels.map((channel) => ({
      measure: channel.measure,
      part: channel.part,
      mechanism: channel.choice ? 'exponential' : 'discrete Gaussian',
      sensitivitySquared: `${channel.sensitivitySquared}`,
      sigma2: rationalText(channel.sigma2),
      ...(channel.choice ? { epsilon: rationalText(channel.choice.epsilon) } : {}),
    })),
    ...(noise.selection ? { selection: selectionView(noise.selection) } : {}),
    ...(canBeAddedTo(question) ? { released: question.values.map((cell) => cell.map(String)) } : {}),
    ...(combined ? { combined: combinedView(question, combined) } : {}),
    notes: notes(question),
  }
}

export const selectionView = (selection: SelectionPlan): SelectionView => ({
  channel: selection.channel,
  threshold: `${selection.threshold}`,
  maxGroups: `${selection.maxGroups}`,
  delta: deltaText(selection.delta),
  hidden: selection.hidden,
  words: `only groups appear in which the noisy number of people is at least ${selection.threshold}; one person counts in at most ${selection.maxGroups} of them (thresholding, delta ${deltaText(selection.delta)}). Which groups are left out, and how many, is not told; intervals do not hold after that choice`,
})

function notes(question: Noisy): readonly string[] {
  const { query } = question
  const chosen = query.having !== undefined || query.limit !== undefined
  return [
    'Counts people who said yes to this purpose; it is not weighted to all customers.',
    'The interval is of the privacy noise alone, around the answer in which one person’s contribution is bounded as the contract says.',
    ...(question.topUp
      ? [
          'Combined with earlier releases of the same question, each weighted by its precision. People may have left in between: each release is about those who were in it.',
        ]
      : []),
    ...question.narrowed.map(
      ({ name, bound, release }) =>
        `At most ${bound} of one person’s ${name} counts: ${release === undefined ? 'the bound that was asked for' : `a bound chosen by release ${release}`}, tighter than the contract’s.`,
    ),
    ...(chosen
      ? ['Rows were chosen by their noisy values (HAVING or LIMIT): their intervals do not hold after that choice.']
      : []),
    ...(question.catalogue.description.limitations === '' ? [] : [question.catalogue.description.limitations.trim()]),
  ]
}

/** The variance of each released number of a group. */
const perValue = (noise: Noisy['noise']): readonly Rational[] =>
  noise.channels.flatMap(({ sigma2, width = 1 }) => Array.from({ length: width }, () => sigma2))

/** 95 % half-width of each number's noise, or of a sum of so many alike; equal noise is computed once. */
function widths(sigma2: readonly Rational[]): (channel: number, count?: number) => bigint {
  const known = new Map<Rational, Map<number, bigint>>()
  return (channel, count = 1) => {
    const one = sigma2[channel] as Rational
    const widthsOfOne = known.get(one) ?? new Map<number, bigint>()
    known.set(one, widthsOfOne)
    // Where the mechanism chose, there is no noise.
    const width = widthsOfOne.get(count) ?? (one.n > 0n ? halfWidthOfSum(one, count, 95) : 0n)
    widthsOfOne.set(count, width)
    return width
  }
}
