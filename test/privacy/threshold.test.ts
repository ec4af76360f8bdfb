import { describe, expect, it } from 'vitest'
import { Bug } from '../../src/base/assert.ts'
import { approximate, rational } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { type NoisePlan, noisePlan, selectionDelta } from '../../src/privacy/budget.ts'
import { type ExactRows, sealRows } from '../../src/privacy/exact.ts'
import { threshold } from '../../src/privacy/interval.ts'
import { addNoise, releaseOpenGroups } from '../../src/privacy/noise.ts'
import type { MeasureBound } from '../../src/privacy/sensitivity.ts'
import { keyOrder } from '../../src/release/way/cells.ts'
import { seeded } from './seeded.ts'
import { fitScore, normalQuantile, plainLaw } from './statistics.ts'
import { vectors } from './vectors.ts'

const persons = (maxGroups: bigint): MeasureBound => ({ kind: 'persons', maxGroups })
const sum: MeasureBound = { kind: 'sum', maxSum: 100n }
const asked = (maxGroups: bigint) => ({ measure: 0, maxGroups, hidden: false })
const planOf = (measures: readonly MeasureBound[], nano: bigint, selection = asked(4n)): NoisePlan =>
  expectAccepted(noisePlan(measures, nano, selection))
/** The same plan with the threshold of another delta: rates of 10^-9 cannot be counted. */
const loose = (plan: NoisePlan, delta: number): NoisePlan => {
  const { selection } = plan
  if (!selection) throw new Error('no selection')
  const { sigma2 } = plan.channels[selection.channel] as NoisePlan['channels'][number]
  return { ...plan, selection: { ...selection, threshold: threshold(sigma2, Number(selection.maxGroups), delta) } }
}
const text = { name: 'k', type: 'text', domain: undefined, perPerson: false } as const
const order = keyOrder([{ ...text, expression: { kind: 'literal', value: null, type: 'text', scale: 0 } }])
const release = (rows: ExactRows, plan: NoisePlan, seed: string) =>
  releaseOpenGroups(sealRows(rows), plan, () => true, order, seeded(seed))

