import type { ColumnExpression } from '../expression.ts'
import type { Expression, Measure, Query } from '../query.ts'
import { listOf, type Node, onlyFields, placeOf, type Reading, stop } from './ast.ts'
import { type Bounds, sumBound } from './bounds.ts'
import { readRow } from './rows.ts'
import { requireNumber } from './types.ts'

/** SUM_BOUND(x): which bound of one person's SUM(x) suits, chosen from a public list; never above the declared bound. */
export const isSumBound = (name: string): boolean => name === 'sum_bound'

export function readSumBound(
  node: Node,
  bounds: Bounds,
  boundingColumn: (of: Expression, reading: Reading) => ColumnExpression | undefined,
  reading: Reading,
): Measure {
  const at = placeOf(node, reading)
  onlyFields(node, ['funcname', 'args', 'funcformat', 'location'], reading)
  const args = listOf(node.body.args)
  if (args.length !== 1) stop('query.type_mismatch', 'SUM_BOUND takes one argument', at, howTo)
  const of = readRow(args[0], reading)
  requireNumber(of, 'SUM_BOUND', at)
  return {
    kind: 'bound',
    of,
    declared: sumBound(of, boundingColumn(of, reading), bounds, at, reading),
    scale: of.scale,
  }
}

/** It looks at everybody's whole record in one table, and at nothing else: whatever a later question filters, joins or groups, sums only get smaller. */
export function checkBoundAlone(query: Omit<Query, 'sql' | 'canonical'>, reading: Reading): void {
  if (!query.measures.some((measure) => measure.kind === 'bound')) return
  const [output, ...others] = query.outputs
  const alone =
    query.measures.length === 1 &&
    others.length === 0 &&
    output?.value.kind === 'measure' &&
    query.source.tables.length === 1 &&
    query.derived === undefined &&
    query.groups.length === 0 &&
    query.orderBy.length === 0 &&
    [query.where, query.having, query.limit].every((clause) => clause === undefined) &&
    query.offset === 0
  if (!alone)
    stop('query.not_supported', 'SUM_BOUND is asked for alone, of one table', reading.places.ofOffset(0), howTo)
}

const howTo = 'write SELECT SUM_BOUND(column) FROM table, without anything else'
