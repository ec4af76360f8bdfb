import type { Column, Table } from '../../contract/catalogue.ts'
import type { Branch, Derived, Expression, Feature } from '../query.ts'
import {
  type Cte,
  type Fields,
  listOf,
  type Node,
  namesOf,
  nodeOf,
  notSupported,
  onlyFields,
  placeOf,
  type Reading,
  stop,
} from './ast.ts'
import { conjuncts, readConditions } from './conditions.ts'
import { constantRelation } from './constants.ts'
import { declare, multiplied, type Rows, rowsOf } from './declare.ts'
import { openStage, type Stage } from './features.ts'
import { readRow } from './rows.ts'
import { checkNesting, nested, withCtes } from './scope.ts'
import { readSource } from './source.ts'
import { isPersonReference, isPersonTarget, readTargets, type SubTarget } from './targets.ts'
import { requireBoolean } from './types.ts'
import { unionOf } from './union.ts'
import { readNamedWindows } from './windows.ts'

/**
 * Sub-queries and common table expressions (differential-privacy.md 3.1). A relation over people's rows keeps the person: every one of its rows is made of
 * one person's rows and public tables alone, whatever it computes, and bounds are taken of that person's whole record afterwards. So grouping
 * and windows are answered within a person and refused across people; ORDER BY, LIMIT and samples, which look across, are refused.
 */
export function derive(
  value: unknown,
  around: Reading,
  more: {
    readonly ctes?: ReadonlyMap<string, Cte>
    readonly correlated?: Correlated | undefined
    readonly names?: readonly string[] | undefined
  } = {},
): Table {
  const select = nodeOf(value, around)
  const known = around.shared.known.get(select.body)
  if (known) return known
  if (select.kind !== 'SelectStmt') notSupported(select, around)
  checkNesting(around, select)
  const relation = relationOf(select, nested(around, more.ctes), more.correlated)
  const table = register(renamed(relation, more.names ?? [], select, around), around)
  around.shared.known.set(select.body, table)
  return table
}

/** `f (a, b)` and `WITH f (a, b)`: new names for the outputs, in order. */
function renamed(relation: Relation, names: readonly string[], select: Node, reading: Reading): Relation {
  if (names.length === 0) return relation
  const { columns, person, personAt } = relation
  if (names.length > columns.length + (person === undefined ? 0 : 1) || new Set(names).size < names.length)
    stop(
      'query.type_mismatch',
      'more names than the sub-query has outputs, or one twice',
      placeOf(select, reading),
      'one name for each output',
    )
  const at = personAt ?? columns.length
  return {
    ...relation,
    rows: {
      ...relation.rows,
      key:
        columns.findIndex((column) => column.name === relation.rows.key) < 0
          ? undefined
          : (names[columns.findIndex((column) => column.name === relation.rows.key)] ?? relation.rows.key),
    },
    person: person === undefined ? undefined : (names[at] ?? person),
    columns: columns.map((column, index) => ({
      ...column,
      name: names[index < at ? index : index + 1] ?? column.name,
    })),
  }
}

/** A relation before it has a name. */
export interface Relation {
  readonly rows: Rows
  readonly person: string | undefined
  /** Its place among the outputs. */
  readonly personAt: number | undefined
  readonly columns: readonly Column[]
  readonly parts: readonly number[]
  readonly branches: readonly Branch[]
}

/** Takes the conditions that tie a sub-query to what stands around out of its WHERE; gives what is left, and the outputs that are tied. */
export type Correlated = (
  conditions: readonly unknown[],
  reading: Reading,
) => { readonly rest: readonly unknown[]; readonly tied: readonly SubTarget[] }

/** The name by which rows that nobody named the person of are still joined on the person. */
const unnamed = 'usufruct_person'

