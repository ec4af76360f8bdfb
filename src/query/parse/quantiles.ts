import { ceilDiv, maximum } from '../../base/integer.ts'
import type { Position } from '../../base/refusal.ts'
import { call } from '../expression.ts'
import { intervalOf, largest } from '../interval.ts'
import type { Expression, Measure } from '../query.ts'
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
import { type Bounds, maxBound } from './bounds.ts'
import { readRow } from './rows.ts'
import { requireNumber } from './types.ts'

/** Edges of a distribution; fewer where there are many groups, so that no more than so many numbers are released. */
const bins = [256, 64] as const
const maxReleased = 100_000

const names: readonly string[] = [
  'median',
  'quantile',
  'percentile_disc',
  'percentile_cont',
  'percent_below',
  'count_below',
]
export const isQuantile = (name: string): boolean => names.includes(name)

export interface Asked {
  readonly measure: Measure
  /** Decimal text between 0 and 1. */
  readonly quantile?: string
  readonly atMost?: { readonly units: string; readonly percent: boolean }
}

/** MEDIAN(x), QUANTILE(x, p), PERCENTILE_DISC(p) WITHIN GROUP (ORDER BY x), PERCENT_BELOW(x, v): over people, each with the median of their own rows. */
export function readQuantile(node: Node, bounds: Bounds, filter: Expression | undefined, reading: Reading): Asked {
  const at = placeOf(node, reading)
  const name = namesOf(node.body.funcname).at(-1) ?? ''
  onlyFields(
    node,
    ['funcname', 'args', 'agg_filter', 'agg_order', 'agg_within_group', 'funcformat', 'location'],
    reading,
  )
  const ordered = listOf(node.body.agg_order)
  const args = listOf(node.body.args)
  const within = node.body.agg_within_group === true
  if (within !== name.startsWith('percentile') || (!within && ordered.length > 0))
    notSupported(node, reading, 'FuncCall.agg_order')
  if (name.endsWith('_below')) return readBelow(name, args, bounds, filter, at, reading)
  const [x, p] = within ? [sorted(ordered, reading), args[0]] : [args[0], args[1]]
  const expected = within ? 1 : name === 'median' ? 1 : 2
  if (args.length !== expected || x === undefined)
    stop(
      'query.type_mismatch',
      `${name.toUpperCase()} is given the wrong arguments`,
      at,
      'MEDIAN(x), QUANTILE(x, 0.9), PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY x)',
    )
  const value = readRow(x, reading)
  requireNumber(value, name.toUpperCase(), at)
  const of = filter === undefined ? value : call('case', [filter, value], value.type, value.scale, at)
  return { measure: distribution(of, bounds, at, reading), quantile: name === 'median' ? '0.5' : share(p, at, reading) }
}

/** PERCENT_BELOW(x, 100) and COUNT_BELOW(x, 100): people with at most that value, read off the same distribution as the quantiles. */
function readBelow(
  name: string,
  args: readonly unknown[],
  bounds: Bounds,
  filter: Expression | undefined,
  at: Position,
  reading: Reading,
): Asked {
  if (args.length !== 2)
    stop('query.type_mismatch', `${name.toUpperCase()} takes two arguments`, at, 'PERCENT_BELOW(x, 100)')
  const value = readRow(args[0], reading)
  const limit = readRow(args[1], reading)
  for (const one of [value, limit]) requireNumber(one, name.toUpperCase(), at)
  if (limit.kind !== 'literal' || limit.value === null || limit.scale > value.scale)
    stop(
      'query.type_mismatch',
      'the limit is a literal number with no more decimals than what is compared with it',
      limit.at ?? at,
      'for example PERCENT_BELOW(x, 100)',
    )
  const of = filter === undefined ? value : call('case', [filter, value], value.type, value.scale, at)
  const units = `${BigInt(limit.value) * 10n ** BigInt(value.scale - limit.scale)}`
  return { measure: distribution(of, bounds, at, reading), atMost: { units, percent: name === 'percent_below' } }
}

function sorted(items: readonly unknown[], reading: Reading): unknown {
  const [item] = items
  if (item === undefined || items.length !== 1) return undefined
  const sort = nodeOf(item, reading)
  if (sort.body.sortby_dir === 'SORTBY_DESC' || sort.body.sortby_nulls !== 'SORTBY_NULLS_DEFAULT')
    notSupported(sort, reading, 'SortBy.quantile')
  return sort.body.node
}

function share(value: unknown, at: Position, reading: Reading): string {
  const node = nodeOf(value, reading)
  const text = String((node.body.fval as Fields | undefined)?.fval ?? '')
  if (node.kind !== 'A_Const' || !/^0?\.\d{1,4}$/.test(text) || Number(text) === 0)
    stop(
      'query.type_mismatch',
      'the share is a literal between 0 and 1 with at most four decimals',
      at,
      'for example 0.95',
    )
  return `0.${(text.split('.')[1] ?? '').replace(/0+$/, '')}`
}

function distribution(of: Expression, bounds: Bounds, at: Position, reading: Reading): Measure {
  const { low, high } = intervalOf(of, reading.catalogue)
  if (maximum(largest({ low, high }), 1n) >= maxBound)
    stop(
      'privacy.bound_missing',
      'the contract does not declare how large this amount is in one row',
      at,
      'use a column with declared bounds, or clamp it: MEDIAN(LEAST(GREATEST(x, 0), 100))',
    )
  const edges = bins.find((one) => one * bounds.cells <= maxReleased)
  if (edges === undefined)
    stop(
      'query.too_many_groups',
      'a distribution for each of so many groups is not answered',
      at,
      'group by fewer or coarser keys',
    )
  const values = high - low + 1n
  const step = ceilDiv(values, BigInt(edges))
  const count = Number(ceilDiv(values, step))
  return { kind: 'distribution', of, low, high, step, bins: count, maxGroups: bounds.maxGroups, scale: of.scale }
}
