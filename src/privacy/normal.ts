/**
 * Upper tail Q(x) = P(N(0, 1) >= x) of the continuous normal law for x >= 0, rounded up: never below the true value, and within 10^-11 of it, relatively,
 * as long as it is representable. Below 2 by the series of Abramowitz and Stegun 26.2.11, from there by the continued fraction 26.2.14.
 */
export function normalTail(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  return (x < 2 ? 0.5 - density * series(x) : density / fraction(x)) * (1 + 1e-12) + Number.MIN_VALUE
}

/** x + x³/3 + x⁵/(3·5) + … ; all terms are positive. */
function series(x: number): number {
  let term = x
  let sum = x
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return sum
}

/** x + 1/(x + 2/(x + 3/(x + …))), cut where for x >= 2 the rest changes nothing. */
function fraction(x: number): number {
  let value = x
  for (let k = 200; k >= 1; k--) value = x + k / value
  return value
}
