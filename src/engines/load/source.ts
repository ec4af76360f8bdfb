import { resolve } from 'node:path'
import { type Outcome, refuse } from '../../base/refusal.ts'
import type { Table } from '../../contract/catalogue.ts'
import type { RawKind } from './convert.ts'

/** Where a table's rows come from. Files are one file each; a PostgreSQL table may be written "schema.table". */
export type Source =
  | { readonly kind: 'csv' | 'parquet'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly table: string }

/**
 * A source as it stands in the temporary table "_raw": columns r0, r1, … in the order of the declared columns; the row's number in the source is
 * rowid + 1. Temporary tables live in memory and in the spill folder, never in the data file.
 */
export interface Staged {
  readonly kinds: readonly RawKind[]
  readonly rows: number
  /** Columns of the source that the contract does not declare, as the source names them. */
  readonly ignored: readonly string[]
  /** Bytes read: the file's size, or of the rows' text. */
  readonly bytes: number
  /** Hex SHA-256 of the source, see hash.ts. */
  readonly hash: string
  /** True when the temporary table "reject_errors" holds rows that could not be taken apart. */
  readonly rejects: boolean
}

/** Told while a source is read page by page: rows so far. */
export type Reading = (at: { readonly rows: number }) => void

/**
 * Which of the source's columns holds which declared column: by exact name (NFC). Refuses load.column_missing, naming the table, the column and
 * what there is; nothing is guessed from similar names.
 */
export function matchColumns(
  table: Table,
  present: readonly string[],
): Outcome<{ readonly places: readonly number[]; readonly ignored: readonly string[] }> {
  const names = present.map((name) => name.normalize('NFC'))
  const places = table.columns.map((column) => names.indexOf(column.name.normalize('NFC')))
  const missing = table.columns.filter((_, i) => places[i] === -1).map((column) => column.name)
  if (missing.length > 0)
    return refuse(
      'load.column_missing',
      `the source of table ${table.name} lacks the declared column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
      { hint: present.length > 0 ? `It has: ${present.join(', ')}.` : 'It has no columns at all.' },
    )
  const twice = table.columns.find(
    (_, i) => names.indexOf(names[places[i] as number] as string, (places[i] as number) + 1) !== -1,
  )
  if (twice)
    return refuse('load.source_unreadable', `the source of table ${table.name} has the column ${twice.name} twice`)
  const taken = new Set(places)
  return { ok: true, value: { places, ignored: present.filter((_, i) => !taken.has(i)) } }
}

/** A path as the engine's readers must see it: absolute, and every character that it would take for a pattern in brackets. */
export const exactPath = (path: string): string => resolve(path).replace(/[*?[]/g, '[$&]')

export const unreadable = (table: Table, why: string, hint?: string) =>
  refuse('load.source_unreadable', `the source of table ${table.name} cannot be read: ${why}`, hint ? { hint } : {})
