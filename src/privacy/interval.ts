import { ceilDiv, ceilSqrt } from '../base/integer.ts'
import { add, approximate, compare, divide, multiply, type Rational } from '../base/rational.ts'
import { normalTail } from './normal.ts'

/**
 * What the discrete Gaussian N_Z(0, sigma²) does, in numbers for people: widths, tails, thresholds. All of it follows from the public sigma² alone.
 * The noise itself is made elsewhere, in exact integers (discrete-gaussian.ts).
 *
 * Two facts carry the large scales, with f(x) = exp(-x²/(2 sigma²)) and N = sum of f over the integers:
 * (1) N > sigma √(2π), by Poisson summation, and from sigma² = 1 on the two differ by less than 10^-8 relatively, from sigma² = 2 on by less than 10^-16.
 * (2) f is concave within sigma of 0 and convex beyond. Where f is convex, f(k) is at most its integral over [k - ½, k + ½]; where concave, at least.
 *     So for every w >= 0: P(|Z| <= w) >= P(|N(0, sigma²)| <= w + ½), up to the difference in (1). (If w + ½ >= sigma bound the outer sum from above,
 *     else the inner sum from below.) Hence P(Z >= q) <= Q((q - ½)/sigma) for q >= 1.
 */

/** How often, in percent, an interval of this half-width covers the exact bounded answer. */
export type Level = 95 | 80 | 50

/** z² of each level, times 10^30, rounded up. z is the (1 + level)/2 quantile of the normal law. */
const squaredQuantile: Readonly<Record<Level, bigint>> = {
  95: 3841458820694125958361375437363n,
  80: 1642374415149816386774307613103n,
  50: 454936423119572751942516646980n,
}
const quantileUnit = 10n ** 30n

/** Up to sigma = 1000 sums are taken term by term. */
const summedUpTo = 1_000_000n
/** Covers the rounding of sums of some thousand doubles and of their exponents. */
const slack = 1e-11

/**
 * Half-width of the interval: min{w : P(|Z| <= w) >= level}, in units of the grid. Up to sigma = 1000 by summing the law itself, beyond by fact (2)
 * in exact integers. Never too small; at most 1 too large, and that only beyond sigma = 1000 for fewer than one scale in 10,000.
 * Throws RangeError unless sigma² > 0.
 */
export function halfWidth(sigma2: Rational, level: Level): bigint {
  requirePositive(sigma2)
  if (exceeds(sigma2, summedUpTo)) {
    // The least w with (2w + 1)² >= 4 z² sigma².
    const least = ceilSqrt(ceilDiv(4n * squaredQuantile[level] * sigma2.n, quantileUnit * sigma2.d))
    return least / 2n
  }
  const s2 = approximate(sigma2)
  const enough = (level / 100) * normaliser(s2) * (1 + slack)
  let covered = 1
  let w = 0
  while (covered < enough) {
    w++
    covered += 2 * Math.exp((-w * w) / (2 * s2))
  }
  return BigInt(w)
}

/**
 * The same for a sum of `count` independent such noises. From sigma² = 4 on that is N_Z(0, count sigma²) to 16 digits: adding one more, v of gapProbability is
 * at least sigma²/2, so the laws differ by less than count 2 exp(-pi² sigma²), relatively. Below, the law itself is convolved.
 */
export function halfWidthOfSum(sigma2: Rational, count: number, level: Level): bigint {
  requirePositive(sigma2)
  if (count === 1 || exceeds(sigma2, 4n)) return halfWidth(multiply(sigma2, { n: BigInt(count), d: 1n }), level)
  // Beyond 40 a variance up to 4 has no mass that counts.
  const reach = 40
  const one = Array.from({ length: 2 * reach + 1 }, (_, index) => pmf(sigma2, BigInt(index - reach)))
  let law = [1]
  for (let added = 0; added < count; added++) law = convolved(law, one)
  const middle = (law.length - 1) / 2
  const enough = (level / 100) * (1 + slack)
  let covered = law[middle] as number
  let w = 0
  while (covered < enough && w < middle) {
    w++
    covered += 2 * (law[middle + w] as number)
  }
  return BigInt(w)
}

function convolved(a: readonly number[], b: readonly number[]): number[] {
  const sum = new Array<number>(a.length + b.length - 1).fill(0)
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) sum[i + j] = (sum[i + j] as number) + x * y
  return sum
}

/** P(Z = x), to about twelve digits. */
export function pmf(sigma2: Rational, x: bigint): number {
  requirePositive(sigma2)
  const s2 = approximate(sigma2)
  const distance = Number(x)
  return Math.exp((-distance * distance) / (2 * s2)) / normaliser(s2)
}

/**
 * P(Z >= q) of the discrete law for q >= 1, rounded up: never below the true value. Within 10^-10 of it, relatively, up to sigma = 1000; beyond, by fact
 * (2), larger by at most a factor 1 + (1 + z²)/(20 sigma²) with z = q/sigma. The continuous tail at q is smaller than the true value: using it would break
 * a threshold's promise. Throws RangeError unless sigma² > 0 and q >= 1.
 */
