import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sigma2Of } from '../../src/privacy/budget.ts'
import { halfWidth } from '../../src/privacy/interval.ts'
import { tiers } from '../../src/release/tiers.ts'
import { contract, loadRows, purpose, sql } from '../suite/small-world.ts'
import { parseCsv } from './csv.ts'
import { type Door, openDoor } from './door.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor(30)
})
afterAll(() => door.close())

const question = { product: 'visits', purpose, sql }

describe('a preview', () => {
  it('says what the quote would say, and keeps nothing', async () => {
    const { books } = door.house.world
    const before = await books.sequence()
    const previewed = await door.ask('alpha', 'POST', '/v1/quotes/preview', question)
    expect(previewed.status).toBe(200)
    expect(await books.sequence()).toBe(before)
    const { words, alternatives, expected, left, ...described } = previewed.json.quote
    const { quote, suggestions, ...quoted } = (await door.ask('alpha', 'POST', '/v1/quotes', question)).json
    expect(suggestions.length).toBeGreaterThan(0)
    expect(described).toEqual(quoted)
    expect(quote).toMatch(/^quo_/)
    expect(words.line).toContain(`${quoted.price} EUR`)
    expect(words.line).toContain('3 groups, all shown')
    expect(Number(left.questions)).toBeGreaterThan(50)
    expect(expected.map((one: { output: string }) => one.output)).toEqual(['people', 'spent'])
    expect(alternatives.map((one: { people: number }) => one.people)).toEqual([62, 20, 14])
  })

  it('offers other tiers at the price that a quote of them has; one over the cap says so', async () => {
    const { alternatives } = (await door.ask('alpha', 'POST', '/v1/quotes/preview', question)).json.quote
    for (const tier of alternatives) {
      const asked = await door.ask('alpha', 'POST', '/v1/quotes', { ...question, rho: tier.rho })
      if (tier.unavailable) expect(asked.json.code).toBe(tier.unavailable)
      else expect(asked.json).toMatchObject({ price: tier.price, accuracy: tier.accuracy })
    }
    expect(alternatives.map((one: { is: string }) => one.is)).toEqual(['the same', 'more precise', 'more precise'])
    expect(alternatives[2].unavailable).toBe('privacy.rho_over_release_cap')
  })

  it('warns of groups that will be mostly noise, from public facts alone: the same on other data', async () => {
    const of = async () => (await door.ask('alpha', 'POST', '/v1/quotes/preview', question)).json
    const before = await of()
    expect(before.quote.expected[0].warning).toMatch(/^Spread evenly over 3 groups/)
    // A person lives in one area and spends at most 200.00: N^ thirds of both.
    const bound = Number(before.quote.people.upperBound)
    const [people, spent] = before.quote.expected
    expect(people.evenShare).toBe(`${Math.floor(bound / 3)}`)
    expect(spent.evenShare).toBe((Math.floor((bound * 20_000) / 3) / 100).toFixed(2))
    expect(people.atLeastPercent).toBe(`${Math.ceil((100 * Number(people.halfWidth95)) / Math.floor(bound / 3))}`)
    expect(people.halfWidth95).toBe(before.quote.accuracy[0].halfWidth95)
    await loadRows(door.house, ['p0000'], 'emptied')
    expect(await of()).toEqual(before)
  })

  it('gives the problem with its place while somebody types', async () => {
    const typed = await door.ask('alpha', 'POST', '/v1/quotes/preview', {
      ...question,
      sql: 'SELECT spend FROM visits',
    })
    expect(typed.status).toBe(200)
    expect(typed.json).toMatchObject({
      ok: false,
      problem: { code: 'query.unknown_column', status: 400, position: { offset: 7, line: 1, column: 8 } },
    })
    expect((await door.ask('alpha', 'POST', '/v1/quotes/preview', { sql })).status).toBe(400)
    expect((await door.ask('steward', 'POST', '/v1/quotes/preview', question)).status).toBe(403)
    expect((await door.ask('nobody', 'POST', '/v1/quotes/preview', question)).status).toBe(401)
  })

  it('the tiers are what they are called', () => {
    for (const { people, nano } of tiers) expect(halfWidth(sigma2Of(1n, nano), 95)).toBe(BigInt(people))
  })
})

