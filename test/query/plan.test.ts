import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { type Plan, planOf, planWords } from '../../src/query/plan.ts'
import type { PrintedSql } from '../../src/query/print/duckdb.ts'
import { printPlanned } from '../../src/query/print/planned.ts'
import type { Expression, Query } from '../../src/query/query.ts'
import { catalogue } from './catalogue.ts'
import { asMap, type Data, Engine } from './engine.ts'
import { heavy } from './heavy.ts'
import { grainedQuestions, loaded, shortQuestions } from './loaded.ts'
import { naive } from './naive.ts'
import { questions } from './random.ts'
import { breaches } from './sensitivity.ts'

const salt = '0123456789abcdef0123456789abcdef'
const runs = process.env.USUFRUCT_LONG ? 2_000 : 150
let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(catalogue)
})

async function planned(sql: string, stored = true): Promise<{ query: Query; plan: Plan; printed: PrintedSql }> {
  const query = expectAccepted(await parseQuery(sql, catalogue))
  const plan = planOf(query, catalogue, stored)
  return { query, plan, printed: printPlanned(query, catalogue, plan, { purposeBit: 0, stored }) }
}

async function fill(data: Data): Promise<void> {
  await engine.fill(data)
  await engine.record()
}

describe('all paths', () => {
  it('give the integers of the rules written out a second time, and so does the statement that the engine may take instead', async () => {
    const seen: Record<string, number> = {}
    await fc.assert(
      fc.asyncProperty(fc.oneof(questions, shortQuestions), loaded, async (sql, data) => {
        const { query, plan, printed } = await planned(sql)
        const certified = plan.path === 'flat' && plan.certificate.measures.length > 0 ? 'certified' : plan.path
        const name = plan.path === 'flat' && plan.grain ? 'grain' : certified
        seen[name] = (seen[name] ?? 0) + 1
        await fill(data)
        const expected = asMap(naive(query, catalogue, data, 0, salt))
        expect(asMap(await engine.run(printed, salt))).toEqual(expected)
        if (printed.otherwise)
          expect(asMap(await engine.run({ ...printed, text: printed.otherwise.text }, salt))).toEqual(expected)
      }),
      { numRuns: runs * 2 },
    )
    for (const name of ['records', 'certified', 'flat', 'grain', 'two-level'])
      expect(seen[name] ?? 0).toBeGreaterThan(runs / 40)
  }, 1_800_000)
})

