import { Refused } from '../../base/refusal.ts'
import { type Column, findTable, type Table } from '../../contract/catalogue.ts'
import { call } from '../expression.ts'
import type { Expression, Source, SourceTable } from '../query.ts'
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
  type ScopeTable,
  stop,
} from './ast.ts'
import { columnExpression, findReference, isPerson, refuseAliasColumns, touch } from './columns.ts'
import { conjuncts, readConditions } from './conditions.ts'
import { derive } from './derive.ts'
import { findByName, nearest } from './names.ts'

const maxTables = 8

interface Joined {
  readonly node: Node
  readonly type: 'inner' | 'left'
  readonly using: readonly string[]
  readonly quals: unknown
  readonly join: Node | undefined
}

/**
 * FROM: one private table; more private tables joined on the person; public tables joined on declared keys, so that a row matches at most one.
 * Then every row of the join belongs to exactly one person, the first table's.
 */
export function readSource(
  fromClause: unknown,
  reading: Reading,
  conditions: readonly unknown[],
  publicToo = false,
): Source {
  const items = listOf(fromClause)
  if (items.length === 0)
    stop(
      'query.not_aggregate',
      'the question names no table',
      reading.places.ofOffset(0),
      `FROM one of: ${tableNames(reading)}`,
    )
  const chains = items.map((item) => flatten(nodeOf(item, reading), reading, 0))
  // A comma in FROM is a join whose condition stands in WHERE; rows begin with a person's, so a private table goes first.
  const begins = Math.max(
    chains.findIndex(([first]) => first && tableOf(first.node, reading).kind !== 'public'),
    0,
  )
  const first = privateFirst(chains[begins] as Joined[], reading, publicToo && chains.length === 1)
  const rest = chains.filter((_, index) => index !== begins)
  const joined = [first, ...rest].flat()
  if (joined.length > maxTables)
    stop(
      'query.too_deep',
      `more than ${maxTables} tables are joined`,
      placeOf((joined[maxTables] as Joined).node, reading),
      'ask several questions',
    )
  const tables = first.map((item, index) => readJoined(item, index, reading))
  return { tables: [...tables, ...readListed(rest, conditions, reading)] }
}

/** FROM a, b, c: each further table by the first condition of WHERE that ties it to those before it. */
function readListed(
  rest: readonly Joined[][],
  conditions: readonly unknown[],
  reading: Reading,
): readonly SourceTable[] {
  let waiting = rest
  const read: SourceTable[] = []
  while (waiting.length > 0) {
    const next = waiting.find(([head]) => head && isTied(head, conditions, reading, read))
    if (!next) {
      const [head] = waiting[0] as [Joined]
      stop(
        'query.not_supported',
        'a table after a comma is not tied to those before it',
        placeOf(head.node, reading),
        'write JOIN … USING (column) or JOIN … ON; or in WHERE the equality of the person keys, or of a declared key',
      )
    }
    for (const item of next.slice(1)) read.push(readJoined(item, reading.tables.length, reading))
    waiting = waiting.filter((chain) => chain !== next)
  }
  return read
}

/** Joins a listed table by one of the conditions; that condition is no part of WHERE any more. */
function isTied(head: Joined, conditions: readonly unknown[], reading: Reading, read: SourceTable[]): boolean {
  const before = reading.tables.length
  for (const quals of conditions) {
    if (reading.consumed.has(quals) || !equality(nodeOf(quals, reading), reading)) continue
    try {
      read.push(readJoined({ ...head, type: 'inner', quals }, before, reading))
      reading.consumed.add(quals)
      return true
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      reading.tables.length = before
    }
  }
  return false
}

function flatten(node: Node, reading: Reading, depth: number): Joined[] {
  if (depth > maxTables)
    stop('query.too_deep', `more than ${maxTables} tables are joined`, placeOf(node, reading), 'ask several questions')
  if (isRelation(node)) return [{ node, type: 'inner', using: [], quals: undefined, join: undefined }]
  if (node.kind !== 'JoinExpr') notSupported(node, reading)
  onlyFields(node, ['jointype', 'larg', 'rarg', 'usingClause', 'quals', 'rtindex'], reading)
  const right = nodeOf(node.body.rarg, reading)
  if (right.kind === 'JoinExpr') notSupported(right, reading, 'JoinExpr.nested')
  if (!isRelation(right)) notSupported(right, reading)
  const type = node.body.jointype === 'JOIN_INNER' ? 'inner' : node.body.jointype === 'JOIN_LEFT' ? 'left' : undefined
  if (!type) notSupported(node, reading, 'JoinExpr.jointype')
  const using = namesOf(node.body.usingClause) as readonly string[]
  if (using.length === 0 && node.body.quals === undefined)
    stop(
      'query.not_supported',
      'CROSS JOIN is not answered',
      placeOf(right, reading),
      'write JOIN … USING (column) or JOIN … ON',
    )
  return [
    ...flatten(nodeOf(node.body.larg, reading), reading, depth + 1),
    { node: right, type, using, quals: node.body.quals, join: node },
  ]
}

