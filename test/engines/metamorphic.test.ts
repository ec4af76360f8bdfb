import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decimalText } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { Table } from '../../src/contract/catalogue.ts'
import { createDuckDbEngine, type DuckDbData } from '../../src/engines/duckdb/engine.ts'
import { load } from '../../src/engines/load/load.ts'
import type { Source } from '../../src/engines/load/source.ts'
import { openRows } from '../../src/privacy/exact.ts'
import { parseQuery } from '../../src/query/parse.ts'
import type { PrintedSql } from '../../src/query/print/duckdb.ts'
import { catalogue } from '../query/catalogue.ts'
import { everybody } from '../query/crowds.ts'
import { asMap, type Row } from '../query/engine.ts'
import { pathsOf } from '../query/paths.ts'
import { breachesOf } from '../query/sensitivity.ts'
import { change, elsewhere, freshFolder, pages } from './world.ts'

/**
 * The exact integers follow from the rows alone: not from their order, the kind of file, its blocks, or how many threads the engine has
 * (differential-privacy.md 9.1).
 */
const questions = [
  'SELECT channel, promo, COUNT(*), COUNT(DISTINCT member_id), SUM(spend), AVG(quantity) FROM basket_lines GROUP BY channel, promo',
  'SELECT region, COUNT(*), SUM(spend), AVG(spend) FROM basket_lines JOIN members USING (member_id) GROUP BY region',
  "SELECT DATE_TRUNC('month', bought_on), SUM(spend), COUNT(DISTINCT member_id), COUNT(DISTINCT note), VARIANCE(quantity) FROM basket_lines GROUP BY 1",
  'SELECT promo, MEDIAN(spend), COUNT(*) FROM basket_lines WHERE quantity > 1 GROUP BY promo',
  'SELECT note, COUNT(*), SUM(quantity) FROM basket_lines GROUP BY note',
  'SELECT nr, COUNT(*), SUM(spend), SUM(so_far) FROM (SELECT member_id, spend, ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY bought_on) AS nr, SUM(spend) OVER (PARTITION BY member_id ORDER BY bought_on) AS so_far FROM basket_lines) t GROUP BY nr',
  'SELECT shop, COUNT(DISTINCT v.member_id), SUM(minutes), AVG(spend) FROM visits v JOIN basket_lines b USING (member_id) GROUP BY shop',
]
const salt = '00112233445566778899aabbccddeeff'

const written = (table: Table, row: Row): string =>
  table.columns
    .map(({ name, scale }) => {
      const value = row[name] ?? null
      if (value === null) return ''
      return typeof value === 'bigint' ? decimalText(value, scale) : `"${String(value).replaceAll('"', '""')}"`
    })
    .join(',')

