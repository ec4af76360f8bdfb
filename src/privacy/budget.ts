import { assert } from '../base/assert.ts'
import { ceilDiv, ceilSqrt, floorDiv, isqrt, maximum } from '../base/integer.ts'
import { type Rational, rational } from '../base/rational.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { type NanoRho, nanoPerRho, type PicoDelta } from '../base/units.ts'
import { boundChoice, type Choice } from './exponential.ts'
import { threshold } from './interval.ts'
import { type ChannelPart, channelsOf, type MeasureBound } from './sensitivity.ts'

/** The noise of one release: what each channel gets of its rho, and the exact variance parameter that follows. */
export interface NoisePlan {
  readonly nano: NanoRho
  /** In the order in which the engine gives them: measure by measure, for an average the count before the centred sum. */
  readonly channels: readonly Channel[]
  /** How the groups of open keys are chosen; undefined where every group of a public domain is released. */
  readonly selection?: SelectionPlan | undefined
}
/** Thresholding: a group appears when its noisy count of people is at least `threshold` (noise.ts). */
export interface SelectionPlan {
  /** Index of the channel that counts people. */
  readonly channel: number
  /** L0: in how many groups one person counts at most. */
  readonly maxGroups: bigint
  readonly threshold: bigint
  readonly delta: PicoDelta
  readonly hidden: boolean
}
/** What the query says of it: which measure counts, in how many groups of one person, and whether anybody asked for that count. */
export interface SelectionBound {
  readonly measure: number
  readonly maxGroups: bigint
  readonly hidden: boolean
  /** k: a group of fewer people is not to appear; compared with the noisy count alone. */
  readonly minimumCohort?: bigint | undefined
}

/** What one release of open groups adds to everybody's delta: 10^-9 (differential-privacy.md section 2). */
export const selectionDelta: PicoDelta = 1000n
export interface Channel {
  /** Index of the measure in the query. */
  readonly measure: number
  readonly part: ChannelPart
  readonly nano: NanoRho
  readonly sensitivitySquared: bigint
  readonly sigma2: Rational
  /** How many integers of each group have this noise; 1 if not said. */
  readonly width?: number | undefined
  /** The exponential mechanism chooses instead of noise being added; then sigma2 is 0. */
  readonly choice?: Choice | undefined
  /** How many equal shares of rho it has; 1 if not said. */
  readonly shares?: bigint | undefined
}

/** How many integers of each group are released. */
export const widthOf = (plan: NoisePlan): number => plan.channels.reduce((sum, { width = 1 }) => sum + width, 0)

/**
 * Splits rho equally over the channels (equal relative error; counts pooled into cells have their shares together) and derives each channel's noise. The parts
 * add up to `nano` exactly. With a selection its count has half of rho where the question asks for it and a quarter where not, the others share the rest
 * (section 2, default split).
 * Promise: with independent noise N_Z(0, sigma2) on every cell of every channel the release is rho-zCDP, rho = nano 10^-9, for neighbours that differ in one
 * person's whole record (Canonne, Kamath, Steinke 2020, Theorem 14: Σ sensitivity²/(2 sigma²) over the channels is rho).
 * Refuses privacy.rho_out_of_range when a channel would get less than 1 nano-rho, privacy.bound_missing when a bound is not positive.
 */
export function noisePlan(
  measures: readonly MeasureBound[],
  nano: NanoRho,
  selection?: SelectionBound | undefined,
): Outcome<NoisePlan> {
  const parts = measures.flatMap((bound, measure) => channelsOf(bound).map((channel) => ({ measure, ...channel })))
  assert(parts.length > 0, 'a query has at least one measure')
  if (parts.some((part) => part.sensitivitySquared <= 0n))
    return refuse(
      'privacy.bound_missing',
      'the bound of one person is not a positive amount, so no noise follows from it',
      {
        hint: 'the steward declares a positive bound, and a range whose ends differ',
      },
    )
  const counted = selection && parts.findIndex(({ measure }) => measure === selection.measure)
  const wanted =
    counted === undefined
      ? parts.map((part) => part.shares ?? 1n)
      : selectingShares(parts.length, counted, selection?.hidden === true)
  const shares = splitNano(maximum(0n, nano), wanted)
  const least = parts.reduce((sum, part) => sum + (part.shares ?? 1n), 0n)
  if (nano < least || shares.some((share) => share < 1n))
    return refuse('privacy.rho_out_of_range', `${nano} nano-rho is too little for ${least} released numbers`, {
      hint: `at least ${least} nano-rho: one for each count and sum, two for each average, three for each variance, one for each distribution`,
    })
  const channels = parts.map((part, index) => {
    const share = shares[index] as NanoRho
    const { chosenUpTo, ...channel } = part
    if (chosenUpTo !== undefined)
      return Object.freeze({ ...channel, nano: share, sigma2: rational(0n), choice: boundChoice(chosenUpTo, share) })
    return Object.freeze({ ...channel, nano: share, sigma2: sigma2Of(part.sensitivitySquared, share) })
  })
  if (!selection || counted === undefined) return accept(Object.freeze({ nano, channels: Object.freeze(channels) }))
  const sigma2 = channels[counted]?.sigma2
  assert(
    sigma2 && channels[counted]?.sensitivitySquared === selection.maxGroups,
    'what selects counts each person once',
  )
  const chosen = Object.freeze({
    channel: counted,
    maxGroups: selection.maxGroups,
    threshold: thresholdOf(sigma2, selection),
    delta: selectionDelta,
    hidden: selection.hidden,
  })
  return accept(Object.freeze({ nano, channels: Object.freeze(channels), selection: chosen }))
}

