import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDay, parseInstant } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { moment, standingClock } from '../../src/demo/clock.ts'
import { ensurePeriod, serveDemo } from '../../src/demo/served.ts'
import { demoLogins, signIns } from '../../src/demo/sign-ins.ts'
import { buildYear, type YearBuilt, yearBegins, yearEnds } from '../../src/demo/year/build.ts'
import { questionsOfTheYear } from '../../src/demo/year/questions.ts'
import { funnelView } from '../../src/house/views/consent.ts'
import type { ReleaseEntry } from '../../src/release/ports.ts'
import { buildApp } from '../../src/server/app.ts'
import { verifyReceipt } from '../../src/verify/index.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'

const clock = standingClock(moment(yearBegins))
let house: TestHouse
let built: YearBuilt
/** Of the buyers, and with those of the house: the head counts. */
let releases: readonly ReleaseEntry[]
let all: readonly ReleaseEntry[]
const said: string[] = []

beforeAll(async () => {
  house = await openTestHouse({ clock })
  built = await buildYear(house, clock, {
    folder: join(house.folder, 'world'),
    members: 400,
    say: (line) => said.push(line),
  })
  all = await house.world.books.releases({ limit: 200 })
  releases = all.filter((one) => one.buyer !== 'house')
}, 120_000)
afterAll(() => house?.close())

const member = (at: number) => built.featured[at]?.id as string
const statementOf = async (person: string) =>
  expectAccepted(await house.world.books.statement(person, house.world.clock.now()))
const choicesOf = async (person: string) =>
  expectAccepted(await house.world.books.choices(person, house.world.clock.now()))