/** A permutation of the rows that is always the same: by multiplying places modulo a prime. */
const shuffled = <T>(rows: readonly T[]): readonly T[] =>
  rows
    .map((row, index) => ({ row, at: ((index + 1) * 7_919) % 104_729 }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row)

interface Variant {
  readonly shuffle: boolean
  readonly parquet: boolean
  readonly threads: number
}
const variants: readonly (readonly [string, Variant])[] = [
  ['as they come, one thread', { shuffle: false, parquet: false, threads: 1 }],
  ['shuffled', { shuffle: true, parquet: false, threads: 1 }],
  ['two threads', { shuffle: false, parquet: false, threads: 2 }],
  ['shuffled, in a file of many small blocks, two threads', { shuffle: true, parquet: true, threads: 2 }],
]

const opened: DuckDbData[] = []
afterAll(async () => {
  for (const data of opened) await data.close()
})

async function loaded({ shuffle, parquet, threads }: Variant): Promise<DuckDbData> {
  const directory = freshFolder()
  const sources: Record<string, Source> = {}
  for (const table of catalogue.tables) {
    const rows = everybody[table.name] ?? []
    const csv = join(directory, `${table.name}.csv`)
    const lines = (shuffle ? shuffled(rows) : rows).map((row) => written(table, row))
    writeFileSync(csv, `${[table.columns.map(({ name }) => name).join(','), ...lines].join('\n')}\n`)
    const path = join(directory, `${table.name}.parquet`)
    if (parquet)
      await elsewhere(
        `COPY (FROM read_csv('${csv}', all_varchar = true, allow_quoted_nulls = false)) TO '${path}' (ROW_GROUP_SIZE 7)`,
      )
    sources[table.name] = parquet ? { kind: 'parquet', path } : { kind: 'csv', path: csv }
  }
  expectAccepted(await load({ catalogue, sources, directory, fileName: 'data.duckdb', asOf: 20_000 }))
  return inForce(join(directory, 'data.duckdb'), threads)
}

/** Opens the file with everybody in force for the purpose of bit 0. */
async function inForce(file: string, threads: number): Promise<DuckDbData> {
  const data = await createDuckDbEngine({ threads }).open(file)
  opened.push(data)
  const people = (everybody.members ?? []).map((row) => String(row.member_id))
  await data.applyStanding(pages(people.map((person, index) => change(BigInt(index + 1), person, 1))), 100n)
  return data
}

const run = async (data: DuckDbData, printed: PrintedSql) =>
  asMap(openRows(await data.run({ ...printed, parameters: { salt } })))

describe('the exact integers of a loaded file', () => {
  let first: DuckDbData
  const others: DuckDbData[] = []
  beforeAll(async () => {
    const [base, ...rest] = variants
    first = await loaded((base as (typeof variants)[number])[1])
    for (const [, variant] of rest) others.push(await loaded(variant))
  })

  it('are the same whatever the order of rows, the file and the threads, on every path', async () => {
    for (const sql of questions) {
      const query = expectAccepted(await parseQuery(sql, catalogue))
      const paths = pathsOf(query, catalogue, true)
      const expected = await run(first, (paths[0] as (typeof paths)[number]).print(0))
      expect(expected.size).toBeGreaterThan(0)
      for (const { name, print } of paths)
        for (const [index, data] of [first, ...others].entries()) {
          const which = { sql, name, variant: variants[index]?.[0] }
          expect({ ...which, answer: await run(data, print(0)) }).toEqual({ ...which, answer: expected })
        }
    }
  }, 120_000)
})

describe('a person whose numbers are none', () => {
  it('moves nothing by more than the plan claims: NaN, infinities, -0.0, 10^18 and missing values in a file of floating point', async () => {
    const directory = freshFolder()
    const odd = ["'NaN'::DOUBLE", "'Infinity'::DOUBLE", "'-Infinity'::DOUBLE", '-0.0::DOUBLE', '1e18::DOUBLE', 'NULL']
    const sources: Record<string, Source> = {}
    for (const table of catalogue.tables) {
      const csv = join(directory, `${table.name}.csv`)
      const lines = (everybody[table.name] ?? []).map((row) => written(table, row))
      writeFileSync(csv, `${[table.columns.map(({ name }) => name).join(','), ...lines].join('\n')}\n`)
      sources[table.name] = { kind: 'csv', path: csv }
    }
    const path = join(directory, 'lines.parquet')
    const strange = odd
      .flatMap((value) => [`(${value}, NULL)`, `(5.0::DOUBLE, ${value})`])
      .map((pair) => `FROM (VALUES ${pair}) t(spend, quantity)`)
      .map(
        (from) =>
          `SELECT 'm0' AS member_id, 1::BIGINT AS product_id, spend::DOUBLE AS spend, quantity::DOUBLE AS quantity, 1::BIGINT AS points, 'ab' AS note, 'shop' AS channel, true AS promo, DATE '2025-02-01' AS bought_on, NULL::TIMESTAMP AS bought_at ${from}`,
      )
    await elsewhere(
      `COPY (SELECT member_id, product_id::BIGINT AS product_id, spend::DOUBLE AS spend, quantity::DOUBLE AS quantity, points::BIGINT AS points, note, channel, promo::BOOLEAN AS promo, bought_on::DATE AS bought_on, bought_at::TIMESTAMP AS bought_at
         FROM read_csv('${join(directory, 'basket_lines.csv')}', all_varchar = true, allow_quoted_nulls = false) WHERE member_id <> 'm0' UNION ALL ${strange.join(' UNION ALL ')}) TO '${path}'`,
    )
    sources.basket_lines = { kind: 'parquet', path }
    const report = expectAccepted(await load({ catalogue, sources, directory, fileName: 'data.duckdb', asOf: 20_000 }))
    const lines = report.tables.find(({ table }) => table === 'basket_lines')
    // Eight rows hold what is no number in bounds; -0.0 is zero, and a missing one is missing.
    expect(lines?.quarantined).toEqual({ wrong_type: 6, out_of_range: 2 })
    const data = await inForce(join(directory, 'data.duckdb'), 1)
    const answers = async () => {
      const found = []
      for (const sql of questions) {
        const query = expectAccepted(await parseQuery(sql, catalogue))
        for (const { name, print } of pathsOf(query, catalogue, true))
          found.push({ sql, name, query, cells: openRows(await data.run({ ...print(0), parameters: { salt } })) })
      }
      return found
    }
    const whole = await answers()
    await data.applyStanding(pages([change(101n, 'm0', 0)]), 101n)
    let moved = 0
    for (const [index, { sql, name, query, cells }] of (await answers()).entries()) {
      const before = whole[index]?.cells ?? []
      expect(breachesOf(query, before, cells, `${name}, ${sql}: m0`)).toEqual([])
      if (String([...asMap(before)]) !== String([...asMap(cells)])) moved++
    }
    expect(moved).toBeGreaterThan(whole.length / 2)
  })
})
