import type { DuckDBConnection } from '@duckdb/node-api'
import type { Outcome } from '../../base/refusal.ts'
import type { Table } from '../../contract/catalogue.ts'
import { stageCsv } from './csv.ts'
import { stageParquet } from './parquet.ts'
import { stagePostgres } from './postgres.ts'
import type { Reading, Source, Staged } from './source.ts'

/** Reads a source into "_raw". Refuses load.source_unreadable and load.column_missing. */
export function stage(
  connection: DuckDBConnection,
  table: Table,
  source: Source,
  reading: Reading,
): Promise<Outcome<Staged>> {
  switch (source.kind) {
    case 'csv':
      return stageCsv(connection, table, source.path)
    case 'parquet':
      return stageParquet(connection, table, source.path)
    case 'postgres':
      return stagePostgres(connection, table, source, reading)
  }
}