/** A selecting count among m others has as much as all of them (asked for) or a third of that (hidden); alone it has everything. */
function selectingShares(parts: number, counted: number, hidden: boolean): readonly bigint[] {
  if (parts === 1) return [1n]
  const others = BigInt(parts - 1)
  return Array.from({ length: parts }, (_, index) => (index === counted ? others : hidden ? 3n : 1n))
}

/** tau, or more where a smallest number of people is demanded: k and 1.645 sigma, so that fewer than k people pass in one of twenty cases at most. */
function thresholdOf(sigma2: Rational, { maxGroups, minimumCohort }: SelectionBound): bigint {
  const tau = threshold(sigma2, Number(maxGroups), Number(selectionDelta) / 1e12)
  if (minimumCohort === undefined) return tau
  return maximum(tau, minimumCohort + ceilSqrt(ceilDiv(1645n * 1645n * sigma2.n, 1_000_000n * sigma2.d)))
}

/**
 * sigma² = sensitivity²/(2 rho) = sensitivitySquared 10^9/(2 nano): exact, no square root, no float.
 * Throws RangeError unless nano >= 1 and sensitivitySquared >= 1.
 */
export function sigma2Of(sensitivitySquared: bigint, nano: NanoRho): Rational {
  if (nano < 1n) throw new RangeError(`sigma2Of: nano must be at least 1, got ${nano}`)
  if (sensitivitySquared < 1n)
    throw new RangeError(`sigma2Of: sensitivity² must be at least 1, got ${sensitivitySquared}`)
  return rational(sensitivitySquared * nanoPerRho, 2n * nano)
}

/**
 * Divides nano in proportion to the shares; the parts add up to nano exactly (largest remainder, ties to the earlier one).
 * Throws RangeError unless nano >= 0 and the shares are positive.
 */
export function splitNano(nano: NanoRho, shares: readonly bigint[]): readonly NanoRho[] {
  if (nano < 0n) throw new RangeError(`splitNano: nano must not be negative, got ${nano}`)
  if (shares.length === 0 || shares.some((share) => share <= 0n))
    throw new RangeError('splitNano: shares must be positive')
  const total = shares.reduce((sum, share) => sum + share, 0n)
  const parts = shares.map((share) => (nano * share) / total)
  const left = nano - parts.reduce((sum, part) => sum + part, 0n)
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: (nano * share) % total }))
    .sort((x, y) => (x.remainder < y.remainder ? 1 : x.remainder > y.remainder ? -1 : x.index - y.index))
  for (const { index } of byRemainder.slice(0, Number(left))) parts[index] = (parts[index] as bigint) + 1n
  return Object.freeze(parts)
}

/**
 * Shares that minimise Σ weight sigma² at a given rho: in proportion to √weight times sensitivity (Lagrange), here to about 38 digits.
 * Weights 1/bound² give equal shares when bounds are hit in equally many groups: the default of noisePlan.
 */
export function optimalShares(
  channels: readonly { readonly weight: Rational; readonly sensitivitySquared: bigint }[],
): readonly bigint[] {
  return channels.map(({ weight, sensitivitySquared }) => {
    const square = floorDiv(weight.n * sensitivitySquared * 4n ** 128n, weight.d)
    if (square <= 0n) throw new RangeError('optimalShares: weights and sensitivities must be positive')
    return isqrt(square)
  })
}
