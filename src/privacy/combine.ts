import { assert } from '../base/assert.ts'
import { absolute, ceilDiv, ceilSqrt } from '../base/integer.ts'
import { add, multiply, type Rational, rational } from '../base/rational.ts'
import type { NanoRho } from '../base/units.ts'

/**
 * Several releases of one question, with independent noise, as one: the mean that has the least variance. Post-processing of released integers; no privacy is
 * spent here.
 *
 * With one sensitivity, sigma_i² = sensitivity² 10^9/(2 nano_i), so the weights 1/sigma_i² are in proportion to nano_i, exact integers, and the variance of the
 * mean is 1/Σ(1/sigma_i²) = sensitivity² 10^9/(2 Σ nano_i): what one release of the whole loss would have had. Nothing is lost by buying in two steps.
 */

/** One released number and what was charged for it. */
export interface Part {
  readonly value: bigint
  readonly nano: NanoRho
}

/** The mean weighted by nano, rounded to the nearest whole grid unit, halves away from zero. */
export function combine(parts: readonly Part[]): bigint {
  assert(parts.length > 0 && parts.every(({ nano }) => nano > 0n), 'every part was charged')
  const n = parts.reduce((sum, { value, nano }) => sum + value * nano, 0n)
  const d = parts.reduce((sum, { nano }) => sum + nano, 0n)
  const rounded = (2n * absolute(n) + d) / (2n * d)
  return n < 0n ? -rounded : rounded
}

/** z² of 95 %, and 2 ln 40; times 10^30 and 10^6, rounded up. */
const squaredQuantile = 3841458820694125958361375437363n
const quantileUnit = 10n ** 30n
const twiceLog = 7_377_759n

/**
 * Half-width of a 95 % interval around a mean of discrete Gaussians that was rounded to the grid: W = Σ a_i Z_i, a_i = nano_i/Σ nano, variance
 * v = Σ a_i² sigma_i², and |round(W)| <= w if and only if |W| < w + ½.
 *
 * From sigma_i² = 1 on: the least w >= z√v + ½. Proof. Let N_i be normal with variance sigma_i² and Z_i its quantile coupling. By fact (2) of interval.ts,
 * P(Z >= q) <= Q((q - ½)/sigma) for q >= 1: so where N >= 0, Z <= N + ½. And Σ_{k>=q} f(k) >= ∫_q f, f falling, with fact (1): P(Z >= q) >= Q(q/sigma), so
 * where N >= 0, Z > N - 1. For N < 0 by symmetry. Hence |Z_i - N_i| < 1, |W - Σ a_i N_i| < Σ a_i = 1, and |W| < w + ½ wherever |Σ a_i N_i| <= w - ½; the latter
 * is normal with variance v. A thousandth of a thousandth is added to z² for the 10^-8 of fact (1).
 * Below, from the tail of every subgaussian sum (CKS, Corollary 9): P(|W| >= x) <= 2 exp(-x²/(2v)). ∎
 * A sum of `count` such means, each rounded by itself (cells of one count): from sigma_i² = 1 on the least w >= z√(count v) + 3 count/2, below
 * x + count/2, as every mean adds less than 1 by its coupling and at most ½ by its rounding.
 * Throws RangeError unless there are parts and every variance is positive.
 */
export function combinedHalfWidth(
  parts: readonly { readonly sigma2: Rational; readonly nano: NanoRho }[],
  count = 1,
): bigint {
  const total = parts.reduce((sum, { nano }) => sum + nano, 0n)
  if (total <= 0n || parts.some(({ sigma2, nano }) => sigma2.n <= 0n || nano <= 0n))
    throw new RangeError('combinedHalfWidth: every part has a positive variance and a charge')
  const one = parts
    .map(({ sigma2, nano }) => multiply(rational(nano * nano, total * total), sigma2))
    .reduce(add, rational(0n))
  const k = BigInt(count)
  const v = multiply(one, rational(k))
  if (parts.some(({ sigma2 }) => sigma2.n < sigma2.d))
    return ceilSqrt(ceilDiv(twiceLog * v.n, 1_000_000n * v.d)) + (k > 1n ? ceilDiv(k, 2n) : 0n)
  // 2w - 1 >= 2 z √v.
  const squared = ceilDiv(4n * squaredQuantile * 1_000_001n * v.n, quantileUnit * 1_000_000n * v.d)
  if (k > 1n) return ceilDiv(ceilSqrt(squared) + 3n * k, 2n)
  return (ceilSqrt(squared) + 2n) / 2n
}
