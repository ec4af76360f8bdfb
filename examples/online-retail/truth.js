// @ts-check
/**
 * What is true of the customers who said yes, counted from the prepared files with plain SQL, apart from the house and its engine. The order lines are
 * real, so this file does what nobody may do with real choices; here the choices are generated.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** Bounds of contract.odcs.yaml: of one line, and of one customer's lines together. */
const lineBounds = 'quantity BETWEEN -1000 AND 1000 AND unit_price BETWEEN 0 AND 1000 AND amount BETWEEN -2000 AND 2000'
const customerBound = 4000

/**
 * @typedef {{ customers: number, boundedCustomers: number, revenue: bigint, bounded: bigint }} Country
 * Revenue in thousandths of a pound: of all lines, and with every line and every customer bounded as the contract says.
 */

/**
 * Customers and revenue by country, of the customers of age in a known country whose newest choice for the purpose is a yes.
 * @param {string} folder what prepare.js wrote @param {string} purpose @param {string} today YYYY-MM-DD
 * @returns {Promise<Map<string, Country>>}
 */
export async function truthOf(folder, purpose, today) {
  const yes = [...newestChoices(folder, purpose)].filter(([, status]) => status === 'given').map(([person]) => person)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run('CREATE TABLE yes (customer_id VARCHAR)')
    for (let at = 0; at < yes.length; at += 1000)
      await connection.run(
        `INSERT INTO yes VALUES ${yes
          .slice(at, at + 1000)
          .map((id) => `('${id.replaceAll("'", "''")}')`)
          .join()}`,
      )
    // Of a year of birth only the end is certain: of age from 1 January after the 18th birthday's year.
    const rows = await connection.runAndReadAll(`
      WITH people AS (
        SELECT customer_id, country FROM ${file(folder, 'customers')} JOIN yes USING (customer_id)
        WHERE country IS NOT NULL AND birth_year + 19 <= ${Number(today.slice(0, 4))}),
      each AS (
        SELECT country, customer_id, sum(amount) AS revenue, count(*) FILTER (${lineBounds}) AS lines,
          least(greatest(coalesce(sum(amount) FILTER (${lineBounds}), 0), -${customerBound}), ${customerBound}) AS bounded
        FROM ${file(folder, 'order_lines')} JOIN people USING (customer_id) GROUP BY country, customer_id)
      SELECT country, count(*), count(*) FILTER (lines > 0), (sum(revenue) * 1000)::HUGEINT, (sum(bounded) * 1000)::HUGEINT
      FROM each GROUP BY country ORDER BY country`)
    return new Map(
      rows.getRows().map(([country, customers, boundedCustomers, revenue, bounded]) => [
        String(country),
        {
          customers: Number(customers),
          boundedCustomers: Number(boundedCustomers),
          revenue: BigInt(String(revenue)),
          bounded: BigInt(String(bounded)),
        },
      ]),
    )
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** @param {string} folder @param {string} purpose */
function newestChoices(folder, purpose) {
  /** @type {Map<string, string>} */
  const newest = new Map()
  for (const line of readFileSync(join(folder, 'choices.jsonl'), 'utf8').split('\n')) {
    if (line === '') continue
    // In the order in which they were made.
    const event = JSON.parse(line)
    if (event.purpose === purpose) newest.set(event.person, event.status)
  }
  return newest
}

/** @param {string} folder @param {string} name */
const file = (folder, name) => `read_parquet('${join(folder, `${name}.parquet`).replaceAll("'", "''")}')`
