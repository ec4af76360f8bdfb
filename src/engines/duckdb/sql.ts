import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'

/** An identifier as SQL text. DuckDB folds case when it compares, never when it prints. */
export const name = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`

/** A string literal. DuckDB knows no backslash escapes in plain literals; NUL cannot be part of one. */
export const literal = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`

/** All rows of a statement that the house itself wrote. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<DuckDBValue[][]> {
  return (await connection.runAndReadAll(sql)).getRows()
}

/** The one value of a one-row statement, as text; undefined when there is no row or no value. */
export async function textOf(connection: DuckDBConnection, sql: string): Promise<string | undefined> {
  const value = (await rowsOf(connection, sql))[0]?.[0]
  return value === null || value === undefined ? undefined : String(value)
}

/** A count, as a number: rows of one machine's file stay far below 2^53. */
export const countOf = async (connection: DuckDBConnection, sql: string): Promise<number> =>
  Number((await textOf(connection, sql)) ?? 0)

const vectorSize = 2048

/** Appends whole columns in the engine's own chunks: many times faster than value by value. */
export function appendColumns(
  appender: DuckDBAppender,
  types: readonly DuckDBType[],
  columns: readonly (readonly DuckDBValue[])[],
): void {
  const rows = columns[0]?.length ?? 0
  for (let from = 0; from < rows; from += vectorSize) {
    const chunk = DuckDBDataChunk.create(types, Math.min(vectorSize, rows - from))
    chunk.setColumns(columns.map((column) => column.slice(from, from + vectorSize)))
    appender.appendDataChunk(chunk)
  }
}
