import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { rational } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { noisePlan } from '../../src/privacy/budget.ts'
import { halfWidth, halfWidthOfSum } from '../../src/privacy/interval.ts'
import { cellAt, channelCount, evaluate } from '../../src/query/evaluate.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { planOf } from '../../src/query/plan.ts'
import { printDuckdb } from '../../src/query/print/duckdb.ts'
import { printPlanned } from '../../src/query/print/planned.ts'
import type { Measure, Query } from '../../src/query/query.ts'
import { catalogue } from './catalogue.ts'
import { asMap, type Cell, type Data, Engine } from './engine.ts'
import { worlds } from './random.ts'

const runs = process.env.USUFRUCT_LONG ? 1_000 : 60
let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(catalogue)
})

const parsed = async (sql: string): Promise<Query> => expectAccepted(await parseQuery(sql, catalogue))
type Cells = Extract<Measure, { kind: 'cells' }>
const cellsIn = async (sql: string): Promise<readonly string[] | undefined> => {
  const found = (await parsed(sql)).measures.find((measure): measure is Cells => measure.kind === 'cells')
  return found?.vectors.map((vector) => vector.toString(2).padStart(found.conditions.length, '0'))
}
const features =
  '(SELECT member_id, COUNT(*) AS n, SUM(spend) AS total, BOOL_OR(promo) AS promoted FROM basket_lines GROUP BY member_id) f'

describe('counts of people are pooled into disjoint cells', () => {
  it('a count and a count under a condition, a funnel, mutually exclusive conditions', async () => {
    expect(await cellsIn('SELECT COUNT(*), COUNT(*) FILTER (WHERE newsletter) FROM members')).toEqual(['01', '11'])
    expect(
      await cellsIn(
        `SELECT COUNT(*), COUNT(*) FILTER (WHERE n >= 2), SUM(CASE WHEN n >= 3 THEN 1 ELSE 0 END), COUNT(CASE WHEN n > 4 THEN 1 END) FROM ${features}`,
      ),
    ).toEqual(['0001', '0011', '0111', '1111'])
    expect(
      await cellsIn(
        "SELECT COUNT(*) FILTER (WHERE region = 'north'), COUNT(*) FILTER (WHERE region = 'south'), COUNT(*) FILTER (WHERE region IN ('east', 'west')) FROM members",
      ),
    ).toEqual(['001', '010', '100'])
    expect(
      await cellsIn(
        'SELECT COUNT(*) FILTER (WHERE birth_year < 1960), COUNT(*) FILTER (WHERE birth_year BETWEEN 1960 AND 1979), COUNT(*) FILTER (WHERE NOT birth_year < 1980), COUNT(*) FILTER (WHERE birth_year IS NULL) FROM members',
      ),
    ).toEqual(['0001', '0010', '0100', '1000'])
  })

  it('also where a person has several rows: what they meet together', async () => {
    expect(
      await cellsIn(
        'SELECT COUNT(DISTINCT member_id), COUNT(DISTINCT member_id) FILTER (WHERE promo) FROM basket_lines',
      ),
    ).toEqual(['01', '11'])
    // Somebody may have a row of each: all three together would make the first worse.
    expect(
      await cellsIn(
        "SELECT COUNT(DISTINCT member_id), COUNT(DISTINCT member_id) FILTER (WHERE channel = 'shop'), COUNT(DISTINCT member_id) FILTER (WHERE channel = 'online') FROM basket_lines",
      ),
    ).toEqual(['01', '11'])
    expect(
      await cellsIn(
        "SELECT COUNT(DISTINCT member_id) FILTER (WHERE quantity > 1 AND promo), COUNT(DISTINCT member_id) FILTER (WHERE promo), COUNT(DISTINCT member_id) FROM basket_lines WHERE channel = 'shop'",
      ),
    ).toEqual(['100', '110', '111'])
  })

  it('not where a count would get worse, none better, or people may be in several groups', async () => {
    for (const sql of [
      'SELECT COUNT(*) FROM members',
      'SELECT COUNT(*) FILTER (WHERE newsletter), COUNT(*) FILTER (WHERE birth_year > 1980) FROM members',
      'SELECT COUNT(*), SUM(birth_year) FROM members',
      'SELECT channel, COUNT(DISTINCT member_id), COUNT(DISTINCT member_id) FILTER (WHERE promo) FROM basket_lines GROUP BY channel',
      'SELECT COUNT(*), COUNT(*) FILTER (WHERE promo) FROM basket_lines',
    ])
      expect(await cellsIn(sql), sql).toBeUndefined()
    expect(
      await cellsIn(
        'SELECT region, COUNT(DISTINCT member_id), COUNT(DISTINCT member_id) FILTER (WHERE promo) FROM basket_lines JOIN members USING (member_id) GROUP BY region',
      ),
    ).toEqual(['01', '11'])
  })

  it('have sensitivity 1 and the shares of all their counts; nothing else is told less', async () => {
    const query = await parsed(
      `SELECT COUNT(*), COUNT(*) FILTER (WHERE n > 1), COUNT(*) FILTER (WHERE n > 2), AVG(total) FROM ${features}`,
    )
    const plan = expectAccepted(noisePlan(query.measures, 1_000_000n))
    expect(
      plan.channels.map(({ part, width, nano, sensitivitySquared }) => [part, width ?? 1, nano, sensitivitySquared]),
    ).toEqual([
      ['cells', 3, 600_000n, 1n],
      ['count', 1, 200_000n, 1n],
      ['centred', 1, 200_000n, plan.channels[2]?.sensitivitySquared],
    ])
  })

  it('the interval of a sum of cells is that of the sum of their noise', () => {
    expect(halfWidthOfSum(rational(100n), 1, 95)).toBe(halfWidth(rational(100n), 95))
    expect(halfWidthOfSum(rational(100n), 9, 95)).toBe(halfWidth(rational(900n), 95))
    // Small noise is convolved: two of variance parameter 1/4 are within 1 with probability 0.969, each alone with 0.9993.
    const alone = [-2, -1, 0, 1, 2].map((x) => Math.exp(-2 * x * x))
    const all = alone.reduce((sum, one) => sum + one, 0)
    const within = alone
      .flatMap((a, i) => alone.map((b, j) => (Math.abs(i + j - 4) <= 1 ? a * b : 0)))
      .reduce((s, one) => s + one, 0)
    expect(within / all ** 2).toBeGreaterThan(0.95)
    expect(halfWidthOfSum(rational(1n, 4n), 2, 95)).toBe(1n)
    expect(halfWidthOfSum(rational(1n, 4n), 30, 95)).toBeGreaterThanOrEqual(5n)
  })
})

