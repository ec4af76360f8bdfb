import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approximate, type Rational, rational } from '../../src/base/rational.ts'
import { bernoulliExp, discreteGaussian, discreteLaplace, uniform } from '../../src/privacy/discrete-gaussian.ts'
import { pool } from '../../src/privacy/random.ts'
import { oracle } from './oracle.ts'
import { seeded } from './seeded.ts'
import { chiSquareScore, fitScore, plainLaw } from './statistics.ts'
import { exact, vectors } from './vectors.ts'

const draw = (sigma2: Rational, count: number, seed: string): bigint[] => {
  const sample = discreteGaussian(sigma2, seeded(seed))
  return Array.from({ length: count }, sample)
}

describe('the exact sampler of the discrete Gaussian', () => {
  const scales = [
    ...vectors.discrete_gaussian.map((entry) => exact(entry.sigma2)),
    rational(1n, 1000n),
    rational(123n, 7n),
    rational(10n ** 12n, 3n),
    rational(2500000000000000000000n, 123456789n),
    rational(2n ** 120n),
  ]

  it.each(scales)('agrees draw by draw with a plain version in fractions, sigma² = $n/$d', (sigma2) => {
    const sample = discreteGaussian(sigma2, seeded('oracle'))
    const bytes = seeded('oracle')
    for (let i = 0; i < 150; i++) expect(sample()).toBe(oracle(sigma2, bytes))
  })

  it('agrees with the plain version for any sigma²', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 90n), fc.bigInt(1n, 2n ** 50n), fc.string(), (n, d, seed) => {
        const sigma2 = rational(n, d)
        const sample = discreteGaussian(sigma2, seeded(seed))
        const bytes = seeded(seed)
        for (let i = 0; i < 8; i++) expect(sample()).toBe(oracle(sigma2, bytes))
      }),
      { numRuns: 150 },
    )
  })

  it.each(vectors.discrete_gaussian)('draws follow the probability function, sigma² = $sigma2', ({ sigma2 }) => {
    const draws = draw(exact(sigma2), 40_000, `law ${sigma2}`)
    expect(Math.abs(fitScore(draws, plainLaw(approximate(exact(sigma2))).at))).toBeLessThan(4)
  })

  it.each(vectors.discrete_gaussian)(
    'the draws have the variance of the law and lean to no side, sigma² = $sigma2',
    ({ sigma2, variance }) => {
      const count = 40_000
      const draws = draw(exact(sigma2), count, `moments ${sigma2}`).map(Number)
      const mean = draws.reduce((sum, x) => sum + x, 0) / count
      const squares = draws.map((x) => x * x)
      const second = squares.reduce((sum, x) => sum + x, 0) / count
      const spread = Math.sqrt(squares.reduce((sum, x) => sum + (x - second) ** 2, 0) / count)
      expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(Number(variance) / count))
      expect(Math.abs(second - Number(variance))).toBeLessThan(4 * (spread / Math.sqrt(count)))
      const above = draws.filter((x) => x > 0).length
      const below = draws.filter((x) => x < 0).length
      expect(Math.abs(above - below)).toBeLessThan(4 * Math.sqrt(above + below))
    },
  )

  it('refuses a sigma² of zero or below: that would be no noise', () => {
    for (const n of [0n, -1n]) expect(() => discreteGaussian(rational(n), seeded(''))).toThrow(RangeError)
  })

  it('a fraction that is not in lowest terms has the same law and gives the same draws', () => {
    const sample = discreteGaussian({ n: 30n, d: 6n }, seeded('terms'))
    const lowest = discreteGaussian(rational(5n), seeded('terms'))
    for (let i = 0; i < 200; i++) expect(sample()).toBe(lowest())
  })
})

describe('the parts of the sampler', () => {
  it.each([1n, 2n, 3n, 7n, 256n, 257n, 2n ** 32n, 2n ** 32n + 1n, 2n ** 40n + 15n, 2n ** 64n, 3n ** 90n])(
    'a uniform number below %i is below it, and every part of the range is equally likely',
    (m) => {
      const random = seeded(`uniform ${m}`)
      const bins = Number(m < 16n ? m : 16n)
      const counts = new Array<number>(bins).fill(0)
      for (let i = 0; i < 8000; i++) {
        const value = uniform(m, random)
        expect(value >= 0n && value < m).toBe(true)
        const bin = Number((value * BigInt(bins)) / m)
        counts[bin] = (counts[bin] as number) + 1
      }
      if (bins > 1) {
        const expected = counts.map((_, i) => {
          const edge = (k: number): bigint => (BigInt(k) * m + BigInt(bins) - 1n) / BigInt(bins)
          return 8000 * approximate(rational(edge(i + 1) - edge(i), m))
        })
        expect(Math.abs(chiSquareScore(counts, expected))).toBeLessThan(4)
      }
    },
  )

  it('asks for no number out of an empty range', () => {
    expect(() => uniform(0n, seeded(''))).toThrow(RangeError)
  })

  it.each([
    [0n, 1n],
    [1n, 1n],
    [1n, 3n],
    [2n, 3n],
    [5n, 2n],
    [10n ** 30n, 3n * 10n ** 30n],
  ])('a trial of exp(-%i/%i) succeeds that often', (n, d) => {
    const random = seeded(`trial ${n}/${d}`)
    const p = Math.exp(-approximate(rational(n, d)))
    let hits = 0
    for (let i = 0; i < 20_000; i++) if (bernoulliExp(n, d, random)) hits++
    expect(Math.abs(hits - 20_000 * p)).toBeLessThanOrEqual(4 * Math.sqrt(20_000 * p * (1 - p)))
  })

  it.each([1, 2, 5])('the discrete Laplace law with scale %i is met', (scale) => {
    const random = seeded(`laplace ${scale}`)
    const draws = Array.from({ length: 40_000 }, () => discreteLaplace(BigInt(scale), random))
    const r = Math.exp(-1 / scale)
    expect(Math.abs(fitScore(draws, (x) => ((1 - r) / (1 + r)) * r ** Math.abs(x)))).toBeLessThan(4)
  })
})

describe('the pool of random bytes', () => {
  it('hands out every byte of its source once and in order, whatever sizes are asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (sizes, size) => {
        const { random } = pool(seeded('bytes'), size)
        const got = sizes.map((length) => {
          const buffer = new Uint8Array(length)
          random(buffer)
          return Buffer.from(buffer)
        })
        const all = Buffer.concat(got)
        const whole = new Uint8Array(all.length)
        seeded('bytes')(whole)
        expect(all.equals(whole)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  it('keeps no byte that was handed out, and none at all once wiped', () => {
    let held = new Uint8Array()
    const { random, wipe } = pool((buffer) => {
      held = buffer as Uint8Array<ArrayBuffer>
      buffer.fill(255)
    }, 64)
    random(new Uint8Array(10))
    expect([...held.subarray(0, 10)]).toEqual(new Array(10).fill(0))
    expect([...held.subarray(10)]).toEqual(new Array(54).fill(255))
    wipe()
    expect([...held]).toEqual(new Array(64).fill(0))
    const after = new Uint8Array(3)
    random(after)
    expect([...after]).toEqual([255, 255, 255])
  })

  it('draws from the system by default, and never the same twice', () => {
    const first = new Uint8Array(32)
    const second = new Uint8Array(32)
    pool().random(first)
    pool().random(second)
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false)
  })
})
