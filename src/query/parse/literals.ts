import { instantText, parseDay, parseInstant } from '../../base/instant.ts'
import type { Position } from '../../base/refusal.ts'
import { type LiteralExpression, literal } from '../expression.ts'
import {
  type Fields,
  type Node,
  namesOf,
  nodeOf,
  notSupported,
  onlyFields,
  placeOf,
  type Reading,
  stop,
} from './ast.ts'

const maxTextLength = 256
const maxIntegerDigits = 18
const maxDecimals = 9

/** A constant: number, text, true, false or NULL. */
export function readConstant(node: Node, reading: Reading): LiteralExpression {
  onlyFields(node, ['ival', 'fval', 'sval', 'boolval', 'isnull', 'location'], reading)
  const at = placeOf(node, reading)
  const { ival, fval, sval, boolval, isnull } = node.body as Record<string, Fields | boolean | undefined>
  if (isnull === true) return literal(null, 'null', 0, at)
  if (boolval !== undefined) return literal(String((boolval as Fields).boolval === true), 'boolean', 0, at)
  if (ival !== undefined) return numberLiteral(String((ival as Fields).ival ?? 0), at)
  if (fval !== undefined) return numberLiteral(String((fval as Fields).fval ?? ''), at)
  const text = String((sval as Fields | undefined)?.sval ?? '')
  if (text.length > maxTextLength)
    stop(
      'query.not_supported',
      `a text of more than ${maxTextLength} characters is not answered`,
      at,
      'compare with a shorter text',
    )
  return literal(text, 'text', 0, at)
}

/** Plain decimal notation, normalised: no trailing zeros behind the point. */
export function numberLiteral(text: string, at: Position): LiteralExpression {
  const form = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text)
  if (!form)
    stop(
      'query.not_supported',
      `the number ${text.slice(0, 40)} is not in plain decimal form`,
      at,
      'write digits and at most one point, for example 0.25',
    )
  const whole = (form[2] ?? '').replace(/^0+(?=\d)/, '') || '0'
  const decimals = (form[3] ?? '').replace(/0+$/, '')
  if (whole.length > maxIntegerDigits || decimals.length > maxDecimals)
    stop(
      'query.not_supported',
      'the number is too long',
      at,
      `at most ${maxIntegerDigits} digits before and ${maxDecimals} behind the point`,
    )
  const value = BigInt(`${whole}${decimals}`)
  return literal(
    `${form[1] === '-' ? -value : value}`,
    decimals.length === 0 ? 'integer' : 'decimal',
    decimals.length,
    at,
  )
}

/** DATE '…' and TIMESTAMP '…': the only casts. */
export function readTypedLiteral(node: Node, reading: Reading): LiteralExpression {
  onlyFields(node, ['arg', 'typeName', 'location'], reading)
  const type = { kind: 'TypeName', body: (node.body.typeName ?? {}) as Fields }
  const arg = nodeOf(node.body.arg, reading)
  const at = placeOf(type, reading)
  onlyFields(type, ['names', 'typemod', 'location'], reading)
  const name = namesOf(type.body.names).at(-1)
  const constant = arg.kind === 'A_Const' && arg.body.sval !== undefined
  if (!constant || type.body.typemod !== -1 || !['date', 'timestamp'].includes(name ?? ''))
    stop(
      'query.not_supported',
      `a cast to ${name === 'int4' || name === 'int8' ? 'integer' : (name ?? 'this type')} is not answered`,
      at,
      castHint(name),
    )
  const value = (arg.body.sval as Fields).sval
  const text = String(value ?? '')
  return name === 'date' ? dateLiteral(text, at) : timestampLiteral(text, at)
}

export function dateLiteral(text: string, at: Position): LiteralExpression {
  if (!isYearRead(text) || parseDay(text) === undefined)
    stop('query.type_mismatch', `'${text.slice(0, 40)}' is not a date`, at, "write DATE '2026-01-31'")
  return literal(text, 'date', 0, at)
}

export function timestampLiteral(text: string, at: Position): LiteralExpression {
  const instant = isYearRead(text) && !/(Z|[+-]\d\d:\d\d)$/.test(text.slice(10)) ? parseInstant(text) : undefined
  if (instant === undefined)
    stop(
      'query.type_mismatch',
      `'${text.slice(0, 40)}' is not a point in time`,
      at,
      "write TIMESTAMP '2026-01-31 12:00:00', without a zone",
    )
  const normal = instantText(instant)
  return literal(`${normal.slice(0, 10)} ${normal.slice(11, 26)}`.replace(/\.000000$/, ''), 'timestamp', 0, at)
}

const isYearRead = (text: string): boolean => !text.startsWith('0000')

function castHint(name: string | undefined): string {
  if (name === 'interval') return "write the date itself, for example DATE '2026-01-31'"
  if (name === 'timestamptz') return "times are in UTC without a zone; write TIMESTAMP '2026-01-31 12:00:00'"
  return "only DATE '…' and TIMESTAMP '…' literals are; columns keep their declared types, numbers are exact"
}

/** Refuses what cannot stand where a constant is expected. */
export function readLiteral(node: Node, reading: Reading): LiteralExpression {
  if (node.kind === 'A_Const') return readConstant(node, reading)
  if (node.kind === 'TypeCast') return readTypedLiteral(node, reading)
  return notSupported(node, reading)
}
