import { ceilDiv, floorDiv, gcd } from './integer.ts'

/** An exact fraction in lowest terms, denominator positive. */
export interface Rational {
  readonly n: bigint
  readonly d: bigint
}

/** Makes n/d in lowest terms. Throws RangeError when d is 0. */
export function rational(n: bigint, d = 1n): Rational {
  if (d === 0n) throw new RangeError('rational: denominator is 0')
  const sign = d < 0n ? -1n : 1n
  const g = gcd(n, d) || 1n
  return Object.freeze({ n: (sign * n) / g, d: (sign * d) / g })
}

export const multiply = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d)
export const divide = (a: Rational, b: Rational): Rational => rational(a.n * b.d, a.d * b.n)
export const add = (a: Rational, b: Rational): Rational => rational(a.n * b.d + b.n * a.d, a.d * b.d)
export const subtract = (a: Rational, b: Rational): Rational => rational(a.n * b.d - b.n * a.d, a.d * b.d)
/** Negative, zero or positive as a is below, equal to or above b. */
export function compare(a: Rational, b: Rational): number {
  const left = a.n * b.d
  const right = b.n * a.d
  return left < right ? -1 : left > right ? 1 : 0
}
export const ceiling = (a: Rational): bigint => ceilDiv(a.n, a.d)
export const floor = (a: Rational): bigint => floorDiv(a.n, a.d)
/** For display and for statistics only; never for a decision about money or privacy. */
export const approximate = (a: Rational): number => {
  const shift = BigInt(Math.max(0, a.d.toString(2).length - 900, a.n.toString(2).length - 900))
  return Number(a.n >> shift) / Number(a.d >> shift || 1n)
}
/** "3/2" or "7". */
export const rationalText = (a: Rational): string => (a.d === 1n ? `${a.n}` : `${a.n}/${a.d}`)

const decimalForm = /^(-?)(\d{1,60})(?:\.(\d{1,60}))?$/
const fractionForm = /^(-?\d{1,60})\/(\d{1,60})$/

/** Reads "12", "-0.25" or "3/2" exactly; undefined when the text is none of these. Hostile input: bounded length, no exponent. */
export function parseRational(text: string): Rational | undefined {
  const fraction = fractionForm.exec(text)
  if (fraction)
    return BigInt(fraction[2] as string) === 0n
      ? undefined
      : rational(BigInt(fraction[1] as string), BigInt(fraction[2] as string))
  const decimal = decimalForm.exec(text)
  if (!decimal) return undefined
  const digits = decimal[3] ?? ''
  const value = rational(BigInt(`${decimal[2]}${digits}`), 10n ** BigInt(digits.length))
  return decimal[1] === '-' ? rational(-value.n, value.d) : value
}

/** Exact decimal text of an integer scaled by 10^-scale: decimalText(-1234n, 2) is "-12.34". */
export function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return value.toString()
  const sign = value < 0n ? '-' : ''
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
