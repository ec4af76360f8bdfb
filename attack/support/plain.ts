import { DuckDBInstance } from '@duckdb/node-api'

/** The same files in a DuckDB that protects nobody: what an analyst with SQL on the data sees. */
export interface Plain {
  /** All rows of an answer, as texts; throws what the engine says. `without`: as if these people were not there. */
  ask(sql: string, without?: readonly string[]): Promise<readonly (readonly (string | null)[])[]>
  number(sql: string, without?: readonly string[]): Promise<number>
  close(): void
}

export async function openPlain(peopleFile: string, visitsFile: string): Promise<Plain> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const csv = (file: string, types: string) => `read_csv('${file}', header = true, columns = ${types})`
  await connection.run(
    `CREATE TABLE all_people AS FROM ${csv(peopleFile, "{person: 'VARCHAR', born: 'DATE', area: 'VARCHAR', job: 'VARCHAR', door: 'BIGINT', owes: 'BOOLEAN', nickname: 'VARCHAR'}")}`,
  )
  await connection.run(
    `CREATE TABLE all_visits AS FROM ${csv(visitsFile, "{visit: 'VARCHAR', person: 'VARCHAR', spent: 'DOUBLE', points: 'BIGINT', day: 'DATE', note: 'VARCHAR'}")}`,
  )
  const ask: Plain['ask'] = async (sql, without = []) => {
    const left = `WHERE person NOT IN (${['', ...without].map((one) => `'${one}'`).join(', ')})`
    await connection.run(`CREATE OR REPLACE VIEW people AS FROM all_people ${left}`)
    await connection.run(`CREATE OR REPLACE VIEW visits AS FROM all_visits ${left}`)
    const reader = await connection.runAndReadAll(sql)
    return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))))
  }
  return {
    ask,
    number: async (sql, without) => Number((await ask(sql, without))[0]?.[0] ?? 0),
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
