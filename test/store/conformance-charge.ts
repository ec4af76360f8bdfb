import { expect } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { ChargeRequest, Limits } from '../../src/release/ports.ts'
import { codeOf, defaultLimits, firstDay, leafOf, onDay, type World, wideCaps } from './book-world.ts'
import type { Case } from './conformance.ts'

export function chargeCases(inFreshHouse: Case): void {
  inFreshHouse(
    'a charge holds the price, charges everybody active alike and shows the public indices',
    async (world) => {
      await world.give(['p1', 'p2'], onDay(0))
      await world.give(['p3'], onDay(0), ['statistics'])
      await world.period(onDay(1), { nano: 500_000n, rate: 1_000n })
      const asked = await world.request(onDay(2), { rate: 1_500n, delta: 4n })
      const { release, existing } = expectAccepted(await world.books.charge(asked, onDay(2)))
      const { caps: _caps, idempotency: _key, releaseId, ...stored } = asked
      expect(existing).toBe(false)
      expect(release).toMatchObject({ ...stored, id: releaseId, state: 'charged', chargedAt: onDay(2) })
      expect(release).toMatchObject({ answer: undefined, secret: undefined, leafIndex: undefined, receipt: undefined })
      expect(release.indices).toEqual({
        research: { a: 2_000_000_000n, b: 1_500_000n, d: 4n },
        statistics: { a: 500_000_000n, b: 500_000n, d: 0n },
      })
      expect(await world.books.release(releaseId)).toEqual(release)
      for (const person of ['p1', 'p2'])
        expect((await world.statement(person, onDay(2))).releases[0]).toEqual({
          id: releaseId,
          at: onDay(2),
          buyer: 'b1',
          product: 'baskets',
          purpose: 'research',
          nano: 1_000_000n,
          rate: 1_500n,
          earned: 1_500_000_000n,
        })
      expect((await world.statement('p3', onDay(2))).spentNano).toBe(500_000n)
      expect(await buyer(world)).toMatchObject({ prepaid: 999_999_000n, pending: 1_000n })
    },
  )

  inFreshHouse('a release of which nobody is part is charged like any other', async (world) => {
    await world.period(onDay(1))
    const release = await world.charged(onDay(1))
    expect((await world.post(release.id, onDay(1))).state).toBe('released')
  })

  inFreshHouse('a post moves the held price to the pool and the shares, once', async (world) => {
    await world.period(onDay(1), { nano: 0n })
    const release = await world.charged(onDay(1))
    const posted = await world.post(release.id, onDay(2))
    const leafIndex = (await world.books.leafCount()) - 1n
    expect(posted).toEqual({
      ...release,
      state: 'released',
      answer: { rows: [7] },
      secret: { salt: '00' },
      leafIndex,
      settledAt: onDay(2),
    })
    expect(await buyer(world)).toMatchObject({ prepaid: 999_999_000n, pending: 0n })
    expect(await world.books.balances()).toMatchObject({ pool: 500n, steward: 300n, operator: 100n, reserve: 100n })
    await settledOnce(world, release.id)
  })

  inFreshHouse('a burned release gives the buyer the price back, and the steward pays the people', async (world) => {
    await world.give(['p1'], onDay(0))
    await world.period(onDay(1), { nano: 0n })
    const release = await world.charged(onDay(1))
    const before = await world.statement('p1', onDay(1))
    const burned = await world.books.burn(release.id, 'the engine failed', onDay(2), leafOf('incident'))
    expect(burned).toMatchObject({ state: 'burned', answer: undefined, settledAt: onDay(2) })
    expect(burned.leafIndex).toBe((await world.books.leafCount()) - 1n)
    expect(await buyer(world)).toMatchObject({ prepaid: 1_000_000_000n, pending: 0n })
    expect(await world.books.balances()).toMatchObject({ pool: 500n, steward: -500n })
    expect(await world.statement('p1', onDay(2))).toEqual(before)
    expect(before.earned).toBe(1_000n * 1_000_000n)
    expect(await world.books.spent(firstDay, firstDay + 5)).toBe(1_000_000n)
    await settledOnce(world, release.id)
  })

  inFreshHouse('a receipt is stored once: the first bytes stay', async (world) => {
    await world.period(onDay(1))
    const { id } = await world.charged(onDay(1))
    await world.post(id, onDay(1))
    expect((await world.books.unfinished()).releases.map((r) => r.id)).toEqual([id])
    expect(await world.books.saveReceipt(id, 'first')).toBe('first')
    expect(await world.books.saveReceipt(id, 'second')).toBe('first')
    expect((await world.books.release(id))?.receipt).toBe('first')
    expect((await world.books.unfinished()).releases).toEqual([])
  })

  inFreshHouse('a restart finds what is charged and not settled', async (world) => {
    await world.period(onDay(1))
    const one = await world.charged(onDay(1))
    const two = await world.charged(onDay(1))
    world.books = await world.opened.reopen()
    const { releases } = await world.books.unfinished()
    expect(releases.map((release) => [release.id, release.state])).toEqual([
      [one.id, 'charged'],
      [two.id, 'charged'],
    ])
    await world.books.burn(one.id, 'restart', onDay(1), leafOf('incident'))
    expect((await world.books.unfinished()).releases.map((release) => release.id)).toEqual([two.id])
  })

  inFreshHouse('releases are listed newest first, by buyer, by state and page by page', async (world) => {
    await world.period(onDay(1))
    const one = await world.charged(onDay(1))
    const two = await world.charged(onDay(1), { buyer: 'b2' })
    const three = await world.charged(onDay(1))
    await world.post(one.id, onDay(1))
    const ids = async (filter: Parameters<typeof world.books.releases>[0]) =>
      (await world.books.releases(filter)).map((release) => release.id)
    expect(await ids({ limit: 2 })).toEqual([three.id, two.id])
    expect((await ids({ limit: 9, before: two.id }))[0]).toBe(one.id)
    expect(await ids({ buyer: 'b1', limit: 9 })).toEqual([three.id, one.id])
    expect(await ids({ buyer: 'b1', state: 'charged', limit: 9 })).toEqual([three.id])
  })

  repeatCases(inFreshHouse)
  refusalCases(inFreshHouse)
}

