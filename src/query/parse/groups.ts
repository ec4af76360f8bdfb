import { dayText } from '../../base/instant.ts'
import type { Position } from '../../base/refusal.ts'
import type { Day } from '../../base/units.ts'
import type { ColumnType } from '../../contract/catalogue.ts'
import {
  type CallExpression,
  type ColumnExpression,
  call,
  columnsOf,
  isNumber,
  literal,
  sameExpression,
} from '../expression.ts'
import { calendarRange, caseResults, intervalOf } from '../interval.ts'
import type { Expression, GroupKey, Source } from '../query.ts'
import { type Reading, type ScopeTable, stop } from './ast.ts'
import { declarationOf } from './columns.ts'
import { datesIn, triedMembers } from './members.ts'
import { midnight } from './types.ts'

export const maxCells = 100_000
const maxDomain = 10_000
const maxRange = 1_000n

type Domain = readonly (string | null)[]

/**
 * A group key: with its public domain, known without looking at data, or open. Refuses query.group_key_not_declared where there is no domain and the
 * contract forbids open groups of a column. The expression of the key may differ from the one asked for: where the domain follows from the declared
 * span, rows outside the span are given no group.
 */
export function readGroupKey(
  name: string,
  asked: Expression,
  at: Position,
  reading: Reading,
  around: { readonly tables: Source['tables']; readonly listed: Domain | undefined },
): GroupKey {
  if (asked.type === 'null') stop('query.group_key_not_declared', 'NULL is no group key', at, groupHint(asked, reading))
  const named = asked.type === 'decimal' || asked.type === 'timestamp' ? undefined : publicDomain(asked, reading)
  const known = named ?? around.listed
  const domain = known && known.length <= maxDomain ? known : openDomain(asked, at, reading)
  const expression = domain ? inside(asked, domain, reading) : asked
  const personal = personalAliases(around.tables, reading)
  const perPerson = columnsOf(expression).every((column) => personal.has(column.alias))
  return { name, expression, type: asked.type as ColumnType, domain, perPerson }
}

/** Rows outside what the domain follows from are given no group. */
const inside = (asked: Expression, domain: Domain, reading: Reading): Expression =>
  isSpanned(asked) ? insideSpan(asked, [asked.args[1] as Expression], reading) : triedInside(asked, domain, reading)

/** Nothing: any value that people's rows hold may become a group. Refuses where the steward keeps a column out of that. */
function openDomain(asked: Expression, at: Position, reading: Reading): undefined {
  const closed = columnsOf(asked).find((column) => declarationOf(column, reading).column.openGroups === false)
  if (closed)
    stop(
      'query.group_key_not_declared',
      `this group key has no public, declared domain, and the contract lets nobody group by whatever "${closed.column}" holds`,
      at,
      groupHint(asked, reading),
    )
}

/** The public domain of an expression, also where it follows from the declared span; undefined when there is none. */
export function publicDomain(expression: Expression, reading: Reading): Domain | undefined {
  if (isSpanned(expression)) return spanDomain(expression, reading)
  const follows = domainOf(expression, reading)
  if (follows && !isChosen(expression)) return follows
  const tried = triedMembers(expression, (column) => columnDomain(column, reading), reading)
  if (!follows) return tried
  return tried ? follows.filter((member) => tried.includes(member)) : follows
}

/** A choice among texts, of which conditions may leave fewer than its results have: CASE WHEN country IN ('a', 'b') THEN country ELSE 'other' END. */
const isChosen = (expression: Expression): boolean =>
  expression.kind === 'call' && expression.type === 'text' && ['case', 'coalesce', 'nullif'].includes(expression.name)

/**
 * Tables of which all rows of one person show the same row, or all show none: a key of their columns puts a person into one group.
 *  - One row a person: the first table; one that is joined INNER, as rows without it are gone; one that is joined LEFT when nothing in the condition differs from
 *    row to row, which are the person key of a table that every row has, and columns of such tables as these.
 *  - Public tables joined by columns of such tables alone.
 */
function personalAliases(tables: Source['tables'], reading: Reading): ReadonlySet<string> {
  const personal = new Set<string>()
  const scopes = [...reading.tables, ...reading.hidden.map(({ scope }) => scope)]
  for (const { alias, join } of [...tables, ...reading.hidden.map(({ joined }) => joined)]) {
    const kind = scopes.find((scope) => scope.alias === alias)?.table.kind
    const others = join ? columnsOf(join.on).filter((column) => column.alias !== alias) : []
    const isSteady = (column: ColumnExpression): boolean =>
      personal.has(column.alias) || scopes.some((scope) => !scope.optional && isPersonOf(column, scope))
    if (kind === 'persons' && (join?.type !== 'left' || others.every(isSteady))) personal.add(alias)
    if (kind === 'public' && join && others.every((column) => personal.has(column.alias))) personal.add(alias)
  }
  return personal
}

