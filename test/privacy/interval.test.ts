import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approximate, type Rational, rational } from '../../src/base/rational.ts'
import { gapProbability, halfWidth, type Level, normaliser, pmf, tail, threshold } from '../../src/privacy/interval.ts'
import { normalTail } from '../../src/privacy/normal.ts'
import { plainLaw } from './statistics.ts'
import { exact, vectors } from './vectors.ts'

const levels: readonly Level[] = [95, 80, 50]
const relative = (found: number, truth: number): number => Math.abs(found / truth - 1)
/** sigma² as k/1000, from 0.001 to 10^6. */
const scales = fc.integer({ min: 1, max: 1_000_000_000 }).map((k) => rational(BigInt(k), 1000n))
const smallScales = fc.integer({ min: 1, max: 60_000 }).map((k) => rational(BigInt(k), 1000n))

describe('the law of the noise', () => {
  it.each(vectors.discrete_gaussian)(
    'norm, probabilities and variance at sigma² = $sigma2 are the reference ones',
    (entry) => {
      const sigma2 = exact(entry.sigma2)
      expect(relative(normaliser(approximate(sigma2)), Number(entry.norm_const))).toBeLessThan(1e-13)
      for (const [x, p] of Object.entries(entry.pmf))
        expect(relative(pmf(sigma2, BigInt(x)), Number(p))).toBeLessThan(1e-12)
      let variance = 0
      for (let x = 2000; x >= 1; x--) variance += 2 * x * x * pmf(sigma2, BigInt(x))
      expect(relative(variance, Number(entry.variance))).toBeLessThan(1e-12)
    },
  )

  it('the tail is the sum of the law, never less', () => {
    fc.assert(
      fc.property(scales, fc.double({ min: 0, max: 9, noNaN: true }), (sigma2, z) => {
        const q = 1 + Math.floor(z * Math.sqrt(approximate(sigma2)))
        const truth = plainLaw(approximate(sigma2)).from(q)
        fc.pre(truth > 1e-30)
        const found = tail(sigma2, BigInt(q))
        expect(found).toBeGreaterThanOrEqual(truth)
        expect(found).toBeLessThanOrEqual(truth * (1 + 1e-10))
      }),
      { numRuns: 100 },
    )
  })

  it('at large scales, where no sum is taken, the tail is still not less, and hardly more', () => {
    for (const sigma of [1001, 2500, 12_345]) {
      const law = plainLaw(sigma ** 2)
      for (const z of [0.001, 0.3, 1, 1.96, 3, 5, 7]) {
        const q = Math.max(1, Math.round(z * sigma))
        const found = tail(rational(BigInt(sigma) ** 2n), BigInt(q))
        expect(found).toBeGreaterThanOrEqual(law.from(q))
        expect(found).toBeLessThanOrEqual(law.from(q) * (1 + (1 + (q / sigma) ** 2) / (20 * sigma ** 2) + 1e-10))
      }
    }
  })

  it('the continuous normal tail agrees with printed tables', () => {
    const table = [
      [0, 0.5],
      [1, 0.15865525393145705],
      [1.9999, 0.0227555],
      [2, 0.02275013194817921],
      [3.72, 0.0000996113889759166],
      [6, 9.865876450376981e-10],
      [10, 7.61985302416053e-24],
      [37, 5.725571222524577e-300],
    ] as const
    for (const [x, q] of table) {
      expect(relative(normalTail(x), q)).toBeLessThan(x === 1.9999 ? 1e-4 : 1e-10)
      expect(normalTail(x)).toBeGreaterThanOrEqual(q * (1 - 1e-6))
    }
  })

  it('no noise, no law: sigma² must be positive and a tail starts at 1', () => {
    for (const work of [
      () => halfWidth(rational(0n), 95),
      () => pmf(rational(-1n), 0n),
      () => tail(rational(0n), 1n),
      () => gapProbability(rational(0n), rational(1n), 1n),
      () => gapProbability(rational(1n), rational(0n), 1n),
      () => tail(rational(1n), 0n),
    ])
      expect(work).toThrow(RangeError)
  })
})

