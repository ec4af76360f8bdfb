import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonical } from '../../src/base/canonical.ts'
import { expectAccepted, positionAt } from '../../src/base/refusal.ts'
import { explainLines } from '../../src/cli/words.ts'
import { withoutExplain } from '../../src/query/explain.ts'
import { type Explained, explain } from '../../src/release/explain.ts'
import { quote } from '../../src/release/quote.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { loadRows, makeSmallWorld, purpose } from '../suite/small-world.ts'

let house: TestHouse
let people: readonly string[]
beforeAll(async () => {
  house = await openTestHouse()
  people = (await makeSmallWorld(house, 30)).people
})
afterAll(() => house.close())

const asked = (sql: string) => ({ buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined })
const explained = async (sql: string): Promise<Explained> => expectAccepted(await explain(asked(sql), house.world))
const joined = 'FROM visits JOIN people USING (person)'
const sql = `SELECT area, COUNT(DISTINCT person) AS people, SUM(spent) AS spent, AVG(spent) AS mean ${joined} GROUP BY area`

describe('EXPLAIN PRIVACY', () => {
  it.each([
    ['EXPLAIN PRIVACY SELECT 1', '                SELECT 1'],
    ['explain\n privacy\tSELECT 1', '       \n        \tSELECT 1'],
    ['-- how?\nEXPLAIN /* a /* b */ */ (PRIVACY) SELECT 1', '-- how?\n        /* a /* b */ */           SELECT 1'],
  ])('is taken off before %j, and every place stays', (text, left) => {
    expect(withoutExplain(text)).toEqual({ explain: true, sql: left })
    expect(left.length).toBe(text.length)
  })

  it.each([
    'SELECT 1',
    'EXPLAIN SELECT 1',
    'EXPLAIN PRIVACYSELECT 1',
    'EXPLAINPRIVACY SELECT 1',
    'EXPLAIN (PRIVACY, ANALYZE) SELECT 1',
    "SELECT 'EXPLAIN PRIVACY SELECT 1'",
    '-- EXPLAIN PRIVACY\nSELECT 1',
    'EXPLAIN',
    '',
  ])('is not there: %j', (text) => {
    expect(withoutExplain(text)).toEqual({ explain: false, sql: text })
  })

  it('refuses at the place in the text as asked', async () => {
    const text = 'EXPLAIN PRIVACY\nSELECT COUNT(*), spent FROM visits'
    const refused = await explain(asked(text), house.world)
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'query.not_aggregate', position: positionAt(text, text.indexOf('spent')) },
    })
    expect(await quote(asked('EXPLAIN SELECT COUNT(*) FROM visits'), house.world)).toMatchObject({
      refusal: { code: 'query.not_select', hint: expect.stringContaining('EXPLAIN PRIVACY') },
    })
  })

  it('costs nothing and keeps nothing, and says what a quote says', async () => {
    const before = [await house.world.books.sequence(), await house.world.books.balances()]
    const said = await explained(`EXPLAIN PRIVACY ${sql}`)
    expect([await house.world.books.sequence(), await house.world.books.balances()]).toEqual(before)
    const { quote: _, ...quoted } = expectAccepted(await quote(asked(`EXPLAIN PRIVACY ${sql}`), house.world)).shown
    expect(said).toMatchObject(quoted)
  })

  it('has the same bytes on the full data, on emptied and on replaced rows', async () => {
    const other = await openTestHouse()
    try {
      await makeSmallWorld(other, 30)
      const bytes = async () =>
        canonical([
          expectAccepted(await explain(asked(sql), other.world)),
          expectAccepted(await quote(asked(sql), other.world)).shown,
        ])
      const full = await bytes()
      await loadRows(other, people.slice(0, 1), 'emptied')
      expect(await bytes()).toBe(full)
      await loadRows(
        other,
        Array.from({ length: 70 }, (_, index) => `new${index}`),
        'replaced',
      )
      expect(await bytes()).toBe(full)
    } finally {
      await other.close()
    }
  })

  it('says path, split, sigma and what each output is made of', async () => {
    const { plan, channels, outputs, groups, time } = await explained(sql)
    expect(plan).toMatchObject({ path: 'records', words: expect.stringContaining('whole record') })
    expect(groups).toMatchObject({ count: 3, rule: expect.stringContaining('every declared group') })
    expect(channels.map((one) => [one.part, one.outputs.join(), one.rho, one.share, one.sigma])).toEqual([
      // rho 0.000125 each. People: √(1/(2·0.000125)) = 63.25; spent: 200.00 times that; an average: 10 rows, each at most 50.00 from the middle.
      ['persons', 'people', '0.000125', '25.00', '63.25'],
      ['sum', 'spent', '0.000125', '25.00', '12649.1107'],
      ['count', 'mean', '0.000125', '25.00', '632.46'],
      ['centred', 'mean', '0.000125', '25.00', '31622.7767'],
    ])
    expect(outputs.map(({ name, noise }) => [name, noise?.channels, noise?.rho, noise?.sigma])).toEqual([
      ['area', undefined, undefined, undefined],
      ['people', [0], '0.000125', '63.25'],
      ['spent', [1], '0.000125', '12649.1107'],
      ['mean', [2, 3], '0.00025', undefined],
    ])
    expect(time).toMatchObject({ every: '0', deadline: '60' })
  })
})

