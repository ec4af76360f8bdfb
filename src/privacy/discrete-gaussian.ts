import { absolute, gcd, isqrt } from '../base/integer.ts'
import type { Rational } from '../base/rational.ts'
import { pool, type RandomBytes } from './random.ts'

/**
 * Makes a sampler of the discrete Gaussian N_Z(0, sigma²): P(x) proportional to exp(-x²/(2 sigma²)) on the integers.
 * Promise: if `random` gives independent uniform bytes, the draws are independent and have exactly this law; no float is involved.
 * Throws RangeError unless sigma² > 0. Expected outer trials of a draw: at most 2.25 whatever sigma² is, at most 1.51 from sigma² = 3 on.
 * Source: Canonne, Kamath, Steinke 2020 (arXiv 2004.00010), Algorithm 3. Argument: ./discrete-gaussian.proof.md
 */
export function discreteGaussian(sigma2: Rational, random: RandomBytes = pool().random): () => bigint {
  if (sigma2.n <= 0n || sigma2.d <= 0n)
    throw new RangeError(`discreteGaussian: sigma² must be positive, got ${sigma2.n}/${sigma2.d}`)
  const scale = isqrt(sigma2.n / sigma2.d) + 1n
  // With sigma² = N/D and scale t the acceptance exponent is (|y|Dt - N)² / (2NDt²). Dividing Dt and N by their common factor
  // leaves (|y|a - b)² / (2abt): the same number with shorter integers.
  const common = gcd(sigma2.d * scale, sigma2.n)
  const a = (sigma2.d * scale) / common
  const b = sigma2.n / common
  const denominator = 2n * a * b * scale
  return () => {
    for (;;) {
      const y = discreteLaplace(scale, random)
      const q = absolute(y) * a - b
      if (bernoulliExp(q * q, denominator, random)) return y
    }
  }
}

/** P(x) proportional to exp(-|x|/scale) on the integers; scale is a whole number, at least 1 (Algorithm 2 with s = 1). */
export function discreteLaplace(scale: bigint, random: RandomBytes): bigint {
  for (;;) {
    const u = uniform(scale, random)
    if (!bernoulliExp(u, scale, random)) continue
    let v = 0n
    while (bernoulliExpUnit(1n, 1n, random)) v++
    const x = v * scale + u
    const negative = uniform(2n, random) === 1n
    // Zero has two signs and would come out twice as often: one of them is drawn again.
    if (negative && x === 0n) continue
    return negative ? -x : x
  }
}

/** True with probability exp(-n/d), for n >= 0 and d > 0 (Algorithm 1): one factor exp(-1) for each whole unit, then the rest. */
export function bernoulliExp(n: bigint, d: bigint, random: RandomBytes): boolean {
  let rest = n
  while (rest > d) {
    if (!bernoulliExpUnit(1n, 1n, random)) return false
    rest -= d
  }
  return bernoulliExpUnit(rest, d, random)
}

/** True with probability exp(-n/d), for 0 <= n <= d: the first failure of Bernoulli(n/(d k)), k = 1, 2, …, comes at an odd k. */
export function bernoulliExpUnit(n: bigint, d: bigint, random: RandomBytes): boolean {
  let odd = true
  for (let product = d; bernoulli(n, product, random); product += d) odd = !odd
  return odd
}

/** True with probability n/d, for 0 <= n <= d. */
export const bernoulli = (n: bigint, d: bigint, random: RandomBytes): boolean => uniform(d, random) < n

/**
 * A whole number in [0, m), each equally likely. Reads the bytes that hold as many bits as m - 1 has, takes them as a little-endian number, keeps those
 * bits, and starts again while the number reaches m. Equal bytes give equal noise on every machine. Throws RangeError unless m >= 1.
 */
export function uniform(m: bigint, random: RandomBytes): bigint {
  if (m < 1n) throw new RangeError(`uniform: m must be at least 1, got ${m}`)
  return m <= 0x1_0000_0000n ? BigInt(uniformShort(Number(m), random)) : uniformLong(m, random)
}

/** The whole of a draw up to 32 bits fits a machine integer, where all of this is exact. */
function uniformShort(m: number, random: RandomBytes): number {
  const bits = 32 - Math.clz32(m - 1)
  const size = (bits + 7) >>> 3
  const mask = bits === 32 ? 0xffff_ffff : (1 << bits) - 1
  const buffer = short[size] as Uint8Array
  for (;;) {
    random(buffer)
    let value = 0
    for (let i = 0; i < size; i++) value |= (buffer[i] as number) << (8 * i)
    buffer.fill(0)
    value = (value & mask) >>> 0
    if (value < m) return value
  }
}

/** Scratch by length, wiped after each use. A draw is synchronous, so nothing else can see the bytes in between. */
const short = [0, 1, 2, 3, 4].map((size) => new Uint8Array(size))

function uniformLong(m: bigint, random: RandomBytes): bigint {
  const bits = (m - 1n).toString(2).length
  const words = Math.ceil(bits / 64)
  const buffer = new BigUint64Array(words)
  const bytes = new Uint8Array(buffer.buffer, 0, Math.ceil(bits / 8))
  const view = new DataView(buffer.buffer)
  for (;;) {
    random(bytes)
    let value = 0n
    for (let word = words - 1; word >= 0; word--) value = (value << 64n) | view.getBigUint64(word * 8, true)
    buffer.fill(0n)
    value = BigInt.asUintN(bits, value)
    if (value < m) return value
  }
}
