import { expect, it } from 'vitest'
import { Fault } from '../../src/base/fault.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { KeyEntry, QuoteEntry } from '../../src/release/ports.ts'
import {
  adult,
  codeOf,
  contract,
  defaultLimits,
  leafOf,
  maskAt,
  type Open,
  onDay,
  settingsWith,
  World,
} from './book-world.ts'
import type { Case } from './conformance.ts'

const notice = {
  id: 'taking-part',
  version: '1',
  language: 'en',
  purposes: ['research'],
  text: 'Count and compare for research.',
  hash: 'ef'.repeat(32),
  publishedAt: onDay(0),
}
const key: KeyEntry = {
  id: 'key-1',
  role: 'buyer',
  subject: 'b1',
  secretHash: '12'.repeat(32),
  label: 'workbench',
  createdAt: onDay(0),
}

export function houseCases(inFreshHouse: Case, open: Open): void {
  it('books without settings say so, and settings are written once', async () => {
    const opened = await open()
    try {
      expect(await opened.books.settings()).toBeUndefined()
      const world = await new World(opened).begin()
      expect(await world.books.settings()).toEqual(settingsWith(defaultLimits))
      const again = world.books.init(settingsWith(defaultLimits), onDay(0), leafOf('again'))
      await expect(again).rejects.toBeInstanceOf(Fault)
      await expect(again).rejects.toMatchObject({ code: 'books.initialised' })
    } finally {
      await opened.close()
    }
  })

  inFreshHouse(
    'the same contract applied again changes nothing; the same version with other content is refused',
    async ({ books }) => {
      const leaves = await books.leafCount()
      expectAccepted(await books.applyContract(contract, onDay(1), leafOf('again')))
      expect(await books.leafCount()).toBe(leaves)
      expect(codeOf(await books.applyContract({ ...contract, hash: '00'.repeat(32) }, onDay(1), leafOf('x')))).toBe(
        'contract.version_exists',
      )
    },
  )

  inFreshHouse('the newest version of each product is shown, and purposes keep their bit', async ({ books }) => {
    const next = { ...contract, version: '1.1.0', hash: '11'.repeat(32), purposes: ['quality', 'research'] }
    expectAccepted(await books.applyContract(next, onDay(1), leafOf('c2')))
    expectAccepted(await books.applyContract({ ...next, product: 'apples', version: '3.0.0' }, onDay(1), leafOf('c3')))
    expect((await books.contracts()).map((one) => [one.product, one.version])).toEqual([
      ['apples', '3.0.0'],
      ['baskets', '1.1.0'],
    ])
    expect(await books.purposeBits()).toEqual({ research: 0, statistics: 1, quality: 2 })
  })

  inFreshHouse('a notice is published with its text', async ({ books }) => {
    expectAccepted(await books.publishNotice(notice, onDay(0), leafOf('notice')))
    expect(await books.notices()).toEqual([notice])
  })

  inFreshHouse('loads are numbered within their product, newest first', async (world) => {
    await world.load([adult('p1')], onDay(1))
    expect((await world.books.loads('baskets')).map((load) => load.number)).toEqual([2, 1])
    expect(await world.books.loads('apples')).toEqual([])
  })

  inFreshHouse('a load that breaks off changes nothing', async (world) => {
    async function* broken() {
      yield [adult('p9')]
      throw new Error('the file ended early')
    }
    const before = await world.books.leafCount()
    const load = { ...((await world.books.loads('baskets'))[0] as object), id: 'load-broken' }
    await expect(world.books.recordLoad(load as never, broken(), onDay(1), leafOf('x'))).rejects.toThrow()
    expect(await world.books.leafCount()).toBe(before)
    expect(codeOf(await world.books.choices('p9', onDay(1)))).toBe('person.unknown')
    expect((await world.books.loads('baskets')).length).toBe(1)
  })

  inFreshHouse('a buyer exists once, is approved per purpose and pays in advance', async ({ books }) => {
    const at = onDay(1)
    expect(codeOf(await books.addBuyer({ id: 'b1', name: 'Another' }, at))).toBe('buyer.exists')
    expect(codeOf(await books.approveBuyer('b9', 'research', at))).toBe('buyer.unknown')
    const fresh = expectAccepted(await books.addBuyer({ id: 'b3', name: 'Buyer b3' }, at))
    expect(fresh).toEqual({ id: 'b3', name: 'Buyer b3', purposes: [], prepaid: 0n, pending: 0n })
    expectAccepted(await books.approveBuyer('b3', 'research', at))
    expectAccepted(await books.approveBuyer('b3', 'research', at))
    expectAccepted(await books.fundBuyer('b3', 5_000_000n, 'transfer 1', at))
    const third = (await books.buyers()).find((buyer) => buyer.id === 'b3')
    expect(third).toEqual({ id: 'b3', name: 'Buyer b3', purposes: ['research'], prepaid: 5_000_000n, pending: 0n })
  })

  inFreshHouse('a payment in advance is booked once per reference, and refuses in a fixed order', async ({ books }) => {
    const at = onDay(1)
    expectAccepted(await books.fundBuyer('b1', 7n, 'transfer', at))
    const again = expectAccepted(await books.fundBuyer('b1', 7n, 'transfer', at))
    expect(again.prepaid).toBe(1_000_000_007n)
    expect(codeOf(await books.fundBuyer('b9', 0n, 'transfer', at))).toBe('buyer.unknown')
    expect(codeOf(await books.fundBuyer('b1', 0n, 'transfer', at))).toBe('market.amount_invalid')
    expect(codeOf(await books.fundBuyer('b1', 8n, 'transfer', at))).toBe('request.idempotency_conflict')
    expect(codeOf(await books.fundBuyer('b2', 7n, 'transfer', at))).toBe('request.idempotency_conflict')
    expect((await books.balances()).external).toBe(-2_000_000_007n)
  })

  inFreshHouse('a revoked key is not found any more', async ({ books }) => {
    await books.addKey(key, onDay(0))
    expect(await books.findKey(key.secretHash)).toMatchObject({ id: 'key-1', role: 'buyer', subject: 'b1' })
    expect(codeOf(await books.revokeKey('key-9', onDay(1)))).toBe('key.unknown')
    expect(expectAccepted(await books.revokeKey('key-1', onDay(1))).revokedAt).toBe(onDay(1))
    expect(await books.findKey(key.secretHash)).toBeUndefined()
    expect((await books.keys()).map((one) => [one.id, one.revokedAt])).toEqual([['key-1', onDay(1)]])
  })

  inFreshHouse('a quote is kept as it was shown', async ({ books }) => {
    const quote: QuoteEntry = {
      id: 'quote-1',
      buyer: 'b1',
      product: 'baskets',
      purpose: 'research',
      sql: 'select count(*) from members',
      nano: 1_000_000n,
      price: 12n,
      periodId: 'period-1',
      expiresAt: onDay(2),
      shown: { price: '0.000012', tiers: ['a', 'b'] },
    }
    await books.saveQuote(quote)
    expect(await books.quote('quote-1')).toEqual(quote)
    expect(await books.quote('quote-2')).toBeUndefined()
  })

  inFreshHouse('leaves come back in order, and only a larger checkpoint replaces the newest', async ({ books }) => {
    const all = await books.leaves(0n, 100)
    expect(all.map((leaf) => leaf.index)).toEqual([0n, 1n, 2n])
    expect(Buffer.from((all[1] as { data: Uint8Array }).data).toString()).toBe('contract')
    expect((await books.leaves(1n, 1)).map((leaf) => leaf.index)).toEqual([1n])
    expect(await books.leafCount()).toBe(3n)
    expect(await books.newestCheckpoint()).toBeUndefined()
    expect(await books.saveCheckpoint(2n, 'aa', 'note 2', onDay(0))).toBe(true)
    expect(await books.saveCheckpoint(2n, 'bb', 'note 2b', onDay(0))).toBe(false)
    expect(await books.saveCheckpoint(1n, 'cc', 'note 1', onDay(0))).toBe(false)
    expect(await books.saveCheckpoint(3n, 'dd', 'note 3', onDay(0))).toBe(true)
    expect(await books.newestCheckpoint()).toMatchObject({ size: 3n, root: 'dd', note: 'note 3' })
  })

  inFreshHouse('opening the books again finds everything that was in them', async (world) => {
    await world.give(['p1', 'p2'], onDay(0))
    await world.period(onDay(1))
    const release = await world.charged(onDay(1))
    await world.post(release.id, onDay(1))
    await world.books.saveReceipt(release.id, '{"receipt":1}')
    await world.withdraw('p1', onDay(2))
    const look = async () => ({
      settings: await world.books.settings(),
      sequence: await world.books.sequence(),
      balances: await world.books.balances(),
      releases: await world.books.releases({ limit: 10 }),
      periods: await world.books.periods(),
      statement: await world.statement('p1', onDay(2)),
      choices: expectAccepted(await world.books.choices('p1', onDay(2))),
      mask: await maskAt(world.books),
      leaves: await world.books.leaves(0n, 100),
      buyers: await world.books.buyers(),
    })
    const before = await look()
    world.books = await world.opened.reopen()
    expect(await look()).toEqual(before)
    expect((await world.books.check()).failures).toEqual([])
  })

  inFreshHouse('every entry raises the one sequence', async (world) => {
    const one = await world.books.sequence()
    await world.give(['p1'], onDay(0))
    const two = await world.books.sequence()
    await world.period(onDay(1))
    const three = await world.books.sequence()
    expect(one < two && two < three).toBe(true)
  })
}
