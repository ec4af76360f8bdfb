import { canonical } from '../../base/canonical.ts'
import { type Position, Refused } from '../../base/refusal.ts'
import { formOf } from '../expression.ts'
import type { Expression, GroupKey, NoisyExpression, NoisyFunction } from '../query.ts'
import { isAggregate, type Measures, readAggregate } from './aggregates.ts'
import {
  listOf,
  maxDepth,
  type Node,
  namesOf,
  nodeOf,
  notSupported,
  onlyFields,
  placeOf,
  type Reading,
  stop,
} from './ast.ts'
import { findReference, isColumnName } from './columns.ts'
import { readConstant } from './literals.ts'
import { readCase, readCast, readFunction } from './released.ts'
import { readRow } from './rows.ts'

/** Members are compared one by one after the noise. */
const maxListLength = 100

/** Types of released values: numbers are exact decimals; dates compare as their texts do. */
export type NoisyType = 'number' | 'text' | 'boolean' | 'date' | 'null'
export interface Typed {
  readonly value: NoisyExpression
  readonly type: NoisyType
}

/** What an expression over released values may refer to. */
export interface Answer {
  readonly reading: Reading
  readonly groups: readonly GroupKey[]
  readonly groupForms: readonly string[]
  readonly measures: Measures
  /** Outputs by alias, for HAVING and ORDER BY. */
  readonly aliases: ReadonlyMap<string, Typed>
  /** ORDER BY prefers an output's alias to a column of the same name, as PostgreSQL does. */
  readonly aliasFirst: boolean
}

/** Reads an expression over aggregates and group keys. Refuses query.not_aggregate when it would show a row. */
export function readNoisy(value: unknown, answer: Answer, depth = 0): Typed {
  const { reading } = answer
  const node = nodeOf(value, reading)
  if (depth > maxDepth)
    stop('query.too_deep', 'the expression nests too deeply', placeOf(node, reading), 'write a simpler expression')
  if (isAggregate(node)) return { value: readAggregate(node, answer.measures, reading), type: 'number' }
  const named = node.kind === 'ColumnRef' ? byAlias(node, answer) : undefined
  if (named) return named
  const key = groupOf(value, node, answer)
  if (key) return key
  return readInside(node, (part) => readNoisy(part, answer, depth + 1), answer)
}

function byAlias(node: Node, answer: Answer): Typed | undefined {
  const names = namesOf(node.body.fields)
  const [name] = names
  if (names.length !== 1 || name === undefined) return undefined
  return answer.aliasFirst || !isColumnName(name, answer.reading) ? answer.aliases.get(name) : undefined
}

/** The group key that the whole expression is, if it is one. */
function groupOf(value: unknown, node: Node, answer: Answer): Typed | undefined {
  const { groups, reading } = answer
  if (groups.length === 0 || node.kind === 'A_Const') return undefined
  const form = rowForm(value, reading)
  const index = form === undefined ? -1 : answer.groupForms.indexOf(form)
  return index < 0 ? undefined : groupTyped(groups, index)
}

export function groupTyped(groups: readonly GroupKey[], index: number): Typed {
  const type = groups[index]?.type
  const noisyType =
    type === 'integer' || type === 'decimal'
      ? 'number'
      : type === 'boolean'
        ? 'boolean'
        : type === 'text'
          ? 'text'
          : 'date'
  return { value: { kind: 'group', index }, type: noisyType }
}

function rowForm(value: unknown, reading: Reading): string | undefined {
  try {
    return canonical(formOf(readRow(value, reading)))
  } catch (error) {
    // Not a row expression: it may still be arithmetic on aggregates, and then its parts are read one by one, with their own refusals.
    if (error instanceof Refused) return undefined
    throw error
  }
}

export type Read = (part: unknown) => Typed