describe('which groups of open keys appear', () => {
  it.each(vectors.tau_discrete_gaussian.filter(({ delta }) => Number(delta) === 1e-9))(
    'at rho $rho_select with $l0 groups of one person: those with at least $keep_if_noisy_count_at_least noisy people',
    (entry) => {
      const nano = BigInt(Math.round(Number(entry.rho_select) * 1e9))
      const { selection } = planOf([persons(BigInt(entry.l0))], nano, asked(BigInt(entry.l0)))
      expect(selection?.threshold).toBe(BigInt(entry.keep_if_noisy_count_at_least))
      expect(selection?.delta).toBe(1000n)
    },
  )

  it('the count that chooses has half of rho where it is asked for, a quarter where it is not, and nothing is lost', () => {
    for (const nano of [7n, 100n, 500_001n, 5_000_000n]) {
      const both = planOf([persons(4n), sum, sum], nano)
      expect(both.channels.reduce((total, channel) => total + channel.nano, 0n)).toBe(nano)
      expect(2n * (both.channels[0]?.nano ?? 0n) - nano).toBeLessThanOrEqual(1n)
      expect(2n * (both.channels[0]?.nano ?? 0n) - nano).toBeGreaterThanOrEqual(-1n)
      const hidden = planOf([sum, persons(4n)], nano, { measure: 1, maxGroups: 4n, hidden: true })
      expect(hidden.channels.reduce((total, channel) => total + channel.nano, 0n)).toBe(nano)
      expect(Number(4n * (hidden.channels[1]?.nano ?? 0n) - nano)).toBeLessThanOrEqual(3)
    }
    expect(planOf([persons(4n)], 500_000n).channels[0]?.nano).toBe(500_000n)
    // Too little for one of the parts is refused, not a fault.
    for (const nano of [1n, 2n, 3n, 4n, 5n, 6n]) {
      const found = noisePlan([persons(4n), sum, sum, sum], nano, asked(4n))
      expect(found.ok ? found.value.channels.every((channel) => channel.nano >= 1n) : found.refusal.code).toBe(
        nano >= 6n ? true : found.ok ? true : 'privacy.rho_out_of_range',
      )
      expect(found.ok).toBe(nano >= 5n)
    }
  })

  it('a smallest number of people only ever raises the threshold, and is never compared with the true count', () => {
    const tau = planOf([persons(1n)], 500_000_000n, asked(1n)).selection?.threshold ?? 0n
    const cohort = (minimumCohort: bigint) =>
      planOf([persons(1n)], 500_000_000n, { ...asked(1n), minimumCohort } as never).selection?.threshold
    expect(cohort(1n)).toBe(tau)
    // sigma is 1: k and ⌈1.645 sigma⌉.
    expect(cohort(50n)).toBe(52n)
    // Groups of one noisy count are treated alike, whatever the truth is.
    const plan = planOf([persons(1n)], 500_000_000n, { ...asked(1n), minimumCohort: 50n } as never)
    const rows = Array.from({ length: 400 }, (_, i) => ({ keys: [`${i}`], values: [49n + BigInt(i % 5)] }))
    const shown = release(rows, plan, 'cohort')
    expect(shown.length).toBeGreaterThan(100)
    expect(shown.every(({ values }) => (values[0] ?? 0n) >= 52n)).toBe(true)
    expect(shown.some(({ keys }) => Number(keys[0]) % 5 === 1)).toBe(true)
  })

  it('someone alone in as many groups as count is seen in no more than delta of the releases', {
    timeout: 120_000,
  }, () => {
    // Each draws for every group: 100,000 draws where somebody counts in four.
    const releases = process.env.USUFRUCT_LONG === '1' ? 200_000 : 25_000
    const delta = 0.01
    for (const maxGroups of process.env.USUFRUCT_LONG === '1' ? [1n, 4n, 16n] : [4n]) {
      const plan = loose(planOf([persons(maxGroups)], 100_000_000n, asked(maxGroups)), delta)
      const alone = Array.from({ length: Number(maxGroups) }, (_, i) => ({ keys: [`only ${i}`], values: [1n] }))
      const sealed = sealRows(alone)
      const bytes = seeded(`alone in ${maxGroups}`)
      let seen = 0
      for (let i = 0; i < releases; i++)
        if (releaseOpenGroups(sealed, plan, () => true, order, bytes).length > 0) seen++
      const { sigma2 } = plan.channels[0] as NoisePlan['channels'][number]
      const below = 1 - plainLaw(approximate(sigma2)).from(Number(plan.selection?.threshold ?? 0n) - 1)
      const expected = 1 - below ** Number(maxGroups)
      expect(expected).toBeLessThanOrEqual(delta)
      // Not far below either: with a threshold one lower it would be above delta.
      const spread = 4 * Math.sqrt((delta * (1 - delta)) / releases)
      expect(Math.abs(seen / releases - expected)).toBeLessThan(spread)
      expect(seen / releases).toBeLessThan(delta + spread)
      const lower =
        1 - (1 - plainLaw(approximate(sigma2)).from(Number(plan.selection?.threshold ?? 0n) - 2)) ** Number(maxGroups)
      expect(lower).toBeGreaterThan(delta)
    }
  })

  it('a group in which nobody counts never appears, and costs no draw', () => {
    // So much noise that zero people would pass half of the time.
    const plan = { ...planOf([persons(4n), sum], 1_000n) }
    const low = { ...plan, selection: { ...plan.selection, threshold: -1_000_000_000n } } as NoisePlan
    const rows = Array.from({ length: 50 }, (_, i) => ({ keys: [`${i}`], values: [i % 2 === 0 ? 0n : 3n, 7n] }))
    const shown = release(rows, low, 'nobody')
    expect(shown.map(({ keys }) => Number(keys[0]) % 2)).toEqual(shown.map(() => 1))
    expect(shown).toHaveLength(25)
    expect(release([{ keys: ['a'], values: [-5n, 7n] }], low, 'nobody')).toEqual([])
    expect(release([], low, 'nobody')).toEqual([])
  })

  it('the count that chose is the count that is shown, and no other number has its noise', { timeout: 60_000 }, () => {
    const plan = planOf([persons(1n), persons(1n), { kind: 'sum', maxSum: 5n }], 400_000_000n, asked(1n))
    const rows = Array.from({ length: 10_000 }, (_, i) => ({
      keys: [`${i}`.padStart(6, '0')],
      values: [1_000n, 1_000n, 5n],
    }))
    const shown = release(rows, plan, 'same noise')
    expect(shown).toHaveLength(rows.length)
    const errors = (place: number, truth: bigint) => shown.map(({ values }) => (values[place] as bigint) - truth)
    const laws = plan.channels.map(({ sigma2 }) => plainLaw(approximate(sigma2)).at)
    for (const [place, truth] of [1_000n, 1_000n, 5n].entries())
      expect(Math.abs(fitScore(errors(place, truth), laws[place] as (x: number) => number))).toBeLessThan(4)
    const [a, b] = [errors(0, 1_000n).map(Number), errors(1, 1_000n).map(Number)] as [number[], number[]]
    const correlation = (x: readonly number[], y: readonly number[]): number =>
      x.reduce((total, v, i) => total + v * (y[i] as number), 0) /
      Math.sqrt(x.reduce((s, v) => s + v * v, 0) * y.reduce((s, v) => s + v * v, 0))
    expect(Math.abs(correlation(a, b))).toBeLessThan(4 / Math.sqrt(rows.length))
  })

  it('shown counts are exactly those of at least the threshold', () => {
    const plan = planOf([persons(4n)], 100_000_000n)
    const tau = plan.selection?.threshold ?? 0n
    const rows = Array.from({ length: 4_000 }, (_, i) => ({ keys: [`${i}`.padStart(5, '0')], values: [tau] }))
    const shown = release(rows, plan, 'at tau')
    expect(shown.every(({ values }) => (values[0] as bigint) >= tau)).toBe(true)
    // Half of the law and the mass at 0 pass: a count at the threshold is in.
    const { sigma2 } = plan.channels[0] as NoisePlan['channels'][number]
    const law = plainLaw(approximate(sigma2))
    const passes = law.at(0) + law.from(1)
    expect(Math.abs(shown.length / rows.length - passes)).toBeLessThan(4 * Math.sqrt(0.25 / rows.length))
    expect(shown.some(({ values }) => values[0] === tau)).toBe(true)
  })

  it('comes in the order of the keys, whatever the engine gave them in', () => {
    const plan = planOf([persons(4n)], 1_000_000_000n)
    const rows = ['é', 'b', null, 'a', '', 'B'].map((key) => ({ keys: [key], values: [1_000n] }))
    const keys = (input: ExactRows) => release(input, plan, 'order').map((group) => group.keys[0])
    expect(keys(rows)).toEqual(['', 'B', 'a', 'b', 'é', null])
    expect(keys([...rows].reverse())).toEqual(keys(rows))
    const numbers = keyOrder([
      { ...text, type: 'integer', expression: { kind: 'literal', value: null, type: 'integer', scale: 0 } },
      { ...text, domain: ['z', 'a', null], expression: { kind: 'literal', value: null, type: 'text', scale: 0 } },
    ])
    expect(
      [
        ['10', 'a'],
        ['-2', null],
        ['9', 'z'],
        [null, 'z'],
        ['9', 'a'],
        ['-2', 'z'],
      ].sort(numbers),
    ).toEqual([
      ['-2', 'z'],
      ['-2', null],
      ['9', 'z'],
      ['9', 'a'],
      ['10', 'a'],
      [null, 'z'],
    ])
  })

  it('takes no two rows of one group, no row of another width and no key that is none, and names none of them', () => {
    const plan = planOf([persons(4n)], 100_000_000n)
    const twice = [
      { keys: ['secret'], values: [1n] },
      { keys: ['secret'], values: [2n] },
    ]
    for (const attempt of [
      () => release(twice, plan, 'x'),
      () => release([{ keys: ['secret'], values: [1n, 2n] }], plan, 'x'),
      () => releaseOpenGroups(sealRows(twice.slice(0, 1)), plan, () => false, order),
    ]) {
      expect(attempt).toThrow(Bug)
      expect(attempt).not.toThrow(/secret/)
    }
    // Neither mechanism takes the other's plan.
    expect(() => addNoise(sealRows([]), plan, 1, () => 0)).toThrow(Bug)
    expect(() => release([], expectAccepted(noisePlan([persons(4n)], 100n)), 'x')).toThrow(Bug)
    // ["a,b"] and ["a","b"] are two groups, and a missing key is not the text "null".
    const apart = [['null'], [null], ['a,b'], ['a', 'b']].map((keys) => ({ keys, values: [1_000n] }))
    expect(
      releaseOpenGroups(
        sealRows(apart),
        planOf([persons(4n)], 1_000_000_000n),
        () => true,
        () => 0,
      ),
    ).toHaveLength(4)
  })
})

