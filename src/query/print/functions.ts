import type { Catalogue } from '../../contract/catalogue.ts'
import type { CallExpression } from '../expression.ts'
import { intervalOf } from '../interval.ts'
import type { Expression } from '../query.ts'
import { guarded, huge, integer, printExpression, text, widened } from './expression.ts'

/**
 * Functions of numbers, texts and dates beyond plain operators, as DuckDB text; undefined when the function is none of them.
 * Total like everything printed: what could fail is guarded by the shape of the text or by the calendar's range.
 */
export function printFunction(expression: CallExpression, catalogue: Catalogue): string | undefined {
  const { name, args } = expression
  const print = (arg: Expression): string => printExpression(arg, catalogue)
  const [a, b] = args as [Expression, Expression]
  switch (name) {
    case 'floor':
    case 'ceil':
    case 'round':
    case 'trunc':
      return coarser(expression, catalogue)
    case 'mod': {
      const [x, y] = args.map((arg) => widened(arg, expression, catalogue)) as [string, string]
      return `(${x} % NULLIF(${y}, 0))`
    }
    case 'sign':
      return `CAST(SIGN(${print(a)}) AS BIGINT)`
    case 'width_bucket':
      return bucket(args, catalogue)
    case 'trim':
    case 'ltrim':
    case 'rtrim':
    case 'replace':
    case 'starts_with':
    case 'split_part':
      return `${name}(${args.map(print).join(', ')})`
    case 'left':
    case 'right':
    case 'substring':
      return `${name}(${args.map(print).join(', ')})`
    case 'position':
      return `strpos(${print(a)}, ${print(b)})`
    case 'lpad':
    case 'rpad':
      return `${name}(${print(a)}, CAST(${(b as { value?: string }).value} AS INTEGER), ${print(args[2] as Expression)})`
    case 'seconds_between':
      return `date_diff('microsecond', ${guarded(b, catalogue)}, ${guarded(a, catalogue)})`
    case 'text_to_decimal':
      return decimalOf(print(a))
    case 'concat':
      return `(${args.map(print).join(' || ')})`
    case 'to_date':
      return `CAST(${guarded(a, catalogue)} AS DATE)`
    case 'add_days':
      return addDays(expression, catalogue)
    case 'add_months':
      return `CAST(${guarded(a, catalogue)} + INTERVAL (${(b as { value?: string }).value}) MONTH AS ${a.type === 'date' ? 'DATE' : 'TIMESTAMP'})`
    case 'days_between':
      return `date_diff('day', ${guarded(b, catalogue)}, ${guarded(a, catalogue)})`
    case 'text_to_integer':
      return `(CASE WHEN regexp_full_match(${print(a)}, '[+-]?[0-9]{1,18}') THEN CAST(${print(a)} AS BIGINT) END)`
    case 'text_to_date':
      return `(CASE WHEN regexp_full_match(${print(a)}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST(${print(a)} AS DATE) END)`
    case 'to_text':
      if (a.scale > 0) return decimalTextOf(`CAST(${print(a)} AS HUGEINT)`, a.scale)
      return `CAST(${a.type === 'date' ? guarded(a, catalogue) : print(a)} AS VARCHAR)`
    default:
      return undefined
  }
}

/**
 * LIKE in time that grows with the text as with its square at most, whatever the text is: one row must not be able to hold up an answer. The engine matches a
 * pattern without _ part by part; but with _, and always in its ILIKE, it tries every place for every %, which on one long text takes for ever. Those patterns
 * become a regular expression, which the engine (RE2) matches without going back.
 */
export function printPattern(name: 'like' | 'ilike', value: string, pattern: Expression): string {
  const shape = (pattern.kind === 'literal' && pattern.value) || ''
  const fold = (printed: string) => (name === 'like' ? printed : `lower(${printed})`)
  if (!shape.includes('_')) return `(${fold(value)} LIKE ${fold(text(shape))})`
  const expression = [...shape].map((sign) => wildcards[sign] ?? sign.replace(/[!-/:-@[-`{-~]/, '\\$&')).join('')
  return `regexp_full_match(${fold(value)}, ${fold(text(`(?s)${expression}`))})`
}

const wildcards: Readonly<Record<string, string>> = { '%': '.*', _: '.' }

/** In units of 10^-9; the digits before and behind the point put side by side, as 128 bits hold them. */
function decimalOf(text: string): string {
  const digits = `split_part(${text}, '.', 1) || rpad(split_part(${text}, '.', 2), 9, '0')`
  return `(CASE WHEN regexp_full_match(${text}, '[+-]?([0-9]{1,18}([.][0-9]{0,9})?|[.][0-9]{1,9})') THEN CAST(${digits} AS HUGEINT) END)`
}

/** With as many decimals as the grid has, as PostgreSQL writes a NUMERIC of that scale. */
function decimalTextOf(value: string, scale: number): string {
  const grid = huge(10n ** BigInt(scale))
  const [whole, rest] = [`CAST(ABS(${value}) // ${grid} AS VARCHAR)`, `CAST(ABS(${value}) % ${grid} AS VARCHAR)`]
  return `((CASE WHEN ${value} < 0 THEN '-' ELSE '' END) || ${whole} || '.' || lpad(${rest}, ${scale}, '0'))`
}

/** To a coarser grid: the engine's integer division truncates towards zero, its remainder has the dividend's sign. */
function coarser(expression: CallExpression, catalogue: Catalogue): string {
  const [a] = expression.args as [Expression]
  const grid = 10n ** BigInt(a.scale - expression.scale)
  const x = widened(a, expression, catalogue)
  const g = integer(grid)
  switch (expression.name) {
    case 'floor':
      return `((${x} // ${g}) - (CASE WHEN ${x} % ${g} < 0 THEN 1 ELSE 0 END))`
    case 'ceil':
      return `((${x} // ${g}) + (CASE WHEN ${x} % ${g} > 0 THEN 1 ELSE 0 END))`
    case 'round':
      return `((${x} // ${g}) + (CASE WHEN 2 * ABS(${x} % ${g}) >= ${g} THEN SIGN(${x}) ELSE 0 END))`
    default:
      return `(${x} // ${g})`
  }
}

function bucket(args: readonly Expression[], catalogue: Catalogue): string {
  const [x, low, high, count] = args as [Expression, Expression, Expression, Expression]
  const [value, from, to, n] = [x, low, high, count].map((arg) => printExpression(arg, catalogue))
  const inside = `CAST(((CAST(${value} AS HUGEINT) - ${from}) * ${n}) // (${to} - ${from}) + 1 AS BIGINT)`
  return `(CASE WHEN ${value} < ${from} THEN CAST(0 AS BIGINT) WHEN ${value} >= ${to} THEN ${n} + 1 ELSE ${inside} END)`
}

const mostDays = 3_700_000n

/** Whole days added within the engine's calendar, which is far wider than the years 1 to 9999; more days than those years have are missing. */
function addDays(expression: CallExpression, catalogue: Catalogue): string {
  const [date, days] = expression.args as [Expression, Expression]
  const start = guarded(date, catalogue)
  const count = printExpression(days, catalogue)
  const { low, high } = intervalOf(days, catalogue)
  const safe =
    low >= -mostDays && high <= mostDays
      ? count
      : `(CASE WHEN ${count} BETWEEN ${integer(-mostDays)} AND ${integer(mostDays)} THEN ${count} END)`
  return date.type === 'date'
    ? `(${start} + CAST(${safe} AS INTEGER))`
    : `(${start} + to_days(CAST(${safe} AS INTEGER)))`
}
