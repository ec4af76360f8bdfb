import type { ColumnType } from './catalogue.ts'
import type { Report } from './finding.ts'
import { readName } from './names.ts'
import { field, flagOf, items, type Part, quote, textOf, wholeOf } from './part.ts'
import { type Properties, readProperties } from './properties.ts'

/** A table as far as it can be read without the others. */
export interface TableDraft {
  readonly part: Part
  readonly name: string
  readonly properties: Properties
  readonly columns: readonly ColumnDraft[]
  /** In key order. */
  readonly primaryKey: readonly string[]
}
export interface ColumnDraft {
  readonly part: Part
  readonly name: string
  readonly type: ColumnType
  readonly properties: Properties
  readonly required: boolean
}

/** The declared tables with those columns that can be offered at all. Names are checked here; what a table means is decided in relations.ts. */
export function readDrafts(root: Part, report: Report): readonly TableDraft[] {
  const schema = field(root, 'schema')
  if (items(schema).length === 0)
    report(
      'contract.no_tables',
      schema?.at ?? root.at,
      'The contract declares no table.',
      'Describe the tables under `schema`.',
    )
  return distinct(items(schema), 'table', report).map(({ part, name }) => readTable(part, name, report))
}

function readTable(part: Part, name: string, report: Report): TableDraft {
  const declared = field(part, 'properties')
  if (items(declared).length === 0)
    report(
      'contract.no_columns',
      declared?.at ?? part.at,
      `The table ${name} declares no column.`,
      'Describe its columns under `properties`.',
    )
  const named = distinct(items(declared), 'column', report)
  const columns = named.flatMap(({ part: column, name: columnName }) => readColumn(column, columnName, name, report))
  return { part, name, properties: readProperties(part, 'table', report), columns, primaryKey: keyOf(named) }
}

function readColumn(part: Part, name: string, table: string, report: Report): readonly ColumnDraft[] {
  const properties = readProperties(part, 'column', report)
  const type = typeOf(part, `${table}.${name}`, report)
  return type === undefined
    ? []
    : [{ part, name, type, properties, required: flagOf(field(part, 'required')) ?? false }]
}

const types: Readonly<Record<string, ColumnType>> = {
  string: 'text',
  integer: 'integer',
  number: 'decimal',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
}

function typeOf(part: Part, what: string, report: Report): ColumnType | undefined {
  const declared = field(part, 'logicalType')
  const name = textOf(declared)
  if (declared === undefined || name === undefined) {
    if (declared === undefined)
      report(
        'contract.type_missing',
        part.at,
        `${what} has no logicalType.`,
        'Add logicalType: string, integer, number, boolean, date or timestamp.',
      )
    return undefined
  }
  if (Object.hasOwn(types, name)) return types[name]
  if (['time', 'object', 'array'].includes(name))
    report(
      'contract.type_not_offered',
      declared.at,
      `${what} is of the type ${quote(declared)} and is left out.`,
      'Flatten it into simple columns, if it should be asked about.',
    )
  return undefined
}

/** In the order of primaryKeyPosition, then of the file. */
function keyOf(columns: readonly { readonly part: Part; readonly name: string }[]): readonly string[] {
  const position = ({ part }: { readonly part: Part }): bigint => {
    const declared = wholeOf(field(part, 'primaryKeyPosition'))
    return declared !== undefined && declared > 0n ? declared : 1n << 62n
  }
  return columns
    .filter(({ part }) => flagOf(field(part, 'primaryKey')) === true)
    .sort((a, b) => (position(a) < position(b) ? -1 : position(a) > position(b) ? 1 : 0))
    .map(({ name }) => name)
}

function distinct(
  parts: readonly Part[],
  what: 'table' | 'column',
  report: Report,
): readonly { readonly part: Part; readonly name: string }[] {
  const seen = new Map<string, Part>()
  for (const part of parts) {
    const name = readName(part, what, report)
    if (name === undefined) continue
    if (seen.has(name))
      report(
        'contract.name_twice',
        field(part, 'name')?.at ?? part.at,
        `There are two ${what}s of the name ${name}.`,
        'Rename one of them.',
      )
    else seen.set(name, part)
  }
  return [...seen].map(([name, part]) => ({ part, name }))
}
