import type { Expression, Feature, FeatureName } from '../query.ts'
import { readFilter } from './aggregates.ts'
import { listOf, type Node, namesOf, onlyFields, placeOf, type Reading, stop } from './ast.ts'
import { readRow } from './rows.ts'
import { requireBoolean, requireNumber } from './types.ts'

const names: Readonly<Record<string, FeatureName>> = {
  count: 'count',
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  bool_or: 'bool_or',
  bool_and: 'bool_and',
  every: 'bool_and',
}

export const isFeatureAggregate = (name: string): boolean => Object.hasOwn(names, name)

/** An aggregate over the rows of one person: nothing in it is released, so also extremes are answered. Undefined for other functions. */
export function readAggregateFeature(node: Node, reading: Reading): Feature | undefined {
  const called = namesOf(node.body.funcname).at(-1) ?? ''
  const name = Object.hasOwn(names, called) ? names[called] : undefined
  if (!name || node.body.over !== undefined) return undefined
  onlyFields(node, ['funcname', 'args', 'agg_star', 'agg_distinct', 'agg_filter', 'funcformat', 'location'], reading)
  const inside = plainReading(reading)
  const filter = node.body.agg_filter === undefined ? undefined : readFilter(node.body.agg_filter, inside)
  const distinct = node.body.agg_distinct === true
  if (node.body.agg_star === true) return { kind: 'aggregate', name, of: undefined, distinct: false, filter }
  const of = argument(listOf(node.body.args), called, node, inside)
  return { kind: 'aggregate', name, of, distinct, filter }
}

/** The same reading, in which an aggregate or a window is refused: they do not stand in each other. */
export const plainReading = (reading: Reading): Reading => ({ ...reading, feature: undefined })

export function argument(args: readonly unknown[], called: string, node: Node, reading: Reading): Expression {
  const at = placeOf(node, reading)
  if (args.length !== 1)
    stop('query.type_mismatch', `${called.toUpperCase()} takes one argument`, at, 'see docs/sql.md')
  const of = readRow(args[0], reading)
  if (called === 'sum' || called === 'avg') requireNumber(of, called.toUpperCase(), at)
  if (called.startsWith('bool_') || called === 'every') requireBoolean(of, at)
  if ((called === 'min' || called === 'max') && of.type === 'boolean')
    stop('query.type_mismatch', 'true and false have no order', at, 'use BOOL_OR or BOOL_AND')
  return of
}
