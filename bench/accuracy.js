// @ts-check
/**
 * Do the 95 % intervals hold? On the real order lines of examples/online-retail: one engine run, then fresh noise and intervals 1,000 times; beside it the bias by
 * bounding, which no interval covers. Writes docs/accuracy.md. Looking at exact results is possible here because a benchmark is not the product.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepare } from '../examples/online-retail/prepare.js'
import { percent, pounds, purpose, revenueNano, revenueSql, stageOf } from '../examples/online-retail/story.js'
import { truthOf } from '../examples/online-retail/truth.js'
import { built, digits, inFolder, root, saveResult } from './support/bench.js'
import { coverageOf, pooled } from './support/coverage.js'

const { initHouse, openHouse } = await built('main.js')
const { setStage } = await built('demo/stage.js')
const { parseQuery } = await built('query/parse.js')
const { printDuckdb } = await built('query/print/duckdb.js')
const { noisePlan } = await built('privacy/budget.js')
const { openRows } = await built('privacy/exact.js')
const { addNoise } = await built('privacy/noise.js')
const { halfWidth, tail } = await built('privacy/interval.js')
const { evaluate } = await built('query/evaluate.js')
const { cellIndex } = await built('release/way/cells.js')
const { decimalText } = await built('base/rational.js')
const { expectAccepted } = await built('base/refusal.js')

const source =
  process.env.USUFRUCT_RETAIL ?? join(root, '..', 'shared', 'data', 'online-retail', 'online_retail.parquet')
const repeats = 1000
const today = '2026-12-01'

if (existsSync(source)) await inFolder(measure)
else
  process.stdout.write(
    `SKIPPED: ${source} is not there. examples/online-retail/README.md says where the data comes from; USUFRUCT_RETAIL names it.\n`,
  )

/** @param {string} folder */
async function measure(folder) {
  const files = join(folder, 'files')
  await prepare({ source, out: files, day: today })
  const sealed = await engineRun(folder, files)
  const library = { openRows, addNoise, halfWidth, tail, evaluate, cellIndex }
  const outputs = coverageOf(library, sealed, repeats)
  const truth = await truthOf(files, purpose, today)
  writeFileSync(join(root, 'docs', 'accuracy.md'), document(outputs, truth))
  saveResult('accuracy', {
    what: '95 % intervals of revenue and customers by country around the exact bounded value, fresh noise',
    repeats,
    pooled: digits(pooled(outputs), 5),
    outputs: outputs.map((one) => ({
      output: one.output,
      covered: digits(pooled([one]), 5),
      expected: digits(one.expected, 5),
      lowestCell: Math.min(...one.cells.map((cell) => cell.covered)) / repeats,
      highestCell: Math.max(...one.cells.map((cell) => cell.covered)) / repeats,
    })),
  })
}

/** The question with the mask as a release would find it, run once. @param {string} folder @param {string} files */
async function engineRun(folder, files) {
  const home = join(folder, 'home')
  expectAccepted(
    await initHouse(
      home,
      { name: 'Gift shop', currency: 'GBP', origin: 'bench.example/log', answerGridMilliseconds: 0 },
      clock(),
    ),
  )
  const house = await openHouse(home, { clock: clock() })
  try {
    const { world } = house
    await setStage(house, stageOf(files), () => {})
    const [contract] = await world.books.contracts()
    const catalogue = world.catalogue(contract)
    const query = expectAccepted(await parseQuery(revenueSql, catalogue))
    const [load] = await world.books.loads(catalogue.product)
    const data = await world.data(load)
    const newest = await world.books.sequence()
    await data.applyStanding(world.books.standingChanges(0n, newest), newest)
    const purposeBit = (await world.books.purposeBits())[purpose]
    const rows = await data.run({ ...printDuckdb(query, catalogue, { purposeBit }), parameters: { salt: '00' } })
    return { query, rows, plan: expectAccepted(noisePlan(query.measures, revenueNano)) }
  } finally {
    await house.close()
  }
}

