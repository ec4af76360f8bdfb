import type { Position } from '../../base/refusal.ts'
import { call, literal, type RowFunction } from '../expression.ts'
import type { Expression } from '../query.ts'
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
import { readCast } from './casts.ts'
import { columnExpression, findReference } from './columns.ts'
import { dateArithmetic, readInterval } from './dates.ts'
import { concatenation, readFunction, remainder } from './functions.ts'
import { readConstant, readLiteral } from './literals.ts'
import { arithmetic, computableOnly } from './numbers.ts'
import { readSubLink } from './sublinks.ts'
import { compare, requireBoolean, requireNumber, requireText, unify } from './types.ts'

const maxListLength = 1_000
const maxPattern = 128

/** Reads an expression over the columns of one row: total functions only. Every node kind that is not named here is refused. */
export function readRow(value: unknown, reading: Reading, depth = 0): Expression {
  const node = nodeOf(value, reading)
  if (depth > maxDepth)
    stop('query.too_deep', 'the expression nests too deeply', placeOf(node, reading), 'write a simpler expression')
  const read = (part: unknown): Expression => readRow(part, reading, depth + 1)
  switch (node.kind) {
    case 'A_Const':
      return readConstant(node, reading)
    case 'TypeCast':
      return readCast(node, read, reading)
    case 'ColumnRef':
      return readColumn(node, reading)
    case 'A_Expr':
      return readOperator(node, read, reading)
    case 'BoolExpr':
      return readBoolean(node, read, reading)
    case 'NullTest':
      onlyFields(node, ['arg', 'nulltesttype', 'location'], reading)
      return negated(
        node.body.nulltesttype === 'IS_NOT_NULL',
        call('is_null', [personOr(node.body.arg, read, reading)], 'boolean', 0, placeOf(node, reading)),
      )
    case 'BooleanTest':
      return readBooleanTest(node, read, reading)
    case 'CaseExpr':
      return readCase(node, read, reading)
    case 'CoalesceExpr':
      onlyFields(node, ['args', 'location'], reading)
      return sameTyped('coalesce', listOf(node.body.args).map(read), node, reading)
    case 'MinMaxExpr':
      onlyFields(node, ['op', 'args', 'location'], reading)
      return sameTyped(
        node.body.op === 'IS_LEAST' ? 'least' : 'greatest',
        listOf(node.body.args).map(read),
        node,
        reading,
      )
    case 'FuncCall':
      return reading.feature?.(node) ?? readFunction(node, read, reading)
    case 'SubLink':
      return readSubLink(node, read, reading)
    default:
      return notSupported(node, reading)
  }
}

/** Whether a joined row has a person says nothing of who it is: `o.member_id IS NULL` after a left join finds people without such rows. */
function personOr(value: unknown, read: (part: unknown) => Expression, reading: Reading): Expression {
  const node = nodeOf(value, reading)
  if (node.kind !== 'ColumnRef' || namesOf(node.body.fields).includes(undefined)) return read(value)
  const found = findReference(node, reading)
  return found.person ? columnExpression(found, found.at) : read(value)
}

function readColumn(node: Node, reading: Reading): Expression {
  const found = findReference(node, reading)
  if (found.person)
    stop(
      'query.person_exposed',
      `"${found.column.name}" says who a row is about`,
      found.at,
      `it may be counted, COUNT(DISTINCT ${found.column.name}), and joined on; nothing else`,
    )
  return columnExpression(found, found.at)
}

type Read = (part: unknown) => Expression

