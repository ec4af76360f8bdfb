import { isqrt } from '../base/integer.ts'
import { compare, multiply, type Rational, rational } from '../base/rational.ts'

/** "2.5": at most two decimals, rounded to the nearest, for reading only. Small factors keep two figures. */
export function factorText(factor: Rational): string {
  let places = 2
  while (places < 12 && factor.n > 0n && compare(factor, rational(1n, 10n ** BigInt(places - 1))) < 0) places++
  const unit = 10n ** BigInt(places)
  const rounded = (2n * factor.n * unit + factor.d) / (2n * factor.d)
  const [whole, decimals] = [rounded / unit, (rounded % unit).toString().padStart(places, '0').replace(/0+$/, '')]
  return decimals === '' ? `${whole}` : `${whole}.${decimals}`
}

/** The square root of a factor to twelve decimals, for reading only. */
export function rootOf(factor: Rational): Rational {
  const unit = 10n ** 12n
  return rational(isqrt((factor.n * unit * unit) / factor.d), unit)
}

/** "grows 2.5 times", "falls to 0.4 of what it was". */
export function growth(factor: Rational): string {
  return compare(factor, rational(1n)) >= 0
    ? `grows ${factorText(factor)} times`
    : `falls to ${factorText(factor)} of what it was`
}

export const square = (factor: Rational): Rational => multiply(factor, factor)
