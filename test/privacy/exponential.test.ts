import { describe, expect, it } from 'vitest'
import { boundGrid } from '../../src/base/bound-grid.ts'
import { absolute } from '../../src/base/integer.ts'
import { approximate, compare, multiply, type Rational, rational } from '../../src/base/rational.ts'
import { sealRows } from '../../src/privacy/exact.ts'
import {
  chooseBound,
  exponential,
  exponentialEpsilon,
  targetAbove,
  utilityLoss,
} from '../../src/privacy/exponential.ts'
import { seeded } from './seeded.ts'
import { chiSquareScore } from './statistics.ts'
import { exact, vectors } from './vectors.ts'

describe('epsilon of the exponential mechanism', () => {
  it('is √(8 rho) rounded down to a multiple of 2^-20, as the vectors say', () => {
    for (const { rho, eps_em } of vectors.exp_mech) {
      const epsilon = exponentialEpsilon(nanoOf(rho))
      expect(approximate(epsilon)).toBeLessThanOrEqual(Number(eps_em))
      expect(Number(eps_em) - approximate(epsilon)).toBeLessThan(2 ** -20)
    }
  })

  it('never costs more than is charged, and a 2^-20 more would', () => {
    const step = rational(1n, 2n ** 20n)
    for (const nano of [1n, 2n, 50_000n, 123_457n, 500_000n, 5_000_000n, 999_999_999n, 10n ** 12n]) {
      const rho8 = rational(8n * nano, 10n ** 9n)
      const epsilon = exponentialEpsilon(nano)
      expect(compare(multiply(epsilon, epsilon), rho8)).toBeLessThanOrEqual(0)
      const more = rational(epsilon.n * step.d + epsilon.d, epsilon.d * step.d)
      expect(compare(multiply(more, more), rho8)).toBeGreaterThan(0)
    }
    expect(() => exponentialEpsilon(0n)).toThrow(RangeError)
  })

  it('bounds the error in people as the vectors say', () => {
    for (const { rho, rank_error_95_m1024, rank_error_95_m1024_monotone } of vectors.exp_mech) {
      const error = utilityLoss(exponentialEpsilon(nanoOf(rho)), 1024, 0.05)
      expect(error / Number(rank_error_95_m1024)).toBeGreaterThanOrEqual(1 - 1e-9)
      expect(error / Number(rank_error_95_m1024)).toBeLessThan(1.00002)
      expect(error / 2 / Number(rank_error_95_m1024_monotone)).toBeLessThan(1.00002)
    }
  })

  it('leaves above the bound what the noise bears, and what the mechanism can tell apart', () => {
    // rho 0.00005, 25 edges: epsilon 0.02, (2/epsilon) ln 25 = 321.9.
    expect(targetAbove(50_000n, 25)).toBe(322n)
    // One edge: 1/√(2 rho) alone.
    expect(targetAbove(5_000_000n, 1)).toBe(10n)
  })
})

describe('the law', () => {
  const draws = 20_000
  const cases: readonly { readonly utilities: readonly bigint[]; readonly epsilon: Rational }[] = [
    { utilities: [0n, -1n], epsilon: rational(1n) },
    { utilities: [-3n, -1n, -7n, -1n, -2n], epsilon: rational(1n, 2n) },
    { utilities: [-500n, -510n, -490n, -530n], epsilon: rational(20_971n, 1_048_576n) },
    { utilities: [4n, 4n, 4n], epsilon: rational(3n) },
    { utilities: [0n, -2n, -4n], epsilon: rational(3n) },
  ]
  it.each(cases.map((one, n) => ({ ...one, n })))(
    'of case $n is exp(epsilon utility/2)',
    ({ utilities, epsilon, n }) => {
      const random = seeded(`exponential law ${n}`)
      const seen = utilities.map(() => 0)
      for (let i = 0; i < draws; i++) {
        const place = exponential(utilities, epsilon, random)
        seen[place] = (seen[place] as number) + 1
      }
      const expected = lawOf(utilities, approximate(epsilon)).map((p) => p * draws)
      expect(Math.abs(chiSquareScore(seen, expected))).toBeLessThan(4)
    },
  )

  it('over the grid is that of the people above each edge; nobody gives all edges', () => {
    const choice = { edges: [1n, 2n, 5n, 9n], target: 3n, epsilon: rational(1n) }
    const random = seeded('exponential bound')
    const seen = new Map(choice.edges.map((edge) => [edge, 0]))
    const above = [8n, 4n, 2n, 0n]
    for (let i = 0; i < draws; i++) {
      const edge = chooseBound(sealRows([{ keys: [], values: above }]), choice, random)
      seen.set(edge, (seen.get(edge) ?? 0) + 1)
    }
    const expected = lawOf(
      above.map((people) => -absolute(people - 3n)),
      1,
    ).map((p) => p * draws)
    expect(Math.abs(chiSquareScore([...seen.values()], expected))).toBeLessThan(4)
    const empty = new Set(Array.from({ length: 200 }, () => chooseBound(sealRows([]), choice, random)))
    expect(empty).toEqual(new Set(choice.edges))
  })
})