describe('a year that was lived', () => {
  it('ends with four books that agree', async () => {
    expect((await house.world.books.check()).failures).toEqual([])
  })

  it('holds about sixty answers of four buyers, each with its question in words, and one that burned', () => {
    const released = releases.filter((one) => one.state === 'released')
    expect(released).toHaveLength(built.tally.answers)
    expect(released.length).toBeGreaterThanOrEqual(58)
    expect(releases.filter((one) => one.state === 'burned')).toHaveLength(1)
    expect(new Set(releases.map((one) => one.buyer)).size).toBe(4)
    for (const one of releases)
      expect((one.plan as { sql: string }).sql).toMatch(
        /^-- (How|What) .*\?\n(SELECT|-- measure [a-z-]+ \{.*\}\nWITH) /,
      )
    expect(built.tally.again).toBe(1)
    const open = releases.filter(({ delta }) => delta > 0n)
    expect(open).toHaveLength(1)
    expect(open[0]?.answer).toMatchObject({ selection: { threshold: '126' } })
  })

  it('met every refusal that the plan names, and no other; the steward sees each once', async () => {
    const planned: Record<string, number> = {}
    for (const { refused } of questionsOfTheYear)
      if (refused !== undefined && refused !== 'release.failed') planned[refused] = (planned[refused] ?? 0) + 1
    expect(built.tally.refused).toEqual(planned)
    const kept = await house.world.books.refusalCounts(0, 30_000)
    for (const [code, times] of Object.entries(planned))
      expect(kept.filter((one) => one.code === code).reduce((sum, one) => sum + one.count, 0)).toBe(times)
    expect(Object.keys(planned)).toEqual(
      expect.arrayContaining([
        'market.funds_lacking',
        'buyer.not_approved',
        'privacy.budget_used_up',
        'consent.purpose_unknown',
        'law.forbidden',
        'query.function_not_allowed',
      ]),
    )
  })

  it('gives a receipt for each answer, and all of them verify', async () => {
    for (const one of releases.filter(({ state }) => state === 'released')) {
      const verdict = await verifyReceipt(one.receipt as string, house.logKey)
      expect(verdict.checks.filter((check) => !check.holds)).toEqual([])
      expect(verdict.valid).toBe(true)
    }
  }, 60_000)

  it('has months as periods, two contracts in force one after the other, three loads and two notices', async () => {
    const periods = await house.world.books.periods()
    expect(periods).toHaveLength(13)
    expect(periods.filter((one) => one.closedAt === undefined)).toHaveLength(1)
    expect(new Set(periods.map((one) => one.rate)).size).toBe(2)
    const loads = await house.world.books.loads('baskets')
    expect(loads.map((one) => one.contractVersion)).toEqual(['1.1.1', '1.1.0', '1.0.0'])
    expect((await house.world.books.notices()).map((one) => one.version)).toEqual(['1', '2', '2'])
  })

  it('pays what the charges say: the lines of a statement are the releases that the member was in', async () => {
    const byId = new Map(all.map((one) => [one.id, one]))
    for (const { id } of built.featured) {
      const statement = await statementOf(id)
      for (const line of statement.releases) {
        expect(line.earned).toBe(line.rate * line.nano)
        const { buyer, nano, rate, purpose } = line
        expect(byId.get(line.id)).toMatchObject({ buyer, nano, rate, purpose })
      }
      expect(statement.releases.reduce((sum, line) => sum + line.earned, 0n)).toBe(statement.earned)
      expect(statement.releases.reduce((sum, line) => sum + line.nano, 0n)).toBe(statement.spentNano)
    }
    expect((await statementOf(member(0))).releases.length).toBeGreaterThan(50)
  })

  it('leaves out whoever took the yes back, until the period after the next yes', async () => {
    const lines = (await statementOf(member(1))).releases.map((line) => line.at)
    const away = lines.filter((at) => at > moment('2026-03-12T14:03') && at < moment('2026-07-01T08:00'))
    expect(away).toEqual([])
    expect(lines.some((at) => at < moment('2026-03-12T14:03'))).toBe(true)
    expect(lines.some((at) => at > moment('2026-07-01T08:00'))).toBe(true)
  })

  it('leaves out whoever set lower limits, once these are used up', async () => {
    expect((await choicesOf(member(2))).limitClass).toBe('low')
    const spent = (person: number) => statementOf(member(person)).then((statement) => statement.spentNano)
    expect(await spent(2)).toBeLessThan((await spent(0)) / 2n)
  })

  it('has members who refused, withdrew, joined again and let a yes run out', async () => {
    const seen = new Set<string>()
    for (let number = 1; number <= 400; number++) {
      const choices = await house.world.books.choices(`M${String(number).padStart(5, '0')}`, house.world.clock.now())
      if (!choices.ok) continue
      const acts = choices.value.events.filter((event) => event.purpose === 'product-statistics')
      for (const event of acts) {
        seen.add(event.status)
        expect(JSON.stringify(event.evidence)).toContain('generated')
      }
      if (/withdrawn,given/.test(acts.map((event) => event.status).join())) seen.add('joined again')
      for (const one of choices.value.standing) if (one.status === 'expired') seen.add('expired')
    }
    expect(seen).toEqual(new Set(['given', 'refused', 'withdrawn', 'joined again', 'expired']))
  })

  it('counted the cards that the answers came from: never more details than cards, never more answers than cards for each purpose', async () => {
    const { notices } = await funnelView(
      house.world,
      parseDay('2025-02-10') as number,
      parseDay('2026-12-01') as number,
    )
    expect(
      notices
        .map(({ notice }) => notice?.version)
        .filter((version) => version !== undefined)
        .sort(),
    ).toEqual(['1', '2'])
    for (const row of notices.filter((one) => one.notice !== undefined)) {
      expect(row.shown).toBeGreaterThan(row.details)
      expect(row.details).toBeGreaterThan(0)
      expect(row.yes + row.no).toBeLessThanOrEqual(row.shown * row.purposes.length)
      expect(row.withdrawnWithin7Days).toBeLessThanOrEqual(row.withdrawn)
    }
  })

  it('writes the same world from the same seed', async () => {
    const other = standingClock(moment(yearBegins))
    const again = await openTestHouse({ clock: other })
    try {
      const stop = () => other.now() > moment('2025-12-01T08:30')
      const request = { folder: join(again.folder, 'world'), members: 400, say: () => {}, stopped: stop }
      await expect(buildYear(again, other, request)).rejects.toMatchObject({ code: 'demo.stopped' })
      for (const name of ['load-2025-12-01', 'load-2026-06-01', 'load-2026-12-01'])
        for (const file of ['members.csv', 'basket_lines.csv'])
          expect(await readFile(join(again.folder, 'world', name, file), 'utf8')).toBe(
            await readFile(join(house.folder, 'world', name, file), 'utf8'),
          )
      const [first] = await again.world.books.loads('baskets')
      expect((await house.world.books.loads('baskets')).at(-1)?.sourceHash).toBe(first?.sourceHash)
    } finally {
      await again.close()
    }
  }, 30_000)
})

