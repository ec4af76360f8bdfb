import { ceilDiv, floorDiv, maximum, minimum } from '../../base/integer.ts'
import type { Position } from '../../base/refusal.ts'
import { defaultGroupsPerPerson } from '../../contract/catalogue.ts'
import type { ColumnExpression } from '../expression.ts'
import { intervalOf, largest } from '../interval.ts'
import { cellsOf, type Expression, type GroupKey } from '../query.ts'
import { type Reading, type ScopeTable, stop } from './ast.ts'
import { declarationOf } from './columns.ts'

/** Bounds on one person that hold for the whole question. */
export interface Bounds {
  /** The most rows of one person in the joined rows that count; undefined when a private table declares none. */
  readonly maxRows: bigint | undefined
  /** L0. */
  readonly maxGroups: bigint
  readonly grouped: boolean
  /** True when a key has no public domain: how many groups one person can be in is not known. */
  readonly open: boolean
  /** The most different values of one person that count. */
  readonly maxValues: bigint
  /** How many groups there are; of open keys, for how many an answer makes room. */
  readonly cells: number
}

/** Quantiles of open groups have as many edges as so many declared groups would have. */
const roomForOpen = 1_000

/** Every bound is below this: products of two fit the engine's 128 bits. */
export const maxBound = 2n ** 62n
/** Row counts are squared and added over at most 100,000 groups. */
const maxRowCount = 2n ** 40n
/** Sums over several groups are squared and added over at most 100,000 groups: (2^54)² · 2^17 < 2^126. */
const maxGroupedSum = 2n ** 54n
/** Over open groups, of which one person may have as many as rows: (2^43)² · 2^40 = 2^126. */
const maxOpenSum = 2n ** 43n

/**
 * maxRows: a joined row of one person is one choice of a row from each private table, so the bound is the product; a public table matches at
 * most one row. maxGroups: 1 when the keys are attributes of the person; else the declared number, never more than the groups one person can be in
 * when the person's own attributes are fixed.
 */
export function boundsOf(groups: readonly GroupKey[], reading: Reading): Bounds {
  const tables = reading.tables.filter((from) => from.table.kind !== 'public')
  return {
    maxRows: rowsProduct(reading),
    maxGroups: groupsBound(groups, tables),
    grouped: groups.some((group) => !group.perPerson),
    open: cellsOf(groups) === undefined,
    maxValues: minimum(declaredGroups(tables), rowsProduct(reading) ?? maxRowCount),
    cells: cellsOf(groups) ?? roomForOpen,
  }
}

/** The most joined rows of one person; undefined when a private table declares none. */
export const rowsProduct = (reading: Reading): bigint | undefined =>
  reading.tables
    .filter((from) => from.table.kind !== 'public')
    .map((from) => (from.table.kind === 'persons' ? 1n : from.table.maxRowsPerPerson))
    .reduce<bigint | undefined>((all, one) => (all === undefined || one === undefined ? undefined : all * one), 1n)

/** Joined rows of one person: what the engine makes of them in well under a tick of the grid of times. */
const maxMultiplied = 1_000_000n
/** For a table whose contract does not say how many rows one person has. */
const rowsIfUndeclared = 1_000n

/**
 * Private tables multiply each other's rows within a person. Eight tables of ten rows each would keep the engine busy for as long as somebody has ten rows and
 * no longer: the time of an answer would tell who is in it. Refuses query.too_deep, from the contract alone.
 */
export function checkMultiplied(reading: Reading, at: Position): void {
  const many = reading.tables.filter(({ table }) => table.kind === 'private' && table.maxRowsPerPerson !== 1n)
  const product = many.reduce((rows, { table }) => rows * (table.maxRowsPerPerson ?? rowsIfUndeclared), 1n)
  if (many.length > 1 && product > maxMultiplied)
    stop(
      'query.too_deep',
      `joined with each other, ${many.map(({ table }) => table.name).join(', ')} give one person up to ${product} rows; at most ${maxMultiplied} are joined`,
      at,
      'put the rows of one of them together first, in a sub-query with GROUP BY the person key',
    )
}

function declaredGroups(tables: readonly ScopeTable[]): bigint {
  const declared = tables.flatMap((from) =>
    from.table.maxGroupsPerPerson === undefined ? [] : [from.table.maxGroupsPerPerson],
  )
  return declared.length > 0 ? declared.reduce(maximum) : defaultGroupsPerPerson
}

