// @ts-check
/**
 * How good are answers? On two real data sets: nineteen and twenty questions of an analyst, the error by noise at three levels of rho beside what bounding takes away, and beside
 * the textbook's noise at equal epsilon; then whether the 95 % intervals hold, 1,000 times. Exact integers are computed once a question by the product's own statement,
 * noise is drawn by the product's own functions. Writes docs/accuracy.md. Looking at exact results is possible here because a benchmark is not the product.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { prepare } from '../examples/online-retail/prepare.js'
import { purpose, revenueNano, revenueSql, stageOf } from '../examples/online-retail/story.js'
import { truthOf } from '../examples/online-retail/truth.js'
import { errorsOf, unboundedQuery } from './support/accuracy-errors.js'
import { journeyQuestions, retailQuestions } from './support/accuracy-questions.js'
import { writeAccuracy } from './support/accuracy-report.js'
import { built, digits, inFolder, root, saveResult } from './support/bench.js'
import { coverageOf, pooled } from './support/coverage.js'
import { journeyCatalogue, writeJourney } from './support/journey.js'

const { initHouse, openHouse } = await built('main.js')
const { setStage } = await built('demo/stage.js')
const { createDuckDbEngine } = await built('engines/duckdb/engine.js')
const { load } = await built('engines/load/load.js')
const { parseQuery } = await built('query/parse.js')
const { planOf } = await built('query/plan.js')
const { printDuckdb } = await built('query/print/duckdb.js')
const { printPlanned } = await built('query/print/planned.js')
const { squareCentre } = await built('query/moments.js')
const { noisePlan } = await built('privacy/budget.js')
const { rhoToEps } = await built('privacy/accounting.js')
const { openRows } = await built('privacy/exact.js')
const { addNoise } = await built('privacy/noise.js')
const { halfWidth, tail } = await built('privacy/interval.js')
const { cellAt, evaluate } = await built('query/evaluate.js')
const { cellIndex } = await built('release/way/cells.js')
const { rootColumn, timesRoot } = await built('base/prefix-sums.js')
const { expectAccepted } = await built('base/refusal.js')

const data = process.env.USUFRUCT_DATA ?? join(root, '..', 'shared', 'data')
const retail = process.env.USUFRUCT_RETAIL ?? join(data, 'online-retail', 'online_retail.parquet')
const journey = join(data, 'complete-journey')
const today = '2026-12-01'
/** 0.0005, 0.005 and 0.05; the last is above what these contracts let one release take, so a home would declare more. */
const nanos = [500_000n, 5_000_000n, 50_000_000n]
/** What a person's year allows in all: the contracts' 0.45. */
const budgetNano = 450_000_000n
const repeats = 25
const coverageRepeats = 1000

const library = {
  ...{ openRows, addNoise, halfWidth, tail, evaluate, cellIndex, cellAt, noisePlan, rhoToEps, timesRoot, rootColumn },
  ...{ squareCentre, expectAccepted },
}

if (existsSync(retail) && existsSync(journey)) await inFolder(measure)
else
  process.stdout.write(
    `SKIPPED: ${retail} or ${journey} is not there. examples/online-retail/README.md says where the data come from; USUFRUCT_RETAIL and USUFRUCT_DATA name them.\n`,
  )

/** @param {string} folder */
async function measure(folder) {
  const files = join(folder, 'files')
  await prepare({ source: retail, out: files, day: today })
  const shop = await askShop(folder, files)
  const households = await askJourney(folder)
  const { coverage } = shop
  saveResult('accuracy', {
    what: '95 % intervals of revenue and customers by country around the exact bounded value, fresh noise; relative errors of many questions',
    repeats: coverageRepeats,
    pooled: digits(pooled(coverage), 5),
    outputs: coverage.map((one) => ({
      output: one.output,
      halfWidth: `${one.halfWidth}`,
      scale: one.scale,
      covered: digits(pooled([one]), 5),
      expected: digits(one.expected, 5),
      lowestCell: Math.min(...one.cells.map((cell) => cell.covered)) / coverageRepeats,
      highestCell: Math.max(...one.cells.map((cell) => cell.covered)) / coverageRepeats,
    })),
    cells: coverage.reduce((sum, one) => sum + one.cells.length, 0),
    errorRepeats: repeats,
    budgetRho: Number(budgetNano) / 1e9,
    sets: [
      { name: 'Online Retail', people: shop.people, questions: shop.questions },
      { name: 'The Complete Journey', people: households.people, questions: households.questions },
    ],
  })
  writeAccuracy(revenueSql, await truthOf(files, purpose, today))
}

