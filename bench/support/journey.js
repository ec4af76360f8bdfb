// @ts-check
/**
 * The Complete Journey (84.51, CC0) as a product: every household of the transactions and campaigns is a person, whose demographics may be missing; everybody's yes is in
 * force, because the publisher's data have no choices. Nothing is generated but a year of birth and a place, which no question reads.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { built, root } from './bench.js'

/**
 * Bounds of the tests' contract are those of a whole record; the publisher's sample has one line in twenty. So from what a grocer knows, not from the rows: a household that
 * comes twice a week for ten lines has some 1,000 lines and 3,000 dollars a year, of which about 50 lines and 150 dollars are in the sample; twice that are let count.
 */
const sampled = [
  ['usufructMaxRowsPerPerson, value: { rows: 1000 }', 'usufructMaxRowsPerPerson, value: { rows: 100 }'],
  ['amount: 2000', 'amount: 150'],
  ['amount: 3000', 'amount: 300'],
  ['amount: 600', 'amount: 60'],
  ['amount: 200', 'amount: 10'],
]

export async function journeyCatalogue() {
  const { lint } = await built('contract/lint.js')
  let text = readFileSync(join(root, 'test', 'query', 'contracts', 'complete-journey.odcs.yaml'), 'utf8')
  for (const [from = '', to = ''] of sampled) {
    if (text.split(from).length !== 2) throw new Error(`the contract says "${from}" not exactly once`)
    text = text.replace(from, to)
  }
  const { catalogue, findings } = lint(text, 'journey', {
    knownPurposes: ['product-statistics', 'scientific-research'],
  })
  if (!catalogue) throw new Error(`the contract of the benchmark does not lint: ${JSON.stringify(findings)}`)
  return catalogue
}

/** Writes every table as the contract names it; gives the sources of the load, and the people. @param {string} data folder of the publisher's files @param {string} out */
export async function writeJourney(data, out) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const from = (/** @type {string} */ name) => `read_parquet('${join(data, `${name}.parquet`).replaceAll("'", "''")}')`
  const path = (/** @type {string} */ name) => join(out, `${name}.parquet`)
  /** @type {Readonly<Record<string, string>>} */
  const selects = {
    demographics: `SELECT household_id::VARCHAR AS household_id, 1970 AS birth_year, 'US-OH' AS state, age,
        CASE WHEN regexp_extract(income, '^[0-9]+')::VARCHAR IN ('100', '125', '150', '175', '200', '250') THEN '100K and more' ELSE income END AS income,
        CASE WHEN home_ownership IN ('Homeowner', 'Renter') THEN home_ownership WHEN home_ownership IS NOT NULL THEN 'Unknown' END AS home_ownership, household_size,
        TRY_CAST(regexp_extract(kids_count::VARCHAR, '[0-9]+') AS INTEGER) AS kids_count
      FROM (SELECT DISTINCT household_id FROM (SELECT household_id FROM ${from('transactions_sample')} UNION ALL SELECT household_id FROM ${from('campaigns')}
        UNION ALL SELECT household_id FROM ${from('coupon_redemptions')} UNION ALL SELECT household_id FROM ${from('demographics')}))
        LEFT JOIN ${from('demographics')} USING (household_id)`,
    transactions: `SELECT household_id::VARCHAR AS household_id, store_id::VARCHAR AS store_id, basket_id::VARCHAR AS basket_id, product_id::VARCHAR AS product_id,
        quantity::BIGINT AS quantity, round(sales_value::DOUBLE, 2)::DECIMAL(12, 2) AS sales_value, round(retail_disc::DOUBLE, 2)::DECIMAL(12, 2) AS retail_disc,
        round(coupon_disc::DOUBLE, 2)::DECIMAL(12, 2) AS coupon_disc, week::INTEGER AS week, transaction_ts::TIMESTAMP AS transaction_ts FROM ${from('transactions_sample')}`,
    campaigns: `SELECT household_id::VARCHAR AS household_id, campaign_id::INTEGER AS campaign_id FROM ${from('campaigns')}`,
    coupon_redemptions: `SELECT household_id::VARCHAR AS household_id, campaign_id::INTEGER AS campaign_id, coupon_upc::VARCHAR AS coupon_upc, redemption_date::DATE AS redemption_date
      FROM ${from('coupon_redemptions')}`,
    products: `SELECT product_id::VARCHAR AS product_id, CASE WHEN department IN ('GROCERY', 'PRODUCE', 'MEAT', 'DELI', 'DAIRY', 'FROZEN', 'DRUG GM') THEN department END AS department,
        brand, product_category, package_size FROM ${from('products')}`,
    campaign_descriptions: `SELECT campaign_id::INTEGER AS campaign_id, campaign_type, start_date::DATE AS start_date, end_date::DATE AS end_date FROM ${from('campaign_descriptions')}`,
  }
  try {
    for (const [name, select] of Object.entries(selects))
      await connection.run(`COPY (${select}) TO '${path(name)}' (FORMAT parquet)`)
    const people = await connection.runAndReadAll(`SELECT household_id FROM read_parquet('${path('demographics')}')`)
    return {
      sources: Object.fromEntries(
        Object.keys(selects).map((name) => [name, { kind: /** @type {const} */ ('parquet'), path: path(name) }]),
      ),
      people: people.getRows().map(([id]) => String(id)),
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
