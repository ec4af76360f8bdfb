// @ts-check
/**
 * Makes the inputs of the example from the real data:
 *
 *     node examples/online-retail/prepare.js [--data FILE] [--out FOLDER] [--seed TEXT] [--day YYYY-MM-DD]
 *
 * FILE is online_retail.parquet (columns in README.md), FOLDER is data/ beside this file if not given. The order lines are real; years of birth and
 * choices are generated from the seed, the choices as if made in the two months before the day (today if not given), and their evidence says so.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'

const root = fileURLToPath(new URL('../..', import.meta.url))
const dayMs = 86_400_000

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, out: { type: 'string' }, seed: { type: 'string' }, day: { type: 'string' } },
  })
  const source = values.data ?? join(root, '..', 'shared', 'data', 'online-retail', 'online_retail.parquet')
  if (!existsSync(source)) {
    process.stderr.write(
      `${source} is not there. README.md of the example says where the data comes from; name it with --data FILE.\n`,
    )
    process.exitCode = 1
  } else {
    const made = await prepare({ ...values, source })
    process.stdout.write(
      `${made.customers} customers, ${made.lines} order lines, ${made.given} say yes (years of birth and choices are generated): ${made.folder}\n`,
    )
  }
}

/**
 * Writes customers.parquet, order_lines.parquet and choices.jsonl. Lines without a customer are kept: the load sets them aside and counts them.
 * @param {{ source: string, out?: string | undefined, seed?: string | undefined, day?: string | undefined }} request
 */
export async function prepare(request) {
  const folder = request.out ?? fileURLToPath(new URL('data', import.meta.url))
  const seed = request.seed ?? 'online-retail'
  const day = Date.parse(`${request.day ?? new Date().toISOString().slice(0, 10)}T00:00:00Z`)
  if (Number.isNaN(day)) throw new RangeError(`--day: "${request.day}" is no day`)
  mkdirSync(folder, { recursive: true })

  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const run = (/** @type {string} */ sql) => connection.runAndReadAll(sql)
    await run(`CREATE VIEW source AS SELECT *, file_row_number AS row_number
      FROM read_parquet(${text(request.source)}, file_row_number = true)`)
    const people = await run(`SELECT customer_id::VARCHAR FROM source WHERE customer_id IS NOT NULL
      GROUP BY customer_id ORDER BY customer_id`)
    const customers = people.getRows().map(([id]) => String(id))

    await run('CREATE TABLE ages (customer_id VARCHAR, birth_year INTEGER)')
    for (let at = 0; at < customers.length; at += 1000)
      await run(
        `INSERT INTO ages VALUES ${customers
          .slice(at, at + 1000)
          .map((id) => `('${id}', ${birthYear(seed, id) ?? 'NULL'})`)
          .join()}`,
      )
    await run(
      copyTo(
        folder,
        'customers',
        `SELECT customer_id, birth_year, nullif(country, 'Unspecified') AS country FROM ages
      JOIN (SELECT customer_id::VARCHAR AS customer_id, country,
          row_number() OVER (PARTITION BY customer_id ORDER BY count(*) DESC, country) AS place
        FROM source GROUP BY customer_id, country) USING (customer_id)
      WHERE place = 1 ORDER BY customer_id`,
      ),
    )
    await run(
      copyTo(
        folder,
        'order_lines',
        `SELECT 'L' || (row_number + 1) AS line_id, customer_id::VARCHAR AS customer_id, invoice_no, stock_code,
        quantity, unit_price, (quantity * unit_price)::DECIMAL(18, 3) AS amount, invoice_ts AS ordered_at
      FROM source ORDER BY row_number`,
      ),
    )
    const [[lines] = []] = (await run('SELECT count(*) FROM source')).getRows()

    const choices = customers.flatMap((id) => choicesOf(seed, id, day))
    writeFileSync(join(folder, 'choices.jsonl'), choices.map((choice) => `${JSON.stringify(choice)}\n`).join(''))
    const statuses = new Map(choices.map((choice) => [choice.record_id, choice.status]))
    const given = [...statuses].filter(
      ([id, status]) => id.endsWith('/product-statistics') && status === 'given',
    ).length
    return { folder, customers: customers.length, lines: Number(lines), events: choices.length, given }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Generated: between 18 and 84 years old in 2011; one in a hundred did not say. @param {string} seed @param {string} id */
function birthYear(seed, id) {
  return draw(seed, id, 'age known', 100) === 0 ? undefined : 1927 + draw(seed, id, 'birth year', 67)
}

/** Generated: 60 of 100 say yes to product statistics and one in thirty of them takes it back; 35 of 100 say yes to research; others say no. */
/** @param {string} seed @param {string} id @param {number} day */
function choicesOf(seed, id, day) {
  return [
    ...choice('product-statistics', draw(seed, id, 'statistics', 100) < 60, draw(seed, id, 'takes back', 30) === 0),
    ...choice('scientific-research', draw(seed, id, 'research', 100) < 35, false),
  ]

  /** @param {string} purpose @param {boolean} yes @param {boolean} takesBack */
  function choice(purpose, yes, takesBack) {
    const at = day - (10 + draw(seed, id, purpose, 50)) * dayMs
    const event = (/** @type {string} */ status, /** @type {number} */ when) => ({
      id: `${seed}-${id}-${purpose}-${status}`,
      record_id: `${id}/${purpose}`,
      person: id,
      purpose,
      status,
      at: new Date(when).toISOString(),
      notice: { id: 'orders', version: '1' },
      entity: 'person',
      evidence: { method: 'generated', reference: `made up for the example from seed "${seed}"` },
    })
    const first = event(yes ? 'given' : 'refused', at)
    return yes && takesBack ? [first, event('withdrawn', at + 5 * dayMs)] : [first]
  }
}

/** A number from 0 to n - 1 that depends on the seed, the customer and the question only. */
/** @param {string} seed @param {string} id @param {string} about @param {number} n */
function draw(seed, id, about, n) {
  return createHash('sha256').update(`${seed}\n${about}\n${id}`).digest().readUInt32BE(0) % n
}

/** @param {string} folder @param {string} name @param {string} sql */
function copyTo(folder, name, sql) {
  return `COPY (${sql}) TO ${text(join(folder, `${name}.parquet`))} (FORMAT parquet, COMPRESSION zstd,
    KV_METADATA { note: 'Usufruct example. Source: D. Chen (2015), Online Retail, doi 10.24432/C5BW33, CC BY 4.0. birth_year is generated.' })`
}

/** @param {string} value */
function text(value) {
  return `'${value.replaceAll("'", "''")}'`
}
