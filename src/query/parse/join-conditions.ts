import { Refused } from '../../base/refusal.ts'
import type { Column } from '../../contract/catalogue.ts'
import { call, literal } from '../expression.ts'
import type { Expression } from '../query.ts'
import { type Node, namesOf, nodeOf, onlyFields, placeOf, type Reading, type ScopeTable, stop } from './ast.ts'
import { columnExpression, findReference, isPerson, touch } from './columns.ts'
import { conjuncts, readConditions } from './conditions.ts'
import { findByName } from './names.ts'
import type { Joined } from './source.ts'
import { compare } from './types.ts'

/** Conditions of joins: one equality ties the table, on the person or on a public table's key; whatever else stands there may be any condition. */

export function readCondition(item: Joined, from: ScopeTable, reading: Reading): Expression {
  if (item.using.length === 0 && item.quals === undefined) return literal('true', 'boolean')
  if (item.using.length > 0) return readUsing(item, from, reading)
  const at = placeOf(nodeOf(item.quals, reading), reading)
  const parts = conjuncts(item.quals)
  const keyed = parts.findIndex((part) => keyJoin(part, from, at, reading, false) !== undefined)
  // None ties the table: say what is wrong with the first.
  const on = keyJoin(parts[Math.max(keyed, 0)], from, at, reading, true) as Expression
  const others = readConditions(
    parts.filter((_, index) => index !== Math.max(keyed, 0)),
    reading,
  )
  return others ? call('and', [on, others], 'boolean', 0, at) : on
}

/** The join that a condition is; undefined, or with `say` refused, when it ties the table in no answered way. */
function keyJoin(part: unknown, from: ScopeTable, at: Place, reading: Reading, say: boolean): Expression | undefined {
  try {
    const sides = equality(nodeOf(part, reading), reading)
    if (!sides) return wrongJoin(from, at)
    const left: Side = findReference(sides[0], reading)
    const right: Side = findReference(sides[1], reading)
    if (left.from === from) return joinOf(right, left, at)
    if (right.from === from) return joinOf(left, right, at)
    return wrongJoin(from, at)
  } catch (error) {
    if (!say && error instanceof Refused) return undefined
    throw error
  }
}
type Place = ReturnType<typeof placeOf>

interface Side {
  readonly from: ScopeTable
  readonly column: Column
}

function readUsing(item: Joined, from: ScopeTable, reading: Reading): Expression {
  const at = placeOf(item.node, reading)
  const sides = item.using.map((name) => usingSides(name, from, at, reading))
  const tie = sides.findIndex(([left, right]) => isJoin(left, right, at))
  if (tie < 0) {
    const [left, right] = sides[0] as readonly [Side, Side]
    return joinOf(left, right, at)
  }
  const conditions = sides.map(([left, right], index) => {
    if (index === tie) return joinOf(left, right, at)
    if (isPerson(left.from, left.column) || isPerson(right.from, right.column)) wrongJoin(from, at)
    return call('=', compare([columnExpression(left), columnExpression(right)], at, false), 'boolean', 0, at)
  })
  return conditions.length === 1 ? (conditions[0] as Expression) : call('and', conditions, 'boolean', 0, at)
}

function usingSides(name: string, from: ScopeTable, at: Place, reading: Reading): readonly [Side, Side] {
  const column = findByName(from.table.columns, name)
  const earlier = reading.tables.slice(0, -1).filter((table) => findByName(table.table.columns, name))
  const index = reading.merged.get(column?.name ?? name) ?? reading.tables.indexOf(earlier[0] as ScopeTable)
  const left = reading.tables[index]
  if (!column || !left || earlier.length === 0)
    stop('query.unknown_column', `"${name}" is not a column of both tables`, at, 'write ON a.column = b.column')
  if (earlier.length > 1 && !reading.merged.has(column.name))
    stop('query.ambiguous_column', `"${name}" is a column of several tables`, at, 'write ON a.column = b.column')
  const leftColumn = findByName(left.table.columns, name) as Column
  for (const side of [
    { from: left, column: leftColumn },
    { from, column },
  ]) {
    if (!isPerson(side.from, side.column) && !side.column.offered)
      stop(
        'query.restricted_column',
        `"${name}" is classified ${side.column.classification} and never selectable`,
        at,
        'join on offered keys',
      )
    touch(side.from, side.column, reading)
  }
  reading.merged.set(column.name, index)
  reading.merged.set(`${from.alias}.${column.name}`, index)
  reading.merged.set(`${left.alias}.${column.name}`, index)
  return [
    { from: left, column: leftColumn },
    { from, column },
  ]
}

function isJoin(left: Side, right: Side, at: Place): boolean {
  try {
    return joinOf(left, right, at) !== undefined
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}

/** The join is safe: on the person between private tables, or on a declared reference to a public table's whole primary key. */
function joinOf(left: Side, right: Side, at: ReturnType<typeof placeOf>): Expression {
  const bothPersons = isPerson(left.from, left.column) && isPerson(right.from, right.column)
  const declared =
    right.from.table.kind === 'public' &&
    (refersTo(left.column, right) || isMadeUnique(right)) &&
    right.from.table.primaryKey.length === 1 &&
    right.from.table.primaryKey[0] === right.column.name &&
    left.column.type === right.column.type &&
    left.column.scale === right.column.scale &&
    !isPerson(left.from, left.column)
  if (!(right.from.table.kind === 'public' ? declared : bothPersons)) wrongJoin(right.from, at)
  return call('=', [columnExpression(left), columnExpression(right)], 'boolean', 0, at)
}

/** A column refers to a public table's key, or to a relation that has that key once. */
function refersTo(column: Column, { from, column: key }: Side): boolean {
  const { references } = column
  if (references?.table === from.table.name && references.column === key.name) return true
  const origin = key.derivedFrom
  return origin !== undefined && references?.table === origin.table && references.column === origin.column
}

/** A relation of the question itself that has this value once: VALUES, or public tables grouped by it. */
const isMadeUnique = ({ from, column }: Side): boolean =>
  from.table.name.startsWith('usufruct_') &&
  column.derivedFrom === undefined &&
  from.table.primaryKey[0] === column.name

function wrongJoin(from: ScopeTable, at: ReturnType<typeof placeOf>): never {
  if (from.table.kind === 'public')
    stop(
      'query.join_not_declared',
      `"${from.table.name}" is public and is joined on its declared key only`,
      at,
      `join ${from.table.name} on its key ${from.table.primaryKey.join(', ')} with a column that the contract says refers to it; conditions go to WHERE`,
    )
  stop(
    'query.join_not_on_person',
    `"${from.table.name}" holds people's rows and is joined on the person only`,
    at,
    `JOIN ${from.table.name} USING (${from.table.personColumn ?? from.table.primaryKey[0] ?? 'person key'}); conditions go to WHERE`,
  )
}

/** The two columns of `a = b`; undefined for any other condition. */
export function equality(node: Node, reading: Reading): readonly [Node, Node] | undefined {
  if (node.kind !== 'A_Expr' || node.body.kind !== 'AEXPR_OP' || namesOf(node.body.name)[0] !== '=') return undefined
  onlyFields(node, ['kind', 'name', 'lexpr', 'rexpr', 'location'], reading)
  if (node.body.lexpr === undefined) return undefined
  const left = nodeOf(node.body.lexpr, reading)
  const right = nodeOf(node.body.rexpr, reading)
  return left.kind === 'ColumnRef' && right.kind === 'ColumnRef' ? [left, right] : undefined
}
