import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { assert } from '../../base/assert.ts'
import { elapsed } from '../../base/elapsed.ts'
import { dayText } from '../../base/instant.ts'
import { accept, type Outcome, type Refusal, refuse } from '../../base/refusal.ts'
import type { Day } from '../../base/units.ts'
import { type Catalogue, personsTable, type Table } from '../../contract/catalogue.ts'
import { fileFormat, metaKeys, recordsMark } from '../duckdb/format.ts'
import type { SessionOptions } from '../duckdb/session.ts'
import { literal } from '../duckdb/sql.ts'
import type { Reason } from './convert.ts'
import { buildFile } from './file.ts'
import { combineHashes } from './hash.ts'
import { type LoadProgress, watch } from './progress.ts'
import { storeRecords } from './records.ts'
import { type Source, unreadable } from './source.ts'
import { stage } from './stage.ts'
import { bookkeepingSql, checkRows, quarantineRows, storeRows } from './tables.ts'

export interface LoadRequest extends SessionOptions {
  readonly catalogue: Catalogue
  /** One source for every table of the catalogue, by table name. */
  readonly sources: Readonly<Record<string, Source>>
  /** The home's data folder. */
  readonly directory: string
  /** Name of the file to make in it. A file of that name is replaced at the end, in one step. */
  readonly fileName: string
  /** The day of the load; written into the file and the report. */
  readonly asOf: Day
  /** About twice a second. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  /** See DuckDbOptions. */
  readonly onIncident?: ((detail: string) => void) | undefined
}

/** What the steward sees of a load; never public. Plain JSON with whole numbers. */
export interface LoadReport {
  readonly file: string
  readonly sourceHash: string
  readonly asOf: string
  readonly persons: number
  readonly rowsRead: number
  readonly rowsAccepted: number
  readonly rowsQuarantined: number
  /** Size of the data file. */
  readonly bytes: number
  readonly milliseconds: number
  readonly tables: readonly TableReport[]
}
export interface TableReport {
  readonly table: string
  readonly source: Source['kind']
  /** read = accepted + the sum of quarantined. */
  readonly read: number
  readonly accepted: number
  readonly quarantined: Readonly<Partial<Record<Reason, number>>>
  /** Columns of the source that the contract does not declare; they were not read. */
  readonly ignoredColumns: readonly string[]
  /** Bytes of the source. */
  readonly bytes: number
  readonly milliseconds: number
}

/**
 * Loads the sources into a new data file (docs/load.md). Rows that break the contract are set aside and counted, never repaired.
 * Refuses load.source_unreadable, load.column_missing, load.no_person_rows: then no file is made. Throws Fault 'load.disk_full', 'load.failed',
 * 'engine.already_open' or 'engine.held'.
 */
export async function load(request: LoadRequest): Promise<Outcome<LoadReport>> {
  const started = elapsed()
  const given = checkSources(request)
  if (!given.ok) return given
  checkNames(request.catalogue)
  let refused: Refusal | undefined
  let done: { readonly tables: readonly TableReport[]; readonly sourceHash: string } | undefined
  await buildFile(request, request, async (session) => {
    const outcome = await session.work((connection) => loadTables(connection, request))
    if (outcome.ok) done = outcome.value
    else refused = outcome.refusal
    return outcome.ok
  })
  if (refused) return { ok: false, refusal: refused }
  assert(done, 'a load is refused or done')
  return accept(await reportOf(request, done.tables, done.sourceHash, milliseconds(started)))
}

async function loadTables(
  connection: DuckDBConnection,
  request: LoadRequest,
): Promise<Outcome<{ readonly tables: readonly TableReport[]; readonly sourceHash: string }>> {
  const { catalogue } = request
  await connection.run(bookkeepingSql)
  const tables: TableReport[] = []
  const hashes: Record<string, string> = {}
  for (const table of catalogue.tables) {
    const loaded = await loadTable(connection, request, table)
    if (!loaded.ok) return loaded
    tables.push(loaded.value.report)
    hashes[table.name] = loaded.value.hash
    if (table.kind === 'persons' && loaded.value.report.accepted === 0)
      return refuse('load.no_person_rows', `no row of table ${table.name} could be accepted`, {
        hint: `Rows left out, by reason: ${reasonsText(loaded.value.report)}.`,
      })
  }
  await storeRecords(connection, catalogue)
  const sourceHash = combineHashes(catalogue, hashes)
  await writeMeta(connection, request, sourceHash)
  return accept({ tables, sourceHash })
}