function repeatCases(inFreshHouse: Case): void {
  inFreshHouse('the same idempotency key gives the same release back, whatever has become of it', async (world) => {
    await world.period(onDay(1))
    const idempotency = { key: 'k', requestHash: 'h' }
    const first = await world.charged(onDay(1), { idempotency })
    const again = async () => expectAccepted(await world.ask(onDay(2), { idempotency }))
    expect(await again()).toMatchObject({ existing: true, release: { id: first.id, state: 'charged' } })
    await world.books.burn(first.id, 'the engine failed', onDay(2), leafOf('incident'))
    expect(await again()).toMatchObject({ existing: true, release: { id: first.id, state: 'burned' } })
    expect(codeOf(await world.ask(onDay(2), { idempotency: { key: 'k', requestHash: 'other' } }))).toBe(
      'request.idempotency_conflict',
    )
    const other = await world.charged(onDay(2), { idempotency: { key: 'k2', requestHash: 'h' } })
    expect(other.id).not.toBe(first.id)
    expect((await world.books.releases({ buyer: 'b1', limit: 9 })).length).toBe(2)
  })

  inFreshHouse("one buyer's idempotency key says nothing about another buyer's", async (world) => {
    await world.period(onDay(1))
    const idempotency = { key: 'k', requestHash: 'h' }
    await world.charged(onDay(1), { idempotency })
    const other = await world.charged(onDay(1), { buyer: 'b2', idempotency })
    expect(other.buyer).toBe('b2')
  })

  inFreshHouse('the same question is answered again free of loss and price, whoever has left since', async (world) => {
    await world.give(['p1', 'p2'], onDay(0))
    await world.period(onDay(1))
    const memoKey = 'the same question'
    expect(await world.books.memo(memoKey)).toBeUndefined()
    const first = await world.charged(onDay(1), { memoKey })
    expect(expectAccepted(await world.ask(onDay(1), { memoKey }))).toMatchObject({ existing: true, release: first })
    const posted = await world.post(first.id, onDay(1))
    await world.withdraw('p1', onDay(2))
    await world.load([], onDay(2))
    const before = [await world.books.balances(), await world.statement('p2', onDay(3)), await world.books.sequence()]
    const again = expectAccepted(await world.ask(onDay(3), { memoKey }))
    expect(again).toEqual({ existing: true, release: posted })
    expect(await world.books.memo(memoKey)).toEqual(posted)
    const after = [await world.books.balances(), await world.statement('p2', onDay(3))]
    expect(after).toEqual(before.slice(0, 2))
    expect(await world.books.spent(firstDay, firstDay + 9)).toBe(1_000_000n)
  })

  inFreshHouse('a burned release answers nothing: the same question is a new release', async (world) => {
    await world.period(onDay(1))
    const memoKey = 'the same question'
    const first = await world.charged(onDay(1), { memoKey })
    await world.books.burn(first.id, 'the engine failed', onDay(1), leafOf('incident'))
    expect(await world.books.memo(memoKey)).toBeUndefined()
    const second = await world.charged(onDay(1), { memoKey })
    expect(second.id).not.toBe(first.id)
  })
}