export function tail(sigma2: Rational, q: bigint): number {
  requirePositive(sigma2)
  if (q < 1n) throw new RangeError(`tail: q must be at least 1, got ${q}`)
  const s2 = approximate(sigma2)
  if (exceeds(sigma2, summedUpTo)) return Math.min(0.5, roundUp(normalTail((Number(q) - 0.5) / Math.sqrt(s2))))
  return roundUp(sumFrom(Number(q), 2 * s2, 1) / normaliser(s2))
}

/**
 * Probability that noise alone makes two noisy values, equal in truth and with independent noise of these variances, differ by `gap` or more (all in the same
 * grid units). With a, b the variances and v = a b/(a + b), their difference D has P(D = d) proportional to exp(-d²/(2 (a + b))) c(d), where c(d) is the sum over
 * the integers x of exp(-(x - d a/(a + b))²/(2 v)) [complete the square]; by Poisson summation c varies by less than 2 exp(-2 pi² v), relatively. So from
 * v = 2 on D is N_Z(0, a + b) to 16 digits; below, the smaller noise (variance under 4) is summed term by term against the tail of the other.
 * Accuracy: that of `tail`; never below the true value as long as both scales are up to 1000, else within 10^-7 of it. Throws RangeError unless both are positive.
 */
export function gapProbability(sigma2A: Rational, sigma2B: Rational, gap: bigint): number {
  requirePositive(sigma2A)
  requirePositive(sigma2B)
  if (gap <= 0n) return 1
  const together = add(sigma2A, sigma2B)
  if (exceeds(divide(multiply(sigma2A, sigma2B), together), 2n)) return Math.min(1, 2 * tail(together, gap))
  const [small, large] = compare(sigma2A, sigma2B) < 0 ? [sigma2A, sigma2B] : [sigma2B, sigma2A]
  let half = 0
  // Beyond 80 a variance under 4 has no mass that counts, however far out the gap is: what is larger than 10^-300 has its bulk within.
  for (let x = -80n; x <= 80n; x++) half += pmf(small, x) * tailFrom(large, gap - x)
  return Math.min(1, 2 * half * (1 + 4 * slack))
}

/** P(Z >= q) for every whole q. */
const tailFrom = (sigma2: Rational, q: bigint): number => (q > 0n ? tail(sigma2, q) : 1 - tail(sigma2, 1n - q))

/**
 * The least noisy count of people at which a group of an open domain may appear: 1 + min{q : P(Z >= q) <= 1 - (1 - delta)^(1/l0)}.
 * Then all groups (at most l0) that hold one person only stay hidden with probability at least 1 - delta. Throws RangeError out of range.
 * Source: differential privacy by thresholding, in the form of OpenDP's and Google's libraries, with the exact tail of the discrete law.
 */
export function threshold(sigma2: Rational, l0: number, delta: number): bigint {
  if (!(Number.isSafeInteger(l0) && l0 >= 1))
    throw new RangeError(`threshold: l0 must be a whole number from 1, got ${l0}`)
  if (!(delta > 0 && delta < 1)) throw new RangeError(`threshold: delta must be between 0 and 1, got ${delta}`)
  const allowed = -Math.expm1(Math.log1p(-delta) / l0) * (1 - slack)
  let hidden = 0n
  let shown = 1n
  while (tail(sigma2, shown) > allowed) {
    hidden = shown
    shown *= 2n
  }
  while (shown - hidden > 1n) {
    const middle = (shown + hidden) / 2n
    if (tail(sigma2, middle) <= allowed) shown = middle
    else hidden = middle
  }
  return 1n + shown
}

/** N: the sum of exp(-k²/(2 s2)) over all integers k. From 1 on by Poisson summation, where two terms are enough. */
export function normaliser(s2: number): number {
  if (s2 < 1) return 1 + 2 * sumFrom(1, 2 * s2, 1)
  return Math.sqrt(2 * Math.PI * s2) * (1 + 2 * Math.exp(-2 * Math.PI ** 2 * s2))
}

/** Sum of exp(-x²/scale) over x = first, first + step, first + 2 step, …, until terms no longer count. */
function sumFrom(first: number, scale: number, step: number): number {
  let total = 0
  for (let x = first; ; x += step) {
    const term = Math.exp((-x * x) / scale)
    total += term
    if (term <= total * 1e-19) return total
  }
}

const roundUp = (probability: number): number => probability * (1 + slack) + Number.MIN_VALUE

const exceeds = (a: Rational, limit: bigint): boolean => a.n > limit * a.d

function requirePositive(sigma2: Rational): void {
  if (sigma2.n <= 0n || sigma2.d <= 0n) throw new RangeError(`sigma² must be positive, got ${sigma2.n}/${sigma2.d}`)
}