export function register(relation: Relation, reading: Reading): Table {
  const { shared } = reading
  const name = `usufruct_d${shared.tables.length}`
  const { kind, maxRows, maxGroups, key } = relation.rows
  const person = kind === 'public' ? undefined : (relation.person ?? unnamed)
  const table: Table = {
    name,
    kind,
    personColumn: person,
    primaryKey: key === undefined ? [] : [key],
    columns: [...(person === undefined ? [] : [personColumn(person)]), ...relation.columns],
    maxRowsPerPerson: kind === 'persons' ? 1n : maxRows,
    maxGroupsPerPerson: maxGroups,
  }
  for (const [index, column] of relation.columns.entries())
    shared.parts.set(`${name}.${column.name}`, relation.parts[index] ?? 1)
  if (relation.rows.single) shared.single.add(name)
  shared.tables.push(table)
  shared.all.push(table)
  shared.derived.push({ table, branches: relation.branches })
  return table
}

const personColumn = (name: string): Column => ({
  name,
  type: 'text',
  scale: 0,
  required: true,
  offered: false,
  classification: 'restricted',
  role: 'person',
  description: 'the person',
})

const clauses = [
  'windowClause',
  'sortClause',
  'targetList',
  'fromClause',
  'whereClause',
  'groupClause',
  'havingClause',
  'distinctClause',
  'withClause',
  'limitOption',
  'op',
  'all',
  'larg',
  'rarg',
]
const acrossPeople = ['limitCount', 'limitOffset'] as const

export function relationOf(select: Node, outside: Reading, correlated?: Correlated): Relation {
  for (const field of acrossPeople)
    if (select.body[field] !== undefined) notSupported(select, outside, `SubSelect.${field}`)
  if (select.body.op === 'SETOP_NONE' && listOf(select.body.fromClause).length === 0)
    return constantRelation(select, outside)
  for (const field of ['valuesLists', 'intoClause', 'lockingClause', 'groupDistinct', 'groupByAll'])
    if (select.body[field] !== undefined) notSupported({ kind: 'SelectStmt', body: {} }, outside, `SelectStmt.${field}`)
  onlyFields(select, clauses, outside)
  const reading = withCtes(select, outside)
  if (select.body.op !== 'SETOP_NONE') return unionOf(select, reading)
  const distinct = isDistinct(select, reading)
  const source = readSource(select.body.fromClause, reading, conjuncts(select.body.whereClause), true)
  const rows = rowsOf(reading)
  const asked = readTargets(select, reading)
  const conditions = conjuncts(select.body.whereClause)
  const { rest, tied } = correlated?.(conditions, reading) ?? { rest: conditions, tied: [] }
  const where = readConditions(rest, reading)
  // What EXISTS selects does not matter; it is read all the same.
  if (tied.length > 0) outputs(asked, reading)
  const targets = tied.length > 0 ? tied : asked
  const from = () => ({ tables: [...source.tables, ...reading.hidden.map(({ joined }) => joined)] })
  reading.windows = readNamedWindows(select, reading)
  const stage = openStage(select, targets, rows, reading)
  readIdleOrder(select, targets, reading)
  if (stage === undefined) {
    const made = outputs(targets, reading)
    const features = made.expressions.map((of): Feature => ({ kind: 'row', of }))
    const branch = { source: from(), where, columns: features, distinct }
    return { rows: distinctRows(rows, made, distinct), ...made, branches: [branch] }
  }
  return throughStage(select, targets, stage, { where, from, distinct }, reading)
}

/** ORDER BY without LIMIT has no effect on rows that are counted; it is read, so that nothing passes unread. */
function readIdleOrder(select: Node, targets: readonly SubTarget[], reading: Reading): void {
  for (const item of listOf(select.body.sortClause)) {
    const node = nodeOf(nodeOf(item, reading).body.node, reading)
    const isOutput =
      (node.kind === 'A_Const' && node.body.ival !== undefined) ||
      (node.kind === 'ColumnRef' && targets.some(({ name }) => namesOf(node.body.fields).join('.') === name))
    if (!isOutput && !isPersonReference(node, reading)) readRow({ [node.kind]: node.body }, reading)
  }
}

