import { assert } from '../base/assert.ts'
import type { Rational } from '../base/rational.ts'
import { approximate, compare, decimalText, rational } from '../base/rational.ts'
import { averageOf } from './evaluate/average.ts'
import { evaluateExpression, type Measured } from './evaluate/expression.ts'
import { peopleAtMost, quantilesOf } from './evaluate/quantile.ts'
import { missing, roundTo, type Value, wordFor } from './evaluate/value.ts'
import { varianceOf } from './evaluate/variance.ts'
import { channelsIn } from './moments.ts'
import { cellsOf, type GroupKey, type Measure, type NoisyExpression, type Query } from './query.ts'

/** Released numbers and the noise that is in them. All of it is public; what follows from it costs no privacy. */
export interface Released {
  /** For each cell of the declared domains, in row-major order (first key slowest), one integer per channel: measures in order, an average has two, rows and centred sum. */
  readonly values: readonly (readonly bigint[])[]
  /** Of open keys, whose groups no domain names: the keys of each list of values, in the order in which they are shown. */
  readonly keys?: readonly (readonly (string | null)[])[] | undefined
  /** Variance of the noise of each channel, grid units squared. */
  readonly sigma2: readonly Rational[]
  /** Half-width of the 95 % interval of a channel's noise, grid units: of the discrete law, not 1.96 sigma. */
  readonly halfWidth: Width
}

/** Of the noise of one channel, or of the sum of so many channels that have the same noise. */
export type Width = (channel: number, count?: number) => bigint

export interface AnswerRow {
  readonly cells: readonly AnswerValue[]
}

/** One output of one row. */
export interface AnswerValue {
  readonly name: string
  /** Exact decimal text, text, "true" or "false", or null: division by zero, a missing group key. */
  readonly value: string | null
  /** 95 %, of the noise alone; not simultaneous over rows, and not valid after HAVING or ORDER BY … LIMIT chose them. */
  readonly interval?: { readonly low: string; readonly high: string } | undefined
  /**
   * exact: of a count or sum, by the law of its noise. delta, fieller: of an average. approximate: first-order propagation through arithmetic.
   */
  readonly method?: 'exact' | 'delta' | 'fieller' | 'approximate' | undefined
  /** solid: half-width at most 10 % of the value; rough: at most 50 %; noise: above, or the value is smaller than its half-width. */
  readonly word?: 'solid' | 'rough' | 'noise' | undefined
  /** An average over so few rows that their noisy number is below three times its noise. */
  readonly insufficient?: true | undefined
}

/**
 * Released numbers → the rows of the answer: arithmetic on exact rationals, HAVING (null is not true), ORDER BY (stable: ties keep the order of the
 * cells, missing values last), OFFSET and LIMIT.
 */
export function evaluate(query: Query, released: Released): readonly AnswerRow[] {
  const cells = cellsOf(query.groups)
  const channels = channelCount(query.measures)
  assert((cells === undefined) === (released.keys !== undefined), 'open groups come with their keys, others have cells')
  assert(released.values.length === (released.keys?.length ?? cells), 'there is one list of values for each group')
  assert(released.sigma2.length === channels, 'there is one variance for each channel')
  const noise = {
    deviations: released.sigma2.map((sigma2) => Math.sqrt(approximate(sigma2))),
    halfWidth: released.halfWidth,
  }
  const rows = released.values.map((values, index) => {
    assert(values.length === channels, 'there is one value for each channel')
    const keys = released.keys?.[index] ?? cellAt(query.groups, index)
    const measured = measure(query.measures, values, noise)
    const read = (expression: NoisyExpression): Value =>
      evaluateExpression(expression, { groups: query.groups, keys, measured, deviations: noise.deviations })
    return {
      cells: query.outputs.map((output) => shown(output.name, output.value, read(output.value))),
      kept: query.having === undefined || isTrue(read(query.having)),
      order: query.orderBy.map(({ by }) => read(by)),
    }
  })
  const kept = rows.filter((row) => row.kept)
  const ordered = query.orderBy.length === 0 ? kept : [...kept].sort((a, b) => inOrder(a.order, b.order, query.orderBy))
  const end = query.limit === undefined ? undefined : query.offset + query.limit
  return ordered.slice(query.offset, end).map(({ cells: shownCells }) => ({ cells: shownCells }))
}

/** Keys of a cell: the row-major place in the product of the domains. */
export function cellAt(groups: readonly GroupKey[], index: number): readonly (string | null)[] {
  const keys: (string | null)[] = []
  let rest = index
  for (const { domain } of [...groups].reverse()) {
    assert(domain, 'cells are of public domains')
    keys.unshift(domain[rest % domain.length] ?? null)
    rest = Math.floor(rest / domain.length)
  }
  return keys
}

