import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { microsPerDay } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { choose } from '../../src/house/choices.ts'
import { loadProduct } from '../../src/house/loads.ts'
import { contract, purpose, sql } from '../suite/small-world.ts'
import { type Door, openDoor } from './door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor(24)
})
afterAll(() => door.close())

const question = { product: 'visits', purpose, sql }
const get = async (url: string) => {
  const reply = await door.ask('steward', 'GET', url)
  expect([url, reply.status]).toEqual([url, 200])
  return reply.json
}
const kinds = async () =>
  (await get('/v1/steward/home')).needsYou
    .map((one: { kind: string; subject: string }) => `${one.kind} ${one.subject}`)
    // Houses of tests have no grid, unless they are about it.
    .filter((one: string) => !one.startsWith('answers.'))

describe('who may look', () => {
  it.each(['home', 'consent', 'refusals', 'budget', 'money'])('/v1/steward/%s is for the steward', async (page) => {
    expect((await door.ask('alpha', 'GET', `/v1/steward/${page}`)).json.code).toBe('access.not_permitted')
    expect((await door.ask('nobody', 'GET', `/v1/steward/${page}`)).json.code).toBe('access.key_missing')
    expect((await door.ask('steward', 'GET', `/v1/steward/${page}`)).status).toBe(200)
  })
  it('a period that somebody asks for must be days', async () => {
    for (const wrong of ['from=soon', 'from=2026-12-02&to=2026-12-01', 'from=2001-01-01', 'limit=x', 'page=2'])
      expect((await door.ask('steward', 'GET', `/v1/steward/refusals?${wrong}`)).json.code).toBe('request.invalid')
  })
})

describe('home', () => {
  it('has four numbers, all of them public: prices, pool, N^, budget', async () => {
    const before = await get('/v1/steward/home')
    expect(before.revenue).toEqual({ month: '2026-12', amount: '0.00', releases: 0 })
    const { json } = await door.ask('alpha', 'POST', '/v1/releases', question)
    const after = await get('/v1/steward/home')
    expect(after.revenue).toEqual({ month: '2026-12', amount: json.answer.paid, releases: 1 })
    const balances = await door.house.world.books.balances()
    expect(Number(after.owed.amount)).toBeCloseTo(Number(balances.pool) / 1e6, 6)
    const open = await door.house.world.books.openPeriod(door.house.world.clock.now())
    const [first] = after.optedIn.filter((one: { purpose: string }) => one.purpose === purpose)
    expect(first.upperBound).toBe(`${open?.upperBounds[purpose]}`)
    expect(first.change).toBeUndefined()
    // 0.0005 of the 30 days' 0.047 is more than of the product's 0.45.
    expect(after.budget.limit).toMatchObject({ of: 'house', days: 30, used: '0.0005', usedPercent: '1.1 %' })
  })

  it('lists what needs somebody, and takes it off the list when it is done', async () => {
    const { world, home } = door.house
    const before = await kinds()
    expect(before).toEqual([])
    await door.ask('steward', 'POST', '/v1/buyers', { id: 'gamma', name: 'Gamma' })
    expect(await kinds()).toContain('buyer.not_approved gamma')
    await door.ask('steward', 'POST', '/v1/buyers/gamma/approvals', { purpose })
    expect(await kinds()).toContain('buyer.no_funds gamma')
    await door.ask('steward', 'POST', '/v1/buyers/gamma/funds', { amount: '5', reference: 'g' })
    expect(await kinds()).toEqual([])
    await writeFile(join(home.incidents, 'rel_x.txt'), 'it broke')
    expect(await kinds()).toEqual(['incident rel_x.txt'])
    await writeFile(join(home.incidents, 'rel_x.txt'), '')
    const other = contract.replace(':visits', ':other').replace('status: active', 'status: draft')
    await door.ask('steward', 'POST', '/v1/contracts', { text: other })
    expect(await kinds()).toEqual(
      expect.arrayContaining(['product.no_load other', 'product.draft other', `notice.stale ${purpose}`]),
    )
    expect((await kinds())[0]).toBe('product.no_load other')
    door.house.advance(5n * microsPerDay)
    expect((await kinds()).some((one: string) => one.startsWith('period.ending'))).toBe(true)
    door.house.advance(3n * microsPerDay)
    expect((await kinds()).some((one: string) => one.startsWith('period.none'))).toBe(true)
    await door.ask('steward', 'POST', '/v1/periods', {})
    expect((await kinds()).some((one: string) => one.startsWith('period'))).toBe(false)
    const [first] = (await get('/v1/steward/home')).optedIn.filter(
      (one: { purpose: string }) => one.purpose === purpose,
    )
    expect(first.change).toMatch(/^[+-]?\d+$/)
    const periods = (await door.ask('nobody', 'GET', '/v1/periods')).json.periods
    expect(periods).toHaveLength(2)
    // A leaf that no checkpoint covers yet: as after a crash between the two.
    await world.books.publishNotice(
      {
        id: 'late',
        version: '1',
        language: 'en',
        purposes: [purpose],
        text: 't',
        hash: 'h',
        publishedAt: world.clock.now(),
      },
      world.clock.now(),
      new TextEncoder().encode('leaf'),
    )
    expect(await kinds()).toContain('log.not_published log')
    await world.log.publish(world.clock.now())
    expect(await kinds()).not.toContain('log.not_published log')
  })
})

