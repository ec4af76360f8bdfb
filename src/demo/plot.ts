import { assert } from '../base/assert.ts'
import { dayOf } from '../base/instant.ts'
import { decimalText } from '../base/rational.ts'
import { findColumn, findTable } from '../contract/catalogue.ts'
import type { House } from '../house/house.ts'
import type { Built } from './build.ts'
import type { Plot, PlotTruth } from './story.ts'
import { type Truth, truthOf } from './truth.ts'

const brand = 'brightoat'
const purpose = 'product-statistics'
const from = 'FROM basket_lines JOIN members USING (member_id) JOIN products USING (product_id)'
const currency = 'EUR'

/** North Co-op: a brand of oat drinks asks how many members buy it, and where. */
export function northCoopPlot(house: House, built: Built): Plot {
  const counted = async (of: string | undefined): Promise<Truth> =>
    truthOf(built.world, {
      brand: of,
      purpose,
      today: dayOf(house.world.clock.now()),
      boundCents: await spendBound(house),
    })
  return {
    product: 'baskets',
    purpose,
    buyer: brand,
    asker: 'A supplier',
    questions: [
      {
        sql: `-- How many members buy something of Brightoat, by region?
SELECT region, COUNT(DISTINCT member_id) AS buyers
${from} WHERE brand = 'brightoat' GROUP BY region`,
        truth: async () => {
          const { buyers } = await counted(brand)
          return { header: ['true'], of: (_, region) => [`${buyers[region]?.optedIn ?? 0}`] }
        },
      },
      {
        sql: `-- What do members spend, by region?
SELECT region, SUM(spend_eur) AS spend ${from} GROUP BY region`,
        nano: 5_000_000n,
        truth: async () => spending(await counted(undefined), await spendBound(house)),
      },
    ],
    next: `-- How many members buy hot drinks, by region?
SELECT region, COUNT(DISTINCT member_id) AS tea_buyers
${from} WHERE category = 'hot drinks' GROUP BY region`,
    people: Array.from({ length: 1000 }, (_, index) => `M${String(index + 1).padStart(5, '0')}`),
    truthWords:
      '"true" counts the people who said yes, from the files of this made-up world; with real people nobody could print it.',
  }
}

/** The most that one member adds to a sum of spending, in cents: from the contract. */
async function spendBound({ world }: House): Promise<bigint> {
  const contract = (await world.books.contracts()).find((entry) => entry.product === 'baskets')
  const table = contract && findTable(world.catalogue(contract), 'basket_lines')
  const bound = table && findColumn(table, 'spend_eur')?.maxSumPerPerson
  assert(bound, 'the contract bounds what one member adds')
  return bound
}

/** The 95 % interval speaks of noise around the bounded sum; what bounding takes away stands beside it. */
function spending(truth: Truth, boundCents: bigint): PlotTruth {
  const euros = (cents: bigint | undefined): string => decimalText(cents ?? 0n, 2)
  const sums = Object.values(truth.cents)
  const whole = sums.reduce((sum, one) => sum + one.optedIn, 0n)
  const bounded = sums.reduce((sum, one) => sum + one.bounded, 0n)
  const perMille = whole === 0n ? 0n : ((whole - bounded) * 1000n + whole / 2n) / whole
  return {
    header: ['true, bounded', 'true'],
    of: (_, region) => [euros(truth.cents[region]?.bounded), euros(truth.cents[region]?.optedIn)],
    words: [
      `"true" is unbounded. In an answer one member adds at most ${euros(boundCents)} ${currency} ("true, bounded"), and the 95 % is of the noise around that.`,
      `Bounding cost a bias of ${decimalText(perMille, 1)} % too little: ${euros(whole - bounded)} of ${euros(whole)} ${currency}, all of it from the few who buy most.`,
      'A higher bound would mean less bias and more noise; the contract says which, before anybody asks.',
    ],
  }
}
