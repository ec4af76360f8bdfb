import type { CallExpression } from './expression.ts'
import { divisionShift } from './interval.ts'
import type { Expression } from './query.ts'

/** A value as parse computes with it: numbers in grid units, dates and points in time as texts. */
export type Constant = bigint | string | boolean | null

/** Stands for what is not computed here: the engine knows more than this file. */
export const unknown = Symbol('unknown')
type Known = Constant | typeof unknown

/**
 * What an expression gives when its columns have the values given, wherever parse can say so for certain; `unknown` for everything else. Used to list the
 * members of a public domain. A mistake here costs rows their group and never anybody's privacy: the domain stays a public list.
 */
export function constantOf(expression: Expression, column: (of: Expression & { kind: 'column' }) => Known): Known {
  if (expression.kind === 'literal') return literalValue(expression)
  if (expression.kind === 'column') return column(expression)
  const args = expression.args.map((arg) => constantOf(arg, column))
  if (args.includes(unknown)) return unknown
  return compute(expression, args as readonly Constant[])
}

function literalValue({ value, type }: Expression & { kind: 'literal' }): Constant {
  if (value === null) return null
  if (type === 'integer' || type === 'decimal') return BigInt(value)
  return type === 'boolean' ? value === 'true' : value
}

function compute(call: CallExpression, args: readonly Constant[]): Known {
  const [a, b, c] = args
  switch (call.name) {
    case 'and':
    case 'or': {
      const deciding = call.name === 'or'
      return args.includes(deciding) ? deciding : args.includes(null) ? null : !deciding
    }
    case 'is_null':
      return a === null
    case 'is_true':
      return a === true
    case 'is_false':
      return a === false
    case 'coalesce':
      return args.find((one) => one !== null) ?? null
    case 'nullif':
      return a === b ? null : (a as Constant)
    case 'greatest':
    case 'least': {
      const present = args.filter((one) => one !== null) as bigint[]
      const up = call.name === 'greatest'
      return present.reduce<bigint | null>(
        (best, one) => (best === null || (up ? one > best : one < best) ? one : best),
        null,
      )
    }
    case 'case': {
      for (let index = 0; index + 1 < args.length; index += 2)
        if (args[index] === true) return args[index + 1] as Constant
      return args.length % 2 === 1 ? (args.at(-1) as Constant) : null
    }
    default:
      return args.includes(null) ? null : strict(call, [a, b, c] as never, args as never)
  }
}

/** Functions that give a missing value whenever they are given one. */
function strict(call: CallExpression, values: readonly [never, never, never], args: readonly never[]): Known {
  const [a, b, c] = values as unknown as readonly [bigint, bigint, bigint]
  const [text, part] = values as unknown as readonly [string, string]
  switch (call.name) {
    case 'not':
      return !a
    case '=':
      return a === b
    case '<>':
      return a !== b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    case 'between':
      return a >= b && a <= c
    case 'in':
      return args.slice(1).includes(a as never)
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return b === 0n ? null : halfAway(a * divisionShift(call), b)
    case 'negate':
      return -a
    case 'abs':
      return a < 0n ? -a : a
    case 'rescale':
      return a * gridBetween(call.scale, scaleOf(call))
    case 'floor':
      return floored(a, gridBetween(scaleOf(call), call.scale))
    case 'ceil':
      return -floored(-a, gridBetween(scaleOf(call), call.scale))
    case 'trunc':
      return a / gridBetween(scaleOf(call), call.scale)
    case 'round':
      return halfAway(a, gridBetween(scaleOf(call), call.scale))
    case 'mod':
      return b === 0n ? null : a % b
    case 'sign':
      return a > 0n ? 1n : a < 0n ? -1n : 0n
    case 'width_bucket': {
      const n = args[3] as unknown as bigint
      return a < b ? 0n : a >= c ? n + 1n : ((a - b) * n) / (c - b) + 1n
    }
    case 'lower':
      return isPlain(text) ? text.toLowerCase() : unknown
    case 'upper':
      return isPlain(text) ? text.toUpperCase() : unknown
    case 'length':
      return BigInt([...text].length)
    case 'left':
      return [...text].slice(0, Number(b)).join('')
    case 'right':
      return b === 0n ? '' : [...text].slice(-Number(b)).join('')
    case 'substring': {
      const start = Number(b) - 1
      return [...text].slice(start, args.length > 2 ? start + Number(c) : undefined).join('')
    }
    case 'replace':
      return text.split(part).join(args[2] as unknown as string)
    case 'starts_with':
      return text.startsWith(part)
    case 'split_part':
      return text.split(part)[Number(c) - 1] ?? ''
    case 'concat':
      return args.join('')
    case 'to_text':
      return call.args[0]?.type === 'integer' || call.args[0]?.type === 'text' || call.args[0]?.type === 'date'
        ? String(a)
        : unknown
    case 'to_date':
      return text.slice(0, 10)
    case 'to_timestamp':
      return `${text} 00:00:00`
    case 'extract':
      return field(text, part)
    case 'date_trunc':
      return truncated(text, part)
    default:
      return unknown
  }
}

const isPlain = (text: string): boolean => /^[ -~]*$/.test(text)
const scaleOf = (call: CallExpression): number => call.args[0]?.scale ?? 0
const gridBetween = (finer: number, coarser: number): bigint => 10n ** BigInt(finer - coarser)
const floored = (a: bigint, grid: bigint): bigint => (a % grid < 0n ? a / grid - 1n : a / grid)

function halfAway(n: bigint, d: bigint): bigint {
  const [x, y] = [n < 0n ? -n : n, d < 0n ? -d : d]
  const rounded = (2n * x + y) / (2n * y)
  return n < 0n !== d < 0n ? -rounded : rounded
}

const dateOf = (text: string): Date => new Date(`${text.slice(0, 10)}T00:00:00Z`)

function field(unit: string, text: string): Known {
  const date = dateOf(text)
  const month = date.getUTCMonth()
  switch (unit) {
    case 'year':
      return BigInt(date.getUTCFullYear())
    case 'quarter':
      return BigInt(Math.floor(month / 3) + 1)
    case 'month':
      return BigInt(month + 1)
    case 'day':
      return BigInt(date.getUTCDate())
    case 'dow':
      return BigInt(date.getUTCDay())
    case 'isodow':
      return BigInt(date.getUTCDay() || 7)
    case 'doy':
      return BigInt(Math.round((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1)
    case 'week':
      return isoWeek(date)
    case 'hour':
      return BigInt(text.slice(11, 13))
    default:
      return unknown
  }
}

/** The week of the year in which its Thursday lies. */
function isoWeek(date: Date): bigint {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000)
  return BigInt(Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 604_800_000) + 1)
}

function truncated(unit: string, text: string): Known {
  const date = dateOf(text)
  if (unit === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  if (unit === 'month' || unit === 'quarter' || unit === 'year') date.setUTCDate(1)
  if (unit === 'quarter') date.setUTCMonth(Math.floor(date.getUTCMonth() / 3) * 3)
  if (unit === 'year') date.setUTCMonth(0)
  return date.toISOString().slice(0, 10)
}
