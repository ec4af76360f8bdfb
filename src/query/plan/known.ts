import { assert } from '../../base/assert.ts'
import { type Catalogue, findColumn, findTable, type Table } from '../../contract/catalogue.ts'
import type { ColumnExpression } from '../expression.ts'
import type { Expression, Measure, Query, SourceTable } from '../query.ts'

/** The tables of a question of which each person's rows in one private table give at most one joined row each. */
export interface Sources {
  /** The private table whose rows are counted; undefined when only the persons table is read: then a person has one row. */
  readonly rows: { readonly table: Table; readonly alias: string; readonly optional: boolean } | undefined
  /** Alias of the persons table, where it is joined. */
  readonly persons: string | undefined
  readonly aliases: readonly string[]
}

const fields = {
  query:
    'kind sql product source where groups measures selection outputs having orderBy limit offset touches canonical',
  source: 'tables',
  table: 'table alias private join',
  join: 'type on',
  group: 'name expression type domain perPerson',
  rows: 'kind maxRows scale filter',
  persons: 'kind maxGroups scale filter',
  sum: 'kind of maxSum scale',
  cells: 'kind conditions vectors scale',
  average: 'kind of maxRows centre halfRange minimum maximum scale',
} as const

const kinds = ['rows', 'persons', 'sum', 'average', 'cells'] as const
/** The measures that the proofs speak of. */
export type KnownMeasure = Extract<Measure, { readonly kind: (typeof kinds)[number] }>

const isKnown = (measure: Measure): measure is KnownMeasure => kinds.some((kind) => kind === measure.kind)

/** What onlyKnown let through. */
export function knownMeasures(measures: readonly Measure[]): readonly KnownMeasure[] {
  assert(measures.every(isKnown), 'only measures with a proof take a shorter way')
  return measures.filter(isKnown)
}

/** Each reads one row and nothing else, so that it gives the same on every path. */
const functions = new Set(
  `and or not = <> < <= > >= between in is_null is_true is_false like ilike + - * negate abs rescale / case coalesce nullif
   greatest least lower upper length date_trunc extract to_timestamp`.split(/\s+/),
)

/** Why a question has something in it that the proofs of this folder do not speak of; undefined when it has not. */
export function onlyKnown(query: Query): string | undefined {
  const strange = [
    ...unknownFields(query, fields.query),
    ...unknownFields(query.source, fields.source),
    ...query.source.tables.flatMap((table) => unknownFields(table, fields.table)),
    ...query.source.tables.flatMap(({ join }) => (join ? unknownJoin(join) : [])),
    ...query.groups.flatMap((group) => unknownFields(group, fields.group)),
    ...query.measures.flatMap((measure) =>
      isKnown(measure) ? unknownFields(measure, fields[measure.kind]) : [measure.kind],
    ),
    ...expressionsOf(query).flatMap(unknownFunctions),
  ]
  return strange.length === 0 ? undefined : `${strange[0]} has no proof for a shorter way`
}

const unknownFields = (value: object, known: string): readonly string[] =>
  Object.entries(value).flatMap(([name, field]) =>
    field === undefined || known.split(' ').includes(name) ? [] : [name],
  )

const unknownJoin = (join: NonNullable<SourceTable['join']>): readonly string[] => [
  ...unknownFields(join, fields.join),
  ...(join.type === 'inner' || join.type === 'left' ? [] : ['a join']),
]

function unknownFunctions(expression: Expression): readonly string[] {
  if (expression.kind === 'column' || expression.kind === 'literal') return []
  if (expression.kind !== 'call') return ['an expression']
  return [...(functions.has(expression.name) ? [] : [expression.name]), ...expression.args.flatMap(unknownFunctions)]
}

const expressionsOf = (query: Query): readonly Expression[] => [
  ...(query.where ? [query.where] : []),
  ...query.groups.map((group) => group.expression),
  ...query.measures.flatMap((measure) =>
    'conditions' in measure
      ? measure.conditions
      : 'of' in measure
        ? [measure.of]
        : 'filter' in measure && measure.filter
          ? [measure.filter]
          : [],
  ),
]

/** Looks at each join anew, whatever let it in: on the person with the persons table, or on the whole key of a public table. Else why not. */
export function oneRowPerRow(query: Query, catalogue: Catalogue): Sources | string {
  const tables = query.source.tables.map((from) => ({ from, table: findTable(catalogue, from.table) }))
  const known = new Map<string, Table>()
  for (const [index, { from, table }] of tables.entries()) {
    if (!table || known.has(from.alias)) return 'a table that the contract does not declare has no proof'
    if ((index === 0) !== (from.join === undefined)) return 'a table without a join has no proof'
    if (from.private !== (table.kind !== 'public')) return 'a table that is not what the contract says has no proof'
    if (from.join && !joinsOne(from, table, known, from.join.on))
      return 'rows may meet more than one row of a joined table'
    known.set(from.alias, table)
  }
  const rows = tables.filter(({ table }) => table?.kind === 'private')
  const persons = tables.filter(({ table }) => table?.kind === 'persons')
  if (rows.length > 1) return 'rows of two private tables are multiplied by each other'
  if (persons.length > 1 || rows.length + persons.length === 0) return 'the persons table is joined twice'
  const [counted] = rows
  return {
    rows: counted?.table && {
      table: counted.table,
      alias: counted.from.alias,
      optional: counted.from.join?.type === 'left',
    },
    persons: persons[0]?.from.alias,
    aliases: [...known.keys()],
  }
}

function joinsOne(from: SourceTable, table: Table, known: ReadonlyMap<string, Table>, on: Expression): boolean {
  if (on.kind !== 'call' || on.name !== '=' || on.args.length !== 2) return false
  const columns = on.args.filter((arg) => arg.kind === 'column')
  const own = columns.find((column) => column.alias === from.alias)
  const other = columns.find((column) => column.alias !== from.alias)
  const otherTable = other && known.get(other.alias)
  if (!own || !other || !otherTable || own.table !== table.name || other.table !== otherTable.name) return false
  if (table.kind !== 'public') return isPerson(own, table) && isPerson(other, otherTable)
  return table.primaryKey.length === 1 && table.primaryKey[0] === own.column && !isPerson(other, otherTable)
}

const isPerson = (column: ColumnExpression, table: Table): boolean =>
  table.kind !== 'public' &&
  (table.personColumn === column.column || findColumn(table, column.column)?.role === 'person')
