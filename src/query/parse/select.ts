import { canonical } from '../../base/canonical.ts'
import type { Position } from '../../base/refusal.ts'
import { formOf } from '../expression.ts'
import { canonicalQuery } from '../form.ts'
import type { Expression, GroupKey, NoisyExpression, Output, Query, Source } from '../query.ts'
import type { Measures } from './aggregates.ts'
import {
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
import { boundsOf } from './bounds.ts'
import { poolCounts } from './cells.ts'
import { isColumnName } from './columns.ts'
import { conjuncts, readConditions } from './conditions.ts'
import { listedIn, maxCells, readGroupKey } from './groups.ts'
import { type Answer, readNoisy, type Typed } from './outputs.ts'
import { readRow } from './rows.ts'
import { withCtes } from './scope.ts'
import { readSelection } from './selection.ts'
import { checkSize } from './size.ts'
import { readSource } from './source.ts'
import { checkBoundAlone } from './sum-bounds.ts'

const maxOutputs = 100
const maxLimit = 1_000_000

const clauses = [
  'distinctClause',
  'targetList',
  'fromClause',
  'whereClause',
  'groupClause',
  'havingClause',
  'sortClause',
  'limitCount',
  'limitOffset',
  'limitOption',
  'op',
  'withClause',
]

/** One SELECT → query. The order is the order of what is refused first: shape, FROM, WHERE, GROUP BY, outputs, HAVING, ORDER BY, LIMIT. */
export function readSelect(select: Node, outside: Reading): Query {
  checkShape(select, outside)
  const named = withCtes(select, outside)
  return readBody(select, named)
}

function readBody(select: Node, reading: Reading): Query {
  const read = readSource(select.body.fromClause, reading, conjuncts(select.body.whereClause))
  const targets = readTargets(select, reading)
  const where = readWhere(select, reading)
  const groups = readGroups(select, targets, { tables: read.tables, where }, reading)
  const measures: Measures = { list: [], forms: new Map(), bounds: boundsOf(groups, reading) }
  const groupForms = targets.groupForms
  const base = { reading, groups, groupForms, measures, aliases: new Map<string, Typed>(), aliasFirst: false }
  const outputs = readOutputs(targets.list, base)
  const answer = { ...base, aliases: aliasesOf(targets.list, outputs) }
  checkDistinct(select, outputs, groups, reading)
  const having = readHaving(select, answer)
  const orderBy = readOrder(select, outputs, { ...answer, aliasFirst: true })
  const limit = readCount(select.body.limitCount, 'LIMIT', reading)
  const offset = readCount(select.body.limitOffset, 'OFFSET', reading) ?? 0
  if (measures.list.length === 0)
    stop(
      'query.not_aggregate',
      'the question asks for no aggregate',
      reading.places.ofOffset(0),
      'add COUNT(*), COUNT(DISTINCT <person key>), SUM(…) or AVG(…)',
    )
  const selection = readSelection(groups, measures, reading)
  // The count that chooses open groups stays a count of its own.
  const single = selection === undefined && groups.every((group) => group.perPerson)
  const pooled = poolCounts(measures.list, single, reading)
  const moved = pooled?.moved ?? ((value: NoisyExpression) => value)
  // Relations that conditions look into come last, when every condition is read.
  const source = { tables: [...read.tables, ...reading.hidden.map(({ joined }) => joined)] }
  checkSize(source, where, groups, measures, reading)
  const touches = [...reading.touched].sort()
  const { derived } = reading.shared
  const query = {
    kind: 'query' as const,
    product: reading.catalogue.product,
    ...(derived.length > 0 ? { derived } : {}),
    source,
    where,
    groups,
    measures: pooled?.measures ?? measures.list,
    ...(selection ? { selection } : {}),
    outputs: withOwnNames(outputs).map(({ name, value }) => ({ name, value: moved(value) })),
    having: having && moved(having),
    orderBy: orderBy.map((item) => ({ ...item, by: moved(item.by) })),
    limit,
    offset,
    touches,
  }
  checkBoundAlone(query, reading)
  return deepFreeze({ ...query, sql: reading.sql, canonical: canonicalQuery(query) })
}

export interface Target {
  readonly alias: string | undefined
  readonly value: unknown
  readonly node: Node
  readonly name: string
}
interface Targets {
  readonly list: readonly Target[]
  readonly groupForms: string[]
}

function checkShape(select: Node, reading: Reading): void {
  for (const field of ['valuesLists', 'intoClause', 'windowClause', 'lockingClause', 'groupDistinct', 'groupByAll'])
    if (select.body[field] !== undefined) notSupported(noPlace(select), reading, `SelectStmt.${field}`)
  checkDistinctShape(select, reading)
  if (select.body.op !== 'SETOP_NONE') notSupported(noPlace(select), reading, 'SelectStmt.op')
  if (select.body.limitOption === 'LIMIT_OPTION_WITH_TIES')
    notSupported(noPlace(select), reading, 'SelectStmt.limitWithTies')
  onlyFields(select, clauses, reading)
}

/** SELECT DISTINCT changes nothing where every group key is shown, or where there is one row. */
function checkDistinct(select: Node, outputs: readonly Output[], groups: readonly GroupKey[], reading: Reading): void {
  const shown = groups.every((_, index) => outputs.some(({ value }) => value.kind === 'group' && value.index === index))
  if (select.body.distinctClause !== undefined && !shown)
    notSupported(noPlace(select), reading, 'SelectStmt.distinctClause')
}

/** DISTINCT ON chooses rows; plain DISTINCT of columns that are not grouped would show them. */
function checkDistinctShape(select: Node, reading: Reading): void {
  const items = select.body.distinctClause
  if (items === undefined) return
  if (listOf(items).some((item) => Object.keys((item ?? {}) as Fields).length > 0))
    notSupported(noPlace(select), reading, 'SelectStmt.distinctOn')
  const targets = listOf(select.body.targetList).map((item) => nodeOf(item, reading).body.val)
  const columns = targets.some((value) => value !== undefined && nodeOf(value, reading).kind === 'ColumnRef')
  if (columns && select.body.groupClause === undefined)
    notSupported(noPlace(select), reading, 'SelectStmt.distinctClause')
}

/** A clause to which the tree gives no place is found by its keyword. */
const noPlace = (select: Node): Node => ({ kind: select.kind, body: {} })

function readTargets(select: Node, reading: Reading): Targets {
  const items = listOf(select.body.targetList)
  if (items.length > maxOutputs)
    stop(
      'query.too_deep',
      `more than ${maxOutputs} outputs`,
      placeOf(nodeOf(items[maxOutputs], reading), reading),
      'ask several questions',
    )
  if (items.length === 0)
    stop(
      'query.not_aggregate',
      'the question asks for nothing',
      reading.places.ofOffset(0),
      'for example SELECT COUNT(*) FROM …',
    )
  const list = items.map((item) => {
    const target = nodeOf(item, reading)
    if (target.kind !== 'ResTarget') return notSupported(target, reading)
    onlyFields(target, ['name', 'val', 'location'], reading)
    const alias = typeof target.body.name === 'string' ? target.body.name : undefined
    const node = nodeOf(target.body.val, reading)
    return { alias, value: target.body.val, node, name: alias ?? nameOf(node) }
  })
  return { list: list.flatMap((target) => sharesOf(target, reading)), groupForms: [] }
}

/** PERCENTILE_DISC(ARRAY[0.25, 0.5]) …: one output for each share, q_25 and q_50; all are read off one release. */
function sharesOf(target: Target, reading: Reading): readonly Target[] {
  const { node } = target
  const [share] = node.kind === 'FuncCall' && node.body.agg_within_group === true ? listOf(node.body.args) : []
  const array = share === undefined ? undefined : nodeOf(share, reading)
  if (array?.kind !== 'A_ArrayExpr') return [target]
  onlyFields(array, ['elements', 'location', 'list_start', 'list_end'], reading)
  return listOf(array.body.elements).map((element) => {
    const text = String((nodeOf(element, reading).body.fval as Fields | undefined)?.fval ?? '')
    const percent = text
      .replace(/^0?\.(\d)(?!\d)/, '.$10')
      .replace(/^0?\.(\d\d)(\d*)$/, '$1_$2')
      .replace(/^0(?=\d)/, '')
      .replace(/_$/, '')
    const name = `${target.name}_${percent}`
    const body = { ...node.body, args: [element] }
    return { alias: target.alias && name, value: { FuncCall: body }, node: { kind: node.kind, body }, name }
  })
}

/** The name that PostgreSQL gives an output without AS. */
export function nameOf(node: Node): string {
  if (node.kind === 'ColumnRef') return namesOf(node.body.fields).at(-1) ?? '*'
  if (node.kind === 'FuncCall') return namesOf(node.body.funcname).at(-1) ?? 'value'
  const names: Readonly<Record<string, string>> = { CaseExpr: 'case', CoalesceExpr: 'coalesce' }
  if (node.kind === 'MinMaxExpr') return node.body.op === 'IS_LEAST' ? 'least' : 'greatest'
  return names[node.kind] ?? 'value'
}

function readWhere(select: Node, reading: Reading): Expression | undefined {
  return readConditions(conjuncts(select.body.whereClause), reading)
}

function readGroups(
  select: Node,
  targets: Targets,
  { tables, where }: { readonly tables: Source['tables']; readonly where: Expression | undefined },
  reading: Reading,
): readonly GroupKey[] {
  const groups: GroupKey[] = []
  let cells = 1
  for (const item of listOf(select.body.groupClause)) {
    const node = nodeOf(item, reading)
    const at = placeOf(node, reading)
    const { value, name } = meant(node, item, targets.list, at, reading)
    const target = nodeOf(value, reading)
    if (target.kind === 'A_Const' && value === item)
      stop('query.not_supported', 'a constant is no group key', at, 'group by a column, an alias or an output number')
    const expression = readRow(value, reading)
    const form = canonical(formOf(expression))
    if (targets.groupForms.includes(form)) continue
    const key = readGroupKey(name, expression, at, reading, { tables, listed: listedIn(where, expression) })
    cells *= key.domain?.length ?? 1
    if (cells > maxCells)
      stop(
        'query.too_many_groups',
        `the declared domains make more than ${maxCells} groups`,
        at,
        'group by fewer or coarser keys',
      )
    groups.push(key)
    targets.groupForms.push(form)
  }
  return groups
}

/** GROUP BY 2 means the second output; GROUP BY name means a column of that name, else an output's alias. */
export function meant(
  node: Node,
  item: unknown,
  targets: readonly Target[],
  at: Position,
  reading: Reading,
): { value: unknown; name: string } {
  if (node.kind === 'A_Const' && node.body.ival !== undefined) {
    const target = targets[ordinal(node) - 1]
    if (!target)
      stop(
        'query.unknown_column',
        `there is no output number ${ordinal(node)}`,
        at,
        `outputs are numbered 1 to ${targets.length}`,
      )
    return target
  }
  const names = node.kind === 'ColumnRef' ? namesOf(node.body.fields) : []
  const [name] = names
  if (names.length === 1 && name !== undefined && !isColumnName(name, reading)) {
    const target = targets.find((candidate) => candidate.alias === name)
    if (target) return target
  }
  const output = targets.find((candidate) => sameTree(candidate.value, item))
  return { value: item, name: output?.name ?? nameOf(node) }
}

const ordinal = (node: Node): number => Number((node.body.ival as Fields).ival ?? 0)

/** Equal but for the places. */
const sameTree = (a: unknown, b: unknown): boolean => textOf(a) === textOf(b)
const textOf = (tree: unknown): string => JSON.stringify(tree, (key, value) => (key === 'location' ? undefined : value))

function readOutputs(targets: readonly Target[], answer: Answer): readonly (Output & { readonly typed: Typed })[] {
  return targets.map((target) => {
    if (isStar(target.node))
      stop(
        'query.not_aggregate',
        'rows are never shown, so there is no SELECT *',
        placeOf(target.node, answer.reading),
        'name aggregates and group keys, for example SELECT COUNT(*) FROM …',
      )
    const typed = readNoisy(target.value, answer)
    return { name: target.name, value: typed.value, typed }
  })
}

const isStar = (node: Node): boolean => node.kind === 'ColumnRef' && namesOf(node.body.fields).includes(undefined)

function aliasesOf(targets: readonly Target[], outputs: readonly { readonly typed: Typed }[]): Map<string, Typed> {
  const aliases = new Map<string, Typed>()
  for (const [index, target] of targets.entries())
    if (!aliases.has(target.name)) aliases.set(target.name, (outputs[index] as { typed: Typed }).typed)
  return aliases
}

/** Two outputs of one name would hide each other: the second becomes name_2. */
function withOwnNames(outputs: readonly Output[]): readonly Output[] {
  const taken = new Set<string>()
  return outputs.map(({ name, value }) => {
    let free = name
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`
    taken.add(free)
    return { name: free, value }
  })
}

function readHaving(select: Node, answer: Answer): NoisyExpression | undefined {
  if (select.body.havingClause === undefined) return undefined
  const having = readNoisy(select.body.havingClause, answer)
  if (having.type !== 'boolean')
    stop(
      'query.type_mismatch',
      'HAVING takes a condition',
      answer.reading.places.ofWord('having'),
      'for example HAVING COUNT(*) > 100',
    )
  return having.value
}

function readOrder(select: Node, outputs: readonly { readonly typed: Typed }[], answer: Answer): Query['orderBy'] {
  const { reading } = answer
  return listOf(select.body.sortClause).map((item) => {
    const sort = nodeOf(item, reading)
    onlyFields(sort, ['node', 'sortby_dir', 'sortby_nulls', 'location', 'useOp'], reading)
    const direction = String(sort.body.sortby_dir)
    if (sort.body.useOp !== undefined || direction === 'SORTBY_USING') notSupported(sort, reading, 'SortBy.useOp')
    const node = nodeOf(sort.body.node, reading)
    const byNumber = node.kind === 'A_Const' && node.body.ival !== undefined
    const output = byNumber ? outputs[ordinal(node) - 1]?.typed : readNoisy(sort.body.node, answer)
    if (!output)
      stop(
        'query.unknown_column',
        `there is no output number ${ordinal(node)}`,
        placeOf(node, reading),
        `outputs are numbered 1 to ${outputs.length}`,
      )
    const nullsFirst = sort.body.sortby_nulls === 'SORTBY_NULLS_FIRST'
    return { by: output.value, descending: direction === 'SORTBY_DESC', ...(nullsFirst ? { nullsFirst } : {}) }
  })
}

function readCount(value: unknown, clause: string, reading: Reading): number | undefined {
  if (value === undefined) return undefined
  const node = nodeOf(value, reading)
  if (node.kind === 'A_Const' && node.body.isnull === true) return undefined
  const count = node.kind === 'A_Const' && node.body.ival !== undefined ? ordinal(node) : -1
  if (count < 0 || count > maxLimit)
    stop('query.not_supported', `${clause} takes a whole number`, placeOf(node, reading), `from 0 to ${maxLimit}`)
  return count
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
