// @ts-check
/**
 * Crediting one release to everybody in it: Books.charge on PostgreSQL books with 10,000 and with 1,000,000 people, in alternating order. The charge holds the
 * buyer's money, takes rho from every person's limits and credits every person's pay; nothing is written per person.
 */
import { join } from 'node:path'
import { alternate, built, digits, inFolder, median, quantile, saveResult, timed } from './support/bench.js'
import { writeReport } from './support/report.js'

const { openBooks } = await built('store/postgres/open.js')
const { personMayTakePart } = await built('law/person.js')
const { defaultLimits } = await built('privacy/limits.js')
const { noisyUpperBounds } = await built('privacy/noise.js')
const { expectAccepted } = await built('base/refusal.js')
const { parseInstant, microsPerDay } = await built('base/instant.js')

const sizes = [10_000, 1_000_000]
const purpose = 'product-statistics'
const page = 20_000
const leaf = new TextEncoder().encode('benchmark')
/** @type {bigint} */
let now = parseInstant('2026-12-01T08:00:00Z')
const tick = () => ++now

await inFolder(async (folder) => {
  const houses = []
  try {
    for (const people of sizes) houses.push(await openHouse(join(folder, `${people}`), people))
    const times = await alternate(
      Object.fromEntries(houses.map((house) => [`${house.people}`, () => house.charge()])),
      { warmups: 20, repeats: 200 },
    )
    const [few = [], many = []] = sizes.map((people) => times[`${people}`])
    for (const house of houses) await house.assertCredited()
    saveResult('charge', {
      what: 'Books.charge on embedded PostgreSQL, one purpose, everybody in force',
      repeats: few.length,
      sizes: houses.map((house) => ({
        people: house.people,
        medianMilliseconds: digits(median(times[`${house.people}`] ?? [])),
        p99Milliseconds: digits(quantile(times[`${house.people}`] ?? [], 0.99)),
        fillSeconds: digits(house.fillSeconds),
      })),
      ratioOfMedians: digits(median(many) / median(few)),
    })
    writeReport()
  } finally {
    for (const house of houses) await house.books.close()
  }
})

/** Books with so many people whose yes is in force, in an open period. @param {string} home @param {number} people */
async function openHouse(home, people) {
  const books = await openBooks({ home, law: personMayTakePart })
  const key = (/** @type {number} */ index) => `p${index}`
  const pages = Array.from({ length: Math.ceil(people / page) }, (_, index) => ({
    from: index * page,
    to: Math.min(people, (index + 1) * page),
  }))
  const range = (/** @type {{ from: number, to: number }} */ { from, to }) =>
    Array.from({ length: to - from }, (_, index) => key(from + index))
  const budget = { nano: 450_000_000n, days: 365, maxPerRelease: 5_000_000n }
  let periodId = ''
  const fill = await timed(async () => {
    await books.init(
      {
        name: 'Benchmark',
        currency: 'EUR',
        origin: 'bench.example/log',
        limits: defaultLimits,
        periodDays: 7,
        rateLadder: [5_000n],
      },
      tick(),
      leaf,
    )
    expectAccepted(
      await books.applyContract(
        {
          product: 'baskets',
          version: '1',
          hash: '00'.repeat(32),
          yaml: '',
          purposes: [purpose],
          budget,
          appliedAt: tick(),
        },
        tick(),
        leaf,
      ),
    )
    await books.recordLoad(
      {
        id: 'load',
        product: 'baskets',
        contractVersion: '1',
        file: 'none',
        sourceHash: '00'.repeat(32),
        report: {},
        loadedAt: tick(),
      },
      (async function* () {
        for (const one of pages) yield range(one).map((person) => ({ person, adultOn: 10_000, place: 'north' }))
      })(),
      tick(),
      leaf,
    )
    for (const one of pages) {
      const at = tick()
      expectAccepted(
        await books.recordChoices(
          range(one).map((person) => ({
            id: `yes-${person}`,
            recordId: `${person}/${purpose}`,
            person,
            purpose,
            status: 'given',
            at,
            validUntil: at + 365n * microsPerDay,
            entity: 'person',
            evidence: { method: 'benchmark' },
          })),
          at,
        ),
      )
    }
    expectAccepted(await books.addBuyer({ id: 'buyer', name: 'Buyer' }, tick()))
    expectAccepted(await books.approveBuyer('buyer', purpose, tick()))
    expectAccepted(await books.fundBuyer('buyer', 1_000_000_000_000n, 'fund', tick()))
    const begun = expectAccepted(
      await books.beginPeriod(
        { id: 'period', endsAt: now + 7n * microsPerDay, rate: 5_000n, headCountNano: defaultLimits.headCount },
        tick(),
      ),
    )
    const bounds = noisyUpperBounds(begun.exact, [purpose], defaultLimits.headCount)
    periodId = (await books.finishPeriod(begun.id, bounds, tick(), leaf)).id
  })
  let number = 0
  // Small enough that no limit and no budget is reached.
  const nano = 100_000n
  return {
    books,
    people,
    fillSeconds: fill / 1000,
    async charge() {
      const releaseId = `release-${++number}`
      const charged = expectAccepted(
        await books.charge(
          {
            releaseId,
            buyer: 'buyer',
            product: 'baskets',
            purpose,
            nano,
            delta: 0n,
            price: 1_000_000n,
            rate: 5_000n,
            pool: 700_000n,
            shares: { steward: 200_000n, operator: 50_000n, reserve: 50_000n },
            periodId,
            loadId: 'load',
            memoKey: releaseId,
            plan: {},
            caps: { product: budget, house: defaultLimits },
          },
          tick(),
        ),
      )
      if (charged.existing) throw new Error('a charge that is measured is a new one')
    },
    /** The last person was credited like everybody: the benchmark did not charge an empty cohort. */
    async assertCredited() {
      const statement = expectAccepted(await books.statement(key(people - 1), tick()))
      const owed = statement.releases.filter((/** @type {{ buyer: string }} */ one) => one.buyer === 'buyer').length
      if (owed !== number) throw new Error(`person ${people - 1} was credited ${owed} of ${number} releases`)
    },
  }
}
