import { unreachable } from '../base/assert.ts'
import { rootColumn } from '../base/prefix-sums.ts'

/**
 * The bound of one measure: the most that one person's whole record can put into it, enforced by the bounded statement that the engine runs.
 * Amounts are in grid units.
 */
export type MeasureBound =
  /** Rows, at most maxRows of one person over all groups together. */
  | { readonly kind: 'rows'; readonly maxRows: bigint }
  /** 1 in each of at most maxGroups groups. */
  | { readonly kind: 'persons'; readonly maxGroups: bigint }
  /** Amounts by group whose L2 norm over all groups is at most maxSum. */
  | { readonly kind: 'sum'; readonly maxSum: bigint }
  /** Rows as above, and the sum of those rows' distances from the centre, each at most halfRange. */
  | { readonly kind: 'average'; readonly maxRows: bigint; readonly halfRange: bigint }
  /** The same, and the sum of the squares of those distances less ⌊halfRange²/2⌋, each at most ⌈halfRange²/2⌉. */
  | { readonly kind: 'variance'; readonly maxRows: bigint; readonly halfRange: bigint }

  /** 1, and a mean within halfRange of the centre, in each of at most maxGroups groups. */
  | { readonly kind: 'mean'; readonly maxGroups: bigint; readonly halfRange: bigint }
  /** 1 in at most one cell of one group; counted in `shares` outputs, whose shares of rho it has together. */
  | { readonly kind: 'cells'; readonly conditions: readonly unknown[]; readonly vectors: readonly bigint[] }
  /** Pairs of group and value, at most maxValues of one person over all groups; then each group's different values are counted. */
  | { readonly kind: 'distinct'; readonly maxValues: bigint }
  /** One bin of so many in each of at most maxGroups groups; released as C'x (base/prefix-sums.ts). */
  | { readonly kind: 'distribution'; readonly maxGroups: bigint; readonly bins: number }
  /** How many people are above each edge of a public list up to `declared`; one edge is chosen (exponential.ts), no number is released. */
  | { readonly kind: 'bound'; readonly declared: bigint }

/** One integer per group that the engine computes and the noise protects. */
export type ChannelPart =
  | 'rows'
  | 'persons'
  | 'sum'
  | 'count'
  | 'centred'
  | 'squares'
  | 'distribution'
  | 'distinct'
  | 'bound'
  | 'cells'

export interface ChannelSensitivity {
  readonly part: ChannelPart
  /** Square of the L2 sensitivity: an exact integer. */
  readonly sensitivitySquared: bigint
  /** How many integers of each group the channel is; 1 if not said. */
  readonly width?: number | undefined
  /** Nothing of it is released but a choice from the public list up to this bound. */
  readonly chosenUpTo?: bigint | undefined
  /** How many equal shares of rho it is given; 1 if not said. */
  readonly shares?: bigint | undefined
}

/**
 * The channels of a measure, in the order in which the engine gives them.
 * Claim: adding or removing all records of one person changes the channel's vector over all groups by at most √sensitivitySquared in L2 norm, provided
 * that each person's contribution is bounded as MeasureBound says. It does not depend on the number of groups.
 * Argument for bounding the whole record: ./sensitivity.proof.md (differential-privacy.md 3.5).
 */
export function channelsOf(measure: MeasureBound): readonly ChannelSensitivity[] {
  switch (measure.kind) {
    case 'rows':
      return [{ part: 'rows', sensitivitySquared: measure.maxRows ** 2n }]
    case 'persons':
      return [{ part: 'persons', sensitivitySquared: measure.maxGroups }]
    case 'sum':
      return [{ part: 'sum', sensitivitySquared: measure.maxSum ** 2n }]
    case 'average':
      return [
        { part: 'count', sensitivitySquared: measure.maxRows ** 2n },
        { part: 'centred', sensitivitySquared: (measure.maxRows * measure.halfRange) ** 2n },
      ]
    case 'variance':
      return [
        { part: 'count', sensitivitySquared: measure.maxRows ** 2n },
        { part: 'centred', sensitivitySquared: (measure.maxRows * measure.halfRange) ** 2n },
        { part: 'squares', sensitivitySquared: (measure.maxRows * ((measure.halfRange ** 2n + 1n) / 2n)) ** 2n },
      ]
    case 'mean':
      return [
        { part: 'count', sensitivitySquared: measure.maxGroups },
        { part: 'centred', sensitivitySquared: measure.maxGroups * measure.halfRange ** 2n },
      ]
    case 'cells':
      return [
        {
          part: 'cells',
          sensitivitySquared: 1n,
          width: measure.vectors.length,
          shares: BigInt(measure.conditions.length),
        },
      ]
    case 'distinct':
      return [{ part: 'distinct', sensitivitySquared: measure.maxValues ** 2n }]
    case 'distribution':
      return [
        {
          part: 'distribution',
          sensitivitySquared: measure.maxGroups * squared(rootColumn(measure.bins)),
          width: measure.bins,
        },
      ]
    case 'bound':
      // Each person moves each of the numbers by at most 1: what the mechanism asks for (exponential.ts). Not a length over all of them.
      return [{ part: 'bound', sensitivitySquared: 1n, chosenUpTo: measure.declared }]
    default:
      return unreachable(measure)
  }
}

const squared = (column: readonly bigint[]): bigint => column.reduce((sum, c) => sum + c * c, 0n)