export const channelCount = (measures: readonly Measure[]): number =>
  measures.reduce((sum, item) => sum + channelsIn(item), 0)

interface Noise {
  readonly deviations: readonly number[]
  readonly halfWidth: Width
}

function measure(measures: readonly Measure[], values: readonly bigint[], noise: Noise): readonly Measured[] {
  let channel = 0
  return measures.map((item) => {
    const first = channel
    channel += channelsIn(item)
    const [n, s, t] = values.slice(first, first + 3) as [bigint, bigint, bigint]
    if (item.kind === 'distribution') {
      const released = values.slice(first, first + item.bins)
      const deviation = noise.deviations[first] ?? 0
      return {
        value: missing,
        quantile: quantilesOf(item, first, released, deviation),
        atMost: peopleAtMost(item, first, released, deviation),
      }
    }
    if (item.kind === 'cells') {
      const cells = values.slice(first, first + item.vectors.length)
      return { value: missing, people: (condition) => peopleOf(item, condition, first, cells, noise.halfWidth) }
    }
    if (item.kind === 'variance') {
      const moments = [n, s, t] as const
      return {
        value: averageOf(item, first, n, s, noise.deviations),
        var_pop: varianceOf(item, 'var_pop', first, moments, noise.deviations),
        var_samp: varianceOf(item, 'var_samp', first, moments, noise.deviations),
      }
    }
    if (item.kind === 'bound') return { value: chosen(item.scale, n) }
    if (item.kind === 'average' || item.kind === 'mean')
      return { value: averageOf(item, first, n, s, noise.deviations) }
    return { value: plain(item.scale, first, n, noise.halfWidth(first)) }
  })
}

/** The sum of the cells in which a condition is met; their noise is independent and alike. */
function peopleOf(
  { vectors }: Extract<Measure, { kind: 'cells' }>,
  condition: number,
  first: number,
  cells: readonly bigint[],
  halfWidth: Width,
): Value {
  const met = vectors.flatMap((vector, index) => ((vector >> BigInt(condition)) & 1n ? [index] : []))
  if (met.length === 0) return { kind: 'number', exact: rational(0n), scale: 0, slopes: new Map(), half: 0 }
  const total = met.reduce((sum, index) => sum + (cells[index] ?? 0n), 0n)
  const value = plain(0, first, total, halfWidth(first, met.length)) as Extract<Value, { kind: 'number' }>
  return { ...value, slopes: new Map(met.map((index) => [first + index, 1])) }
}

function plain(scale: number, channel: number, value: bigint, half: bigint): Value {
  const unit = 10n ** BigInt(scale)
  return {
    kind: 'number',
    exact: rational(value, unit),
    scale,
    slopes: new Map([[channel, 10 ** -scale]]),
    interval: { low: decimalText(value - half, scale), high: decimalText(value + half, scale), method: 'exact' },
    half: approximate(rational(half, unit)),
  }
}

/** A bound that was chosen: there is no noise around it. */
const chosen = (scale: number, value: bigint): Value => ({
  kind: 'number',
  exact: rational(value, 10n ** BigInt(scale)),
  scale,
  slopes: new Map(),
  half: 0,
})

function shown(name: string, expression: NoisyExpression, value: Value): AnswerValue {
  if (value.kind === 'null') return { name, value: null }
  if (value.kind !== 'number') return { name, value: String(value.value) }
  const text = decimalText(roundTo(value.exact, value.scale), value.scale)
  if (value.slopes.size === 0 && !value.interval) return { name, value: text }
  assert(value.interval !== undefined, 'a noisy number has an interval')
  const { low, high, method } = value.interval
  const word =
    value.insufficient && expression.kind === 'measure' ? 'noise' : wordFor(approximate(value.exact), value.half)
  return {
    name,
    value: text,
    interval: { low, high },
    method,
    word,
    ...(value.insufficient ? { insufficient: true as const } : {}),
  }
}

const isTrue = (value: Value): boolean => value.kind === 'boolean' && value.value

function inOrder(a: readonly Value[], b: readonly Value[], by: Query['orderBy']): number {
  for (const [index, { descending, nullsFirst = false }] of by.entries()) {
    const left = a[index] as Value
    const right = b[index] as Value
    if (left.kind === 'null' || right.kind === 'null') {
      if (left.kind !== right.kind) return (left.kind === 'null') !== nullsFirst ? 1 : -1
      continue
    }
    const order = orderOf(left, right)
    if (order !== 0) return descending ? -order : order
  }
  return 0
}

function orderOf(a: Value, b: Value): number {
  if (a.kind === 'number' && b.kind === 'number') return compare(a.exact, b.exact)
  const left = 'value' in a ? a.value : ''
  const right = 'value' in b ? b.value : ''
  return left < right ? -1 : left > right ? 1 : 0
}
