import type { Position } from '../../base/refusal.ts'
import { call, isNumber, rescale } from '../expression.ts'
import { computable, dividend, intervalOf, within } from '../interval.ts'
import type { Expression } from '../query.ts'
import { type Reading, stop } from './ast.ts'
import { requireNumber } from './types.ts'

const maxScale = 18

/**
 * Numbers are integers in grid units: sums meet on the finer grid, the product's grid is both together, a quotient gets four decimals more
 * than its finer operand. Refused when a step could leave what is computed exactly, judged by the declared bounds.
 */
export function arithmetic(
  name: '+' | '-' | '*' | '/',
  a: Expression,
  b: Expression,
  at: Position,
  reading: Reading,
): Expression {
  for (const side of [a, b]) requireNumber(side, name, at)
  const finer = Math.max(a.scale, b.scale)
  const scale = name === '*' ? a.scale + b.scale : name === '/' ? finer + 4 : finer
  if (scale > maxScale)
    stop('query.not_supported', 'the result has too many decimals', at, 'multiply or divide fewer numbers')
  const type = scale === 0 ? 'integer' : 'decimal'
  const sides = name === '+' || name === '-' ? [rescale(a, finer), rescale(b, finer)] : [a, b]
  return computableOnly(call(name, sides, type, scale, at), reading)
}

export function computableOnly<T extends Expression>(expression: T, reading: Reading): T {
  const intervals = [expression, ...(expression.kind === 'call' ? expression.args : [])]
    .filter(isNumber)
    .map((part) => intervalOf(part, reading.catalogue))
  if (expression.kind === 'call' && expression.name === '/') intervals.push(dividend(expression, reading.catalogue))
  if (!intervals.every((interval) => within(interval, computable)))
    stop(
      'query.not_supported',
      'the number could become too large to compute exactly',
      expression.at ?? reading.places.ofOffset(0),
      'use columns with declared bounds, or fewer factors',
    )
  return expression
}