describe('an account', () => {
  it('adds up what was bought, and counts the questions that public limits leave', async () => {
    const before = (await door.ask('alpha', 'GET', '/v1/account')).json
    expect(before).toMatchObject({ id: 'alpha', currency: 'EUR', purposes: [purpose], pending: '0.00' })
    expect(before.products[0]).toMatchObject({ product: 'visits', purposes: [purpose] })
    const left = BigInt(before.products[0].questionsLeft)
    const asked = await door.ask('beta', 'POST', '/v1/releases', question)
    expect(asked.status).toBe(201)
    const mine = await door.ask('alpha', 'POST', '/v1/releases', question)
    const price = mine.json.answer.paid
    const after = (await door.ask('alpha', 'GET', '/v1/account')).json
    const bought = { releases: before.spent.ever.releases + 1, price, rho: '0.0005' }
    expect(after.spent).toEqual({ period: bought, last365Days: bought, ever: bought })
    // Another buyer's question used the same public limit.
    expect(after.products[0].questionsLeft).toBe(`${left - 2n}`)
    expect(after.products[0].limits[0]).toMatchObject({
      of: 'product',
      days: 365,
      used: '0.001',
      roomReturnsOn: '2027-12-02',
    })
    expect(Number(after.prepaid)).toBeCloseTo(Number(before.prepaid) - Number(price), 6)
    expect((await door.ask('steward', 'GET', '/v1/account')).status).toBe(403)
  })

  it('makes, lists and revokes keys of its own, and sees no others', async () => {
    const made = (await door.ask('alpha', 'POST', '/v1/account/keys', { label: 'notebook' })).json
    expect(made.secret).toMatch(/^ubk_/)
    const listed = (await door.ask('alpha', 'GET', '/v1/account/keys')).json.keys
    expect(listed[0]).toMatchObject({ id: made.id, label: 'notebook', subject: 'alpha' })
    expect(JSON.stringify(listed)).not.toContain('secret')
    expect((await door.ask('beta', 'GET', '/v1/account/keys')).json.keys).toHaveLength(1)
    const others = await door.ask('beta', 'DELETE', `/v1/account/keys/${made.id}`)
    expect(others.json).toMatchObject({ status: 404, code: 'key.unknown' })
    const opens = async () =>
      (await door.app.inject({ url: '/v1/account', headers: { authorization: `Bearer ${made.secret}` } })).statusCode
    expect(await opens()).toBe(200)
    expect((await door.ask('alpha', 'DELETE', `/v1/account/keys/${made.id}`)).json.revokedAt).toMatch(/^2026/)
    expect(await opens()).toBe(401)
  })
})

describe('an answer taken elsewhere', () => {
  it('is a table with an interval and a word beside each value, and the intervals follow from the noise', async () => {
    const asked = await door.ask('alpha', 'POST', '/v1/releases', question)
    const { answer } = asked.json
    const at = `/v1/releases/${answer.release}`
    const csv = await door.ask('alpha', 'GET', `${at}/answer.csv`)
    expect(csv.headers['content-type']).toContain('text/csv')
    const [header, ...rows] = parseCsv(csv.text)
    expect(header).toEqual([
      'area',
      ...['people', 'spent'].flatMap((name) => [
        name,
        ...['low', 'high', 'word', 'rho', 'epsilon', 'delta', 'mechanism', 'sigma'].map((end) => `${name}_${end}`),
      ]),
    ])
    expect(rows).toEqual(
      answer.rows.map((row: readonly Record<string, string>[]) =>
        row.flatMap((cell, index) => {
          if (index === 0) return [cell.value]
          const { rho, epsilon, epsilonAtDelta, mechanism, sigma } = answer.columns[index].noise
          return [cell.value, cell.low, cell.high, cell.word, rho, epsilon, epsilonAtDelta, mechanism, sigma]
        }),
      ),
    )
    // Equal halves of 0.0005; people: one in one group, sigma² 10^9 / (2 · 250 000); at most 200.00 of one person.
    expect(answer.columns.map((column: { noise?: object }) => column.noise)).toEqual([
      undefined,
      ...[
        { channels: [0], sigma: '44.73' },
        { channels: [1], sigma: '8944.2720' },
      ].map((one) => ({
        ...one,
        mechanism: 'discrete Gaussian',
        nano: '250000',
        rho: '0.00025',
        delta: '0',
        epsilon: expect.stringMatching(/^0\.\d+$/),
        epsilonAtDelta: '0.000000001',
      })),
    ])
    const json = (await door.ask('alpha', 'GET', `${at}/answer.json`)).json
    expect(json.answer).toEqual(answer)
    const [, people, spent] = json.graded[0]
    for (const [graded, cell] of [
      [people, answer.rows[0][1]],
      [spent, answer.rows[0][2]],
    ]) {
      expect(graded.method).toBe('exact')
      expect(graded.intervals[2]).toEqual({ level: 95, low: cell.low, high: cell.high })
      const widths = graded.intervals.map((one: { low: string; high: string }) => Number(one.high) - Number(one.low))
      expect(widths[0]).toBeGreaterThan(0)
      expect(widths[0]).toBeLessThan(widths[1])
      expect(widths[1]).toBeLessThan(widths[2])
    }
    expect(json.graded[0][0]).toBeNull()
  })

  it('is for the buyer who asked and for the steward', async () => {
    const { release } = (await door.ask('alpha', 'POST', '/v1/releases', question)).json.answer
    for (const end of ['answer.csv', 'answer.json']) {
      expect((await door.ask('beta', 'GET', `/v1/releases/${release}/${end}`)).json.code).toBe('release.unknown')
      expect((await door.ask('steward', 'GET', `/v1/releases/${release}/${end}`)).status).toBe(200)
      expect((await door.ask('nobody', 'GET', `/v1/releases/${release}/${end}`)).status).toBe(401)
    }
  })
})

