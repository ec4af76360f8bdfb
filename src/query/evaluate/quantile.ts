import { rootColumn, rootUnit } from '../../base/prefix-sums.ts'
import { decimalText, rational } from '../../base/rational.ts'
import type { Measure } from '../query.ts'
import { missing, type Value, z95 } from './value.ts'

type Distribution = Extract<Measure, { kind: 'distribution' }>

/**
 * Quantiles from the released y = C'x + noise of one distribution: the prefix sums F = C·y estimate how many people are at or below each edge, so
 * the p-quantile is the first edge whose F, made monotone, reaches p times the last. Its interval inverts a test: all edges for which F does not
 * contradict, at 95 %, that the quantile lies there. Marked insufficient, and as wide as the range, where hardly anybody is counted.
 */
export function quantilesOf(
  measure: Distribution,
  channel: number,
  released: readonly bigint[],
  deviation: number,
): (p: number) => Value {
  const unit = Number(rootUnit)
  const c = rootColumn(measure.bins).map((one) => Number(one) / unit)
  const y = released.map((one) => Number(one) / unit)
  const sums = y.map((_, i) => y.slice(0, i + 1).reduce((sum, value, j) => sum + (c[i - j] as number) * value, 0))
  const sigma = deviation / unit
  return (p) => quantile(measure, channel, { c, sums, sigma, deviation }, p)
}

interface Prefix {
  readonly c: readonly number[]
  readonly sums: readonly number[]
  readonly sigma: number
  readonly deviation: number
}

function quantile(measure: Distribution, channel: number, prefix: Prefix, p: number): Value {
  const { sums, sigma } = prefix
  const last = sums.length - 1
  const all = sums[last] as number
  const insufficient = all < 3 * sigma * spread(prefix.c, last, last, 0)
  const smooth = monotone(sums)
  const found = smooth.findIndex((sum) => sum >= p * all)
  const at = found < 0 ? last : found
  const apart = sums.map((sum, i) => (sum - p * all) / (sigma * spread(prefix.c, i, last, p)))
  const fits = (i: number): boolean => (apart[i] as number) >= -z95 && (i === 0 || (apart[i - 1] as number) < z95)
  const plausible = sums.map((_, i) => i).filter((i) => i === at || i === last || fits(i))
  const inRange = plausible.filter((i) => i === at || fits(i))
  const [first, final] = insufficient ? [0, last] : [Math.min(...inRange), Math.max(...inRange)]
  const top = (i: number): bigint => least(measure.low + BigInt(i + 1) * measure.step - 1n, measure.high)
  const bottom = measure.low + BigInt(at) * measure.step
  const value = (bottom + top(at)) / 2n
  const [low, high] = [measure.low + BigInt(first) * measure.step, top(final)]
  const half = Number(high - value > value - low ? high - value : value - low)
  const perUnit = 10 ** -measure.scale
  if (!Number.isFinite(half)) return missing
  return {
    kind: 'number',
    exact: rational(value, 10n ** BigInt(measure.scale)),
    scale: measure.scale,
    // No derivative exists; this carries the interval's width through arithmetic.
    slopes: new Map([[channel, (half * perUnit) / (z95 * Math.max(prefix.deviation, Number.MIN_VALUE))]]),
    interval: {
      low: decimalText(low, measure.scale),
      high: decimalText(high, measure.scale),
      method: 'approximate',
    },
    half: half * perUnit,
    ...(insufficient ? { insufficient: true as const } : {}),
  }
}

/** Deviation of F_i - p F_last, in units of one number's noise. */
function spread(c: readonly number[], i: number, last: number, p: number): number {
  let sum = 0
  for (let k = 0; k <= last; k++) sum += ((k <= i ? (c[i - k] as number) : 0) - p * (c[last - k] as number)) ** 2
  return Math.sqrt(sum)
}

/** The nearest sequence that never falls, in the mean of squares: neighbours that fall are pooled. */
function monotone(values: readonly number[]): readonly number[] {
  const pools: { mean: number; size: number }[] = []
  for (const value of values) {
    pools.push({ mean: value, size: 1 })
    for (
      let top = pools.at(-1), below = pools.at(-2);
      top && below && below.mean > top.mean;
      top = pools.at(-1), below = pools.at(-2)
    ) {
      pools.splice(-2, 2, {
        mean: (below.mean * below.size + top.mean * top.size) / (below.size + top.size),
        size: below.size + top.size,
      })
    }
  }
  return pools.flatMap(({ mean, size }) => Array.from({ length: size }, () => mean))
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
