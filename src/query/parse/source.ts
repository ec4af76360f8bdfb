import { Refused } from '../../base/refusal.ts'
import { findTable, type Table } from '../../contract/catalogue.ts'
import type { Source, SourceTable } from '../query.ts'
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
import { checkMultiplied } from './bounds.ts'
import { isPerson, refuseAliasColumns, touch } from './columns.ts'
import { conjuncts } from './conditions.ts'
import { derive } from './derive.ts'
import { equality, readCondition } from './join-conditions.ts'
import { findByName, nearest } from './names.ts'

const maxTables = 8

export interface Joined {
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
  const source = { tables: [...tables, ...readListed(rest, conditions, reading)] }
  checkMultiplied(reading, placeOf((joined[0] as Joined).node, reading))
  return source
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
    const next = waiting.find(
      ([head]) => head && (isAlone(head, reading, read) || isTied(head, conditions, reading, read)),
    )
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

/** FROM orders, params: one row needs no tie. */
function isAlone(head: Joined, reading: Reading, read: SourceTable[]): boolean {
  if (!isOneRow(head.node, reading)) return false
  read.push(readJoined({ ...head, type: 'inner' }, reading.tables.length, reading))
  return true
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
  const using = namesOf(node.body.usingClause) as readonly string[]
  const left = nodeOf(node.body.larg, reading)
  const kind = String(node.body.jointype)
  if (kind === 'JOIN_FULL' && isRelation(left)) return everybody(node, left, right, reading)
  // a RIGHT JOIN b is b LEFT JOIN a.
  if (kind === 'JOIN_RIGHT' && isRelation(left))
    return [
      { node: right, type: 'inner', using: [], quals: undefined, join: undefined },
      { node: left, type: 'left', using, quals: node.body.quals, join: node },
    ]
  const type = kind === 'JOIN_INNER' ? 'inner' : kind === 'JOIN_LEFT' ? 'left' : undefined
  if (!type) notSupported(node, reading, 'JoinExpr.jointype')
  if (using.length === 0 && node.body.quals === undefined && ![left, right].some((side) => isOneRow(side, reading)))
    stop(
      'query.not_supported',
      'CROSS JOIN is not answered',
      placeOf(right, reading),
      'write JOIN … USING (column) or JOIN … ON; a relation of one public row may be joined so',
    )
  return [
    ...flatten(nodeOf(node.body.larg, reading), reading, depth + 1),
    { node: right, type, using, quals: node.body.quals, join: node },
  ]
}

/**
 * a FULL JOIN b on the person: everybody who is in one of them, with the rows of a and of b that are the person's. Written as a relation of people
 * to which both are joined LEFT; only the person may stand in its condition.
 */
function everybody(node: Node, left: Node, right: Node, reading: Reading): Joined[] {
  const sides = [left, right].map((side) => ({ side, table: tableOf(side, reading) }))
  const [person] = namesOf(node.body.usingClause)
  const tied =
    namesOf(node.body.usingClause).length > 0
      ? namesOf(node.body.usingClause).length === 1 && sides.every(({ table }) => table.personColumn === person)
      : conjuncts(node.body.quals).length === 1
  if (!tied || sides.some(({ table }) => table.kind === 'public' || table.personColumn === undefined))
    notSupported(node, reading, 'JoinExpr.full')
  const string = (sval: string) => ({ String: { sval } })
  const column = (...names: string[]) => ({ ColumnRef: { fields: names.map(string) } })
  const name = person ?? unnamedPerson
  const from = sides.map(({ side, table }) => ({
    targetList: [{ ResTarget: { name, val: column(table.personColumn ?? '') } }],
    fromClause: [{ [side.kind]: side.body }],
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  }))
  const subquery = {
    SelectStmt: { limitOption: 'LIMIT_OPTION_DEFAULT', op: 'SETOP_UNION', larg: from[0], rarg: from[1] },
  }
  const people: Node = { kind: 'RangeSubselect', body: { subquery, alias: { aliasname: unnamedPerson } } }
  if (person === undefined && !isOfPersons(nodeOf(node.body.quals, reading), sides, reading))
    notSupported(node, reading, 'JoinExpr.full')
  return [
    { node: people, type: 'inner', using: [], quals: undefined, join: undefined },
    ...sides.map(({ side, table }): Joined => {
      const alias = (side.body.alias as Fields | undefined)?.aliasname
      const own = String(alias ?? side.body.relname ?? table.name)
      const quals = {
        A_Expr: {
          kind: 'AEXPR_OP',
          name: [string('=')],
          lexpr: column(unnamedPerson, name),
          rexpr: column(own, table.personColumn ?? ''),
          location: node.body.location,
        },
      }
      return { node: side, type: 'left', using: person === undefined ? [] : [person], quals, join: node }
    }),
  ]
}

/** The equality of the two sides' persons, whichever stands first. */
function isOfPersons(
  quals: Node,
  sides: readonly { readonly side: Node; readonly table: Table }[],
  reading: Reading,
): boolean {
  const refers = (reference: Node, { side, table }: (typeof sides)[number]): boolean => {
    const names = namesOf(reference.body.fields)
    const own = (side.body.alias as Fields | undefined)?.aliasname ?? side.body.relname
    return names.at(-1) === table.personColumn && (names.length === 1 || (names.length === 2 && names[0] === own))
  }
  const [a, b] = sides as [(typeof sides)[number], (typeof sides)[number]]
  const equal = equality(quals, reading)
  if (!equal) return false
  return (refers(equal[0], a) && refers(equal[1], b)) || (refers(equal[0], b) && refers(equal[1], a))
}

const unnamedPerson = 'usufruct_everybody'

/** `public JOIN private ON …` means the same with the two exchanged; then rows begin with a person's. */
function privateFirst(chain: Joined[], reading: Reading, publicToo: boolean): Joined[] {
  const [first, second] = chain
  if (publicToo && chain.every(({ node }) => tableOf(node, reading).kind === 'public')) return chain
  if (!first || tableOf(first.node, reading).kind !== 'public') return chain
  const people = chain.findIndex(({ node }) => tableOf(node, reading).kind !== 'public')
  // region JOIN nation ON … JOIN customer ON …: the same, read from the people on.
  if (people > 1 && chain.slice(1, people + 1).every(({ type }) => type === 'inner'))
    return [
      { ...(chain[people] as Joined), using: [], quals: undefined, join: undefined },
      ...Array.from({ length: people }, (_, index) => people - index).map((place) => ({
        ...(chain[place] as Joined),
        node: (chain[place - 1] as Joined).node,
      })),
      ...chain.slice(people + 1),
    ]
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

/** Rows are joined with one row and no more: WITH params AS (SELECT DATE '2026-01-31' AS today). */
const isOneRow = (node: Node, reading: Reading): boolean =>
  isRelation(node) && reading.shared.single.has(tableOf(node, reading).name)

const columnNames = (alias: unknown): readonly string[] =>
  namesOf((alias as Fields | undefined)?.colnames).map((name) => name ?? '')

const isRelation = (node: Node): boolean => node.kind === 'RangeVar' || node.kind === 'RangeSubselect'

function tableOf(node: Node, reading: Reading): Table {
  if (node.kind === 'RangeSubselect') {
    onlyFields(node, ['subquery', 'alias'], reading)
    return derive(node.body.subquery, reading, { names: columnNames(node.body.alias) })
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
  if (alias !== undefined && item.node.kind === 'RangeVar') refuseAliasColumns({ kind: 'Alias', body: alias }, reading)
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

const tableNames = (reading: Reading): string => reading.shared.contract.tables.map((table) => table.name).join(', ')
