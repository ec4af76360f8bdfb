import type { Json } from '../base/canonical.ts'
import { canonical } from '../base/canonical.ts'
import type { Position } from '../base/refusal.ts'
import type { ColumnType } from '../contract/catalogue.ts'
import type { Expression } from './query.ts'

/**
 * The functions of a row expression. All are total: whatever the row holds they give a value or null, never an error.
 *
 * and or not = <> < <= > >= in is_null is_true is_false like ilike between · + - * negate abs rescale (times a power of ten) ·
 * `/`: null when the divisor is 0, rounded half away from zero to the grid of its result · case (condition, result, …, else when odd) ·
 * coalesce nullif greatest least (missing arguments of the last two are skipped, as in PostgreSQL) · lower upper length ·
 * date_trunc (unit, x → date) extract (unit, x → integer) to_timestamp (midnight of a date) to_date (the day of a point in time) ·
 * add_days (date, number) add_months (date or timestamp, literal number) days_between (later, earlier) ·
 * floor ceil round trunc (to the grid of the result; round: halves away from zero) mod (sign of the dividend, null for 0) sign
 * width_bucket (x, low, high, n) · trim ltrim rtrim (text, characters) substring (text, from, length?) left right position (text, part)
 * starts_with replace concat split_part (text, separator, part from 1) lpad rpad (text, length, fill) · text_to_integer (digits with a sign, else null)
 * text_to_decimal (digits with a sign and a point, else null; nine decimals) text_to_date (YYYY-MM-DD, else null) to_text ·
 * seconds_between (later, earlier point in time; six decimals).
 */
export type RowFunction =
  | 'and'
  | 'or'
  | 'not'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'between'
  | 'in'
  | 'is_null'
  | 'is_true'
  | 'is_false'
  | 'like'
  | 'ilike'
  | '+'
  | '-'
  | '*'
  | '/'
  | 'negate'
  | 'abs'
  | 'rescale'
  | 'case'
  | 'coalesce'
  | 'nullif'
  | 'greatest'
  | 'least'
  | 'lower'
  | 'upper'
  | 'length'
  | 'date_trunc'
  | 'extract'
  | 'to_timestamp'
  | 'to_date'
  | 'add_days'
  | 'add_months'
  | 'days_between'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'trunc'
  | 'mod'
  | 'sign'
  | 'width_bucket'
  | 'trim'
  | 'ltrim'
  | 'rtrim'
  | 'substring'
  | 'left'
  | 'right'
  | 'position'
  | 'starts_with'
  | 'replace'
  | 'concat'
  | 'text_to_integer'
  | 'text_to_decimal'
  | 'split_part'
  | 'lpad'
  | 'rpad'
  | 'seconds_between'
  | 'text_to_date'
  | 'to_text'

export type ExpressionType = ColumnType | 'null'
export type CallExpression = Extract<Expression, { kind: 'call' }>
export type LiteralExpression = Extract<Expression, { kind: 'literal' }>
export type ColumnExpression = Extract<Expression, { kind: 'column' }>

export const isNumber = (expression: { readonly type: ExpressionType }): boolean =>
  expression.type === 'integer' || expression.type === 'decimal'

export const call = (
  name: RowFunction,
  args: readonly Expression[],
  type: ExpressionType,
  scale = 0,
  at?: Position,
): CallExpression => ({ kind: 'call', name, args, type, scale, ...(at ? { at } : {}) })

export const literal = (value: string | null, type: ExpressionType, scale = 0, at?: Position): LiteralExpression => ({
  kind: 'literal',
  value,
  type,
  scale,
  ...(at ? { at } : {}),
})

/** The same number in units of 10^-scale; scale must not be coarser than the expression's own. Exact. */
export function rescale(expression: Expression, scale: number): Expression {
  if (expression.scale === scale || !isNumber(expression)) return expression
  const type = 'decimal'
  if (expression.kind === 'literal' && expression.value !== null)
    return {
      ...expression,
      type,
      scale,
      value: `${BigInt(expression.value) * 10n ** BigInt(scale - expression.scale)}`,
    }
  return call('rescale', [expression], type, scale, expression.at)
}

/** Every column that an expression reads. */
export function columnsOf(expression: Expression): readonly ColumnExpression[] {
  if (expression.kind === 'column') return [expression]
  return expression.kind === 'call' ? expression.args.flatMap(columnsOf) : []
}

const twicePrinted: readonly string[] = [
  'extract',
  'date_trunc',
  'to_timestamp',
  'to_date',
  'add_days',
  'add_months',
  'days_between',
  'floor',
  'ceil',
  'round',
  'width_bucket',
  'text_to_integer',
  'text_to_decimal',
  'text_to_date',
  'to_text',
  'seconds_between',
]

/** How large the printed text becomes, in names and signs: guarded functions print an argument more than once. */
export function printedSize(expression: Expression): number {
  if (expression.kind !== 'call') return 1
  const sizes = expression.args.map(printedSize)
  const [first = 0, second = 0] = sizes
  if (expression.name === '/') return 2 * first + 3 * second + 4
  if (twicePrinted.includes(expression.name)) return 3 * sizes.reduce((sum, size) => sum + size, 0) + 4
  return sizes.reduce((sum, size) => sum + size, 1)
}

/**
 * One form for expressions that mean the same whatever the row: AND and OR flattened, sorted and without repetition, operands of = <> + *
 * sorted, > written as <, IN lists sorted without repetition. Only total functions occur, so order and repetition have no effect.
 */
export function formOf(expression: Expression): Json {
  if (expression.kind === 'column') return ['column', expression.alias, expression.column]
  if (expression.kind === 'literal') return ['literal', expression.type, expression.scale, expression.value]
  const { name, type, scale, args } = expression
  if (name === 'and' || name === 'or') {
    const forms = unique(flatten(expression, name).map(formOf))
    return forms.length === 1 ? (forms[0] as Json) : [name, ...forms]
  }
  const forms = args.map(formOf)
  if (name === '>' || name === '>=') return [name === '>' ? '<' : '<=', ...forms.reverse()]
  if (name === '<' || name === '<=') return [name, ...forms]
  if (name === 'in') {
    const members = unique(forms.slice(1))
    return members.length === 1
      ? ['=', ...sorted([forms[0] as Json, members[0] as Json])]
      : ['in', forms[0] as Json, ...members]
  }
  if (name === '=' || name === '<>') return [name, ...sorted(forms)]
  if (name === '+' || name === '*') return [name, scale, ...sorted(forms)]
  return [name, type, scale, ...forms]
}

export const sameExpression = (a: Expression, b: Expression): boolean => canonical(formOf(a)) === canonical(formOf(b))

export const sorted = (forms: readonly Json[]): Json[] =>
  forms
    .map((form) => ({ form, text: canonical(form) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ form }) => form)

export function unique(forms: readonly Json[]): Json[] {
  const seen = new Set<string>()
  return sorted(forms).filter((form) => {
    const text = canonical(form)
    return !seen.has(text) && seen.add(text)
  })
}

const flatten = (expression: Expression, name: string): readonly Expression[] =>
  expression.kind === 'call' && expression.name === name
    ? expression.args.flatMap((arg) => flatten(arg, name))
    : [expression]
