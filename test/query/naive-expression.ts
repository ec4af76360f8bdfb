import type { Catalogue } from '../../src/contract/catalogue.ts'
import type { Expression } from '../../src/query/query.ts'
import type { Row } from './engine.ts'

/** The row that each table of FROM gives to a joined row; undefined where a left join found none. */
export type Joined = Readonly<Record<string, Row | undefined>>
export type Value = bigint | string | boolean | null

/** SQL's meaning of a row expression: null for what is not known. */
export function evaluate(expression: Expression, row: Joined, catalogue: Catalogue): Value {
  if (expression.kind === 'literal') return literal(expression.value, expression.type)
  if (expression.kind === 'column') return columnValue(expression, row, catalogue)
  const args = expression.args
  const value = (index: number): Value => evaluate(args[index] as Expression, row, catalogue)
  const strict = (compute: (...values: never[]) => Value): Value => {
    const values = args.map((_, index) => value(index))
    return values.includes(null) ? null : compute(...(values as never[]))
  }
  switch (expression.name) {
    case 'and':
    case 'or': {
      const deciding = expression.name === 'or'
      const values = args.map((_, index) => value(index))
      return values.includes(deciding) ? deciding : values.includes(null) ? null : !deciding
    }
    case 'not':
      return strict((a: boolean) => !a)
    case '=':
      return strict((a: Value, b: Value) => a === b)
    case '<>':
      return strict((a: Value, b: Value) => a !== b)
    case '<':
      return strict((a: bigint, b: bigint) => a < b)
    case '<=':
      return strict((a: bigint, b: bigint) => a <= b)
    case '>':
      return strict((a: bigint, b: bigint) => a > b)
    case '>=':
      return strict((a: bigint, b: bigint) => a >= b)
    case 'between':
      return strict((a: bigint, b: bigint, c: bigint) => a >= b && a <= c)
    case 'in':
      return strict((a: Value, ...members: Value[]) => members.includes(a))
    case 'is_null':
      return value(0) === null
    case 'is_true':
      return value(0) === true
    case 'is_false':
      return value(0) === false
    case 'like':
    case 'ilike':
      return strict((a: string, b: string) => like(a, b, expression.name === 'ilike'))
    case '+':
      return strict((a: bigint, b: bigint) => a + b)
    case '-':
      return strict((a: bigint, b: bigint) => a - b)
    case '*':
      return strict((a: bigint, b: bigint) => a * b)
    case '/':
      return strict((a: bigint, b: bigint) =>
        quotient(a, b, expression.scale - (args[0]?.scale ?? 0) + (args[1]?.scale ?? 0)),
      )
    case 'negate':
      return strict((a: bigint) => -a)
    case 'abs':
      return strict((a: bigint) => (a < 0n ? -a : a))
    case 'rescale':
      return strict((a: bigint) => a * 10n ** BigInt(expression.scale - (args[0]?.scale ?? 0)))
    case 'case': {
      for (let index = 0; index + 1 < args.length; index += 2) if (value(index) === true) return value(index + 1)
      return args.length % 2 === 1 ? value(args.length - 1) : null
    }
    case 'coalesce':
      return args.map((_, index) => value(index)).find((found) => found !== null) ?? null
    case 'nullif':
      return value(0) === value(1) ? null : value(0)
    case 'greatest':
    case 'least': {
      const found = args.map((_, index) => value(index)).filter((item) => item !== null) as bigint[]
      return found.reduce<bigint | null>(
        (best, item) => (best === null || (expression.name === 'greatest' ? item > best : item < best) ? item : best),
        null,
      )
    }
    case 'lower':
      return strict((a: string) => a.toLowerCase())
    case 'upper':
      return strict((a: string) => a.toUpperCase())
    case 'length':
      return strict((a: string) => BigInt([...a].length))
    case 'date_trunc':
      return strict((unit: string, a: string) => truncate(unit, a))
    case 'extract':
      return strict((unit: string, a: string) => extract(unit, a))
    case 'to_timestamp':
      return strict((a: string) => `${a} 00:00:00`)
    case 'floor':
    case 'ceil':
    case 'round':
    case 'trunc':
      return strict((a: bigint) => coarser(expression.name, a, 10n ** BigInt((args[0]?.scale ?? 0) - expression.scale)))
    case 'mod':
      return strict((a: bigint, b: bigint) => (b === 0n ? null : a % b))
    case 'sign':
      return strict((a: bigint) => (a > 0n ? 1n : a < 0n ? -1n : 0n))
    case 'width_bucket':
      return strict((a: bigint, low: bigint, high: bigint, n: bigint) =>
        a < low ? 0n : a >= high ? n + 1n : ((a - low) * n) / (high - low) + 1n,
      )
    case 'trim':
      return strict((a: string, b: string) => stripped(stripped(a, b, 'left'), b, 'right'))
    case 'ltrim':
      return strict((a: string, b: string) => stripped(a, b, 'left'))
    case 'rtrim':
      return strict((a: string, b: string) => stripped(a, b, 'right'))
    case 'substring':
      return strict((a: string, from: bigint, length?: bigint) =>
        [...a].slice(Number(from) - 1, length === undefined ? undefined : Number(from - 1n + length)).join(''),
      )
    case 'left':
      return strict((a: string, n: bigint) => [...a].slice(0, Number(n)).join(''))
    case 'right':
      return strict((a: string, n: bigint) => (n === 0n ? '' : [...a].slice(-Number(n)).join('')))
    case 'position':
      return strict((a: string, b: string) => {
        const at = a.indexOf(b)
        return at < 0 ? 0n : BigInt([...a.slice(0, at)].length + 1)
      })
    case 'starts_with':
      return strict((a: string, b: string) => a.startsWith(b))
    case 'replace':
      return strict((a: string, b: string, c: string) => a.split(b).join(c))
    case 'concat':
      return strict((...parts: string[]) => parts.join(''))
    case 'to_date':
      return strict((a: string) => a.slice(0, 10))
    case 'days_between':
      return strict((a: string, b: string) => dayNumber(a) - dayNumber(b))
    case 'add_days':
      return strict((a: string, days: bigint) =>
        days > 3_700_000n || days < -3_700_000n ? null : inCalendar(dayNumber(a) + days, a.slice(10)),
      )
    case 'add_months':
      return strict((a: string, months: bigint) => addMonths(a, Number(months)))
    case 'text_to_integer':
      return strict((a: string) => (/^[+-]?[0-9]{1,18}$/.test(a) ? BigInt(a.replace('+', '')) : null))
    case 'text_to_date':
      return strict((a: string) =>
        /^\d{4}-\d\d-\d\d$/.test(a) && new Date(`${a}T00:00:00Z`).toJSON()?.startsWith(a) ? a : null,
      )
    case 'text_to_decimal':
      return strict((a: string) => {
        const [, sign, whole, behind] = /^([+-]?)(\d{0,18})(?:\.(\d{0,9}))?$/.exec(a) ?? []
        if (whole === undefined || (whole === '' && !behind)) return null
        const size = BigInt(whole || '0') * 1_000_000_000n + BigInt((behind ?? '').padEnd(9, '0') || '0')
        return sign === '-' ? -size : size
      })
    case 'split_part':
      return strict((a: string, b: string, n: bigint) => a.split(b)[Number(n) - 1] ?? '')
    case 'lpad':
    case 'rpad':
      return strict((a: string, n: bigint, fill: string) => {
        const [letters, filler] = [[...a], [...fill]]
        const missing = Math.max(Number(n) - letters.length, 0)
        const added = Array.from({ length: missing }, (_, index) => filler[index % filler.length])
        const kept = letters.slice(0, Number(n))
        return (expression.name === 'lpad' ? [...added, ...kept] : [...kept, ...added]).join('')
      })
    case 'seconds_between':
      return strict((a: string, b: string) => microseconds(a) - microseconds(b))
    case 'to_text': {
      const scale = args[0]?.scale ?? 0
      return strict((a: Value) => {
        if (scale === 0 || typeof a !== 'bigint') return String(a)
        const digits = `${a < 0n ? -a : a}`.padStart(scale + 1, '0')
        return `${a < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
      })
    }
    default:
      throw new Error(`not known here: ${expression.name}`)
  }
}

function coarser(name: string, a: bigint, grid: bigint): bigint {
  const down = a % grid < 0n ? a / grid - 1n : a / grid
  if (name === 'floor') return down
  if (name === 'ceil') return a % grid > 0n ? a / grid + 1n : a / grid
  if (name === 'trunc') return a / grid
  const up = ((a < 0n ? -a : a) * 2n + grid) / (2n * grid)
  return a < 0n ? -up : up
}

function stripped(text: string, characters: string, side: 'left' | 'right'): string {
  const letters = [...text]
  while (letters.length > 0 && [...characters].includes(letters.at(side === 'left' ? 0 : -1) as string))
    side === 'left' ? letters.shift() : letters.pop()
  return letters.join('')
}

const microseconds = (text: string): bigint =>
  BigInt(Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`)) * 1000n +
  BigInt((text.split('.')[1] ?? '').padEnd(6, '0') || '0')

const dayNumber = (text: string): bigint => BigInt(Date.parse(`${text.slice(0, 10)}T00:00:00Z`)) / 86_400_000n

/** Dates far away are not compared by any question here, so null stands for them. */
function inCalendar(day: bigint, time: string): string | null {
  const date = new Date(Number(day) * 86_400_000)
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999
    ? `${date.toISOString().slice(0, 10)}${time}`
    : null
}

function addMonths(text: string, months: number): string {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  const date = new Date(Date.UTC(year, month - 1 + months, Math.min(day, last)))
  return `${date.toISOString().slice(0, 10)}${text.slice(10)}`
}

function columnValue(expression: Expression & { kind: 'column' }, row: Joined, catalogue: Catalogue): Value {
  const table = catalogue.tables.find((candidate) => candidate.name === expression.table)
  const column = table?.columns.find((candidate) => candidate.name === expression.column)
  const from = row[expression.alias]
  const stored = (column?.role === 'person' ? from?._person : from?.[expression.column]) ?? null
  if (typeof stored !== 'bigint' || column?.role === 'person') return stored
  if (column?.minimum !== undefined && stored < column.minimum) return column.minimum
  if (column?.maximum !== undefined && stored > column.maximum) return column.maximum
  return stored
}

function literal(value: string | null, type: string): Value {
  if (value === null) return null
  if (type === 'integer' || type === 'decimal') return BigInt(value)
  return type === 'boolean' ? value === 'true' : value
}

function quotient(a: bigint, b: bigint, shift: number): bigint | null {
  if (b === 0n) return null
  const n = (a < 0n ? -a : a) * 10n ** BigInt(shift)
  const d = b < 0n ? -b : b
  const rounded = (2n * n + d) / (2n * d)
  return a < 0n !== b < 0n ? -rounded : rounded
}

function like(text: string, pattern: string, fold: boolean): boolean {
  const source = [...pattern]
    .map((c) => (c === '%' ? '.*' : c === '_' ? '.' : c.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('')
  return new RegExp(`^${source}$`, fold ? 'isu' : 'su').test(text)
}

function truncate(unit: string, text: string): string {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  if (unit === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  if (unit === 'month' || unit === 'quarter' || unit === 'year') date.setUTCDate(1)
  if (unit === 'quarter') date.setUTCMonth(Math.floor(date.getUTCMonth() / 3) * 3)
  if (unit === 'year') date.setUTCMonth(0)
  return date.toISOString().slice(0, 10)
}

function extract(unit: string, text: string): bigint {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  if (unit === 'year') return BigInt(date.getUTCFullYear())
  if (unit === 'quarter') return BigInt(Math.floor(date.getUTCMonth() / 3) + 1)
  if (unit === 'month') return BigInt(date.getUTCMonth() + 1)
  if (unit === 'day') return BigInt(date.getUTCDate())
  if (unit === 'dow') return BigInt(date.getUTCDay())
  if (unit === 'isodow') return BigInt(date.getUTCDay() || 7)
  if (unit === 'week') {
    const monday = new Date(`${truncate('week', text)}T00:00:00Z`)
    const thursday = new Date(monday.getTime() + 3 * 86_400_000)
    return BigInt(Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 604_800_000) + 1)
  }
  if (unit === 'doy') return dayNumber(text) - dayNumber(`${text.slice(0, 4)}-01-01`) + 1n
  if (unit === 'isodow') return BigInt(date.getUTCDay() || 7)
  if (unit === 'hour') return BigInt(text.slice(11, 13))
  throw new Error(`not known here: ${unit}`)
}
