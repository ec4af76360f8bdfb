import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalogue, Column, Table } from '../../contract/catalogue.ts'
import { groupsTable, mostSquared, recordedTables, recordsTable, storedRecords } from '../../query/record.ts'
import { name, rowsOf } from '../duckdb/sql.ts'

/**
 * Adds up each person's whole record in each private table (query/record.ts), from the rows as they were stored: in the making of the same file, so that
 * no file has other records than its rows. Like every table about persons they carry the mask; nothing else of them ever changes.
 */
export async function storeRecords(connection: DuckDBConnection, catalogue: Catalogue): Promise<void> {
  for (const table of recordedTables(catalogue)) {
    await connection.run(`CREATE OR REPLACE TEMP TABLE _adding AS ${addingSql(table)}`)
    const { numbers } = storedRecords(table)
    const fits = await Promise.all(numbers.map((place) => inBigint(connection, `a${place}`)))
    // The engine reads 64-bit numbers many times faster than 128-bit ones; |Σx| <= Σ|x|.
    const narrow = numbers.filter((_, index) => fits[index]).flatMap((place) => [`a${place}`, `t${place}`])
    const replaced = narrow.map((column) => `${column}::BIGINT AS ${column}`)
    await connection.run(
      `CREATE TABLE ${name(recordsTable(table.name))} AS
       SELECT *${replaced.length === 0 ? '' : ` REPLACE (${replaced.join(', ')})`} FROM _adding ORDER BY _person`,
    )
    await connection.run('DROP TABLE _adding')
    for (const place of storedRecords(table).groups) await storeGroups(connection, table, place)
  }
}

/** The rows added up by person and member of one column. */
async function storeGroups(connection: DuckDBConnection, table: Table, key: number): Promise<void> {
  const { numbers } = storedRecords(table)
  const column = (place: number): string => name(table.columns[place]?.name ?? '')
  const totals = numbers.flatMap((place) => [
    `COALESCE(SUM(${column(place)}), 0)::HUGEINT AS _t${place}`,
    `COUNT(${column(place)}) AS _p${place}`,
  ])
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE _adding AS SELECT ${['_person', '0::INTEGER AS _mask', column(key), 'COUNT(*) AS _rows', ...totals].join(', ')}
     FROM ${name(table.name)} GROUP BY _person, ${column(key)}`,
  )
  const fits = await Promise.all(numbers.map((place) => inBigint(connection, `ABS(_t${place})`)))
  const narrow = numbers.flatMap((place, index) => (fits[index] ? [`_t${place}::BIGINT AS _t${place}`] : []))
  await connection.run(
    `CREATE TABLE ${name(groupsTable(table.name, key))} AS
     SELECT *${narrow.length === 0 ? '' : ` REPLACE (${narrow.join(', ')})`} FROM _adding ORDER BY _person`,
  )
  await connection.run('DROP TABLE _adding')
}

const inBigint = async (connection: DuckDBConnection, column: string): Promise<boolean> =>
  (await rowsOf(connection, `SELECT COALESCE(MAX(${column}), 0) < ${2n ** 62n} FROM _adding`))[0]?.[0] === true

function addingSql(table: Table): string {
  const { numbers, keys, squared } = storedRecords(table)
  const column = (place: number): Column => table.columns[place] as Column
  const totals = numbers.flatMap((place) => {
    const x = name(column(place).name)
    return [
      `COALESCE(SUM(${absolute(column(place))}), 0)::HUGEINT AS a${place}`,
      `COALESCE(SUM(${x}), 0)::HUGEINT AS t${place}`,
      `COUNT(${x}) AS p${place}`,
    ]
  })
  const grouped = keys.map((key) => {
    const amounts = squared.map(
      (place) => `LEAST(COALESCE(SUM(${absolute(column(place))}), 0), ${mostSquared}::HUGEINT)::HUGEINT AS s${place}`,
    )
    const roots = squared.map((place) => `${root(`SUM(s${place} * s${place})`)} AS r${key}_${place}`)
    return `(SELECT ${['_person', `COUNT(*) AS g${key}`, `${root('SUM(n * n)')} AS r${key}`, ...roots].join(', ')}
      FROM (SELECT ${['_person', 'COUNT(*)::HUGEINT AS n', ...amounts].join(', ')} FROM ${name(table.name)}
        GROUP BY _person, ${name(column(key).name)}) GROUP BY _person)`
  })
  const joins = grouped.map((one, index) => `JOIN ${one} AS k${index} USING (_person)`)
  return `SELECT * FROM (SELECT ${['_person', '0::INTEGER AS _mask', 'COUNT(*) AS rows', ...totals].join(', ')}
      FROM ${name(table.name)} GROUP BY _person) AS r ${joins.join(' ')}`
}

/**
 * A whole number at least the root of q < 2^126. Below 2^50 it is the least one: the engine's root is rounded correctly, and no root of a number between two
 * squares is nearer to a whole number than to the next binary fraction. Above, a millionth of a millionth and one more outweigh every rounding.
 */
const root = (q: string): string =>
  `CASE WHEN ${q} < ${2n ** 50n} THEN CEIL(SQRT((${q})::DOUBLE)) ELSE CEIL(SQRT((${q})::DOUBLE) * (1 + 1e-12)) + 1 END::BIGINT`

/** |x|: of a column whose declared bounds keep clear of the end of BIGINT in 64 bits, else in 128. */
function absolute(column: Column): string {
  const safe = 2n ** 62n
  const { minimum, maximum } = column
  const fits = minimum !== undefined && maximum !== undefined && minimum > -safe && maximum < safe
  return fits ? `ABS(${name(column.name)})` : `ABS(CAST(${name(column.name)} AS HUGEINT))`
}