function readInside(node: Node, read: Read, answer: Answer): Typed {
  const { reading } = answer
  const at = placeOf(node, reading)
  switch (node.kind) {
    case 'A_Const':
      return constant(readConstant(node, reading))
    case 'TypeCast':
      return readCast(node, read, reading)
    case 'ColumnRef':
      return notGrouped(node, reading)
    case 'A_Expr':
      return readOperator(node, read, at, reading)
    case 'BoolExpr': {
      onlyFields(node, ['boolop', 'args', 'location'], reading)
      const args = listOf(node.body.args).map(read)
      for (const arg of args) expectType(arg, 'boolean', at)
      const name = node.body.boolop === 'NOT_EXPR' ? 'not' : node.body.boolop === 'AND_EXPR' ? 'and' : 'or'
      return made(name, args, 'boolean')
    }
    case 'NullTest':
      onlyFields(node, ['arg', 'nulltesttype', 'location'], reading)
      return made(node.body.nulltesttype === 'IS_NULL' ? 'is_null' : 'is_not_null', [read(node.body.arg)], 'boolean')
    case 'CoalesceExpr':
      onlyFields(node, ['args', 'location'], reading)
      return sameTyped('coalesce', listOf(node.body.args).map(read), at)
    case 'MinMaxExpr':
      onlyFields(node, ['op', 'args', 'location'], reading)
      return sameTyped(node.body.op === 'IS_LEAST' ? 'least' : 'greatest', listOf(node.body.args).map(read), at)
    case 'FuncCall':
      return readFunction(node, read, at, reading)
    case 'CaseExpr':
      return readCase(node, read, at, reading)
    default:
      return notSupported(node, reading)
  }
}

/** A column that is no group key would show a row: say which of the reasons it is. */
function notGrouped(node: Node, reading: Reading): never {
  const found = findReference(node, reading)
  if (found.person)
    stop(
      'query.person_exposed',
      `"${found.column.name}" says who a row is about`,
      found.at,
      `it may be counted, COUNT(DISTINCT ${found.column.name}), and joined on; nothing else`,
    )
  const hint = found.column.domain
    ? `add GROUP BY ${found.column.name}`
    : found.column.type === 'integer' || found.column.type === 'decimal'
      ? `ask for SUM(${found.column.name}) or AVG(${found.column.name})`
      : 'count it under a condition: SUM(CASE WHEN … THEN 1 ELSE 0 END)'
  stop('query.not_aggregate', `"${found.column.name}" is neither an aggregate nor a group key`, found.at, hint)
}

export function constant(literal: Expression & { readonly kind: 'literal' }): Typed {
  const { type, value, scale } = literal
  if (value === null) return { value: { kind: 'null' }, type: 'null' }
  if (type === 'boolean') return { value: { kind: 'boolean', value: value === 'true' }, type: 'boolean' }
  if (type === 'integer' || type === 'decimal')
    return { value: { kind: 'number', text: decimal(BigInt(value), scale) }, type: 'number' }
  return { value: { kind: 'text', text: value }, type: type === 'text' ? 'text' : 'date' }
}

