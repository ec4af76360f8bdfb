import type { Position } from '../../base/refusal.ts'
import { type Column, findColumn } from '../../contract/catalogue.ts'
import { isSpecialCategory } from '../../contract/special.ts'
import type { ColumnExpression } from '../expression.ts'
import { type Node, namesOf, notSupported, onlyFields, placeOf, type Reading, type ScopeTable, stop } from './ast.ts'
import { findByName, nearest } from './names.ts'

/** A column of a table in FROM. */
export interface Found {
  readonly from: ScopeTable
  readonly column: Column
  readonly person: boolean
  readonly at: Position
}

/**
 * Finds what a ColumnRef means. Refuses SELECT *-like references, unknown and ambiguous names, and restricted columns unless they are the
 * person key, which the caller judges.
 */
export function findReference(node: Node, reading: Reading): Found {
  onlyFields(node, ['fields', 'location'], reading)
  const at = placeOf(node, reading)
  const names = namesOf(node.body.fields)
  if (names.includes(undefined))
    stop(
      'query.not_aggregate',
      'rows are never shown, so there is no *',
      at,
      'name aggregates and group keys, for example SELECT COUNT(*) FROM …',
    )
  const [first = '', second] = names as readonly string[]
  if (names.length > 2)
    stop('query.not_supported', 'a name with more than two parts is not answered', at, 'write table.column')
  const found = second === undefined ? unqualified(first, at, reading) : qualified(first, second, at, reading)
  return checked(found, reading)
}

/** True when an unqualified name is a column of a table in FROM (ambiguous or not). */
export const isColumnName = (name: string, reading: Reading): boolean =>
  reading.tables.some((from) => findByName(from.table.columns, name) !== undefined)

export const isPerson = (from: ScopeTable, column: Column): boolean =>
  from.table.kind !== 'public' && (from.table.personColumn === column.name || column.role === 'person')

export function columnExpression(found: Pick<Found, 'from' | 'column'>, at?: Position): ColumnExpression {
  const { from, column } = found
  return {
    kind: 'column',
    alias: from.alias,
    table: from.table.name,
    column: column.name,
    type: column.type,
    scale: column.scale,
    ...(at ? { at } : {}),
  }
}

/** What a sub-query makes is no column of the contract: what it was made of was touched when it was read. */
export function touch(from: ScopeTable, column: Column, reading: Reading): void {
  if (!reading.shared.tables.includes(from.table)) reading.touched.add(`${from.table.name}.${column.name}`)
}

/** Declared types and domains of an expression's column. */
export function declarationOf(expression: ColumnExpression, reading: Reading): { from: ScopeTable; column: Column } {
  const scopes = [
    ...reading.tables,
    ...reading.hidden.map(({ scope }) => scope),
    ...(reading.stage ? [reading.stage] : []),
    ...(reading.grouped ? [reading.grouped] : []),
  ]
  const from = scopes.find((table) => table.alias === expression.alias) as ScopeTable
  return { from, column: findColumn(from.table, expression.column) as Column }
}

function unqualified(name: string, at: Position, reading: Reading): Omit<Found, 'person'> {
  const fits = reading.tables.flatMap((from) => {
    const column = findByName(from.table.columns, name)
    return column ? [{ from, column, at }] : []
  })
  const [only] = fits
  if (only && fits.length === 1) return only
  if (only) {
    const merged = reading.merged.get(only.column.name)
    const chosen = fits.find((fit) => reading.tables.indexOf(fit.from) === merged)
    // Tables joined later under the same name without USING still make it ambiguous.
    if (chosen && fits.every((fit) => fit === chosen || mergedWith(fit.from, fit.column.name, reading))) return chosen
    stop(
      'query.ambiguous_column',
      `"${name}" is a column of several tables`,
      at,
      `write ${fits.map((fit) => `${fit.from.name}.${name}`).join(' or ')}`,
    )
  }
  return unknownColumn(name, reading.tables, at)
}

/** USING merged this column of this table into an earlier one. */
const mergedWith = (from: ScopeTable, name: string, reading: Reading): boolean =>
  reading.merged.has(`${from.alias}.${name}`)

function qualified(table: string, name: string, at: Position, reading: Reading): Omit<Found, 'person'> {
  const from = findByName(reading.tables, table)
  if (!from)
    stop(
      'query.unknown_table',
      `there is no table "${table}" in FROM`,
      at,
      `FROM names: ${reading.tables.map((item) => item.name).join(', ')}`,
    )
  const column = findByName(from.table.columns, name)
  return column ? { from, column, at } : unknownColumn(name, [from], at)
}

function unknownColumn(name: string, tables: readonly ScopeTable[], at: Position): never {
  const declared = [
    ...new Set(
      tables.flatMap((from) => from.table.columns.filter((column) => column.offered).map((column) => column.name)),
    ),
  ]
  const near = nearest(name, declared)
  stop(
    'query.unknown_column',
    `there is no column "${name}"`,
    at,
    near.length > 0 ? `nearest: ${near.join(', ')}` : 'see the contract',
  )
}

function checked(found: Omit<Found, 'person'>, reading: Reading): Found {
  const person = isPerson(found.from, found.column)
  // A special category is the law's to refuse, with its citation: the question goes on, and never gets past the next stage.
  if (!person && !found.column.offered && !isSpecialCategory(found.column.classification))
    stop(
      'query.restricted_column',
      `"${found.column.name}" is classified ${found.column.classification} and never selectable`,
      found.at,
      'leave it out; ask about offered columns',
    )
  touch(found.from, found.column, reading)
  return { ...found, person }
}

/** Refuses the node as an unknown kind of table name; kept here so that FROM and columns speak alike. */
export function refuseAliasColumns(node: Node, reading: Reading): void {
  for (const field of Object.keys(node.body)) if (field !== 'aliasname') notSupported(node, reading, `Alias.${field}`)
}
