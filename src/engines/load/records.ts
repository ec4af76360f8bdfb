import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalogue, Column, Table } from '../../contract/catalogue.ts'
import { mostSquared, recordedTables, recordsTable, storedRecords } from '../../query/record.ts'
import { name } from '../duckdb/sql.ts'

/**
 * Adds up each person's whole record in each private table (query/record.ts), from the rows as they were stored: in the making of the same file, so that
 * no file has other records than its rows. Like every table about persons they carry the mask; nothing else of them ever changes.
 */
export async function storeRecords(connection: DuckDBConnection, catalogue: Catalogue): Promise<void> {
  for (const table of recordedTables(catalogue)) await connection.run(recordsSql(table))
}

export function recordsSql(table: Table): string {
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
    const sums = squared.map((place) => `SUM(s${place} * s${place})::HUGEINT AS q${key}_${place}`)
    return `(SELECT ${['_person', `COUNT(*) AS g${key}`, `SUM(n * n)::HUGEINT AS q${key}`, ...sums].join(', ')}
      FROM (SELECT ${['_person', 'COUNT(*)::HUGEINT AS n', ...amounts].join(', ')} FROM ${name(table.name)}
        GROUP BY _person, ${name(column(key).name)}) GROUP BY _person)`
  })
  const joins = grouped.map((one, index) => `JOIN ${one} AS k${index} USING (_person)`)
  return `CREATE TABLE ${name(recordsTable(table.name))} AS
    SELECT * FROM (SELECT ${['_person', '0::INTEGER AS _mask', 'COUNT(*) AS rows', ...totals].join(', ')}
      FROM ${name(table.name)} GROUP BY _person) AS r ${joins.join(' ')} ORDER BY _person`
}

/** |x|: of a column whose declared bounds keep clear of the end of BIGINT in 64 bits, else in 128. */
function absolute(column: Column): string {
  const safe = 2n ** 62n
  const { minimum, maximum } = column
  const fits = minimum !== undefined && maximum !== undefined && minimum > -safe && maximum < safe
  return fits ? `ABS(${name(column.name)})` : `ABS(CAST(${name(column.name)} AS HUGEINT))`
}
