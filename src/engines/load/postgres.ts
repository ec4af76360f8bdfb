import { createHash, type Hash } from 'node:crypto'
import { DOUBLE, type DuckDBConnection, type DuckDBValue, VARCHAR } from '@duckdb/node-api'
import pg from 'pg'
import { accept, type Outcome } from '../../base/refusal.ts'
import type { Table } from '../../contract/catalogue.ts'
import { appendColumns } from '../duckdb/sql.ts'
import type { RawKind } from './convert.ts'
import { isDiskFull } from './file.ts'
import { matchColumns, type Reading, type Source, type Staged, unreadable } from './source.ts'

type PostgresSource = Extract<Source, { kind: 'postgres' }>
type Row = readonly (string | null)[]

const pageRows = 10_000
const float8 = 701

/**
 * Reads a PostgreSQL table through a cursor, in one read-only snapshot, every value as PostgreSQL's own text; double precision alone is taken as
 * the number it is. Rows come in order of their text, so that the same rows have the same hash wherever the server keeps them.
 */
export async function stagePostgres(
  connection: DuckDBConnection,
  table: Table,
  source: PostgresSource,
  reading: Reading,
): Promise<Outcome<Staged>> {
  return withRows(table, source, async ({ kinds, ignored, pages }) => {
    const types = kinds.map((kind) => (kind === 'double' ? DOUBLE : VARCHAR))
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE _raw (${kinds.map((kind, i) => `r${i} ${kind === 'double' ? 'DOUBLE' : 'VARCHAR'}`).join(', ')})`,
    )
    const appender = await connection.createAppender('_raw', 'main', 'temp')
    const hash = createHash('sha256')
    let rows = 0
    let bytes = 0
    for await (const page of pages) {
      bytes += hashPage(hash, page)
      appendColumns(
        appender,
        types,
        kinds.map((kind, i) => page.map((row) => stagedValue(kind, row[i] ?? null))),
      )
      rows += page.length
      reading({ rows })
    }
    appender.closeSync()
    return { kinds, rows, ignored, bytes, hash: hash.digest('hex'), rejects: false }
  })
}

/** Hex SHA-256 over the text rows, as stagePostgres finds it. */
export const hashPostgres = (table: Table, source: PostgresSource): Promise<Outcome<string>> =>
  withRows(table, source, async ({ pages }) => {
    const hash = createHash('sha256')
    for await (const page of pages) hashPage(hash, page)
    return hash.digest('hex')
  })

const stagedValue = (kind: RawKind, text: string | null): DuckDBValue =>
  text === null || kind === 'text' ? text : Number(text)

/** Each value as its length in bytes, a colon and the text, a missing one as "-:"; so no two different rows read the same. */
function hashPage(hash: Hash, page: readonly Row[]): number {
  let bytes = 0
  for (const row of page) {
    let line = ''
    for (const value of row) {
      const length = value === null ? 0 : Buffer.byteLength(value)
      line += value === null ? '-:' : `${length}:${value}`
      bytes += length
    }
    hash.update(`${line}\n`)
  }
  return bytes
}

interface Rows {
  readonly kinds: readonly RawKind[]
  readonly ignored: readonly string[]
  readonly pages: AsyncIterable<readonly Row[]>
}

async function withRows<T>(table: Table, source: PostgresSource, use: (rows: Rows) => Promise<T>): Promise<Outcome<T>> {
  const relation = quotedRelation(source.table)
  if (!relation) return unreadable(table, `${source.table} is not the name of a PostgreSQL table`)
  let client: pg.Client
  try {
    client = new pg.Client({ connectionString: source.url, application_name: 'usufruct load' })
  } catch {
    return unreadable(table, 'its address is not that of a PostgreSQL server')
  }
  // Without a listener a connection lost between two queries would end the process; the next query reports it anyway.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query("SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL extra_float_digits = 1")
    const { fields } = await client.query(`SELECT * FROM ${relation} LIMIT 0`)
    const matched = matchColumns(
      table,
      fields.map((field) => field.name),
    )
    if (!matched.ok) return matched
    const chosen = matched.value.places.map((place) => fields[place] as pg.FieldDef)
    await client.query(cursorSql(relation, chosen))
    return accept(
      await use({
        kinds: chosen.map((field) => (field.dataTypeID === float8 ? 'double' : 'text')),
        ignored: matched.value.ignored,
        pages: pagesOf(client),
      }),
    )
  } catch (error) {
    const why = isDiskFull(error) ? undefined : postgresError(error)
    if (why === undefined) throw error
    return unreadable(table, why)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function cursorSql(relation: string, chosen: readonly pg.FieldDef[]): string {
  const columns = chosen.map((field, i) => `${pg.escapeIdentifier(field.name)}::text AS c${i}`).join(', ')
  const order = chosen.map((_, i) => `c${i} COLLATE "C"`).join(', ')
  return `DECLARE rows NO SCROLL CURSOR FOR SELECT * FROM (SELECT ${columns} FROM ${relation}) AS texts ORDER BY ${order}`
}

async function* pagesOf(client: pg.Client): AsyncIterable<readonly Row[]> {
  for (;;) {
    const { rows } = await client.query<(string | null)[]>({ text: `FETCH ${pageRows} FROM rows`, rowMode: 'array' })
    if (rows.length === 0) return
    yield rows
  }
}

/** "table", "schema.table" or either with double quotes around a part; undefined for anything else, so that no SQL comes in by this way. */
function quotedRelation(text: string): string | undefined {
  const part = '(?:[A-Za-z_][A-Za-z0-9_$]*|"[^"]+")'
  if (!new RegExp(`^${part}(?:\\.${part}){0,2}$`).test(text)) return undefined
  const parts = text.match(new RegExp(part, 'g')) ?? []
  return parts.map((p) => (p.startsWith('"') ? p : pg.escapeIdentifier(p.toLowerCase()))).join('.')
}

/** Words for an error of the connection or the server; the server's text names tables and accounts, never rows, because nothing is computed there. */
function postgresError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = (error as { code?: unknown }).code
  if (error instanceof pg.DatabaseError) return error.message
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return `the server does not answer (${code})`
  return /connection|server/i.test(error.message) ? 'the connection was lost' : undefined
}