const conditions = [
  'TRUE',
  'n >= 2',
  'n > 3',
  'n BETWEEN 2 AND 3',
  'n = 1',
  'total > 50',
  'total > 50.005',
  'NOT total > 50',
  'total IS NULL',
  'promoted',
  'NOT promoted',
  'promoted IS TRUE AND n >= 2',
  'promoted OR total <= 10.5',
  'n IN (1, 4)',
  '2 < n',
  'total IS DISTINCT FROM 3',
]
const rowConditions = [
  'TRUE',
  'promo',
  'promo AND quantity > 1',
  'quantity > 1',
  'quantity >= 2',
  "channel = 'shop'",
  "channel IN ('shop', 'online')",
  'spend IS NULL',
  "note LIKE 'a%' AND promo",
]

/** Questions whose counts stand in one question, and the same counts asked alone. */
const questions = fc.oneof(
  fc.record({
    asked: fc.subarray(conditions, { minLength: 2, maxLength: 6 }),
    form: fc.constantFrom(
      'COUNT(*) FILTER (WHERE ?)',
      'SUM(CASE WHEN ? THEN 1 ELSE 0 END)',
      'COUNT(CASE WHEN ? THEN member_id END)',
    ),
    from: fc.constantFrom(features, `${features} JOIN members USING (member_id)`),
    group: fc.constant(''),
  }),
  fc.record({
    asked: fc.subarray(rowConditions, { minLength: 2, maxLength: 5 }),
    form: fc.constantFrom(
      'COUNT(DISTINCT member_id) FILTER (WHERE ?)',
      'COUNT(DISTINCT CASE WHEN ? THEN member_id END)',
    ),
    from: fc.constant('basket_lines JOIN members USING (member_id)'),
    group: fc.constantFrom('', 'region', 'newsletter'),
  }),
)

async function exactly(sql: string): Promise<ReadonlyMap<string, readonly (string | null)[]>> {
  const query = await parsed(sql)
  const plan = planOf(query, catalogue, false)
  const cells = await engine.run(printPlanned(query, catalogue, plan, { purposeBit: 0, stored: false }))
  return shownOf(query, cells)
}

