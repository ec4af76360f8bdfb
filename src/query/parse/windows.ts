import type { Expression, Feature, WindowName } from '../query.ts'
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
import { argument, plainReading } from './person-aggregates.ts'
import { readRow } from './rows.ts'
import { isPersonReference } from './targets.ts'

const names: readonly string[] = [
  'row_number',
  'rank',
  'dense_rank',
  'lag',
  'lead',
  'first_value',
  'count',
  'sum',
  'min',
  'max',
]
/** PostgreSQL's bits for the frame that is meant when none is written. */
const defaultFrame = 1058

type Window = Extract<Feature, { kind: 'window' }>

/** A window over the rows of one person; undefined when the call is none. */
export function readWindow(node: Node, reading: Reading): Window | undefined {
  if (node.body.over === undefined) return undefined
  const at = placeOf(node, reading)
  const name = namesOf(node.body.funcname).at(-1) ?? ''
  if (!names.includes(name))
    stop('query.function_not_allowed', `${name.slice(0, 60)}() OVER is not answered`, at, functionHint(name))
  onlyFields(node, ['funcname', 'args', 'agg_star', 'over', 'funcformat', 'location'], reading)
  const over: Node = { kind: 'WindowDef', body: node.body.over as Fields }
  onlyFields(over, ['partitionClause', 'orderClause', 'frameOptions', 'location'], reading)
  if (over.body.frameOptions !== defaultFrame) notSupported(over, reading, 'WindowDef.frameOptions')
  const inside = plainReading(reading)
  const { person, partition } = readPartition(listOf(over.body.partitionClause), inside)
  if (!person)
    stop(
      'query.not_supported',
      'a window across people is not answered',
      at,
      'begin PARTITION BY with the person key: then it looks at one person’s rows',
    )
  const order = listOf(over.body.orderClause).map((item) => readOrder(item, inside))
  const { of, offset } = readArguments(name, node, inside)
  return { kind: 'window', name: name as WindowName, of, offset, partition, order }
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

function readOrder(item: unknown, reading: Reading): Window['order'][number] {
  const sort = nodeOf(item, reading)
  onlyFields(sort, ['node', 'sortby_dir', 'sortby_nulls', 'location'], reading)
  if (sort.body.sortby_nulls !== 'SORTBY_NULLS_DEFAULT') notSupported(sort, reading, 'SortBy.nullsFirst')
  return { by: readRow(sort.body.node, reading), descending: sort.body.sortby_dir === 'SORTBY_DESC' }
}

function readArguments(name: string, node: Node, reading: Reading): Pick<Window, 'of' | 'offset'> {
  const args = listOf(node.body.args)
  if (node.body.agg_star === true || ['row_number', 'rank', 'dense_rank'].includes(name))
    return { of: undefined, offset: 1 }
  const far = (name === 'lag' || name === 'lead') && args.length === 2
  const of = argument(far ? args.slice(0, 1) : args, name, node, reading)
  const at = placeOf(node, reading)
  return { of, offset: far ? Number(wholeLiteral(readRow(args[1], reading), 0n, 1_000n, 'a number of rows', at)) : 1 }
}
