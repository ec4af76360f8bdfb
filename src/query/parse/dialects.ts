import { call, literal } from '../expression.ts'
import type { Expression } from '../query.ts'
import { stop } from './ast.ts'
import { exactly, type Given, remainder, rounded, wholeLiteral } from './functions.ts'
import { dateLiteral } from './literals.ts'
import { arithmetic, computableOnly } from './numbers.ts'
import { midnight, requireBoolean, requireNumber, typeName, unify } from './types.ts'

/** Functions under the names of BigQuery, DuckDB and other engines, and of PostgreSQL where they are another way of writing what there is. */

/** IF(condition, a, b). */
export function conditional(given: Given): Expression {
  const [condition, ...results] = exactly(given, 3)
  requireBoolean(condition, given.at)
  const { values, type, scale } = unify(results, given.at)
  return computableOnly(call('case', [condition, ...values], type, scale, given.at), given.reading)
}

/** IFNULL(a, b). */
export function ifMissing(given: Given): Expression {
  const { values, type, scale } = unify(exactly(given, 2), given.at)
  return computableOnly(call('coalesce', values, type, scale, given.at), given.reading)
}

/** SAFE_DIVIDE(a, b): every division here is safe. */
export function safeDivide(given: Given): Expression {
  const [a, b] = exactly(given, 2)
  return arithmetic('/', a, b as Expression, given.at, given.reading)
}

/** DIV(a, b): the whole quotient, cut off towards zero. (a - a mod b) / b is exact. */
export function wholeQuotient(given: Given): Expression {
  const { at, reading } = given
  const [a, b] = exactly(given, 2) as readonly [Expression, Expression]
  for (const arg of given.args) requireNumber(arg, 'DIV', at)
  const whole = arithmetic('-', a, computableOnly(remainder(a, b, at), reading), at, reading)
  return computableOnly(rounded('trunc', arithmetic('/', whole, b, at, reading), 0, at), reading)
}

/** DATE(x) is x::date; DATE(2026, 1, 31) and MAKE_DATE(2026, 1, 31) are that day. */
export function dateOf(given: Given): Expression {
  const { args, at } = given
  if (given.name === 'make_date' || args.length === 3) {
    const [year, month, day] = exactly(given, 3).map((part, index) =>
      wholeLiteral(part, 1n, [9_999n, 12n, 31n][index] as bigint, ['a year', 'a month', 'a day'][index] as string, at),
    )
    const padded = (value: bigint | undefined, width: number): string => String(value).padStart(width, '0')
    return dateLiteral(`${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`, at)
  }
  return asDate(exactly(given, 1)[0], given)
}

/** TO_DATE(text, 'YYYY-MM-DD'). */
export function toDate(given: Given): Expression {
  const [text, format] = exactly(given, 2)
  if (format?.kind !== 'literal' || format.value?.toUpperCase() !== 'YYYY-MM-DD' || text.type !== 'text')
    stop('query.not_supported', 'TO_DATE reads texts as YYYY-MM-DD alone', given.at, "write DATE '2026-01-31'")
  return asDate(text, given)
}

function asDate(value: Expression, { at }: Given): Expression {
  if (value.type === 'date') return value
  if (value.type === 'timestamp') return call('to_date', [value], 'date', 0, at)
  if (value.type !== 'text')
    stop('query.type_mismatch', `a date is expected, not ${typeName(value.type)}`, at, 'use a column of dates')
  return value.kind === 'literal'
    ? dateLiteral(value.value ?? '', value.at ?? at)
    : call('text_to_date', [value], 'date', 0, at)
}

/** Thousandths are kept: finer ones would make averages over a lifetime too large to compute exactly. */
const inSeconds = (moments: readonly Expression[], at: Given['at']): Expression =>
  rounded('trunc', call('seconds_between', moments, 'decimal', 6, at), 3, at)

/** What lies between two points in time, of which `a - b` tells the days: seconds with three decimals. */
export function secondsBetween(difference: Expression, at: Given['at']): Expression | undefined {
  if (difference.kind !== 'call' || difference.name !== 'days_between') return undefined
  const moments = difference.args.map((side) =>
    side.kind === 'call' && side.name === 'to_date' ? (side.args[0] as Expression) : midnight(side),
  )
  return inSeconds(moments, at)
}

/** EXTRACT(EPOCH FROM x) of a point in time or of a difference of two; EXTRACT(DAY FROM a - b) and so on of a difference. */
export function extractedSpan(unit: Expression, value: Expression, given: Given): Expression | undefined {
  const { at, reading } = given
  const word = unit.kind === 'literal' && unit.type === 'text' ? (unit.value ?? '').toLowerCase() : ''
  if (word === 'epoch' && (value.type === 'timestamp' || value.type === 'date')) {
    const moment = value.type === 'date' ? midnight(value) : value
    return inSeconds([moment, literal('1970-01-01 00:00:00', 'timestamp')], at)
  }
  const seconds = secondsBetween(value, at)
  if (!seconds || !['epoch', 'day', 'days'].includes(word)) return undefined
  if (word === 'epoch') return seconds
  return computableOnly(
    rounded('trunc', arithmetic('/', seconds, literal('86400', 'integer'), at, reading), 0, at),
    reading,
  )
}
