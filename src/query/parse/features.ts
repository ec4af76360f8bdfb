import { canonical } from '../../base/canonical.ts'
import type { Column, Table } from '../../contract/catalogue.ts'
import { columnsOf, formOf } from '../expression.ts'
import { featureForm } from '../form.ts'
import type { Derived, Expression, Feature, Source } from '../query.ts'
import { listOf, type Node, namesOf, nodeOf, type Reading, type ScopeTable, stop } from './ast.ts'
import { columnExpression } from './columns.ts'
import { declareFeature, multiplied, type Rows } from './declare.ts'
import { isFeatureAggregate, plainReading, readAggregateFeature } from './person-aggregates.ts'
import { readRow } from './rows.ts'
import { meant } from './select.ts'
import { isPersonReference, type SubTarget } from './targets.ts'
import { readWindow } from './windows.ts'

/** What is made first in a sub-query that groups or has windows: a relation whose columns are keys, aggregates and windows. */
export interface Stage {
  readonly alias: string
  readonly rows: Rows
  /** The expression over the stage's columns. Refuses query.not_aggregate for a column that is neither grouped nor aggregated. */
  over(expression: Expression, reading: Reading): Expression
  /** HAVING over the columns that it may read. */
  having(expression: Expression, reading: Reading): Expression
  /** The relations to be made first, the last one read by what follows; and the condition that is left for that. */
  close(
    where: Expression | undefined,
    source: Source,
    having: Expression | undefined,
  ): { readonly made: readonly Derived[]; readonly rest: Expression | undefined }
}

/** Of the relation that is made first, and of the second one where windows look at groups. */
const alias = 's'
const above = 'w'
const maxFeatures = 100

/** Undefined when the sub-query neither groups nor has windows. */
export function openStage(
  select: Node,
  targets: readonly SubTarget[],
  rows: Rows,
  reading: Reading,
): Stage | undefined {
  const trees = [...targets.map((target) => target.value), select.body.havingClause]
  const windows = trees.some((tree) => holds(tree, (call) => call.over !== undefined))
  const groups =
    select.body.groupClause !== undefined ||
    select.body.havingClause !== undefined ||
    trees.some((tree) =>
      holds(tree, (call) => call.over === undefined && isFeatureAggregate(namesOf(call.funcname).at(-1) ?? '')),
    )
  if (!windows && !groups) return undefined
  if (rows.kind === 'public' && windows)
    stop(
      'query.not_supported',
      'windows over public tables alone are not answered',
      reading.places.ofWord('over'),
      'group public tables, or select rows of them with WHERE, and join them',
    )
  if (!groups) return windowStage(rows, reading)
  const grouped = groupStage(select, targets, rows, reading)
  return windows ? windowsOverGroups(grouped, reading) : grouped
}

/** True when a function call of the tree, outside its sub-queries, has the property. */
function holds(tree: unknown, property: (call: Readonly<Record<string, unknown>>) => boolean, depth = 0): boolean {
  if (typeof tree !== 'object' || tree === null || depth > 400) return false
  return Object.entries(tree).some(([name, value]) => {
    if (name === 'SubLink') return false
    if (name === 'FuncCall' && property(value as Readonly<Record<string, unknown>>)) return true
    return holds(value, property, depth + 1)
  })
}

function begin(reading: Reading, alias: string, isPublic = false) {
  const name = `usufruct_d${reading.shared.tables.length}`
  const columns: Column[] = []
  const features: Feature[] = []
  const forms = new Map<string, Column>()
  const table: { -readonly [K in keyof Table]: Table[K] } = {
    name,
    kind: isPublic ? 'public' : 'private',
    personColumn: isPublic ? undefined : 'usufruct_person',
    primaryKey: [],
    columns,
  }
  const person: Column = {
    name: 'usufruct_person',
    type: 'text',
    scale: 0,
    required: true,
    offered: false,
    classification: 'restricted',
    role: 'person',
    description: 'the person',
  }
  if (!isPublic) columns.push(person)
  reading.shared.tables.push(table)
  reading.shared.all.push(table)
  const scope: ScopeTable = { name: alias, table, alias, optional: false }
  reading.stage = scope
  const add = (letter: string, feature: Feature, rows: Rows): Expression => {
    const form = canonical(featureForm(feature))
    let column = forms.get(form)
    if (!column) {
      if (features.length >= maxFeatures)
        stop(
          'query.too_deep',
          `more than ${maxFeatures} columns of a sub-query`,
          reading.places.ofOffset(0),
          'ask for fewer',
        )
      column = declareFeature(`${letter}${features.length}`, feature, rows, reading)
      forms.set(form, column)
      columns.push(column)
      features.push(feature)
    }
    return columnExpression({ from: scope, column }, feature.of?.at)
  }
  return { table, features, add }
}