function decimal(value: bigint, scale: number): string {
  if (scale === 0) return `${value}`
  const digits = `${value < 0n ? -value : value}`.padStart(scale + 1, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function readOperator(node: Node, read: Read, at: Position, reading: Reading): Typed {
  const kind = String(node.body.kind)
  const name = namesOf(node.body.name)[0] ?? ''
  onlyFields(node, ['kind', 'name', 'lexpr', 'rexpr', 'rexpr_list_start', 'rexpr_list_end', 'location'], reading)
  if (kind === 'AEXPR_NULLIF') return sameTyped('nullif', [read(node.body.lexpr), read(node.body.rexpr)], at)
  if (kind === 'AEXPR_BETWEEN' || kind === 'AEXPR_NOT_BETWEEN') return readBetween(node, read, at, reading)
  if (kind === 'AEXPR_IN') return readList(node, read, at, reading)
  if (kind !== 'AEXPR_OP') return notSupported(node, reading, kind)
  if (node.body.lexpr === undefined) {
    const value = read(node.body.rexpr)
    expectType(value, 'number', at)
    if (name === '+') return value
    if (name === '-') return made('negate', [value], 'number')
    return unknownOperator(name, at)
  }
  const sides = [read(node.body.lexpr), read(node.body.rexpr)]
  if (name === '+' || name === '-' || name === '*' || name === '/') {
    for (const side of sides) expectType(side, 'number', at)
    return made(name, sides, 'number')
  }
  if (name === '%') {
    for (const side of sides) expectType(side, 'number', at)
    return made('mod', sides, 'number')
  }
  const operator = name === '!=' ? '<>' : name
  if (!['=', '<>', '<', '<=', '>', '>='].includes(operator)) return unknownOperator(name, at)
  return compared(operator as NoisyFunction, sides, at)
}

function readBetween(node: Node, read: Read, at: Position, reading: Reading): Typed {
  const [low, high] = itemsOf(node, reading).map(read) as [Typed, Typed]
  const value = read(node.body.lexpr)
  const inside = made('and', [compared('>=', [value, low], at), compared('<=', [value, high], at)], 'boolean')
  return node.body.kind === 'AEXPR_BETWEEN' ? inside : made('not', [inside], 'boolean')
}

/** x IN (a, b) is x = a OR x = b. */
function readList(node: Node, read: Read, at: Position, reading: Reading): Typed {
  const value = read(node.body.lexpr)
  const found = made(
    'or',
    itemsOf(node, reading).map((item) => compared('=', [value, read(item)], at)),
    'boolean',
  )
  return namesOf(node.body.name)[0] === '<>' ? made('not', [found], 'boolean') : found
}

function itemsOf(node: Node, reading: Reading): readonly unknown[] {
  const list = nodeOf(node.body.rexpr, reading)
  if (list.kind !== 'List') return notSupported(list, reading)
  onlyFields(list, ['items'], reading)
  const items = listOf(list.body.items)
  if (items.length > maxListLength)
    stop('query.too_deep', `the list is longer than ${maxListLength}`, placeOf(node, reading), 'name fewer members')
  return items
}

export function compared(name: NoisyFunction, sides: readonly Typed[], at: Position): Typed {
  sameType(sides, at)
  if (sides.some((side) => side.type === 'null'))
    stop('query.type_mismatch', 'nothing compares with NULL', at, 'write IS NULL or IS NOT NULL')
  return made(name, sides, 'boolean')
}

function sameTyped(name: NoisyFunction, args: readonly Typed[], at: Position): Typed {
  return made(name, args, sameType(args, at))
}

/** The common type; texts stand for dates where they are compared with one. */
export function sameType(args: readonly Typed[], at: Position): NoisyType {
  const types = [...new Set(args.map((arg) => arg.type).filter((type) => type !== 'null'))]
  if (types.length === 2 && types.includes('date') && types.includes('text')) return 'date'
  if (types.length > 1)
    stop(
      'query.type_mismatch',
      `a ${types[0]} and a ${types[1]} do not fit together`,
      at,
      'compare values of the same type',
    )
  return types[0] ?? 'null'
}

export function expectType(value: Typed, type: NoisyType, at: Position): void {
  if (value.type !== type && value.type !== 'null')
    stop('query.type_mismatch', `a ${type} is expected, not a ${value.type}`, at, 'see docs/sql.md')
}

export const made = (name: NoisyFunction, args: readonly Typed[], type: NoisyType): Typed => ({
  value: { kind: 'call', name, args: args.map((arg) => arg.value) },
  type,
})

const unknownOperator = (name: string, at: Position): never =>
  stop(
    'query.not_supported',
    `the operator ${name.slice(0, 10)} is not answered`,
    at,
    'use + - * / = <> < <= > >= AND OR NOT on aggregates',
  )
