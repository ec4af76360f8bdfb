import { instantText } from '../base/instant.ts'
import { type Rational, rationalText } from '../base/rational.ts'
import { amountText, rhoText } from '../money/amount.ts'
import { deltaText, epsilonText, statedDelta } from '../privacy/accounting.ts'
import type { SelectionPlan } from '../privacy/budget.ts'
import { halfWidthOfSum } from '../privacy/interval.ts'
import { evaluate } from '../query/evaluate.ts'
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
    readonly mechanism: 'discrete Gaussian'
    readonly sensitivitySquared: string
    readonly sigma2: string
  }[]
  /** How the groups were chosen; absent where every declared group is shown. */
  readonly selection?: SelectionView | undefined
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
  const made = madeOf(query, noise)
  const rows = evaluate(query, {
    values: question.values,
    keys: question.keys,
    sigma2: perValue(noise),
    halfWidth: widths(perValue(noise)),
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
        interval: cell.method,
        word: cell.word,
        insufficient: cell.insufficient,
      })),
    ),
    method: noise.channels.map((channel) => ({
      measure: channel.measure,
      part: channel.part,
      mechanism: 'discrete Gaussian',
      sensitivitySquared: `${channel.sensitivitySquared}`,
      sigma2: rationalText(channel.sigma2),
    })),
    ...(noise.selection ? { selection: selectionView(noise.selection) } : {}),
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
    const width = widthsOfOne.get(count) ?? halfWidthOfSum(one, count, 95)
    widthsOfOne.set(count, width)
    return width
  }
}
