import { ceilDiv, minimum } from '../base/integer.ts'
import { decimalText } from '../base/rational.ts'
import { halfWidthOfSum } from '../privacy/interval.ts'
import type { Measure } from '../query/query.ts'
import { cellsUnder } from './made-of.ts'
import type { Priced } from './way/market.ts'

/** What public facts alone say of an output's relative error: N^, the declared groups, the bounds. Never what the data say. */
export type Expected = {
  readonly output: string
  /** Half-width of 95 %, the unit of the output. */
  readonly halfWidth95: string
  /** What a group holds when all N^ people are spread evenly over the groups and each counts with all that the bound allows. */
  readonly evenShare: string
  /** halfWidth95 / evenShare, in percent: the least that is to be expected in a typical group. */
  readonly atLeastPercent: string
  /** Above 30 %: says so before anybody pays. */
  readonly warning: string | undefined
}

/** From which the error of a group is called noise before paying, percent. */
const warnAbove = 30n

/**
 * Counts and sums only: the width of an average depends on how many rows are in a group, which nobody may know in advance.
 * A filter, an uneven spread or people who stay under the bound make the error larger than said here, never smaller in a typical group.
 */
export function expectedErrors(
  question: Pick<Priced, 'query' | 'noise' | 'cells' | 'upperBound'>,
): readonly Expected[] {
  const { query, noise, cells, upperBound } = question
  // Of open keys nobody knows how many groups there are.
  if (cells === undefined) return []
  return query.outputs.flatMap(({ name, value }) => {
    if (value.kind !== 'measure') return []
    const measure = query.measures[value.index] as Measure
    const [channel] = noise.channels.filter((one) => one.measure === value.index)
    if (
      measure.kind === 'average' ||
      measure.kind === 'variance' ||
      measure.kind === 'mean' ||
      measure.kind === 'distribution' ||
      measure.kind === 'distinct' ||
      measure.kind === 'bound' ||
      !channel
    )
      return []
    const width = halfWidthOfSum(channel.sigma2, cellsUnder(measure, value), 95)
    const perPerson = query.groups.every((group) => group.perPerson)
    const everybody = upperBound * most(measure, perPerson ? 1n : BigInt(cells))
    const share = everybody / BigInt(cells)
    const percent = share > 0n ? ceilDiv(width * 100n, share) : undefined
    const noisy = percent === undefined || percent > warnAbove
    const shown = decimalText(share, measure.scale)
    return [
      {
        output: name,
        halfWidth95: decimalText(width, measure.scale),
        evenShare: shown,
        atLeastPercent: percent === undefined ? 'over 100' : `${percent}`,
        warning: noisy
          ? `Spread evenly over ${cells} group${cells === 1 ? '' : 's'}, "${name}" would be at most about ${shown} in each; ±${decimalText(width, measure.scale)} is ${percent === undefined ? 'more than all' : `${percent} %`} of that. Ask for fewer groups, or with more precision.`
          : undefined,
      },
    ]
  })
}

/** The most that one person can add over all groups. */
function most(
  measure: Exclude<Measure, { readonly kind: 'average' | 'variance' | 'mean' | 'distribution' | 'distinct' | 'bound' }>,
  cells: bigint,
): bigint {
  if (measure.kind === 'cells') return 1n
  if (measure.kind === 'persons') return minimum(measure.maxGroups, cells)
  return measure.kind === 'rows' ? measure.maxRows : measure.maxSum
}