/** An attacker who knows everything but whether somebody is in a group that appears anyway (differential-privacy.md 9.1). */
describe('an attacker looking at the count of groups that appear', () => {
  it('tells the two worlds apart exactly as well as rho says', { timeout: 60_000 }, () => {
    const releases = 15_000
    const nano = 200_000_000n
    const plan = planOf([persons(4n)], nano)
    const world = (person: bigint, seed: string): number[] => {
      const bytes = seeded(seed)
      const rows = sealRows(Array.from({ length: 4 }, (_, i) => ({ keys: [`${i}`], values: [500n + person] })))
      return Array.from({ length: releases }, () => {
        const shown = releaseOpenGroups(rows, plan, () => true, order, bytes)
        if (shown.length !== 4) throw new Error('all four appear')
        return shown.reduce((total, { values }) => total + Number(values[0]) - 500, 0)
      })
    }
    const share = (values: readonly number[]): number =>
      (values.filter((x) => x > 2).length + values.filter((x) => x === 2).length / 2) / releases
    const found = normalQuantile(share(world(1n, 'open present'))) - normalQuantile(share(world(0n, 'open absent')))
    expect(Math.abs(found - Math.sqrt((2 * Number(nano)) / 1e9))).toBeLessThan(
      4 * Math.sqrt(Math.PI / releases) + 0.005,
    )
  })
})

it('the delta of one release is 10^-9', () => {
  expect(selectionDelta).toBe(1000n)
  expect(threshold(rational(100n), 1, 1e-9)).toBe(62n)
})
