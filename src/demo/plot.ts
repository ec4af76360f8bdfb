import { dayOf } from '../base/instant.ts'
import { decimalText } from '../base/rational.ts'
import type { House } from '../house/house.ts'
import type { Built } from './build.ts'
import type { Plot, PlotTruth } from './story.ts'
import { type Truth, truthOf } from './truth.ts'

const brand = 'brightoat'
const purpose = 'product-statistics'
const from = 'FROM basket_lines JOIN members USING (member_id) JOIN products USING (product_id)'

/** North Co-op: a brand of oat drinks asks how many members buy it, and where. */
export function northCoopPlot(house: House, built: Built): Plot {
  const truth = async (of: string | undefined, read: (truth: Truth, region: string) => string): Promise<PlotTruth> => {
    const counted = await truthOf(built.world, of, purpose, dayOf(house.world.clock.now()))
    return { header: ['true'], of: (_, region) => [read(counted, region)] }
  }
  return {
    product: 'baskets',
    purpose,
    buyer: brand,
    asker: 'A supplier',
    questions: [
      {
        sql: `SELECT region, COUNT(DISTINCT member_id) AS buyers
${from} WHERE brand = 'brightoat' GROUP BY region`,
        truth: () => truth(brand, ({ buyers }, region) => `${buyers[region]?.optedIn ?? 0}`),
      },
      {
        sql: `SELECT region, SUM(spend_eur) AS spend ${from} GROUP BY region`,
        nano: 5_000_000n,
        truth: () => truth(undefined, ({ cents }, region) => decimalText(cents[region]?.optedIn ?? 0n, 2)),
      },
    ],
    next: `SELECT region, COUNT(DISTINCT member_id) AS tea_buyers
${from} WHERE category = 'hot drinks' GROUP BY region`,
    people: Array.from({ length: 1000 }, (_, index) => `M${String(index + 1).padStart(5, '0')}`),
    truthWords:
      '"true" counts the people who said yes, from the files of this made-up world; with real people nobody could print it.',
  }
}