function readOperator(node: Node, read: Read, reading: Reading): Expression {
  const at = placeOf(node, reading)
  const name = namesOf(node.body.name)[0] ?? ''
  const kind = String(node.body.kind)
  onlyFields(node, ['kind', 'name', 'lexpr', 'rexpr', 'rexpr_list_start', 'rexpr_list_end', 'location'], reading)
  if (kind === 'AEXPR_IN')
    return negated(name === '<>', readList(node, itemsOf(node.body.rexpr, reading), read, reading))
  if (kind === 'AEXPR_OP_ANY' && name === '=') return readList(node, arrayOf(node, kind, reading), read, reading)
  if (kind === 'AEXPR_OP_ALL' && (name === '<>' || name === '!='))
    return negated(true, readList(node, arrayOf(node, kind, reading), read, reading))
  if (kind === 'AEXPR_DISTINCT' || kind === 'AEXPR_NOT_DISTINCT')
    return negated(kind === 'AEXPR_DISTINCT', alike(read(node.body.lexpr), read(node.body.rexpr), at))
  if (kind === 'AEXPR_BETWEEN_SYM' || kind === 'AEXPR_NOT_BETWEEN_SYM') {
    const ends = itemsOf(node.body.rexpr, reading).map(read)
    const sides = compare([read(node.body.lexpr), ...ends], at, true) as [Expression, Expression, Expression]
    const [x, a, b] = sides
    const either = [call('between', [x, a, b], 'boolean', 0, at), call('between', [x, b, a], 'boolean', 0, at)]
    return negated(kind === 'AEXPR_NOT_BETWEEN_SYM', call('or', either, 'boolean', 0, at))
  }
  if (kind === 'AEXPR_BETWEEN' || kind === 'AEXPR_NOT_BETWEEN') {
    const [low, high] = itemsOf(node.body.rexpr, reading).map(read) as [Expression, Expression]
    const value = read(node.body.lexpr)
    const [x, a, b] = compare([value, low, high], at, true)
    return negated(kind === 'AEXPR_NOT_BETWEEN', call('between', [x, a, b] as Expression[], 'boolean', 0, at))
  }
  if (kind === 'AEXPR_LIKE' || kind === 'AEXPR_ILIKE')
    return negated(name.startsWith('!'), readPattern(kind === 'AEXPR_LIKE' ? 'like' : 'ilike', node, read, reading))
  if (kind === 'AEXPR_NULLIF')
    return call('nullif', ...typed(compare([read(node.body.lexpr), read(node.body.rexpr)], at, false)), at)
  if (kind !== 'AEXPR_OP') return notSupported(node, reading, kind)
  if (node.body.lexpr === undefined) return readSign(name, read(node.body.rexpr), at, reading)
  const operator = name === '!=' ? '<>' : name
  if (['=', '<>', '<', '<=', '>', '>='].includes(operator)) {
    const sides = compare([read(node.body.lexpr), read(node.body.rexpr)], at, !['=', '<>'].includes(operator))
    return call(operator as RowFunction, sides, 'boolean', 0, at)
  }
  if (operator === '||') return concatenation([read(node.body.lexpr), read(node.body.rexpr)], at, reading)
  if (!['+', '-', '*', '/', '%'].includes(operator)) return unknownOperator(operator, at)
  const left = read(node.body.lexpr)
  const interval = readInterval(nodeOf(node.body.rexpr, reading), reading)
  const right = interval ?? read(node.body.rexpr)
  const dates = dateArithmetic(operator, left, right, at)
  if (dates) return dates
  const sides = [left, right as Expression] as const
  for (const side of sides) requireNumber(side, operator, at)
  if (operator === '%') return computableOnly(remainder(...sides, at), reading)
  return arithmetic(operator as '+' | '-' | '*' | '/', ...sides, at, reading)
}

/** The result type of a pair brought to one type: that of the first. */
const typed = (sides: readonly Expression[]): [readonly Expression[], Expression['type'], number] => [
  sides,
  (sides[0] as Expression).type,
  (sides[0] as Expression).scale,
]

function unknownOperator(operator: string, at: Position): never {
  const hint = operator.includes('~')
    ? "regular expressions are not answered; use LIKE with a literal pattern, for example LIKE 'oat%'"
    : operator === '^'
      ? 'write POWER(x, 2), or multiply the number with itself'
      : 'use = <> < <= > >= + - * / AND OR NOT IN BETWEEN LIKE'
  stop('query.not_supported', `the operator ${operator.slice(0, 10)} is not answered`, at, hint)
}

function readSign(name: string, value: Expression, at: Position, reading: Reading): Expression {
  if (name !== '+' && name !== '-') return unknownOperator(name, at)
  requireNumber(value, name, at)
  if (name === '+') return value
  if (value.kind === 'literal') return literal(`${-BigInt(value.value ?? '0')}`, value.type, value.scale, at)
  return computableOnly(call('negate', [value], value.type, value.scale, at), reading)
}

function readBoolean(node: Node, read: Read, reading: Reading): Expression {
  onlyFields(node, ['boolop', 'args', 'location'], reading)
  const at = placeOf(node, reading)
  const args = listOf(node.body.args).map(read)
  for (const arg of args) requireBoolean(arg, arg.at ?? at)
  if (node.body.boolop === 'NOT_EXPR') return negated(true, args[0] as Expression)
  return call(node.body.boolop === 'AND_EXPR' ? 'and' : 'or', args, 'boolean', 0, at)
}

function readBooleanTest(node: Node, read: Read, reading: Reading): Expression {
  onlyFields(node, ['arg', 'booltesttype', 'location'], reading)
  const at = placeOf(node, reading)
  const arg = read(node.body.arg)
  requireBoolean(arg, at)
  const test = String(node.body.booltesttype)
  const name = test.endsWith('TRUE') ? 'is_true' : test.endsWith('FALSE') ? 'is_false' : 'is_null'
  return negated(test.startsWith('IS_NOT'), call(name, [arg], 'boolean', 0, at))
}

const negated = (yes: boolean, expression: Expression): Expression =>
  yes ? call('not', [expression], 'boolean', 0, expression.at) : expression

