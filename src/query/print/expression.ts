import { assert } from '../../base/assert.ts'
import { type Catalogue, type Column, findColumn, findTable } from '../../contract/catalogue.ts'
import { type CallExpression, type ColumnExpression, isNumber } from '../expression.ts'
import { computable, dividend, divisionShift, type Interval, intervalOf, within } from '../interval.ts'
import type { Expression } from '../query.ts'
import { printFunction, printPattern } from './functions.ts'

/**
 * Row expressions as DuckDB text. Every printed expression is total: no value that a row can hold makes the engine raise an error.
 *  - Numbers: columns enter arithmetic clamped to their declared bounds, so intervalOf holds; a step that may leave 2^62 is computed in HUGEINT,
 *    and none leaves 2^120 (parse refuses it). Literals are BIGINT or HUGEINT, never the engine's INTEGER. The divisor 0 gives NULL.
 *  - Calendar: dates outside the years 1 to 9999, infinities among them, become NULL before any function that could overflow on them.
 *  - Texts: comparison, LIKE with a literal pattern without escape, lower, upper, length.
 */
export function printExpression(expression: Expression, catalogue: Catalogue): string {
  if (expression.kind === 'column') return printColumn(expression, catalogue)
  if (expression.kind === 'literal') return printLiteral(expression)
  return printCall(expression, catalogue)
}

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** DuckDB reads a doubled quote as a quote and a backslash as itself. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** A member of a domain, or a literal, in the engine's type. */
export function printValue(value: string | null, type: Expression['type']): string {
  if (value === null || type === 'null') return 'NULL'
  switch (type) {
    case 'integer':
    case 'decimal':
      return integer(BigInt(value))
    case 'boolean':
      return value === 'true' ? 'TRUE' : 'FALSE'
    case 'date':
      return `DATE ${text(value)}`
    case 'timestamp':
      return `TIMESTAMP ${text(value)}`
    default:
      return text(value)
  }
}

export const integer = (value: bigint): string =>
  `CAST(${value} AS ${fits({ low: value, high: value }) ? 'BIGINT' : 'HUGEINT'})`
export const huge = (value: bigint): string => `CAST(${value} AS HUGEINT)`

const small: Interval = { low: -(2n ** 62n), high: 2n ** 62n }
const fits = (interval: Interval): boolean => within(interval, small)

const printLiteral = (expression: Expression & { readonly kind: 'literal' }): string =>
  printValue(expression.value, expression.type)

function declared(expression: ColumnExpression, catalogue: Catalogue): { column: Column; person: boolean } {
  const table = findTable(catalogue, expression.table)
  const column = table && findColumn(table, expression.column)
  assert(table && column, `the query names a declared column: ${expression.table}.${expression.column}`)
  return { column, person: table.kind !== 'public' && (table.personColumn === column.name || column.role === 'person') }
}

/** The stored column as it is; the person key stands as the load's dense number. */
function stored(expression: ColumnExpression, catalogue: Catalogue): string {
  return `${expression.alias}.${declared(expression, catalogue).person ? '_person' : identifier(expression.column)}`
}

/** Catalogues by whose bounds a load has checked every value that is read. */
const checked = new WeakMap<Catalogue, Catalogue>()
const trusted = new WeakSet<Catalogue>()

/**
 * The same catalogue, for a data file whose load set aside every row outside the catalogue's bounds: columns are printed as they are stored, because
 * clamping would change none of them.
 */
export function checkedByLoad(catalogue: Catalogue): Catalogue {
  const known = checked.get(catalogue) ?? { ...catalogue }
  checked.set(catalogue, known)
  trusted.add(known)
  return known
}

function printColumn(expression: ColumnExpression, catalogue: Catalogue): string {
  const raw = stored(expression, catalogue)
  const { column } = declared(expression, catalogue)
  if (trusted.has(catalogue)) return raw
  if (!isNumber(expression) || (column.minimum === undefined && column.maximum === undefined)) return raw
  // LEAST and GREATEST would turn a missing value into a bound.
  const low =
    column.minimum === undefined ? '' : ` WHEN ${raw} < ${integer(column.minimum)} THEN ${integer(column.minimum)}`
  const high =
    column.maximum === undefined ? '' : ` WHEN ${raw} > ${integer(column.maximum)} THEN ${integer(column.maximum)}`
  return `(CASE${low}${high} ELSE ${raw} END)`
}

