import type { Rational } from '../../base/rational.ts'

/** A value on the way of post-processing. Numbers are exact; what is said about their noise is for display. */
export type Value =
  | { readonly kind: 'null' }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | NumberValue

export interface NumberValue {
  readonly kind: 'number'
  readonly exact: Rational
  /** Decimals shown. */
  readonly scale: number
  /** First derivative by the noise of each channel; empty for constants and group keys. */
  readonly slopes: ReadonlyMap<number, number>
  readonly interval?:
    | { readonly low: string; readonly high: string; readonly method: 'exact' | 'delta' | 'fieller' | 'approximate' }
    | undefined
  /** Half of the interval's width. */
  readonly half: number
  readonly insufficient?: true | undefined
}

export const missing: Value = { kind: 'null' }

/** The 97.5 % point of the normal law, for intervals that are approximate anyway. */
export const z95 = 1.959963984540054

/** The nearest multiple of 10^-scale, in units of it; halves away from zero. */
export function roundTo({ n, d }: Rational, scale: number): bigint {
  const numerator = 2n * (n < 0n ? -n : n) * 10n ** BigInt(scale) + d
  const rounded = numerator / (2n * d)
  return n < 0n ? -rounded : rounded
}

export function wordFor(value: number, half: number): 'solid' | 'rough' | 'noise' {
  const size = Math.abs(value)
  if (size < half || half > size / 2) return 'noise'
  return half <= size / 10 ? 'solid' : 'rough'
}

/** Decimal text of a limit of an approximate interval. */
export function limitText(value: number, scale: number): string {
  const digits = Math.min(scale, 12)
  if (Number.isFinite(value) && Math.abs(value) < 1e21) return value.toFixed(digits)
  return Number.isFinite(value) ? BigInt(Math.round(value)).toString() : value > 0 ? 'infinity' : '-infinity'
}
