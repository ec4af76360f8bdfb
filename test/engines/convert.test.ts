import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseInstant } from '../../src/base/instant.ts'
import { decimalText, parseRational } from '../../src/base/rational.ts'
import type { Column } from '../../src/contract/catalogue.ts'
import { literal, rowsOf } from '../../src/engines/duckdb/sql.ts'
import { conversionOf, type RawKind } from '../../src/engines/load/convert.ts'
import { column } from './world.ts'

let instance: DuckDBInstance
let connection: Awaited<ReturnType<DuckDBInstance['connect']>>
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
})

type Read = readonly [value: unknown, problem: unknown]

/** What becomes of raw values of one column. */
async function read(of: Column, values: readonly (string | null)[], kind: RawKind = 'text'): Promise<readonly Read[]> {
  const { clean, typed, problem } = conversionOf(of, kind, { raw: 'r', clean: 'c', typed: 'v' }, of.required)
  const type = kind === 'double' ? 'DOUBLE' : 'VARCHAR'
  const rows = values.map((value, i) => `(${i}, ${value === null ? 'NULL' : literal(value)}::${type})`)
  const shown = ['date', 'timestamp'].includes(of.type) ? 'v::VARCHAR' : 'v'
  const sql = `SELECT ${shown}, ${problem} FROM (SELECT *, ${typed} AS v FROM (SELECT *, ${clean} AS c
    FROM (VALUES ${rows.join(', ')}) t(i, r))) ORDER BY i`
  return (await rowsOf(connection, sql)) as unknown as Read[]
}

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

describe('an amount', () => {
  it('written as decimal text comes back as the same number of grid units, for every scale and size', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: 9 }),
      fc.array(fc.tuple(int64, fc.integer({ min: 0, max: 12 }), fc.boolean()), { minLength: 1, maxLength: 40 }),
      async (scale, values) => {
        const texts = values.map(([units, zeros, plus]) => {
          const text = decimalText(units, scale)
          const padded = zeros === 0 ? text : `${text}${scale === 0 ? '.' : ''}${'0'.repeat(zeros)}`
          return plus && units >= 0n ? `+${padded}` : padded
        })
        expect(await read(column('a', 'decimal', { scale }), texts)).toEqual(values.map(([units]) => [units, null]))
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  it('is on the grid exactly when arithmetic with fractions says so, whatever plain decimal text it is', async () => {
    const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${max}}$`))
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: 9 }),
      fc.array(fc.tuple(fc.constantFrom('', '-', '+'), digits(24), fc.option(digits(14))), {
        minLength: 1,
        maxLength: 40,
      }),
      async (scale, parts) => {
        const texts = parts.map(
          ([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`,
        )
        const expected = texts.map((text): Read => {
          const plain = text
            .replace('+', '')
            .replace(/\.$/, '')
            .replace(/^(-?)\./, '$10.')
          const value = parseRational(plain)
          if (text === '') return [null, null]
          if (!value || !/[0-9]/.test(text)) return [null, 'wrong_type']
          const units = value.n * 10n ** BigInt(scale)
          if (units % value.d !== 0n) return [null, 'off_grid']
          const whole = units / value.d
          return whole >= -(2n ** 63n) && whole < 2n ** 63n ? [whole, null] : [null, 'out_of_range']
        })
        expect(await read(column('a', 'decimal', { scale }), texts)).toEqual(expected)
      },
    )
    await fc.assert(property, { numRuns: 100 })
  })

  it('is never guessed from another notation', async () => {
    const wrong = [
      '1e3',
      '1_000',
      '1,000',
      '1.000,00',
      '0x10',
      'NaN',
      'inf',
      '1 000',
      '--1',
      '1-',
      '.',
      '+',
      '€5',
      '１２',
    ]
    expect(await read(column('a', 'integer'), wrong)).toEqual(wrong.map(() => [null, 'wrong_type']))
    expect(await read(column('a', 'integer'), [' 12 ', '', '  ', null])).toEqual([
      [12n, null],
      ...Array(3).fill([null, null]),
    ])
  })

  it('that arrives as a binary fraction is the grid point that it stands for, or set aside', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: 6 }),
      fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), { minLength: 1, maxLength: 40 }),
      async (scale, values) => {
        const texts = values.map((units) => String(Number(decimalText(units, scale))))
        expect(await read(column('a', 'decimal', { scale }), texts, 'double')).toEqual(values.map((v) => [v, null]))
      },
    )
    await fc.assert(property, { numRuns: 40 })
    const odd = ['0.30000000000000004', '0.3000001', '-0.0', '1e-12', 'nan', 'inf', '1e300', '12345678901.235']
    expect(await read(column('a', 'decimal', { scale: 2 }), odd, 'double')).toEqual([
      [30n, null],
      [null, 'off_grid'],
      [0n, null],
      [null, 'off_grid'],
      [null, 'wrong_type'],
      [null, 'wrong_type'],
      [null, 'out_of_range'],
      [null, 'off_grid'],
    ])
  })

  it('outside its declared bounds is set aside; the bounds themselves are inside', async () => {
    const bounded = column('a', 'decimal', { scale: 1, minimum: -5n, maximum: 20n })
    expect((await read(bounded, ['-0.6', '-0.5', '2', '2.1'])).map(([, problem]) => problem)).toEqual([
      'out_of_range',
      null,
      null,
      'out_of_range',
    ])
  })
})

