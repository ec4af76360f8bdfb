import { canonical } from '../../base/canonical.ts'
import type { Position } from '../../base/refusal.ts'
import type { Column } from '../../contract/catalogue.ts'
import { type ColumnExpression, call, isNumber, rescale } from '../expression.ts'
import { measureForm } from '../form.ts'
import { caseResults } from '../interval.ts'
import type { Expression, Measure, NoisyExpression } from '../query.ts'
import { listOf, type Node, namesOf, nodeOf, notSupported, onlyFields, placeOf, type Reading, stop } from './ast.ts'
import { type Bounds, meanBounds, momentBounds, rowsBound, sumBound } from './bounds.ts'
import { declarationOf, findReference } from './columns.ts'
import { functionHint } from './hints.ts'
import { computableOnly } from './numbers.ts'
import { isQuantile, readQuantile } from './quantiles.ts'
import { readRow } from './rows.ts'
import { isSumBound, readSumBound } from './sum-bounds.ts'
import { isPersonReference } from './targets.ts'
import { requireBoolean, requireNumber } from './types.ts'

export const maxMeasures = 32

/** What one question measures, without duplicates. */
export interface Measures {
  readonly list: Measure[]
  readonly forms: Map<string, number>
  readonly bounds: Bounds
}

const aggregates = [
  'count',
  'countif',
  'avg_per_person',
  'count_if',
  'sum',
  'avg',
  'var_pop',
  'var_samp',
  'variance',
  'stddev_pop',
  'stddev_samp',
  'stddev',
]

export const isAggregate = (node: Node): boolean =>
  node.kind === 'FuncCall' &&
  [isQuantile, isSumBound, (name: string) => aggregates.includes(name)].some((is) =>
    is(namesOf(node.body.funcname).at(-1) ?? ''),
  )

/** Reads an aggregate as an expression over the measure that it needs. Refuses query.person_exposed, query.function_not_allowed, privacy.bound_missing. */
export function readAggregate(node: Node, measures: Measures, reading: Reading): NoisyExpression {
  const name = namesOf(node.body.funcname).at(-1) ?? ''
  if (isQuantile(name)) {
    if (node.body.over !== undefined) notSupported(node, reading, 'FuncCall.over')
    const filter = node.body.agg_filter === undefined ? undefined : readFilter(node.body.agg_filter, reading)
    const { measure, ...asked } = readQuantile(node, measures.bounds, filter, reading)
    return { kind: 'measure', index: indexOf(measure, node, measures, reading), ...asked }
  }
  if (isSumBound(name)) {
    if (node.body.over !== undefined) notSupported(node, reading, 'FuncCall.over')
    const measure = readSumBound(node, measures.bounds, boundingColumn, reading)
    return { kind: 'measure', index: indexOf(measure, node, measures, reading) }
  }
  const index = indexOf(read(node, measures.bounds, reading), node, measures, reading)
  if (!name.startsWith('var') && !name.startsWith('stddev')) return { kind: 'measure', index }
  const variance = { kind: 'measure', index, statistic: name.endsWith('_pop') ? 'var_pop' : 'var_samp' } as const
  return name.startsWith('var') ? variance : { kind: 'call', name: 'sqrt', args: [variance] }
}

/** The place of a measure among those that the question has. Average and variance of the same are one: the three moments tell both. */
function indexOf(measure: Measure, node: Node, measures: Measures, reading: Reading): number {
  const form = canonical(measureForm(measure))
  const known = measures.forms.get(form)
  if (known !== undefined) return known
  if (measure.kind === 'average' || measure.kind === 'variance') {
    const other = canonical(measureForm({ ...measure, kind: measure.kind === 'average' ? 'variance' : 'average' }))
    const place = measures.forms.get(other)
    if (place !== undefined) {
      if (measure.kind === 'variance') measures.list[place] = measure
      measures.forms.set(form, place)
      return place
    }
  }
  if (measures.list.length === maxMeasures)
    stop('query.too_deep', `more than ${maxMeasures} aggregates`, placeOf(node, reading), 'ask several questions')
  measures.forms.set(form, measures.list.length)
  return measures.list.push(measure) - 1
}

