import { assert } from '../base/assert.ts'
import { floorDiv, maximum, minimum } from '../base/integer.ts'
import type { Day, NanoRho, PicoDelta } from '../base/units.ts'
import { conversionDelta } from './accounting.ts'

/**
 * How much of a person's privacy may be spent, in any window of days and for life: pure arithmetic for the books, in whole nano-rho (and, on the other axis,
 * whole 10^-12 of delta). The limits are an individual privacy filter: charges precede noise and never come back.
 * Source: Feldman and Zrnic 2021 (arXiv 2008.11193), Whitehouse, Ramdas, Rogers, Wu 2023 (arXiv 2203.05481), Theorem 1.
 */

/** Limits of the medium class, as the house sets them; the form of a house's settings. */
export interface MediumLimits {
  readonly windows: readonly { readonly days: number; readonly nano: NanoRho; readonly delta: PicoDelta }[]
  readonly life: { readonly nano: NanoRho; readonly delta: PicoDelta }
  readonly houseShare: NanoRho
  readonly maxPerRelease: NanoRho
  readonly headCount: NanoRho
}

/** rho 0.05 in any 30 days, 0.5 in any 365, 3 for life; delta 10^-7 in 30 days, 10^-6 in 365 and for life. */
export const defaultLimits: MediumLimits = Object.freeze({
  windows: Object.freeze([
    Object.freeze({ days: 30, nano: 50_000_000n, delta: 100_000n }),
    Object.freeze({ days: 365, nano: 500_000_000n, delta: 1_000_000n }),
  ]),
  life: Object.freeze({ nano: 3_000_000_000n, delta: 1_000_000n }),
  houseShare: 3_000_000n,
  maxPerRelease: 5_000_000n,
  headCount: 500_000n,
})

export type LimitClass = 'low' | 'medium' | 'high'
export const limitClasses: readonly LimitClass[] = ['low', 'medium', 'high']

/** A limit of the medium class as a person of this class has it: a fifth (rounded down), once, or twice. */
export function classLimit(medium: bigint, limitClass: LimitClass): bigint {
  if (limitClass === 'low') return floorDiv(medium, 5n)
  return limitClass === 'high' ? medium * 2n : medium
}

/** One person's limits on one axis: rho or delta. */
export interface AxisLimits {
  readonly windows: readonly { readonly days: number; readonly limit: bigint }[]
  readonly life: bigint
}

/**
 * A person's limits on rho. Ordinary releases see each limit less the house share, house releases (head counts, quality) see it whole.
 * `lifeNano`: the person's own lower life limit; a higher one than the class's changes nothing.
 */
export function rhoLimits(
  limits: MediumLimits,
  limitClass: LimitClass,
  release: 'ordinary' | 'house',
  lifeNano?: NanoRho | undefined,
): AxisLimits {
  const share = release === 'ordinary' ? limits.houseShare : 0n
  const life = classLimit(limits.life.nano, limitClass)
  return {
    windows: limits.windows.map(({ days, nano }) => ({ days, limit: classLimit(nano, limitClass) - share })),
    life: (lifeNano === undefined ? life : minimum(life, lifeNano)) - share,
  }
}

/**
 * Limits on delta, of a person of the class the same for both kinds of release. `cohort`: what the shortest window may hold at most besides (cohortDelta);
 * only the public ledger is held against it.
 */
export function deltaLimits(limits: MediumLimits, limitClass: LimitClass, cohort?: PicoDelta | undefined): AxisLimits {
  const shortest = Math.min(...limits.windows.map(({ days }) => days))
  return {
    windows: limits.windows.map(({ days, delta }) => {
      const limit = classLimit(delta, limitClass)
      return { days, limit: cohort === undefined || days !== shortest ? limit : minimum(limit, cohort) }
    }),
    life: classLimit(limits.life.delta, limitClass),
  }
}

/**
 * The most delta that the releases of the shortest window may add up to among so many people (N^): with the 10^-9 at which epsilon is stated it must stay within
 * 1/(10 N^) (differential-privacy.md section 2), so that even a mechanism which betrayed one of so many people whole with that probability would be ruled out.
 * Nothing from N^ = 10^8 on.
 */
export const cohortDelta = (upperBound: bigint): PicoDelta =>
  maximum(0n, 10n ** 12n / (10n * maximum(upperBound, 1n)) - conversionDelta)

/** First day of a window that ends today: today and the `days` days before it, which cover every span of `days` times 24 hours. */
export const firstDayOf = (days: number, today: Day): Day => today - days

/** Where a person stands on one axis. */
export interface Stint {
  /** b: the cohort's index at the moment of joining. */
  readonly joinedAt: bigint
  /** Charged in earlier stints, for life. */
  readonly spentBefore: bigint
  /** The same by day, as far back as the longest window reaches. */
  readonly carry: readonly { readonly day: Day; readonly amount: bigint }[]
}

/**
 * The value of the cohort's index B at which the person's limits are used up today (money.md 2):
 *   min over windows of (limit - carry in the window + max(b, B at the opening of the window's first day)), and for life limit - spent + b.
 * Because B less max(b, B at that opening) is what this stint was charged within the window, `B + charge <= exhaustsAt` says exactly that no window and
 * not the life limit would be passed. `openingOf(day)`: B at the start of that day; 0 before the first release.
 * Holds for the rest of today only: at each day's opening windows move and the value grows.
 */
export function exhaustsAt(limits: AxisLimits, stint: Stint, today: Day, openingOf: (day: Day) => bigint): bigint {
  let least = limits.life - stint.spentBefore + stint.joinedAt
  for (const { days, limit } of limits.windows) {
    const first = firstDayOf(days, today)
    const carried = stint.carry.reduce((sum, { day, amount }) => (day >= first ? sum + amount : sum), 0n)
    least = minimum(least, limit - carried + maximum(stint.joinedAt, openingOf(first)))
  }
  return least
}

/** Active for a release: the charge still fits. */
export const fits = (index: bigint, charge: bigint, exhausts: bigint): boolean => index + charge <= exhausts

/**
 * What a stint that ends now was charged, by day: the carry that it leaves behind. Days without a charge are left out; the amounts add up to B - b.
 */
export function chargesByDay(
  stint: { readonly joinedAt: bigint; readonly joinedOn: Day; readonly index: bigint; readonly today: Day },
  openingOf: (day: Day) => bigint,
): readonly { readonly day: Day; readonly amount: bigint }[] {
  const { joinedAt, joinedOn, index, today } = stint
  assert(joinedOn <= today && joinedAt <= index, 'a stint ends after it begins and indices only grow')
  const charges = []
  for (let day = joinedOn; day <= today; day++) {
    const opening = day === joinedOn ? joinedAt : openingOf(day)
    const closing = day === today ? index : openingOf(day + 1)
    assert(opening <= closing, 'indices only grow')
    if (closing > opening) charges.push({ day, amount: closing - opening })
  }
  return charges
}