/** The day for which the choices were generated. */
function clock() {
  let now = BigInt(Date.parse(`${today}T08:00:00Z`)) * 1000n
  return { now: () => ++now }
}

/**
 * @param {readonly import('./support/coverage.js').OutputCoverage[]} outputs
 * @param {ReadonlyMap<string, import('../examples/online-retail/truth.js').Country>} truth
 */
function document(outputs, truth) {
  const cells = outputs.reduce((sum, one) => sum + one.cells.length, 0)
  const share = (/** @type {number} */ part) => `${(100 * part).toFixed(2)} %`
  const each = (/** @type {import('./support/coverage.js').OutputCoverage} */ one) =>
    one.cells.map((cell) => cell.covered / one.repeats)
  const largest = [...truth].sort(([, a], [, b]) => (a.revenue < b.revenue ? 1 : -1)).slice(0, 6)
  const all = [...truth.values()].reduce(
    (sum, one) => ({ revenue: sum.revenue + one.revenue, bounded: sum.bounded + one.bounded }),
    { revenue: 0n, bounded: 0n },
  )
  const [revenue] = outputs
  const row = (/** @type {string} */ name, /** @type {{ revenue: bigint, bounded: bigint }} */ one) =>
    `| ${name} | ${pounds(one.revenue)} | ${pounds(one.bounded)} | ${pounds(one.bounded - one.revenue)} | ${percent(one.bounded - one.revenue, one.revenue)} |`
  return `# Accuracy

Written by \`npm run bench -- accuracy\`; every number is counted or computed. Data: the order lines of [examples/online-retail](../examples/online-retail/README.md) (D. Chen 2015,
UCI Online Retail, CC BY 4.0) with generated choices. The question, at rho 0.005:

\`\`\`sql
${revenueSql}
\`\`\`

## Do the intervals hold?

What an interval covers is the exact **bounded** value: every row and every person counted up to what the contract declares. One engine run, then ${repeats.toLocaleString('en-US')} times fresh
noise and fresh intervals over all ${outputs[0]?.cells.length} countries: ${(cells * repeats).toLocaleString('en-US')} intervals, of which **${share(pooled(outputs))}** cover.

| output | half-width | the law of the noise says | counted | lowest country | highest country |
|---|---:|---:|---:|---:|---:|
${outputs
  .map(
    (one) =>
      `| ${one.output} | ${decimalText(one.halfWidth, one.scale)} | ${share(one.expected)} | ${share(pooled([one]))} | ${share(Math.min(...each(one)))} | ${share(Math.max(...each(one)))} |`,
  )
  .join('\n')}

Noise is a whole number, so a half-width cannot hit 95 % exactly: it is the smallest that covers at least 95 %. That shows where noise is small, as in counts of
people, and is nothing in sums. One country's ${repeats.toLocaleString('en-US')} repeats vary by about ±0.7 points (one standard deviation).

## What no interval covers: the bias by bounding

Bounding makes sums too small where a few people spend most. It is no secret and no accident: it follows from the bounds in the contract, which say how much of one
person can show. Nobody can read it off an answer, because the unbounded value is never computed. Here, where choices are generated, it can be counted from the files, in GBP:

| country | unbounded | bounded | bias | |
|---|---:|---:|---:|---:|
${[...largest.map(([country, one]) => row(country, one)), row('**all countries**', all)].join('\n')}

The half-width of the noise is ${decimalText(revenue?.halfWidth ?? 0n, revenue?.scale ?? 0)} GBP. The bias is larger than that in: ${biased(truth, revenue?.halfWidth ?? 0n)}. Everywhere
else the noise is the larger error.
`
}

/** @param {ReadonlyMap<string, import('../examples/online-retail/truth.js').Country>} truth @param {bigint} width */
function biased(truth, width) {
  const found = [...truth].filter(([, one]) => one.revenue - one.bounded > width).map(([country]) => country)
  return found.join(', ') || 'no country'
}
