/** Exact integer arithmetic that says which way it rounds. */

/** Smallest integer not below n/d. Throws RangeError unless d > 0. */
export function ceilDiv(n: bigint, d: bigint): bigint {
  if (d <= 0n) throw new RangeError(`ceilDiv: divisor must be positive, got ${d}`)
  const q = n / d
  return n % d > 0n ? q + 1n : q
}

/** Largest integer not above n/d. Throws RangeError unless d > 0. */
export function floorDiv(n: bigint, d: bigint): bigint {
  if (d <= 0n) throw new RangeError(`floorDiv: divisor must be positive, got ${d}`)
  const q = n / d
  return n % d < 0n ? q - 1n : q
}

export const absolute = (n: bigint): bigint => (n < 0n ? -n : n)
export const minimum = (a: bigint, b: bigint): bigint => (a < b ? a : b)
export const maximum = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** Greatest common divisor of |a| and |b|; gcd(0, 0) = 0. */
export function gcd(a: bigint, b: bigint): bigint {
  let x = absolute(a)
  let y = absolute(b)
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** Floor of the square root. Throws RangeError for a negative argument. */
export function isqrt(n: bigint): bigint {
  if (n < 0n) throw new RangeError(`isqrt: argument must not be negative, got ${n}`)
  if (n < 2n) return n
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1)
  for (;;) {
    const y = (x + n / x) >> 1n
    if (y >= x) return x
    x = y
  }
}

/** Ceiling of the square root. Throws RangeError for a negative argument. */
export const ceilSqrt = (n: bigint): bigint => (n === 0n ? 0n : isqrt(n - 1n) + 1n)
