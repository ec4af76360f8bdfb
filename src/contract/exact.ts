import { ceilDiv } from '../base/integer.ts'
import { compare, multiply, parseRational, type Rational, rational } from '../base/rational.ts'

/** Largest magnitude of an amount of one person in grid units: below 2^62, so that sums of two fit a signed 64-bit integer. */
export const amountLimit = 1n << 62n

const exponentForm = /^([+-]?)(\d{0,60})(?:\.(\d{0,60}))?(?:[eE]([+-]?\d{1,2}))?$/

/**
 * Reads "12", "-0.25", ".5", "1e-4" or "3/2" exactly; undefined otherwise (hexadecimal, infinities, not-a-number, over-long texts). Superset of
 * base parseRational by YAML 1.2 number forms.
 */
export function parseExact(text: string): Rational | undefined {
  const fraction = text.includes('/') ? parseRational(text) : undefined
  if (fraction) return fraction
  const match = exponentForm.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', decimals = '', exponent = '0'] = match
  if (whole === '' && decimals === '') return undefined
  const digits = BigInt(`${whole}${decimals}`)
  const power = Number(exponent) - decimals.length
  const signed = sign === '-' ? -digits : digits
  return power >= 0 ? rational(signed * 10n ** BigInt(power)) : rational(signed, 10n ** BigInt(-power))
}

/** value / 10^-scale as a whole number of grid units; undefined when the value lies off the grid. */
export function onGrid(value: Rational, scale: number): bigint | undefined {
  const scaled = multiply(value, rational(10n ** BigInt(scale)))
  return scaled.d === 1n ? scaled.n : undefined
}

/** The places of a power of ten from 10^0 to 10^-9; undefined for every other number. */
export function placesOf(step: Rational): number | undefined {
  for (let scale = 0; scale <= 9; scale++) if (compare(step, rational(1n, 10n ** BigInt(scale))) === 0) return scale
  return undefined
}

const durationForm = /^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$/

/**
 * Days of an ISO 8601 duration of whole years, months, weeks and days; undefined for any other text and for no days at all.
 * `shortest` counts 28 and 365 days (more windows fit a span: a person's bound is never too small); `longest` counts 31 and 366
 * (a budget returns later, never sooner).
 */
export function durationDays(text: string, months: 'shortest' | 'longest'): number | undefined {
  const match = durationForm.exec(text)
  if (!match) return undefined
  const [year, month] = months === 'shortest' ? [365, 28] : [366, 31]
  const count = (at: number): number => Number(match[at] ?? 0)
  const days = count(1) * year + count(2) * month + count(3) * 7 + count(4)
  return days === 0 ? undefined : days
}

/** The most windows of `per` days that a span of `days` days can touch: ceil(days / per) + 1 (product.md 2.2; differential-privacy.md 3.5). */
export const windowsOf = (days: number, per: number): bigint => ceilDiv(BigInt(days), BigInt(per)) + 1n
