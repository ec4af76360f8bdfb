import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { hashOf } from '../../base/hash.ts'
import { accept, type Outcome } from '../../base/refusal.ts'
import type { Catalogue, Table } from '../../contract/catalogue.ts'
import { hashPostgres } from './postgres.ts'
import { type Source, unreadable } from './source.ts'

/**
 * The hash by which a caller knows that a load was done already: over every source's bytes (of PostgreSQL: the declared columns' text, rows in
 * order of that text) and the contract's hash. Reads the sources once, loads nothing. Refuses load.source_unreadable, load.column_missing.
 */
export async function hashSources(
  catalogue: Catalogue,
  sources: Readonly<Record<string, Source>>,
): Promise<Outcome<string>> {
  const hashes: Record<string, string> = {}
  for (const table of catalogue.tables) {
    const source = sources[table.name]
    if (!source) return unreadable(table, 'no source is given')
    const hash = source.kind === 'postgres' ? await hashPostgres(table, source) : await hashFile(table, source.path)
    if (!hash.ok) return hash
    hashes[table.name] = hash.value
  }
  return accept(combineHashes(catalogue, hashes))
}

/** Of each table's hash and the contract's, the load's. */
export const combineHashes = (catalogue: Catalogue, hashes: Readonly<Record<string, string>>): string =>
  hashOf({ contract: catalogue.hash, sources: hashes })

/** Hex SHA-256 of a file's bytes. */
export async function hashFile(table: Table, path: string): Promise<Outcome<string>> {
  const hash = createHash('sha256')
  try {
    for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(block as Buffer)
  } catch (error) {
    return unreadable(table, fileError(error))
  }
  return accept(hash.digest('hex'))
}

/** What tells a file from its later versions without reading it. */
export async function fingerprint(
  table: Table,
  path: string,
): Promise<Outcome<{ readonly bytes: number; readonly mark: string }>> {
  try {
    const found = await stat(path, { bigint: true })
    if (!found.isFile()) return unreadable(table, 'it is not a file')
    return accept({ bytes: Number(found.size), mark: `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs}` })
  } catch (error) {
    return unreadable(table, fileError(error))
  }
}

const fileError = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code
  return (
    { ENOENT: 'there is no such file', EACCES: 'permission is denied', EISDIR: 'it is a folder' }[code ?? ''] ??
    `the system says ${code ?? 'no'}`
  )
}
