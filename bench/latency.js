// @ts-check
/** The whole way of a small question: SQL text → charge → engine → noise → log → receipt, on a house of the demo with embedded PostgreSQL. */
import { join } from 'node:path'
import { built, digits, inFolder, quantile, saveResult, timed } from './support/bench.js'
import { writeReport } from './support/report.js'

const { initHouse, openHouse } = await built('main.js')
const { buildNorthCoop } = await built('demo/build.js')
const { answer } = await built('release/answer.js')
const { quote } = await built('release/quote.js')
const { expectAccepted } = await built('base/refusal.js')
const { parseInstant } = await built('base/instant.js')

const members = 2_000
const asks = 200
const warmups = 10
const first = parseInstant('2026-12-01T08:00:00Z')
const started = process.hrtime.bigint()
const clock = { now: () => first + (process.hrtime.bigint() - started) / 1000n }

await inFolder(async (folder) => {
  const home = join(folder, 'home')
  expectAccepted(
    await initHouse(
      home,
      { name: 'Benchmark', currency: 'EUR', origin: 'bench.example/log', answerGridMilliseconds: 0 },
      clock,
    ),
  )
  const house = await openHouse(home, { clock })
  try {
    const filled = await buildNorthCoop(house, join(folder, 'world'), members, () => {})
    const question = (/** @type {number} */ index) => ({
      buyer: 'brightoat',
      product: 'baskets',
      purpose: 'product-statistics',
      sql: `SELECT region, COUNT(DISTINCT member_id) AS buyers FROM basket_lines JOIN members USING (member_id) WHERE spend_eur > ${index}.5 GROUP BY region`,
      // Little enough that no limit is reached: 210 of them cost rho 0.021.
      wish: { nano: 100_000n },
    })
    /** @type {Record<'quote' | 'ask' | 'again', number[]>} */
    const times = { quote: [], ask: [], again: [] }
    for (let index = 0; index < warmups + asks; index++) {
      const asked = question(index)
      const quoting = await timed(async () => expectAccepted(await quote(asked, house.world)))
      const asking = await timed(async () => isNew(expectAccepted(await answer(asked, {}, house.world)), true))
      const again = await timed(async () => isNew(expectAccepted(await answer(asked, {}, house.world)), false))
      if (index < warmups) continue
      times.quote.push(quoting)
      times.ask.push(asking)
      times.again.push(again)
    }
    saveResult('latency', {
      what: 'release/answer from SQL text to the stored receipt, one after the other',
      members,
      lines: filled.world.lines,
      asks,
      p50Milliseconds: digits(quantile(times.ask, 0.5)),
      p99Milliseconds: digits(quantile(times.ask, 0.99)),
      quoteP50Milliseconds: digits(quantile(times.quote, 0.5)),
      againP50Milliseconds: digits(quantile(times.again, 0.5)),
    })
    writeReport()
  } finally {
    await house.close()
  }
})

/** @param {{ again: boolean }} answered @param {boolean} wanted */
function isNew(answered, wanted) {
  if (answered.again === wanted) throw new Error(`the answer was ${answered.again ? 'an earlier' : 'a new'} one`)
}
