import { expect } from 'vitest'
import { microsPerDay } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { openCounts } from '../../src/privacy/exact.ts'
import { codeOf, defaultLimits, leafOf, onDay, type World } from './book-world.ts'
import type { Case } from './conformance.ts'

const request = (id: string, at: bigint, days = 7) => ({
  id,
  endsAt: at + BigInt(days) * microsPerDay,
  rate: 1_000n,
  headCountNano: 500_000n,
})

export function periodCases(inFreshHouse: Case): void {
  inFreshHouse('an opening counts everybody in force per purpose, and the counts cannot be printed', async (world) => {
    await world.give(['p1', 'p2', 'p3'], onDay(0))
    await world.give(['p3', 'p4'], onDay(0), ['statistics'])
    const begun = expectAccepted(await world.books.beginPeriod(request('w1', onDay(1)), onDay(1)))
    expect(openCounts(begun.exact)).toEqual({ research: 3n, statistics: 2n })
    expect(() => JSON.stringify(begun.exact)).toThrow()
    expect(begun.id).toBe('w1')
    expect(await world.read(begun.sequence)).toEqual(['p1', 'p2', 'p3'])
  })

  inFreshHouse('a period is open once its noisy upper bounds are published, until its end', async (world) => {
    const at = onDay(1)
    expectAccepted(await world.books.beginPeriod(request('w1', at), at))
    expect(await world.books.openPeriod(at)).toBeUndefined()
    expect(codeOf(await world.ask(at, { periodId: 'w1' }))).toBe('period.not_open')
    const period = await world.books.finishPeriod('w1', { research: 118n, statistics: 5n }, at, leafOf('w1'))
    const { rate, headCountNano, endsAt } = request('w1', at)
    const shown = { id: 'w1', openedAt: at, endsAt, closedAt: undefined, rate, headCountNano }
    expect(period).toEqual({ ...shown, upperBounds: { research: 118n, statistics: 5n } })
    expect(await world.books.openPeriod(at)).toEqual(period)
    expect(await world.books.openPeriod(endsAt - 1n)).toEqual(period)
    expect(await world.books.openPeriod(endsAt)).toBeUndefined()
    expect(codeOf(await world.ask(endsAt, { periodId: 'w1' }))).toBe('period.not_open')
  })

  inFreshHouse('one period at a time: begun or open, there is no second', async (world) => {
    const at = onDay(1)
    expectAccepted(await world.books.beginPeriod(request('w1', at), at))
    expect(codeOf(await world.books.beginPeriod(request('w2', at), at))).toBe('period.already_open')
    await world.books.finishPeriod('w1', { research: 1n }, at, leafOf('w1'))
    expect(codeOf(await world.books.beginPeriod(request('w2', at), at))).toBe('period.already_open')
    expectAccepted(await world.books.beginPeriod(request('w2', onDay(8)), onDay(8)))
    await world.books.finishPeriod('w2', { research: 2n }, onDay(8), leafOf('w2'))
    expect((await world.books.periods()).map((period) => period.id)).toEqual(['w2', 'w1'])
  })

  inFreshHouse('a closed period answers nothing more, and the next may open at once', async (world) => {
    expect(codeOf(await world.books.closePeriod(onDay(1), leafOf('none')))).toBe('period.not_open')
    const { id } = await world.period(onDay(1))
    const closed = expectAccepted(await world.books.closePeriod(onDay(2), leafOf('closed')))
    expect(closed).toMatchObject({ id, closedAt: onDay(2) })
    expect(codeOf(await world.ask(onDay(2), { periodId: id }))).toBe('period.not_open')
    expect(codeOf(await world.books.closePeriod(onDay(2), leafOf('again')))).toBe('period.not_open')
    await world.period(onDay(2))
    expect(codeOf(await world.ask(onDay(2), { periodId: id }))).toBe('period.not_open')
    expect(codeOf(await world.ask(onDay(2)))).toBe('accepted')
  })

  inFreshHouse('the head count is a release of the house that the steward pays by the public bound', async (world) => {
    await world.give(['p1', 'p2'], onDay(0))
    await world.give(['p2'], onDay(0), ['statistics'])
    await world.period(onDay(1), { id: 'w1', rate: 2_000n })
    const [house] = await world.books.releases({ buyer: 'house', limit: 5 })
    expect(house).toMatchObject({
      state: 'released',
      product: '',
      purpose: '',
      nano: 500_000n,
      delta: 0n,
      rate: 2_000n,
    })
    expect(house?.leafIndex).toBe((await world.books.leafCount()) - 1n)
    // ceil(100 * 2000 * 500000 / 10^6), whatever the exact count is.
    expect(await world.books.balances()).toMatchObject({ pool: 100_000n, steward: -100_000n })
    for (const person of ['p1', 'p2']) {
      const { releases, earned, spentNano } = await world.statement(person, onDay(1))
      expect(releases).toMatchObject([{ id: house?.id, buyer: 'house', rate: 2_000n, earned: 1_000_000_000n }])
      expect([earned, spentNano]).toEqual([1_000_000_000n, 500_000n])
    }
    expect((await world.statement('p3', onDay(1))).releases).toEqual([])
    expect((await world.books.check()).failures).toEqual([])
  })

  inFreshHouse('the head count does not use the public budget of ordinary releases', async (world) => {
    await world.period(onDay(1))
    expect(await world.books.spent(0, 99_999)).toBe(0n)
  })

  inFreshHouse('an opening that broke off is given up: charge and pay stay, nothing is posted', async (world) => {
    await world.give(['p1'], onDay(0))
    expectAccepted(await world.books.beginPeriod(request('w1', onDay(1)), onDay(1)))
    world.books = await world.opened.reopen()
    expect(await world.books.unfinished()).toEqual({ releases: [], begunPeriods: ['w1'] })
    const before = await world.books.balances()
    await world.books.abandonPeriod('w1', onDay(1), leafOf('incident'))
    expect(await world.books.unfinished()).toEqual({ releases: [], begunPeriods: [] })
    expect(await world.books.balances()).toEqual(before)
    expect(await world.books.openPeriod(onDay(1))).toBeUndefined()
    const [house] = await world.books.releases({ buyer: 'house', limit: 5 })
    expect(house).toMatchObject({ state: 'burned', leafIndex: (await world.books.leafCount()) - 1n })
    expect(await world.statement('p1', onDay(1))).toMatchObject({ spentNano: 500_000n, earned: 500_000_000n })
    await world.period(onDay(1))
    expect((await world.statement('p1', onDay(1))).spentNano).toBe(1_000_000n)
    expect((await world.books.check()).failures).toEqual([])
  })

  inFreshHouse('a period is settled once', async (world) => {
    const at = onDay(1)
    const { id } = await world.period(at)
    const fault = { code: 'period.state' }
    await expect(world.books.finishPeriod(id, {}, at, leafOf('x'))).rejects.toMatchObject(fault)
    await expect(world.books.abandonPeriod(id, at, leafOf('x'))).rejects.toMatchObject(fault)
    await expect(world.books.finishPeriod('nowhere', {}, at, leafOf('x'))).rejects.toMatchObject(fault)
  })

  inFreshHouse('a stint is not broken by an opening that changes nothing', async (world) => {
    await world.give(['p1'], onDay(0))
    await world.period(onDay(1), { days: 7 })
    await world.period(onDay(8), { days: 7 })
    const { stints } = await world.statement('p1', onDay(8))
    expect(stints).toEqual([
      { purposes: ['research'], from: onDay(1), to: undefined, earned: 1_000_000_000n, spentNano: 1_000_000n },
    ])
  })

  inFreshHouse('an opening moves people to the purposes that are in force now', async (world) => {
    await world.give(['p1'], onDay(0))
    await world.period(onDay(1), { days: 7 })
    await world.give(['p1'], onDay(2), ['statistics'])
    await world.period(onDay(8), { days: 7 })
    expect(await world.read(undefined, 'statistics')).toEqual(['p1'])
    expect((await stintsOf(world)).map((stint) => [stint.purposes, stint.from, stint.to])).toEqual([
      [['research'], onDay(1), onDay(8)],
      [['research', 'statistics'], onDay(8), undefined],
    ])
  })

  inFreshHouse(
    'who was exhausted returns with a period opening of a later day when something is left',
    async (world) => {
      await world.give(['p1'], onDay(0))
      await world.period(onDay(1), { days: 1 })
      await world.charged(onDay(1), { nano: 50_000_000n })
      expect(await world.read()).toEqual([])
      await world.period(onDay(2), { days: 1 })
      expect(await world.read()).toEqual(['p1'])
    },
    defaultLimits,
  )
}

const stintsOf = async (world: World) => (await world.statement('p1', onDay(8))).stints
