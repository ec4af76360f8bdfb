import { absolute, ceilDiv, floorDiv, maximum, minimum } from '../base/integer.ts'
import { type Catalogue, findColumn, findTable } from '../contract/catalogue.ts'
import { isNumber } from './expression.ts'
import type { Expression } from './query.ts'

/** Both ends included, in the expression's grid units. */
export interface Interval {
  readonly low: bigint
  readonly high: bigint
}

/** What a stored integer can be whatever is declared: the load stores BIGINT. */
export const stored: Interval = { low: -(2n ** 63n), high: 2n ** 63n - 1n }

/** No value on the way of an expression may leave this range; the engine computes in 128 bits. */
export const computable: Interval = { low: -(2n ** 120n), high: 2n ** 120n }

/**
 * Where a numeric expression's value lies, in every row and whatever the data, unless it is null.
 *
 * Claim. For every row, printed(e) is null or an integer in intervalOf(e), if the printed text clamps every column that declares a minimum or
 * maximum to it, row by row, before using it in arithmetic (print/expression.ts does).
 * Proof, by induction on e.
 *  - column: the clamp gives [minimum, maximum]; an end that is not declared is an end of BIGINT, which the column's type enforces.
 *  - literal: one point. null: no value, so any interval holds.
 *  - a + b, a - b, -a: the extremes of a monotone function lie at the ends. a * b is bilinear, so its extremes over a box lie at corners.
 *  - |a|: at the ends, or 0 when the interval crosses it. rescale multiplies by a positive power of ten: monotone.
 *  - a / b, null when b = 0: b is an integer of grid units, so |b| >= 1, and |b| >= its distance from 0 when the interval excludes 0. Hence
 *    |a·10^k / b| <= |a|·10^k / least|b|; rounding half away from zero moves it by at most 1/2, and the bound is rounded up to an integer, so
 *    the rounded quotient stays within it. The sign is known when both signs are.
 *  - case, coalesce: the value is one of the results, hence in their hull; nullif(a, b): a or null.
 *  - greatest, least: null arguments are skipped, so the value is one of the arguments and in the hull; when no argument can be null the
 *    ends move monotonically. An argument that is null leaves the others, therefore the tight ends are used only against literals:
 *    least(x, literal) <= literal and greatest(x, literal) >= literal hold whether or not x is null.
 *  - length and position are at least 0; extract has the calendar's range; width_bucket gives 0 to n + 1, sign -1 to 1.
 *  - floor, ceil, round, trunc to a grid g times coarser are monotone and give floor(low/g) at least and ceil(high/g) at most.
 *  - text_to_decimal has at most 18 digits before the point and nine behind it.
 *  - a mod b: |a mod b| <= |a| and < |b|, with the sign of a. days_between: both dates lie in the years 1 to 9999, 3,652,059 days apart at most.
 * So an interval within `computable` proves that no step overflows 128 bits: the printed text widens to HUGEINT wherever a step leaves 2^62. ∎
 */
export function intervalOf(expression: Expression, catalogue: Catalogue): Interval {
  const known = memo.get(expression)
  if (known?.catalogue === catalogue) return known.interval
  const interval = compute(expression, catalogue)
  memo.set(expression, { catalogue, interval })
  return interval
}

export const within = (inner: Interval, outer: Interval): boolean => inner.low >= outer.low && inner.high <= outer.high
export const largest = (interval: Interval): bigint => maximum(absolute(interval.low), absolute(interval.high))

const memo = new WeakMap<Expression, { readonly catalogue: Catalogue; readonly interval: Interval }>()

function compute(expression: Expression, catalogue: Catalogue): Interval {
  if (expression.kind === 'literal') {
    const value = expression.value === null || !isNumber(expression) ? 0n : BigInt(expression.value)
    return { low: value, high: value }
  }
  if (expression.kind === 'column') {
    const table = findTable(catalogue, expression.table)
    const column = table && findColumn(table, expression.column)
    return {
      low: maximum(column?.minimum ?? stored.low, stored.low),
      high: minimum(column?.maximum ?? stored.high, stored.high),
    }
  }
  const of = (index: number): Interval => intervalOf(expression.args[index] as Expression, catalogue)
  switch (expression.name) {
    case '+':
      return { low: of(0).low + of(1).low, high: of(0).high + of(1).high }
    case '-':
      return { low: of(0).low - of(1).high, high: of(0).high - of(1).low }
    case 'negate':
      return { low: -of(0).high, high: -of(0).low }
    case '*':
      return product(of(0), of(1))
    case '/':
      return quotient(of(0), of(1), divisionShift(expression))
    case 'abs':
      return magnitude(of(0))
    case 'rescale':
      return product(of(0), point(10n ** BigInt(expression.scale - (expression.args[0] as Expression).scale)))
    case 'case':
      return hull(caseResults(expression.args), catalogue)
    case 'coalesce':
      return hull(expression.args, catalogue)
    case 'nullif':
      return of(0)
    case 'greatest':
    case 'least':
      return extreme(expression.name, expression.args, catalogue)
    case 'floor':
    case 'ceil':
    case 'round':
    case 'trunc':
      return coarser(of(0), 10n ** BigInt((expression.args[0] as Expression).scale - expression.scale))
    case 'mod':
      return remainder(of(0), of(1))
    case 'sign':
      return { low: -1n, high: 1n }
    case 'width_bucket':
      return { low: 0n, high: of(3).high + 1n }
    case 'days_between':
      return { low: -3_652_059n, high: 3_652_059n }
    case 'seconds_between':
      // Within the years 1 to 9999, in microseconds.
      return { low: -315_537_900_000_000_000n, high: 315_537_900_000_000_000n }
    case 'text_to_decimal':
      return { low: -(10n ** 27n), high: 10n ** 27n }
    case 'position':
    case 'length':
      return { low: 0n, high: stored.high }
    case 'extract':
      return calendar(expression.args[0] as Expression)
    default:
      return stored
  }
}

