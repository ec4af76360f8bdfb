import type { Position } from '../../base/refusal.ts'
import { call } from '../expression.ts'
import { calendarRange } from '../interval.ts'
import type { Expression } from '../query.ts'
import { stop } from './ast.ts'
import { typeName } from './types.ts'

export const truncUnits = ['day', 'week', 'month', 'quarter', 'year'] as const

/** DATE_TRUNC('unit', x), which gives a date, and EXTRACT(unit FROM x), which gives an integer. The unit is a literal. */
export function readCalendar(
  name: 'date_trunc' | 'extract',
  unit: Expression,
  value: Expression,
  at: Position,
): Expression {
  const known: readonly string[] = name === 'date_trunc' ? truncUnits : Object.keys(calendarRange)
  const word = unit.kind === 'literal' && unit.type === 'text' ? (unit.value ?? '').toLowerCase() : undefined
  if (word === undefined || !known.includes(word))
    stop(
      'query.not_supported',
      `${name === 'date_trunc' ? 'DATE_TRUNC' : 'EXTRACT'} takes one of the units that are answered`,
      unit.at ?? at,
      `one of: ${known.join(', ')}`,
    )
  if (value.type !== 'date' && value.type !== 'timestamp')
    stop(
      'query.type_mismatch',
      `a date is expected, not ${typeName(value.type)}`,
      value.at ?? at,
      'use a column of dates or points in time',
    )
  if (word === 'hour' && value.type === 'date')
    stop('query.type_mismatch', 'a date has no hour', value.at ?? at, 'use a column of points in time')
  const place: Expression = { kind: 'literal', value: word, type: 'text', scale: 0 }
  return call(name, [place, value], name === 'date_trunc' ? 'date' : 'integer', 0, at)
}