function groupsBound(groups: readonly GroupKey[], tables: readonly ScopeTable[]): bigint {
  const cells = cellsOf(groups.filter((group) => !group.perPerson))
  return cells === undefined ? declaredGroups(tables) : minimum(declaredGroups(tables), BigInt(cells))
}

/** R. Refuses privacy.bound_missing. */
export function rowsBound(bounds: Bounds, at: Position, reading: Reading): bigint {
  if (bounds.maxRows === undefined) {
    const without = reading.tables.filter(
      (from) => from.table.kind === 'private' && from.table.maxRowsPerPerson === undefined,
    )
    missing(
      `how many rows of ${without.map((from) => from.table.name).join(', ')} one person has`,
      at,
      'count people: COUNT(DISTINCT <person key>)',
    )
  }
  if (bounds.maxRows >= maxRowCount) missing('few enough joined rows of one person', at, 'join fewer private tables')
  return bounds.maxRows
}

/** B: the declared amount of the column that dominates the sum, or what rows times the interval of the expression allow where that is less or all there is. */
export function sumBound(
  of: Expression,
  column: ColumnExpression | undefined,
  bounds: Bounds,
  at: Position,
  reading: Reading,
): bigint {
  const declared =
    column && notMultiplied(column, reading) ? declarationOf(column, reading).column.maxSumPerPerson : undefined
  const limit = !bounds.grouped ? maxBound : bounds.open ? maxOpenSum : maxGroupedSum
  const most = maximum(largest(intervalOf(of, reading.catalogue)), 1n)
  if (declared !== undefined) {
    const { maxRows } = bounds
    const byRows = maxRows === undefined ? declared : most * maxRows
    return checked(maximum(minimum(declared, byRows), 1n), limit, at)
  }
  if (most >= maxBound)
    missing(
      'how large this amount is in one row',
      at,
      'sum a column with declared bounds, or clamp it: SUM(LEAST(GREATEST(x, 0), 100))',
    )
  return checked(most * rowsBound(bounds, at, reading), limit, at)
}

/** Of each person's own mean: its distance from the centre, at most U. Needs the expression's range alone. */
export function meanBounds(of: Expression, at: Position, reading: Reading) {
  const { low, high } = rangeOf(of, at, reading)
  const halfRange = maximum(ceilDiv(high - low, 2n), 1n)
  return { centre: floorDiv(low + high, 2n), halfRange, minimum: low, maximum: high }
}

function rangeOf(of: Expression, at: Position, reading: Reading) {
  const { low, high } = intervalOf(of, reading.catalogue)
  if (maximum(largest({ low, high }), 1n) >= maxBound)
    missing(
      'how large this amount is in one row',
      at,
      'average a column with declared bounds, or clamp it: AVG(LEAST(GREATEST(x, 0), 100))',
    )
  return { low, high }
}

/** n: R rows; S: the distance from the centre, at most U a row; for a variance its square too. Needs the expression's range and R. */
export function momentBounds(
  kind: 'average' | 'variance',
  of: Expression,
  bounds: Bounds,
  at: Position,
  reading: Reading,
) {
  const { low, high } = rangeOf(of, at, reading)
  const maxRows = rowsBound(bounds, at, reading)
  // c = floor((low + high) / 2): then high - c = ceil((high - low) / 2) = U and c - low <= U.
  const halfRange = maximum(ceilDiv(high - low, 2n), 1n)
  checked((kind === 'variance' ? halfRange * halfRange : halfRange) * maxRows, maxBound, at)
  return { maxRows, centre: floorDiv(low + high, 2n), halfRange, minimum: low, maximum: high }
}

/** True when each row of the column's table occurs at most once in the joined rows: every other private table has one row a person. */
export function notMultiplied(column: ColumnExpression, reading: Reading): boolean {
  const { from } = declarationOf(column, reading)
  return (
    from.table.kind !== 'public' && reading.tables.every((other) => other === from || other.table.kind !== 'private')
  )
}

function checked(bound: bigint, limit: bigint, at: Position): bigint {
  if (bound >= limit) missing('an amount small enough to compute exactly', at, 'use a coarser grid or tighter bounds')
  return bound
}

function missing(what: string, at: Position, hint: string): never {
  stop('privacy.bound_missing', `the contract does not declare ${what}`, at, hint)
}