/** The power of ten by which the dividend is multiplied so that the quotient comes out on the grid of the result. */
export const divisionShift = (division: Expression & { readonly kind: 'call' }): bigint => {
  const [a, b] = division.args as [Expression, Expression]
  return 10n ** BigInt(division.scale - a.scale + b.scale)
}

/** Where the dividend lies after that multiplication: it must be computable too. */
export function dividend(division: Expression & { readonly kind: 'call' }, catalogue: Catalogue): Interval {
  return product(intervalOf(division.args[0] as Expression, catalogue), point(divisionShift(division)))
}

/** The results of CASE: condition, result, condition, result, …, and an else when the number of arguments is odd. */
export const caseResults = (args: readonly Expression[]): readonly Expression[] =>
  args.filter((_, index) => index % 2 === 1 || index === args.length - 1)

const point = (value: bigint): Interval => ({ low: value, high: value })

function product(a: Interval, b: Interval): Interval {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
  return { low: corners.reduce(minimum), high: corners.reduce(maximum) }
}

function quotient(a: Interval, b: Interval, shift: bigint): Interval {
  const least = b.low > 0n ? b.low : b.high < 0n ? -b.high : 1n
  const bound = ceilDiv(largest(a) * shift, least)
  const positive = (a.low >= 0n && b.low >= 0n) || (a.high <= 0n && b.high <= 0n)
  const negative = (a.low >= 0n && b.high <= 0n) || (a.high <= 0n && b.low >= 0n)
  return { low: positive ? 0n : -bound, high: negative ? 0n : bound }
}

const magnitude = (a: Interval): Interval => ({
  low: a.low > 0n ? a.low : a.high < 0n ? -a.high : 0n,
  high: largest(a),
})

/** The smallest interval around all; a literal null gives no value and counts for nothing. */
function hull(expressions: readonly Expression[], catalogue: Catalogue): Interval {
  const intervals = expressions.filter((e) => e.type !== 'null').map((e) => intervalOf(e, catalogue))
  if (intervals.length === 0) return point(0n)
  return { low: intervals.map((i) => i.low).reduce(minimum), high: intervals.map((i) => i.high).reduce(maximum) }
}

const coarser = (a: Interval, grid: bigint): Interval => ({ low: floorDiv(a.low, grid), high: ceilDiv(a.high, grid) })

function remainder(a: Interval, b: Interval): Interval {
  const most = minimum(largest(a), maximum(largest(b) - 1n, 0n))
  return { low: a.low >= 0n ? 0n : -most, high: a.high <= 0n ? 0n : most }
}

function extreme(name: 'greatest' | 'least', args: readonly Expression[], catalogue: Catalogue): Interval {
  const all = hull(args, catalogue)
  const fixed = args
    .filter((arg) => arg.kind === 'literal' && arg.value !== null)
    .map((arg) => intervalOf(arg, catalogue))
  if (fixed.length === 0) return all
  if (name === 'least') return { low: all.low, high: fixed.map((i) => i.high).reduce(minimum) }
  return { low: fixed.map((i) => i.low).reduce(maximum), high: all.high }
}

function calendar(unit: Expression): Interval {
  const range = calendarRange[unit.kind === 'literal' ? (unit.value ?? '') : '']
  return range ? { low: BigInt(range[0]), high: BigInt(range[1]) } : stored
}

/** What EXTRACT gives for a unit; dates before the year 1 and after 9999 count as missing. */
export const calendarRange: Readonly<Record<string, readonly [number, number]>> = {
  year: [1, 9999],
  quarter: [1, 4],
  month: [1, 12],
  week: [1, 53],
  day: [1, 31],
  doy: [1, 366],
  dow: [0, 6],
  isodow: [1, 7],
  hour: [0, 23],
}
