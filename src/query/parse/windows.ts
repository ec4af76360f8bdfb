import type { Position } from '../../base/refusal.ts'
import { call, literal, rescale } from '../expression.ts'
import type { Expression, Feature, WindowName, WindowOrder } from '../query.ts'
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
import { wholeLiteral } from './functions.ts'
import { functionHint } from './hints.ts'
import { arithmetic } from './numbers.ts'
import { argument } from './person-aggregates.ts'
import { readRow } from './rows.ts'
import { isPersonReference } from './targets.ts'

const names: readonly string[] = [
  'row_number',
  'rank',
  'dense_rank',
  'ntile',
  'lag',
  'lead',
  'first_value',
  'last_value',
  'count',
  'sum',
  'avg',
  'min',
  'max',
]
const shares: readonly string[] = ['percent_rank', 'cume_dist']
/** Places of rows alone: a frame does not matter to them. */
const frameless: readonly string[] = ['row_number', 'rank', 'dense_rank', 'ntile', 'lag', 'lead']
const maxTiles = 1_000n

type Window = Extract<Feature, { kind: 'window' }>
type Frame = NonNullable<Window['frame']>

/** A window over the rows of one person as an expression over the columns that `add` makes; undefined when the call is none. */
export function readWindow(node: Node, inside: Reading, add: (window: Window) => Expression): Expression | undefined {
  if (node.body.over === undefined) return undefined
  const at = placeOf(node, inside)
  const name = namesOf(node.body.funcname).at(-1) ?? ''
  if (!names.includes(name) && !shares.includes(name))
    stop('query.function_not_allowed', `${name.slice(0, 60)}() OVER is not answered`, at, functionHint(name))
  onlyFields(node, ['funcname', 'args', 'agg_star', 'over', 'funcformat', 'location'], inside)
  const { partition, order, frame } = readDefinition(node.body.over as Fields, at, inside)
  const base = { kind: 'window', of: undefined, offset: 1, partition, order } as const
  if (shares.includes(name)) return shareOf(name, base, at, inside, add)
  const { of, offset } = readArguments(name, node, inside)
  // Without an order all rows of the part are each other's peers.
  const whole = name === 'last_value' && order.length === 0 ? { from: undefined, to: undefined } : undefined
  const kept = frameless.includes(name) ? undefined : (frame ?? whole)
  return add({ ...base, name: name as WindowName, of, offset, ...(kept ? { frame: kept } : {}) })
}

/** PERCENT_RANK is (rank - 1) / (rows - 1), 0 for a single row; CUME_DIST is how many rows are not after the row, of all. Six decimals. */
function shareOf(
  name: string,
  base: Omit<Window, 'name'>,
  at: Position,
  reading: Reading,
  add: (window: Window) => Expression,
): Expression {
  const one = literal('1', 'integer')
  const all = add({ ...base, name: 'count', order: [] })
  const divided = (a: Expression, b: Expression) => arithmetic('/', rescale(a, 2), b, at, reading)
  if (name === 'cume_dist') return divided(add({ ...base, name: 'count' }), all)
  const before = arithmetic('-', add({ ...base, name: 'rank' }), one, at, reading)
  const share = divided(before, arithmetic('-', all, one, at, reading))
  return call('coalesce', [share, literal('0', 'decimal', share.scale)], 'decimal', share.scale, at)
}

/** Reads WINDOW w AS (…) without using it, so that nothing passes unread. */
export function readNamedWindows(select: Node, reading: Reading): ReadonlyMap<string, Fields> | undefined {
  const items = listOf(select.body.windowClause).map((item) => nodeOf(item, reading))
  for (const item of items) readDefinition({ ...item.body, name: undefined }, placeOf(item, reading), reading)
  return items.length === 0 ? undefined : new Map(items.map((item) => [String(item.body.name), item.body]))
}

