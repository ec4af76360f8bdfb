import { floorDiv } from '../../base/integer.ts'
import { rootColumn, rootUnit } from '../../base/prefix-sums.ts'
import { decimalText, rational } from '../../base/rational.ts'
import type { Measure } from '../query.ts'
import { limitText, missing, type Value, z95 } from './value.ts'

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
  const prefix = prefixOf(measure, released, deviation)
  return (p) => quantile(measure, channel, prefix, p)
}

function prefixOf(measure: Distribution, released: readonly bigint[], deviation: number): Prefix {
  const unit = Number(rootUnit)
  const c = rootColumn(measure.bins).map((one) => Number(one) / unit)
  const y = released.map((one) => Number(one) / unit)
  const sums = y.map((_, i) => y.slice(0, i + 1).reduce((sum, value, j) => sum + (c[i - j] as number) * value, 0))
  return { c, sums, sigma: deviation / unit, deviation }
}

/**
 * How many people have at most a value, or which percent of all who have one: the prefix sum F_i at the last edge that is not above the value, over the last.
 * Linear in the released numbers: F_i = Σ_k c_{i-k} y_k, so arithmetic carries its noise exactly, and that of the quotient to first order.
 */
export function peopleAtMost(
  measure: Distribution,
  channel: number,
  released: readonly bigint[],
  deviation: number,
): (units: bigint, percent: boolean) => Value {
  const prefix = prefixOf(measure, released, deviation)
  const { c, sums, sigma } = prefix
  const last = measure.bins - 1
  const all = sums[last] as number
  const perChannel = 1 / Number(rootUnit)
  return (units, percent) => {
    const whole = units >= measure.high ? measure.bins : Number(floorDiv(units - measure.low + 1n, measure.step))
    const i = Math.max(-1, Math.min(whole, measure.bins) - 1)
    const below = i < 0 ? 0 : (sums[i] as number)
    const insufficient = all < 3 * sigma * spread(c, last, last, 0)
    const share = insufficient || all <= 0 ? 0 : below / all
    const slopeOf = (k: number): number => {
      const own = k <= i ? (c[i - k] as number) : 0
      return percent
        ? ((own - share * (c[last - k] as number)) * 100 * perChannel) / Math.max(all, 1)
        : own * perChannel
    }
    const slopes = new Map(released.map((_, k) => [channel + k, slopeOf(k)]))
    const noise = spread(c, i, last, percent ? share : 0) * sigma * (percent ? 100 / Math.max(all, 1) : 1)
    const half = insufficient && percent ? 100 : z95 * noise
    const scale = percent ? 4 : 0
    const shown = percent ? Math.min(100, Math.max(0, share * 100)) : below
    const exact = rational(BigInt(Math.round(shown * 10 ** scale)), 10n ** BigInt(scale))
    const clipped = (value: number): number => (percent ? Math.min(100, Math.max(0, value)) : value)
    return {
      kind: 'number',
      exact,
      scale,
      slopes,
      half,
      interval: {
        low: limitText(clipped(shown - half), percent ? 4 : 1),
        high: limitText(clipped(shown + half), percent ? 4 : 1),
        method: percent ? 'delta' : 'approximate',
      },
      ...(insufficient ? { insufficient: true as const } : {}),
    }
  }
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
