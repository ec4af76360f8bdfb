import type { DuckDBConnection } from '@duckdb/node-api'
import { accept, type Outcome } from '../../base/refusal.ts'
import type { Table } from '../../contract/catalogue.ts'
import { countOf, literal, name, rowsOf } from '../duckdb/sql.ts'
import type { RawKind } from './convert.ts'
import { isDiskFull } from './file.ts'
import { fingerprint, hashFile } from './hash.ts'
import { exactPath, matchColumns, type Staged, unreadable } from './source.ts'

/** Reads Parquet. Every type but DOUBLE has one exact text, and from there the rules are those of CSV. */
export async function stageParquet(connection: DuckDBConnection, table: Table, path: string): Promise<Outcome<Staged>> {
  const before = await fingerprint(table, path)
  if (!before.ok) return before
  const hash = await hashFile(table, path)
  if (!hash.ok) return hash
  const described = await describe(connection, path)
  if (!described) return unreadable(table, 'it is not Parquet')
  const matched = matchColumns(
    table,
    described.map((column) => column.name),
  )
  if (!matched.ok) return matched
  const chosen = matched.value.places.map((place) => described[place] as Described)
  const kinds = chosen.map((column): RawKind => (column.type === 'DOUBLE' ? 'double' : 'text'))
  try {
    await connection.run(stagingSql(path, chosen, kinds))
  } catch (error) {
    if (isDiskFull(error)) throw error
    return unreadable(table, 'it is not Parquet throughout')
  }
  const after = await fingerprint(table, path)
  if (!after.ok) return after
  if (after.value.mark !== before.value.mark) return unreadable(table, 'it was changed while it was read')
  return accept({
    kinds,
    rows: await countOf(connection, 'SELECT count(*) FROM _raw'),
    ignored: matched.value.ignored,
    bytes: before.value.bytes,
    hash: hash.value,
    rejects: false,
  })
}

interface Described {
  readonly name: string
  readonly type: string
}

async function describe(connection: DuckDBConnection, path: string): Promise<readonly Described[] | undefined> {
  try {
    const rows = await rowsOf(connection, `DESCRIBE SELECT * FROM ${parquet(path)}`)
    return rows.map(([column, type]) => ({ name: String(column), type: String(type) }))
  } catch {
    return undefined
  }
}

/** Columns come from inside the file alone, not from a folder's name ("region=north"). */
const parquet = (path: string): string => `read_parquet(${literal(exactPath(path))}, hive_partitioning = false)`

const stagingSql = (path: string, chosen: readonly Described[], kinds: readonly RawKind[]): string =>
  `CREATE OR REPLACE TEMP TABLE _raw AS
    SELECT ${chosen.map((column, i) => `${name(column.name)}${kinds[i] === 'double' ? '' : '::VARCHAR'} AS r${i}`).join(', ')}
    FROM ${parquet(path)}`
