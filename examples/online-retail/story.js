// @ts-check
/** The gift shop as src/demo/ takes it: what the steward brings (a stage), and what is asked and true (a plot). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { truthOf } from './truth.js'

export const purpose = 'product-statistics'
const from = 'FROM order_lines JOIN customers USING (customer_id)'

/** Revenue and customers by country, at the most that the contract allows for one release. */
export const revenueSql = `SELECT country, SUM(amount) AS revenue, COUNT(DISTINCT customer_id) AS customers
${from} GROUP BY country`
export const revenueNano = 5_000_000n

/** @param {string} name */
const beside = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')

/** @param {string} folder what prepare.js wrote @returns {import('../../src/demo/stage.ts').Stage} */
export const stageOf = (folder) => ({
  contract: { name: 'contract.odcs.yaml', text: beside('contract.odcs.yaml') },
  sources: {
    customers: { kind: 'parquet', path: join(folder, 'customers.parquet') },
    order_lines: { kind: 'parquet', path: join(folder, 'order_lines.parquet') },
  },
  notice: { id: 'orders', version: '1', language: 'en', text: beside('notice.en.txt') },
  choices: { name: 'choices.jsonl', text: readFileSync(join(folder, 'choices.jsonl'), 'utf8') },
  buyers: [
    { id: 'lampmaker', name: 'A maker of lamps (made up)', purpose },
    { id: 'trade-school', name: 'A trade school (made up)', purpose: 'scientific-research' },
  ],
})

/** @param {string} folder what prepare.js wrote @param {string} today YYYY-MM-DD @returns {import('../../src/demo/story.ts').Plot} */
export const plotOf = (folder, today) => ({
  product: 'orders',
  purpose,
  buyer: 'lampmaker',
  asker: 'A maker of lamps',
  questions: [{ sql: revenueSql, nano: revenueNano, truth: () => besideAnswers(folder, today) }],
  next: `SELECT country, COUNT(DISTINCT customer_id) AS large_orders
${from} WHERE quantity >= 100 GROUP BY country`,
  people: peopleIn(folder),
  truthWords: [
    '"bounded" is what the contract promises: each line and each customer counted up to the declared bounds; the interval is around it.',
    '"true" has no bounds. Both are computed directly from the files, for the customers whose generated choice is a yes.',
    'With real choices nobody could print them: nothing in the house shows an exact number.',
  ].join('\n'),
})

/** @param {string} folder @param {string} today */
async function besideAnswers(folder, today) {
  const truth = await truthOf(folder, purpose, today)
  const all = [...truth.values()]
  const sum = (/** @type {(one: import('./truth.js').Country) => bigint} */ of) =>
    all.reduce((total, one) => total + of(one), 0n)
  const [bounded, revenue] = [sum((one) => one.bounded), sum((one) => one.revenue)]
  return {
    header: ['bounded', 'true', 'bias by bounding'],
    of: (/** @type {string} */ output, /** @type {string} */ country) => {
      const one = truth.get(country)
      if (output === 'customers') return counts(one?.boundedCustomers ?? 0, one?.customers ?? 0)
      return [
        pounds(one?.bounded ?? 0n),
        pounds(one?.revenue ?? 0n),
        pounds((one?.bounded ?? 0n) - (one?.revenue ?? 0n)),
      ]
    },
    words: [
      `all countries together: ${pounds(revenue)} GBP, bounded ${pounds(bounded)} GBP, a bias by bounding of ${percent(bounded - revenue, revenue)}: a few wholesalers spend most`,
    ],
  }
}

/** @param {number} bounded @param {number} whole */
const counts = (bounded, whole) => [`${bounded}`, `${whole}`, `${bounded - whole}`]

/** Thousandths of a pound as decimal text. @param {bigint} thousandths */
export function pounds(thousandths) {
  const digits = `${thousandths < 0n ? -thousandths : thousandths}`.padStart(4, '0')
  return `${thousandths < 0n ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`
}

/** @param {bigint} part @param {bigint} whole */
export const percent = (part, whole) => `${(Number((part * 10_000n) / (whole || 1n)) / 100).toFixed(2)} %`

/** Customers in the order of their first choice. @param {string} folder */
const peopleIn = (folder) => [
  ...new Set(
    readFileSync(join(folder, 'choices.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => /** @type {string} */ (JSON.parse(line).person)),
  ),
]
