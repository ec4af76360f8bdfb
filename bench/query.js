// @ts-check
/**
 * The private query against the same unprotected SQL on 10 million rows, in one DuckDB, in alternating order; everybody's yes is in force, so that both read the
 * same rows. Memory: the most that a process of its own held which ran the question once.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { basketsCatalogue, writeBaskets } from './support/baskets.js'
import { alternate, built, digits, inFolder, median, root, saveResult, timed } from './support/bench.js'
import { writeReport } from './support/report.js'

const { createDuckDbEngine } = await built('engines/duckdb/engine.js')
const { load } = await built('engines/load/load.js')
const { parseQuery } = await built('query/parse.js')
const { openRows } = await built('privacy/exact.js')
const { planOf } = await built('query/plan.js')
const { printPlain } = await built('query/print/duckdb.js')
const { printPlanned } = await built('query/print/planned.js')
const { expectAccepted } = await built('base/refusal.js')

const size = { people: 200_000, lines: 10_000_000 }
const joined = 'FROM lines JOIN people USING (person)'
const questions = {
  'people by region, one month': `SELECT region, COUNT(DISTINCT person) AS people ${joined} WHERE bought_on >= DATE '2026-03-01' AND bought_on < DATE '2026-04-01' GROUP BY region`,
  'sum by region': `SELECT region, SUM(spent) AS spent ${joined} GROUP BY region`,
  'sum by category': 'SELECT category, SUM(spent) AS spent FROM lines GROUP BY category',
  // Most people are in more groups than are counted, so they take the long way.
  'people by category': 'SELECT category, COUNT(DISTINCT person) AS people FROM lines GROUP BY category',
  'rows and sum by category, one month': `SELECT category, COUNT(*) AS lines, SUM(spent) AS spent FROM lines WHERE bought_on >= DATE '2026-03-01' AND bought_on < DATE '2026-04-01' GROUP BY category`,
}

/** As a release would ask a file that was loaded under this contract. @param {any} query @param {any} catalogue */
const planned = (query, catalogue) =>
  printPlanned(query, catalogue, planOf(query, catalogue, true), { purposeBit: 0, stored: true })

/** Counts of people by an attribute of theirs: bounding changes nothing. */
const unbounded = 'people by region, one month'

const [child, file] = process.argv.slice(2)
if (child && file) await runOnce(JSON.parse(child), file)
else await inFolder(measure)

/** @param {string} folder */
async function measure(folder) {
  const catalogue = await basketsCatalogue()
  const sources = await writeBaskets(folder, 'parquet', size)
  const loading = await timed(async () =>
    expectAccepted(await load({ catalogue, sources, directory: folder, fileName: 'data.duckdb', asOf: 20_000 })),
  )
  const path = join(folder, 'data.duckdb')
  const data = await createDuckDbEngine().open(path)
  /** @type {Record<string, Record<'private' | 'plain', number>>} */
  const medians = {}
  let mask = 0
  try {
    mask = await timed(() => data.applyStanding(everybody(), 1n))
    for (const [name, sql] of Object.entries(questions)) {
      const query = expectAccepted(await parseQuery(sql, catalogue))
      const times = await alternate(
        {
          private: () => data.run({ ...planned(query, catalogue), parameters: { salt: '00' } }),
          plain: () => data.run({ ...printPlain(query, catalogue), parameters: {} }),
        },
        { warmups: 1, repeats: 5 },
      )
      if (name === unbounded) await assertSame(data, query, catalogue)
      medians[name] = { private: median(times.private ?? []), plain: median(times.plain ?? []) }
    }
  } finally {
    await data.close()
  }
  saveResult('query', {
    what: 'one bounded statement against the same unprotected one, same file, same DuckDB, all processors',
    ...size,
    repeats: 5,
    loadSeconds: digits(loading / 1000),
    maskOfEverybodySeconds: digits(mask / 1000),
    questions: Object.entries(medians).map(([name, { private: bounded, plain }]) => {
      const memory = { private: peak(name, 'private', path), plain: peak(name, 'plain', path) }
      return {
        name,
        privateMilliseconds: digits(bounded),
        plainMilliseconds: digits(plain),
        ratio: digits(bounded / plain),
        privatePeakMiB: digits(memory.private),
        plainPeakMiB: digits(memory.plain),
        peakRatio: digits(memory.private / memory.plain),
      }
    }),
  })
  writeReport()
}

/** With everybody in force and nobody bounded both give the same integers: the mask is written, and the two statements ask the same. */
/** @param {any} data @param {any} query @param {any} catalogue */
async function assertSame(data, query, catalogue) {
  const counted = async (/** @type {any} */ printed) => {
    const rows = openRows(await data.run({ ...printed, parameters: { salt: '00' } }))
    return rows.map((/** @type {any} */ row) => `${row.keys}: ${row.values}`).sort()
  }
  const bounded = await counted(planned(query, catalogue))
  const plain = await counted(printPlain(query, catalogue))
  if (bounded.length === 0 || bounded.join() !== plain.join()) throw new Error('the two statements differ')
}

async function* everybody() {
  const page = 20_000
  for (let from = 0; from < size.people; from += page)
    yield Array.from({ length: page }, (_, index) => ({ sequence: 1n, person: `P${from + index}`, bits: 1 }))
}

/** MiB. @param {string} name @param {'private' | 'plain'} way @param {string} path */
function peak(name, way, path) {
  const ended = spawnSync(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify({ name, way }), path], {
    cwd: root,
    encoding: 'utf8',
  })
  if (ended.status !== 0)
    throw new Error(`the process that measures memory ended with ${ended.status}: ${ended.stderr}`)
  return Number(ended.stdout) / 1024
}

/** In a process of its own: opens the file, asks once, prints the most memory that was held, KiB. */
/** @param {{ name: keyof typeof questions, way: 'private' | 'plain' }} asked @param {string} path */
async function runOnce(asked, path) {
  const catalogue = await basketsCatalogue()
  const query = expectAccepted(await parseQuery(questions[asked.name], catalogue))
  const data = await createDuckDbEngine().open(path)
  const printed = asked.way === 'private' ? planned(query, catalogue) : printPlain(query, catalogue)
  await data.run({ ...printed, parameters: { salt: '00' } })
  await data.close()
  process.stdout.write(`${highWaterMark()}`)
}

/** Linux tells it in a file; elsewhere the process's own count has to do. */
function highWaterMark() {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    if (found) return Number(found[1])
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS
}
