import { ceilDiv, maximum } from '../base/integer.ts'
import { decimalText, parseRational } from '../base/rational.ts'
import { halfWidthOfSum, type Level } from '../privacy/interval.ts'
import type { AnswerCell, AnswerDocument } from './document.ts'

/**
 * Intervals of several levels around each value of an answer, from what the receipt says: the noise of each channel is public. Pure, so that a page computes them
 * itself and a receipt stays as it is. Counts and sums: of the discrete law. Everything else (averages, arithmetic): the 95 % interval scaled as the normal law
 * would, which is approximate.
 */
export interface GradedCell {
  readonly method: 'exact' | 'approximate'
  readonly intervals: readonly { readonly level: Level; readonly low: string; readonly high: string }[]
}
/** The noise of a column that shows one count or one sum: its variance in grid units, and the decimal places of the grid. */
export interface ColumnNoise {
  readonly sigma2: string
  readonly scale: number
  /** Of how many independent numbers of this noise it is the sum; 1 if not said. */
  readonly count?: number | undefined
}

const levels: readonly Level[] = [50, 80, 95]
/** Quantile of the level over that of 95 %, times 10^6, rounded up. */
const ofThe95: Readonly<Record<Level, bigint>> = { 50: 344_135n, 80: 653_866n, 95: 1_000_000n }

/** Parts of a release whose one number is what a column shows. A quantile is read off a distribution: that one's noise is not the quantile's. */
export const shownAsReleased: readonly string[] = ['rows', 'persons', 'sum', 'distinct']

/** For each column of an answer its noise, where it is one count or sum. `plan`: the canonical plan of the receipt, parsed. */
export function columnNoise(plan: unknown, method: AnswerDocument['method']): readonly (ColumnNoise | undefined)[] {
  const { outputs, measures } = plan as {
    readonly outputs: readonly { readonly value: readonly unknown[] }[]
    readonly measures: readonly { readonly scale?: number; readonly vectors?: readonly unknown[] }[]
  }
  return outputs.map(({ value: [kind, index, condition] }) => {
    const channels = method.filter((channel) => kind === 'measure' && channel.measure === index)
    const [only] = channels
    if (only?.part === 'cells') {
      const met = measures[only.measure]?.vectors?.filter(
        (vector) => (BigInt(String(vector)) >> BigInt(Number(condition))) & 1n,
      )
      return met && met.length > 0 ? { sigma2: only.sigma2, scale: 0, count: met.length } : undefined
    }
    return only && channels.length === 1 && shownAsReleased.includes(only.part)
      ? { sigma2: only.sigma2, scale: measures[only.measure]?.scale ?? 0 }
      : undefined
  })
}

/** The noise of what the rows show: of a topped up answer that of all its releases together. */
export const shownMethod = ({ method, combined }: AnswerDocument): AnswerDocument['method'] =>
  combined ? method.map((one, index) => ({ ...one, sigma2: combined.channels[index]?.sigma2 ?? one.sigma2 })) : method

/** Undefined for group keys and values without an interval. */
export function gradedCell(cell: AnswerCell, noise: ColumnNoise | undefined): GradedCell | undefined {
  const { value, low, high } = cell
  if (value === null || low === undefined || high === undefined) return undefined
  const sigma2 = noise && cell.interval === 'exact' ? parseRational(noise.sigma2) : undefined
  if (noise && sigma2) {
    const centre = unitsOf(value, noise.scale)
    const intervals = levels.map((level) => {
      const half = halfWidthOfSum(sigma2, noise.count ?? 1, level)
      return { level, low: decimalText(centre - half, noise.scale), high: decimalText(centre + half, noise.scale) }
    })
    return { method: 'exact', intervals }
  }
  const scale = Math.max(...[value, low, high].map(placesOf))
  const [centre, lowest, highest] = [value, low, high].map((text) => unitsOf(text, scale)) as [bigint, bigint, bigint]
  const intervals = levels.map((level) => ({
    level,
    low: decimalText(centre - part(maximum(0n, centre - lowest), level), scale),
    high: decimalText(centre + part(maximum(0n, highest - centre), level), scale),
  }))
  return { method: 'approximate', intervals }
}

/** The rows of an answer with their graded intervals, cell by cell. */
export function gradedAnswer(answer: AnswerDocument, plan: unknown): readonly (readonly (GradedCell | undefined)[])[] {
  const noise = columnNoise(plan, shownMethod(answer))
  return answer.rows.map((row) => row.map((cell, column) => gradedCell(cell, noise[column])))
}

const part = (width: bigint, level: Level): bigint => ceilDiv(width * ofThe95[level], 1_000_000n)
const placesOf = (text: string): number => text.split('.')[1]?.length ?? 0

/** Whole units of a decimal text with at most `scale` places. */
function unitsOf(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(`${whole}${fraction.padEnd(scale, '0')}`)
}
