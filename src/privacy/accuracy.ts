import { ceilDiv } from '../base/integer.ts'
import type { NanoRho } from '../base/units.ts'
import { sigma2Of } from './budget.ts'
import { halfWidth } from './interval.ts'

/**
 * The least loss that buys this precision: min{nano : halfWidth(sigma², 95) <= width}, width in grid units. The half-width is that of the discrete law, so a
 * narrow width costs a little less than the textbook's sensitivity² 1.959964²/(2 width²), a wide one the same.
 * Throws RangeError unless sensitivitySquared >= 1 and width >= 0.
 */
export function nanoForHalfWidth(sensitivitySquared: bigint, width: bigint): NanoRho {
  if (sensitivitySquared < 1n)
    throw new RangeError(`nanoForHalfWidth: sensitivity² must be at least 1, got ${sensitivitySquared}`)
  if (width < 0n) throw new RangeError(`nanoForHalfWidth: width must not be negative, got ${width}`)
  const isEnough = (nano: NanoRho): boolean => halfWidth(sigma2Of(sensitivitySquared, nano), 95) <= width
  // By interval.ts, fact (2), sigma = (width + ½)/z is fine enough. |Z| grows with sigma (its likelihood ratio is monotone), so halving finds the least.
  let enough = ceilDiv(2n * zSquared * sensitivitySquared, (2n * width + 1n) ** 2n)
  while (!isEnough(enough)) enough *= 2n
  let tooLittle = 0n
  while (enough - tooLittle > 1n) {
    const middle = (enough + tooLittle) / 2n
    if (isEnough(middle)) enough = middle
    else tooLittle = middle
  }
  return enough
}

/** 1.959964², times 10^9, rounded up: where the search starts. */
const zSquared = 3_841_458_821n
