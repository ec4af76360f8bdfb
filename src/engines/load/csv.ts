import { open } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { accept, type Outcome } from '../../base/refusal.ts'
import type { Table } from '../../contract/catalogue.ts'
import { countOf, literal } from '../duckdb/sql.ts'
import { isDiskFull } from './file.ts'
import { fingerprint, hashFile } from './hash.ts'
import { exactPath, matchColumns, type Staged, unreadable } from './source.ts'

/**
 * Reads CSV (RFC 4180, UTF-8 with or without a byte order mark, first line the names). An unquoted empty field is a missing value, "" is an empty
 * text. The separator is the first of comma, semicolon, tab and bar under which the first line names every declared column. Rows that cannot be
 * taken apart (too many or too few fields, a quote left open, bytes that are not UTF-8) are set aside, not guessed.
 */
export async function stageCsv(connection: DuckDBConnection, table: Table, path: string): Promise<Outcome<Staged>> {
  const before = await fingerprint(table, path)
  if (!before.ok) return before
  const hash = await hashFile(table, path)
  if (!hash.ok) return hash
  const header = readHeader(await firstBytes(path), table)
  const matched = matchColumns(table, header.names)
  if (!matched.ok) return matched
  try {
    await connection.run(stagingSql(path, header, matched.value.places))
  } catch (error) {
    if (isDiskFull(error)) throw error
    // The engine's text quotes lines of the file.
    return unreadable(
      table,
      'it is not CSV throughout',
      'Use one separator, one kind of line end and UTF-8 in the whole file.',
    )
  }
  const after = await fingerprint(table, path)
  if (!after.ok) return after
  if (after.value.mark !== before.value.mark) return unreadable(table, 'it was changed while it was read')
  return accept({
    kinds: table.columns.map(() => 'text' as const),
    rows: await countOf(connection, 'SELECT count(*) FROM _raw'),
    ignored: matched.value.ignored,
    bytes: before.value.bytes,
    hash: hash.value,
    rejects: true,
  })
}

interface Header {
  readonly separator: string
  readonly names: readonly string[]
}

/** The first line under each separator; the one that finds the most declared columns, the earlier of equals. */
export function readHeader(start: string, table: Table): Header {
  const found = (header: Header): number => table.columns.filter((column) => header.names.includes(column.name)).length
  return [',', ';', '\t', '|']
    .map((separator): Header => ({ separator, names: firstRecord(start, separator) }))
    .reduce((best, header) => (found(header) > found(best) ? header : best))
}

/** The fields of the first record, RFC 4180 section 2. */
function firstRecord(text: string, separator: string): readonly string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  let touched = false
  for (let i = text.startsWith('\ufeff') ? 1 : 0; i < text.length; i++) {
    const char = text[i] as string
    if (quoted) {
      if (char !== '"') field += char
      else if (text[i + 1] === '"') {
        field += '"'
        i++
      } else quoted = false
    } else if (char === '"' && field === '') quoted = true
    else if (char === '\n' || char === '\r') break
    else if (char === separator) {
      fields.push(field.normalize('NFC'))
      field = ''
    } else field += char
    touched = true
  }
  return touched ? [...fields, field.normalize('NFC')] : []
}

const headerBytes = 1 << 20

async function firstBytes(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0)
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await file.close()
  }
}

/** Nothing is left to be guessed from the data: separator, quotes, names and types are all given. Columns go by place, so no two can clash. */
function stagingSql(path: string, header: Header, places: readonly number[]): string {
  const columns = header.names.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ')
  return `CREATE OR REPLACE TEMP TABLE _raw AS
    SELECT ${places.map((place, i) => `c${place} AS r${i}`).join(', ')}
    FROM read_csv(${literal(exactPath(path))}, auto_detect = false, hive_partitioning = false, compression = 'none', header = true, delim = ${literal(header.separator)}, quote = '"', escape = '"',
      columns = {${columns}}, allow_quoted_nulls = false, null_padding = false, strict_mode = true,
      store_rejects = true, rejects_limit = 0)`
}
