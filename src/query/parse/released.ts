import type { Position } from '../../base/refusal.ts'
import { listOf, type Node, namesOf, nodeOf, notSupported, onlyFields, placeOf, type Reading, stop } from './ast.ts'
import { targetOf } from './casts.ts'
import { functionHint } from './hints.ts'
import { readTypedLiteral } from './literals.ts'
import { compared, constant, expectType, made, type Read, sameType, type Typed } from './outputs.ts'

/** Functions, casts and CASE over released values: post-processing, which costs no privacy and cannot fail. */

/** ROUND, TRUNC, ABS, FLOOR, CEIL, SQRT, MOD, POWER. */
export function readFunction(node: Node, read: Read, at: Position, reading: Reading): Typed {
  const name = namesOf(node.body.funcname).at(-1) ?? ''
  if (node.body.over !== undefined) return notSupported(node, reading, 'FuncCall.over')
  const known = {
    round: 'round',
    trunc: 'trunc',
    abs: 'abs',
    floor: 'floor',
    ceil: 'ceil',
    ceiling: 'ceil',
    sqrt: 'sqrt',
    power: 'power',
    pow: 'power',
    mod: 'mod',
    safe_divide: '/',
  } as const
  const parts = listOf(node.body.args)
  if (['ifnull', 'nvl'].includes(name) && parts.length === 2) {
    const values = parts.map(read)
    return made('coalesce', values, sameType(values, at))
  }
  if (['if', 'iif', 'iff'].includes(name) && parts.length === 3) {
    const values = parts.map(read)
    expectType(values[0] as Typed, 'boolean', at)
    return made('case', values, sameType(values.slice(1), at))
  }
  if (!Object.hasOwn(known, name))
    stop('query.function_not_allowed', `${name.slice(0, 60)}() is not answered here`, at, functionHint(name))
  onlyFields(node, ['funcname', 'args', 'funcformat', 'location'], reading)
  const args = listOf(node.body.args).map(read)
  const [first, digits] = args
  const two = ['power', 'pow', 'mod', 'safe_divide'].includes(name)
  if (!first || args.length > (two || name === 'round' || name === 'trunc' ? 2 : 1) || (two && args.length !== 2))
    stop('query.type_mismatch', `${name}() is given the wrong number of arguments`, at, 'see docs/sql.md')
  expectType(first, 'number', at)
  if (digits && (name === 'mod' || name === 'safe_divide')) {
    expectType(digits, 'number', at)
    return made(known[name], args, 'number')
  }
  if (digits && name.startsWith('pow') && !(digits.value.kind === 'number' && /^[0-8]$/.test(digits.value.text)))
    stop('query.type_mismatch', 'POWER takes a whole literal exponent from 0 to 8', at, 'for example POWER(AVG(x), 2)')
  if (digits && !(digits.value.kind === 'number' && /^[0-9]$/.test(digits.value.text)))
    stop(
      'query.type_mismatch',
      'ROUND takes a literal number of decimals from 0 to 9',
      at,
      'for example ROUND(AVG(x), 2)',
    )
  return made(known[name as keyof typeof known], args, 'number')
}

/** Numbers may be cast to numbers: to NUMERIC and FLOAT they stay as exact as they are, to INTEGER and NUMERIC(p, s) they are rounded. */
export function readCast(node: Node, read: Read, reading: Reading): Typed {
  const at = placeOf(node, reading)
  onlyFields(node, ['arg', 'typeName', 'location'], reading)
  const arg = nodeOf(node.body.arg, reading)
  const target = targetOf(node, reading)
  if (!target || (arg.kind === 'A_Const' && arg.body.sval !== undefined))
    return constant(readTypedLiteral(node, reading))
  const value = read(node.body.arg)
  if (target.kind === 'number' || target.kind === 'integer') {
    expectType(value, 'number', at)
    const digits = target.kind === 'integer' ? 0 : target.scale
    if (digits === undefined) return value
    return made('round', [value, { value: { kind: 'number', text: `${digits}` }, type: 'number' }], 'number')
  }
  if (target.kind === value.type) return value
  return stop(
    'query.type_mismatch',
    `a cast of a ${value.type} to ${target.kind} is not answered here`,
    at,
    'numbers may be cast to INTEGER, NUMERIC and FLOAT',
  )
}

/** CASE over released values. */
export function readCase(node: Node, read: Read, at: Position, reading: Reading): Typed {
  onlyFields(node, ['arg', 'args', 'defresult', 'location'], reading)
  const subject = node.body.arg === undefined ? undefined : read(node.body.arg)
  const whens = listOf(node.body.args).map((item) => nodeOf(item, reading))
  const conditions = whens.map((when) => {
    onlyFields(when, ['expr', 'result', 'location'], reading)
    const condition = read(when.body.expr)
    if (subject) return compared('=', [subject, condition], at)
    expectType(condition, 'boolean', at)
    return condition
  })
  const results = whens.map((when) => read(when.body.result))
  const otherwise = node.body.defresult === undefined ? [] : [read(node.body.defresult)]
  const type = sameType([...results, ...otherwise], at)
  const args = conditions.flatMap((condition, index) => [condition, results[index] as Typed])
  return made('case', [...args, ...otherwise], type)
}
