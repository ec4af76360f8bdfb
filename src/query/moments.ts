import type { Measure } from './query.ts'

/**
 * A variance is measured by three integers of each group: kept rows n, S = Σ d and T = Σ (d² - h), where d is the distance from the centre, |d| <= U,
 * and h = ⌊U²/2⌋. As d² lies in [0, U²], |d² - h| <= U² - h = ⌈U²/2⌉: half of what the squares themselves would need, at the price of nothing.
 */
export const squareCentre = (halfRange: bigint): bigint => (halfRange * halfRange) / 2n
export const squareRange = (halfRange: bigint): bigint => halfRange * halfRange - squareCentre(halfRange)

/** How many integers of each group a measure is. */
export const channelsIn = (measure: Measure): number =>
  measure.kind === 'mean'
    ? 2
    : measure.kind === 'cells'
      ? measure.vectors.length
      : measure.kind === 'distribution'
        ? measure.bins
        : measure.kind === 'variance'
          ? 3
          : measure.kind === 'average'
            ? 2
            : 1