describe('the audit of a tight pair', () => {
  // Without the person, 4 people are above the lower edge and 3 above the higher; the person is above both. Target 4: utilities (0, -1) and (-1, 0).
  const nano = 20_000_000n
  const epsilon = exponentialEpsilon(nano)
  const choice = { edges: [10n, 20n], target: 4n, epsilon }
  const without = [4n, 3n]
  const within = without.map((people) => people + 1n)
  const draws = 30_000

  it('an attacker tells the two worlds apart as well as the loss says, no better and no worse', () => {
    const logOdds = (above: readonly bigint[], seed: string): number => {
      const random = seeded(seed)
      let low = 0
      for (let i = 0; i < draws; i++)
        if (chooseBound(sealRows([{ keys: [], values: above }]), choice, random) === 10n) low++
      return Math.log(low / (draws - low))
    }
    const found = logOdds(without, 'tight without') - logOdds(within, 'tight within')
    // Each log odds has the variance 1/(n p q), here 4/n and a little more.
    const error = Math.sqrt(2 * 4.05) / Math.sqrt(draws)
    expect(Math.abs(found - approximate(epsilon))).toBeLessThan(4 * error)
  })

  it('the divergence of every order is at most rho times the order, and nearly that', () => {
    const law = (above: readonly bigint[]) =>
      lawOf(
        above.map((people) => -absolute(people - choice.target)),
        approximate(epsilon),
      )
    const [p, q] = [law(without), law(within)]
    const rho = Number(nano) / 1e9
    for (const order of [1.01, 1.5, 2, 4, 10, 50, 500]) {
      const sum = p.reduce((all, x, i) => all + x ** order * (q[i] as number) ** (1 - order), 0)
      const divergence = Math.log(sum) / (order - 1)
      expect(divergence).toBeLessThanOrEqual(rho * order)
      if (order <= 2) expect(divergence).toBeGreaterThan(0.97 * rho * order)
    }
  })

  it('on random counts one person more moves all log probabilities within a range of epsilon', () => {
    const random = seeded('exponential ranges')
    const byte = (): number => {
      const one = new Uint8Array(1)
      random(one)
      return one[0] as number
    }
    for (let trial = 0; trial < 500; trial++) {
      const m = 2 + (byte() % 6)
      const above = Array.from({ length: m }, () => BigInt(byte() % 12)).sort((a, b) => Number(b - a))
      const target = BigInt(byte() % 10)
      const reach = byte() % (m + 1)
      const more = above.map((people, i) => (i < reach ? people + 1n : people))
      const law = (counts: readonly bigint[]) =>
        lawOf(
          counts.map((n) => -absolute(n - target)),
          0.7,
        )
      const losses = law(above).map((p, i) => Math.log(p / (law(more)[i] as number)))
      expect(Math.max(...losses) - Math.min(...losses)).toBeLessThanOrEqual(0.7 + 1e-9)
    }
  })
})

it('the grid is public: 1, 2, 5, 10, … below the declared bound, and that bound', () => {
  expect(boundGrid(1n)).toEqual([1n])
  expect(boundGrid(100n)).toEqual([1n, 2n, 5n, 10n, 20n, 50n, 100n])
  expect(boundGrid(137n)).toEqual([1n, 2n, 5n, 10n, 20n, 50n, 100n, 137n])
  expect(boundGrid(10n ** 9n)).toHaveLength(28)
})

/** Computed plainly. */
function lawOf(utilities: readonly bigint[], epsilon: number): readonly number[] {
  const best = Math.max(...utilities.map(Number))
  const weights = utilities.map((u) => Math.exp((epsilon * (Number(u) - best)) / 2))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

function nanoOf(rho: string): bigint {
  const { n, d } = exact(rho)
  return (n * 10n ** 9n) / d
}
