// @ts-check
/**
 * `npm run bench:sql`, with `-- --scale 10` for ten times the rows: the private statement of fifteen questions against the same SQL without protection, in one DuckDB and one run, in alternating order;
 * everybody's yes is in force, so that both read the same rows. Scale 1 is 6 million order lines, as in TPC-H. Before anything is timed, the planned
 * statement, the one that the engine may take instead and the two-level one must give the same integers.
 */
import { join } from 'node:path'
import { built, digits, inFolder, median, saveResult, timed } from './support/bench.js'
import { writeReport } from './support/report.js'
import { ordersCatalogue, sizeOf, writeOrders } from './support/tpch.js'
import { questions } from './support/tpch-questions.js'

const { createDuckDbEngine } = await built('engines/duckdb/engine.js')
const { load } = await built('engines/load/load.js')
const { parseQuery } = await built('query/parse.js')
const { planOf } = await built('query/plan.js')
const { openRows } = await built('privacy/exact.js')
const { printDuckdb } = await built('query/print/duckdb.js')
const { printPlanned } = await built('query/print/planned.js')
const { expectAccepted } = await built('base/refusal.js')

const scale = Number(process.env.USUFRUCT_SCALE ?? 1)
if (!(scale > 0 && scale <= 100)) throw new RangeError('the scale is a number up to 100')
const repeats = 7

await inFolder(async (folder) => {
  const catalogue = await ordersCatalogue()
  const sources = await writeOrders(folder, scale)
  const loading = await timed(async () => {
    const report = expectAccepted(
      await load({ catalogue, sources, directory: folder, fileName: 'data.duckdb', asOf: 20_000 }),
    )
    if (report.rowsQuarantined > 0) throw new Error(`${report.rowsQuarantined} generated rows break their contract`)
  })
  const data = await createDuckDbEngine().open(join(folder, 'data.duckdb'))
  try {
    await data.applyStanding(everybody(), 1n)
    const stored = (await data.recordsOf()) === catalogue.hash
    const measured = []
    for (const question of questions) measured.push(await measure(question, data, catalogue, stored))
    report(measured, loading)
  } finally {
    await data.close()
  }
})

/** @param {import('./support/tpch-questions.js').Question} question @param {any} data @param {any} catalogue @param {boolean} stored */
async function measure(question, data, catalogue, stored) {
  const query = expectAccepted(await parseQuery(question.sql, catalogue))
  const plan = planOf(query, catalogue, stored)
  const planned = printPlanned(query, catalogue, plan, { purposeBit: 0, stored })
  const twoLevel = printDuckdb(query, catalogue, { purposeBit: 0 })
  await assertSame(data, [planned, { ...planned, otherwise: undefined }, twoLevel])
  const parameters = { salt: '00' }
  const times = await cpuAndWall(
    {
      private: () => data.run({ ...planned, parameters }),
      plain: () => data.session.work((/** @type {any} */ connection) => connection.runAndReadAll(question.plain)),
      twoLevel: () => data.run({ ...twoLevel, parameters }),
    },
    // The two-level way is there to compare with; some rounds of it are enough.
    { warmups: 1, repeats, seldom: { twoLevel: 3 } },
  )
  const of = (/** @type {string} */ name, /** @type {'wall' | 'cpu'} */ kind) => median(times[name]?.[kind] ?? [])
  const result = {
    name: question.name,
    kind: question.kind,
    path: plan.grain ? 'flat, over stored sums' : plan.path,
    ratio: digits(of('private', 'wall') / of('plain', 'wall')),
    processorRatio: digits(of('private', 'cpu') / of('plain', 'cpu')),
    privateMilliseconds: digits(of('private', 'wall')),
    plainMilliseconds: digits(of('plain', 'wall')),
    twoLevelRatio: digits(of('twoLevel', 'wall') / of('plain', 'wall')),
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
  return result
}

/** Wall and processor milliseconds of each work, in an order that turns around each round. */
/** @param {Readonly<Record<string, () => unknown>>} works @param {{ warmups: number, repeats: number, seldom: Readonly<Record<string, number>> }} rounds */
async function cpuAndWall(works, { warmups, repeats, seldom }) {
  const names = Object.keys(works)
  /** @type {Record<string, { wall: number[], cpu: number[] }>} */
  const times = Object.fromEntries(names.map((name) => [name, { wall: [], cpu: [] }]))
  for (let round = 0; round < warmups + repeats; round++)
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      if (round >= warmups + (seldom[name] ?? repeats)) continue
      const before = process.cpuUsage()
      const wall = await timed(/** @type {() => unknown} */ (works[name]))
      const { user, system } = process.cpuUsage(before)
      if (round >= warmups) {
        times[name]?.wall.push(wall)
        times[name]?.cpu.push((user + system) / 1000)
      }
    }
  return times
}

/** @param {any} data @param {readonly any[]} statements */
async function assertSame(data, statements) {
  const texts = []
  for (const statement of statements) {
    const rows = openRows(await data.run({ ...statement, parameters: { salt: '00' } }))
    const shown = rows.filter((/** @type {any} */ row) =>
      row.values.some((/** @type {bigint} */ value) => value !== 0n),
    )
    texts.push(
      shown
        .map((/** @type {any} */ row) => `${row.keys}: ${row.values}`)
        .sort()
        .join('\n'),
    )
  }
  if (texts[0] === '' || new Set(texts).size !== 1) throw new Error('the paths give different integers')
}

async function* everybody() {
  const { customers } = sizeOf(scale)
  const page = 20_000
  for (let from = 0; from < customers; from += page)
    yield Array.from({ length: Math.min(page, customers - from) }, (_, index) => ({
      sequence: 1n,
      person: `C${from + index}`,
      bits: 1,
    }))
}

/** @param {readonly Awaited<ReturnType<typeof measure>>[]} measured @param {number} loading */
function report(measured, loading) {
  const mean = (/** @type {readonly number[]} */ values) =>
    digits(Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length))
  const ratios = (/** @type {(one: (typeof measured)[number]) => boolean} */ wanted) =>
    measured.filter(wanted).map((one) => one.ratio)
  saveResult(scale === 1 ? 'sql' : `sql-${scale}`, {
    what: 'one private statement against the same unprotected SQL, same file, same DuckDB, all processors',
    scale,
    ...sizeOf(scale),
    repeats,
    loadSeconds: digits(loading / 1000),
    geometricMean: mean(ratios(() => true)),
    geometricMeanTpch: mean(ratios((one) => one.kind === 'tpch')),
    geometricMeanProcessor: mean(measured.map((one) => one.processorRatio)),
    geometricMeanTwoLevel: mean(measured.map((one) => one.twoLevelRatio)),
    worst: Math.max(...ratios(() => true)),
    worstSummary: Math.max(...ratios((one) => one.kind === 'summary')),
    questions: measured,
  })
  writeReport()
}