/** Grouping and windows take two steps: the columns that need them are made first, and expressions over these columns second. */
function throughStage(
  select: Node,
  targets: readonly SubTarget[],
  stage: Stage,
  first: { readonly where: Expression | undefined; readonly from: () => Branch['source']; readonly distinct: boolean },
  reading: Reading,
): Relation {
  const made = outputs(targets, reading, stage)
  const having =
    select.body.havingClause === undefined
      ? undefined
      : stage.having(readRow(select.body.havingClause, reading), reading)
  if (having) requireBoolean(having, having.at ?? reading.places.ofWord('having'))
  const { made: relations, rest } = stage.close(first.where, first.from(), having)
  reading.shared.derived.push(...relations)
  const { table } = relations.at(-1) as Derived
  const second: Branch = {
    source: { tables: [{ table: table.name, alias: stage.alias, private: table.kind !== 'public', join: undefined }] },
    where: rest,
    columns: made.expressions.map((of) => ({ kind: 'row', of })),
    distinct: first.distinct,
  }
  return { rows: distinctRows(stage.rows, made, first.distinct), ...made, branches: [second] }
}

interface Made {
  readonly person: string | undefined
  readonly personAt: number | undefined
  readonly columns: readonly Column[]
  readonly expressions: readonly Expression[]
  readonly parts: readonly number[]
}

function outputs(targets: readonly SubTarget[], reading: Reading, stage?: Stage): Made {
  let person: string | undefined
  let personAt: number | undefined
  const columns: Column[] = []
  const expressions: Expression[] = []
  const parts: number[] = []
  const taken = new Set<string>()
  for (const [index, target] of targets.entries()) {
    if (taken.has(target.name) && target.alias !== undefined)
      stop(
        'query.ambiguous_column',
        `the sub-query has two outputs named "${target.name}"`,
        placeOf(target.node, reading),
        'name one of them otherwise',
      )
    const name = freeName(target.name, taken)
    taken.add(name)
    if (isPersonTarget(target, reading)) {
      personAt = person === undefined ? index : personAt
      person ??= name
      continue
    }
    const read = target.expression ?? readRow(target.value, reading)
    const expression = stage ? stage.over(read, reading) : read
    const { column, width } = declare(name, expression, reading)
    columns.push(column)
    expressions.push(expression)
    parts.push(width)
  }
  return { person, personAt, columns, expressions, parts }
}

/** Outputs without AS may be called alike: the second is name_2. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name
  for (let count = 2; taken.has(free); count++) free = `${name}_${count}`
  return free
}

/** DISTINCT over the person and keys of known domains leaves at most one row for each. */
function distinctRows(rows: Rows, made: Made, distinct: boolean): Rows {
  // A key of a table of the contract keeps its origin; what a grouping makes unique is one without.
  const key =
    made.columns.find((column) => column.derivedFrom) ?? made.columns.find((_, index) => isGroupKey(made, index, rows))
  const kept = rows.kind === 'public' ? { ...rows, key: key?.name } : rows
  if (!distinct || rows.kind !== 'private') return kept
  return multiplied(rows, made.columns)
}

/** The one column by which public rows are grouped. */
function isGroupKey({ expressions }: Made, index: number, { key }: Rows): boolean {
  const of = expressions[index]
  return key !== undefined && of?.kind === 'column' && of.alias === 's' && of.column === key
}

function isDistinct(select: Node, reading: Reading): boolean {
  const items = select.body.distinctClause
  if (items === undefined) return false
  // The tree writes plain DISTINCT as one empty item; DISTINCT ON names expressions.
  if (listOf(items).some((item) => Object.keys((item ?? {}) as Fields).length > 0))
    notSupported({ kind: 'SelectStmt', body: {} }, reading, 'SelectStmt.distinctOn')
  return true
}