function shownOf(query: Query, cells: readonly Cell[]): ReadonlyMap<string, readonly (string | null)[]> {
  const known = asMap(cells)
  const count = query.groups.reduce((product, group) => product * (group.domain?.length ?? 1), 1)
  const channels = channelCount(query.measures)
  const keys = Array.from({ length: count }, (_, index) => JSON.stringify(cellAt(query.groups, index)))
  const rows = evaluate(query, {
    values: keys.map((key) => known.get(key) ?? Array.from({ length: channels }, () => 0n)),
    sigma2: Array.from({ length: channels }, () => rational(1n)),
    halfWidth: () => 1n,
  })
  return new Map(keys.map((key, index) => [key, rows[index]?.cells.map(({ value }) => value) ?? []]))
}

describe('a person is in one group', () => {
  const inOne = async (from: string, key: string) =>
    (await parsed(`SELECT ${key}, COUNT(*) FROM ${from} GROUP BY ${key}`)).groups[0]?.perPerson

  it('where all rows show the same attributes, also those of public tables that the attributes name', async () => {
    expect(await inOne('basket_lines b LEFT JOIN members m USING (member_id)', 'm.tier')).toBe(true)
    expect(await inOne(features, 'n')).toBe(true)
    const favourite = '(SELECT member_id, MIN(product_id) AS product_id FROM basket_lines GROUP BY member_id) f'
    expect(await inOne(`${favourite} JOIN products p USING (product_id)`, 'p.category')).toBe(true)
    expect(
      await inOne(`visits v JOIN ${favourite} USING (member_id) LEFT JOIN products p USING (product_id)`, 'p.category'),
    ).toBe(true)
  })

  it('and not where rows may differ in whether they have the attributes', async () => {
    const row = 'basket_lines b LEFT JOIN members m ON m.member_id = b.member_id AND b.promo'
    expect(await inOne(row, 'm.tier')).toBe(false)
    expect(await inOne(row.replace('LEFT', 'INNER'), 'm.tier')).toBe(true)
    const twice =
      'basket_lines b LEFT JOIN visits v ON v.member_id = b.member_id AND v.minutes > b.quantity LEFT JOIN members m ON m.member_id = v.member_id'
    expect(await inOne(twice, 'm.tier')).toBe(false)
    expect(await inOne('basket_lines b JOIN products p USING (product_id)', 'p.category')).toBe(false)
  })
})

describe('on random worlds', () => {
  it('sums of cells are the counts that would have been asked alone, and one person moves one cell by one', async () => {
    let pooled = 0
    await fc.assert(
      fc.asyncProperty(worlds, questions, async (data: Data, { asked, form, from, group }) => {
        await engine.fill(data)
        const grouping = group === '' ? '' : ` GROUP BY ${group}`
        const text = (conditions: readonly string[]) =>
          `SELECT ${conditions.map((condition) => form.replace('?', condition)).join(', ')} FROM ${from}${grouping}`
        const query = await parsed(text(asked))
        const place = query.measures.findIndex((measure) => measure.kind === 'cells')
        if (place < 0) return
        pooled++
        const together = await exactly(text(asked))
        for (const [index, condition] of asked.entries()) {
          const alone = await exactly(text([condition]))
          for (const [key, values] of together)
            expect(values[index], `${condition} in ${key}`).toBe(alone.get(key)?.[0])
        }
        const printed = printDuckdb(query, catalogue, { purposeBit: 0 })
        const first = channelCount(query.measures.slice(0, place))
        const width = (query.measures[place] as Cells).vectors.length
        const whole = asMap(await engine.run(printed))
        for (const person of (data.members ?? []).map((row) => row._person as bigint)) {
          const without = asMap(await engine.runWithout(person, printed))
          let moved = 0n
          for (const key of new Set([...whole.keys(), ...without.keys()]))
            for (let channel = first; channel < first + width; channel++)
              moved += ((whole.get(key)?.[channel] ?? 0n) - (without.get(key)?.[channel] ?? 0n)) ** 2n
          expect(moved <= 1n, `person ${person} moves the cells by √${moved}`).toBe(true)
        }
      }),
      { numRuns: runs },
    )
    expect(pooled).toBeGreaterThan(runs / 4)
  }, 300_000)
})
