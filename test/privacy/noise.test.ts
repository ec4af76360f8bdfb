import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Bug } from '../../src/base/assert.ts'
import { rootColumn, timesRoot } from '../../src/base/prefix-sums.ts'
import { rational } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { noisePlan } from '../../src/privacy/budget.ts'
import { discreteGaussian } from '../../src/privacy/discrete-gaussian.ts'
import { type ExactRows, sealCounts, sealRows } from '../../src/privacy/exact.ts'
import { addNoise, noisyUpperBounds } from '../../src/privacy/noise.ts'
import type { MeasureBound } from '../../src/privacy/sensitivity.ts'
import { seeded } from './seeded.ts'
import { chiSquareScore, fitScore, plainLaw } from './statistics.ts'

const count: MeasureBound = { kind: 'persons', maxGroups: 1n }
const average: MeasureBound = { kind: 'average', maxRows: 2n, halfRange: 5n }
const planOf = (measures: readonly MeasureBound[], nano: bigint) => expectAccepted(noisePlan(measures, nano))
const byNumber = (cells: number) => (keys: readonly (string | null)[]) => {
  const cell = Number(keys[0])
  return Number.isInteger(cell) && cell >= 0 && cell < cells ? cell : undefined
}
const row = (cell: number, ...values: bigint[]): ExactRows[number] => ({ keys: [`${cell}`], values })

