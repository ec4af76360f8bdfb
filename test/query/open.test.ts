import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { planOf } from '../../src/query/plan.ts'
import { type PrintedSql, printDuckdb } from '../../src/query/print/duckdb.ts'
import { printPlanned } from '../../src/query/print/planned.ts'
import type { Query } from '../../src/query/query.ts'
import { catalogue } from './catalogue.ts'
import { asMap, type Data, Engine, type Row } from './engine.ts'
import { loaded } from './loaded.ts'
import { naive } from './naive.ts'
import { openQuestions } from './open.ts'
import { breaches } from './sensitivity.ts'

const salt = '0123456789abcdef0123456789abcdef'
const long = process.env.USUFRUCT_LONG === '1'
let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(catalogue)
})

/** Of made-up questions those with an open key: of some keys the members follow from what is declared, and may be too many. */
async function planned(sql: string): Promise<{ query: Query; path: string; printed: PrintedSql }> {
  const parsed = await parseQuery(sql, catalogue)
  fc.pre(parsed.ok || parsed.refusal.code !== 'query.too_many_groups')
  const query = expectAccepted(parsed)
  fc.pre(query.groups.some(({ domain }) => domain === undefined))
  const plan = planOf(query, catalogue, true)
  const path = plan.path === 'flat' && plan.certificate.measures.length > 0 ? 'certified' : plan.path
  return { query, path, printed: printPlanned(query, catalogue, plan, { purposeBit: 0, stored: true }) }
}
async function breachesIn(query: Query, printed: PrintedSql, data: Data): Promise<readonly string[]> {
  await engine.fill(data)
  await engine.record()
  return breaches(engine, query, printed, data)
}

describe('open keys', () => {
  it('every path gives the integers of the rules written out a second time', async () => {
    const seen: Record<string, number> = {}
    await fc.assert(
      fc.asyncProperty(openQuestions, loaded, async (sql, data) => {
        const { query, path, printed } = await planned(sql)
        seen[path] = (seen[path] ?? 0) + 1
        await engine.fill(data)
        await engine.record()
        const expected = asMap(naive(query, catalogue, data, 0, salt))
        expect(asMap(await engine.run(printed, salt))).toEqual(expected)
        expect(asMap(await engine.run(printDuckdb(query, catalogue, { purposeBit: 0 }), salt))).toEqual(expected)
        if (printed.otherwise)
          expect(asMap(await engine.run({ ...printed, text: printed.otherwise.text }, salt))).toEqual(expected)
      }),
      { numRuns: long ? 4_000 : 120 },
    )
    for (const path of ['records', 'certified', 'two-level']) expect(seen[path] ?? 0, path).toBeGreaterThan(2)
  }, 3_600_000)
})

describe('the worst people', () => {
  const line = (person: number, note: string | null, more: Partial<Row> = {}): Row => ({
    member_id: `m${person}`,
    product_id: 1n,
    spend: 20_000n,
    quantity: 50n,
    points: 1n,
    channel: 'shop',
    promo: true,
    bought_on: '2025-02-01',
    bought_at: null,
    note,
    _person: BigInt(person),
    _mask: 1n,
    ...more,
  })
  const member = (person: number): Row => ({
    member_id: `m${person}`,
    region: 'north',
    _person: BigInt(person),
    _mask: 1n,
  })
  const world = (notes: readonly (readonly (string | null)[])[]): Data => ({
    members: notes.map((_, person) => member(person)),
    basket_lines: notes.flatMap((own, person) => own.map((note) => line(person, note))),
  })
  const sql =
    'SELECT note, COUNT(DISTINCT member_id), SUM(spend), COUNT(*), AVG(quantity) FROM basket_lines GROUP BY note'
  const groups = (count: number): string[] => Array.from({ length: count }, (_, i) => `g${i}`)

  it.each([4, 9])(
    'someone in %i groups that others are in too moves each channel by its whole bound, and no more',
    async (count) => {
      const { query, printed } = await planned(sql)
      const data = world([groups(count), groups(9), groups(9)])
      expect(await breachesIn(query, printed, data)).toEqual([])
      const [whole, without] = [await engine.run(printed), await engine.runWithout(0n, printed)]
      const [left, right] = [asMap(whole), asMap(without)]
      const moved = [...left].reduce(
        (sum, [key, values]) => sum + ((values[0] ?? 0n) - (right.get(key)?.[0] ?? 0n)) ** 2n,
        0n,
      )
      expect(moved).toBe(4n)
    },
  )

  it('someone in nine groups of his own is alone in four', async () => {
    const { printed, query } = await planned(sql)
    const data = world([groups(9), ['other'], ['other']])
    expect(await breachesIn(query, printed, data)).toEqual([])
    expect([...asMap(await engine.run(printed)).keys()].filter((key) => key !== '["other"]')).toHaveLength(4)
  })

  const protections: readonly (readonly [string, string, (text: string) => string])[] = [
    [
      'people in more groups than counted',
      'SELECT COUNT(DISTINCT member_id) FROM basket_lines GROUP BY note',
      (text) => text.replaceAll(/q0 <= CAST\(\d+ AS HUGEINT\)/g, 'TRUE'),
    ],
    [
      'the hidden count in more groups than counted',
      'SELECT SUM(quantity) FROM basket_lines GROUP BY note',
      (text) => text.replaceAll(/q1 <= CAST\(\d+ AS HUGEINT\)/g, 'TRUE'),
    ],
    [
      'texts of one key that are two groups',
      "SELECT COUNT(DISTINCT member_id) FROM basket_lines GROUP BY note || 'x'",
      (text) => text.replaceAll('nfc_normalize(', '('),
    ],
  ]
  it.each(protections)('a protection left out is noticed: %s', async (what, asked, change) => {
    const query = expectAccepted(await parseQuery(asked, catalogue))
    const printed = printDuckdb(query, catalogue, { purposeBit: 0 })
    const changed = { ...printed, text: change(printed.text) }
    expect(changed.text).not.toBe(printed.text)
    const data = world([what.startsWith('texts') ? ['\u00e9', 'e\u0301', 'o', 'p'] : groups(9), ['other']])
    if (!what.startsWith('texts')) {
      expect(await breachesIn(query, printed, data)).toEqual([])
      expect(await breachesIn(query, changed, data)).not.toEqual([])
      return
    }
    await engine.fill(data)
    expect([...asMap(await engine.run(printed)).keys()]).toHaveLength(4)
    expect([...asMap(await engine.run(changed)).keys()].map((key) => key.normalize('NFC'))).not.toHaveLength(
      new Set([...asMap(await engine.run(changed)).keys()].map((key) => key.normalize('NFC'))).size,
    )
  })
})

