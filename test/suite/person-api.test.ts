import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { microsPerDay } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { publishNotice } from '../../src/house/choices.ts'
import { answer } from '../../src/release/answer.ts'
import { sealIfDue } from '../../src/release/consent-batch.ts'
import { closePeriod, openPeriod } from '../../src/release/period.ts'
import { verifyConsentReceipt, verifyReceipt } from '../../src/verify/index.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { type Ask, openDoors } from './http.ts'
import { exactResult, makeSmallWorld, purpose, sql } from './small-world.ts'

const research = 'scientific-research'
const notice = { id: 'n', version: '1' }

describe('what a person sees and does', () => {
  let house: TestHouse
  let doors: Awaited<ReturnType<typeof openDoors>>
  let me: Ask
  let failing = false
  let other: Ask
  beforeEach(async () => {
    failing = false
    house = await openTestHouse({
      stage: (name) => {
        if (failing && name === 'engine') throw new Error('the engine is gone')
      },
    })
    await makeSmallWorld(house, 30)
    doors = await openDoors(house)
    me = await doors.as('person', 'p0003')
    other = await doors.as('person', 'p0004')
  })
  afterEach(async () => {
    await doors.close()
    await house.close()
  })
  const buyerAsks = async (text: string) =>
    expectAccepted(
      await answer({ buyer: 'alpha', product: 'visits', purpose, sql: text, wish: undefined }, {}, house.world),
    )
  const choice = async (ask: Ask, of: string) =>
    (await ask('GET', '/v1/me/choices')).json.purposes.find((one: { purpose: string }) => one.purpose === of)

  it('shows each use with its buyer, question, answer with intervals, and pay; head counts too', async () => {
    await buyerAsks(`-- How much is spent in each area?\n${sql}`)
    await buyerAsks('SELECT COUNT(*) AS visits FROM visits WHERE spent > 1')
    const page = (await me('GET', '/v1/me/uses?limit=2')).json
    expect(page.uses.map((use: { question: object }) => use.question)).toEqual([
      {
        words: 'How many entries in visits, looking only at what the filter names?',
        by: 'us',
        plain: 'How many entries in visits, looking only at what the filter names?',
        parts: { measures: [{ kind: 'rows' }], tables: ['visits'], groups: [], filtered: true },
        sql: 'SELECT COUNT(*) AS visits FROM visits WHERE spent > 1',
      },
      {
        words: 'How much is spent in each area?',
        by: 'buyer',
        plain: 'How many people and the total of spent in visits and people, by area?',
        parts: {
          measures: [{ kind: 'persons' }, { kind: 'sum', column: 'spent' }],
          tables: ['visits', 'people'],
          groups: ['area'],
          filtered: false,
        },
        sql: `-- How much is spent in each area?\n${sql}`,
      },
    ])
    const [, use] = page.uses
    expect(use).toMatchObject({ kind: 'answer', buyer: 'alpha', product: 'visits', purpose, rho: '0.0005' })
    expect(use.answer.columns.map((column: { name: string }) => column.name)).toEqual(['area', 'people', 'spent'])
    expect(use.answer.rows).toHaveLength(3)
    expect(use.answer.rows[0][1]).toMatchObject({ value: expect.any(String), low: expect.any(String) })
    expect(use.eligibleWords).toContain(`one of about ${use.eligible} people`)
    const rest = (await me('GET', `/v1/me/uses?before=${page.next}`)).json
    expect(rest.uses.map((one: { kind: string }) => one.kind)).toEqual(['head count'])
    expect(rest.next).toBeUndefined()
    expect((await me('GET', '/v1/me/uses?before=nothing')).json.code).toBe('release.unknown')
    expect((await me('GET', '/v1/me')).json).toMatchObject({
      house: 'Test Co-op',
      allowed: { inForce: 1, waiting: 0, of: 2 },
      questions: { count: 2 },
      lastUses: [{ kind: 'answer' }, { kind: 'answer' }, { kind: 'head count' }],
    })
  })

  it('a release that failed is shown as that, and is paid', async () => {
    failing = true
    const asked = { buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined }
    expect(await answer(asked, {}, house.world)).toMatchObject({ refusal: { code: 'release.failed' } })
    const [use] = (await me('GET', '/v1/me/uses')).json.uses
    expect(use).toMatchObject({ kind: 'failed', buyer: 'alpha', eligibleWords: expect.stringContaining('paid') })
    expect([use.answer, use.earned === '0.00']).toEqual([undefined, false])
    const { receipt } = (await me('GET', `/v1/me/uses/${use.release}`)).json
    expect(receipt).toBeUndefined()
    const seen = (await doors.anybody('GET', `/v1/audit/releases/${use.release}`)).json
    expect(seen.leaf.kind).toBe('incident')
    expect(seen.postings.map((one: { account: string }) => one.account)).toEqual(['buyer', 'pool'])
  })

  it('gives the receipt of an own use, which verifies, and of nobody else', async () => {
    const { release } = await buyerAsks(sql)
    const use = (await me('GET', `/v1/me/uses/${release}`)).json
    expect((await verifyReceipt(use.receipt, house.logKey)).valid).toBe(true)
    await other('POST', '/v1/me/choices/stop-all', {})
    const second = await buyerAsks('SELECT COUNT(*) AS v FROM visits')
    expect((await me('GET', `/v1/me/uses/${second.release}`)).status).toBe(200)
    const refused = await other('GET', `/v1/me/uses/${second.release}`)
    expect([refused.status, refused.json.code]).toEqual([404, 'release.unknown'])
  })

  it('says no in one request, from the very next release on, and tells the moment', async () => {
    await buyerAsks(sql)
    const said = await me('PUT', `/v1/me/choices/${purpose}`, { status: 'refused' })
    expect(said.json).toMatchObject({ status: 'withdrawn', inForce: false })
    expect(said.json.tookEffectAt).toBe(said.json.since)
    expect(said.json.history[0]).toMatchObject({ status: 'withdrawn', tookEffectAt: said.json.tookEffectAt })
    await buyerAsks('SELECT COUNT(*) AS v FROM visits')
    expect((await exactResult(house, sql)).get('a')).toEqual([9n, 5400n])
    const events = expectAccepted(await house.world.books.choices('p0003', house.world.clock.now())).events
    expect(events.at(-1)?.evidence).toMatchObject({
      method: 'own key over HTTP',
      request: expect.stringMatching(/^req_/),
    })
  })

  it('stops everything in one request, and twice is the same as once', async () => {
    await me('PUT', `/v1/me/choices/${research}`, { status: 'given', notice })
    const first = await me('POST', '/v1/me/choices/stop-all')
    expect([first.status, first.json.inForce]).toEqual([200, 0])
    expect([...first.json.stopped].sort()).toEqual([purpose, research].sort())
    const second = await me('POST', '/v1/me/choices/stop-all', {})
    expect(second.json.stopped).toEqual([])
    const { events } = expectAccepted(await house.world.books.choices('p0003', house.world.clock.now()))
    expect(events).toHaveLength(4)
  })

  it('a yes is to the text in force: it is recorded with hash and language, and joins the next period', async () => {
    for (const body of [{ status: 'given' }, { status: 'given', notice: { id: 'n', version: '0' } }])
      expect((await me('PUT', `/v1/me/choices/${research}`, body)).json.code).toBe('consent.notice_not_in_force')
    const shown = await choice(me, research)
    expect(shown).toMatchObject({ status: 'none', inForce: false, notice: { ...notice, text: 'May we count you?' } })
    expect((await doors.anybody('GET', shown.notice.url)).json).toMatchObject({ text: 'May we count you?' })
    const said = (await me('PUT', `/v1/me/choices/${research}`, { status: 'given', notice })).json
    const period = (await me('GET', '/v1/me')).json.period
    expect(said).toMatchObject({ status: 'given', note: 'joins_next_period', joinsAt: period.endsAt })
    expect(said.tookEffectAt).toBeUndefined()
    expect(said.history[0].notice).toEqual({ ...notice, language: 'en', hash: shown.notice.hash })
    house.advance(7n * microsPerDay)
    await openPeriod({}, house.world)
    const joined = await choice(me, research)
    expect(joined.inForce).toBe(true)
    expect(joined.history[0].tookEffectAt > joined.history[0].at).toBe(true)
    expectAccepted(
      await publishNotice(house, { ...notice, version: '2', language: 'de', purposes: [research], text: 'Neu?' }),
    )
    expect((await me('PUT', `/v1/me/choices/${research}`, { status: 'given', notice })).json.code).toBe(
      'consent.notice_not_in_force',
    )
  })

  it('GET changes nothing, and no purpose outside the contract can be chosen', async () => {
    const before = await house.world.books.sequence()
    for (const path of ['', '/choices', '/uses', '/money', '/data', '/data?format=csv', '/limits', '/proof'])
      expect((await me('GET', `/v1/me${path}`)).status, path).toBe(200)
    expect(await house.world.books.sequence()).toBe(before)
    const strange = await me('PUT', '/v1/me/choices/advertising', { status: 'given', notice })
    expect([strange.status, strange.json.code]).toEqual([400, 'consent.purpose_unknown'])
    expect((await me('PUT', `/v1/me/choices/${purpose}`, { status: 'expired' })).json.code).toBe('request.invalid')
  })

  it('money: lines add up exactly, the estimate follows the method it states, nothing is claimed to be paid', async () => {
    await buyerAsks(sql)
    await buyerAsks('SELECT COUNT(*) AS v FROM visits')
    const money = (await me('GET', '/v1/me/money')).json
    const micro = (text: string) => BigInt(text.replace('.', '').padEnd(text.indexOf('.') + 12, '0'))
    const sum = money.earned.lines.reduce((all: bigint, line: { amount: string }) => all + micro(line.amount), 0n)
    expect(sum).toBe(micro(money.earned.amount))
    expect(sum > 0n).toBe(true)
    expect(money.paid).toMatchObject({ amount: '0.00' })
    // Everybody in force all the time was paid what the releases paid: so far that is this person.
    expect(money.estimated.low).toBe(money.earned.amount)
    // The product's 0.45 a year, at 0.005 per thousandth of rho.
    expect(money.estimated.high).toBe('2.25')
    await me('POST', '/v1/me/choices/stop-all', {})
    const after = (await me('GET', '/v1/me/money')).json
    expect(after.estimated).toMatchObject({ low: '0.00', high: '0.00', lines: [] })
    expect(after.earned.amount).toBe(money.earned.amount)
  })

  it('data: the own records and nobody else’s, as JSON and as CSV', async () => {
    const data = (await me('GET', '/v1/me/data')).json
    expect(data.topics.map((topic: { table: string }) => topic.table)).toEqual(['people', 'visits'])
    expect(data.topics[0].rows).toEqual([{ person: 'p0003', born: '1980-01-01', area: 'a' }])
    expect(data.topics[1].rows.map((row: { spent: string }) => row.spent)).toEqual(['1.00', '2.00', '3.00'])
    const csv = await me('GET', '/v1/me/data?format=csv&topic=visits.visits')
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(csv.text).toBe('visit,spent\r\np0003-1,1.00\r\np0003-2,2.00\r\np0003-3,3.00\r\n')
    const all = await me('GET', '/v1/me/data?format=csv')
    expect(all.text.split('\r\n')).toHaveLength(1 + 3 + 6 + 1)
    expect(`${all.text}${JSON.stringify(data)}`).not.toMatch(/p00(?!03)/)
    expect((await me('GET', '/v1/me/data?format=csv&topic=visits.others')).status).toBe(404)
  })

  it('limits are the person’s own', async () => {
    const set = await me('PUT', '/v1/me/limits', { class: 'low', lifeRho: '0.01' })
    expect(set.json).toMatchObject({ class: 'low', lifeRho: '0.01' })
    expect((await other('GET', '/v1/me/limits')).json).toMatchObject({ class: 'medium' })
    expect((await me('PUT', '/v1/me/limits', { lifeRho: null })).json.lifeRho).toBeUndefined()
    expect((await me('PUT', '/v1/me/limits', {})).status).toBe(400)
  })

  it('none of it opens to a buyer, the steward or a stranger', async () => {
    const others = [doors.anybody, await doors.as('buyer', 'alpha'), await doors.as('steward', 'steward')]
    for (const ask of others)
      for (const path of [
        '',
        '/choices',
        '/uses',
        '/money',
        '/data',
        '/limits',
        '/proof',
        '/choices/yes-p0003/receipt',
      ])
        expect([401, 403], path).toContain((await ask('GET', `/v1/me${path}`)).status)
  })

  it('a choice is proved by the next batch: pending before, then a receipt that verifies and that a lie breaks', async () => {
    const said = (await me('PUT', `/v1/me/choices/${purpose}`, { status: 'withdrawn' })).json
    const url = said.history[0].receipt
    const pending = await me('GET', url)
    expect([pending.status, pending.json.state]).toEqual([202, 'pending'])
    expect(pending.json.until).toBe('2026-12-02T00:00:00.000000Z')
    house.advance(microsPerDay)
    expect(await sealIfDue(house.world)).toBe(true)
    const receipt = await me('GET', url)
    expect(receipt.status).toBe(200)
    const verdict = await verifyConsentReceipt(receipt.text, house.logKey)
    expect(verdict.checks.filter((check) => !check.holds)).toEqual([])
    expect(verdict.consent).toMatchObject({
      pii_principal_id: 'p0003',
      purpose: { id: purpose },
      event: { event_state: 'https://w3id.org/dpv#ConsentWithdrawn', status: 'withdrawn' },
    })
    const lie = receipt.text.replaceAll('ithdrawn', 'iven')
    expect((await verifyConsentReceipt(lie, house.logKey)).valid).toBe(false)
    expect((await other('GET', url)).status).toBe(404)
    const proof = (await me('GET', '/v1/me/proof')).json
    expect(proof).toMatchObject({ logKey: house.logKey, choices: [{ status: 'withdrawn', url }, { status: 'given' }] })
  })

  it('nothing of a batch moves when somebody acts: one leaf a day of the clock, whoever chose', async () => {
    const leavesOn = async (act: () => Promise<unknown>) => {
      house.advance(microsPerDay)
      await act()
      const before = await house.world.books.leafCount()
      await sealIfDue(house.world)
      await act()
      await sealIfDue(house.world)
      const [leaf] = await house.world.books.leaves(before, 1)
      const { root, day, number, ...same } = JSON.parse(Buffer.from(leaf?.data ?? []).toString())
      return { leaves: (await house.world.books.leafCount()) - before, same, length: root.length }
    }
    const quiet = await leavesOn(async () => undefined)
    const loud = await leavesOn(async () => {
      await me('PUT', `/v1/me/choices/${purpose}`, { status: 'given', notice })
      await other('POST', '/v1/me/choices/stop-all', {})
    })
    expect(loud).toEqual(quiet)
    expect(quiet).toEqual({ leaves: 1n, same: { kind: 'consent-batch', capacity: '4096' }, length: 64 })
  })

  it('a batch is sealed when a period opens or closes, once a day at most', async () => {
    const newest = async () => (await house.world.books.newestConsentBatch())?.number
    expect(await newest()).toBe(1)
    await closePeriod(house.world)
    expect(await newest()).toBe(1)
    house.advance(microsPerDay)
    await openPeriod({}, house.world)
    expect(await newest()).toBe(2)
    expect(await house.world.books.leafCount()).toBe((await house.world.books.newestCheckpoint())?.size)
  })
})