describe('a product page', () => {
  it('tells what is public: data, people as N^, prices, room, and questions that are answered', async () => {
    const { facts, ...described } = (await door.ask('nobody', 'GET', '/v1/products/visits')).json
    expect(described).toMatchObject({ product: 'visits', title: 'Visits' })
    expect(facts.loadedAt).toMatch(/^2026-12-01/)
    const [people] = facts.people.filter((one: { purpose: string }) => one.purpose === purpose)
    expect(people.upperBound).toMatch(/^\d+$/)
    expect(people.periods).toHaveLength(1)
    expect(people.tiers.map((one: { available: boolean }) => one.available)).toEqual([true, true, false])
    expect(facts.representative).toMatchObject({ compared: false })
    for (const one of facts.questions) {
      const quoted = await door.ask('alpha', 'POST', '/v1/quotes', { ...question, sql: one.sql })
      expect([one.sql, quoted.status]).toEqual([one.sql, 200])
    }
    const [listed] = (await door.ask('nobody', 'GET', '/v1/products')).json.products
    expect(listed.facts.people).toEqual(facts.people)
  })
})

describe('a public budget that is used up', () => {
  it('is said by quote, preview, account and page alike, with the day on which room returns; asked before stays free', async () => {
    const asked = await door.ask('alpha', 'POST', '/v1/releases', question)
    expect([200, 201]).toContain(asked.status)
    const tight = contract
      .replace('version: 1.0.0', 'version: 1.1.0')
      .replace('rho: 0.45, per: P365D, maxPerRelease: 0.005', 'rho: 0.001, per: P365D, maxPerRelease: 0.001')
    expect((await door.ask('steward', 'POST', '/v1/contracts', { text: tight })).status).toBe(200)
    const other = { ...question, sql: 'SELECT COUNT(DISTINCT person) AS people FROM people' }
    expect((await door.ask('alpha', 'POST', '/v1/quotes', other)).json.code).toBe('privacy.budget_used_up')
    const previewed = (await door.ask('alpha', 'POST', '/v1/quotes/preview', other)).json
    expect(previewed.problem).toMatchObject({ code: 'privacy.budget_used_up', hint: expect.any(String) })
    const [product] = (await door.ask('alpha', 'GET', '/v1/account')).json.products
    expect(product).toMatchObject({ questionsLeft: '0', fitsOn: '2027-12-02' })
    expect(product.words).toContain('2027-12-02')
    expect(product.limits[0]).toMatchObject({ left: '0', usedPercent: '100.0 %', bindsOn: '2026-12-01' })
    const again = (await door.ask('alpha', 'POST', '/v1/quotes/preview', question)).json.quote
    expect(again).toMatchObject({ askedBefore: true, price: '0.00' })
    expect(again.words.price).toMatch(/^free/)
    const reasons = again.alternatives.map((one: { price: string; unavailable?: string }) => one.unavailable)
    expect(reasons).toEqual([undefined, 'privacy.rho_over_release_cap', 'privacy.rho_over_release_cap'])
    expect(again.alternatives[0].price).toBe('0.00')
    const precise = (await door.ask('alpha', 'POST', '/v1/quotes/preview', { ...question, rho: '0.0004' })).json
    expect(precise.problem.code).toBe('privacy.budget_used_up')
  })
})