/** `public JOIN private ON …` means the same with the two exchanged; then rows begin with a person's. */
function privateFirst(chain: Joined[], reading: Reading, publicToo: boolean): Joined[] {
  const [first, second] = chain
  if (publicToo && chain.every(({ node }) => tableOf(node, reading).kind === 'public')) return chain
  if (!first || tableOf(first.node, reading).kind !== 'public') return chain
  if (second?.type !== 'inner' || tableOf(second.node, reading).kind === 'public')
    stop(
      'query.join_not_on_person',
      'FROM begins with a public table',
      placeOf(first.node, reading),
      'begin with the table that holds the people and JOIN the public one to it',
    )
  return [
    { ...second, using: [], quals: undefined, join: undefined },
    { ...second, node: first.node },
    ...chain.slice(2),
  ]
}

const isRelation = (node: Node): boolean => node.kind === 'RangeVar' || node.kind === 'RangeSubselect'

function tableOf(node: Node, reading: Reading): Table {
  if (node.kind === 'RangeSubselect') {
    onlyFields(node, ['subquery', 'alias'], reading)
    return derive(node.body.subquery, reading)
  }
  for (const field of ['schemaname', 'catalogname'])
    if (node.body[field] !== undefined && (field !== 'schemaname' || node.body[field] !== 'public'))
      notSupported(node, reading, `RangeVar.${field}`)
  if (node.body.inh !== true) notSupported(node, reading, 'RangeVar.inh')
  onlyFields(node, ['relname', 'inh', 'relpersistence', 'alias', 'schemaname', 'location'], reading)
  const name = String(node.body.relname ?? '')
  const cte = node.body.schemaname === undefined ? reading.ctes.get(name) : undefined
  if (cte) return derive(cte.query, reading, { ctes: cte.ctes })
  const { contract } = reading.shared
  const table = findTable(contract, name) ?? findByName(contract.tables, name)
  if (!table) {
    const near = nearest(
      name,
      contract.tables.map((item) => item.name),
    )
    stop(
      'query.unknown_table',
      `there is no table "${name}" in the contract`,
      placeOf(node, reading),
      `nearest: ${near.join(', ')}`,
    )
  }
  return table
}

function readJoined(item: Joined, index: number, reading: Reading): SourceTable {
  const table = tableOf(item.node, reading)
  const alias = item.node.body.alias as Fields | undefined
  if (alias !== undefined) refuseAliasColumns({ kind: 'Alias', body: alias }, reading)
  const own = item.node.kind === 'RangeVar' ? String(item.node.body.relname ?? '') : table.name
  const name =
    typeof alias?.aliasname === 'string' ? alias.aliasname : reading.shared.tables.includes(table) ? own : table.name
  if (reading.tables.some((from) => from.name === name))
    stop(
      'query.not_supported',
      `FROM names "${name}" twice`,
      placeOf(item.node, reading),
      'give each table its own alias',
    )
  const from: ScopeTable = { name, table, alias: `t${index}`, optional: index > 0 && item.type === 'left' }
  reading.tables.push(from)
  touchKey(from, reading)
  const join = index === 0 ? undefined : { type: item.type, on: readCondition(item, from, reading) }
  return { table: table.name, alias: from.alias, private: table.kind !== 'public', join }
}

/** Whoever asks about a private table asks about its people: the law sees the person key as touched. */
function touchKey(from: ScopeTable, reading: Reading): void {
  const key = from.table.columns.find((column) => isPerson(from, column))
  if (key) touch(from, key, reading)
}

function readCondition(item: Joined, from: ScopeTable, reading: Reading): Expression {
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
  const name = item.using[0] as string
  if (item.using.length !== 1) wrongJoin(from, at)
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
  return joinOf({ from: left, column: leftColumn }, { from, column }, at)
}

/** The join is safe: on the person between private tables, or on a declared reference to a public table's whole primary key. */
function joinOf(left: Side, right: Side, at: ReturnType<typeof placeOf>): Expression {
  const bothPersons = isPerson(left.from, left.column) && isPerson(right.from, right.column)
  const declared =
    right.from.table.kind === 'public' &&
    refersTo(left.column, right) &&
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
function equality(node: Node, reading: Reading): readonly [Node, Node] | undefined {
  if (node.kind !== 'A_Expr' || node.body.kind !== 'AEXPR_OP' || namesOf(node.body.name)[0] !== '=') return undefined
  onlyFields(node, ['kind', 'name', 'lexpr', 'rexpr', 'location'], reading)
  if (node.body.lexpr === undefined) return undefined
  const left = nodeOf(node.body.lexpr, reading)
  const right = nodeOf(node.body.rexpr, reading)
  return left.kind === 'ColumnRef' && right.kind === 'ColumnRef' ? [left, right] : undefined
}

const tableNames = (reading: Reading): string => reading.shared.contract.tables.map((table) => table.name).join(', ')