function read(node: Node, bounds: Bounds, reading: Reading): Measure {
  const at = placeOf(node, reading)
  if (node.body.over !== undefined) notSupported(node, reading, 'FuncCall.over')
  const name = namesOf(node.body.funcname).at(-1)
  const distinct = node.body.agg_distinct === true
  if (distinct && name !== 'count') notSupported(node, reading, 'FuncCall.agg_distinct')
  onlyFields(node, ['funcname', 'args', 'agg_star', 'agg_distinct', 'agg_filter', 'funcformat', 'location'], reading)
  const filter = node.body.agg_filter === undefined ? undefined : readFilter(node.body.agg_filter, reading)
  const args = listOf(node.body.args)
  if (name === 'count' && node.body.agg_star === true) return rows(filter, bounds, at, reading)
  if (args.length !== 1) stop('query.type_mismatch', `${name?.toUpperCase()} takes one argument`, at, functionHint(''))
  if (name === 'count')
    return distinct ? persons(args[0], filter, bounds, at, reading) : present(args[0], filter, bounds, at, reading)
  if (name === 'countif' || name === 'count_if')
    return rows(both(filter, readFilter(args[0], reading)), bounds, at, reading)
  const value = readRow(args[0], reading)
  requireNumber(value, (name ?? '').toUpperCase(), at)
  const of = filter === undefined ? value : call('case', [filter, value], value.type, value.scale, at)
  if (name === 'avg_per_person') return ownMeans(of, bounds, at, reading)
  if (name === 'sum')
    return { kind: 'sum', of, maxSum: sumBound(of, boundingColumn(of, reading), bounds, at, reading), scale: of.scale }
  const kind = name === 'avg' ? 'average' : 'variance'
  return { kind, of, ...momentBounds(kind, of, bounds, at, reading), scale: of.scale }
}

export function readFilter(value: unknown, reading: Reading): Expression {
  const filter = readRow(value, reading)
  requireBoolean(filter, filter.at ?? reading.places.ofOffset(0))
  return filter
}

/** AVG_PER_PERSON(x): on a finer grid, because the mean of whole numbers is none. */
function ownMeans(value: Expression, bounds: Bounds, at: Position, reading: Reading): Measure {
  const of = computableOnly(rescale(value, Math.min(value.scale + 4, 18)), reading)
  return { kind: 'mean', of, maxGroups: bounds.maxGroups, ...meanBounds(of, at, reading), scale: of.scale }
}

const rows = (filter: Expression | undefined, bounds: Bounds, at: Position, reading: Reading): Measure => ({
  kind: 'rows',
  maxRows: rowsBound(bounds, at, reading),
  scale: 0,
  ...(filter ? { filter } : {}),
})

/** COUNT(x): rows in which x is not missing; the person key is there in every row but those of a left join without a match. */
function present(
  value: unknown,
  filter: Expression | undefined,
  bounds: Bounds,
  at: Position,
  reading: Reading,
): Measure {
  const who = personUnder(value, reading)
  if (who) return rows(both(filter, who.filter), bounds, at, reading)
  const of = readRow(value, reading)
  if (of.kind === 'literal' && of.value !== null) return rows(filter, bounds, at, reading)
  return rows(both(filter, isPresent(of)), bounds, at, reading)
}

/** COUNT(DISTINCT person), COUNT(DISTINCT CASE WHEN … THEN person END): people with at least one (such) row. */
function persons(
  value: unknown,
  outer: Expression | undefined,
  bounds: Bounds,
  at: Position,
  reading: Reading,
): Measure {
  const who = personUnder(value, reading)
  if (!who) return distinctValues(value, outer, bounds, at, reading)
  const filter = both(outer, who.filter)
  return { kind: 'persons', maxGroups: bounds.maxGroups, scale: 0, ...(filter ? { filter } : {}) }
}

/** The person key, or CASE WHEN … THEN the person key END, and the condition under which it is not missing; undefined for anything else. */
function personUnder(value: unknown, reading: Reading): { readonly filter: Expression | undefined } | undefined {
  const node = nodeOf(value, reading)
  const { reference, condition } =
    node.kind === 'CaseExpr' ? conditional(node, reading) : { reference: node, condition: undefined }
  // COALESCE(a.person, b.person) after a FULL JOIN: the row's own person, whichever side names it.
  if (reference.kind === 'CoalesceExpr' && isPersonReference(reference, reading)) {
    const present = listOf(reference.body.args).map((arg) => personUnder(arg, reading)?.filter)
    const some = present.includes(undefined) ? undefined : call('or', present as Expression[], 'boolean')
    return { filter: both(condition, some) }
  }
  if (reference.kind !== 'ColumnRef' || namesOf(reference.body.fields).includes(undefined)) return undefined
  const found = findReference(reference, reading)
  if (!found.person) return undefined
  // A person key of a left-joined table is missing in rows without a match; those do not count.
  const matched = found.from.optional
    ? isPresent(personColumn(found.from.alias, found.from.table.name, found.column))
    : undefined
  return { filter: both(condition, matched) }
}