describe('a certificate left out is noticed', () => {
  for (const [what, sql] of [
    ['rows', 'SELECT channel, COUNT(*) FROM basket_lines GROUP BY channel'],
    ['a sum', 'SELECT channel, SUM(spend) FROM basket_lines GROUP BY channel'],
    ['a sum in one group', 'SELECT SUM(spend) FROM basket_lines WHERE promo'],
    ['an average', "SELECT AVG(spend) FROM basket_lines WHERE channel = 'shop'"],
    ['people in groups', 'SELECT shop, COUNT(DISTINCT member_id) FROM visits GROUP BY shop'],
    ['squares by key', 'SELECT shop, SUM(minutes) FROM visits GROUP BY shop'],
  ] as const)
    it(what, async () => {
      const { query, plan, printed } = await planned(sql)
      expect(plan.path).toBe('flat')
      const blind = printed.text.replace(
        /_heavy AS \(SELECT _person FROM ("[^"]+") WHERE .*\),\n_flat/,
        '_heavy AS (SELECT _person FROM $1 WHERE FALSE),\n_flat',
      )
      expect(blind).not.toBe(printed.text)
      await fill(heavy)
      expect(await breaches(engine, query, printed, heavy)).toEqual([])
      expect(await breaches(engine, query, { ...printed, text: blind }, heavy)).not.toEqual([])
    })
})

describe('the planner', () => {
  const pathOf = async (sql: string, stored = true) => (await planned(sql, stored)).plan.path

  it('reads stored records where keys and conditions are the person’s own', async () => {
    expect(
      await pathOf('SELECT region, SUM(spend) FROM basket_lines JOIN members USING (member_id) GROUP BY region'),
    ).toBe('records')
    expect(await pathOf('SELECT AVG(minutes), COUNT(*) FROM visits')).toBe('records')
    expect(await pathOf('SELECT SUM(spend) FROM basket_lines WHERE promo')).toBe('flat')
    expect(await pathOf('SELECT SUM(spend * quantity) FROM basket_lines')).toBe('flat')
    // A person without a visit has one joined row.
    expect(await pathOf('SELECT COUNT(*) FROM members m LEFT JOIN visits v USING (member_id)')).toBe('flat')
  })

  it('reads stored sums by one column where keys and conditions read that column and the person’s own', async () => {
    const grainsOf = async (sql: string, stored = true) => {
      const { plan } = await planned(sql, stored)
      return plan.path === 'flat' && plan.grain ? plan.grain.place : plan.path
    }
    for (const sql of grainedQuestions) expect(typeof (await grainsOf(sql)), sql).toBe('number')
    const { plan } = await planned(grainedQuestions[0])
    expect(planWords(plan)).toMatch(/^one pass over each person's stored sums by visits\.shop, no row is read; person/)
    for (const sql of [
      // Another column, an expression of a number, two columns, one that nothing is stored by, a missing row, a file without stored sums.
      'SELECT channel, SUM(spend) FROM basket_lines WHERE promo GROUP BY channel',
      'SELECT shop, SUM(minutes + 1) FROM visits GROUP BY shop',
      'SELECT shop, COUNT(*) FROM visits WHERE minutes > 3 GROUP BY shop',
      'SELECT COUNT(*) FROM visits WHERE minutes > 3',
      'SELECT shop, COUNT(*) FROM members m LEFT JOIN visits v USING (member_id) GROUP BY shop',
    ])
      expect(await grainsOf(sql), sql).toBe('flat')
    expect(await grainsOf(grainedQuestions[0], false)).toBe('two-level')
  })

  it('takes a product for its first factor times the most that the other can be', async () => {
    const { plan } = await planned('SELECT SUM(spend * quantity) FROM basket_lines')
    // The bound is 6 rows of at most 200.00 times the largest quantity: nobody passes it whose own amounts add up to 6 times 200.00.
    expect(plan.path === 'flat' && plan.certificate.measures).toEqual([
      [
        { product: ['a2'], atMost: 120_000n },
        { product: ['rows'], atMost: 6n },
      ],
    ])
  })

  it('needs no record where no bound can act', async () => {
    expect(
      await pathOf(
        'SELECT region, COUNT(DISTINCT b.member_id) FROM basket_lines b JOIN members m USING (member_id) WHERE promo GROUP BY region',
        false,
      ),
    ).toBe('flat')
    expect(await pathOf('SELECT region, COUNT(*), AVG(birth_year) FROM members GROUP BY region', false)).toBe('flat')
    expect(await pathOf('SELECT channel, COUNT(DISTINCT member_id) FROM basket_lines GROUP BY channel', false)).toBe(
      'flat',
    )
  })

  it('takes everybody the long way when the file holds no records of this contract', async () => {
    const { plan } = await planned('SELECT SUM(spend) FROM basket_lines', false)
    expect(plan).toEqual({ path: 'two-level', because: 'the data file holds no whole records of this contract' })
    expect(planWords(plan)).toBe('person by person: the data file holds no whole records of this contract')
  })

  it('proves nothing about rows that are multiplied, nor about anything that it does not know', async () => {
    expect(await pathOf('SELECT COUNT(*) FROM basket_lines b JOIN visits v USING (member_id)')).toBe('two-level')
    const { query } = await planned('SELECT SUM(spend) FROM basket_lines WHERE promo')
    const [measure] = query.measures
    const [table] = query.source.tables
    const strange: readonly object[] = [
      { ...query, union: [] },
      { ...query, source: { ...query.source, window: 1 } },
      { ...query, source: { tables: [{ ...table, lateral: true }] } },
      { ...query, measures: [{ ...measure, distinct: true }] },
      { ...query, measures: [{ kind: 'median' }] },
      { ...query, where: { kind: 'call', name: 'row_number', args: [], type: 'integer', scale: 0 } },
      { ...query, where: { kind: 'subquery', type: 'boolean', scale: 0 } },
    ]
    for (const one of strange) expect(planOf(one as Query, catalogue, true).path).toBe('two-level')
    const joined = (await planned('SELECT SUM(spend) FROM basket_lines b JOIN products p USING (product_id)')).query
    expect(planOf(joined, catalogue, true).path).toBe('flat')
    const [first, second] = joined.source.tables
    const extra = { ...second, join: { ...second?.join, type: 'semi' } }
    expect(planOf({ ...joined, source: { tables: [first, extra] } } as Query, catalogue, true).path).toBe('two-level')
    const on = second?.join?.on as { readonly args: readonly Expression[] }
    const byBrand = on.args.map((arg) =>
      arg.kind === 'column' && arg.table === 'products' ? { ...arg, column: 'brand' } : arg,
    )
    const onAnother = { ...second, join: { type: 'inner', on: { ...on, args: byBrand } } }
    expect(planOf({ ...joined, source: { tables: [first, onAnother] } } as Query, catalogue, true).path).toBe(
      'two-level',
    )
    const unmasked = { ...joined, source: { tables: [{ ...first, private: false }, second] } }
    expect(planOf(unmasked as Query, catalogue, true).path).toBe('two-level')
    expect(planOf({ ...joined, derived: [] }, catalogue, true).path).toBe('two-level')
    const loose = {
      ...second,
      join: { type: 'inner', on: { kind: 'literal', value: 'true', type: 'boolean', scale: 0 } },
    }
    expect(planOf({ ...joined, source: { tables: [first, loose] } } as Query, catalogue, true).path).toBe('two-level')
  })

  const long = [
    'SELECT SUM(spend) FROM (SELECT member_id, spend FROM basket_lines) AS basket_lines',
    'WITH basket_lines AS (SELECT member_id, spend FROM basket_lines) SELECT SUM(spend) FROM basket_lines',
    'SELECT COUNT(*) FROM (SELECT member_id, spend FROM basket_lines UNION ALL SELECT member_id, spend FROM basket_lines) u',
    'SELECT COUNT(*) FROM visits WHERE member_id IN (SELECT member_id FROM basket_lines WHERE promo)',
    'SELECT COUNT(*) FROM visits v WHERE EXISTS (SELECT 1 FROM basket_lines b WHERE b.member_id = v.member_id)',
    'SELECT COUNT(*) FROM visits WHERE EXISTS (SELECT 1 FROM members m WHERE m.member_id = visits.member_id AND newsletter)',
    'SELECT SUM(spend) FROM basket_lines b LEFT JOIN members m ON b.member_id = m.member_id AND newsletter',
    'SELECT SUM(spend) FROM basket_lines b JOIN products p ON b.product_id = p.product_id AND promo',
    'SELECT COUNT(*) FROM basket_lines b, visits v WHERE b.member_id = v.member_id',
    'SELECT COUNT(DISTINCT channel) FROM basket_lines',
    'SELECT VARIANCE(minutes) FROM visits',
    'SELECT AVG(minutes), STDDEV_POP(minutes), COUNT(*) FROM visits',
    'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY spend) FROM basket_lines',
    'SELECT SUM(CAST(spend AS INTEGER)) FROM basket_lines',
    'SELECT FLOOR(minutes / 60), COUNT(*) FROM visits GROUP BY 1',
    "SELECT COUNT(*) FROM visits WHERE TRIM(shop) = 'a'",
  ]
  for (const sql of long)
    it(`takes the long way: ${sql}`, async () => {
      expect(await pathOf(sql)).toBe('two-level')
    })

  it('takes tables listed with commas for the joins that they are', async () => {
    const listed = await planned(
      'SELECT region, SUM(spend) FROM basket_lines b, members m WHERE b.member_id = m.member_id GROUP BY region',
    )
    const joined = await planned(
      'SELECT region, SUM(spend) FROM basket_lines b JOIN members m ON b.member_id = m.member_id GROUP BY region',
    )
    expect(listed.plan.path).toBe('records')
    expect(listed.printed.text).toBe(joined.printed.text)
  })
})
