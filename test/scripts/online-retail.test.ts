import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepare } from '../../examples/online-retail/prepare.js'
import { expectAccepted } from '../../src/base/refusal.ts'
import { readEvents } from '../../src/consent/read.ts'
import { lint } from '../../src/contract/lint.ts'

const folder = mkdtempSync(join(tmpdir(), 'usufruct-retail-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Lines in the form of the real file: 60 customers, one who moved, one who lives nobody knows where, and lines without a customer. */
const lines = `SELECT 'A' || i AS invoice_no, '85123A' AS stock_code, 'candle' AS description, (i % 7 - 1)::INTEGER AS quantity,
    TIMESTAMP '2010-12-01 08:26:00' + INTERVAL (i) MINUTE AS invoice_ts, 2.550::DECIMAL(12, 3) AS unit_price,
    CASE WHEN i % 10 = 9 THEN NULL ELSE 12000 + i % 60 END::INTEGER AS customer_id,
    CASE WHEN i % 60 = 5 AND i < 100 THEN 'Norway' WHEN i % 60 = 6 THEN 'Unspecified' ELSE 'United Kingdom' END AS country
  FROM range(300) AS lines(i)`

async function query(sql: string) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

describe('the example of the online gift shop', () => {
  const source = join(folder, 'source.parquet')
  const make = (name: string) => prepare({ source, out: join(folder, name), day: '2026-11-01' })
  const from = (name: string) => `read_parquet('${join(folder, 'made', `${name}.parquet`)}')`
  let made: Awaited<ReturnType<typeof prepare>>
  beforeAll(async () => {
    await query(`COPY (${lines}) TO '${source}' (FORMAT parquet)`)
    made = await make('made')
  })

  it('has a contract without errors, for the time span and the 38 countries of the data', () => {
    const path = new URL('../../examples/online-retail/contract.odcs.yaml', import.meta.url)
    const linted = lint(readFileSync(path), 'contract.odcs.yaml', {
      knownPurposes: ['product-statistics', 'scientific-research'],
    })
    expect(linted.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    const columns = linted.catalogue?.tables.flatMap((table) => table.columns)
    expect(columns?.find(({ name }) => name === 'country')?.domain).toHaveLength(38)
    expect(linted.catalogue?.product).toBe('orders')
  })

  it('has one row for each customer, of the country of most orders; an unspecified country is missing', async () => {
    const customers = await query(`SELECT customer_id, country FROM ${from('customers')} ORDER BY customer_id`)
    expect(customers).toHaveLength(made.customers)
    expect(customers.find(([id]) => id === '12005')).toEqual(['12005', 'United Kingdom'])
    expect(customers.find(([id]) => id === '12006')).toEqual(['12006', null])
  })

  it('keeps every line, also those without a customer, with the exact amount', async () => {
    const [[all, without, sum] = []] = await query(
      `SELECT count(*), count(*) FILTER (customer_id IS NULL), sum(amount)::VARCHAR FROM ${from('order_lines')}`,
    )
    const [[expected] = []] = await query(`SELECT sum(quantity * unit_price)::VARCHAR FROM (${lines})`)
    expect([all, without, sum]).toEqual(['300', '30', expected])
  })

  it('has choices that can be read, generated and said to be so', () => {
    const text = readFileSync(join(folder, 'made', 'choices.jsonl'), 'utf8')
    const events = expectAccepted(readEvents(text, 'choices.jsonl'))
    expect(events).toHaveLength(made.events)
    expect(text.split('\n').filter((line) => line.includes('"method":"generated"'))).toHaveLength(made.events)
    expect(made.given).toBeGreaterThan(made.customers * 0.4)
    expect(made.given).toBeLessThan(made.customers * 0.8)
  })

  it('is the same for the same seed and day', async () => {
    await make('again')
    for (const name of ['choices.jsonl', 'customers.parquet', 'order_lines.parquet'])
      expect(readFileSync(join(folder, 'again', name)).equals(readFileSync(join(folder, 'made', name)))).toBe(true)
  })

  it.each(['prepare.js', 'run.js'])(
    'says in %s where the data comes from when it is not there, and ends with 1',
    (name) => {
      const script = fileURLToPath(new URL(`../../examples/online-retail/${name}`, import.meta.url))
      const ended = spawnSync(process.execPath, [script, '--data', join(folder, 'nowhere.parquet')], {
        encoding: 'utf8',
      })
      expect(ended.status).toBe(1)
      expect(ended.stdout).toBe('')
      expect(ended.stderr).toMatch(/nowhere\.parquet is not there\..*README\.md/s)
    },
  )
})