function conditional(node: Node, reading: Reading): { reference: Node; condition: Expression | undefined } {
  onlyFields(node, ['args', 'defresult', 'location'], reading)
  const whens = listOf(node.body.args).map((when) => nodeOf(when, reading))
  const [when] = whens
  const otherwise = node.body.defresult === undefined ? undefined : nodeOf(node.body.defresult, reading)
  if (whens.length !== 1 || !when || (otherwise && !(otherwise.kind === 'A_Const' && otherwise.body.isnull === true)))
    return { reference: node, condition: undefined }
  onlyFields(when, ['expr', 'result', 'location'], reading)
  const reference = nodeOf(when.body.result, reading)
  if (reference.kind !== 'ColumnRef' || !findReference(reference, reading).person)
    return { reference: node, condition: undefined }
  return { reference, condition: readFilter(when.body.expr, reading) }
}

/** COUNT(DISTINCT value): how many different values people have, each person counting with a few of them. */
function distinctValues(
  value: unknown,
  filter: Expression | undefined,
  bounds: Bounds,
  at: Position,
  reading: Reading,
): Measure {
  const read = readRow(value, reading)
  if (read.type === 'null') stop('query.type_mismatch', 'NULL has no values to count', at, 'name a column')
  const of = filter === undefined ? read : call('case', [filter, read], read.type, read.scale, at)
  return { kind: 'distinct', of, maxValues: bounds.maxValues, scale: 0 }
}

const personColumn = (alias: string, table: string, column: Column): ColumnExpression => ({
  kind: 'column',
  alias,
  table,
  column: column.name,
  type: column.type,
  scale: column.scale,
})
const isPresent = (of: Expression): Expression => call('not', [call('is_null', [of], 'boolean')], 'boolean')
const both = (a: Expression | undefined, b: Expression | undefined): Expression | undefined =>
  a && b ? call('and', [a, b], 'boolean') : (a ?? b)

/**
 * The column whose declared maxSumPerPerson bounds a sum: the summed column itself, or one column that dominates the expression row by row,
 * |expression| <= |column|: CASE with results that are the column, 0 or NULL, and COALESCE(column, 0). A condition can only make Σ|x| smaller.
 */
export function boundingColumn(of: Expression, reading: Reading): ColumnExpression | undefined {
  const column = dominating(of)
  if (!column || column === 'nothing') return undefined
  return declarationOf(column, reading).column.maxSumPerPerson === undefined || column.scale !== of.scale
    ? undefined
    : column
}

/**
 * LEAST(x, c) with c >= 0 and GREATEST(x, c) with c <= 0 are no larger than x. Where x is missing they are c: so the other argument must be one that never is
 * where c is not 0.
 */
function clamped(of: Expression & { readonly kind: 'call' }): ColumnExpression | 'nothing' | undefined {
  const [a, b] = of.args
  const [value, limit] = a?.kind === 'literal' ? [b, a] : [a, b]
  if (!value || of.args.length !== 2 || limit?.kind !== 'literal' || limit.value === null || !isNumber(limit))
    return undefined
  const end = BigInt(limit.value)
  const inward = of.name === 'least' ? end >= 0n : end <= 0n
  return inward && (end === 0n || neverMissing(value)) ? dominating(value) : undefined
}

/** A literal, or the larger, smaller or first of several one of which is. */
const neverMissing = (of: Expression): boolean =>
  of.kind === 'literal'
    ? of.value !== null
    : of.kind === 'call' && ['least', 'greatest', 'coalesce'].includes(of.name) && of.args.some(neverMissing)

function dominating(of: Expression): ColumnExpression | 'nothing' | undefined {
  if (of.kind === 'column') return of
  if (of.kind === 'literal')
    return of.value === null || (isNumber(of) && BigInt(of.value) === 0n) ? 'nothing' : undefined
  if (of.name === 'negate' || of.name === 'abs') return dominating(of.args[0] as Expression)
  if (of.name === 'least' || of.name === 'greatest') return clamped(of)
  if (of.name !== 'case' && of.name !== 'coalesce') return undefined
  const found = (of.name === 'case' ? caseResults(of.args) : of.args).map(dominating)
  if (found.includes(undefined)) return undefined
  const columns = found.filter((item) => item !== 'nothing' && item !== undefined) as ColumnExpression[]
  const [first] = columns
  if (!first) return 'nothing'
  return columns.every((column) => column.alias === first.alias && column.column === first.column) ? first : undefined
}
