import { expect } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { Limits } from '../../src/release/ports.ts'
import { defaultLimits, leafOf, onDay, type World } from './book-world.ts'
import type { Case } from './conformance.ts'

/** Limits that are reached in a few releases: 100 in 30 days, 1000 in 365, 1100 for life; share 10; head counts cost 5. */
const small: Limits = {
  windows: [
    { days: 30, nano: 100n, delta: 50n },
    { days: 365, nano: 1_000n, delta: 500n },
  ],
  life: { nano: 1_100n, delta: 600n },
  houseShare: 10n,
  maxPerRelease: 1_000n,
  headCount: 5n,
}

export function limitCases(inFreshHouse: Case): void {
  /** p1 alone in a period opened on day 1 for a head count of 5. */
  const opened = async (world: World, more: { class?: 'low' | 'high'; days?: number } = {}) => {
    await world.give(['p1'], onDay(0))
    if (more.class) expectAccepted(await world.books.setLimits('p1', { class: more.class }, onDay(0)))
    await world.period(onDay(1), { nano: 5n, ...(more.days === undefined ? {} : { days: more.days }) })
  }
  const asked = async (world: World, day: number, nano: bigint, delta = 0n) => {
    const release = await world.charged(onDay(day), { nano, delta })
    const { releases } = await world.statement('p1', onDay(day))
    const charged = releases.some((own) => own.id === release.id)
    expect(await world.read(release.sequence), 'people read are people charged').toEqual(charged ? ['p1'] : [])
    return charged
  }

  inFreshHouse(
    'ordinary releases fill the window limit less the house share, and not one more',
    async (world) => {
      await opened(world)
      expect(await asked(world, 1, 84n)).toBe(true)
      expect(await asked(world, 1, 1n)).toBe(true)
      expect(await asked(world, 1, 1n)).toBe(false)
      expect((await world.statement('p1', onDay(1))).spentNano).toBe(90n)
      expect(await world.note('p1', onDay(1))).toMatchObject({ status: 'given', inForce: false, note: 'limit_reached' })
    },
    small,
  )

  inFreshHouse(
    'a release that is too large moves a person out though a smaller one would fit',
    async (world) => {
      await opened(world)
      expect(await asked(world, 1, 86n)).toBe(false)
      expect(await asked(world, 1, 1n)).toBe(false)
      expect((await world.statement('p1', onDay(1))).spentNano).toBe(5n)
      expect(await asked(world, 2, 1n)).toBe(true)
    },
    small,
  )

  inFreshHouse(
    'a window of 30 days covers 31 calendar days',
    async (world) => {
      await opened(world)
      expect(await asked(world, 2, 85n)).toBe(true)
      // Day 31 is 30 days after day 1: only the head count of day 1 is still inside on day 31, and gone on day 32.
      expect(await asked(world, 31, 1n)).toBe(false)
      expect(await asked(world, 32, 6n)).toBe(false)
      expect(await asked(world, 33, 90n)).toBe(true)
      expect(await asked(world, 63, 1n)).toBe(false)
      expect(await asked(world, 64, 90n)).toBe(true)
    },
    small,
  )

  inFreshHouse(
    'the part of a window that has passed is free again day by day',
    async (world) => {
      await opened(world)
      expect(await asked(world, 1, 40n)).toBe(true)
      expect(await asked(world, 11, 45n)).toBe(true)
      expect(await asked(world, 31, 1n)).toBe(false)
      expect(await asked(world, 32, 45n)).toBe(true)
      expect(await asked(world, 41, 1n)).toBe(false)
      expect(await asked(world, 42, 45n)).toBe(true)
    },
    small,
  )

  inFreshHouse(
    'the window of 365 days holds where each month alone would permit more',
    async (world) => {
      await opened(world)
      let spent = 5n
      for (let day = 32; day <= 311; day += 31) {
        expect(await asked(world, day, 90n)).toBe(true)
        spent += 90n
      }
      expect(spent).toBe(905n)
      expect(await asked(world, 342, 86n)).toBe(false)
      expect(await asked(world, 343, 85n)).toBe(true)
      expect(await asked(world, 366, 1n)).toBe(false)
      // 366 days after day 1 the head count leaves the year, and five are free; life has 1100 - 10.
      expect(await asked(world, 367, 5n)).toBe(true)
    },
    small,
  )

  inFreshHouse(
    'the limit for life never comes back',
    async (world) => {
      await opened(world)
      for (let turn = 0; turn < 12; turn += 1) expect(await asked(world, 32 + turn * 100, 90n)).toBe(true)
      expect(await asked(world, 1500, 6n)).toBe(false)
      expect(await asked(world, 1600, 5n)).toBe(true)
      expect(await asked(world, 3000, 1n)).toBe(false)
      expect((await world.statement('p1', onDay(3000))).spentNano).toBe(1_090n)
    },
    small,
  )

  inFreshHouse(
    'a person may set a lower limit for life, and lift it again',
    async (world) => {
      await opened(world)
      expectAccepted(await world.books.setLimits('p1', { lifeNano: 35n }, onDay(1)))
      expect(await asked(world, 2, 20n)).toBe(true)
      expect(await asked(world, 3, 1n)).toBe(false)
      expect(expectAccepted(await world.books.choices('p1', onDay(3))).lifeNano).toBe(35n)
      expectAccepted(await world.books.setLimits('p1', { lifeNano: null }, onDay(3)))
      expect(expectAccepted(await world.books.choices('p1', onDay(3))).lifeNano).toBeUndefined()
      expect(await asked(world, 3, 1n)).toBe(false)
      expect(await asked(world, 4, 65n)).toBe(true)
    },
    small,
  )

  inFreshHouse(
    'the low class has a fifth of every limit, the high class twice',
    async (world) => {
      await world.give(['p1', 'p2', 'p3'], onDay(0))
      expectAccepted(await world.books.setLimits('p1', { class: 'low' }, onDay(0)))
      expectAccepted(await world.books.setLimits('p3', { class: 'high' }, onDay(0)))
      await world.period(onDay(1), { nano: 5n })
      const read = async (nano: bigint) => world.read((await world.charged(onDay(1), { nano })).sequence)
      expect(await read(5n)).toEqual(['p1', 'p2', 'p3'])
      expect(await read(1n)).toEqual(['p2', 'p3'])
      expect(await read(79n)).toEqual(['p2', 'p3'])
      expect(await read(1n)).toEqual(['p3'])
      expect(await read(99n)).toEqual(['p3'])
      expect(await read(1n)).toEqual([])
      const spent = async (person: string) => (await world.statement(person, onDay(1))).spentNano
      expect([await spent('p1'), await spent('p2'), await spent('p3')]).toEqual([10n, 90n, 190n])
    },
    small,
  )

  inFreshHouse(
    'a higher class takes effect at once, but who is out stays out for the day',
    async (world) => {
      await opened(world)
      expect(await asked(world, 1, 86n)).toBe(false)
      expectAccepted(await world.books.setLimits('p1', { class: 'high' }, onDay(1)))
      expect(await asked(world, 1, 86n)).toBe(false)
      expect(await asked(world, 2, 185n)).toBe(true)
      expectAccepted(await world.books.setLimits('p1', { class: 'low' }, onDay(2)))
      expect(await asked(world, 3, 1n)).toBe(false)
    },
    small,
  )

  inFreshHouse(
    'delta has limits of its own, without a house share',
    async (world) => {
      await opened(world)
      expect(await asked(world, 1, 1n, 50n)).toBe(true)
      expect(await asked(world, 1, 1n, 0n)).toBe(true)
      expect(await asked(world, 1, 1n, 1n)).toBe(false)
      // No delta is left and yet somebody returns: a release without delta fits.
      expect(await asked(world, 2, 1n, 0n)).toBe(true)
      expect(await asked(world, 2, 1n, 1n)).toBe(false)
      expect((await world.statement('p1', onDay(2))).spentDelta).toBe(50n)
      expect(await asked(world, 32, 1n, 50n)).toBe(true)
    },
    small,
  )

  inFreshHouse(
    'who is exhausted leaves every purpose until the first activity of a later day',
    async (world) => {
      await world.give(['p1'], onDay(0), ['research', 'statistics'])
      await world.period(onDay(1), { nano: 5n })
      await world.charged(onDay(1), { nano: 86n })
      expect(await world.read(undefined, 'statistics')).toEqual([])
      const statistics = await world.charged(onDay(1), { nano: 1n, purpose: 'statistics' })
      expect((await world.statement('p1', onDay(1))).releases.map((r) => r.id)).not.toContain(statistics.id)
      await world.give(['p2'], onDay(2))
      expect(await world.read()).toEqual(['p1'])
      expect(await world.read(undefined, 'statistics')).toEqual(['p1'])
    },
    small,
  )

  inFreshHouse(
    'a second period opening on the same day brings nobody back who was exhausted that day',
    async (world) => {
      await opened(world)
      expect(await asked(world, 1, 86n)).toBe(false)
      expectAccepted(await world.books.closePeriod(onDay(1), leafOf('closed')))
      await world.period(onDay(1), { nano: 5n })
      expect(await asked(world, 1, 1n)).toBe(false)
      expect((await world.statement('p1', onDay(1))).spentNano).toBe(10n)
      expect(await asked(world, 2, 1n)).toBe(true)
    },
    small,
  )

  inFreshHouse(
    'nobody with nothing left returns',
    async (world) => {
      await opened(world)
      expect(await asked(world, 2, 85n)).toBe(true)
      expect(await asked(world, 2, 1n)).toBe(false)
      await world.give(['p2'], onDay(3))
      expect(await world.read()).toEqual([])
      await world.give(['p3'], onDay(32))
      expect(await world.read()).toEqual(['p1'])
    },
    small,
  )

  inFreshHouse(
    'a withdrawal gives nothing back: used limits stay used after joining again',
    async (world) => {
      await opened(world, { days: 3 })
      expect(await asked(world, 2, 80n)).toBe(true)
      await world.withdraw('p1', onDay(3))
      await world.give(['p1'], onDay(3, 1n))
      await world.period(onDay(5), { nano: 5n })
      expect(await asked(world, 6, 1n)).toBe(false)
      expect((await world.statement('p1', onDay(6))).spentNano).toBe(90n)
    },
    small,
  )

  inFreshHouse(
    'losses for different purposes add up in one limit',
    async (world) => {
      await world.give(['p1'], onDay(0), ['research', 'statistics'])
      await world.period(onDay(1), { nano: 5n })
      const one = await world.charged(onDay(1), { nano: 50n, purpose: 'research' })
      const two = await world.charged(onDay(1), { nano: 35n, purpose: 'statistics' })
      const three = await world.charged(onDay(1), { nano: 1n, purpose: 'statistics' })
      expect(await world.read(one.sequence)).toEqual(['p1'])
      expect(await world.read(two.sequence, 'statistics')).toEqual(['p1'])
      expect(await world.read(three.sequence, 'statistics')).toEqual([])
    },
    small,
  )

  inFreshHouse(
    'head counts are charged against the full limits, to the exhausted too',
    async (world) => {
      await opened(world, { days: 2 })
      expect(await asked(world, 1, 85n)).toBe(true)
      expect(await asked(world, 2, 1n)).toBe(false)
      await world.period(onDay(4), { nano: 5n, days: 2 })
      expect((await world.statement('p1', onDay(4))).spentNano).toBe(95n)
      expect(await asked(world, 5, 1n)).toBe(false)
      await world.period(onDay(7), { nano: 5n, days: 2 })
      expect((await world.statement('p1', onDay(7))).spentNano).toBe(100n)
      // The fourth would pass the full limit: not counted, not charged, out until a later opening.
      await world.period(onDay(10), { nano: 5n, days: 40 })
      expect((await world.statement('p1', onDay(10))).spentNano).toBe(100n)
      expect((await world.note('p1', onDay(10)))?.note).toBe('limit_reached')
      expect(await asked(world, 45, 1n)).toBe(false)
      expectAccepted(await world.books.closePeriod(onDay(45), leafOf('closed')))
      await world.period(onDay(46), { nano: 5n, days: 40 })
      expect(await asked(world, 46, 1n)).toBe(true)
    },
    small,
  )

  inFreshHouse('the published defaults give a person 0.047 of rho in 30 days', async (world) => {
    await world.give(['p1'], onDay(0))
    await world.period(onDay(1), { nano: defaultLimits.headCount })
    for (let turn = 0; turn < 9; turn += 1) expect(await asked(world, 1, 5_000_000n)).toBe(true)
    expect(await asked(world, 1, 1_500_000n)).toBe(true)
    expect((await world.statement('p1', onDay(1))).spentNano).toBe(47_000_000n)
    expect(await asked(world, 1, 1n)).toBe(false)
  })
}
