import { assert } from '../base/assert.ts'
import { ceilDiv } from '../base/integer.ts'
import { ceiling, compare, divide, floor, multiply, type Rational, rational } from '../base/rational.ts'
import { type Micro, type NanoRho, nanoPerMilliRho, type Pico } from '../base/units.ts'
import type { Tariff } from '../contract/catalogue.ts'

/**
 * Price and pay follow the privacy loss and nothing else: no rows, groups, selectivity, result size or answer. Linear in rho, so that buying in
 * parts and averaging never beats buying whole (docs/promises.md 5; Li, Li, Miklau, Suciu, ICDT 2013).
 */
export interface Price {
  /** What the buyer pays. */
  readonly price: Micro
  readonly fee: Micro
  /** What each person in the cohort is paid per milli-rho. */
  readonly rate: Micro
  /** What the people's pool receives: ceil(N^ * rate * rho). */
  readonly pool: Micro
  readonly shares: { readonly steward: Micro; readonly operator: Micro; readonly reserve: Micro }
}

/** rate(purpose): where a multiplier raises the price the rate rises with it; rounded down to whole micro-units per milli-rho. */
export const rateFor = (postedRate: Micro, multiplier: Rational): Micro =>
  floor(multiply(rational(postedRate), multiplier))

/** ceil(N^ * rate * rho): what a release puts into the people's pool. */
export const poolFor = (upperBound: bigint, rate: Micro, nano: NanoRho): Micro =>
  ceilDiv(upperBound * rate * nano, nanoPerMilliRho)

/** What one person earns by one release, exactly. */
export const payFor = (rate: Micro, nano: NanoRho): Pico => rate * nano

/**
 * The price of one release: fee + ceil(max(N^ * rate * rho / people's share, floor rate * multiplier * rho)). `upperBound` is the published N^ of the
 * period. The parts add up to the price: pool first, the remainder by the published fractions, what rounding leaves to the steward.
 */
export function priceOf(tariff: Tariff, purpose: string, upperBound: bigint, postedRate: Micro, nano: NanoRho): Price {
  assert(
    nano > 0n && upperBound >= 0n && postedRate >= 0n,
    'a price needs a positive loss, a bound and a rate that are not negative',
  )
  const multiplier = tariff.multiplier[purpose] ?? rational(1n)
  const rate = rateFor(postedRate, multiplier)
  const pool = poolFor(upperBound, rate, nano)
  const base = divide(rational(upperBound * rate * nano, nanoPerMilliRho), tariff.peoplesShare)
  const least = multiply(rational(tariff.floorPerMilliRho * nano, nanoPerMilliRho), multiplier)
  const price = tariff.fee + ceiling(compare(base, least) >= 0 ? base : least)
  return Object.freeze({ price, fee: tariff.fee, rate, pool, shares: split(price - pool, tariff.remainder) })
}

function split(rest: Micro, fractions: Tariff['remainder']): Price['shares'] {
  assert(rest >= 0n, 'the price covers the pool')
  const operator = floor(multiply(rational(rest), fractions.operator))
  const reserve = floor(multiply(rational(rest), fractions.reserve))
  return Object.freeze({ steward: rest - operator - reserve, operator, reserve })
}
