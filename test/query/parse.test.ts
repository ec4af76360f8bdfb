import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectAccepted, type Refusal, refusals } from '../../src/base/refusal.ts'
import { parseQuery } from '../../src/query/parse.ts'
import type { Measure, Query } from '../../src/query/query.ts'
import { catalogue } from './catalogue.ts'

interface Case {
  readonly sql: string
  readonly expect: string
  readonly offset?: number
}
const corpus = readFileSync(new URL('./corpus.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case)

const parsed = async (sql: string): Promise<Query> => expectAccepted(await parseQuery(sql, catalogue))
const refusalOf = async (sql: string): Promise<Refusal> => {
  const outcome = await parseQuery(sql, catalogue)
  if (outcome.ok) throw new Error(`accepted: ${sql}`)
  return outcome.refusal
}
const measureOf = async (sql: string): Promise<Measure> => (await parsed(sql)).measures[0] as Measure

describe('the corpus of questions', () => {
  it('holds enough questions of both kinds', () => {
    expect(corpus.filter((item) => item.expect === 'accepted').length).toBeGreaterThanOrEqual(80)
    expect(corpus.filter((item) => item.expect !== 'accepted').length).toBeGreaterThanOrEqual(80)
  })

  for (const { sql, expect: code, offset } of corpus)
    it(`${code}: ${sql || '(no text)'}`, async () => {
      const outcome = await parseQuery(sql, catalogue)
      expect(outcome.ok ? 'accepted' : outcome.refusal.code).toBe(code)
      if (outcome.ok) return
      expect(outcome.refusal.hint, 'every refusal says what to write instead').toBeTruthy()
      expect(Object.keys(refusals)).toContain(outcome.refusal.code)
      if (offset !== undefined) expect(outcome.refusal.position?.offset).toBe(offset)
    })
})

describe('places in the text', () => {
  it('are UTF-16 offsets with line and column, after é, € and an emoji, for errors of the tree and of the grammar', async () => {
    const tree = await refusalOf("SELECT COUNT(*)\nFROM members WHERE region = 'é€😀' AND nothere = 1")
    expect(tree.position).toEqual({ offset: 55, line: 2, column: 40 })
    const grammar = await refusalOf("SELECT COUNT(*)\nFROM members WHERE region = 'é€😀' AND AND")
    expect(grammar.code).toBe('query.unreadable')
    expect(grammar.position).toEqual({ offset: 55, line: 2, column: 40 })
  })
})

describe('hostile text', () => {
  const hostile: readonly (readonly [string, string, string])[] = [
    ['fifty thousand parentheses', `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`, 'query.too_long'],
    ['thirty thousand parentheses', `SELECT ${'('.repeat(30_000)}1${')'.repeat(30_000)}`, 'query.too_deep'],
    ['a sum of 200,000 terms', `SELECT ${'1+'.repeat(200_000)}1`, 'query.too_long'],
    ['a sum of 30,000 terms', `SELECT ${'1+'.repeat(30_000)}1`, 'query.too_deep'],
    ['a sum of 1,900 terms', `SELECT SUM(${'1+'.repeat(1_900)}1) FROM members`, 'query.too_deep'],
    ['a megabyte of text', `SELECT '${'a'.repeat(1_000_000)}'`, 'query.too_long'],
    ['a quarter megabyte of three-byte signs', `SELECT '${'€'.repeat(30_000)}'`, 'query.too_long'],
    ['NOT three thousand times', `SELECT COUNT(*) FROM members WHERE ${'NOT '.repeat(3_000)}TRUE`, 'query.too_deep'],
    [
      'CASE in CASE, two hundred deep',
      `SELECT COUNT(*) FROM members WHERE ${'CASE WHEN TRUE THEN '.repeat(200)}TRUE${' END'.repeat(200)}`,
      'query.too_deep',
    ],
    ['columns named end between brackets', `SELECT ${'(a.end + '.repeat(1_300)}1`, 'query.too_deep'],
    ['brackets behind a dollar quote', `SELECT $$ ' $$, ${'('.repeat(20_000)}`, 'query.not_supported'],
    ['brackets behind an escape string', `SELECT E'\\'', ${'('.repeat(20_000)}`, 'query.not_supported'],
    [
      'a list of 1,500 members',
      `SELECT COUNT(*) FROM members WHERE birth_year IN (${Array.from({ length: 1_500 }, (_, i) => i).join(',')})`,
      'query.too_deep',
    ],
    [
      'divisions in divisions',
      `SELECT COUNT(*) FROM basket_lines WHERE ${'(1 / '.repeat(100)}quantity${')'.repeat(100)} > 1`,
      'query.not_supported',
    ],
    [
      'BETWEEN in CASE, nested',
      `SELECT COUNT(*) FROM basket_lines WHERE ${"DATE_TRUNC('year', ".repeat(60)}bought_on${')'.repeat(60)} > '2025-01-01'`,
      'query.too_deep',
    ],
    ['a NUL', 'SELECT COUNT(*) FROM members\0 WHERE', 'query.unreadable'],
    ['half of a surrogate pair', "SELECT COUNT(*) FROM members WHERE region = '\ud800'", 'query.unreadable'],
  ]
  for (const [what, sql, code] of hostile)
    it(`${what}: refused at once, and the next question is answered`, async () => {
      const began = process.hrtime.bigint()
      expect((await refusalOf(sql)).code).toBe(code)
      expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(1_000)
      expect((await parsed('SELECT COUNT(*) FROM members')).measures).toHaveLength(1)
    })

  it('any text at all is answered or refused, never an error', async () => {
    const words = [
      'SELECT',
      'FROM',
      'members',
      'basket_lines',
      'COUNT',
      '(',
      ')',
      '*',
      ',',
      "'",
      '"',
      'GROUP BY',
      'region',
      '1',
      '.',
      'CASE',
      'WHEN',
      'END',
      '--',
      '/*',
      '$',
      ';',
      '😀',
      'NOT',
      '=',
      'JOIN',
      'ON',
      'USING',
      'AS',
      'IN',
      'NULL',
      'OVER',
      'DISTINCT',
      'FILTER',
      'WHERE',
      'spend',
      '[',
      ']',
      '::',
      'INTERVAL',
      '\\',
      '\n',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((list) => list.join(' ')),
          fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((list) => `SELECT ${list.join(' ')} FROM members`),
        ),
        async (sql) => {
          const outcome = await parseQuery(sql, catalogue)
          if (!outcome.ok) expect(outcome.refusal.message).toBeTruthy()
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('a piece cut out of or put into an accepted question never passes as an error', async () => {
    const accepted = corpus.filter((item) => item.expect === 'accepted').map((item) => item.sql)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...accepted),
        fc.constantFrom(...accepted),
        fc.nat(200),
        fc.nat(200),
        async (a, b, i, j) => {
          await parseQuery(a.slice(0, i) + b.slice(j), catalogue)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('the same question in other words', () => {
  const same: readonly (readonly [string, string])[] = [
    [
      'SELECT COUNT(*) AS n FROM basket_lines b WHERE b.promo AND b.spend > 1',
      'select count ( * ) as N\nfrom BASKET_LINES as x where (1 < x.spend) and x.promo',
    ],
    [
      'SELECT COUNT(*) FROM members WHERE birth_year IN (3, 1, 2, 1)',
      'SELECT COUNT(*) FROM members WHERE birth_year IN (1, 2, 3)',
    ],
    ['SELECT COUNT(*) FROM members WHERE birth_year IN (1)', 'SELECT COUNT(*) FROM members WHERE 1 = birth_year'],
    [
      'SELECT COUNT(*) FROM basket_lines WHERE promo AND (quantity = 1 AND spend = 2)',
      'SELECT COUNT(*) FROM basket_lines WHERE (spend = 2.00 AND promo) AND quantity = 1 AND promo',
    ],
    ['SELECT SUM(spend * quantity) FROM basket_lines', 'SELECT SUM(quantity * spend) FROM basket_lines'],
    [
      'SELECT COUNT(*) FROM products JOIN basket_lines USING (product_id)',
      'SELECT COUNT(*) FROM basket_lines b JOIN products p ON p.product_id = b.product_id',
    ],
    [
      'SELECT region, COUNT(*) FROM members GROUP BY region HAVING COUNT(*) > 1',
      'SELECT region, COUNT(*) FROM members GROUP BY 1 HAVING 1 < COUNT(*)',
    ],
  ]
  for (const [a, b] of same)
    it(`${a} ≡ ${b.replaceAll('\n', ' ')}`, async () => {
      expect((await parsed(a)).canonical).toBe((await parsed(b)).canonical)
    })

  const other: readonly (readonly [string, string])[] = [
    ['SELECT COUNT(*) FROM basket_lines WHERE spend > 1', 'SELECT COUNT(*) FROM basket_lines WHERE spend >= 1'],
    [
      'SELECT COUNT(*) FROM basket_lines WHERE spend - quantity > 1',
      'SELECT COUNT(*) FROM basket_lines WHERE quantity - spend > 1',
    ],
    [
      'SELECT COUNT(*) FROM basket_lines WHERE promo OR spend > 1',
      'SELECT COUNT(*) FROM basket_lines WHERE promo AND spend > 1',
    ],
    [
      'SELECT COUNT(*) FROM basket_lines b JOIN members m USING (member_id)',
      'SELECT COUNT(*) FROM basket_lines b LEFT JOIN members m USING (member_id)',
    ],
    ['SELECT SUM(spend) FROM basket_lines', 'SELECT SUM(spend) FILTER (WHERE promo) FROM basket_lines'],
    ["SELECT COUNT(*) FROM basket_lines WHERE note = 'A'", "SELECT COUNT(*) FROM basket_lines WHERE note = 'a'"],
  ]
  for (const [a, b] of other)
    it(`${a} ≢ ${b}`, async () => {
      expect((await parsed(a)).canonical).not.toBe((await parsed(b)).canonical)
    })
})

describe('bounds on one person', () => {
  it('rows: the declared number; joins with public tables and persons do not multiply, joins of private tables do', async () => {
    expect(await measureOf('SELECT COUNT(*) FROM basket_lines')).toMatchObject({ kind: 'rows', maxRows: 6n })
    expect(
      await measureOf(
        'SELECT COUNT(*) FROM basket_lines JOIN members USING (member_id) JOIN products USING (product_id)',
      ),
    ).toMatchObject({ maxRows: 6n })
    expect(await measureOf('SELECT COUNT(*) FROM basket_lines JOIN visits USING (member_id)')).toMatchObject({
      maxRows: 18n,
    })
    expect(await measureOf('SELECT COUNT(*) FROM basket_lines a JOIN basket_lines b USING (member_id)')).toMatchObject({
      maxRows: 36n,
    })
  })

  it('persons: one group when keys belong to the person, else the declared number, never more than there are groups', async () => {
    const groups = async (sql: string): Promise<unknown> =>
      ((await measureOf(`SELECT COUNT(DISTINCT member_id) FROM ${sql}`)) as { maxGroups: bigint }).maxGroups
    expect(await groups('basket_lines')).toBe(1n)
    expect(await groups("members GROUP BY region, CASE WHEN birth_year < 1970 THEN 'a' ELSE 'b' END")).toBe(1n)
    expect(await groups('basket_lines JOIN members USING (member_id) GROUP BY region')).toBe(1n)
    expect(await groups('basket_lines GROUP BY channel')).toBe(2n)
    expect(await groups("basket_lines GROUP BY DATE_TRUNC('month', bought_on)")).toBe(4n)
    expect(await groups('visits GROUP BY shop')).toBe(2n)
    expect(
      await groups("basket_lines JOIN visits USING (member_id) GROUP BY shop, channel, DATE_TRUNC('month', bought_on)"),
    ).toBe(2n)
  })

  it('sums: the declared amount for a column that nothing multiplies, else rows times the interval', async () => {
    const sum = async (sql: string): Promise<unknown> =>
      ((await measureOf(`SELECT ${sql}`)) as { maxSum: bigint }).maxSum
    expect(await sum('SUM(spend) FROM basket_lines')).toBe(5_000n)
    expect(await sum('SUM(spend) FROM basket_lines JOIN members USING (member_id)')).toBe(5_000n)
    expect(await sum('SUM(CASE WHEN promo THEN spend ELSE 0 END) FROM basket_lines')).toBe(5_000n)
    expect(await sum('SUM(CASE WHEN promo THEN spend ELSE 1 END) FROM basket_lines')).toBe(120_000n)
    expect(await sum('SUM(spend) FROM basket_lines JOIN visits USING (member_id)')).toBe(360_000n)
    expect(await sum('SUM(quantity) FROM basket_lines')).toBe(300n)
    expect(await sum('SUM(spend * quantity) FROM basket_lines')).toBe(6_000_000n)
    expect(await sum('SUM(price) FROM basket_lines JOIN products USING (product_id)')).toBe(30_000n)
    expect(await sum('SUM(birth_year) FROM members JOIN basket_lines USING (member_id)')).toBe(2_008n * 6n)
  })

  it('averages: centre and half of the range of a row, and the rows', async () => {
    expect(await measureOf('SELECT AVG(spend) FROM basket_lines')).toMatchObject({
      kind: 'average',
      maxRows: 6n,
      centre: 9_500n,
      halfRange: 10_500n,
      minimum: -1_000n,
      maximum: 20_000n,
      scale: 2,
    })
    expect(await measureOf('SELECT AVG(birth_year) FROM members')).toMatchObject({
      maxRows: 1n,
      centre: 1_967n,
      halfRange: 41n,
    })
  })
})

describe('what a query says', () => {
  it('which columns it touches: all of them, with the person key of every private table', async () => {
    const query = await parsed("SELECT SUM(spend) FROM basket_lines JOIN products USING (product_id) WHERE brand = 'x'")
    expect(query.touches).toEqual([
      'basket_lines.member_id',
      'basket_lines.product_id',
      'basket_lines.spend',
      'products.brand',
      'products.product_id',
    ])
  })

  it('each measure once, however often it is asked for', async () => {
    const query = await parsed(
      'SELECT COUNT(*), COUNT(*) * 2, SUM(spend) / COUNT(*) FROM basket_lines HAVING COUNT(*) > 1 ORDER BY SUM(spend)',
    )
    expect(query.measures.map((measure) => measure.kind)).toEqual(['rows', 'sum'])
  })

  it('outputs with names of their own', async () => {
    const query = await parsed('SELECT COUNT(*), COUNT(*) FILTER (WHERE promo), COUNT(*) AS count_2 FROM basket_lines')
    expect(query.outputs.map((output) => output.name)).toEqual(['count', 'count_2', 'count_2_2'])
  })

  it('domains that follow from the declared span, in order, each period that the span touches', async () => {
    const domain = async (key: string) =>
      (await parsed(`SELECT COUNT(*) FROM basket_lines GROUP BY ${key}`)).groups[0]?.domain
    expect(await domain("DATE_TRUNC('month', bought_on)")).toEqual([
      '2025-01-01',
      '2025-02-01',
      '2025-03-01',
      '2025-04-01',
      '2025-05-01',
      '2025-06-01',
    ])
    expect(await domain("DATE_TRUNC('quarter', bought_on)")).toEqual(['2025-01-01', '2025-04-01'])
    expect((await domain("DATE_TRUNC('week', bought_on)"))?.slice(0, 2)).toEqual(['2025-01-13', '2025-01-20'])
    expect(await domain("DATE_TRUNC('day', bought_on)")).toHaveLength(167)
    expect(await domain('EXTRACT(year FROM bought_at)')).toEqual(['2025'])
    expect(await domain('EXTRACT(dow FROM bought_at)')).toEqual(['0', '1', '2', '3', '4', '5', '6', null])
    expect(await domain('promo')).toEqual(['true', 'false'])
    expect(await domain('spend > 5')).toEqual(['true', 'false', null])
  })

  it('frozen, through and through', async () => {
    const query = await parsed('SELECT COUNT(*) FROM members WHERE birth_year > 1970')
    expect(Object.isFrozen(query.where)).toBe(true)
  })
})