describe('the half-width of an interval', () => {
  it('is the least that covers the level, by plain summation of the discrete law', () => {
    fc.assert(
      fc.property(scales, fc.constantFrom(...levels), (sigma2, level) => {
        const { within } = plainLaw(approximate(sigma2))
        const w = Number(halfWidth(sigma2, level))
        expect(within(w)).toBeGreaterThanOrEqual(level / 100)
        if (w > 0) expect(within(w - 1)).toBeLessThan(level / 100)
      }),
      { numRuns: 150 },
    )
    fc.assert(
      fc.property(smallScales, fc.constantFrom(...levels), (sigma2, level) => {
        const { within } = plainLaw(approximate(sigma2))
        const w = Number(halfWidth(sigma2, level))
        expect(within(w)).toBeGreaterThanOrEqual(level / 100)
        if (w > 0) expect(within(w - 1)).toBeLessThan(level / 100)
      }),
      { numRuns: 300 },
    )
  })

  it('beyond sigma 1000 it is found without summing, is never too small, and is the least one in all cases tried', () => {
    let wider = 0
    for (let k = 0; k < 120; k++) {
      const sigma2 = rational(1_000_001n + BigInt(k) ** 4n * 7n)
      const { within } = plainLaw(approximate(sigma2))
      for (const level of levels) {
        const w = Number(halfWidth(sigma2, level))
        expect(within(w)).toBeGreaterThanOrEqual(level / 100)
        if (within(w - 1) >= level / 100) wider++
        expect(within(w - 2)).toBeLessThan(level / 100)
      }
    }
    expect(wider).toBe(0)
  })

  it('±1.96 sigma would promise too much: at sigma 1 it covers 88 %, not 95', () => {
    expect(halfWidth(rational(1n), 95)).toBe(2n)
    const { within } = plainLaw(1)
    expect(within(1)).toBeLessThan(0.885)
  })

  it('never shrinks when the noise grows, across the place where the method changes too', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 3_000_000n), fc.bigInt(0n, 5000n), fc.constantFrom(...levels), (k, more, level) => {
        expect(halfWidth(rational(k + more), level)).toBeGreaterThanOrEqual(halfWidth(rational(k), level))
      }),
      { numRuns: 200 },
    )
  })

  it('is exact in integers at scales that no double holds', () => {
    const sigma = 10n ** 40n
    expect(halfWidth(rational(sigma ** 2n), 95) / 10n ** 28n).toBe(1_959_963_984_540n)
    expect(halfWidth(rational(1n, 10n ** 9n), 95)).toBe(0n)
  })

  it.each(vectors.count_error)(
    'of a count at rho $rho and $l0 groups is that of the table, to within half a person',
    (entry) => {
      const sigma2 = rational(BigInt(entry.l0 * entry.linf ** 2)).n
      const variance: Rational = { n: sigma2 * exact(entry.rho).d, d: 2n * exact(entry.rho).n }
      expect(relative(Math.sqrt(approximate(variance)), Number(entry.sigma))).toBeLessThan(1e-10)
      expect(Math.abs(Number(halfWidth(variance, 95)) - Number(entry.pm95))).toBeLessThanOrEqual(0.55)
      let mean = 0
      for (let x = 1000; x >= 1; x--) mean += 2 * x * pmf(variance, BigInt(x))
      expect(relative(mean, Number(entry.mean_abs))).toBeLessThan(0.1 / approximate(variance))
    },
  )
})

