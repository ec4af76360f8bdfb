import { call, literal } from '../expression.ts'
import type { Expression } from '../query.ts'
import { stop } from './ast.ts'
import { readCalendar } from './calendar.ts'
import { concatenation, exactly, type Given } from './functions.ts'
import { typeName } from './types.ts'

type Piece = (field: (unit: string) => Expression) => Expression

const months = 'January February March April May June July August September October November December'.split(' ')
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

const named =
  (unit: string, names: readonly string[], first: number): Piece =>
  (field) => {
    const number = field(unit)
    const cases = names.flatMap((name, index) => [
      call('=', [number, literal(`${index + first}`, 'integer')], 'boolean'),
      literal(name, 'text'),
    ])
    return call('case', cases, 'text')
  }

const digits =
  (unit: string, width: number): Piece =>
  (field) => {
    const text = call('to_text', [field(unit)], 'text')
    if (width === 1) return text
    const padded = call('concat', [literal('0'.repeat(width), 'text'), text], 'text')
    return call('right', [padded, literal(`${width}`, 'integer')], 'text')
  }

const three = (names: readonly string[]): readonly string[] => names.map((name) => name.slice(0, 3))
const padded = (names: readonly string[]): readonly string[] => names.map((name) => name.padEnd(9))
const upper = (names: readonly string[]): readonly string[] => names.map((name) => name.toUpperCase())

/** Longest first. PostgreSQL pads the long names of months and days to nine characters unless FM stands before them. */
const pieces: readonly (readonly [string, Piece])[] = [
  ['FMMonth', named('month', months, 1)],
  ['FMDay', named('dow', days, 0)],
  ['Month', named('month', padded(months), 1)],
  ['FMMM', digits('month', 1)],
  ['FMDD', digits('day', 1)],
  ['YYYY', digits('year', 4)],
  ['HH24', digits('hour', 2)],
  ['Day', named('dow', padded(days), 0)],
  ['Mon', named('month', three(months), 1)],
  ['MON', named('month', upper(three(months)), 1)],
  ['DDD', digits('doy', 3)],
  ['YY', digits('year', 2)],
  ['MM', digits('month', 2)],
  ['DD', digits('day', 2)],
  ['Dy', named('dow', three(days), 0)],
  ['DY', named('dow', upper(three(days)), 0)],
  ['IW', digits('week', 2)],
  ['ID', digits('isodow', 1)],
  ['Q', digits('quarter', 1)],
]

/** TO_CHAR(x, 'YYYY-MM'): a text put together of parts of a date. */
export function toChar(given: Given): Expression {
  const { at, reading } = given
  const [value, format] = exactly(given, 2)
  if (value.type !== 'date' && value.type !== 'timestamp')
    stop(
      'query.type_mismatch',
      `TO_CHAR takes a date or a point in time, not ${typeName(value.type)}`,
      value.at ?? at,
      'for numbers use ROUND(x, 2) or CAST(x AS TEXT)',
    )
  const pattern = format?.kind === 'literal' && format.type === 'text' ? (format.value ?? '') : ''
  const field = (unit: string): Expression => readCalendar('extract', literal(unit, 'text', 0, at), value, at)
  const parts: Expression[] = []
  let rest = pattern
  while (rest !== '') {
    const piece = pieces.find(([name]) => rest.startsWith(name))
    const [plain = '', quoted] = /^"([^"]*)"|^[-/ .,:_]+/.exec(rest) ?? []
    if (!piece && plain === '') break
    parts.push(piece ? piece[1](field) : literal(quoted ?? plain, 'text'))
    rest = rest.slice(piece ? piece[0].length : plain.length)
  }
  if (rest !== '' || parts.length === 0)
    stop(
      'query.not_supported',
      'this pattern of TO_CHAR is not answered',
      format?.at ?? at,
      `a literal of ${pieces.map(([name]) => name).join(' ')}, signs and "quoted words", for example 'YYYY-MM'`,
    )
  return parts.length === 1 ? (parts[0] as Expression) : concatenation(parts, at, reading)
}
