import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { dayText, parseDay } from '../../base/instant.ts'
import { decimalText } from '../../base/rational.ts'
import type { Day } from '../../base/units.ts'
import { type Catalogue, type Column, personsTable, type Table } from '../../contract/catalogue.ts'
import type { PersonFacts, PersonRecords } from '../../release/ports.ts'
import { openSession, type Session } from './session.ts'
import { countOf, name, rowsOf } from './sql.ts'

const pageRows = 10_000n

/**
 * What the law needs to know of every person of a load, in order of key. Takes an open session, or the name of a file that is not open.
 * A missing birth date or place stays undefined, and undefined means no.
 */
export async function* personFacts(
  source: Session | string,
  catalogue: Catalogue,
): AsyncIterable<readonly PersonFacts[]> {
  const session = typeof source === 'string' ? await openSession(source) : source
  try {
    const persons = personsTable(catalogue)
    const count = await session.work((connection) => countOf(connection, `SELECT count(*) FROM ${name(persons.name)}`))
    for (let from = 0n; from < BigInt(count); from += pageRows) {
      const rows = await session.work((connection) => rowsOf(connection, factsSql(persons, from)))
      yield rows.map(factsOf)
    }
  } finally {
    if (typeof source === 'string') await session.close()
  }
}

/** Every row about one person in one read-only transaction; the key is bound, never part of a text. */
export async function personRecords(
  connection: DuckDBConnection,
  catalogue: Catalogue,
  person: string,
): Promise<PersonRecords> {
  await connection.run('BEGIN TRANSACTION READ ONLY')
  const persons = personsTable(catalogue)
  const find = await connection.prepare(
    `SELECT _person FROM ${name(persons.name)} WHERE ${name(persons.personColumn ?? '')}::VARCHAR = $1`,
  )
  find.bindVarchar(1, person)
  const number = (await (await find.run()).getRows())[0]?.[0]
  const tables = []
  for (const table of number === undefined || number === null ? [] : catalogue.tables)
    if (table.kind !== 'public')
      tables.push({ table: table.name, rows: await rowsAbout(connection, table, String(number)) })
  return { person, tables }
}

/** Counts of the rows that were left out, for the steward. */
export async function quarantineSummary(
  session: Session,
): Promise<
  readonly { readonly table: string; readonly reason: string; readonly column: string; readonly rows: number }[]
> {
  const rows = await session.work((connection) =>
    rowsOf(connection, 'SELECT "table", reason, "column", count(*) FROM _quarantine GROUP BY ALL ORDER BY ALL'),
  )
  return rows.map(([table, reason, column, count]) => ({
    table: String(table),
    reason: String(reason),
    column: String(column),
    rows: Number(count),
  }))
}

/** Years by which everybody is of age in the law packs that there are (GDPR article 8 asks for 13 to 16; the house asks for 18). */
const adultAge = 18

/** The 18th birthday. Who was born on 29 February has it on 1 March where there is no 29th. */
export function adultOn(birth: Day): Day | undefined {
  const text = dayText(birth)
  const year = String(Number(text.slice(0, 4)) + adultAge).padStart(4, '0')
  return parseDay(`${year}${text.slice(4)}`) ?? parseDay(`${year}-03-01`)
}

/** Of a year of birth only the end is certain: of age on 1 January of the year after the 18th birthday's. */
export const adultOnByYear = (year: number): Day | undefined =>
  Number.isInteger(year) && year >= 0 && year < 9000
    ? parseDay(`${String(year + adultAge + 1).padStart(4, '0')}-01-01`)
    : undefined

function factsSql(persons: Table, from: bigint): string {
  const role = (role: Column['role']): string => {
    const column = persons.columns.find((c) => c.role === role)
    return column ? `${name(column.name)}::VARCHAR` : 'NULL'
  }
  return `SELECT ${name(persons.personColumn ?? '')}, ${role('birth_date')}, ${role('birth_year')}, ${role('place')}
    FROM ${name(persons.name)} WHERE _person >= ${from} AND _person < ${from + pageRows} ORDER BY _person`
}

function factsOf([person, birthDate, birthYear, place]: readonly DuckDBValue[]): PersonFacts {
  const birth = typeof birthDate === 'string' ? parseDay(birthDate.slice(0, 10)) : undefined
  const byYear = typeof birthYear === 'string' ? adultOnByYear(Number(birthYear)) : undefined
  return {
    person: String(person),
    adultOn: birth === undefined ? byYear : adultOn(birth),
    place: typeof place === 'string' && place !== '' ? place : undefined,
  }
}

async function rowsAbout(connection: DuckDBConnection, table: Table, number: string) {
  const columns = table.columns.filter((column) => table.kind === 'persons' || column.name !== table.personColumn)
  const values = columns.map((column) =>
    column.type === 'boolean' ? name(column.name) : `${name(column.name)}::VARCHAR`,
  )
  const rows = await rowsOf(
    connection,
    `SELECT ${[...values, '_person'].join(', ')} FROM ${name(table.name)} WHERE _person = ${number} ORDER BY rowid`,
  )
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, i) => [column.name, readable(column, table, row[i] ?? null)])),
  )
}

function readable(column: Column, table: Table, value: DuckDBValue): string | boolean | null {
  if (value === null || typeof value === 'boolean') return value
  const text = String(value)
  const isAmount = column.type === 'integer' || column.type === 'decimal'
  return isAmount && column.name !== table.personColumn ? decimalText(BigInt(text), column.scale) : text
}