function readDefinition(
  body: Fields,
  at: Position,
  reading: Reading,
): Pick<Window, 'partition' | 'order'> & { readonly frame: Frame | undefined } {
  const called = body.name ?? body.refname
  const known = typeof called === 'string' ? reading.windows?.get(called) : undefined
  if (called !== undefined && !known)
    stop('query.unknown_column', `there is no window "${String(called).slice(0, 60)}"`, at, 'WINDOW w AS (…) names one')
  const over: Node = { kind: 'WindowDef', body: known && body.name !== undefined ? known : { ...known, ...body } }
  const fields = ['partitionClause', 'orderClause', 'frameOptions', 'startOffset', 'endOffset', 'location']
  onlyFields(over, [...fields, 'name', 'refname'], reading)
  const { person, partition } = readPartition(listOf(over.body.partitionClause), reading)
  if (!person)
    stop(
      'query.not_supported',
      'a window across people is not answered',
      at,
      'begin PARTITION BY with the person key: then it looks at one person’s rows',
    )
  const order = listOf(over.body.orderClause).map((item) => readOrder(item, reading))
  return { partition, order, frame: readFrame(over, reading) }
}

/** PostgreSQL's bits of a frame. */
const bits = {
  range: 2,
  rows: 4,
  groups: 8,
  fromAll: 32,
  toAll: 256,
  fromHere: 512,
  toHere: 1024,
  before: 2048,
  toBefore: 4096,
  after: 8192,
  toAfter: 16384,
} as const
const exclusions = ~32767

/** ROWS BETWEEN …: how many rows before and after. Undefined for what is meant when nothing is written: all rows that are not after this one. */
function readFrame(over: Node, reading: Reading): Frame | undefined {
  const options = Number(over.body.frameOptions ?? 0)
  const has = (bit: number): boolean => (options & bit) !== 0
  if (has(exclusions) || has(bits.groups)) notSupported(over, reading, 'WindowDef.frameOptions')
  if (has(bits.range) && has(bits.fromAll) && has(bits.toHere)) return undefined
  const offset = (value: unknown): number =>
    Number(wholeLiteral(readRow(value, reading), 0n, 1_000n, 'a number of rows', placeOf(over, reading)))
  const whole = has(bits.range) && has(bits.fromAll) && has(bits.toAll)
  if (!whole && !has(bits.rows)) notSupported(over, reading, 'WindowDef.frameOptions')
  const from = has(bits.fromAll)
    ? undefined
    : has(bits.fromHere)
      ? 0
      : offset(over.body.startOffset) * (has(bits.before) ? -1 : 1)
  const to = has(bits.toAll)
    ? undefined
    : has(bits.toHere)
      ? 0
      : offset(over.body.endOffset) * (has(bits.toBefore) ? -1 : 1)
  if (from !== undefined && to !== undefined && from > to) notSupported(over, reading, 'WindowDef.frameOptions')
  return { from, to }
}

function readPartition(items: readonly unknown[], reading: Reading) {
  let person = false
  const partition: Expression[] = []
  for (const item of items) {
    if (isPersonReference(nodeOf(item, reading), reading)) person = true
    else partition.push(readRow(item, reading))
  }
  return { person, partition }
}

function readOrder(item: unknown, reading: Reading): WindowOrder {
  const sort = nodeOf(item, reading)
  onlyFields(sort, ['node', 'sortby_dir', 'sortby_nulls', 'location'], reading)
  const descending = sort.body.sortby_dir === 'SORTBY_DESC'
  const nulls =
    sort.body.sortby_nulls === 'SORTBY_NULLS_FIRST'
      ? 'first'
      : sort.body.sortby_nulls === 'SORTBY_NULLS_LAST'
        ? 'last'
        : undefined
  const asMeant = nulls === undefined || (nulls === 'first') === descending
  return { by: readRow(sort.body.node, reading), descending, ...(asMeant ? {} : { nulls }) }
}

function readArguments(name: string, node: Node, reading: Reading): Pick<Window, 'of' | 'offset'> {
  const args = listOf(node.body.args)
  const at = placeOf(node, reading)
  if (node.body.agg_star === true || ['row_number', 'rank', 'dense_rank'].includes(name))
    return { of: undefined, offset: 1 }
  if (name === 'ntile') {
    const parts = args.length === 1 ? readRow(args[0], reading) : literal(null, 'null')
    return { of: undefined, offset: Number(wholeLiteral(parts, 1n, maxTiles, 'a number of parts', at)) }
  }
  const far = (name === 'lag' || name === 'lead') && args.length === 2
  const of = argument(far ? args.slice(0, 1) : args, name, node, reading)
  return { of, offset: far ? Number(wholeLiteral(readRow(args[1], reading), 0n, 1_000n, 'a number of rows', at)) : 1 }
}
