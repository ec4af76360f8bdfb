import { basename } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { Fault } from '../../base/fault.ts'
import { recordsVersion } from '../../query/record.ts'
import { rowsOf } from './sql.ts'

/** Version of the physical layout, docs/load.md. A file of another one is loaded again, not converted. */
export const fileFormat = 'usufruct-data/1'

/** What a data file says about itself: its table "_meta". */
export interface FileFacts {
  readonly product: string
  readonly contractHash: string
  readonly sourceHash: string
  readonly personsTable: string
  readonly personColumn: string
  readonly maskSequence: bigint
  /** What the load wrote about the whole records; undefined: the file has none. */
  readonly records: string | undefined
}

/** The keys of "_meta". */
export const metaKeys = {
  format: 'format',
  product: 'product',
  contractHash: 'contract_hash',
  sourceHash: 'source_hash',
  personsTable: 'persons_table',
  personColumn: 'person_column',
  maskSequence: 'mask_sequence',
  asOf: 'as_of',
  records: 'records',
} as const

/** Under the key `records`: which rules the whole records follow (query/record.ts), and that they are of this load. */
export const recordsMark = (sourceHash: string): string => `${recordsVersion} ${sourceHash}`

/** Throws Fault 'engine.unreadable' when the file is not a finished load of this format. */
export async function readFacts(connection: DuckDBConnection, file: string): Promise<FileFacts> {
  const rows = await rowsOf(connection, 'SELECT key, value FROM _meta').catch(() => [])
  const found = new Map(rows.map(([key, value]) => [String(key), String(value)]))
  const read = (key: string): string => {
    const value = found.get(key)
    if (value === undefined) throw notOurs(file)
    return value
  }
  if (read(metaKeys.format) !== fileFormat) throw notOurs(file)
  return {
    product: read(metaKeys.product),
    contractHash: read(metaKeys.contractHash),
    sourceHash: read(metaKeys.sourceHash),
    personsTable: read(metaKeys.personsTable),
    personColumn: read(metaKeys.personColumn),
    maskSequence: BigInt(read(metaKeys.maskSequence)),
    records: found.get(metaKeys.records),
  }
}

const notOurs = (file: string): Fault =>
  new Fault('engine.unreadable', `${basename(file)} is not a data file of format ${fileFormat}`, {
    hint: 'Load the data again.',
  })
