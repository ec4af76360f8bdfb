import { add, compare, divide, floor, multiply, type Rational, rational, subtract } from '../../src/base/rational.ts'
import type { RandomBytes } from '../../src/privacy/random.ts'

/**
 * A second, slow sampler of the discrete Gaussian, written from Canonne, Kamath, Steinke 2020 with fractions, to be compared draw by draw. It reads the same
 * bytes for the same decisions: a uniform number below m takes the bits of m - 1, and the last Bernoulli trial has the denominator 2abt of the proof.
 */
export function oracle(sigma2: Rational, random: RandomBytes): bigint {
  const t = wholeRoot(floor(sigma2)) + 1n
  const centre = divide(sigma2, rational(t))
  const grid = 2n * centre.d * centre.n * t
  for (;;) {
    const y = laplace(t, random)
    const distance = subtract(rational(y < 0n ? -y : y), centre)
    const exponent = divide(multiply(distance, distance), multiply(rational(2n), sigma2))
    if (trial(exponent, grid, random)) return y
  }
}

function laplace(t: bigint, random: RandomBytes): bigint {
  for (;;) {
    const u = uniform(t, random)
    if (!trial(rational(u, t), t, random)) continue
    let v = 0n
    while (trial(rational(1n), 1n, random)) v += 1n
    const size = u + t * v
    const sign = uniform(2n, random) === 1n ? -1n : 1n
    if (size !== 0n || sign === 1n) return sign * size
  }
}

/** True with probability exp(-exponent); the exponent is a multiple of 1/grid. */
function trial(exponent: Rational, grid: bigint, random: RandomBytes): boolean {
  if (multiply(exponent, rational(grid)).d !== 1n) throw new Error('the exponent is not on the grid')
  let rest = exponent
  while (compare(rest, rational(1n)) > 0) {
    if (!unitTrial(rational(1n), 1n, random)) return false
    rest = add(rest, rational(-1n))
  }
  return unitTrial(rest, grid, random)
}

function unitTrial(exponent: Rational, grid: bigint, random: RandomBytes): boolean {
  for (let k = 1n; ; k++) {
    const drawn = rational(uniform(grid * k, random), grid * k)
    if (compare(drawn, divide(exponent, rational(k))) >= 0) return k % 2n === 1n
  }
}

function uniform(m: bigint, random: RandomBytes): bigint {
  const bits = m === 1n ? 0 : (m - 1n).toString(2).length
  for (;;) {
    const bytes = new Uint8Array(Math.ceil(bits / 8))
    random(bytes)
    let value = 0n
    bytes.forEach((byte, i) => {
      value += BigInt(byte) * 256n ** BigInt(i)
    })
    value %= 2n ** BigInt(bits)
    if (value < m) return value
  }
}

function wholeRoot(n: bigint): bigint {
  let root = 1n
  while (root * root <= n) root *= 2n
  let low = 0n
  while (root - low > 1n) {
    const middle = (root + low) / 2n
    if (middle * middle <= n) low = middle
    else root = middle
  }
  return low
}
