import { dayText } from '../../base/instant.ts'
import { type Constant, constantOf, unknown } from '../constant.ts'
import { type ColumnExpression, columnsOf } from '../expression.ts'
import type { Expression } from '../query.ts'
import type { Reading } from './ast.ts'
import { declarationOf } from './columns.ts'

/** Combinations of values that are tried at most. */
const maxTried = 20_000
const maxRange = 1_000n

/**
 * Every value that an expression can have, found by trying all combinations of the values that its columns may have by the contract: declared domains, true and
 * false, whole numbers between declared ends, the days of the declared time span. Undefined where one of them has no such list, or where there are too many.
 */
export function triedMembers(
  expression: Expression,
  domainOf: (column: ColumnExpression) => readonly (string | null)[] | undefined,
  reading: Reading,
): readonly (string | null)[] | undefined {
  if (expression.kind === 'literal' || expression.type === 'decimal' || expression.type === 'timestamp')
    return undefined
  const leaves = new Map(columnsOf(expression).map((column) => [`${column.alias}.${column.column}`, column]))
  const values: (readonly [string, readonly Constant[]])[] = []
  let tried = 1
  for (const [name, column] of leaves) {
    const found = valuesOf(column, expression, domainOf, reading)
    tried *= found?.length ?? Number.POSITIVE_INFINITY
    if (!found || tried > maxTried) return undefined
    values.push([name, found])
  }
  const members = new Set<Constant>()
  const chosen = new Map<string, Constant>()
  const tryAll = (place: number): boolean => {
    const next = values[place]
    if (next)
      return next[1].every((value) => {
        chosen.set(next[0], value)
        return tryAll(place + 1)
      })
    const member = constantOf(expression, (column) => chosen.get(`${column.alias}.${column.column}`) ?? null)
    if (member === unknown) return false
    members.add(member)
    return true
  }
  return tryAll(0) ? inOrder(members) : undefined
}

/** Columns of dates and points in time that the declared span lists. */
export const datesIn = (expression: Expression): readonly ColumnExpression[] =>
  columnsOf(expression).filter(({ type }) => type === 'date' || type === 'timestamp')

function valuesOf(
  column: ColumnExpression,
  inside: Expression,
  domainOf: (column: ColumnExpression) => readonly (string | null)[] | undefined,
  reading: Reading,
): readonly Constant[] | undefined {
  const { column: declared, from } = declarationOf(column, reading)
  const domain = domainOf(column)
  const missing = from.optional || !declared.required ? [null] : []
  // Also a declared domain has no member for the person without a row in what is joined: CASE WHEN times IS NULL … and COALESCE give that one a group.
  if (domain)
    return [
      ...domain.filter((member) => member !== null).map((member) => read(member, column.type)),
      ...(domain.includes(null) ? [null] : missing),
    ]
  const { minimum, maximum } = declared
  if (column.type === 'integer' && minimum !== undefined && maximum !== undefined && maximum - minimum < maxRange)
    return [...Array.from({ length: Number(maximum - minimum) + 1 }, (_, index) => minimum + BigInt(index)), ...missing]
  if (column.type !== 'date' && column.type !== 'timestamp') return undefined
  const { span } = reading.catalogue
  if (!span || declared.role === 'birth_date' || span.to - span.from >= maxTried) return undefined
  const days = Array.from({ length: span.to - span.from + 1 }, (_, index) => dayText(span.from + index))
  if (column.type === 'date') return [...days, ...missing]
  const hours = readsHours(inside) ? Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')) : ['00']
  return [...days.flatMap((day) => hours.map((hour) => `${day} ${hour}:00:00`)), ...missing]
}

const readsHours = (expression: Expression): boolean =>
  expression.kind === 'call' &&
  ((expression.name === 'extract' && expression.args[0]?.kind === 'literal' && expression.args[0].value === 'hour') ||
    expression.args.some(readsHours))

function read(member: string | null, type: Expression['type']): Constant {
  if (member === null) return null
  if (type === 'integer' || type === 'decimal') return BigInt(member)
  return type === 'boolean' ? member === 'true' : member
}

/** Numbers and dates by their size, texts as they were met; a missing value last. */
function inOrder(members: ReadonlySet<Constant>): readonly (string | null)[] {
  const present = [...members].filter((member) => member !== null)
  const sorted = present.every((member) => typeof member === 'bigint')
    ? [...(present as bigint[])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    : present
  return [...sorted.map(String), ...(members.has(null) ? [null] : [])]
}