async function loadTable(
  connection: DuckDBConnection,
  request: LoadRequest,
  table: Table,
): Promise<Outcome<{ readonly report: TableReport; readonly hash: string }>> {
  const started = elapsed()
  const source = request.sources[table.name] as Source
  const watching = await watch(connection, table.name, request.onProgress)
  try {
    const staged = await stage(connection, table, source, watching.reading)
    if (!staged.ok) return staged
    watching.step('check', staged.value.rows)
    await checkRows(connection, request.catalogue, table, staged.value)
    watching.step('store', staged.value.rows)
    const accepted = await storeRows(connection, table)
    const quarantined = await quarantineRows(connection, table, staged.value)
    // The memory is for the next table.
    await connection.run('DROP TABLE _checked; DROP TABLE _raw')
    watching.step('done', accepted)
    const setAside = Object.values(quarantined).reduce((sum, count) => sum + count, 0)
    const unread = quarantined.unreadable_row ?? 0
    assert(staged.value.rows + unread === accepted + setAside, 'every row that was read is stored or set aside')
    const report: TableReport = {
      table: table.name,
      source: source.kind,
      read: accepted + setAside,
      accepted,
      quarantined,
      ignoredColumns: staged.value.ignored,
      bytes: staged.value.bytes,
      milliseconds: milliseconds(started),
    }
    return accept({ report, hash: staged.value.hash })
  } finally {
    watching.stop()
  }
}

async function writeMeta(connection: DuckDBConnection, request: LoadRequest, sourceHash: string): Promise<void> {
  const persons = personsTable(request.catalogue)
  const values: Record<string, string> = {
    [metaKeys.format]: fileFormat,
    [metaKeys.product]: request.catalogue.product,
    [metaKeys.contractHash]: request.catalogue.hash,
    [metaKeys.sourceHash]: sourceHash,
    [metaKeys.personsTable]: persons.name,
    [metaKeys.personColumn]: persons.personColumn ?? '',
    [metaKeys.maskSequence]: '0',
    [metaKeys.records]: recordsMark(sourceHash),
    [metaKeys.asOf]: dayText(request.asOf),
  }
  const rows = Object.entries(values).map(([key, value]) => `(${literal(key)}, ${literal(value)})`)
  await connection.run(`INSERT INTO _meta VALUES ${rows.join(', ')}`)
}

async function reportOf(
  request: LoadRequest,
  tables: readonly TableReport[],
  sourceHash: string,
  took: number,
): Promise<LoadReport> {
  const read = tables.reduce((sum, table) => sum + table.read, 0)
  const accepted = tables.reduce((sum, table) => sum + table.accepted, 0)
  return {
    file: request.fileName,
    sourceHash,
    asOf: dayText(request.asOf),
    persons: tables[0]?.accepted ?? 0,
    rowsRead: read,
    rowsAccepted: accepted,
    rowsQuarantined: read - accepted,
    bytes: (await stat(join(request.directory, request.fileName))).size,
    milliseconds: took,
    tables,
  }
}

function checkSources(request: LoadRequest): Outcome<void> {
  for (const table of request.catalogue.tables)
    if (!Object.hasOwn(request.sources, table.name))
      return unreadable(table, 'no source is given', `Give a source for each of: ${tableNames(request.catalogue)}.`)
  const unknown = Object.keys(request.sources).find((name) => !request.catalogue.tables.some((t) => t.name === name))
  if (unknown === undefined) return accept(undefined)
  return refuse('load.source_unreadable', `the contract declares no table ${unknown}`, {
    hint: `It declares: ${tableNames(request.catalogue)}.`,
  })
}

/** The house's own columns and tables begin with "_", and the engine does not tell "A" from "a"; the contract's lint keeps both out. */
function checkNames(catalogue: Catalogue): void {
  const distinct = (names: readonly string[]) => new Set(names.map((n) => n.toLowerCase())).size === names.length
  assert(personsTable(catalogue)?.kind === 'persons', 'the first table of a catalogue is the persons table')
  assert(distinct(catalogue.tables.map((table) => table.name)), 'table names differ by more than case')
  for (const table of catalogue.tables) {
    const names = table.columns.map((column) => column.name)
    assert(
      [table.name, ...names].every((n) => n !== '' && !n.startsWith('_')),
      'no declared name begins with "_"',
    )
    assert(distinct(names), 'column names differ by more than case')
  }
}

const tableNames = (catalogue: Catalogue): string => catalogue.tables.map((table) => table.name).join(', ')
const reasonsText = (report: TableReport): string =>
  Object.entries(report.quarantined)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ') || 'there were none'
const milliseconds = (from: number): number => Math.round(elapsed() - from)