function itemsOf(value: unknown, reading: Reading): readonly unknown[] {
  const list = nodeOf(value, reading)
  if (list.kind !== 'List') return notSupported(list, reading)
  onlyFields(list, ['items'], reading)
  return listOf(list.body.items)
}

/** The members of ARRAY[…], also of ARRAY[…]::text[]. */
function arrayOf(node: Node, kind: string, reading: Reading): readonly unknown[] {
  const right = nodeOf(node.body.rexpr, reading)
  const array = right.kind === 'TypeCast' ? nodeOf(right.body.arg, reading) : right
  if (array.kind !== 'A_ArrayExpr' || listOf(array.body.elements).length === 0) return notSupported(node, reading, kind)
  if (right.kind === 'TypeCast') onlyFields(right, ['arg', 'typeName', 'location'], reading)
  onlyFields(array, ['elements', 'location', 'list_start', 'list_end'], reading)
  return listOf(array.body.elements)
}

/** IS NOT DISTINCT FROM: equal, or both missing. */
function alike(left: Expression, right: Expression, at: Position): Expression {
  const missing = (value: Expression) => call('is_null', [value], 'boolean', 0, at)
  if (left.type === 'null' || right.type === 'null') return missing(left.type === 'null' ? right : left)
  const [a, b] = compare([left, right], at, false) as [Expression, Expression]
  const equal = call('is_true', [call('=', [a, b], 'boolean', 0, at)], 'boolean', 0, at)
  return call('or', [equal, call('and', [missing(a), missing(b)], 'boolean', 0, at)], 'boolean', 0, at)
}

function readList(node: Node, items: readonly unknown[], read: Read, reading: Reading): Expression {
  const at = placeOf(node, reading)
  if (items.length > maxListLength)
    stop('query.too_deep', `the list is longer than ${maxListLength}`, at, 'name fewer members')
  const members = items.map((item) => readLiteral(nodeOf(item, reading), reading))
  if (members.some((member) => member.value === null))
    stop('query.type_mismatch', 'NULL in a list never matches', at, 'leave it out and add OR … IS NULL')
  return call('in', compare([read(node.body.lexpr), ...members], at, false), 'boolean', 0, at)
}

function readPattern(name: 'like' | 'ilike', node: Node, read: Read, reading: Reading): Expression {
  const at = placeOf(node, reading)
  const text = read(node.body.lexpr)
  requireText(text, at)
  const right = nodeOf(node.body.rexpr, reading)
  if (right.kind !== 'A_Const' || right.body.sval === undefined)
    stop(
      'query.not_supported',
      'a pattern that is not a literal is not answered',
      placeOf(right, reading),
      "write LIKE 'oat%', without ESCAPE",
    )
  const pattern = readConstant(right, reading)
  const shape = pattern.value ?? ''
  if (shape.length > maxPattern || shape.includes('\\') || (shape.match(/%/g)?.length ?? 0) > 8)
    stop(
      'query.not_supported',
      'this pattern is not answered',
      placeOf(right, reading),
      `at most ${maxPattern} characters and 8 % signs, no backslash`,
    )
  return call(name, [text, pattern], 'boolean', 0, at)
}

function readCase(node: Node, read: Read, reading: Reading): Expression {
  onlyFields(node, ['arg', 'args', 'defresult', 'location'], reading)
  const at = placeOf(node, reading)
  const subject = node.body.arg === undefined ? undefined : read(node.body.arg)
  const whens = listOf(node.body.args).map((item) => nodeOf(item, reading))
  const conditions = whens.map((when) => {
    onlyFields(when, ['expr', 'result', 'location'], reading)
    const condition = read(when.body.expr)
    if (subject)
      return call(
        '=',
        compare([subject, condition], placeOf(when, reading), false),
        'boolean',
        0,
        placeOf(when, reading),
      )
    requireBoolean(condition, condition.at ?? at)
    return condition
  })
  const otherwise = node.body.defresult === undefined ? [] : [read(node.body.defresult)]
  const results = unify([...whens.map((when) => read(when.body.result)), ...otherwise], at)
  const args = conditions.flatMap((condition, index) => [condition, results.values[index] as Expression])
  return call('case', [...args, ...results.values.slice(conditions.length)], results.type, results.scale, at)
}

function sameTyped(
  name: 'coalesce' | 'greatest' | 'least',
  values: readonly Expression[],
  node: Node,
  reading: Reading,
): Expression {
  const at = placeOf(node, reading)
  const { values: args, type, scale } = unify(values, at)
  if (type === 'boolean' && name !== 'coalesce')
    stop('query.type_mismatch', `${name.toUpperCase()} of true and false is not answered`, at, 'use AND or OR')
  return computableOnly(call(name, args, type, scale, at), reading)
}
