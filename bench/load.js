// @ts-check
/** Rows a second into a data file: the load (hash, own rules of reading, checks, quarantine, order of person, durable file) against a plain CREATE TABLE AS. */
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { basketsCatalogue, writeBaskets } from './support/baskets.js'
import { alternate, built, digits, inFolder, median, saveResult } from './support/bench.js'
import { writeReport } from './support/report.js'

const { load } = await built('engines/load/load.js')
const { expectAccepted } = await built('base/refusal.js')
const size = { people: 40_000, lines: 2_000_000 }

await inFolder(async (folder) => {
  const catalogue = await basketsCatalogue()
  const sources = await writeBaskets(folder, 'csv', size)
  const file = (/** @type {string} */ name) => join(folder, name)
  const rows = size.people + size.lines
  const times = await alternate(
    {
      async load() {
        rmSync(file('load.duckdb'), { force: true })
        const report = expectAccepted(
          await load({ catalogue, sources, directory: folder, fileName: 'load.duckdb', asOf: 20_000 }),
        )
        if (report.rowsAccepted !== rows) throw new Error(`${report.rowsAccepted} of ${rows} rows were accepted`)
      },
      async plain() {
        rmSync(file('plain.duckdb'), { force: true })
        const instance = await DuckDBInstance.create(file('plain.duckdb'))
        const connection = await instance.connect()
        for (const [table, { path }] of Object.entries(sources))
          await connection.run(`CREATE TABLE ${table} AS FROM read_csv('${path}')`)
        await connection.run('CHECKPOINT')
        connection.closeSync()
        instance.closeSync()
      },
    },
    { warmups: 1, repeats: 5 },
  )
  const rate = (/** @type {string} */ name) => digits((rows / median(times[name] ?? [])) * 1000)
  saveResult('load', {
    what: 'CSV files into one DuckDB file',
    rows,
    bytes: statSync(sources.people.path).size + statSync(sources.lines.path).size,
    repeats: times.load?.length,
    loadRowsPerSecond: rate('load'),
    plainRowsPerSecond: rate('plain'),
    ratioOfMedians: digits(median(times.load ?? []) / median(times.plain ?? [])),
  })
  writeReport()
})
