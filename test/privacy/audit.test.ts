import { describe, expect, it } from 'vitest'
import { ceilDiv, ceilSqrt } from '../../src/base/integer.ts'
import { approximate } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { noisePlan, sigma2Of } from '../../src/privacy/budget.ts'
import { sealCounts, sealRows } from '../../src/privacy/exact.ts'
import { addNoise, noisyUpperBounds } from '../../src/privacy/noise.ts'
import type { MeasureBound } from '../../src/privacy/sensitivity.ts'
import { seeded } from './seeded.ts'
import { gaussianAudit, normalQuantile, plainLaw } from './statistics.ts'

/**
 * The audit: an attacker who knows everything but whether one person is in the data sees many releases of either world and tells them apart as well as the
 * promised rho allows, no better (too little noise) and no worse (too much, or a bound that does not bind). A release of loss rho is
 * √(2 rho)-Gaussian-DP; the person is the worst one: at the bound in every group (differential-privacy.md 9.1).
 */
describe.each([
  {
    name: 'a person in all four groups that count',
    bound: { kind: 'persons', maxGroups: 4n } as MeasureBound,
    person: [1n, 1n, 1n, 1n],
  },
  {
    name: 'a person whose sums reach the bound',
    bound: { kind: 'sum', maxSum: 500n } as MeasureBound,
    person: [300n, -400n],
  },
  {
    name: 'a person with as many rows as count',
    bound: { kind: 'rows', maxRows: 8n } as MeasureBound,
    person: [0n, 8n, 0n],
  },
])('an attacker looking for $name', ({ name, bound, person }) => {
  const nano = 200_000_000n
  const releases = 30_000
  const plan = expectAccepted(noisePlan([bound], nano))
  const weight = person.map(Number)
  const shift = weight.reduce((sum, v) => sum + v * v, 0)

  /** The best linear statistic of one release, as often as wanted. */
  const world = (rows: readonly bigint[], seed: string): number[] => {
    const bytes = seeded(seed)
    const exact = rows.map((value, cell) => ({ keys: [`${cell}`], values: [100n + value] }))
    return Array.from({ length: releases }, () => {
      const noisy = addNoise(sealRows(exact), plan, rows.length, ([key]) => Number(key), bytes)
      return noisy.reduce((sum, [value], cell) => sum + (Number(value) - 100) * (weight[cell] as number), 0)
    })
  }

  it('tells the two worlds apart exactly as well as rho says', { timeout: 60_000 }, () => {
    const without = world(
      person.map(() => 0n),
      `${name} absent`,
    )
    const within = world(person, `${name} present`)
    const limit = shift / 2
    const falsePositive = without.filter((x) => x > limit).length / releases
    const truePositive = within.filter((x) => x > limit).length / releases
    const found = normalQuantile(truePositive) - normalQuantile(falsePositive)
    const law = statistic(
      approximate(expectAccepted(noisePlan([bound], nano)).channels[0]?.sigma2 as { n: bigint; d: bigint }),
      weight,
    )
    const promised = normalQuantile(law(limit - shift)) - normalQuantile(law(limit))
    // The law is that of the variance sensitivity²/(2 rho); at these scales it is as good as √(2 rho).
    expect(Math.abs(promised / Math.sqrt((2 * Number(nano)) / 1e9) - 1)).toBeLessThan(0.03)
    expect(Math.abs(found - promised)).toBeLessThan(4 * Math.sqrt(Math.PI / releases))
  })
})

describe('an attacker who looks for a person in the published head counts', () => {
  it('tells the two worlds apart exactly as well as rho says', { timeout: 60_000 }, () => {
    const [nano, releases] = [50_000_000n, 30_000]
    const purposes = ['product-statistics', 'scientific-research', 'advertising']
    const bytes = seeded('head counts')
    // The person is in all three; counts of three digits are published to the unit, and the margin is the same in both worlds.
    const counts = (person: bigint) =>
      sealCounts(Object.fromEntries(purposes.map((purpose) => [purpose, 500n + person])))
    const worlds = [counts(0n), counts(1n)] as const
    const release = (present: boolean) =>
      Object.values(noisyUpperBounds(worlds[present ? 1 : 0], purposes, nano, bytes))
    const sigma2 = sigma2Of(BigInt(purposes.length), nano)
    const margin = ceilSqrt(ceilDiv(372n * 372n * sigma2.n, 10_000n * sigma2.d))
    const shift = purposes.map(() => 1n)
    const base = purposes.map(() => 500n + margin)
    const found = gaussianAudit(
      release,
      base,
      shift,
      purposes.map(() => approximate(sigma2)),
      releases,
    )
    expect(Math.abs(found - Math.sqrt((2 * Number(nano)) / 1e9))).toBeLessThan(4 * Math.sqrt(Math.PI / releases))
  })
})

/** P(Σ weight Z > x) for independent discrete Gaussians; by convolution where the steps are small, by the normal law where they are hundreds. */
function statistic(s2: number, weight: readonly number[]): (x: number) => number {
  const used = weight.filter((w) => w !== 0)
  if (used.some((w) => Math.abs(w) > 20)) {
    const spread = Math.sqrt(s2 * used.reduce((sum, w) => sum + w * w, 0))
    return (x) => normalAbove(x / spread)
  }
  let law = new Map([[0, 1]])
  for (const w of used) {
    const { at } = plainLaw(s2)
    const reach = Math.ceil(9 * Math.sqrt(s2))
    const next = new Map<number, number>()
    for (const [sum, p] of law)
      for (let z = -reach; z <= reach; z++) next.set(sum + w * z, (next.get(sum + w * z) ?? 0) + p * at(z))
    law = next
  }
  return (x) => [...law].reduce((sum, [value, p]) => (value > x ? sum + p : sum), 0)
}

const normalAbove = (x: number): number => {
  let low = 0
  let high = 1
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (normalQuantile(middle) < -x) low = middle
    else high = middle
  }
  return low
}