describe('contracts', () => {
  it('are looked at, compared and applied; a wrong one says where', async () => {
    const wrong = contract.replace('rows: 10', 'rows: none')
    const linted = (await door.ask('steward', 'POST', '/v1/contracts/lint', { text: wrong, name: 'visits.yaml' })).json
    expect(linted.valid).toBe(false)
    expect(linted.findings[0]).toMatchObject({
      severity: 'error',
      line: expect.any(Number),
      remedy: expect.any(String),
    })
    expect((await door.ask('steward', 'POST', '/v1/contracts', { text: wrong })).json.code).toBe('contract.invalid')
    const next = contract.replace('version: 1.0.0', 'version: 1.1.0').replace('amount: 200', 'amount: 400')
    expect((await door.ask('steward', 'POST', '/v1/contracts/lint', { text: next })).json).toMatchObject({
      valid: true,
      product: { product: 'visits', version: '1.1.0' },
    })
    const planned = (await door.ask('steward', 'POST', '/v1/contracts/plan', { text: next })).json
    expect(
      planned.changes.some((one: { kind: string; factor?: string }) => one.kind === 'bound' && one.factor === '2'),
    ).toBe(true)
    expect((await get('/v1/contracts/visits')).text).toBe(contract)
    const applied = (await door.ask('steward', 'POST', '/v1/contracts', { text: next })).json
    expect(applied).toMatchObject({ product: 'visits', version: '1.1.0', status: 'active' })
    expect((await get('/v1/contracts')).contracts).toHaveLength(2)
    expect((await get('/v1/contracts/visits')).text).toBe(next)
    expect(await kinds()).toContain('product.load_older_than_contract visits')
    expect((await door.ask('alpha', 'POST', '/v1/contracts/lint', { text: next })).status).toBe(403)
  })
})

describe('loads', () => {
  it('tell rows set aside by reason', async () => {
    const { house } = door
    const folder = join(house.folder, 'wrong')
    await writeFile(`${folder}-people.csv`, 'person,born,area\np1,1980-01-01,a\np2,1980-01-01,b\n')
    await writeFile(`${folder}-visits.csv`, 'visit,person,spent\n1,p1,1.00\n2,p2,500.00\n3,p9,1.00\n4,,1.00\n5,p9,2\n')
    const source = (path: string) => ({ kind: 'csv' as const, path })
    expectAccepted(
      await loadProduct(
        house,
        'visits',
        { people: source(`${folder}-people.csv`), visits: source(`${folder}-visits.csv`) },
        () => {},
      ),
    )
    const { products } = await get('/v1/loads')
    const [visits] = products.filter((one: { product: string }) => one.product === 'visits')
    expect(visits.loads.map((one: { number: number; current: boolean }) => [one.number, one.current])).toEqual([
      [2, true],
      [1, false],
    ])
    const [, table] = visits.loads[0].tables
    expect(table).toMatchObject({ table: 'visits', read: 5, accepted: 1, setAside: 4, setAsidePercent: '80.0' })
    expect(table.reasons.map((one: { reason: string; rows: number }) => [one.reason, one.rows])).toEqual([
      ['unknown_person', 2],
      ['no_person', 1],
      ['out_of_range', 1],
    ])
    expect(await kinds()).toContain('load.set_aside visits')
    expect((await door.ask('alpha', 'GET', '/v1/loads')).status).toBe(403)
  })
})

