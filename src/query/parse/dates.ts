import { dayText, parseDay } from '../../base/instant.ts'
import type { Position } from '../../base/refusal.ts'
import { call, literal } from '../expression.ts'
import type { Expression } from '../query.ts'
import { type Fields, listOf, type Node, namesOf, nodeOf, placeOf, type Reading, stop } from './ast.ts'
import { typeName } from './types.ts'

/** A literal span of time: whole days and whole months. */
export interface Span {
  readonly kind: 'span'
  readonly days: number
  readonly months: number
  readonly at: Position
}

const units: Readonly<Record<string, readonly [days: number, months: number]>> = {
  day: [1, 0],
  week: [7, 0],
  month: [0, 1],
  mon: [0, 1],
  quarter: [0, 3],
  year: [0, 12],
}
/** PostgreSQL's bits for INTERVAL '1' YEAR, MONTH and DAY. */
const fields: Readonly<Record<number, string>> = { 4: 'year', 2: 'month', 8: 'day' }
const most = 1_200
const mostDays = 3_700_000n

/** INTERVAL '3 months', INTERVAL '90' DAY; undefined for anything else. */
export function readInterval(node: Node, reading: Reading): Span | undefined {
  if (node.kind !== 'TypeCast') return undefined
  const type = { kind: 'TypeName', body: (node.body.typeName ?? {}) as Fields }
  const arg = nodeOf(node.body.arg, reading)
  if (namesOf(type.body.names).at(-1) !== 'interval' || arg.kind !== 'A_Const') return undefined
  const at = placeOf(type, reading)
  const text = String((arg.body.sval as Fields | undefined)?.sval ?? '')
  const [bits] = listOf(type.body.typmods).map(
    (item) => (item as { A_Const?: { ival?: { ival?: number } } }).A_Const?.ival?.ival,
  )
  const field = bits === undefined ? undefined : fields[bits]
  const parts = [
    ...(field ? `${text} ${field}` : text)
      .trim()
      .toLowerCase()
      .matchAll(/(-?\d{1,5})\s*([a-z]+?)s?(?=\s|$)/gy),
  ]
  const read = parts.map(([, count, unit]) => ({ count: Number(count), unit: units[unit as string] }))
  const whole = /^(\s*-?\d{1,5}\s*[a-z]+)+\s*$/.test((field ? `${text} ${field}` : text).toLowerCase())
  if (!whole || read.length === 0 || read.some(({ unit }) => unit === undefined))
    stop(
      'query.not_supported',
      'this interval is not answered',
      at,
      "whole days, weeks, months, quarters or years: INTERVAL '3 months'",
    )
  const days = read.reduce((sum, { count, unit }) => sum + count * (unit as readonly [number, number])[0], 0)
  const months = read.reduce((sum, { count, unit }) => sum + count * (unit as readonly [number, number])[1], 0)
  if (Math.abs(months) > most || Math.abs(days) > most * 31)
    stop('query.not_supported', 'the interval is longer than a hundred years', at, 'use a shorter one')
  return { kind: 'span', days, months, at }
}

/**
 * date ± interval, date ± whole number of days, date - date (days); undefined when neither side is a date or a span. Dates that leave the
 * years 1 to 9999 on the way are missing wherever they are used next.
 */
export function dateArithmetic(
  operator: string,
  left: Expression,
  right: Expression | Span,
  at: Position,
): Expression | undefined {
  if (right.kind === 'span') return shifted(left, right, operator, at)
  const calendar = (side: Expression) => side.type === 'date' || side.type === 'timestamp'
  if (!calendar(left) && !calendar(right)) return undefined
  if (operator === '-' && calendar(left) && calendar(right))
    return call('days_between', [dayOf(left), dayOf(right)], 'integer', 0, at)
  const [date, days] = calendar(left) ? [left, right] : [right, left]
  if (
    date.type !== 'date' ||
    days.type !== 'integer' ||
    (operator === '-' && date === right) ||
    !'+-'.includes(operator)
  )
    stop(
      'query.type_mismatch',
      `${typeName(left.type)} ${operator} ${typeName(right.type)} is not answered`,
      at,
      "write date + 7, date - date, or date + INTERVAL '3 months'",
    )
  if (date.kind === 'literal' && days.kind === 'literal')
    return moved(date, operator === '+' ? BigInt(days.value ?? '0') : -BigInt(days.value ?? '0'), at)
  return call('add_days', [date, operator === '+' ? days : negative(days)], 'date', 0, at)
}

const dayOf = (value: Expression): Expression =>
  value.type === 'date' ? value : call('to_date', [value], 'date', 0, value.at)

const negative = (days: Expression): Expression =>
  days.kind === 'literal'
    ? literal(`${-BigInt(days.value ?? '0')}`, 'integer', 0, days.at)
    : call('negate', [days], 'integer', 0, days.at)

function shifted(left: Expression, span: Span, operator: string, at: Position): Expression {
  if ((left.type !== 'date' && left.type !== 'timestamp') || !'+-'.includes(operator))
    stop(
      'query.type_mismatch',
      `an interval is added to a date, not to ${typeName(left.type)}`,
      at,
      "date + INTERVAL '3 months'",
    )
  const sign = operator === '+' ? 1 : -1
  const months = sign * span.months
  const days = sign * span.days
  if (left.kind === 'literal' && left.type === 'date')
    return moved(literal(addMonths(left.value ?? '', months), 'date', 0, left.at), BigInt(days), at)
  const later = months === 0 ? left : call('add_months', [left, literal(`${months}`, 'integer')], left.type, 0, at)
  return days === 0 ? later : call('add_days', [later, literal(`${days}`, 'integer')], left.type, 0, at)
}

function moved(date: Expression & { readonly kind: 'literal' }, days: bigint, at: Position): Expression {
  const day = parseDay(date.value ?? '')
  const text = day === undefined || days > mostDays || days < -mostDays ? '' : dayText(day + Number(days))
  if (!/^\d{4}-/.test(text) || text.startsWith('0000'))
    stop('query.type_mismatch', 'the date leaves the years 1 to 9999', at, 'use a date of our time')
  return literal(text, 'date', 0, at)
}

/** The same day of a later month, or that month's last day. */
function addMonths(text: string, months: number): string {
  const [year = 1, month = 1, day = 1] = text.split('-').map(Number)
  const total = year * 12 + (month - 1) + months
  const [y, m] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1]
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0
  const length = m === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31
  return `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(Math.min(day, length)).padStart(2, '0')}`
}