describe('keys that people wrote', () => {
  const base = {
    product_id: 1n,
    spend: 100n,
    quantity: 1n,
    points: 1n,
    channel: 'shop',
    promo: true,
    bought_on: '2025-02-01',
    bought_at: null,
  }
  const run = async (notes: readonly (string | null)[], key = 'note') => {
    const query = expectAccepted(
      await parseQuery(`SELECT COUNT(DISTINCT member_id), COUNT(*) FROM basket_lines GROUP BY ${key}`, catalogue),
    )
    await engine.fill({
      members: notes.map((_, i) => ({ member_id: `m${i}`, region: 'north', _person: BigInt(i), _mask: 1n })),
      basket_lines: notes.map((note, i) => ({ ...base, note, member_id: `m${i}`, _person: BigInt(i), _mask: 1n })),
    })
    await engine.record()
    const plan = planOf(query, catalogue, true)
    const cells = await engine.run(printPlanned(query, catalogue, plan, { purposeBit: 0, stored: true }))
    return new Map(cells.map(({ keys, values }) => [keys[0] ?? null, values[0]]))
  }

  it('one text in two spellings is one group; an empty text, a missing one and "null" are three', async () => {
    expect(await run(['\u00e9', 'e\u0301', '', '', null, 'null', 'NULL'], "note || ''")).toEqual(
      new Map<string | null, bigint>([
        ['é', 2n],
        ['', 2n],
        [null, 1n],
        ['null', 1n],
        ['NULL', 1n],
      ]),
    )
  })

  it('a key of 256 bytes is one, a row with a longer one is in no group, measured after its spelling is settled', async () => {
    const long = 'x'.repeat(256)
    expect(
      await run(
        [long, `${long}x`, '\u00e9'.repeat(128), 'e\u0301'.repeat(128), `${'é'.repeat(128)}x`, '😀'.repeat(64)],
        "note || ''",
      ),
    ).toEqual(
      new Map([
        [long, 1n],
        ['é'.repeat(128), 2n],
        ['😀'.repeat(64), 1n],
      ]),
    )
    // The limit is on what the key is made to be, not on what it is made of.
    expect(await run(['a'.repeat(200), 'b'.repeat(100)], 'note || note')).toEqual(new Map([['b'.repeat(200), 1n]]))
  })

  it('stored texts, their parts and literals are composed as they are; what is put together is brought to one form', async () => {
    const printed = async (key: string) => {
      const query = expectAccepted(await parseQuery(`SELECT COUNT(*) FROM basket_lines GROUP BY ${key}`, catalogue))
      return printDuckdb(query, catalogue, { purposeBit: 0 }).text.includes('nfc_normalize')
    }
    for (const key of [
      'note',
      'LEFT(note, 3)',
      "COALESCE(note, 'é')",
      "CASE WHEN promo THEN TRIM(note) ELSE 'x' END",
      'points::text',
    ])
      expect(await printed(key), key).toBe(false)
    for (const key of ["note || 'x'", 'LOWER(note)', "REPLACE(note, 'a', 'b')", "COALESCE(note, 'e\u0301')"])
      expect(await printed(key), key).toBe(true)
    // A sub-query may have put it together.
    const nested = expectAccepted(
      await parseQuery(
        "SELECT COUNT(*) FROM (SELECT member_id, note || 'x' AS n FROM basket_lines) t GROUP BY n",
        catalogue,
      ),
    )
    expect(printDuckdb(nested, catalogue, { purposeBit: 0 }).text).toContain('nfc_normalize')
  })

  it('quotes, separators, control characters and directions of writing change nothing', async () => {
    const notes = [
      "'; DROP TABLE basket_lines; --",
      '3:a',
      'n',
      'a\nb',
      'a\tb',
      '\u202egnirts',
      '\u0001',
      '["a"]',
      '$salt',
      'a|b',
      '%s',
      '\\',
      '"',
    ]
    expect(await run(notes)).toEqual(new Map(notes.map((note) => [note, 1n])))
  })

  it('numbers and points in time are told by their own texts', async () => {
    expect(await run(['a', 'b'], 'spend / 3')).toEqual(new Map([['333333', 2n]]))
    expect(await run(['a', 'b'], 'CAST(bought_on AS timestamp)')).toEqual(new Map([['2025-02-01 00:00:00', 2n]]))
  })
})