/** The shop as a house of its own, with the mask as a release would find it. @param {string} folder @param {string} files */
async function askShop(folder, files) {
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
    const [loaded] = await world.books.loads(catalogue.product)
    const opened = await world.data(loaded)
    const newest = await world.books.sequence()
    await opened.applyStanding(world.books.standingChanges(0n, newest), newest)
    const place = { data: opened, catalogue, purposeBit: (await world.books.purposeBits())[purpose] }
    const { query, rows } = await exactOf(revenueSql, place)
    const plan = expectAccepted(noisePlan(query.measures, revenueNano))
    return {
      coverage: coverageOf(library, { query, plan, rows }, coverageRepeats),
      ...(await errorsOfAll(retailQuestions, 'SELECT COUNT(*) FROM customers', place)),
    }
  } finally {
    await house.close()
  }
}

/** @param {string} folder */
async function askJourney(folder) {
  const catalogue = await journeyCatalogue()
  const { sources, people } = await writeJourney(journey, folder)
  expectAccepted(await load({ catalogue, sources, directory: folder, fileName: 'journey.duckdb', asOf: 20_000 }))
  const opened = await createDuckDbEngine().open(join(folder, 'journey.duckdb'))
  try {
    await opened.applyStanding(everybody(people), 1n)
    return await errorsOfAll(journeyQuestions, 'SELECT COUNT(*) FROM demographics', {
      data: opened,
      catalogue,
      purposeBit: 0,
    })
  } finally {
    await opened.close()
  }
}

/** @param {readonly string[]} people */
async function* everybody(people) {
  yield people.map((person) => ({ sequence: 1n, person, bits: 1 }))
}

/** @typedef {{ data: any, catalogue: any, purposeBit: number }} Place */

/** The bounded integers of a question by the plan that the product would choose. @param {string} sql @param {Place} place */
async function exactOf(sql, { data: opened, catalogue, purposeBit }) {
  const query = expectAccepted(await parseQuery(sql, catalogue))
  const stored = (await opened.recordsOf()) === catalogue.hash
  const printed = printPlanned(query, catalogue, planOf(query, catalogue, stored), { purposeBit, stored })
  return { query, rows: await opened.run({ ...printed, parameters: { salt: '00' } }) }
}

/** The same integers with the bounds out of the way. @param {any} query @param {Place} place */
async function unboundedOf(query, { data: opened, catalogue, purposeBit }) {
  const wide = unboundedQuery(query)
  const printed = printDuckdb(wide, catalogue, { purposeBit })
  return { query: wide, rows: await opened.run({ ...printed, parameters: { salt: '00' } }) }
}

/** @param {readonly import('./support/accuracy-questions.js').Question[]} questions @param {string} counting @param {Place} place */
async function errorsOfAll(questions, counting, place) {
  const [counted] = openRows((await exactOf(counting, place)).rows)
  const measured = []
  for (const { name, sql } of questions) {
    const exact = await exactOf(sql, place)
    const errors = errorsOf(library, exact, await unboundedOf(exact.query, place), {
      nanos,
      repeats,
      budgetNano,
      groups: declaredGroups(exact.query, place.catalogue),
    })
    process.stdout.write(`${name}: ${errors.levels.map((one) => `${digits(one.ours)}`).join(', ')}\n`)
    measured.push({ name, sql: sql.replace(/\s+/g, ' '), ...errors })
  }
  return { people: Number(counted?.values[0] ?? 0n), questions: measured }
}

/** The contract's bound of groups, for the textbook's way. @param {any} query @param {any} catalogue */
function declaredGroups(query, catalogue) {
  const read = [
    query.source,
    ...(query.derived ?? []).flatMap((/** @type {any} */ one) =>
      one.branches.map((/** @type {any} */ branch) => branch.source),
    ),
  ]
  const names = new Set(
    read.flatMap((/** @type {any} */ source) => source.tables.map((/** @type {any} */ from) => from.table)),
  )
  const declared = catalogue.tables
    .filter((/** @type {any} */ table) => names.has(table.name))
    .map((/** @type {any} */ table) => Number(table.maxGroupsPerPerson ?? 1))
  return Math.max(1, ...declared)
}

/** The day for which the choices were generated. */
function clock() {
  let now = BigInt(Date.parse(`${today}T08:00:00Z`)) * 1000n
  return { now: () => ++now }
}
