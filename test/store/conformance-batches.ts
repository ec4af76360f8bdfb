import { expect } from 'vitest'
import { canonical } from '../../src/base/canonical.ts'
import { commit } from '../../src/base/hash.ts'
import { dayOf } from '../../src/base/instant.ts'
import type { Instant } from '../../src/base/units.ts'
import { consentDomain } from '../../src/consent/receipt.ts'
import type { Books, ConsentEvent } from '../../src/release/ports.ts'
import { fillBatch } from '../../src/tlog/batch.ts'
import { leafBytes } from '../../src/tlog/leaves.ts'
import { firstDay, onDay } from './book-world.ts'
import type { Case } from './conformance.ts'

/** A batch of these acts with salts that follow from their ids, so that all books get the same one. */
export function batchOf(number: number, at: Instant, events: readonly ConsentEvent[], capacity = 8) {
  const acts = events.map((event) => {
    const salt = Buffer.from(commit('salt', Buffer.alloc(0), event.id), 'hex')
    const record = { id: event.id, status: event.status }
    const commitment = Buffer.from(commit(consentDomain, salt, record), 'hex')
    return { event: event.id, salt: salt.toString('hex'), receipt: canonical(record), commitment }
  })
  let filled = 0
  const filler = () => Buffer.from(commit('filler', Buffer.alloc(0), [number, ++filled]), 'hex')
  const { root, placed } = fillBatch(
    acts.map((act) => act.commitment),
    capacity,
    filler,
  )
  const slots = acts.map(({ event, salt, receipt }, index) => {
    const place = placed[index]
    if (place === undefined) throw new Error('every act has a place')
    return { event, salt, receipt, ...place }
  })
  const batch = { number, day: dayOf(at), capacity, root: Buffer.from(root).toString('hex') }
  const leaf = leafBytes({
    kind: 'consent-batch',
    number: `${number}`,
    day: `${batch.day}`,
    capacity: `${capacity}`,
    root: batch.root,
  })
  return { batch: { ...batch, slots }, leaf }
}

export const seal = async (books: Books, number: number, at: Instant, limit = 8) => {
  const events = await books.unbatchedChoices(limit)
  const { batch, leaf } = batchOf(number, at, events, 8)
  await books.sealConsentBatch(batch, at, leaf)
  return batch
}

export function batchCases(inFreshHouse: Case): void {
  inFreshHouse('acts wait for a batch in the order of recording, and are in one batch only', async (world) => {
    const { books } = world
    await world.give(['p2', 'p1', 'p3'], onDay(0))
    expect((await books.unbatchedChoices(2)).map((event) => event.person)).toEqual(['p2', 'p1'])
    expect(await books.newestConsentBatch()).toBeUndefined()
    const first = await seal(books, 1, onDay(0), 2)
    expect((await books.unbatchedChoices(9)).map((event) => event.person)).toEqual(['p3'])
    await world.withdraw('p1', onDay(1))
    const second = await seal(books, 2, onDay(1))
    expect(second.slots).toHaveLength(2)
    expect(await books.unbatchedChoices(9)).toEqual([])
    const newest = await books.newestConsentBatch()
    expect(newest).toMatchObject({ number: 2, day: firstDay + 1, capacity: 8, root: second.root })
    const [slot] = first.slots
    expect(await books.consentSlot(slot?.event ?? '')).toEqual({
      ...slot,
      batch: { number: 1, day: firstDay, capacity: 8, root: first.root, leafIndex: (newest?.leafIndex ?? 0n) - 1n },
    })
    expect(await books.consentSlot('nobody did this')).toBeUndefined()
    expect((await books.check()).failures).toEqual([])
    world.books = await world.opened.reopen()
    expect(await world.books.newestConsentBatch()).toEqual(newest)
  })

  inFreshHouse('a batch without acts is a batch; its leaf is one leaf', async ({ books }) => {
    const before = await books.leafCount()
    await seal(books, 1, onDay(0))
    expect(await books.leafCount()).toBe(before + 1n)
    expect(await books.newestConsentBatch()).toMatchObject({ number: 1, leafIndex: before })
    expect((await books.check()).failures).toEqual([])
  })

  inFreshHouse('a batch out of order changes nothing', async (world) => {
    const { books } = world
    await world.give(['p1', 'p2'], onDay(0))
    await seal(books, 1, onDay(1), 1)
    const waiting = await books.unbatchedChoices(9)
    const before = [await books.leafCount(), await books.sequence()]
    const wrong = [
      batchOf(1, onDay(2), waiting),
      batchOf(3, onDay(2), waiting),
      batchOf(2, onDay(1), waiting),
      batchOf(2, onDay(2), [...waiting, ...waiting]),
      batchOf(2, onDay(2), [{ ...(waiting[0] as ConsentEvent), id: 'another' }]),
    ]
    for (const { batch, leaf } of wrong)
      await expect(books.sealConsentBatch(batch, onDay(2), leaf)).rejects.toMatchObject({
        code: 'books.batch_out_of_order',
      })
    expect([await books.leafCount(), await books.sequence()]).toEqual(before)
  })

  inFreshHouse('what was shown at an act is kept with it', async (world) => {
    const { books } = world
    const notice = { id: 'n', version: '2', language: 'de', hash: 'ab'.repeat(32) }
    await books.recordChoices([world.event('p1', 'research', onDay(0), { notice })], onDay(0))
    expect((await books.unbatchedChoices(1))[0]?.notice).toEqual(notice)
  })

  inFreshHouse('what everybody was charged and paid is told by purpose, the house first', async (world) => {
    const { books } = world
    await world.give(['p1'], onDay(0))
    await world.period(onDay(1))
    await world.charged(onDay(2), { rate: 3n, nano: 10n })
    await world.charged(onDay(3), { rate: 3n, nano: 5n })
    await world.charged(onDay(3), { rate: 1n, nano: 7n, purpose: 'statistics' })
    expect(await books.chargeTotals(firstDay + 1, firstDay + 3)).toEqual([
      { purpose: '', releases: 1, nano: 500_000n, pay: 500_000_000n },
      { purpose: 'research', releases: 2, nano: 15n, pay: 45n },
      { purpose: 'statistics', releases: 1, nano: 7n, pay: 7n },
    ])
    expect(await books.chargeTotals(firstDay + 2, firstDay + 2)).toEqual([
      { purpose: 'research', releases: 1, nano: 10n, pay: 30n },
    ])
  })

  inFreshHouse('every checkpoint stays, newest first', async ({ books }) => {
    await books.saveCheckpoint(1n, 'aa', 'note 1', onDay(0))
    await books.saveCheckpoint(3n, 'bb', 'note 3', onDay(1))
    const all = [
      { size: 3n, root: 'bb', note: 'note 3', at: onDay(1) },
      { size: 1n, root: 'aa', note: 'note 1', at: onDay(0) },
    ]
    expect(await books.checkpoints(9n, 9)).toEqual(all)
    expect(await books.checkpoints(2n, 9)).toEqual(all.slice(1))
    expect(await books.checkpoints(9n, 1)).toEqual(all.slice(0, 1))
  })
}
