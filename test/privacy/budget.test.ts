import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, approximate, compare, rational, rationalText } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { nanoForHalfWidth } from '../../src/privacy/accuracy.ts'
import { noisePlan, optimalShares, sigma2Of, splitNano } from '../../src/privacy/budget.ts'
import { halfWidth } from '../../src/privacy/interval.ts'
import type { MeasureBound } from '../../src/privacy/sensitivity.ts'
import { exact, vectors } from './vectors.ts'

const bounds: fc.Arbitrary<MeasureBound> = fc.oneof(
  fc.record({ kind: fc.constant('rows' as const), maxRows: fc.bigInt(1n, 10n ** 6n) }),
  fc.record({ kind: fc.constant('persons' as const), maxGroups: fc.bigInt(1n, 100n) }),
  fc.record({ kind: fc.constant('sum' as const), maxSum: fc.bigInt(1n, 10n ** 12n) }),
  fc.record({
    kind: fc.constant('average' as const),
    maxRows: fc.bigInt(1n, 10n ** 4n),
    halfRange: fc.bigInt(1n, 10n ** 8n),
  }),
)

describe('the noise that a privacy loss buys', () => {
  it.each(vectors.exact_sigma2_from_nano_rho)(
    'sigma² of $rho_nano nano-rho at sensitivity² $delta2_squared_int is $sigma2_exact',
    (entry) => {
      const sigma2 = sigma2Of(BigInt(entry.delta2_squared_int), BigInt(entry.rho_nano))
      expect(rationalText(sigma2)).toBe(rationalText(exact(entry.sigma2_exact)))
    },
  )

  it('of a plan adds up to the rho charged, to the last fraction', () => {
    fc.assert(
      fc.property(fc.array(bounds, { minLength: 1, maxLength: 8 }), fc.bigInt(16n, 10n ** 10n), (measures, nano) => {
        const plan = expectAccepted(noisePlan(measures, nano))
        let rho = rational(0n)
        for (const { sensitivitySquared, sigma2 } of plan.channels)
          rho = add(rho, rational(sensitivitySquared * sigma2.d, 2n * sigma2.n))
        expect(compare(rho, rational(nano, 10n ** 9n))).toBe(0)
        expect(plan.channels.reduce((sum, channel) => sum + channel.nano, 0n)).toBe(nano)
        expect(plan.channels.every((channel) => channel.nano >= 1n)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('is split equally; an average has two channels, its count first', () => {
    const plan = expectAccepted(
      noisePlan(
        [
          { kind: 'persons', maxGroups: 4n },
          { kind: 'average', maxRows: 10n, halfRange: 50n },
        ],
        5_000_000n,
      ),
    )
    expect(
      plan.channels.map(({ measure, part, nano, sensitivitySquared }) => [measure, part, nano, sensitivitySquared]),
    ).toEqual([
      [0, 'persons', 1_666_667n, 4n],
      [1, 'count', 1_666_667n, 100n],
      [1, 'centred', 1_666_666n, 250_000n],
    ])
    expect(Object.isFrozen(plan) && Object.isFrozen(plan.channels)).toBe(true)
  })

  it('is refused where a number would get no privacy budget, or has no bound', () => {
    const two: MeasureBound[] = [
      { kind: 'rows', maxRows: 1n },
      { kind: 'rows', maxRows: 1n },
    ]
    expect(noisePlan(two, 2n).ok).toBe(true)
    for (const nano of [1n, 0n, -5n])
      expect(noisePlan(two, nano)).toMatchObject({ ok: false, refusal: { code: 'privacy.rho_out_of_range' } })
    for (const bound of [
      { kind: 'sum', maxSum: 0n },
      { kind: 'average', maxRows: 3n, halfRange: 0n },
      { kind: 'persons', maxGroups: -1n },
    ] as const)
      expect(noisePlan([bound], 1000n)).toMatchObject({ ok: false, refusal: { code: 'privacy.bound_missing' } })
    expect(() => noisePlan([], 1000n)).toThrow('at least one measure')
    expect(() => sigma2Of(1n, 0n)).toThrow(RangeError)
    expect(() => sigma2Of(0n, 1n)).toThrow(RangeError)
  })

  it.each(vectors.multi_aggregate_split)(
    'weights $weights and sensitivities $l2 split rho $rho as the optimum says',
    (entry) => {
      const channels = entry.weights.map((weight, i) => ({
        weight: rational(BigInt(weight)),
        sensitivitySquared: BigInt(entry.l2[i] as number) ** 2n,
      }))
      const nano = exact(entry.rho).n * (10n ** 9n / exact(entry.rho).d)
      const parts = splitNano(nano, optimalShares(channels))
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(nano)
      for (const [i, part] of parts.entries()) {
        expect(Math.abs(Number(part) - 1e9 * (entry.rho_split[i] as number))).toBeLessThanOrEqual(1)
        const sigma2 = approximate(sigma2Of((channels[i] as { sensitivitySquared: bigint }).sensitivitySquared, part))
        expect(Math.abs(sigma2 / (entry.sigma2[i] as number) - 1)).toBeLessThan(1e-6)
      }
    },
  )

  it('a split gives away every unit and is within one unit of the exact share', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 12n),
        fc.array(fc.bigInt(1n, 10n ** 9n), { minLength: 1, maxLength: 12 }),
        (nano, shares) => {
          const total = shares.reduce((sum, share) => sum + share, 0n)
          const parts = splitNano(nano, shares)
          expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(nano)
          for (const [i, part] of parts.entries()) {
            const off = part * total - nano * (shares[i] as bigint)
            expect(off > -total && off < total).toBe(true)
          }
        },
      ),
      { numRuns: 300 },
    )
    expect(() => splitNano(10n, [])).toThrow(RangeError)
    expect(() => splitNano(10n, [0n, 1n])).toThrow(RangeError)
    expect(() => splitNano(-1n, [1n])).toThrow(RangeError)
    expect(() => optimalShares([{ weight: rational(0n), sensitivitySquared: 1n }])).toThrow(RangeError)
  })
})

describe('the loss that a wished precision costs', () => {
  it.each(vectors.accuracy_to_rho)(
    '±$pm95 at sensitivity $l2_sensitivity is about rho $rho, a little less by what the integers give',
    (entry) => {
      const width = BigInt(entry.pm95)
      const nano = nanoForHalfWidth(BigInt(entry.l2_sensitivity) ** 2n, width)
      // The interval of integers from -w to w is as wide as a continuous one of w + ½.
      const expected = Number(entry.rho) * 1e9 * (Number(width) / (Number(width) + 0.5)) ** 2
      expect(Math.abs(Number(nano) / expected - 1)).toBeLessThan(0.005)
      expect(Number(nano)).toBeLessThanOrEqual(Number(entry.rho) * 1e9 + 1)
    },
  )

  it('is the least that keeps the promise', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 14n), fc.bigInt(0n, 100_000n), (sensitivitySquared, width) => {
        const nano = nanoForHalfWidth(sensitivitySquared, width)
        expect(halfWidth(sigma2Of(sensitivitySquared, nano), 95)).toBeLessThanOrEqual(width)
        if (nano > 1n) expect(halfWidth(sigma2Of(sensitivitySquared, nano - 1n), 95)).toBeGreaterThan(width)
      }),
      { numRuns: 150 },
    )
  })

  it('the plain tiers: a count to within 62, 20 or 14', () => {
    for (const [width, nano] of [
      [62n, 500_000n],
      [20n, 5_000_000n],
      [14n, 10_000_000n],
    ] as const) {
      expect(halfWidth(sigma2Of(1n, nano), 95)).toBeLessThanOrEqual(width)
      expect(nanoForHalfWidth(1n, width)).toBeLessThanOrEqual(nano)
    }
  })

  it('a finer answer never costs less, and nonsense is not answered', () => {
    const costs = [0n, 1n, 2n, 5n, 10n, 50n, 100n, 1000n, 10n ** 9n].map((width) => nanoForHalfWidth(25n, width))
    for (const [i, cost] of costs.entries()) if (i > 0) expect(cost).toBeLessThanOrEqual(costs[i - 1] as bigint)
    expect(costs.at(-1)).toBe(1n)
    expect(() => nanoForHalfWidth(0n, 5n)).toThrow(RangeError)
    expect(() => nanoForHalfWidth(1n, -1n)).toThrow(RangeError)
  })
})