const isPersonOf = (column: ColumnExpression, { alias, table }: ScopeTable): boolean =>
  table.kind !== 'public' &&
  column.alias === alias &&
  (table.personColumn === column.column ||
    table.columns.some((one) => one.name === column.column && one.role === 'person'))

/** The members of `key IN (…)` among the conditions that every row meets: no row has another key. */
export function listedIn(where: Expression | undefined, key: Expression): Domain | undefined {
  if (where?.kind !== 'call') return undefined
  if (where.name === 'and') return where.args.map((part) => listedIn(part, key)).find((found) => found !== undefined)
  const [of, ...members] = where.args
  if ((where.name !== 'in' && where.name !== '=') || !of || !sameExpression(of, key)) return undefined
  const literals = members.flatMap((member) => (member.kind === 'literal' ? [member.value] : []))
  return literals.length === members.length ? [...new Set(literals)] : undefined
}

/** Members in declared order, null (a missing value) last; undefined when the domain is not public. */
function domainOf(expression: Expression, reading: Reading): Domain | undefined {
  if (expression.kind === 'literal') return [expression.value]
  if (expression.kind === 'column') return columnDomain(expression, reading)
  switch (expression.name) {
    case 'case':
      return union([
        ...caseResults(expression.args).map((result) => domainOf(result, reading)),
        ...(expression.args.length % 2 === 0 ? [[null]] : []),
      ])
    case 'coalesce':
      return coalesced(expression.args.map((arg) => domainOf(arg, reading)))
    case 'nullif':
      return union([domainOf(expression.args[0] as Expression, reading), [null]])
    case 'extract':
      return extractDomain(expression, reading)
    case 'floor':
    case 'ceil':
    case 'round':
    case 'trunc':
    case 'mod':
    case 'sign':
    case 'width_bucket':
      return rangeDomain(expression, reading)
    case '+':
    case '-':
    case '*':
      return mapped(expression, reading)
    case 'to_text':
      return domainOf(expression.args[0] as Expression, reading)
    default:
      return expression.type === 'boolean' ? truth(expression, reading) : undefined
  }
}

/** Every whole number that the function can give, by the declared bounds of what it is given. */
function rangeDomain(expression: CallExpression, reading: Reading): Domain | undefined {
  const { low, high } = intervalOf(expression, reading.catalogue)
  if (expression.scale !== 0 || high - low >= maxRange) return undefined
  const members = numbers(Number(low), Number(high))
  return mayBeMissing(expression, reading) ? [...members, null] : members
}

/** A key of whole numbers to which a literal is added, or by which it is multiplied: FLOOR(age / 10) * 10. */
function mapped(expression: CallExpression, reading: Reading): Domain | undefined {
  const [a, b] = expression.args as [Expression, Expression]
  const [of, by] = b.kind === 'literal' ? [a, b] : [b, a]
  if (expression.type !== 'integer' || by.kind !== 'literal' || by.value === null) return undefined
  const literalSide = BigInt(by.value)
  const apply = (member: bigint): bigint => {
    if (expression.name === '+') return member + literalSide
    if (expression.name === '*') return member * literalSide
    return of === a ? member - literalSide : literalSide - member
  }
  return union([domainOf(of, reading)?.map((member) => (member === null ? null : `${apply(BigInt(member))}`))])
}

function columnDomain(expression: ColumnExpression, reading: Reading): Domain | undefined {
  const { column, from } = declarationOf(expression, reading)
  const members = column.domain ?? (column.type === 'boolean' ? ['true', 'false'] : undefined)
  if (!members) return undefined
  const missing = column.domainHasNull === true || (column.domain === undefined && (from.optional || !column.required))
  return missing ? [...members, null] : members
}

const truth = (expression: Expression, reading: Reading): Domain =>
  mayBeMissing(expression, reading) ? ['true', 'false', null] : ['true', 'false']

/** False only when the expression gives a value for every row. */
export function mayBeMissing(expression: Expression, reading: Reading): boolean {
  if (expression.kind === 'literal') return expression.value === null
  if (expression.kind === 'column') {
    const { from, column } = declarationOf(expression, reading)
    return from.optional || !column.required
  }
  const missing = expression.args.map((arg) => mayBeMissing(arg, reading))
  switch (expression.name) {
    case 'is_null':
    case 'is_true':
    case 'is_false':
      return false
    case 'coalesce':
    case 'greatest':
    case 'least':
      return missing.every(Boolean)
    case 'nullif':
    case '/':
    case 'text_to_integer':
    case 'text_to_decimal':
    case 'text_to_date':
      return true
    case 'mod': {
      const divisor = intervalOf(expression.args[1] as Expression, reading.catalogue)
      return missing.some(Boolean) || (divisor.low <= 0n && divisor.high >= 0n)
    }
    case 'case':
      return (
        expression.args.length % 2 === 0 || caseResults(expression.args).some((result) => mayBeMissing(result, reading))
      )
    default:
      return missing.some(Boolean)
  }
}