describe('refusals', () => {
  it('are kept by code, buyer and day, with the place, and never with the text', async () => {
    const secret = 'jane.doe@example.org'
    const before = (await get('/v1/steward/refusals')).total
    await door.ask('alpha', 'POST', '/v1/quotes', { ...question, sql: `SELECT '${secret}', spend FROM visits` })
    await door.ask('alpha', 'POST', '/v1/releases', { ...question, product: secret })
    await door.ask('beta', 'POST', '/v1/releases', { ...question, purpose: 'scientific-research' })
    await door.ask('beta', 'POST', '/v1/releases', { ...question, maxPrice: '0.000001' })
    await door.ask('beta', 'POST', '/v1/quotes/preview', { ...question, sql: 'SELEC' })
    const page = await get('/v1/steward/refusals?limit=2')
    expect(page.total).toBe(before + 4)
    expect(page.recent.map((one: { code: string }) => one.code)).toEqual([
      'market.price_over_limit',
      'buyer.not_approved',
    ])
    expect(page.recent[1]).toMatchObject({
      buyer: 'beta',
      act: 'ask',
      product: 'visits',
      purpose: 'scientific-research',
    })
    const rest = (await get(`/v1/steward/refusals?before=${page.next}`)).recent
    expect(rest[0]).toMatchObject({ code: 'product.unknown', buyer: 'alpha' })
    expect(rest[0].product).toBeUndefined()
    expect(rest[1]).toMatchObject({ act: 'quote', position: { line: 1 } })
    expect(page.byBuyer).toEqual(
      expect.arrayContaining([
        { buyer: 'alpha', count: 2 },
        { buyer: 'beta', count: 2 },
      ]),
    )
    expect(page.byCode[0]).toHaveProperty('meaning')
    expect(page.byDay).toHaveLength(1)
    expect(JSON.stringify(await get('/v1/steward/refusals'))).not.toContain('jane')
    const { books } = door.house.world
    expect(
      JSON.stringify(await books.refusals({ limit: 100 }), (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
    ).not.toContain('jane')
  })
})

describe('the consent funnel', () => {
  it('counts cards by notice version and day, and answers from the books', async () => {
    const { house } = door
    const step = (body: object) => door.ask('nobody', 'POST', '/v1/notices/n/events', body)
    expect((await step({ step: 'shown', version: '1', language: 'en' })).status).toBe(204)
    expect((await step({ step: 'shown' })).status).toBe(204)
    expect((await step({ step: 'details' })).status).toBe(204)
    expect((await step({ step: 'answered' })).status).toBe(400)
    expect((await step({ step: 'shown', person: 'p0001' })).status).toBe(400)
    expect((await step({ step: 'shown', version: '9' })).json.code).toBe('request.not_found')
    expect((await door.ask('nobody', 'POST', '/v1/notices/m/events', { step: 'shown' })).status).toBe(404)
    const say = async (person: string, status: 'given' | 'refused' | 'withdrawn') =>
      expectAccepted(
        await choose(house, {
          person,
          purpose: 'scientific-research',
          status,
          entity: 'person',
          evidence: { method: 'test', reference: 'r' },
        }),
      )
    await say('p1', 'given')
    await say('p2', 'refused')
    await say('p1', 'withdrawn')
    const funnel = await get('/v1/steward/consent')
    const [row] = funnel.notices.filter((one: { notice?: { id: string } }) => one.notice?.id === 'n')
    expect(row).toMatchObject({
      notice: { id: 'n', version: '1' },
      shown: 2,
      shownByLanguage: { en: 2 },
      details: 1,
      yes: 1,
      no: 1,
      withdrawn: 1,
      withdrawnWithin7Days: 1,
    })
    expect(funnel.days.length).toBeGreaterThan(0)
    expect(JSON.stringify(funnel)).not.toMatch(/p\d/)
  })

  it('a stranger cannot count fast', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 40; n++)
      statuses.push((await door.ask('nobody', 'POST', '/v1/notices/n/events', { step: 'shown' })).status)
    expect(statuses.filter((one) => one === 204).length).toBeLessThanOrEqual(30)
    const refused = await door.ask('nobody', 'POST', '/v1/notices/n/events', { step: 'shown' })
    expect(refused.json.code).toBe('request.too_many')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    door.house.advance(10_000_000n)
    expect((await door.ask('nobody', 'POST', '/v1/notices/n/events', { step: 'shown' })).status).toBe(204)
  })
})

describe('budget and money', () => {
  it('the budget burns down by day and says when it runs out at the present pace', async () => {
    const budget = await get('/v1/steward/budget')
    const [visits] = budget.products.filter((one: { product: string }) => one.product === 'visits')
    expect(visits.days).toEqual([{ day: '2026-12-01', rho: '0.0005', inWindow: '0.0005' }])
    // 0.0005 in nine days: the window of 366 days never holds more than 0.0205 of it.
    expect(visits.limit).toMatchObject({ limit: '0.45', used: '0.0005', perDay: '0.000055556' })
    expect(visits.limit.bindsOn).toBeUndefined()
    expect(budget.house.limits.map((one: { days?: number }) => one.days)).toEqual([30, 365, undefined])
    const asked = await door.ask('alpha', 'POST', '/v1/releases', { ...question, rho: '0.005' })
    expect(asked.status).toBe(201)
    const after = await get('/v1/steward/budget')
    const [window] = after.house.limits
    expect(window.used).toBe('0.0055')
    expect(after.house.days).toHaveLength(2)
  })

  it('the book of money adds up, page by page', async () => {
    const first = await get('/v1/steward/money?limit=3')
    const rest = await get(`/v1/steward/money?limit=200&before=${first.next}`)
    const entries = [...first.entries, ...rest.entries]
    expect(rest.next).toBeUndefined()
    expect(first.entries).toHaveLength(3)
    expect(new Set(entries.map((one: { sequence: string }) => one.sequence)).size).toBe(entries.length)
    const sums = new Map<string, number>()
    for (const entry of entries)
      for (const { account, amount } of entry.postings) sums.set(account, (sums.get(account) ?? 0) + Number(amount))
    for (const { account, amount } of first.accounts) expect(sums.get(account)).toBeCloseTo(Number(amount), 5)
    expect(first.accounts.some((one: { account: string }) => one.account.startsWith('pending:'))).toBe(false)
    expect(first.accounts.find((one: { account: string }) => one.account === 'pool').kind).toBe('pool')
  })

  it('the books still agree', async () => {
    expect((await door.house.world.books.check()).failures).toEqual([])
  })
})