describe('the threshold of an open domain', () => {
  it.each(vectors.tau_discrete_gaussian)(
    'at rho $rho_select, $l0 groups, delta $delta is $keep_if_noisy_count_at_least people',
    (entry) => {
      expect(threshold(exact(entry.sigma2), entry.l0, Number(entry.delta))).toBe(
        BigInt(entry.keep_if_noisy_count_at_least),
      )
    },
  )

  it('the continuous tail would be one too low in some of these cases', () => {
    const tooLow = vectors.tau_discrete_gaussian.filter(
      (e) => Math.ceil(Number(e.tau_continuous)) < e.keep_if_noisy_count_at_least,
    )
    expect(tooLow.length).toBeGreaterThan(0)
  })

  it('is the least with which all groups of one lone person stay hidden but for delta', () => {
    fc.assert(
      fc.property(
        smallScales,
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 1e-12, max: 0.2, noNaN: true }),
        (sigma2, l0, delta) => {
          const { from } = plainLaw(approximate(sigma2))
          const least = Number(threshold(sigma2, l0, delta))
          const shown = (t: number): number => -Math.expm1(l0 * Math.log1p(-from(t - 1)))
          expect(shown(least)).toBeLessThanOrEqual(delta * (1 + 1e-9))
          if (least > 2) expect(shown(least - 1)).toBeGreaterThan(delta * (1 - 1e-9))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is not answered for a delta or a number of groups that is none', () => {
    for (const delta of [0, 1, Number.NaN]) expect(() => threshold(rational(1n), 1, delta)).toThrow(RangeError)
    for (const l0 of [0, 1.5, -1]) expect(() => threshold(rational(1n), l0, 1e-9)).toThrow(RangeError)
  })
})

describe('a gap between two values that noise alone shows', () => {
  const scalesOfBoth = ['1/10', '1/4', '1', '2', '4', '401/100', '25', '100']
  const truthOf = (a: Rational, b: Rational, gap: number): number => {
    const laws = [a, b].map((sigma2) => plainLaw(approximate(sigma2)))
    const reach = [a, b].map((sigma2) => Math.ceil(12 * Math.sqrt(approximate(sigma2))) + 12)
    let truth = 0
    for (let x = -(reach[0] ?? 0); x <= (reach[0] ?? 0); x++)
      for (let y = -(reach[1] ?? 0); y <= (reach[1] ?? 0); y++)
        if (Math.abs(x - y) >= gap) truth += (laws[0]?.at(x) ?? 0) * (laws[1]?.at(y) ?? 0)
    return truth
  }

  it('has the probability that the two laws, taken together, give', () => {
    let compared = 0
    for (const [place, a] of scalesOfBoth.entries())
      for (const b of scalesOfBoth.slice(place))
        for (const gap of [1, 2, 3, 5, 8, 20]) {
          const truth = truthOf(exact(a), exact(b), gap)
          if (truth < 1e-25) continue
          compared++
          const found = gapProbability(exact(a), exact(b), BigInt(gap))
          expect(relative(found, truth)).toBeLessThan(1e-9)
          expect(found).toBeGreaterThanOrEqual(truth * (1 - 1e-13))
          expect(gapProbability(exact(b), exact(a), BigInt(gap))).toBe(found)
        }
    expect(compared).toBeGreaterThan(150)
  })

  it('is certain for no gap, and nearly impossible for a very wide one', () => {
    const same = (sigma2: bigint, gap: bigint) => gapProbability(rational(sigma2), rational(sigma2), gap)
    expect(same(100n, 0n)).toBe(1)
    expect(same(100n, 1n)).toBeLessThan(1)
    expect(same(100n, 200n)).toBeLessThan(1e-40)
    expect(same(10n ** 16n, 196n * 10n ** 6n)).toBeCloseTo(0.1657, 3)
  })

  it('follows the larger noise where the other is next to nothing', () => {
    const found = gapProbability(rational(1n, 100n), rational(1_000_000n), 1960n)
    expect(found).toBeCloseTo(0.05, 3)
    expect(relative(gapProbability(rational(3n), rational(4_000_000n), 3920n), 0.05)).toBeLessThan(1e-3)
  })
})
