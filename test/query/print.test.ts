import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { isqrt } from '../../src/base/integer.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { intervalOf } from '../../src/query/interval.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { preClamp } from '../../src/query/print/bounding.ts'
import { printDuckdb } from '../../src/query/print/duckdb.ts'
import { printExpression } from '../../src/query/print/expression.ts'
import { catalogue } from './catalogue.ts'
import { Engine } from './engine.ts'
import { evaluate } from './naive-expression.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(catalogue)
})

const extremes = [0n, 1n, -1n, 2n, 7n, -7n, 50n, 20_000n, -1_000n, 2n ** 31n, 2n ** 63n - 1n, -(2n ** 63n), null]
const leaves = ['spend', 'quantity', 'points', '1', '0', '2.5', '-3', '0.001', '1000000']
const numbers: fc.Arbitrary<string> = fc.letrec<{ number: string }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...leaves),
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/'), tie('number'))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    tie('number').map((a) => `(- ${a})`),
    tie('number').map((a) => `ABS(${a})`),
    fc.tuple(tie('number'), tie('number')).map(([a, b]) => `COALESCE(${a}, ${b})`),
    fc.tuple(tie('number'), tie('number')).map(([a, b]) => `NULLIF(${a}, ${b})`),
    fc.tuple(fc.constantFrom('GREATEST', 'LEAST'), tie('number'), tie('number')).map(([f, a, b]) => `${f}(${a}, ${b})`),
    fc.tuple(tie('number'), tie('number'), tie('number')).map(([a, b, c]) => `CASE WHEN ${a} > ${b} THEN ${c} END`),
  ),
})).number

describe('numbers in the engine', () => {
  it('any accepted arithmetic on any stored integers: no error, the exact value, inside its proven interval', async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(
        numbers,
        fc.constantFrom(...extremes),
        fc.constantFrom(...extremes),
        fc.constantFrom(...extremes),
        async (number, spend, quantity, points) => {
          const outcome = await parseQuery(`SELECT COUNT(*) FROM basket_lines WHERE ${number} > 0`, catalogue)
          if (!outcome.ok) return
          accepted++
          const where = outcome.value.where
          const sides = where?.kind === 'call' ? where.args : []
          for (const side of sides) {
            const text = printExpression(side, catalogue)
            const row = { spend, quantity, points }
            const cell = (value: bigint | null) => `CAST(${value} AS BIGINT)`
            const reader = await engine.connection.runAndReadAll(
              `SELECT CAST(${text} AS HUGEINT) FROM (SELECT ${cell(spend)} AS spend, ${cell(quantity)} AS quantity, ${cell(points)} AS points) t0`,
            )
            const value = reader.getRows()[0]?.[0] as bigint | null
            expect(value).toBe(evaluate(side, { t0: row }, catalogue))
            const { low, high } = intervalOf(side, catalogue)
            if (value !== null) expect(value >= low && value <= high).toBe(true)
          }
        },
      ),
      { numRuns: 1_000 },
    )
    expect(accepted).toBeGreaterThan(300)
  }, 60_000)

  it('the root by which a sum is scaled is never too small, and exact', async () => {
    await fc.assert(
      fc.asyncProperty(fc.bigInt(1n, 2n ** 63n - 1n), fc.integer({ min: -1, max: 1 }), async (root, off) => {
        const q = root * root + BigInt(off)
        if (q < 1n) return
        const text = printDuckdb(
          expectAccepted(await parseQuery('SELECT SUM(spend) FROM basket_lines GROUP BY channel', catalogue)),
          catalogue,
          { purposeBit: 0 },
        ).text
        const newton = /, (\(\(GREATEST.*?\/\/ 2\)) AS r0/.exec(text)?.[1] as string
        const ceiling = /\/\/ (\(CASE WHEN \(r0 - 1\).*? END\))/.exec(text)?.[1] as string
        const reader = await engine.connection.runAndReadAll(
          `SELECT ${ceiling} FROM (SELECT q0, ${newton} AS r0 FROM (SELECT CAST(${q} AS HUGEINT) AS q0))`,
        )
        const floor = isqrt(q)
        expect(reader.getRows()[0]?.[0]).toBe(floor * floor === q ? floor : floor + 1n)
      }),
      { numRuns: 300 },
    )
  })

  it('squares of clamped sums fit 128 bits for every bound that is accepted, and the clamp is never below the bound', () => {
    for (const cells of [2n, 4n, 1_000n, 100_000n])
      for (let bits = 0n; bits < 54n; bits++) {
        const most = preClamp(2n ** bits, cells)
        expect(most >= 2n ** bits && most * most * cells < 2n ** 126n).toBe(true)
      }
  })
})

