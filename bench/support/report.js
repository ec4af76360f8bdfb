// @ts-check
/** Writes docs/performance.md from bench/results/*.json: every number in it is one that was measured. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { busyFrom, readResult, root } from './bench.js'

const names = ['load', 'sql', 'query', 'charge', 'latency']
const thousands = (/** @type {number} */ n) => n.toLocaleString('en-US')

export function writeReport() {
  const found = new Map(
    names.flatMap((name) => {
      const result = readResult(name)
      return result === undefined ? [] : [/** @type {[string, any]} */ ([name, result])]
    }),
  )
  const parts = [...sections].filter(([name]) => found.has(name)).map(([name, write]) => write(found.get(name)))
  const text = [head, machines([...found.values()]), ...parts, tail].join('\n\n')
  writeFileSync(join(root, 'docs', 'performance.md'), `${text.trim()}\n`)
}

const head = `# Performance

Written by \`npm run bench\` from \`bench/results/*.json\`; nothing here is estimated. Ratios are of medians, both sides measured in the same run in alternating
order after rounds that do not count. They travel between machines better than times do.`

const tail = `## How it gets there

Each load stores, per person and private table, what the whole record adds up to (docs/load.md). and what it adds up to by member of each declared column. From contract and question alone the planner proves
which of three paths may be taken, and whether stored sums stand for rows (docs/way-of-a-query.md); all give the same integers, which the benchmark checks before it measures and the tests check at random.

What stays dear: counting people in many groups when the contract counts each in few of them. There most people are above the bound, no certificate helps, and the first of everybody's
stored groups in salted order are looked for, one MD5 each.`

/** @param {readonly any[]} results */
function machines(results) {
  const lines = new Set(
    results.map(
      ({ machine: m }) =>
        `${m.processor}, ${m.cores} cores, ${m.memoryGiB} GiB, ${m.system}; Node ${m.node}, DuckDB ${m.duckdb}`,
    ),
  )
  const busy = results.filter(({ machine: m }) => m.busyShareBefore === undefined || m.busyShareBefore > busyFrom)
  const words =
    busy.length === 0
      ? 'The machine was quiet when each benchmark began.'
      : `**Preliminary:** other work kept the processors busy when these began: ${busy
          .map(({ benchmark, machine: m }) =>
            m.busyShareBefore === undefined
              ? `${benchmark} (unknown)`
              : `${benchmark} (${Math.round(m.busyShareBefore * 100)} %)`,
          )
          .join(', ')}. Times are too long by that; ratios are rough.`
  const days = [...new Set(results.map(({ machine: m }) => m.date.slice(0, 10)))].join(', ')
  return `Measured on ${[...lines].join('; and ')}, ${days}. ${words}`
}

/** What misses its goal, in words. @param {any} r */
function short(r) {
  const missed = r.questions.filter((/** @type {any} */ q) => q.ratio > (q.path === 'records' ? 1 : 3))
  const names = missed.map((/** @type {any} */ q) => `"${q.name}" (${q.ratio}; ${q.processorRatio} of processor time)`)
  const mean = r.geometricMean > 1.5 ? ['the geometric mean'] : []
  return [...mean, ...names].length === 0 ? 'All are met.' : `**Not met:** ${[...mean, ...names].join(', ')}.`
}

/** @type {ReadonlyMap<string, (result: any) => string>} */
const sections = new Map([
  [
    'load',
    (r) => `## Loading

${thousands(r.rows)} rows of CSV (${Math.round(r.bytes / 1e6)} MB) into one data file: **${thousands(r.loadRowsPerSecond)} rows a second**; a plain \`CREATE TABLE AS FROM read_csv\` of the same files
with guessed types makes ${thousands(r.plainRowsPerSecond)}. The load takes **${r.ratioOfMedians} times** as long: it hashes the source, reads every value by the contract's rules, checks bounds,
domains and keys, sets wrong rows aside and stores in order of person. ${r.repeats} repeats.`,
  ],
  [
    'sql',
    (r) => `## Against the same SQL without protection

\`npm run bench:sql\`: ${thousands(r.lines)} generated order lines of ${thousands(r.customers)} customers, shaped like TPC-H at scale ${r.scale}, all in force. "Plain" is the question as an analyst would write it, over
the same stored tables, in the same DuckDB and the same run. Medians of ${r.repeats} rounds; the processor's time suffers less from other work than the clock does. "Two-level" is the way that bounds
everybody person by person.

**Geometric mean ${r.geometricMean}** by the clock (the five of TPC-H ${r.geometricMeanTpch}), ${r.geometricMeanProcessor} by the processor; two-level ${r.geometricMeanTwoLevel}. Worst ${r.worst}; worst from stored records ${r.worstSummary}.
Goals: 1.5, each at most 3, from stored records at most 1.0. ${short(r)}

| question | path | plain, ms | private, ms | ratio | of processor time | two-level |
|---|---|---:|---:|---:|---:|---:|
${r.questions
  .map(
    (/** @type {any} */ q) =>
      `| ${q.name} | ${q.path} | ${q.plainMilliseconds} | ${q.privateMilliseconds} | **${q.ratio}** | ${q.processorRatio} | ${q.twoLevelRatio} |`,
  )
  .join('\n')}

Loading took ${r.loadSeconds} s.`,
  ],
  [
    'query',
    (r) => `## A private question

${thousands(r.lines)} generated rows of ${thousands(r.people)} people, all in force, against the unprotected statement that the house prints, in the same DuckDB. That one clamps and compares every row,
which stored records and the flat pass save: hence ratios below 1. ${r.repeats} repeats; memory is the most that a process of its own held.

| question | private, ms | plain, ms | ratio | private, MiB | plain, MiB |
|---|---:|---:|---:|---:|---:|
${r.questions
  .map(
    (/** @type {any} */ q) =>
      `| ${q.name} | ${q.privateMilliseconds} | ${q.plainMilliseconds} | **${q.ratio}** | ${q.privatePeakMiB} | ${q.plainPeakMiB} |`,
  )
  .join('\n')}

Loading these rows from Parquet took ${r.loadSeconds} s; writing everybody's standing into the mask ${r.maskOfEverybodySeconds} s.`,
  ],
  [
    'charge',
    (r) => `## Crediting one release

One release is charged to and pays everybody in it, in real PostgreSQL books, durable. Nothing is written per person. ${r.repeats} repeats.

| people | median, ms | p99, ms | filling the books, s |
|---:|---:|---:|---:|
${r.sizes
  .map(
    (/** @type {any} */ s) =>
      `| ${thousands(s.people)} | ${s.medianMilliseconds} | ${s.p99Milliseconds} | ${s.fillSeconds} |`,
  )
  .join('\n')}

A hundred times the people: **${r.ratioOfMedians} times** the time. Filling is one load of the register and one recorded yes with evidence for everybody.`,
  ],
  [
    'latency',
    (r) => `## The whole way of a small question

From SQL text to a stored receipt with its proof, in a house of ${thousands(r.members)} members (${thousands(r.lines)} rows) on embedded PostgreSQL: every ask has another text, is charged, computed,
noised, posted and logged. ${r.asks} asks: **p50 ${r.p50Milliseconds} ms, p99 ${r.p99Milliseconds} ms**. A quote: p50 ${r.quoteP50Milliseconds} ms. The same question again: p50 ${r.againP50Milliseconds} ms.`,
  ],
])