function union(domains: readonly (Domain | undefined)[]): Domain | undefined {
  if (domains.some((domain) => domain === undefined)) return undefined
  const members = [...new Set(domains.flatMap((domain) => domain as Domain))]
  return members.includes(null) ? [...members.filter((member) => member !== null), null] : members
}

/** Missing only when the last alternative may be. */
function coalesced(domains: readonly (Domain | undefined)[]): Domain | undefined {
  const all = union(domains)
  return domains.every((domain) => domain?.includes(null)) ? all : all?.filter((member) => member !== null)
}

function extractDomain(expression: CallExpression, reading: Reading): Domain | undefined {
  const value = expression.args[1] as Expression
  const range = calendarRange[unitOf(expression)]
  if (!range || unitOf(expression) === 'year') return undefined
  const members = numbers(range[0], range[1])
  return mayBeMissing(value, reading) ? [...members, null] : members
}

const isSpanned = (asked: Expression): asked is CallExpression =>
  asked.kind === 'call' && (asked.name === 'date_trunc' || (asked.name === 'extract' && unitOf(asked) === 'year'))

const unitOf = (expression: CallExpression): string => {
  const [unit] = expression.args
  return unit?.kind === 'literal' ? (unit.value ?? '') : ''
}

/** DATE_TRUNC and years over the declared span of the data; a person's birth date lies elsewhere. */
function spanDomain(asked: CallExpression, reading: Reading): Domain | undefined {
  const { span } = reading.catalogue
  const born = columnsOf(asked).some((column) => declarationOf(column, reading).column.role === 'birth_date')
  if (!span || born) return undefined
  if (asked.name === 'extract') return numbers(yearOf(span.from), yearOf(span.to))
  return periodsOf(unitOf(asked), span)
}

/** Where the days of the span made the domain, what lies outside has no group either, unless missing values have one. */
function triedInside(asked: Expression, domain: Domain, reading: Reading): Expression {
  const dates = datesIn(asked)
  const listed = reading.catalogue.span !== undefined && dates.length > 0 && !domainOf(asked, reading)
  return listed && !domain.includes(null) ? insideSpan(asked, dates, reading) : asked
}

/** CASE WHEN the dates are within the span THEN key END: what lies outside has no group. */
function insideSpan(asked: Expression, dates: readonly Expression[], reading: Reading): Expression {
  const span = reading.catalogue.span as Span
  const conditions = dates.flatMap((value) => {
    const edge = (day: Day): Expression => {
      const date = literal(dayText(day), 'date')
      return value.type === 'timestamp' ? midnight(date) : date
    }
    return [call('>=', [value, edge(span.from)], 'boolean'), call('<', [value, edge(span.to + 1)], 'boolean')]
  })
  return call('case', [call('and', conditions, 'boolean'), asked], asked.type, 0, asked.at)
}

interface Span {
  readonly from: Day
  readonly to: Day
}

/** First days of the weeks (Monday), months, quarters or years that the span touches. */
function periodsOf(unit: string, span: Span): Domain {
  if (unit === 'day') return every(span.from, span.to, 1)
  // 1970-01-01 was a Thursday: three days after a Monday.
  if (unit === 'week') return every(span.from - ((((span.from + 3) % 7) + 7) % 7), span.to, 7)
  const step = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12
  const first = Math.floor(monthOf(span.from) / step)
  const last = Math.floor(monthOf(span.to) / step)
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const month = (first + index) * step
    return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`
  })
}

const every = (from: Day, to: Day, step: number): Domain =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => dayText(from + index * step))
const yearOf = (day: Day): number => Number(dayText(day).slice(0, 4))
const monthOf = (day: Day): number => yearOf(day) * 12 + Number(dayText(day).slice(5, 7)) - 1
const numbers = (from: number, to: number): Domain =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`)

function groupHint(asked: Expression, reading: Reading): string {
  if (isSpanned(asked) && !reading.catalogue.span)
    return 'the contract declares no time span; group by EXTRACT(month FROM …) or by CASE'
  if (asked.type === 'date' || asked.type === 'timestamp')
    return "group by DATE_TRUNC('month', …), or by CASE WHEN … THEN 'band' END"
  if (isNumber(asked)) return "group by bands: CASE WHEN … < 10 THEN 'below 10' ELSE '10 and more' END"
  const declared = reading.tables.flatMap((from) =>
    from.table.columns.filter((column) => column.domain && column.offered).map((column) => column.name),
  )
  return `group by CASE WHEN … THEN 'a' ELSE 'b' END${declared.length > 0 ? `, or by a column with a declared domain: ${declared.slice(0, 5).join(', ')}` : ''}`
}
