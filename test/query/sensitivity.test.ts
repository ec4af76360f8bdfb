import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { printDuckdb, printPlain } from '../../src/query/print/duckdb.ts'
import { catalogue } from './catalogue.ts'
import { asMap, type Data, Engine } from './engine.ts'
import { heavy } from './heavy.ts'
import { naive } from './naive.ts'
import { calmWorlds, questions, worlds } from './random.ts'
import { breaches, claimOf, movedBy } from './sensitivity.ts'

const long = process.env.USUFRUCT_LONG === '1'
const salt = '0123456789abcdef0123456789abcdef'
let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(catalogue)
})

async function breachesIn(
  sql: string,
  data: Data,
  change = (text: string): string => text,
): Promise<readonly string[]> {
  const query = expectAccepted(await parseQuery(sql, catalogue))
  const printed = printDuckdb(query, catalogue, { purposeBit: 0 })
  await engine.fill(data)
  return breaches(engine, query, { ...printed, text: change(printed.text) }, data)
}

describe('the bounded question', () => {
  it(
    'the engine gives the same integers as the rules written out a second time',
    async () => {
      await fc.assert(
        fc.asyncProperty(questions, worlds, async (sql, data) => {
          const query = expectAccepted(await parseQuery(sql, catalogue))
          await engine.fill(data)
          const printed = printDuckdb(query, catalogue, { purposeBit: 0 })
          const expected = asMap(naive(query, catalogue, data, 0, salt))
          expect(asMap(await engine.run(printed, salt))).toEqual(expected)
          // The way over ordered groups gives everybody what it gives the few who need it.
          const nobodyLight = printed.text.replace(/(AS \(SELECT _person, ).* AS light FROM/, '$1FALSE AS light FROM')
          expect(nobodyLight === printed.text).toBe(!printed.text.includes('light'))
          expect(asMap(await engine.run({ ...printed, text: nobodyLight }, salt))).toEqual(expected)
        }),
        { numRuns: long ? 5_000 : 250 },
      )
    },
    long ? 3_600_000 : 120_000,
  )

  it('where nobody exceeds a bound and everybody is in force, the bounded answer is the plain one', async () => {
    const inForce = calmWorlds.map((data) =>
      Object.fromEntries(
        Object.entries(data).map(([name, rows]) => [
          name,
          rows.map((row) => ('_mask' in row ? { ...row, _mask: 1n } : row)),
        ]),
      ),
    )
    const calm = fc.constantFrom(
      'SELECT COUNT(*), COUNT(DISTINCT b.member_id), SUM(spend), AVG(quantity) FROM basket_lines b GROUP BY channel',
      "SELECT SUM(spend), AVG(spend) FROM basket_lines GROUP BY DATE_TRUNC('month', bought_on), promo",
      'SELECT COUNT(*), SUM(minutes) FROM members JOIN visits USING (member_id) GROUP BY region',
      'SELECT COUNT(*), AVG(birth_year) FROM members',
    )
    await fc.assert(
      fc.asyncProperty(calm, inForce, async (sql, data) => {
        const query = expectAccepted(await parseQuery(sql, catalogue))
        await engine.fill(data)
        const bounded = await engine.run(printDuckdb(query, catalogue, { purposeBit: 0 }), salt)
        const plain = printPlain(query, catalogue)
        expect(plain.text).toContain('unprotected')
        expect(asMap(bounded)).toEqual(asMap(await engine.run(plain)))
      }),
      { numRuns: 60 },
    )
  })
})

describe('a protection left out is noticed', () => {
  const byMonth = "GROUP BY DATE_TRUNC('month', bought_on), channel"
  const cases: readonly (readonly [string, string, (text: string) => string])[] = [
    [
      'people in more groups than counted',
      `SELECT COUNT(DISTINCT member_id) FROM basket_lines ${byMonth}`,
      (text) => text.replace(/q0 <= CAST\(\d+ AS HUGEINT\)/, 'TRUE'),
    ],
    [
      'rows in more groups than counted',
      `SELECT COUNT(*) FROM basket_lines ${byMonth}`,
      (text) => text.replace(/q0 <= CAST\(\d+ AS HUGEINT\)/, 'TRUE'),
    ],
    [
      'rows clamped after they are added up instead of before',
      'SELECT COUNT(*) FROM basket_lines',
      (text) => text.replace(/LEAST\(n0, CAST\(\d+ AS HUGEINT\)\)/, 'n0'),
    ],
    [
      'a sum that is not scaled down',
      `SELECT SUM(spend) FROM basket_lines ${byMonth}`,
      (text) => text.replace(/q0 <= CAST\(\d+ AS HUGEINT\)/, 'TRUE'),
    ],
    [
      'somebody above the bound who is taken for one below',
      `SELECT SUM(spend) FROM basket_lines ${byMonth}`,
      (text) => text.replace(/SUM\(v0 \* v0\) <= CAST\(\d+ AS HUGEINT\) AS light/, 'TRUE AS light'),
    ],
    [
      'somebody in more groups than counted who is taken for one below',
      `SELECT COUNT(DISTINCT member_id) FROM basket_lines ${byMonth}`,
      (text) => text.replace(/SUM\(v0\) <= CAST\(\d+ AS HUGEINT\) AS light/, 'TRUE AS light'),
    ],
    [
      'a sum that is not clamped',
      'SELECT SUM(spend) FROM basket_lines',
      (text) => text.replace(/GREATEST\(LEAST\(v0, [^)]*\)\), [^)]*\)\)/, 'v0'),
    ],
    [
      'an average of more rows than counted',
      `SELECT AVG(spend) FROM basket_lines ${byMonth}`,
      (text) => text.replaceAll(/q0 <= CAST\(\d+ AS HUGEINT\)/g, 'TRUE'),
    ],
    [
      'more different values than counted',
      'SELECT COUNT(DISTINCT bought_on) FROM basket_lines',
      (text) => text.replace(/nr <= \d+/, 'TRUE'),
    ],
    [
      'a distribution of more groups than counted',
      `SELECT MEDIAN(-spend) FROM basket_lines ${byMonth}`,
      (text) =>
        text
          .replaceAll(/q0 <= CAST\(\d+ AS HUGEINT\)/g, 'TRUE')
          .replace(/SUM\(v0\) <= CAST\(\d+ AS HUGEINT\) AS light/, 'TRUE AS light'),
    ],
    [
      'squares of more rows than counted',
      'SELECT VARIANCE(spend) FROM basket_lines',
      (text) => text.replace(/GREATEST\([^,]*(, [^,]*)*? AS s0, .* AS w0/, '0 AS s0, w0 AS w0'),
    ],
  ]
  for (const [what, sql, change] of cases)
    it(what, async () => {
      const query = expectAccepted(await parseQuery(sql, catalogue))
      const { text } = printDuckdb(query, catalogue, { purposeBit: 0 })
      expect(change(text)).not.toBe(text)
      expect(await breachesIn(sql, heavy)).toEqual([])
      expect(await breachesIn(sql, heavy, change)).not.toEqual([])
    })

  it.each([
    'SELECT COUNT(*), SUM(spend), AVG(spend), COUNT(DISTINCT bought_on), COUNT(DISTINCT member_id) FROM basket_lines',
    'SELECT VARIANCE(spend) FROM basket_lines',
    `SELECT COUNT(DISTINCT member_id) FROM basket_lines ${byMonth}`,
    'SELECT SUM(total) FROM (SELECT member_id, SUM(spend) AS total FROM basket_lines GROUP BY member_id) t',
    'SELECT AVG(total) FROM (SELECT member_id, SUM(spend) AS total FROM basket_lines GROUP BY member_id) t',
    'SELECT COUNT(*) FROM (SELECT member_id FROM basket_lines UNION ALL SELECT member_id FROM basket_lines) t',
  ])('is needed in full: somebody reaches the bound of every channel: %s', async (sql) => {
    const query = expectAccepted(await parseQuery(sql, catalogue))
    const printed = printDuckdb(query, catalogue, { purposeBit: 0 })
    await engine.fill(heavy)
    const [whole, without] = [await engine.run(printed), await engine.runWithout(0n, printed)]
    for (const { squared, claimed } of movedBy(query, claimOf(query), whole, without).channels)
      expect(squared).toBe(claimed)
  })

  it('people who are not in force are in no answer, in whichever table their rows are', async () => {
    const sql = 'SELECT COUNT(*), COUNT(DISTINCT b.member_id) FROM basket_lines b LEFT JOIN members m USING (member_id)'
    const query = expectAccepted(await parseQuery(sql, catalogue))
    const printed = printDuckdb(query, catalogue, { purposeBit: 5 })
    const run = async (mask: bigint, text = printed.text) => {
      await engine.fill({ ...heavy, basket_lines: heavy.basket_lines?.map((row) => ({ ...row, _mask: mask })) ?? [] })
      return (await engine.run({ ...printed, text })).map((cell) => cell.values)
    }
    expect(await run(31n)).toEqual([[0n, 0n]])
    expect(await run(32n)).toEqual([[6n, 1n]])
    expect(await run(31n, printed.text.replaceAll(/\(t\d\._mask & 32\) <> 0/g, 'TRUE'))).toEqual([[6n, 1n]])
    expect(printed.text.match(/_mask & 32/g)).toHaveLength(2)
  })
})