describe('noise on exact results', () => {
  it('is put on every cell of the public domain and every channel, also where the engine returned nothing', () => {
    const plan = planOf([count, average], 300_000_000n)
    const cells = 2000
    const noisy = addNoise(sealRows([row(3, 1_000_000n, 5n, -7n)]), plan, cells, byNumber(cells), seeded('zero-fill'))
    expect(noisy).toHaveLength(cells)
    for (const [channel, { sigma2 }] of plan.channels.entries()) {
      const empty = noisy.filter((_, cell) => cell !== 3).map((values) => values[channel] as bigint)
      expect(Math.abs(fitScore(empty, plainLaw(Number(sigma2.n) / Number(sigma2.d)).at))).toBeLessThan(4)
    }
    expect(noisy.every((values) => values.length === 3)).toBe(true)
    expect(noisy[3]?.[0]).toBeGreaterThan(999_900n)
    expect(noisy[3]?.[0]).toBeLessThan(1_000_100n)
  })

  it('of a distribution is put on the root of its prefix sums, each number alike', () => {
    const plan = planOf([count, { kind: 'distribution', maxGroups: 1n, bins: 64 }], 300_000_000n)
    const counts = Array.from({ length: 64 }, (_, i) => (i === 5 ? 7n : 0n))
    const noisy = addNoise(sealRows([row(0, 7n, ...counts)]), plan, 40, byNumber(40), seeded('distribution'))
    const expected = timesRoot(rootColumn(64), counts)
    const sigma2 = plan.channels[1]?.sigma2 ?? rational(1n)
    const errors = noisy.flatMap((values, cell) =>
      values.slice(1).map((v, i) => Number(v - (cell === 0 ? (expected[i] as bigint) : 0n))),
    )
    const variance = errors.reduce((sum, e) => sum + e * e, 0) / errors.length / (Number(sigma2.n) / Number(sigma2.d))
    expect(errors).toHaveLength(40 * 64)
    // The mean of 2,560 squares has deviation √(2/2560) = 0.028.
    expect(Math.abs(variance - 1)).toBeLessThan(0.12)
  })

  it('does not depend on what is in the cells: equal bytes, equal noise, whatever the exact values and their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(-(2n ** 70n), 2n ** 70n), { minLength: 6, maxLength: 6 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }),
        (values, places) => {
          const plan = planOf([count], 1_000_000n)
          const rows = places.map((cell) => row(cell, values[cell] as bigint))
          const noisy = addNoise(sealRows(rows), plan, 5, byNumber(5), seeded('same'))
          const noise = addNoise(sealRows([]), plan, 5, byNumber(5), seeded('same'))
          for (const cell of [0, 1, 2, 3, 4]) {
            const exact = places.includes(cell) ? (values[cell] as bigint) : 0n
            expect((noisy[cell]?.[0] as bigint) - (noise[cell]?.[0] as bigint)).toBe(exact)
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  it('is fresh for every number: no cell and no channel repeats the noise of another', () => {
    const plan = planOf([count, count], 2_000_000n)
    const cells = 4000
    const noisy = addNoise(sealRows([]), plan, cells, byNumber(cells), seeded('fresh'))
    const all = noisy.map(([a, b]) => [Number(a), Number(b)] as const)
    const variance = Number(plan.channels[0]?.sigma2.n) / Number(plan.channels[0]?.sigma2.d)
    const correlation = (pairs: readonly (readonly [number, number])[]): number =>
      pairs.reduce((sum, [a, b]) => sum + a * b, 0) / pairs.length / variance
    const neighbours = all.slice(1).map(([a], i) => [a, (all[i] as readonly [number, number])[0]] as const)
    expect(Math.abs(correlation(all))).toBeLessThan(4 / Math.sqrt(cells))
    expect(Math.abs(correlation(neighbours))).toBeLessThan(4 / Math.sqrt(cells))
    const same = all.filter(([a, b]) => a === b).length
    expect(same).toBeLessThan(cells / 10)
  })

  it('two releases of the same rows by the system’s randomness differ', () => {
    const plan = planOf([count], 1000n)
    const once = () =>
      addNoise(sealRows([row(0, 5n)]), plan, 4, byNumber(4))
        .flat()
        .join()
    expect(new Set([once(), once(), once()]).size).toBe(3)
  })

  it('a row outside the domain, a cell twice, or a row too short is a bug, and its message tells no key', () => {
    const plan = planOf([count], 1_000_000n)
    const failing: readonly (readonly [ExactRows, RegExp])[] = [
      [[{ keys: ['secret'], values: [1n] }], /in the public domain/],
      [[row(0, 1n), row(0, 2n)], /one row/],
      [[row(0, 1n, 2n)], /one value per channel/],
      [[row(0)], /one value per channel/],
    ]
    for (const [rows, message] of failing) {
      const work = () => addNoise(sealRows(rows), plan, 2, byNumber(2), seeded('bug'))
      expect(work).toThrow(Bug)
      expect(work).toThrow(message)
      expect(work).not.toThrow(/secret/)
    }
    for (const cell of [-1, 2, 0.5]) expect(() => addNoise(sealRows([row(0, 1n)]), plan, 2, () => cell)).toThrow(Bug)
    expect(() => addNoise(sealRows([]), plan, 0, byNumber(1))).toThrow(Bug)
  })

  it('opens sealed results only', () => {
    expect(() => addNoise({ sealed: true }, planOf([count], 1000n), 1, () => 0)).toThrow(TypeError)
  })

  it('wipes what was fetched and not used, also when the source fails', () => {
    const seen: Uint8Array[] = []
    const remember = (buffer: Uint8Array): void => {
      seen.push(buffer)
      buffer.fill(7)
    }
    addNoise(sealRows([]), planOf([count], 1_000_000n), 3, byNumber(3), remember)
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every((buffer) => buffer.every((byte) => byte === 0))).toBe(true)
    const failing = (buffer: Uint8Array): void => {
      remember(buffer)
      throw new Error('no entropy')
    }
    expect(() => addNoise(sealRows([]), planOf([count], 1000n), 1, byNumber(1), failing)).toThrow('no entropy')
    expect(seen.at(-1)?.every((byte) => byte === 0)).toBe(true)
  })
})

describe('the noisy upper bounds of the people in force', () => {
  const nano = 500_000n

  it('are not below the number of people, but for less than one time in ten thousand', () => {
    // 20,000 bounds of no people: 2 failures are expected at most; 12 would be past seven standard errors.
    let below = 0
    const bytes = seeded('coverage')
    for (let i = 0; i < 5000; i++) {
      const bounds = noisyUpperBounds(
        sealCounts({ a: 500n, b: 500n, c: 500n, d: 500n }),
        ['a', 'b', 'c', 'd'],
        nano,
        bytes,
      )
      for (const bound of Object.values(bounds)) if (bound < 500n) below++
    }
    expect(below).toBeLessThan(12)
  })

  it.each([1, 2, 5])('of %i purposes are one release: the noise has sigma² = purposes / (2 rho)', (purposes) => {
    const names = Array.from({ length: purposes }, (_, i) => `p${i}`)
    const counts = sealCounts(Object.fromEntries(names.map((name) => [name, 500n])))
    const sigma2 = purposes * 1000
    const margin = Math.ceil(3.72 * Math.sqrt(sigma2))
    const bytes = seeded(`vector ${purposes}`)
    const draws = Array.from({ length: Math.ceil(8000 / purposes) }, () =>
      Object.values(noisyUpperBounds(counts, names, nano, bytes)),
    )
      .flat()
      .map((bound) => bound - 500n - BigInt(margin))
    // Above 999 the bound is rounded up to three digits, which touches hardly any of these draws.
    const law = plainLaw(sigma2).at
    const inner = draws.filter((x) => x < 999n - 500n - BigInt(margin) && x > -500n)
    expect(inner.length).toBeGreaterThan(draws.length * 0.97)
    const mean = inner.reduce((sum, x) => sum + Number(x), 0) / inner.length
    const variance = inner.reduce((sum, x) => sum + (Number(x) - mean) ** 2, 0) / inner.length
    expect(Math.abs(mean)).toBeLessThan(purposes === 5 ? 12 : 4 * Math.sqrt(sigma2 / inner.length))
    if (purposes < 5) {
      expect(Math.abs(variance / sigma2 - 1)).toBeLessThan(4 * Math.sqrt(2 / inner.length))
      const bins = [-2, -1, -0.5, 0, 0.5, 1, 2].map((z) => Math.round(z * Math.sqrt(sigma2)))
      const share = (low: number, high: number, of: (x: number) => number): number => {
        let sum = 0
        for (let x = low; x < high; x++) sum += of(x)
        return sum
      }
      const edges = [-600, ...bins, 600]
      const expected = edges.slice(1).map((high, i) => inner.length * share(edges[i] as number, high, law))
      const observed = edges
        .slice(1)
        .map((high, i) => inner.filter((x) => Number(x) >= (edges[i] as number) && Number(x) < high).length)
      expect(Math.abs(chiSquareScore(observed, expected))).toBeLessThan(4)
    }
  })

  it('have three significant digits and never fall to zero', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), fc.bigInt(1n, 10n ** 9n), fc.string(), (people, rho, seed) => {
        const bound = noisyUpperBounds(sealCounts({ a: people }), ['a'], rho, seeded(seed)).a as bigint
        expect(bound).toBeGreaterThanOrEqual(1n)
        expect(/^\d{1,3}0*$/.test(`${bound}`)).toBe(true)
      }),
      { numRuns: 300 },
    )
    // A stream found by search whose first draw at sigma² = 1000 is -128, below the margin of 118: the one time in ten thousand.
    expect(noisyUpperBounds(sealCounts({ a: 0n }), ['a'], nano, seeded('low 21052'))).toEqual({ a: 1n })
    expect(noisyUpperBounds(sealCounts({ a: 50n }), ['a'], nano, seeded('low 21052'))).toEqual({ a: 40n })
    // With much rho there is no noise to speak of: the margin is one person, and the rounding goes up.
    expect(noisyUpperBounds(sealCounts({ a: 1000n }), ['a'], 10n ** 12n, seeded('up'))).toEqual({ a: 1010n })
    expect(noisyUpperBounds(sealCounts({ a: 998n }), ['a'], 10n ** 12n, seeded('up'))).toEqual({ a: 999n })
  })

  it('are the count, the noise and the least whole margin from 3.72 sigma on, then rounded up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.bigInt(10n ** 5n, 10n ** 9n),
        fc.bigInt(0n, 3000n),
        fc.string(),
        (purposes, rho, people, seed) => {
          const names = Array.from({ length: purposes }, (_, i) => `p${i}`)
          const sigma2 = rational(BigInt(purposes) * 10n ** 9n, 2n * rho)
          let margin = 0n
          while (margin ** 2n * 10_000n * sigma2.d < 372n ** 2n * sigma2.n) margin++
          const draw = discreteGaussian(sigma2, seeded(seed))
          const expected = names.map((name) => {
            let bound = (name === 'p0' ? people : 0n) + draw() + margin
            if (bound < 1n) bound = 1n
            while (!/^[0-9]{1,3}0*$/.test(`${bound}`)) bound++
            return bound
          })
          expect(Object.values(noisyUpperBounds(sealCounts({ p0: people }), names, rho, seeded(seed)))).toEqual(
            expected,
          )
        },
      ),
      { numRuns: 200, endOnFailure: true },
    )
  })

  it('a purpose for which nobody said yes gets its noise too; a count of an unknown purpose is a bug', () => {
    const bounds = noisyUpperBounds(sealCounts({}), ['a', 'b', 'constructor'], nano, seeded('none'))
    expect(Object.keys(bounds)).toEqual(['a', 'b', 'constructor'])
    expect(new Set(Object.values(bounds)).size).toBeGreaterThan(1)
    expect(() => noisyUpperBounds(sealCounts({ z: 1n }), ['a'], nano, seeded(''))).toThrow(Bug)
    expect(() => noisyUpperBounds(sealCounts({}), ['a', 'a'], nano, seeded(''))).toThrow(Bug)
    expect(noisyUpperBounds(sealCounts({}), [], nano, seeded(''))).toEqual({})
  })
})