describe('what would be more precise', () => {
  const of = async (text: string, kind: string) =>
    (await explained(text)).suggestions.filter((one) => one.kind === kind)

  it('an output alone, with the numbers that such a question is quoted', async () => {
    const [people] = await of(sql, 'alone')
    const alone = await explained(`SELECT area, COUNT(DISTINCT person) AS people ${joined} GROUP BY area`)
    // Four numbers share rho: √4.
    expect(people).toMatchObject({ subject: 'people', outputs: [{ output: 'people', times: '2' }] })
    expect(people?.outputs[0]?.after).toBe(alone.accuracy[0]?.halfWidth95)
    expect(people?.outputs[0]?.before).toBe((await explained(sql)).accuracy[0]?.halfWidth95)
  })

  it('a clamp, whose text is a question with half the noise', async () => {
    const text = `SELECT SUM( spent ) AS spent FROM visits`
    const [clamp] = await of(text, 'clamp')
    expect(clamp).toMatchObject({ at: '10.00', sql: 'SELECT SUM(LEAST( spent , 10.00)) AS spent FROM visits' })
    // 10 rows of at most 10.00 instead of 200.00.
    expect(clamp?.outputs[0]?.times).toBe('2')
    const [now] = (await explained(clamp?.sql ?? '')).accuracy
    expect(now?.halfWidth95).toBe(clamp?.outputs[0]?.after)
    expect(Number(now?.halfWidth95)).toBeLessThan(Number((await explained(text)).accuracy[0]?.halfWidth95))
  })

  it('a key that puts a person into several groups, left out: the noise falls by the root of their number', async () => {
    const text = `SELECT area, FLOOR(spent / 20) AS band, COUNT(DISTINCT person) AS people ${joined} GROUP BY 1, 2 ORDER BY 3`
    const found = await of(text, 'without-group')
    expect(found[0]).toMatchObject({ subject: 'band', groups: { before: 21, after: 3 } })
    const { channels } = await explained(text)
    const [channel] = channels
    const ratio = Math.sqrt(Number(channel?.sensitivitySquared))
    expect(ratio).toBeGreaterThan(1)
    expect(Number(found[0]?.outputs[0]?.times)).toBeCloseTo(ratio, 1)
    // The other key is the person's own: leaving it out helps nobody but the crowded.
    expect(found.find(({ subject }) => subject === 'area')).toMatchObject({ outputs: [], groups: { after: 7 } })
  })

  it('the sum of an average, and what is free beside a median and a spread', async () => {
    const [sum] = await of('SELECT AVG(spent) AS mean FROM visits', 'sum-instead')
    const alone = await explained('SELECT SUM(spent) AS mean FROM visits')
    expect(sum?.outputs).toEqual([{ output: 'mean', after: alone.accuracy[0]?.halfWidth95 }])
    expect(await of('SELECT MEDIAN(spent) AS m FROM visits', 'another-quantile')).toHaveLength(1)
    expect(await of('SELECT VAR_SAMP(spent) AS v FROM visits', 'average-too')).toHaveLength(1)
  })

  it('nothing where nothing was found', async () => {
    const said = await explained('SELECT COUNT(DISTINCT person) AS people FROM people')
    expect(said.suggestions).toEqual([])
    expect(explainLines(said).join('\n')).toContain('no change was found')
  })
})