describe('a moment', () => {
  it('is read as the instant that it names, in UTC, to the microsecond', async () => {
    const texts = [
      '2026-02-28',
      '2026-02-28T23:59',
      '2026-02-28 23:59:59.123456',
      '2026-02-28T23:59:59.1234560000Z',
      '2026-02-28T23:59:59+02:00',
      '2024-02-29 00:30:00-03:30',
    ]
    const rows = await read(column('t', 'timestamp'), texts)
    expect(rows.map(([value, problem]) => [parseInstant(String(value)), problem])).toEqual(
      texts.map((text) => [parseInstant(text.replace('0000Z', 'Z')), null]),
    )
  })

  it('that does not exist or is finer than a microsecond is set aside', async () => {
    const wrong = [
      '2026-02-29',
      '2026-13-01',
      '26-01-01',
      '2026-01-01 25:00:00',
      '2026-01-01 10:00:00.1234567',
      'infinity',
      'now',
    ]
    expect(await read(column('t', 'timestamp'), wrong)).toEqual(wrong.map(() => [null, 'wrong_type']))
  })

  it('can stand for a day when it is midnight, and only then', async () => {
    const texts = [
      '2026-03-01',
      '2026-03-01 00:00:00',
      '2026-03-01T00:00:00.000Z',
      '2026-03-01 00:00:01',
      '2026-03-01T00:00:00+01:00',
      'today',
    ]
    expect(await read(column('d', 'date'), texts)).toEqual([
      ...Array(3).fill(['2026-03-01', null]),
      ...Array(3).fill([null, 'wrong_type']),
    ])
  })
})

describe('a text', () => {
  it('is stored in normal form C and compared with its domain in that form', async () => {
    const region = column('r', 'text', { domain: ['Ile', '\u00cele'] })
    expect(await read(region, ['I\u0302le', '\u00cele', 'ile', '', null])).toEqual([
      ['\u00cele', null],
      ['\u00cele', null],
      ['ile', 'outside_domain'],
      ['', 'outside_domain'],
      [null, null],
    ])
  })

  it('of a domain column has at most 256 bytes; other texts may be longer', async () => {
    const texts = ['é'.repeat(128), 'é'.repeat(129)]
    const problems = async (of: Column) => (await read(of, texts)).map(([, problem]) => problem)
    expect(await problems(column('r', 'text', { domain: texts }))).toEqual([null, 'too_long'])
    expect(await problems(column('r', 'text'))).toEqual([null, null])
  })

  it('that is required and missing is set aside; an empty one is there', async () => {
    expect(await read(column('r', 'text', { required: true }), [null, ''])).toEqual([
      [null, 'missing'],
      ['', null],
    ])
  })
})

describe('a yes or no', () => {
  it('is read from the six usual spellings and no others', async () => {
    const texts = ['true', 'T', '1', 'FALSE', 'f', '0', 'yes', '2', 'on']
    expect((await read(column('b', 'boolean'), texts)).map(([value]) => value)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      null,
      null,
      null,
    ])
    expect(await read(column('b', 'boolean', { domain: ['true'] }), ['f'])).toEqual([[false, 'outside_domain']])
  })
})
