import { add, approximate, compare, decimalText, multiply, rational } from '../../base/rational.ts'
import type { Measure } from '../query.ts'
import { limitText, type NumberValue, roundTo, z95 } from './value.ts'

type Average = Extract<Measure, { kind: 'average' | 'variance' | 'mean' }>

/**
 * The average of a noisy number of rows n and noisy centred sum S: centre + S / max(n, 1), within the declared range, rounded to four decimals more than
 * the grid. Interval: delta method, se² = (σS² + (avg − centre)²·σn²) / n²; Fieller's where n < 10 σn (Fieller 1954: the set of r with
 * |S − r·n| <= z·√(σS² + r²σn²)), which is the whole range when n does not differ from 0. Flag below 3 σn.
 */
export function averageOf(
  measure: Average,
  channel: number,
  n: bigint,
  s: bigint,
  deviations: readonly number[],
): NumberValue {
  const { centre, minimum, maximum } = measure
  const unit = 10n ** BigInt(measure.scale)
  const scale = measure.kind === 'mean' ? measure.scale : measure.scale + 4
  const rows = n > 1n ? n : 1n
  const raw = add(rational(centre), rational(s, rows))
  const inGrid =
    compare(raw, rational(minimum)) < 0
      ? rational(minimum)
      : compare(raw, rational(maximum)) > 0
        ? rational(maximum)
        : raw
  const rounded = roundTo(multiply(inGrid, rational(1n, unit)), scale)
  const sd = { n: deviations[channel] ?? 0, s: deviations[channel + 1] ?? 0 }
  const count = Number(n)
  const ratio = approximate(inGrid) - Number(centre)
  const useFieller = count <= 0 || count < 10 * sd.n
  const range = { low: Number(minimum), high: Number(maximum) }
  const limits = useFieller
    ? fieller(Number(s), count, sd, Number(centre), range)
    : delta(ratio, count, sd, Number(centre), range)
  const perUnit = 10 ** -measure.scale
  return {
    kind: 'number',
    exact: rational(rounded, 10n ** BigInt(scale)),
    scale,
    slopes: new Map([
      [channel, (-ratio / Number(rows)) * perUnit],
      [channel + 1, perUnit / Number(rows)],
    ]),
    interval: {
      low: text(limits.low, range.low, minimum, measure.scale, scale),
      high: text(limits.high, range.high, maximum, measure.scale, scale),
      method: useFieller ? 'fieller' : 'delta',
    },
    half: ((limits.high - limits.low) / 2) * perUnit,
    ...(count < 3 * sd.n ? { insufficient: true as const } : {}),
  }
}

interface Limits {
  readonly low: number
  readonly high: number
}
interface Deviations {
  readonly n: number
  readonly s: number
}

function delta(ratio: number, n: number, sd: Deviations, centre: number, range: Limits): Limits {
  const half = (z95 * Math.sqrt(sd.s ** 2 + ratio ** 2 * sd.n ** 2)) / n
  return clip(centre + ratio - half, centre + ratio + half, range)
}

function fieller(s: number, n: number, sd: Deviations, centre: number, range: Limits): Limits {
  if (n <= 0) return range
  const g = (z95 * sd.n) ** 2 / n ** 2
  if (g >= 1) return range
  const ratio = s / n
  const half = (z95 / n) * Math.sqrt(sd.s ** 2 * (1 - g) + ratio ** 2 * sd.n ** 2)
  return clip(centre + (ratio - half) / (1 - g), centre + (ratio + half) / (1 - g), range)
}

const clip = (low: number, high: number, range: Limits): Limits => ({
  low: Math.min(Math.max(low, range.low), range.high),
  high: Math.min(Math.max(high, range.low), range.high),
})

/** Ends of the declared range are written exactly. */
function text(limit: number, edge: number, exactEdge: bigint, grid: number, scale: number): string {
  if (limit === edge) return decimalText(exactEdge * 10n ** BigInt(scale - grid), scale)
  const value = limit * 10 ** -grid
  return limitText(value, scale)
}