describe('texts and names in the engine', () => {
  it('quotes, backslashes and other signs in a literal are data', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 20 }), async (value) => {
        if (value.includes('\0') || !value.isWellFormed()) return
        const outcome = await parseQuery(
          `SELECT COUNT(*) FROM basket_lines WHERE note = '${value.replaceAll("'", "''")}'`,
          catalogue,
        )
        const query = expectAccepted(outcome)
        await engine.connection.run('DELETE FROM basket_lines')
        await engine.connection.run('INSERT INTO basket_lines (note, _person, _mask) VALUES ($1, 1, 1)', [value])
        expect((await engine.run(printDuckdb(query, catalogue, { purposeBit: 0 })))[0]?.values).toEqual([1n])
      }),
      { numRuns: 200 },
    )
  })

  it('dates at the ends of the calendar and infinities raise no error in any calendar function', async () => {
    await engine.connection.run('DELETE FROM basket_lines')
    for (const [date, time] of [
      ["'infinity'", "'infinity'"],
      ["'-infinity'", "'-infinity'"],
      ["'5881580-07-10'", "'294247-01-10 04:00:54'"],
      ["'5877642-06-25 (BC)'", "'290309-12-22 (BC) 00:00:00'"],
    ])
      await engine.connection.run(
        `INSERT INTO basket_lines (bought_on, bought_at, _person, _mask) VALUES (${date}, ${time}, 1, 1)`,
      )
    for (const unit of ['day', 'week', 'month', 'quarter', 'year'])
      for (const column of ['bought_on', 'bought_at']) {
        const query = expectAccepted(
          await parseQuery(
            `SELECT COUNT(*) FROM basket_lines WHERE DATE_TRUNC('${unit}', ${column}) > '2025-01-01' OR EXTRACT(${unit} FROM ${column}) > 1 OR bought_on > bought_at GROUP BY DATE_TRUNC('${unit}', ${column})`,
            catalogue,
          ),
        )
        expect(await engine.run(printDuckdb(query, catalogue, { purposeBit: 0 }))).toEqual([])
      }
  })

  it('a table may be called like any step of the statement', async () => {
    const printed = printDuckdb(
      expectAccepted(await parseQuery('SELECT COUNT(*), SUM(spend) FROM basket_lines GROUP BY channel', catalogue)),
      catalogue,
      { purposeBit: 0 },
    )
    const steps = [...printed.text.matchAll(/(?:^WITH |,\n)(\w+) AS \(/g)].map(([, name]) => name as string)
    expect(steps.length).toBeGreaterThan(5)
    for (const name of steps.filter((step) => !step.startsWith('_'))) {
      const renamed = {
        ...catalogue,
        tables: catalogue.tables.map((table) => (table.name === 'basket_lines' ? { ...table, name } : table)),
      }
      const other = await Engine.open(renamed)
      await other.connection.run(`INSERT INTO "${name}" (channel, spend, _person, _mask) VALUES ('shop', 100, 1, 1)`)
      const query = expectAccepted(
        await parseQuery(`SELECT COUNT(*), SUM(spend) FROM "${name}" GROUP BY channel`, renamed),
      )
      const cells = await other.run(printDuckdb(query, renamed, { purposeBit: 0 }))
      expect(cells).toEqual([{ keys: ['shop'], values: [1n, 100n] }])
    }
  })

  it('the statement has one parameter, no randomness of its own and nothing of the question but quoted names and literals', async () => {
    const query = expectAccepted(
      await parseQuery(
        "SELECT COUNT(*) FROM basket_lines WHERE note = 'x'';DROP TABLE members--' GROUP BY channel",
        catalogue,
      ),
    )
    const { text, groupKeys, channels } = printDuckdb(query, catalogue, { purposeBit: 3 })
    expect(text).toContain("'x'';DROP TABLE members--'")
    expect([...new Set(text.match(/\$\w+/g))]).toEqual(['$salt'])
    expect(text).not.toMatch(/random|now\(/i)
    expect([groupKeys, channels]).toEqual([1, 1])
  })
})

describe('patterns', () => {
  const asked = async (condition: string, note: string) => {
    const { where } = expectAccepted(
      await parseQuery(`SELECT COUNT(*) FROM basket_lines WHERE ${condition}`, catalogue),
    )
    if (!where) throw new Error('no condition')
    const row = `SELECT '${note.replaceAll("'", "''")}' AS note`
    const reader = await engine.connection.runAndReadAll(`SELECT ${printExpression(where, catalogue)} FROM (${row}) t0`)
    return { where, matched: reader.getRows()[0]?.[0] }
  }
  const signs = fc.constantFrom('a', 'B', '.', '%', '_', '(', ']', '^', '$', '|', '\n', 'ß', '😀', "'")
  const texts = fc.array(signs, { maxLength: 7 }).map((list) => list.join(''))

  it('LIKE and ILIKE with any signs match what the rules say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('LIKE', 'ILIKE'), texts, texts, async (operator, pattern, note) => {
        const { where, matched } = await asked(`note ${operator} '${pattern.replaceAll("'", "''")}'`, note)
        expect(matched).toBe(evaluate(where, { t0: { note } }, catalogue))
      }),
      { numRuns: 150 },
    )
  })

  it('no text makes the engine try every place for every sign of a pattern', async () => {
    const note = `${'a'.repeat(150)}!`
    const started = process.hrtime.bigint()
    for (const pattern of ["LIKE '%a%a%a%a%a%!!'", "LIKE '%a_%a%a%a%a%!!'", "ILIKE '%A%a%a%a%a%!!'"])
      expect((await asked(`note ${pattern}`, note)).matched).toBe(false)
    // Going back at every place, each takes tens of seconds.
    expect(Number(process.hrtime.bigint() - started) / 1e9).toBeLessThan(5)
  })
})
