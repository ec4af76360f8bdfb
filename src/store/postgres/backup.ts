import { createReadStream } from 'node:fs'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Fault } from '../../base/fault.ts'
import { newestSchema } from './migrations.ts'
import type { Sql } from './session.ts'
import { entryTables, projectionTables } from './tables.ts'

/** What a backup holds; written last, as backup.json, so that a folder without it is no backup. */
interface Backup {
  readonly schema: number
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>
}

const batch = 5_000
/** In this order, so that what is referred to comes first. */
const tables: readonly string[] = [...entryTables, ...projectionTables]

/**
 * Writes one file of JSON Lines a table, a row a line, as PostgreSQL itself writes them: numeric and bigint keep every digit, bytea is hex. The reader is one transaction of
 * one moment.
 */
export async function exportAll(sql: Sql, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const counts: Record<string, number> = {}
  for (const table of tables) counts[table] = await exportTable(sql, table, join(folder, `${table}.jsonl`))
  const backup: Backup = { schema: newestSchema, tables: counts }
  await writeDurably(join(folder, 'backup.json'), async (write) => write(`${JSON.stringify(backup)}\n`))
}

async function exportTable(sql: Sql, table: string, file: string): Promise<number> {
  let count = 0
  await sql.run(`declare exported no scroll cursor for select row_to_json(t)::text as line from ${table} t`)
  await writeDurably(file, async (write) => {
    for (;;) {
      const rows = await sql.rows<{ line: string }>(`fetch ${batch} from exported`)
      if (rows.length === 0) return
      count += rows.length
      await write(`${rows.map((row) => row.line).join('\n')}\n`)
    }
  })
  await sql.run('close exported')
  return count
}

async function writeDurably(file: string, fill: (write: (text: string) => Promise<void>) => Promise<void>) {
  const handle = await open(file, 'w', 0o600)
  try {
    await fill(async (text) => void (await handle.write(text)))
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Reads a backup into books without an entry; all or nothing. */
export async function importAll(sql: Sql, folder: string): Promise<void> {
  const progress = await sql.row<{ sequence: bigint }>('select sequence from progress')
  if (progress?.sequence !== 0n)
    throw new Fault('books.initialised', 'a backup is read into empty books only', { hint: 'choose a new home' })
  const backup = await readManifest(folder)
  await sql.run('delete from progress')
  for (const table of tables) {
    const count = await importTable(sql, table, join(folder, `${table}.jsonl`))
    if (count !== backup.tables[table])
      throw unreadable(folder, `${table} has ${count} rows, the backup says ${backup.tables[table]}`)
  }
}

async function readManifest(folder: string): Promise<Backup> {
  let backup: Backup
  try {
    backup = JSON.parse(await readFile(join(folder, 'backup.json'), 'utf8')) as Backup
  } catch (cause) {
    throw unreadable(folder, 'it has no readable backup.json', cause)
  }
  if (backup.schema !== newestSchema) throw unreadable(folder, `it has schema ${backup.schema}, not ${newestSchema}`)
  return backup
}

async function importTable(sql: Sql, table: string, file: string): Promise<number> {
  let count = 0
  let lines: string[] = []
  const flush = async () => {
    if (lines.length === 0) return
    count += await sql.run(`insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`, [
      `[${lines.join(',')}]`,
    ])
    lines = []
  }
  for await (const line of createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line !== '') lines.push(line)
    if (lines.length >= batch) await flush()
  }
  await flush()
  return count
}

const unreadable = (folder: string, why: string, cause?: unknown): Fault =>
  new Fault('store.backup_unreadable', `the backup in ${folder} cannot be read: ${why}`, { cause })