function groupStage(select: Node, targets: readonly SubTarget[], rows: Rows, reading: Reading): Stage {
  const isPublic = rows.kind === 'public'
  const { table, features, add } = begin(reading, alias, isPublic)
  const keys = readKeys(select, targets, reading, isPublic)
  const keyColumns = new Map(keys.map((key) => [canonical(formOf(key)), add('k', { kind: 'row', of: key }, rows)]))
  const own = isPublic
    ? publicGroups(rows, keyColumns.size)
    : multiplied({ ...rows, kind: 'private' }, table.columns.slice(1, 1 + keyColumns.size))
  if (!isPublic)
    Object.assign(table, { kind: own.kind, maxRowsPerPerson: own.maxRows, maxGroupsPerPerson: own.maxGroups })
  const groupedBy = features.length
  reading.feature = (node) => {
    const feature = readAggregateFeature(node, reading)
    return feature && add('a', feature, rows)
  }
  const over = (expression: Expression): Expression => {
    const key = keyColumns.get(canonical(formOf(expression)))
    if (key) return key
    if (expression.kind === 'column' && expression.alias !== alias && expression.alias !== above)
      stop(
        'query.not_aggregate',
        `"${expression.column}" is neither grouped nor aggregated in the sub-query`,
        expression.at ?? reading.places.ofOffset(0),
        `add it to the sub-query's GROUP BY, or take MAX(${expression.column})`,
      )
    return expression.kind === 'call' ? { ...expression, args: expression.args.map(over) } : expression
  }
  return {
    alias,
    rows: own,
    over,
    having: over,
    close: (where, source, having) => ({
      made: [{ table, branches: [{ source, where, columns: features, groupedBy, distinct: false }] }],
      rest: having,
    }),
  }
}

/** Of public tables alone: one row for each group; one group where nothing is grouped by. */
const publicGroups = (rows: Rows, keys: number): Rows => ({
  ...rows,
  key: keys === 1 ? 'k0' : undefined,
  single: keys === 0,
})

function readKeys(
  select: Node,
  targets: readonly SubTarget[],
  reading: Reading,
  isPublic: boolean,
): readonly Expression[] {
  let person = isPublic
  const keys: Expression[] = []
  for (const item of listOf(select.body.groupClause)) {
    const node = nodeOf(item, reading)
    const { value } = meant(node, item, targets, reading.places.ofOffset(0), reading)
    if (value !== undefined && isPersonReference(nodeOf(value, reading), reading)) person = true
    else keys.push(readRow(value, reading))
  }
  if (!person)
    stop(
      'query.not_supported',
      'a sub-query that puts rows of several people together is not answered',
      reading.places.ofWord(select.body.groupClause === undefined ? 'select' : 'group'),
      'add the person key to its GROUP BY: then it makes features of each person, which the outer question may count, sum and average',
    )
  return keys
}

/** Windows: the columns of each row that are used are carried beside them. */
function windowStage(rows: Rows, reading: Reading): Stage {
  const { table, features, feature, over } = carrying(alias, rows, reading, (expression) => expression)
  const inside = plainReading(reading)
  reading.feature = (node) => readWindow(node, inside, feature)
  return {
    alias,
    rows,
    over,
    having: over,
    close: (where, source, having) => ({
      made: [{ table, branches: [{ source, where, columns: features, distinct: false }] }],
      rest: having,
    }),
  }
}

/** SUM(SUM(x)) OVER (PARTITION BY person ORDER BY month): the groups are made first, windows look at them second; HAVING stands in between. */
function windowsOverGroups(groups: Stage, reading: Reading): Stage {
  const aggregate = reading.feature
  reading.grouped = reading.stage
  const { table, features, feature, over } = carrying(above, groups.rows, reading, (one) => groups.over(one, reading))
  // Within a window its argument may be an aggregate, and no other window.
  const inside: Reading = {
    ...reading,
    feature: (node) => (node.body.over === undefined ? aggregate?.(node) : undefined),
  }
  reading.feature = (node) => readWindow(node, inside, feature) ?? aggregate?.(node)
  return {
    alias: above,
    rows: groups.rows,
    over,
    having: (expression) => {
      const read = groups.over(expression, reading)
      if (columnsOf(read).some((column) => column.alias === above))
        stop(
          'query.not_supported',
          'a window in HAVING is not answered',
          expression.at ?? reading.places.ofWord('having'),
          'put it into a sub-query',
        )
      return read
    },
    close: (where, source, having) => {
      const { made } = groups.close(where, source, undefined)
      const first = made.at(-1) as Derived
      const from = { tables: [{ table: first.table.name, alias, private: true, join: undefined }] }
      return {
        made: [...made, { table, branches: [{ source: from, where: having, columns: features, distinct: false }] }],
        rest: undefined,
      }
    },
  }
}

/** A relation of rows with windows beside them; `read` brings what stands in them over the columns of what they look at. */
function carrying(name: string, rows: Rows, reading: Reading, read: (expression: Expression) => Expression) {
  const { table, features, add } = begin(reading, name)
  Object.assign(table, { kind: rows.kind, maxRowsPerPerson: rows.maxRows, maxGroupsPerPerson: rows.maxGroups })
  const carry = (expression: Expression): Expression => {
    for (const column of columnsOf(expression)) if (column.alias !== name) add('c', { kind: 'row', of: column }, rows)
    return expression
  }
  const feature = (window: Window): Expression =>
    add(
      'w',
      {
        ...window,
        of: window.of && carry(read(window.of)),
        partition: window.partition.map((part) => carry(read(part))),
        order: window.order.map((item) => ({ ...item, by: carry(read(item.by)) })),
      },
      rows,
    )
  const carried = (expression: Expression): Expression => {
    if (expression.kind === 'column')
      return expression.alias === name ? expression : add('c', { kind: 'row', of: expression }, rows)
    return expression.kind === 'call' ? { ...expression, args: expression.args.map(carried) } : expression
  }
  return { table, features, feature, over: (expression: Expression): Expression => carried(read(expression)) }
}

type Window = Extract<Feature, { kind: 'window' }>
