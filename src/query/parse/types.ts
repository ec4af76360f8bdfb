import type { Position } from '../../base/refusal.ts'
import { call, type ExpressionType, isNumber, rescale } from '../expression.ts'
import type { Expression } from '../query.ts'
import { stop } from './ast.ts'
import { dateLiteral, timestampLiteral } from './literals.ts'

/** Strict typing: nothing is converted but numbers to the finer grid, dates to their midnight, and text literals to the date they are compared with. */

export const typeName = (type: ExpressionType): string =>
  ({
    text: 'a text',
    integer: 'a number',
    decimal: 'a number',
    boolean: 'true or false',
    date: 'a date',
    timestamp: 'a point in time',
    null: 'NULL',
  })[type]

/** Brings the sides of a comparison to one type and grid. Refuses query.type_mismatch; NULL too, because nothing equals it. */
export function compare(sides: readonly Expression[], at: Position, ordered: boolean): readonly Expression[] {
  if (sides.some((side) => side.type === 'null'))
    stop('query.type_mismatch', 'nothing compares with NULL', at, 'write IS NULL or IS NOT NULL')
  const { values, type } = unify(sides, at)
  if (ordered && type === 'boolean')
    stop('query.type_mismatch', 'true and false have no order', at, 'write the condition itself, or IS TRUE')
  return values
}

/** Brings expressions to one type and grid, leaving literal NULLs as they are. */
export function unify(
  values: readonly Expression[],
  at: Position,
): { readonly values: readonly Expression[]; readonly type: ExpressionType; readonly scale: number } {
  const calendar = values.find((value) => value.type === 'timestamp') ?? values.find((value) => value.type === 'date')
  const truth = values.some((value) => value.type === 'boolean')
  const read = values.map((value) => (truth ? asTruth(value) : asCalendar(value, calendar?.type, at)))
  const present = read.filter((value) => value.type !== 'null')
  const first = present[0]
  if (!first) return { values: read, type: 'null', scale: 0 }
  const wrong = present.find((value) => kindOf(value) !== kindOf(first))
  if (wrong)
    stop(
      'query.type_mismatch',
      `${typeName(first.type)} and ${typeName(wrong.type)} do not fit together`,
      wrong.at ?? at,
      mismatchHint(first, wrong),
    )
  if (!isNumber(first)) return { values: read, type: first.type, scale: 0 }
  const scale = Math.max(...present.map((value) => value.scale))
  const type = present.every((value) => value.type === 'integer') ? 'integer' : 'decimal'
  return { values: read.map((value) => rescale(value, scale)), type, scale }
}

export function requireNumber(value: Expression, what: string, at: Position): void {
  if (!isNumber(value))
    stop(
      'query.type_mismatch',
      `${what} takes numbers, not ${typeName(value.type)}`,
      value.at ?? at,
      'use a number, or CASE WHEN … THEN 1 ELSE 0 END',
    )
}
export function requireText(value: Expression, at: Position): void {
  if (value.type !== 'text')
    stop(
      'query.type_mismatch',
      `a text is expected, not ${typeName(value.type)}`,
      value.at ?? at,
      'use a column of texts',
    )
}
export function requireBoolean(value: Expression, at: Position): void {
  if (value.type !== 'boolean')
    stop(
      'query.type_mismatch',
      `a condition is expected, not ${typeName(value.type)}`,
      value.at ?? at,
      'compare it with a value',
    )
}

const kindOf = (value: Expression): string => (isNumber(value) ? 'number' : value.type)

function asCalendar(value: Expression, calendar: ExpressionType | undefined, at: Position): Expression {
  if (calendar === undefined) return value
  if (value.kind === 'literal' && value.type === 'text') {
    const text = value.value ?? ''
    const read =
      calendar === 'date' || text.length <= 10
        ? dateLiteral(text, value.at ?? at)
        : timestampLiteral(text, value.at ?? at)
    return calendar === 'timestamp' && read.type === 'date' ? midnight(read) : read
  }
  return calendar === 'timestamp' && value.type === 'date' ? midnight(value) : value
}

/** A literal in quotes next to true and false: 'true', 't', 'yes', 'on' and their opposites. */
function asTruth(value: Expression): Expression {
  if (value.kind !== 'literal' || value.type !== 'text') return value
  const word = (value.value ?? '').toLowerCase()
  const yes = ['true', 't', 'yes', 'y', 'on'].includes(word)
  if (!yes && !['false', 'f', 'no', 'n', 'off'].includes(word)) return value
  return { ...value, type: 'boolean', value: String(yes) }
}

/** A date as the point in time at which it begins, as PostgreSQL compares the two. */
export function midnight(date: Expression): Expression {
  if (date.kind === 'literal') return { ...date, type: 'timestamp', value: `${date.value} 00:00:00` }
  return call('to_timestamp', [date], 'timestamp', 0, date.at)
}

function mismatchHint(a: Expression, b: Expression): string {
  if ([a, b].some(isNumber) && [a, b].some((side) => side.type === 'text'))
    return 'numbers stand without quotes, texts in single quotes'
  if ([a, b].some((side) => side.type === 'boolean')) return 'write the condition itself, or IS TRUE'
  return 'compare values of the same declared type'
}
