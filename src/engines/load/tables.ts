import type { DuckDBConnection } from '@duckdb/node-api'
import { assert } from '../../base/assert.ts'
import { type Catalogue, type Column, personsTable, type Table } from '../../contract/catalogue.ts'
import { countOf, literal, name, rowsOf } from '../duckdb/sql.ts'
import { conversionOf, personKeyOf, type Reason, rowJson, storedType } from './convert.ts'
import type { Staged } from './source.ts'

/**
 * From "_raw", a source as it was read, to the stored table and the quarantine. "_checked" in between holds every row: the stored values v0, v1, …,
 * the person's key and number, and `why` ("reason/column") where the row must not stay.
 */

/** Converts and judges every row. Private tables need the persons table stored before. */
export async function checkRows(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  table: Table,
  staged: Staged,
): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE _checked AS ${checkingSql(catalogue, table, staged)}`)
  const key = keyColumns(table)
  if (key.length > 0) await markDuplicates(connection, table, key)
}

/** Stores the good rows, those of one person together, persons in order of their key. Returns their number. */
export async function storeRows(connection: DuckDBConnection, table: Table): Promise<number> {
  const values = storedColumns(table).map(({ column, place }) => `v${place} AS ${name(column.name)}`)
  const person = table.kind === 'persons' ? 'row_number() OVER (ORDER BY person_key) - 1' : 'person'
  const columns = table.kind === 'public' ? values : [...values, `${person} AS _person`, '0 AS _mask']
  const order = table.kind === 'public' ? 'place' : '_person, place'
  await connection.run(createSql(table))
  await connection.run(
    `INSERT INTO ${name(table.name)} BY NAME SELECT * EXCLUDE (place) FROM (SELECT ${columns.join(', ')}, place FROM _checked WHERE why IS NULL) ORDER BY ${order}`,
  )
  return countOf(connection, `SELECT count(*) FROM ${name(table.name)}`)
}

/** Keeps the other rows for the steward, as the source gave them. Returns how many there are, by reason. */
export async function quarantineRows(
  connection: DuckDBConnection,
  table: Table,
  staged: Staged,
): Promise<Readonly<Partial<Record<Reason, number>>>> {
  await connection.run(`INSERT INTO _quarantine
    SELECT ${literal(table.name)}, split_part(c.why, '/', 1), substr(c.why, strpos(c.why, '/') + 1), c.place + 1, c.person_key,
      ${rowJson(table.columns, (i) => `r.r${i}`)}
    FROM _checked c JOIN _raw r ON r.rowid = c.place WHERE c.why IS NOT NULL ORDER BY c.place`)
  if (staged.rejects) await quarantineRejects(connection, table)
  const rows = await rowsOf(
    connection,
    `SELECT reason, count(*) FROM _quarantine WHERE "table" = ${literal(table.name)} GROUP BY reason ORDER BY reason`,
  )
  return Object.fromEntries(rows.map(([reason, count]) => [String(reason), Number(count)]))
}

/** One line can be wrong in several ways; it is one row. Its number is that of the line in the file. */
async function quarantineRejects(connection: DuckDBConnection, table: Table): Promise<void> {
  await connection.run(`INSERT INTO _quarantine
    SELECT ${literal(table.name)}, 'unreadable_row', '', line, NULL, to_json(struct_pack(line := any_value(csv_line)))::VARCHAR
    FROM reject_errors GROUP BY line ORDER BY line`)
  await connection.run('DROP TABLE reject_errors')
  await connection.run('DROP TABLE reject_scans')
}

/** "_meta", and the table of rows that were left out. `person` serves a person's right to see and to erase what is held, "" columns a whole row. */
export const bookkeepingSql = `
  CREATE TABLE _meta (key VARCHAR, value VARCHAR);
  CREATE TABLE _quarantine ("table" VARCHAR, reason VARCHAR, "column" VARCHAR, row_number BIGINT, person VARCHAR, "row" VARCHAR);`

function checkingSql(catalogue: Catalogue, table: Table, staged: Staged): string {
  const personPlace = table.columns.findIndex((column) => column.name === table.personColumn)
  assert(table.kind === 'public' || personPlace >= 0, 'a table about persons declares its person column')
  const keyed = new Set(table.primaryKey)
  const conversions = storedColumns(table)
    .filter(({ place }) => place !== personPlace)
    .map(({ column, place }) => ({
      place,
      column,
      ...conversionOf(
        column,
        staged.kinds[place] ?? 'text',
        { raw: `r${place}`, clean: `c${place}`, typed: `v${place}` },
        column.required || (table.kind === 'public' && keyed.has(column.name)),
      ),
    }))
  const key =
    personPlace < 0
      ? 'NULL::VARCHAR'
      : personKeyOf(table.columns[personPlace] as Column, staged.kinds[personPlace] ?? 'text', `r${personPlace}`)
  const why = [
    ...(personPlace < 0 ? [] : personProblems(table)),
    ...conversions.map(({ column, problem }) => `${problem} || ${literal(`/${column.name}`)}`),
    ...(table.kind === 'private'
      ? [`CASE WHEN p._person IS NULL THEN ${literal(`unknown_person/${table.personColumn}`)} END`]
      : []),
  ]
  const stored = conversions.map(({ place }) => `v${place}`)
  if (table.kind === 'persons') stored.push(`person_key AS v${personPlace}`)
  const persons = personsTable(catalogue)
  const join =
    table.kind === 'private'
      ? `LEFT JOIN ${name(persons.name)} p ON p.${name(persons.personColumn ?? '')} = t.person_key`
      : ''
  return `
    SELECT place, person_key, ${table.kind === 'private' ? 'p._person' : 'NULL::BIGINT'} AS person, ${[...stored, ''].join(', ')}
      coalesce(${[...why, 'NULL'].join(',\n        ')}) AS why
    FROM (SELECT *, ${conversions.map(({ typed, place }) => `${typed} AS v${place}`).join(',\n        ') || '1 AS nothing'}
      FROM (SELECT *, rowid AS place, ${key} AS person_key${conversions.map(({ clean, place }) => `, ${clean} AS c${place}`).join('')}
        FROM _raw)) t ${join}`
}

function personProblems(table: Table): readonly string[] {
  return [
    `CASE WHEN person_key IS NULL THEN ${literal(`no_person/${table.personColumn}`)} END`,
    `CASE WHEN strlen(person_key) > 256 THEN ${literal(`too_long/${table.personColumn}`)} END`,
  ]
}

/** Rows that share a key identify nothing, so none of them stays, whichever of them would be good otherwise. */
async function markDuplicates(connection: DuckDBConnection, table: Table, key: readonly string[]): Promise<void> {
  const same = key.map((column) => `t.${column} = d.${column}`).join(' AND ')
  await connection.run(`UPDATE _checked AS t SET why = ${literal(`duplicate_key/${table.primaryKey.join(', ')}`)}
    FROM (SELECT ${key.join(', ')} FROM _checked GROUP BY ALL HAVING count(*) > 1) d
    WHERE t.why IS NULL AND ${same}`)
}

/** Columns of "_checked" that make the key of a persons or public table. */
function keyColumns(table: Table): readonly string[] {
  if (table.kind === 'persons') return ['person_key']
  if (table.kind === 'private') return []
  return table.primaryKey.map((key) => `v${table.columns.findIndex((column) => column.name === key)}`)
}

/** In private tables the person is a number: the key itself is stored once, with the person. */
export const storedColumns = (table: Table): readonly { readonly column: Column; readonly place: number }[] =>
  table.columns
    .map((column, place) => ({ column, place }))
    .filter(({ column }) => table.kind !== 'private' || column.name !== table.personColumn)

function createSql(table: Table): string {
  const columns = storedColumns(table).map(
    ({ column }) => `${name(column.name)} ${column.name === table.personColumn ? 'VARCHAR' : storedType(column)}`,
  )
  if (table.kind !== 'public') columns.push('_person BIGINT', '_mask INTEGER DEFAULT 0')
  return `CREATE TABLE ${name(table.name)} (${columns.join(', ')})`
}
