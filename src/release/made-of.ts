import { ceilDiv, ceilSqrt } from '../base/integer.ts'
import { rootUnit } from '../base/prefix-sums.ts'
import { decimalText, multiply, type Rational, rational } from '../base/rational.ts'
import { rhoText } from '../money/amount.ts'
import { deltaText, epsilonText, statedDelta } from '../privacy/accounting.ts'
import type { Channel, NoisePlan } from '../privacy/budget.ts'
import type { NoisyExpression, Query } from '../query/query.ts'
import { shownAsReleased } from './graded.ts'

/** Noise is added, or one of a public list is chosen. */
export type Mechanism = 'discrete Gaussian' | 'exponential'
export const mechanismOf = ({ choice }: Channel): Mechanism => (choice ? 'exponential' : 'discrete Gaussian')

/**
 * What the numbers of one output are made of. Decimal texts throughout. (A type, not an interface: only those are assignable to Json.)
 * Outputs that read the same channel share its noise and its privacy loss: the losses of the columns may add up to more than the release's.
 */
export type MadeOf = {
  /** Places in `method`, or in a quote's `channels`: the released numbers from which the output follows. */
  readonly channels: readonly number[]
  readonly mechanism: Mechanism
  /** Privacy loss of these channels together, nano-rho and rho. */
  readonly nano: string
  readonly rho: string
  /** Of the choice of groups, where there is one: in units of 10^-12. */
  readonly delta: string
  /** The same loss as epsilon, at `epsilonAtDelta`. */
  readonly epsilon: string
  readonly epsilonAtDelta: string
  /** Standard deviation of the noise in the output's unit, rounded up; undefined where the output is derived and not one released number as it is. */
  readonly sigma?: string | undefined
}

/** Output by output; undefined for group keys and constants, which have no noise. */
export function madeOf(query: Pick<Query, 'outputs' | 'measures'>, noise: NoisePlan): readonly (MadeOf | undefined)[] {
  const { selection } = noise
  const delta = selection?.delta ?? 0n
  return query.outputs.map(({ value }) => {
    const measures = new Set(measuresIn(value))
    if (measures.size === 0) return undefined
    const placed = noise.channels.map((channel, place) => ({ channel, place }))
    const read = placed.filter(({ channel }) => measures.has(channel.measure))
    // In which rows an output stands tells of the count that chose them.
    const used = placed.filter((one) => read.includes(one) || one.place === selection?.channel)
    const nano = used.reduce((sum, { channel }) => sum + channel.nano, 0n)
    const [only] = read
    const asReleased =
      value.kind === 'measure' && only && read.length === 1 && [...shownAsReleased, 'cells'].includes(only.channel.part)
    const measure = query.measures[only?.channel.measure ?? 0]
    const count = value.kind === 'measure' ? BigInt(cellsUnder(measure, value)) : 1n
    return {
      channels: used.map(({ place }) => place),
      mechanism: only ? mechanismOf(only.channel) : 'discrete Gaussian',
      nano: `${nano}`,
      rho: rhoText(nano),
      delta: `${delta}`,
      epsilon: epsilonText(nano),
      epsilonAtDelta: deltaText(statedDelta(delta)),
      ...(asReleased ? { sigma: channelSigma(only.channel, query, count) } : {}),
    }
  })
}

/** Of how many released numbers a shown one is the sum. */
export function cellsUnder(
  measure: Query['measures'][number] | undefined,
  { condition = 0 }: Extract<NoisyExpression, { kind: 'measure' }>,
): number {
  if (measure?.kind !== 'cells') return 1
  return Math.max(1, measure.vectors.filter((vector) => (vector >> BigInt(condition)) & 1n).length)
}

/**
 * The standard deviation of a channel's noise in the unit of what it counts or adds up: rows, people, an amount or (squares) its square; of the sum of so many
 * numbers of it, if said.
 */
export function channelSigma(
  { part, sigma2: each, measure }: Channel,
  { measures }: Pick<Query, 'measures'>,
  count = 1n,
): string {
  const sigma2 = multiply(each, rational(count))
  const scale = measures[measure]?.scale ?? 0
  switch (part) {
    case 'sum':
    case 'centred':
      return sigmaText(sigma2, scale)
    case 'squares':
      return sigmaText(sigma2, 2 * scale)
    case 'distribution':
      return sigmaText(rational(sigma2.n, sigma2.d * rootUnit ** 2n), 0)
    default:
      return sigmaText(sigma2, 0)
  }
}

/** √sigma2 grid units in the unit of a measure with so many decimals, two digits more, rounded up. */
const sigmaText = ({ n, d }: Rational, scale: number): string =>
  decimalText(ceilSqrt(ceilDiv(n * 10_000n, d)), scale + 2)

/** Measures that an expression over released values reads. */
export function measuresIn(expression: NoisyExpression): readonly number[] {
  if (expression.kind === 'measure') return [expression.index]
  return expression.kind === 'call' ? expression.args.flatMap(measuresIn) : []
}
