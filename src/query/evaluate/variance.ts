import { add, approximate, compare, multiply, type Rational, rational, subtract } from '../../base/rational.ts'
import { squareCentre } from '../moments.ts'
import type { Measure, Statistic } from '../query.ts'
import { limitText, type NumberValue, roundTo, z95 } from './value.ts'

type Variance = Extract<Measure, { kind: 'variance' }>

/**
 * The variance from noisy moments n, S, T of the distances from the centre: V = T/n + h - (S/n)², which no shift of the centre changes, within [0, U²];
 * of a sample times n/(n - 1). Interval: delta method over the three channels; the whole range where the noisy number of rows is below three times
 * its noise, and then marked insufficient.
 */
export function varianceOf(
  measure: Variance,
  statistic: Statistic,
  channel: number,
  [n, s, t]: readonly [bigint, bigint, bigint],
  deviations: readonly number[],
): NumberValue {
  const least = statistic === 'var_pop' ? 1n : 2n
  const rows = n > least ? n : least
  const mean = rational(s, rows)
  const raw = subtract(add(rational(t, rows), rational(squareCentre(measure.halfRange))), multiply(mean, mean))
  const correction = statistic === 'var_pop' ? rational(1n) : rational(rows, rows - 1n)
  const most = multiply(rational(measure.halfRange ** 2n), correction)
  const inGrid = clip(multiply(raw, correction), most)
  const unit = 10n ** BigInt(2 * measure.scale)
  const scale = Math.min(2 * measure.scale + 4, 12)
  const perUnit = 10 ** (-2 * measure.scale)
  const count = Number(rows)
  const ratio = approximate(mean)
  const factor = approximate(correction) * perUnit
  const slopes = [-Number(t) / count ** 2 + (2 * ratio * ratio) / count, (-2 * ratio) / count, 1 / count].map(
    (slope) => slope * factor,
  )
  const insufficient = Number(n) < 3 * (deviations[channel] ?? 0)
  const value = approximate(inGrid) * perUnit
  const top = approximate(most) * perUnit
  const error = z95 * Math.hypot(...slopes.map((slope, index) => slope * (deviations[channel + index] ?? 0)))
  const [low, high] = insufficient ? [0, top] : [Math.max(0, value - error), Math.min(top, value + error)]
  return {
    kind: 'number',
    exact: rational(roundTo(multiply(inGrid, rational(1n, unit)), scale), 10n ** BigInt(scale)),
    scale,
    slopes: new Map(slopes.map((slope, index) => [channel + index, slope])),
    interval: { low: limitText(low, scale), high: limitText(high, scale), method: 'delta' },
    half: insufficient ? top / 2 : error,
    ...(insufficient ? { insufficient: true as const } : {}),
  }
}

function clip(value: Rational, most: Rational): Rational {
  if (compare(value, rational(0n)) < 0) return rational(0n)
  return compare(value, most) > 0 ? most : value
}
