import type { Text } from '../text.ts'
import type { Cells, Figure } from './answer.ts'

/** Φ⁻¹(0.975). */
export const z95 = 1.959963984540054

/** An estimate with its 95 % interval; undefined when the numbers are too small against the noise. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Σ weight·people and its variance: the cells' noise is independent and equal. */
export interface Sum {
  readonly value: number
  readonly weights: readonly number[]
}
export function sumOf({ cells }: Cells, weight: (cell: Cells['cells'][number]) => number): Sum {
  const weights = cells.map(weight)
  return { value: cells.reduce((sum, { people }, at) => sum + people * (weights[at] ?? 0), 0), weights }
}

export function estimated(sum: Sum, variance: number): Estimate {
  const half = z95 * Math.sqrt(variance * dot(sum.weights, sum.weights))
  return { value: sum.value, low: sum.value - half, high: sum.value + half }
}

/**
 * Numerator over denominator, which may share cells: Fieller's interval (Fieller 1954), the quotients r for which numerator - r·denominator is within 1.96 standard
 * deviations of 0. Undefined when the denominator itself may be 0: then every quotient is possible.
 */
export function ratio(numerator: Sum, denominator: Sum, variance: number): Estimate | undefined {
  const [n, d] = [numerator.value, denominator.value]
  const spread = z95 * z95 * variance
  const nn = spread * dot(numerator.weights, numerator.weights)
  const nd = spread * dot(numerator.weights, denominator.weights)
  const dd = spread * dot(denominator.weights, denominator.weights)
  const a = d * d - dd
  if (d <= 0 || a <= 0) return undefined
  const b = n * d - nd
  const root = Math.sqrt(Math.max(0, b * b - a * (n * n - nn)))
  return { value: n / d, low: (b - root) / a, high: (b + root) / a }
}

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, one, at) => sum + one * (b[at] ?? 0), 0)

/** A figure of an estimate, within what its unit allows. */
export function figure(
  id: string,
  label: Text,
  unit: Figure['unit'],
  estimate: Estimate | undefined,
  more: Pick<Figure, 'group' | 'drawn'> = {},
): Figure {
  if (estimate === undefined || !Number.isFinite(estimate.value))
    return { id, label, unit, value: null, word: 'insufficient', ...more }
  const [least, most] = limits[unit]
  const shown = (value: number): string => decimal(Math.min(most, Math.max(least, value)), places[unit])
  const { value, low, high } = estimate
  return { id, label, unit, value: shown(value), low: shown(low), high: shown(high), word: wordOf(estimate), ...more }
}

/** As on every value of an answer: half-width up to 10 % of the value, up to 50 %, more. */
function wordOf({ value, low, high }: Estimate): Figure['word'] {
  const half = (high - low) / 2
  if (half <= Math.abs(value) * 0.1) return 'solid'
  return half <= Math.abs(value) * 0.5 ? 'rough' : 'noise'
}

const limits: Readonly<Record<Figure['unit'], readonly [number, number]>> = {
  share: [0, 1],
  points: [-1, 1],
  people: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  times: [0, Number.POSITIVE_INFINITY],
  amount: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  probability: [0, 1],
  band: [0, 0],
}
const places: Readonly<Record<Figure['unit'], number>> = {
  share: 4,
  points: 4,
  people: 0,
  times: 2,
  amount: 2,
  probability: 4,
  band: 0,
}

/** Rounded to so many places; -0 is 0. */
export function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text
}
