import type { Position } from '../../base/refusal.ts'
import { call, isNumber, literal, rescale } from '../expression.ts'
import type { Expression } from '../query.ts'
import { type Fields, listOf, type Node, namesOf, nodeOf, onlyFields, placeOf, type Reading, stop } from './ast.ts'
import { rounded } from './functions.ts'
import { readTypedLiteral } from './literals.ts'
import { computableOnly } from './numbers.ts'
import { midnight, typeName } from './types.ts'

const maxCastScale = 9

/** What a cast asks for. */
export interface Target {
  readonly kind: 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'timestamp'
  /** Decimals of NUMERIC(p, s); undefined: as many as there are. */
  readonly scale: number | undefined
}

const targets: Readonly<Record<string, Target['kind']>> = {
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'number',
  float4: 'number',
  float8: 'number',
  text: 'text',
  varchar: 'text',
  bool: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
}

/** The type that a TypeCast names; undefined when no cast to it is answered. */
export function targetOf(node: Node, reading: Reading): Target | undefined {
  const type = { kind: 'TypeName', body: (node.body.typeName ?? {}) as Fields }
  onlyFields(type, ['names', 'typmods', 'typemod', 'location'], reading)
  const kind = targets[namesOf(type.body.names).at(-1) ?? '']
  const sizes = listOf(type.body.typmods).map(
    (item) => (item as { A_Const?: { ival?: { ival?: number } } }).A_Const?.ival?.ival ?? 0,
  )
  if (kind === 'number' && sizes.length > 0) {
    const scale = sizes[1] ?? 0
    return scale >= 0 && scale <= maxCastScale ? { kind, scale } : undefined
  }
  return kind && sizes.length === 0 ? { kind, scale: undefined } : undefined
}

/**
 * A cast of one row's value. It is safe: what cannot be read as the type is missing, never an error. Constants keep their own reading.
 */
export function readCast(node: Node, read: (part: unknown) => Expression, reading: Reading): Expression {
  onlyFields(node, ['arg', 'typeName', 'location'], reading)
  const arg = nodeOf(node.body.arg, reading)
  const target = targetOf(node, reading)
  const quoted = arg.kind === 'A_Const' && arg.body.sval !== undefined
  if (!target || (quoted && (target.kind === 'date' || target.kind === 'timestamp')))
    return readTypedLiteral(node, reading)
  const at = placeOf(node, reading)
  const value = read(node.body.arg)
  if (value.type === 'null') return value
  const cast = converted(value, target, at)
  if (!cast)
    stop(
      'query.type_mismatch',
      `a cast of ${typeName(value.type)} to ${target.kind} is not answered`,
      at,
      'columns keep their declared types; compare values of the same type',
    )
  return computableOnly(cast, reading)
}

function converted(value: Expression, { kind, scale }: Target, at: Position): Expression | undefined {
  switch (kind) {
    case 'integer':
      if (isNumber(value)) return rounded('round', value, 0, at)
      if (value.type === 'text') return call('text_to_integer', [value], 'integer', 0, at)
      return value.type === 'boolean' ? asNumber(value, at) : undefined
    case 'number':
      if (isNumber(value)) return scale === undefined ? value : scaled(value, scale, at)
      if (value.type !== 'text')
        return value.type === 'boolean' && scale === undefined ? asNumber(value, at) : undefined
      return scaled(call('text_to_decimal', [value], 'decimal', 9, at), scale ?? 9, at)
    case 'text':
      if (value.type === 'text') return value
      return isNumber(value) || value.type === 'date' || value.type === 'boolean'
        ? call('to_text', [value], 'text', 0, at)
        : undefined
    case 'boolean':
      if (value.type === 'integer') return call('<>', [value, literal('0', 'integer')], 'boolean', 0, at)
      return value.type === 'boolean' ? value : undefined
    case 'date':
      if (value.type === 'timestamp') return call('to_date', [value], 'date', 0, at)
      if (value.type === 'text') return call('text_to_date', [value], 'date', 0, at)
      return value.type === 'date' ? value : undefined
    case 'timestamp':
      if (value.type === 'date') return midnight(value)
      return value.type === 'timestamp' ? value : undefined
  }
}

const scaled = (value: Expression, scale: number, at: Position): Expression =>
  value.scale <= scale ? rescale(value, scale) : rounded('round', value, scale, at)

/** 1 for true, 0 for false. */
function asNumber(value: Expression, at: Position): Expression {
  const [one, nought] = [literal('1', 'integer'), literal('0', 'integer')]
  return call('case', [value, one, call('not', [value], 'boolean'), nought], 'integer', 0, at)
}