/** These move the clock on, in this order. */
describe('the served demo', () => {
  let kept = 0
  const demo = () =>
    serveDemo(house, clock, built, async () => {
      kept++
    })

  it('begins on the morning after the year and says when the next period begins', async () => {
    const facts = await demo().facts()
    expect(facts.now.slice(0, 16)).toBe(yearEnds)
    expect(facts.nextPeriodAt.slice(0, 16)).toBe('2027-01-01T08:00')
    expect(facts.madeUp).toContain('Nobody in this world exists')
    expect(facts.logins).toBe(demoLogins)
  })

  it('joins whoever waits when the clock is moved to the next period, and writes the clock down', async () => {
    const waiting = async () =>
      (await choicesOf(member(3))).standing.find((one) => one.purpose === 'product-statistics')
    expect(await waiting()).toMatchObject({ status: 'given', inForce: false, note: 'joins_next_period' })
    const facts = await demo().nextPeriod()
    expect(await waiting()).toMatchObject({ status: 'given', inForce: true })
    expect(parseInstant(facts.now)).toBeGreaterThanOrEqual(moment('2027-01-01T08:00'))
    expect(facts.nextPeriodAt.slice(0, 10)).toBe('2027-02-01')
    expect(kept).toBe(2)
    expect((await house.world.books.check()).failures).toEqual([])
  })

  it('goes on with a new period when the last one has run out meanwhile', async () => {
    clock.moveTo(moment('2027-05-20T10:00'))
    expect(await house.world.books.openPeriod(clock.now())).toBeUndefined()
    await ensurePeriod(house, clock)
    expect((await demo().facts()).nextPeriodAt.slice(0, 10)).toBe('2027-06-01')
  })

  it('makes logins that sign in, and links of which a used one is made anew', async () => {
    const keys = await signIns(house, built.featured)
    expect(Object.keys(keys)).toHaveLength(9)
    const served = demo()
    const app = await buildApp(house, { web: 'none', demo: served })
    try {
      const json = { 'content-type': 'application/json', host: 'localhost', 'sec-fetch-site': 'same-origin' }
      const { login, password } = demoLogins[0] as (typeof demoLogins)[number]
      const signedIn = await app.inject({
        method: 'POST',
        url: '/v1/session',
        headers: json,
        payload: { login, password },
      })
      expect(signedIn.statusCode).toBe(201)
      const link = async () => (await served.facts()).members[0]?.link as string
      const first = await link()
      expect(await link()).toBe(first)
      const token = first.split('#')[1]
      const used = await app.inject({ method: 'POST', url: '/v1/session/link', headers: json, payload: { token } })
      expect(used.statusCode).toBe(201)
      expect(await link()).not.toBe(first)
    } finally {
      await app.close()
    }
  })

  it('is told and moved on this machine alone, and is nowhere but in a demo', async () => {
    const app = await buildApp(house, { web: 'none', demo: demo() })
    const plain = await buildApp(house, { web: 'none' })
    try {
      const get = (headers: Record<string, string>, more = {}) =>
        app.inject({ method: 'GET', url: '/v1/demo', headers, ...more }).then((reply) => reply.statusCode)
      expect(await get({ host: 'localhost:8080' })).toBe(200)
      expect(await get({ host: '[::1]:8080' })).toBe(200)
      expect(await get({ host: 'rebound.example' })).toBe(403)
      expect(await get({ host: 'localhost:8080' }, { remoteAddress: '192.0.2.7' })).toBe(403)
      const press = (headers: Record<string, string>) =>
        app.inject({ method: 'POST', url: '/v1/demo/next-period', headers: { host: 'localhost', ...headers } })
      const before = clock.now()
      expect((await press({ origin: 'https://other.example' })).json()).toMatchObject({ code: 'access.cross_site' })
      expect((await press({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
      expect(clock.now() - before).toBeLessThan(1000n)
      expect((await press({})).json()).toMatchObject({ nextPeriodAt: expect.stringMatching(/^2027-07-01/) })
      for (const url of ['/v1/demo', '/v1/demo/next-period'])
        expect((await plain.inject({ method: 'POST', url, headers: { host: 'localhost' } })).statusCode).toBe(404)
      expect((await plain.inject({ url: '/v1/demo', headers: { host: 'localhost' } })).statusCode).toBe(404)
    } finally {
      await app.close()
      await plain.close()
    }
  })
})
