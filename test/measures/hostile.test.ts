import fc from 'fast-check'
import { parse } from 'libpg-query'
import { describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { compileMeasure } from '../../src/measures/compile.ts'
import { markOf } from '../../src/measures/mark.ts'
import { offers } from '../../src/measures/offer.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { catalogue } from '../query/catalogue.ts'
import { fittings } from './fittings.ts'

const nasty = fc.oneof(
  fc.constantFrom(
    "'",
    "''",
    "'; DROP TABLE members; --",
    "x' OR '1'='1",
    '\\',
    "\\'",
    '$$',
    "E'\\n'",
    '/*',
    '*/ SELECT 1 /*',
    '--',
    '"',
    '\n',
    '\r\nSELECT 1',
    '\u2028',
    '\u202eabc',
    '\0',
    '\ud800',
    '99999999999999999999999999',
    '-1',
    '1e9',
    '0x10',
    'NaN',
    '2026-02-30',
    '__proto__',
    'constructor',
    'members.email',
    'basket_lines.member_id',
    'basket_lines.bought_on)',
    'products.category = ',
    '1, 2, 2',
    '٣',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
)
const codes = ['measure.parameter_unknown', 'measure.parameter_missing', 'measure.parameter_invalid']

/** The tree of a text without its literals and places: two texts of the same shape have equal trees. */
async function shapeOf(sql: string): Promise<string> {
  return JSON.stringify(await parse(sql), (key, value) =>
    /^(location|stmt_len|stmt_location|list_start|list_end|rexpr_list_start|rexpr_list_end|sval|ival|fval)$/.test(key)
      ? undefined
      : value,
  )
}

describe('hostile parameters', () => {
  const found = offers(catalogue)
  // Brands have no domain: any text may stand for one.
  const free = { item: 'products.brand', is: 'x', first: 'x', second: 'y', third: 'z', fourth: 'v', fifth: 'w' }
  const samples = found.flatMap((offer) => {
    const names = offer.parameters.map(({ name }) => name)
    const own = Object.fromEntries(Object.entries(free).filter(([name]) => names.includes(name)))
    const fitting = fittings(offer).slice(-3)
    const ofLines = fittings(offer).filter(({ events }) => events === 'basket_lines')
    return [...fitting, ...ofLines.slice(-3).map((given) => ({ ...given, ...own }))].map((given) => ({ offer, given }))
  })

  it('any text in any parameter is refused by a stable code that names it, or leaves the shape of the SQL as it is', async () => {
    let literal = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), fc.nat(), nasty, async ({ offer, given }, at, text) => {
        const names = offer.parameters.map(({ name }) => name).filter((name) => given[name] !== undefined)
        const name = names[at % names.length] as string
        const before = expectAccepted(compileMeasure(offer.measure, given, catalogue))
        const after = compileMeasure(offer.measure, { ...given, [name]: text }, catalogue)
        if (!after.ok) {
          refused++
          expect(codes).toContain(after.refusal.code)
          const named = /"(\w+)"/.exec(after.refusal.message)?.[1]
          expect(offer.parameters.map((one) => one.name)).toContain(named)
          return
        }
        const { sql, words } = after.value
        expect(sql.split('\n')[0]).toBe(`-- ${words}`)
        expect(markOf(sql)?.measure).toBe(offer.measure)
        expect((await parseQuery(sql, catalogue)).ok).toBe(true)
        const type = offer.parameters.find((one) => one.name === name)?.type
        // Nothing in a field is a parameter that is not given.
        if (type === 'value' && text !== '') {
          literal++
          expect(await shapeOf(sql)).toBe(await shapeOf(before.sql))
        }
      }),
      { numRuns: process.env.USUFRUCT_LONG === '1' ? 20_000 : 1_500 },
    )
    expect(refused).toBeGreaterThan(300)
    expect(literal).toBeGreaterThan(30)
  }, 120_000)

  it.each([
    ["O'Hara", "'O''Hara'"],
    ["x' OR '1'='1", "'x'' OR ''1''=''1'"],
    ["'; DROP TABLE members; --", "'''; DROP TABLE members; --'"],
    ['\\', "'\\'"],
    ['*/ SELECT 1 /*', "'*/ SELECT 1 /*'"],
    ['ünïcödé 🍞', "'ünïcödé 🍞'"],
  ])('%s where a column has no domain is a literal and nothing else', async (text, literal) => {
    const given = { events: 'basket_lines', item: 'products.brand', is: text }
    const plain = expectAccepted(compileMeasure('penetration', { ...given, is: 'plain' }, catalogue))
    const compiled = expectAccepted(compileMeasure('penetration', given, catalogue))
    expect(compiled.sql).toContain(`WHERE products.brand = ${literal}\n`)
    expect(await shapeOf(compiled.sql)).toBe(await shapeOf(plain.sql))
    expectAccepted(await parseQuery(compiled.sql, catalogue))
  })

  const base = { events: 'basket_lines', item: 'products.brand', is: 'x' }
  it.each([
    ['is', 'two\nlines', 'measure.parameter_invalid'],
    ['is', 'turned \u202e round', 'measure.parameter_invalid'],
    ['is', 'half a pair \ud800', 'measure.parameter_invalid'],
    ['is', 'x'.repeat(201), 'measure.parameter_invalid'],
    ['item', 'members.email', 'measure.parameter_invalid'],
    ['item', 'basket_lines.member_id', 'measure.parameter_invalid'],
    ['events', 'members', 'measure.parameter_invalid'],
    ['events', 'pg_catalog.pg_class', 'measure.parameter_invalid'],
    ['date', 'basket_lines.spend', 'measure.parameter_invalid'],
    ['from', '2025-02-30', 'measure.parameter_invalid'],
    ['from', '2025-2-3', 'measure.parameter_invalid'],
    ['by', 'members.joined_on', 'measure.parameter_invalid'],
    ['limit', '5', 'measure.parameter_unknown'],
    ['__proto__', 'x', 'measure.parameter_unknown'],
  ])('the parameter %s with %j is refused as %s, by name', (name, text, code) => {
    const given = JSON.parse(
      JSON.stringify({ ...base }).replace('}', `,${JSON.stringify(name)}:${JSON.stringify(text)}}`),
    )
    const outcome = compileMeasure('penetration', given, catalogue)
    expect(outcome.ok ? '' : outcome.refusal.code).toBe(code)
    expect(outcome.ok ? '' : outcome.refusal.message).toContain(`"${name}"`)
  })

  it('a time without a date, a time that ends before it begins, a value twice, and arms that are one are refused by name', () => {
    const refusedFor = (measure: string, given: Record<string, string>): string => {
      const outcome = compileMeasure(measure, given, catalogue)
      return outcome.ok ? 'accepted' : `${outcome.refusal.code} ${outcome.refusal.message}`
    }
    expect(refusedFor('penetration', { ...base, from: '2025-02-01' })).toMatch(/parameter_missing .*"date"/)
    expect(refusedFor('penetration', { ...base, date: 'bought_on', from: '2025-02-02', to: '2025-02-01' })).toMatch(
      /invalid .*"to"/,
    )
    const pair = { events: 'basket_lines', item: 'products.category', first: 'milk', second: 'milk' }
    expect(refusedFor('overlap', pair)).toMatch(/invalid .*"second"/)
    expect(refusedFor('overlap', { events: 'basket_lines', item: 'products.category', first: 'milk' })).toMatch(
      /missing .*"second"/,
    )
    const arms = {
      events: 'basket_lines',
      arm: 'region',
      test: 'north',
      control: 'north',
      assignment: 'random-per-person',
    }
    expect(refusedFor('lift', arms)).toMatch(/invalid .*"control"/)
    expect(refusedFor('lift', { ...arms, control: 'south', assignment: '' })).toMatch(/missing .*"assignment"/)
    expect(refusedFor('lift', { ...arms, control: 'south' })).toBe('accepted')
    expect(refusedFor('no-such', {})).toMatch(/^measure.unknown/)
  })

  it('a domain that a contract declares with ends of lines in it cannot leave the comment', async () => {
    const member = "a\nSELECT 1 --'\r\u2028b"
    const tables = catalogue.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) =>
        column.name === 'category' && table.name === 'products' ? { ...column, domain: [member, 'milk'] } : column,
      ),
    }))
    const { sql, words } = expectAccepted(
      compileMeasure(
        'penetration',
        { events: 'basket_lines', item: 'products.category', is: member },
        { ...catalogue, tables },
      ),
    )
    expect(words).not.toMatch(/[\n\r\u2028]/)
    expect(
      sql
        .split('\n')
        .slice(0, 3)
        .map((line) => line.slice(0, 4)),
    ).toEqual(['-- W', '-- m', 'WITH'])
    expectAccepted(await parseQuery(sql, { ...catalogue, tables }))
  })

  it('a second line that nobody’s measure wrote is no mark', () => {
    for (const line of [
      '-- measure',
      '-- measure x [1]',
      '-- measure penetration {"a":1}',
      '-- measure penetration {',
      'SELECT 1',
      '-- measure penetration null',
    ])
      expect(markOf(`-- words\n${line}\nSELECT`)).toBeUndefined()
    expect(markOf('-- words\n-- measure penetration {"__proto__":"x"}\nSELECT')).toBeDefined()
  })
})
