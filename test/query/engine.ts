import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Catalogue, Table } from '../../src/contract/catalogue.ts'
import { storeRecords } from '../../src/engines/load/records.ts'
import type { PrintedSql } from '../../src/query/print/duckdb.ts'
import { groupsTable, recordedTables, recordsTable, storedRecords } from '../../src/query/record.ts'

/** Rows as the load stores them: numbers as grid integers, dates and points in time as texts; private rows carry _person and _mask. */
export type Row = Readonly<Record<string, string | bigint | boolean | null>>
export type Data = Readonly<Record<string, readonly Row[]>>

export interface Cell {
  readonly keys: readonly (string | null)[]
  readonly values: readonly bigint[]
}

/** An engine in memory with the physical layout of the load. */
export class Engine {
  readonly connection: DuckDBConnection
  readonly catalogue: Catalogue
  private recorded = false
  private constructor(connection: DuckDBConnection, catalogue: Catalogue) {
    this.connection = connection
    this.catalogue = catalogue
  }

  static async open(catalogue: Catalogue): Promise<Engine> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
    const connection = await instance.connect()
    for (const table of catalogue.tables) await connection.run(`CREATE TABLE "${table.name}" (${layout(table)})`)
    return new Engine(connection, catalogue)
  }

  async fill(data: Data): Promise<void> {
    for (const table of this.catalogue.tables) {
      await this.connection.run(`DELETE FROM "${table.name}"`)
      const rows = data[table.name] ?? []
      if (rows.length === 0) continue
      const names = [
        ...table.columns.map((column) => column.name),
        ...(table.kind === 'public' ? [] : ['_person', '_mask']),
      ]
      const values = rows.map((row) => `(${names.map((name) => sqlValue(row[name] ?? null)).join(', ')})`)
      await this.connection.run(
        `INSERT INTO "${table.name}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES ${values.join(', ')}`,
      )
    }
  }

  /** Stores the whole records, as the load does, with the mask of each person. */
  async record(): Promise<void> {
    for (const { stored } of this.stored()) await this.connection.run(`DROP TABLE IF EXISTS "${stored}"`)
    await storeRecords(this.connection, this.catalogue)
    for (const { stored, table } of this.stored())
      await this.connection.run(
        `UPDATE "${stored}" AS r SET _mask = t._mask FROM (SELECT DISTINCT _person, _mask FROM "${table}") AS t WHERE t._person = r._person`,
      )
    this.recorded = true
  }

  /** Names of the tables that storeRecords makes, and of which. */
  private stored(): readonly { readonly stored: string; readonly table: string }[] {
    return recordedTables(this.catalogue).flatMap((table) =>
      [recordsTable(table.name), ...storedRecords(table).groups.map((place) => groupsTable(table.name, place))].map(
        (stored) => ({ stored, table: table.name }),
      ),
    )
  }

  async run(sql: PrintedSql, salt: string | undefined = '0123456789abcdef0123456789abcdef'): Promise<readonly Cell[]> {
    const reader = await this.connection.runAndReadAll(sql.text, sql.text.includes('$salt') ? { salt } : {})
    return reader.getRows().map((row) => {
      if (row.length !== sql.groupKeys + sql.channels) throw new Error('the statement has other columns than promised')
      const values = row.slice(sql.groupKeys)
      if (!values.every((value) => typeof value === 'bigint')) throw new Error('a channel is not an exact integer')
      return { keys: row.slice(0, sql.groupKeys) as (string | null)[], values: values as bigint[] }
    })
  }

  /** The answer as if the person had never been there. */
  async runWithout(person: bigint, sql: PrintedSql): Promise<readonly Cell[]> {
    await this.connection.run('BEGIN')
    try {
      for (const table of this.catalogue.tables)
        if (table.kind !== 'public') await this.connection.run(`DELETE FROM "${table.name}" WHERE _person = ${person}`)
      if (this.recorded)
        for (const { stored } of this.stored())
          await this.connection.run(`DELETE FROM "${stored}" WHERE _person = ${person}`)
      return await this.run(sql)
    } finally {
      await this.connection.run('ROLLBACK')
    }
  }
}

function layout(table: Table): string {
  const types = {
    text: 'VARCHAR',
    integer: 'BIGINT',
    decimal: 'BIGINT',
    boolean: 'BOOLEAN',
    date: 'DATE',
    timestamp: 'TIMESTAMP',
  }
  const columns = table.columns.map((column) => `"${column.name}" ${types[column.type]}`)
  return [...columns, ...(table.kind === 'public' ? [] : ['_person BIGINT', '_mask INTEGER'])].join(', ')
}

function sqlValue(value: string | bigint | boolean | null): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

/** Cells as a map from the keys' text to the integers, without groups that are all zero. */
export const asMap = (cells: readonly Cell[]): Map<string, readonly bigint[]> =>
  new Map(
    cells
      .filter((cell) => cell.values.some((value) => value !== 0n))
      .map((cell) => [JSON.stringify(cell.keys), cell.values]),
  )
