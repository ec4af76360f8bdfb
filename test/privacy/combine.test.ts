import { describe, expect, it } from 'vitest'
import { approximate, rational } from '../../src/base/rational.ts'
import { sigma2Of } from '../../src/privacy/budget.ts'
import { combine, combinedHalfWidth } from '../../src/privacy/combine.ts'
import { discreteGaussian } from '../../src/privacy/discrete-gaussian.ts'
import { halfWidth } from '../../src/privacy/interval.ts'
import { seeded } from './seeded.ts'
import { plainLaw } from './statistics.ts'

describe('releases of one question together', () => {
  it('are the mean weighted by what was charged, rounded once, halves away from zero', () => {
    expect(combine([{ value: 10n, nano: 1n }])).toBe(10n)
    expect(
      combine([
        { value: 10n, nano: 1n },
        { value: 20n, nano: 3n },
      ]),
    ).toBe(18n)
    expect(
      combine([
        { value: -10n, nano: 1n },
        { value: -20n, nano: 3n },
      ]),
    ).toBe(-18n)
    expect(
      combine([
        { value: 1n, nano: 1n },
        { value: 0n, nano: 2n },
      ]),
    ).toBe(0n)
    // In one go: rounding twice would give 1.
    expect(
      combine([
        { value: 1n, nano: 1n },
        { value: 0n, nano: 1n },
        { value: 0n, nano: 2n },
      ]),
    ).toBe(0n)
  })

  it('have the variance of one release of the whole loss, and are right on average', () => {
    const random = seeded('combined variance')
    const charges = [500_000n, 1_500_000n, 3_000_000n]
    const samplers = charges.map((nano) => discreteGaussian(sigma2Of(1n, nano), random))
    const draws = 20_000
    let sum = 0
    let squares = 0
    for (let i = 0; i < draws; i++) {
      const value = Number(combine(charges.map((nano, at) => ({ value: (samplers[at] as () => bigint)(), nano }))))
      sum += value
      squares += value * value
    }
    const variance = approximate(sigma2Of(1n, 5_000_000n)) + 1 / 12
    expect(Math.abs(sum / draws)).toBeLessThan(4 * Math.sqrt(variance / draws))
    expect(Math.abs(squares / draws / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / draws))
  })

  it.each([
    [1n, 1n, 1n],
    [2n, 1n, 7n],
    [5n, 3n, 1n],
    [30n, 1n, 1n],
    [100n, 9n, 2n],
  ])('are covered by their interval, summed exactly: sensitivity² %s, charges %s to %s', (scale, first, second) => {
    // Variances in the ratio 1/first to 1/second, the smaller one at least 1.
    const parts = [first, second].map((nano) => ({ nano, sigma2: rational(scale * first * second, nano) }))
    const width = combinedHalfWidth(parts)
    const [a, b] = parts.map(({ sigma2 }) => plainLaw(approximate(sigma2)))
    let covered = 0
    const reach = 60 + 12 * Number(scale)
    for (let x = -reach; x <= reach; x++)
      for (let y = -reach; y <= reach; y++) {
        const mean = combine([
          { value: BigInt(x), nano: first },
          { value: BigInt(y), nano: second },
        ])
        if (mean <= width && mean >= -width) covered += (a?.at(x) ?? 0) * (b?.at(y) ?? 0)
      }
    expect(covered).toBeGreaterThanOrEqual(0.95)
    // And little wider than that of one release.
    const one = halfWidth(rational(scale * first * second, first + second), 95)
    expect(width - one).toBeLessThanOrEqual(2n)
  })

  it('with tiny noise are covered by a wider one, and nothing is promised without noise', () => {
    const parts = [1n, 1n].map((nano) => ({ nano, sigma2: rational(1n, 4n) }))
    const { at } = plainLaw(0.25)
    const width = combinedHalfWidth(parts)
    let covered = 0
    for (let x = -9; x <= 9; x++)
      for (let y = -9; y <= 9; y++) {
        const mean = combine([
          { value: BigInt(x), nano: 1n },
          { value: BigInt(y), nano: 1n },
        ])
        if (mean <= width && mean >= -width) covered += at(x) * at(y)
      }
    expect(covered).toBeGreaterThanOrEqual(0.95)
    expect(() => combinedHalfWidth([{ nano: 1n, sigma2: rational(0n) }])).toThrow(RangeError)
    expect(() => combinedHalfWidth([])).toThrow(RangeError)
  })
})