function printCall(expression: CallExpression, catalogue: Catalogue): string {
  const print = (arg: Expression): string => printExpression(arg, catalogue)
  const { name } = expression
  const [a, b] = expression.args as [Expression, Expression]
  switch (name) {
    case 'and':
    case 'or':
      return `(${expression.args.map(print).join(name === 'and' ? ' AND ' : ' OR ')})`
    case 'not':
      return `(NOT ${print(a)})`
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const [left, right] = comparable(expression.args, catalogue)
      return `(${left} ${name} ${right})`
    }
    case 'between': {
      const [value, low, high] = comparable(expression.args, catalogue)
      return `(${value} BETWEEN ${low} AND ${high})`
    }
    case 'in': {
      const [value, ...members] = comparable(expression.args, catalogue)
      return `(${value} IN (${members.join(', ')}))`
    }
    case 'is_null':
      return `(${a.kind === 'column' ? stored(a, catalogue) : print(a)} IS NULL)`
    case 'is_true':
      return `COALESCE(${print(a)}, FALSE)`
    case 'is_false':
      return `COALESCE(NOT ${print(a)}, FALSE)`
    case 'like':
    case 'ilike':
      return printPattern(name, print(a), b)
    case '+':
    case '-':
    case '*':
      return arithmetic(expression, ` ${name} `, catalogue)
    case 'rescale':
      return `(${widened(a, expression, catalogue)} * ${integer(10n ** BigInt(expression.scale - a.scale))})`
    case 'negate':
      return `(- ${widened(a, expression, catalogue)})`
    case 'abs':
      return `ABS(${widened(a, expression, catalogue)})`
    case '/':
      return division(expression, catalogue)
    case 'case':
      return printCase(expression.args, catalogue)
    case 'coalesce':
    case 'nullif':
    case 'greatest':
    case 'least':
    case 'lower':
    case 'upper':
    case 'length':
      return `${name.toUpperCase()}(${expression.args.map(print).join(', ')})`
    case 'date_trunc':
      return `CAST(date_trunc(${print(a)}, ${guarded(b, catalogue)}) AS DATE)`
    case 'extract':
      return `date_part(${print(a)}, ${guarded(b, catalogue)})`
    case 'to_timestamp':
      return `CAST(${guarded(a, catalogue)} AS TIMESTAMP)`
    default: {
      const printed = printFunction(expression, catalogue)
      assert(printed !== undefined, `every function is printed: ${name}`)
      return printed
    }
  }
}

const isWide = (expression: Expression, args: readonly Expression[], catalogue: Catalogue): boolean =>
  [expression, ...args].some((part) => !fits(intervalOf(part, catalogue)))

/** An operand in the width in which its operation is safe. */
export function widened(arg: Expression, operation: CallExpression, catalogue: Catalogue): string {
  const printed = printExpression(arg, catalogue)
  return isWide(operation, operation.args, catalogue) ? `CAST(${printed} AS HUGEINT)` : printed
}

function arithmetic(expression: CallExpression, operator: string, catalogue: Catalogue): string {
  return `(${expression.args.map((arg) => widened(arg, expression, catalogue)).join(operator)})`
}

/**
 * Rounds half away from zero: sign · floor((2|n| + |d|) / (2|d|)) with n = a · 10^k. The engine's integer division truncates, and its operands
 * are not negative here; |n| and |d| are at most 2^120, so nothing overflows.
 */
function division(expression: CallExpression, catalogue: Catalogue): string {
  const [a, b] = expression.args as [Expression, Expression]
  const shift = divisionShift(expression)
  assert(within(dividend(expression, catalogue), computable), 'parse refused every dividend that leaves 128 bits')
  const n = `(CAST(${printExpression(a, catalogue)} AS HUGEINT) * ${huge(shift)})`
  const d = `CAST(${printExpression(b, catalogue)} AS HUGEINT)`
  return `(SIGN(${n}) * SIGN(${d}) * ((2 * ABS(${n}) + ABS(${d})) // NULLIF(2 * ABS(${d}), 0)))`
}

function printCase(args: readonly Expression[], catalogue: Catalogue): string {
  let printed = '(CASE'
  for (let index = 0; index + 1 < args.length; index += 2)
    printed += ` WHEN ${printExpression(args[index] as Expression, catalogue)} THEN ${printExpression(args[index + 1] as Expression, catalogue)}`
  if (args.length % 2 === 1) printed += ` ELSE ${printExpression(args.at(-1) as Expression, catalogue)}`
  return `${printed} END)`
}

/**
 * Sides of a comparison. A bounded column compared with literals strictly inside its bounds is printed as it is stored: clamping changes no such
 * comparison, and the engine can skip blocks of rows by their extremes.
 */
function comparable(args: readonly Expression[], catalogue: Catalogue): readonly string[] {
  const columns = args.filter((arg) => arg.kind === 'column')
  const plain =
    columns.length === 1 &&
    args.every(
      (arg) =>
        arg.kind === 'column' || (arg.kind === 'literal' && isInside(arg, columns[0] as ColumnExpression, catalogue)),
    )
  return args.map((arg) => (plain && arg.kind === 'column' ? stored(arg, catalogue) : printExpression(arg, catalogue)))
}

function isInside(
  literal: Expression & { readonly kind: 'literal' },
  of: ColumnExpression,
  catalogue: Catalogue,
): boolean {
  if (!isNumber(of) || literal.value === null) return false
  const { column } = declared(of, catalogue)
  const value = BigInt(literal.value)
  return (
    (column.minimum === undefined || value > column.minimum) && (column.maximum === undefined || value < column.maximum)
  )
}

/** Dates and points in time for which the engine's calendar functions are defined; everything else is missing. */
export function guarded(value: Expression, catalogue: Catalogue): string {
  const printed = printExpression(value, catalogue)
  if (value.kind === 'literal') return printed
  const [first, last] =
    value.type === 'date'
      ? ["DATE '0001-01-01'", "DATE '9999-12-31'"]
      : ["TIMESTAMP '0001-01-01 00:00:00'", "TIMESTAMP '9999-12-31 23:59:59.999999'"]
  return `(CASE WHEN ${printed} BETWEEN ${first} AND ${last} THEN ${printed} END)`
}
