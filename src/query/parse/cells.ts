import { canonical } from '../../base/canonical.ts'
import { call, formOf, literal } from '../expression.ts'
import { intervalOf } from '../interval.ts'
import type { Expression, Measure, NoisyExpression } from '../query.ts'
import type { Reading } from './ast.ts'
import { reachableVectors, unions } from './reachable.ts'

/** Cells of one measure at most. */
const maxCellsOfPeople = 64

type Cells = Extract<Measure, { kind: 'cells' }>

/** The measures, with counts of people pooled, and where what an old one told is told now. */
export interface Pooled {
  readonly measures: readonly Measure[]
  readonly moved: (value: NoisyExpression) => NoisyExpression
}

/**
 * Counts of people under several conditions become one measure of disjoint cells (differential-privacy.md 1.4): a cell holds the people whose rows meet exactly
 * these of the conditions. Everybody is in one cell at most, so all cells together have sensitivity 1; each count is the sum of the cells in which its
 * condition is met, exactly, and its noise the sum of their independent noise.
 * Counted apart, T counts get a T-th of rho each. Pooled they are given T shares together: a cell's variance is then a T-th of what a count's was, and a
 * count of k cells is better as long as k < T. Done only where no count gets worse and one gets better. `single`: nobody is in two groups.
 */
export function poolCounts(measures: readonly Measure[], single: boolean, reading: Reading): Pooled | undefined {
  if (!single) return undefined
  const asked = measures.flatMap((measure, index) => {
    const condition = conditionOf(measure, reading)
    return condition ? [{ index, condition }] : []
  })
  const chosen = chooseFrom(asked, reading)
  if (!chosen) return undefined
  const { cells, indexes } = chosen
  const first = indexes[0] as number
  const kept = measures.flatMap((_, index) => (index !== first && indexes.includes(index) ? [] : [index]))
  const moved = (value: NoisyExpression): NoisyExpression => {
    if (value.kind === 'call') return { ...value, args: value.args.map(moved) }
    if (value.kind !== 'measure') return value
    const condition = indexes.indexOf(value.index)
    if (condition < 0) return { ...value, index: kept.indexOf(value.index) }
    return { kind: 'measure', index: kept.indexOf(first), condition }
  }
  return { measures: kept.map((index) => (index === first ? cells : (measures[index] as Measure))), moved }
}

interface Asked {
  readonly index: number
  readonly condition: Expression
}

/** All counts together if that is no worse for any, else as many as can be, in the order in which they are asked. */
function chooseFrom(asked: readonly Asked[], reading: Reading) {
  if (asked.length < 2) return undefined
  const whole = cellsOf(asked, reading)
  if (whole) return whole
  let chosen: readonly Asked[] = []
  for (const one of asked) if (isNoWorse([...chosen, one], reading)) chosen = [...chosen, one]
  return chosen.length < 2 || chosen.length === asked.length ? undefined : cellsOf(chosen, reading)
}

const isNoWorse = (asked: readonly Asked[], reading: Reading): boolean => {
  const vectors = vectorsOf(asked, reading)
  return vectors !== undefined && asked.every((_, index) => cellsWith(vectors, index) <= asked.length)
}

function cellsOf(asked: readonly Asked[], reading: Reading): { cells: Cells; indexes: readonly number[] } | undefined {
  const vectors = vectorsOf(asked, reading)
  if (!vectors) return undefined
  const sizes = asked.map((_, index) => cellsWith(vectors, index))
  if (sizes.some((size) => size > asked.length) || sizes.every((size) => size === asked.length)) return undefined
  const conditions = asked.map(({ condition }) => condition)
  return { cells: { kind: 'cells', conditions, vectors, scale: 0 }, indexes: asked.map(({ index }) => index) }
}

/** In how many cells a condition is met. */
export const cellsWith = (vectors: readonly bigint[], condition: number): number =>
  vectors.filter((vector) => (vector >> BigInt(condition)) & 1n).length

function vectorsOf(asked: readonly Asked[], reading: Reading): readonly bigint[] | undefined {
  const conditions = asked.map(({ condition }) => condition)
  const oneRow = reading.tables.every(({ table }) => table.kind !== 'private')
  const ofRows = reachableVectors(conditions, reading, maxCellsOfPeople)
  const found = ofRows && (oneRow ? ofRows : unions(ofRows, maxCellsOfPeople))
  const cells = found?.filter((vector) => vector !== 0n)
  return cells && cells.length > 0 && cells.length <= maxCellsOfPeople
    ? [...cells].sort((a, b) => (a < b ? -1 : 1))
    : undefined
}

const always = literal('true', 'boolean')

/** The condition under which a person counts, where a measure is 1 for the people of whom a row meets it and 0 for everybody else. */
function conditionOf(measure: Measure, reading: Reading): Expression | undefined {
  if (measure.kind === 'persons' || (measure.kind === 'rows' && measure.maxRows === 1n))
    return measure.filter ? plain(measure.filter) : always
  if (measure.kind !== 'sum' || measure.maxSum !== 1n || measure.scale !== 0) return undefined
  const { low, high } = intervalOf(measure.of, reading.catalogue)
  return low >= 0n && high <= 1n ? isOne(measure.of) : undefined
}

/** COUNT(CASE WHEN c THEN 1 END) counts where that is not missing: where c is true. */
function plain(filter: Expression): Expression {
  if (filter.kind !== 'call') return filter
  const [of] = filter.args
  if (filter.name === 'is_null' && of?.kind === 'call' && of.name === 'case' && of.args.length === 2) {
    const [condition, result] = of.args as [Expression, Expression]
    if (result.kind === 'literal' && result.value !== null)
      return call('not', [call('is_true', [condition], 'boolean')], 'boolean')
  }
  return ['and', 'or', 'not'].includes(filter.name) ? { ...filter, args: filter.args.map(plain) } : filter
}

/** CASE WHEN c THEN 1 ELSE 0 END is 1 under c alone; of anything else it is asked whether it is 1. */
function isOne(value: Expression): Expression {
  if (value.kind === 'call' && value.name === 'case') {
    const [condition, result, next, last] = value.args as [Expression, Expression, Expression?, Expression?]
    const ended =
      next === undefined || (last === undefined ? isNought(next) : isNought(last) && isOpposite(next, condition))
    if (ended && value.args.length <= 4) {
      if (result.kind === 'literal' && result.value === '1') return condition
      if (result.kind === 'call') return call('and', [condition, isOne(result)], 'boolean')
    }
  }
  return call('=', [value, literal('1', 'integer')], 'boolean')
}

const isNought = (value: Expression): boolean =>
  value.kind === 'literal' && (value.value === null || value.value === '0')
const isOpposite = (value: Expression, of: Expression): boolean =>
  canonical(formOf(value)) === canonical(formOf(call('not', [of], 'boolean')))
