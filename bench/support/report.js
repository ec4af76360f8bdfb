// @ts-check
/** Writes docs/performance.md from bench/results/*.json: every number in it is one that was measured. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { busyFrom, readResult, root } from './bench.js'

const names = ['load', 'query', 'charge', 'latency']
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

const tail = `## What is left: the flat path

Bounding a person's whole record is cheap where that person is in one group (the region of a member) and costs where rows fall into many. Whoever stays within every bound skips
the way over ordered groups; what is left is one GROUP BY of person and key more than the unprotected question has. Questions that count people in many groups
take longest, because there most people are above the bound on groups and take the whole way.

A stored certificate would save the GROUP BY of person too: per person and measure the load stores the sum of absolute values, the number of rows and of groups, in the transaction
that stores rows and mask. Whoever stays within a bound without any filter stays within it under every filter, and takes one flat GROUP BY. Of what that needs, the data file has row
values as whole grid units, and joins with public tables and the persons table are on declared unique keys. Missing are: the stored measures; a way to tell joins of two private tables,
which multiply rows and must keep today's way; a proof for each expression that a stored measure dominates it; a
version that ties the certificate to rows and mask, with today's way whenever it does not fit; and a test that fuzzes the certificate. The answer is the same integer by integer.`

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
    'query',
    (r) => `## A private question

${thousands(r.lines)} generated rows of ${thousands(r.people)} people, all in force, against the same SQL without protection in the same DuckDB. ${r.repeats} repeats; memory is the most that a
process of its own held.

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