/** Nothing of this request may pass: each repair uncovers the next refusal. */
const hopeless = {
  buyer: 'b3',
  memoKey: 'the same question',
  periodId: 'another',
  nano: 100n,
  price: 2_000_000_000n,
  pool: 2_000_000_000n,
  shares: { steward: 0n, operator: 0n, reserve: 0n },
  idempotency: { key: 'k', requestHash: 'other' },
} satisfies Partial<ChargeRequest>
const tight: Limits = {
  ...defaultLimits,
  windows: [{ days: 30, nano: 60n, delta: 100n }],
  life: { nano: 60n, delta: 100n },
  houseShare: 10n,
  maxPerRelease: 99n,
}

function refusalCases(inFreshHouse: Case): void {
  inFreshHouse('a charge is refused in the published order', async (world) => {
    const at = onDay(2)
    const { id: periodId } = await world.period(onDay(1))
    expectAccepted(await world.books.addBuyer({ id: 'b3', name: 'Buyer b3' }, at))
    const idempotency = { key: 'k', requestHash: 'h' }
    const first = await world.charged(at, { buyer: 'b2', memoKey: 'the same question', nano: 1n, idempotency })
    const caps = { product: { nano: 40n, days: 30, maxPerRelease: 99n }, house: tight }
    const ask = async (more: Partial<ChargeRequest>) => codeOf(await world.ask(at, { ...hopeless, caps, ...more }))
    const buyer = 'b2'
    expect(await ask({ buyer })).toBe('request.idempotency_conflict')
    const same = expectAccepted(await world.ask(at, { ...hopeless, caps, buyer, idempotency }))
    expect(same).toMatchObject({ existing: true, release: { id: first.id } })
    expect(await world.books.keyed('b2', 'k')).toEqual({
      requestHash: 'h',
      release: await world.books.release(first.id),
    })
    expect([await world.books.keyed('b3', 'k'), await world.books.keyed('b2', 'K')]).toEqual([undefined, undefined])
    const memo = expectAccepted(
      await world.ask(at, { ...hopeless, caps, idempotency: { key: 'k9', requestHash: 'x' } }),
    )
    expect(memo).toMatchObject({ existing: true, release: { id: first.id } })
    const fresh = () => ({ memoKey: world.fresh('memo'), idempotency: { key: world.fresh('key'), requestHash: 'x' } })
    expect(await ask(fresh())).toBe('period.not_open')
    expect(await ask({ ...fresh(), periodId })).toBe('buyer.not_approved')
    expect(await ask({ ...fresh(), periodId, buyer })).toBe('privacy.rho_over_release_cap')
    expect(await ask({ ...fresh(), periodId, buyer, nano: 40n })).toBe('privacy.budget_used_up')
    expect(await ask({ ...fresh(), periodId, buyer, nano: 39n })).toBe('market.funds_lacking')
    const price = { price: 10n, pool: 10n }
    expect(await ask({ ...fresh(), periodId, buyer, nano: 39n, ...price })).toBe('accepted')
  })

  inFreshHouse('a refused request may be asked again under the same key once it can be answered', async (world) => {
    const idempotency = { key: 'k', requestHash: 'h' }
    expect(codeOf(await world.ask(onDay(1), { idempotency }))).toBe('period.not_open')
    await world.period(onDay(1))
    await world.charged(onDay(1), { idempotency })
  })

  inFreshHouse('one release costs at most what product and house permit', async (world) => {
    await world.period(onDay(1))
    const caps = (product: bigint, house: bigint): ChargeRequest['caps'] => ({
      product: { ...wideCaps.product, maxPerRelease: product },
      house: { ...wideCaps.house, maxPerRelease: house },
    })
    const ask = async (nano: bigint, product: bigint, house: bigint) =>
      codeOf(await world.ask(onDay(1), { nano, caps: caps(product, house) }))
    expect(await ask(8n, 7n, 9n)).toBe('privacy.rho_over_release_cap')
    expect(await ask(8n, 9n, 7n)).toBe('privacy.rho_over_release_cap')
    expect(await ask(8n, 8n, 8n)).toBe('accepted')
  })

  inFreshHouse('the budget of a product counts its own releases of its days, burned ones included', async (world) => {
    await world.period(onDay(1))
    const caps = { ...wideCaps, product: { nano: 100n, days: 30, maxPerRelease: 99n } }
    const burned = await world.charged(onDay(1), { nano: 60n, caps })
    await world.books.burn(burned.id, 'the engine failed', onDay(1), leafOf('incident'))
    expect(codeOf(await world.ask(onDay(31), { nano: 41n, caps }))).toBe('privacy.budget_used_up')
    expect(codeOf(await world.ask(onDay(31), { nano: 99n, caps, product: 'apples' }))).toBe('accepted')
    expect(codeOf(await world.ask(onDay(31), { nano: 40n, caps }))).toBe('accepted')
    expect(codeOf(await world.ask(onDay(32), { nano: 60n, caps }))).toBe('accepted')
    expect(await world.books.spent(firstDay + 1, firstDay + 31)).toBe(199n)
    expect(await world.books.spent(firstDay + 1, firstDay + 31, 'apples')).toBe(99n)
    expect(await world.books.spent(firstDay + 2, firstDay + 31, 'baskets')).toBe(40n)
  })

  inFreshHouse(
    'the budget of the house counts all products, less the house share, in every window and for life',
    async (world) => {
      await world.period(onDay(1))
      const house = { ...wideCaps.house, houseShare: 10n }
      const month = { ...wideCaps, house: { ...house, windows: [{ days: 30, nano: 110n, delta: 100n }] } }
      await world.charged(onDay(1), { nano: 60n, caps: month })
      expect(codeOf(await world.ask(onDay(31), { nano: 41n, caps: month, product: 'apples' }))).toBe(
        'privacy.budget_used_up',
      )
      await world.charged(onDay(31), { nano: 40n, caps: month, product: 'apples' })
      await world.charged(onDay(32), { nano: 60n, caps: month })
      const life = { ...wideCaps, house: { ...house, life: { nano: 200n, delta: 100n } } }
      expect(codeOf(await world.ask(onDay(3000), { nano: 31n, caps: life }))).toBe('privacy.budget_used_up')
      expect(codeOf(await world.ask(onDay(3000), { nano: 30n, caps: life }))).toBe('accepted')
    },
  )

  inFreshHouse(
    'delta is held against the windows and the life of the house, by N^ too, where there is any',
    async (world) => {
      await world.period(onDay(1))
      const house = {
        ...wideCaps.house,
        windows: [
          { days: 30, nano: 10n ** 15n, delta: 100n },
          { days: 90, nano: 10n ** 15n, delta: 150n },
        ],
      }
      const caps = { ...wideCaps, house }
      const ask = async (day: number, delta: bigint, more: Partial<ChargeRequest> = {}) =>
        codeOf(await world.ask(onDay(day), { delta, caps, ...more }))
      const burned = await world.charged(onDay(1), { delta: 60n, caps })
      await world.books.burn(burned.id, 'the engine failed', onDay(1), leafOf('incident'))
      expect(await ask(31, 41n, { product: 'apples' })).toBe('privacy.budget_used_up')
      expect(await ask(31, 0n)).toBe('accepted')
      expect(await ask(31, 40n)).toBe('accepted')
      // The first has left the shorter window and not the longer one.
      expect(await ask(32, 51n)).toBe('privacy.budget_used_up')
      expect(await ask(32, 50n)).toBe('accepted')
      // Among many people the shortest window holds less, and only that one.
      expect(await ask(95, 21n, { caps: { ...caps, cohortDelta: 20n } })).toBe('privacy.budget_used_up')
      expect(await ask(95, 20n, { caps: { ...caps, cohortDelta: 20n } })).toBe('accepted')
      expect(await ask(95, 0n, { caps: { ...caps, cohortDelta: 0n } })).toBe('accepted')
      // A product may have a limit of its own.
      const own = { ...caps, product: { ...caps.product, delta: 60n } }
      expect(await ask(130, 61n, { caps: own, product: 'pears' })).toBe('privacy.budget_used_up')
      expect(await ask(130, 60n, { caps: own, product: 'pears' })).toBe('accepted')
      expect(await ask(131, 1n, { caps: own, product: 'pears' })).toBe('privacy.budget_used_up')
      expect(await ask(131, 1n, { caps: own, product: 'plums' })).toBe('accepted')
      const life = { ...wideCaps, house: { ...wideCaps.house, life: { nano: 10n ** 15n, delta: 261n } } }
      expect(await ask(3000, 31n, { caps: life })).toBe('privacy.budget_used_up')
      expect(await ask(3000, 30n, { caps: life })).toBe('accepted')
    },
  )

  inFreshHouse('a buyer spends what is prepaid and not a micro-unit more', async (world) => {
    await world.period(onDay(1))
    const ask = (price: bigint) =>
      world.ask(onDay(1), { price, pool: price, shares: { steward: 0n, operator: 0n, reserve: 0n } })
    expect(codeOf(await ask(999_999_999n))).toBe('accepted')
    expect(codeOf(await ask(2n))).toBe('market.funds_lacking')
    expect(codeOf(await ask(1n))).toBe('accepted')
    expect(await buyer(world)).toMatchObject({ prepaid: 0n, pending: 1_000_000_000n })
  })

  inFreshHouse('a refusal leaves no trace', async (world) => {
    await world.give(['p1'], onDay(0))
    await world.period(onDay(1))
    const look = async () => [
      await world.books.sequence(),
      await world.books.balances(),
      await world.statement('p1', onDay(1)),
    ]
    const before = await look()
    expect(codeOf(await world.ask(onDay(1), { price: 2_000_000_000n, pool: 1_999_999_500n }))).toBe(
      'market.funds_lacking',
    )
    expect(await look()).toEqual(before)
  })
}

async function settledOnce(world: World, id: string): Promise<void> {
  const fault = { name: 'Fault', code: 'release.state' }
  const before = [await world.books.balances(), await world.books.leafCount()]
  await expect(world.post(id, onDay(3))).rejects.toMatchObject(fault)
  await expect(world.books.burn(id, 'again', onDay(3), leafOf('x'))).rejects.toMatchObject(fault)
  await expect(world.post('nowhere', onDay(3))).rejects.toMatchObject(fault)
  expect([await world.books.balances(), await world.books.leafCount()]).toEqual(before)
  expect((await world.books.check()).failures).toEqual([])
}

const buyer = async (world: World) => (await world.books.buyers()).find((one) => one.id === 'b1')
