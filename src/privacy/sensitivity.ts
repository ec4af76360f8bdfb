import { unreachable } from '../base/assert.ts'

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

/** One integer per group that the engine computes and the noise protects. */
export type ChannelPart = 'rows' | 'persons' | 'sum' | 'count' | 'centred' | 'squares'

export interface ChannelSensitivity {
  readonly part: ChannelPart
  /** Square of the L2 sensitivity: an exact integer. */
  readonly sensitivitySquared: bigint
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
    default:
      return unreachable(measure)
  }
}
