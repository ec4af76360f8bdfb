import { expect } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { firstDay, leafOf, onDay } from './book-world.ts'
import type { Case } from './conformance.ts'

const refused = (day: number, buyer: string, code: string) => ({
  at: onDay(day),
  buyer,
  act: 'quote' as const,
  code,
  product: 'baskets',
  purpose: 'research',
  position: { offset: 7, line: 1, column: 8 },
})

export function stewardCases(inFreshHouse: Case): void {
  inFreshHouse('refusals are entries, counted by day, code and buyer, and listed newest first', async (world) => {
    const { books } = world
    const before = await books.sequence()
    await books.recordRefusal(refused(1, 'b1', 'query.not_supported'), 1_000)
    await books.recordRefusal(refused(1, 'b1', 'query.not_supported'), 1_000)
    await books.recordRefusal(refused(1, 'b2', 'query.empty'), 1_000)
    await books.recordRefusal(
      {
        ...refused(2, 'b1', 'product.unknown'),
        act: 'ask',
        product: undefined,
        purpose: undefined,
        position: undefined,
      },
      1_000,
    )
    expect(await books.sequence()).toBe(before + 4n)
    expect(await books.refusalCounts(firstDay + 1, firstDay + 2)).toEqual([
      { day: firstDay + 2, code: 'product.unknown', buyer: 'b1', count: 1 },
      { day: firstDay + 1, code: 'query.empty', buyer: 'b2', count: 1 },
      { day: firstDay + 1, code: 'query.not_supported', buyer: 'b1', count: 2 },
    ])
    expect(await books.refusalCounts(firstDay + 2, firstDay + 2)).toHaveLength(1)
    const [newest, second] = await books.refusals({ limit: 2 })
    expect(newest).toEqual({
      sequence: before + 4n,
      at: onDay(2),
      buyer: 'b1',
      act: 'ask',
      code: 'product.unknown',
      product: undefined,
      purpose: undefined,
      position: undefined,
    })
    expect(second).toEqual({ sequence: before + 3n, ...refused(1, 'b2', 'query.empty') })
    const older = await books.refusals({ before: before + 3n, limit: 10 })
    expect(older.map((one) => one.sequence)).toEqual([before + 2n, before + 1n])
    const reopened = await world.opened.reopen()
    world.books = reopened
    expect(await reopened.refusals({ limit: 10 })).toHaveLength(4)
    expect((await reopened.check()).failures).toEqual([])
  })

  inFreshHouse('refusals beyond the most of a buyer’s day are counted and are no entries', async (world) => {
    const { books } = world
    const before = await books.sequence()
    for (const code of ['query.empty', 'query.empty', 'query.empty', 'query.too_long', 'query.empty'])
      await books.recordRefusal(refused(1, 'b1', code), 2)
    await books.recordRefusal(refused(1, 'b2', 'query.empty'), 2)
    await books.recordRefusal(refused(2, 'b1', 'query.empty'), 2)
    expect(await books.sequence()).toBe(before + 4n)
    const counts = [
      { day: firstDay + 2, code: 'query.empty', buyer: 'b1', count: 1 },
      { day: firstDay + 1, code: 'query.empty', buyer: 'b1', count: 4 },
      { day: firstDay + 1, code: 'query.empty', buyer: 'b2', count: 1 },
      { day: firstDay + 1, code: 'query.too_long', buyer: 'b1', count: 1 },
    ]
    expect(await books.refusalCounts(firstDay, firstDay + 2)).toEqual(counts)
    expect((await books.refusals({ limit: 10 })).map((one) => one.sequence - before)).toEqual([4n, 3n, 2n, 1n])
    const reopened = await world.opened.reopen()
    world.books = reopened
    expect(await reopened.refusalCounts(firstDay, firstDay + 2)).toEqual(counts)
    expect((await reopened.check()).failures).toEqual([])
  })

  inFreshHouse('steps of a notice are counters of a day, and no entries', async ({ books }) => {
    const before = await books.sequence()
    const notice = { id: 'taking-part', version: '1', language: 'en' }
    await books.countNoticeStep(notice, 'shown', onDay(1))
    await books.countNoticeStep(notice, 'shown', onDay(1, 5n))
    await books.countNoticeStep(notice, 'details', onDay(1))
    await books.countNoticeStep({ ...notice, language: 'de' }, 'shown', onDay(1))
    await books.countNoticeStep(notice, 'shown', onDay(2))
    await books.countNoticeStep(notice, 'shown', onDay(2), 3)
    expect(await books.sequence()).toBe(before)
    const shown = (day: number, language: string, step: string, count: number) => ({
      notice: { id: 'taking-part', version: '1' },
      language,
      day: firstDay + day,
      step,
      count,
    })
    expect(await books.noticeCounts(firstDay, firstDay + 2)).toEqual([
      shown(2, 'en', 'shown', 4),
      shown(1, 'de', 'shown', 1),
      shown(1, 'en', 'details', 1),
      shown(1, 'en', 'shown', 2),
    ])
    expect(await books.noticeCounts(firstDay + 3, firstDay + 9)).toEqual([])
  })

  inFreshHouse(
    'answers are counted by notice and day; a yes that is withdrawn within a week is told',
    async (world) => {
      const { books } = world
      const notice = { id: 'taking-part', version: '2' }
      const say = async (person: string, day: number, status: 'given' | 'refused' | 'withdrawn', micros = 0n) =>
        expectAccepted(
          await books.recordChoices(
            [world.event(person, 'research', onDay(day, micros), { status, notice })],
            onDay(day, micros),
          ),
        )
      await say('p1', 1, 'given')
      await say('p2', 1, 'given')
      await say('p3', 1, 'refused')
      await say('p1', 8, 'withdrawn')
      await say('p2', 8, 'withdrawn', 1n)
      await world.give(['p4'], onDay(8))
      const none = { refused: 0, withdrawn: 0, withdrawnWithin7Days: 0 }
      expect(await books.answerCounts(firstDay, firstDay + 8)).toEqual([
        { notice, day: firstDay + 8, given: 0, ...none, withdrawn: 2 },
        { notice: undefined, day: firstDay + 8, given: 1, ...none },
        { notice, day: firstDay + 1, given: 2, refused: 1, withdrawn: 0, withdrawnWithin7Days: 1 },
      ])
      expect(await books.answerCounts(firstDay + 2, firstDay + 7)).toEqual([])
    },
  )

  inFreshHouse('what was spent by day adds up to what was spent; house releases are not in it', async (world) => {
    const { books } = world
    await world.period(onDay(1))
    await world.charged(onDay(1))
    await world.charged(onDay(1), { nano: 2_000_000n, delta: 1000n })
    const burned = await world.charged(onDay(3))
    await books.burn(burned.id, 'test', onDay(3), leafOf('burned'))
    const days = await books.spentByDay(firstDay, firstDay + 9)
    expect(days).toEqual([
      { day: firstDay + 1, nano: 3_000_000n, delta: 1000n },
      { day: firstDay + 3, nano: 1_000_000n, delta: 0n },
    ])
    expect(await books.spent(firstDay, firstDay + 9)).toBe(4_000_000n)
    expect(await books.spentByDay(firstDay + 2, firstDay + 9, 'baskets')).toEqual([days[1]])
    expect(await books.spentByDay(firstDay, firstDay + 9, 'other')).toEqual([])
  })

  inFreshHouse('sales are what was released, by buyer, period and time', async (world) => {
    const { books } = world
    const { id } = await world.period(onDay(1))
    const first = await world.charged(onDay(1))
    const other = await world.charged(onDay(1), { buyer: 'b2' })
    await world.charged(onDay(1))
    await world.post(first.id, onDay(2))
    await world.post(other.id, onDay(3))
    const one = { releases: 1, price: 1_000n, nano: 1_000_000n }
    expect(await books.sales({})).toEqual({ releases: 2, price: 2_000n, nano: 2_000_000n })
    expect(await books.sales({ buyer: 'b1' })).toEqual(one)
    expect(await books.sales({ period: id, from: onDay(3) })).toEqual(one)
    expect(await books.sales({ from: onDay(2), to: onDay(3) })).toEqual(one)
    expect(await books.sales({ period: 'another' })).toEqual({ releases: 0, price: 0n, nano: 0n })
  })

  inFreshHouse('the journal comes newest first, in pages, and every entry adds up to nothing', async (world) => {
    const { books } = world
    await world.period(onDay(1))
    const release = await world.charged(onDay(1))
    await world.post(release.id, onDay(2))
    const all = await books.journal({ limit: 100 })
    expect(all.map((entry) => entry.kind)).toEqual(['post', 'hold', 'head-count', 'fund', 'fund'])
    for (const { postings } of all) expect(postings.reduce((sum, one) => sum + one.amount, 0n)).toBe(0n)
    expect(all[1]).toMatchObject({
      subject: release.id,
      at: onDay(1),
      postings: [
        { account: 'prepaid:b1', amount: -1_000n },
        { account: `pending:${release.id}`, amount: 1_000n },
      ],
    })
    const page = await books.journal({ limit: 2 })
    const rest = await books.journal({ before: page[1]?.sequence ?? 0n, limit: 100 })
    expect([...page, ...rest]).toEqual(all)
  })
}
