import { assert } from '../base/assert.ts'
import { ceiling, decimalText, type Rational, rational } from '../base/rational.ts'
import { type NanoRho, nanoPerRho, type PicoDelta } from '../base/units.ts'

/**
 * What a loss in zero-concentrated differential privacy (rho) means in the older (epsilon, delta). The ledger holds integers only; the doubles
 * here are for display and round against the house: epsilon and delta never below, rho never above the value of the formula.
 *
 * Source: Canonne, Kamath, Steinke 2020 (arXiv 2004.00010), Corollary 13: rho-zCDP implies (epsilon, delta)-DP for every alpha > 1 with
 *   delta = exp((alpha - 1)(alpha rho - epsilon)) (1 - 1/alpha)^alpha / (alpha - 1).
 * Every alpha gives a valid bound, so an error in the search for the best one costs tightness only. Below, beta = alpha - 1.
 */

/** A privacy loss: approximate zCDP, whose rho and delta both add up (Bun and Steinke 2016, Lemma 8.2). */
export interface Loss {
  readonly nano: NanoRho
  readonly delta: PicoDelta
}

/** The delta at which epsilon is shown: 10^-9. */
export const conversionDelta: PicoDelta = 1000n

/** The delta at which epsilon is stated of something that itself was charged so much delta: both together. */
export const statedDelta = (delta: PicoDelta): PicoDelta => conversionDelta + delta

/** Exact decimal text: deltaText(1000n) is "0.000000001". */
export const deltaText = (delta: PicoDelta): string => decimalText(delta, 12).replace(/\.?0+$/, '')

/** Sum of losses: sequential, fully adaptive composition. */
export function totalLoss(losses: Iterable<Loss>): Loss {
  let nano = 0n
  let delta = 0n
  for (const loss of losses) {
    assert(loss.nano >= 0n && loss.delta >= 0n, 'a loss is never negative')
    nano += loss.nano
    delta += loss.delta
  }
  return Object.freeze({ nano, delta })
}

/** Nano-rho to be charged for rho: rounded up. */
export const nanoOf = (rho: Rational): NanoRho => ceiling(rational(rho.n * nanoPerRho, rho.d))

/**
 * The least epsilon (rounded up) such that rho-zCDP implies (epsilon, delta)-DP. Doubles, for display; throws RangeError unless
 * rho >= 0 is finite and 0 < delta < 1.
 */
export function rhoToEps(rho: number, delta: number): number {
  if (!(rho >= 0 && rho < Number.POSITIVE_INFINITY))
    throw new RangeError(`rhoToEps: rho must be at least 0, got ${rho}`)
  if (!(delta > 0 && delta < 1)) throw new RangeError(`rhoToEps: delta must be between 0 and 1, got ${delta}`)
  if (rho === 0) return 0
  const logDelta = Math.log(delta)
  // The derivative of epsilon by beta is positive exactly where rho > -ln((1 + beta) delta) / beta².
  const beta = firstWhere((b) => rho > -(Math.log1p(b) + logDelta) / (b * b))
  const whole = (1 + beta) * rho
  const rest = [-logDelta, beta * logShare(beta), -Math.log1p(beta)]
  const epsilon = whole + sum(rest) / beta
  return Math.max(0, epsilon + rounding * (whole + sum(rest.map(Math.abs)) / beta))
}

/** The largest rho (rounded down) that implies (epsilon, delta)-DP. Throws RangeError unless epsilon >= 0 is finite and 0 < delta < 1. */
export function epsToRho(epsilon: number, delta: number): number {
  if (!(epsilon >= 0 && epsilon < Number.POSITIVE_INFINITY))
    throw new RangeError(`epsToRho: epsilon must be at least 0, got ${epsilon}`)
  if (!(delta > 0 && delta < 1)) throw new RangeError(`epsToRho: delta must be between 0 and 1, got ${delta}`)
  let low = 0
  let high = epsilon + 1
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2
    if (rhoToEps(middle, delta) <= epsilon) low = middle
    else high = middle
  }
  return low
}

/** The least delta (rounded up) such that rho-zCDP implies (epsilon, delta)-DP. Throws RangeError unless rho > 0 and epsilon >= 0 are finite. */
export function deltaOf(rho: number, epsilon: number): number {
  if (!(rho > 0 && rho < Number.POSITIVE_INFINITY)) throw new RangeError(`deltaOf: rho must be positive, got ${rho}`)
  if (!(epsilon >= 0 && epsilon < Number.POSITIVE_INFINITY))
    throw new RangeError(`deltaOf: epsilon must be at least 0, got ${epsilon}`)
  // Half the derivative of ln delta by beta: (1 + 2 beta) rho - epsilon + ln(beta / (1 + beta)), which grows with beta.
  const beta = firstWhere((b) => (1 + 2 * b) * rho - epsilon + logShare(b) > 0)
  const parts = [beta * (1 + beta) * rho, -beta * epsilon, (1 + beta) * logShare(beta), -Math.log(beta)]
  return Math.min(1, Math.exp(sum(parts) + rounding * sum(parts.map(Math.abs))))
}

/** Epsilon (rounded up) of a loss: at `conversionDelta` plus the loss's own delta. */
export const epsilonOf = (loss: Loss, conversion: PicoDelta = conversionDelta): number =>
  rhoToEps(Number(loss.nano) / 1e9, Number(conversion) / 1e12)

/** Epsilon to three significant digits, rounded up, for people to read: epsilonText(50_000_000n, 1000n) is "1.89". */
export function epsilonText(nano: NanoRho, delta: PicoDelta = conversionDelta): string {
  const epsilon = epsilonOf({ nano, delta: 0n }, delta)
  if (epsilon === 0) return '0'
  const decimals = Math.min(12, Math.max(0, 2 - Math.floor(Math.log10(epsilon))))
  return (Math.ceil(epsilon * 10 ** decimals) / 10 ** decimals).toFixed(decimals)
}

/** Relative error of a sum of a few doubles, each right to some units in the last place: 2^-53 is 1.1e-16. */
const rounding = 1e-14

/** ln(beta / (1 + beta)) = ln(1 - 1/alpha), without cancellation at either end. */
const logShare = (beta: number): number => (beta < 1 ? Math.log(beta) - Math.log1p(beta) : -Math.log1p(1 / beta))

const sum = (terms: readonly number[]): number => terms.reduce((total, term) => total + term, 0)

/** The least positive double, nearly, where a predicate that turns from false to true holds. */
function firstWhere(holds: (beta: number) => boolean): number {
  let high = 1
  while (!holds(high)) high *= 2
  let low = high / 2
  while (low > Number.MIN_VALUE && holds(low)) low /= 2
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
