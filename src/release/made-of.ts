import { ceilDiv, ceilSqrt } from '../base/integer.ts'
import { decimalText, type Rational } from '../base/rational.ts'
import { rhoText } from '../money/amount.ts'
import { deltaText, epsilonText, statedDelta } from '../privacy/accounting.ts'
import type { NoisePlan } from '../privacy/budget.ts'
import type { NoisyExpression, Query } from '../query/query.ts'
import { shownAsReleased } from './graded.ts'

/**
 * What the numbers of one output are made of. Decimal texts throughout. (A type, not an interface: only those are assignable to Json.)
 * Outputs that read the same channel share its noise and its privacy loss: the losses of the columns may add up to more than the release's.
 */
export type MadeOf = {
  /** Places in `method`, or in a quote's `channels`: the released numbers from which the output follows. */
  readonly channels: readonly number[]
  readonly mechanism: 'discrete Gaussian' | 'exponential'
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
      value.kind === 'measure' && only && read.length === 1 && shownAsReleased.includes(only.channel.part)
    return {
      channels: used.map(({ place }) => place),
      mechanism: only?.channel.choice ? 'exponential' : 'discrete Gaussian',
      nano: `${nano}`,
      rho: rhoText(nano),
      delta: `${delta}`,
      epsilon: epsilonText(nano),
      epsilonAtDelta: deltaText(statedDelta(delta)),
      ...(asReleased
        ? { sigma: sigmaText(only.channel.sigma2, query.measures[only.channel.measure]?.scale ?? 0) }
        : {}),
    }
  })
}

/** √sigma2 grid units in the unit of a measure with so many decimals, two digits more, rounded up. */
export const sigmaText = ({ n, d }: Rational, scale: number): string =>
  decimalText(ceilSqrt(ceilDiv(n * 10_000n, d)), scale + 2)

/** Measures that an expression over released values reads. */
export function measuresIn(expression: NoisyExpression): readonly number[] {
  if (expression.kind === 'measure') return [expression.index]
  return expression.kind === 'call' ? expression.args.flatMap(measuresIn) : []
}
