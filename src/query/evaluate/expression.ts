import { unreachable } from '../../base/assert.ts'
import { ceilDiv, floorDiv, isqrt } from '../../base/integer.ts'
import {
  add,
  approximate,
  compare,
  decimalText,
  divide,
  multiply,
  parseRational,
  type Rational,
  rational,
  subtract,
} from '../../base/rational.ts'
import type { GroupKey, NoisyExpression } from '../query.ts'
import { limitText, missing, type NumberValue, roundTo, type Value, z95 } from './value.ts'

/** What a measure tells: its count, sum or average, and its variances where three moments are released. */
export interface Measured {
  readonly value: Value
  readonly var_pop?: Value | undefined
  readonly var_samp?: Value | undefined
  /** Of a distribution: its quantile at a share. */
  readonly quantile?: ((p: number) => Value) | undefined
  /** Of a distribution: people, or percent of them, with at most a value in grid units. */
  readonly atMost?: ((units: bigint, percent: boolean) => Value) | undefined
  /** Of cells: the people under one of the conditions. */
  readonly people?: ((condition: number) => Value) | undefined
}

export interface Cell {
  readonly groups: readonly GroupKey[]
  readonly keys: readonly (string | null)[]
  readonly measured: readonly Measured[]
  /** Standard deviation of each channel's noise. */
  readonly deviations: readonly number[]
}

type Call = Extract<NoisyExpression, { kind: 'call' }>

const maxScale = 12

/** Arithmetic on released values with SQL's rules for null; numbers are exact rationals, their noise is carried along to first order. */
export function evaluateExpression(expression: NoisyExpression, cell: Cell): Value {
  switch (expression.kind) {
    case 'measure':
      return measured(cell.measured[expression.index], expression)
    case 'group':
      return groupValue(cell.groups[expression.index] as GroupKey, cell.keys[expression.index] ?? null)
    case 'number':
      return constant(expression.text)
    case 'text':
      return { kind: 'text', value: expression.text }
    case 'boolean':
      return { kind: 'boolean', value: expression.value }
    case 'null':
      return missing
    case 'call':
      return evaluateCall(expression, cell)
  }
}

function measured(
  of: Measured | undefined,
  { statistic, quantile, condition, atMost }: Extract<NoisyExpression, { kind: 'measure' }>,
): Value {
  if (atMost !== undefined) return of?.atMost?.(BigInt(atMost.units), atMost.percent) ?? missing
  if (condition !== undefined) return of?.people?.(condition) ?? missing
  if (quantile !== undefined) return of?.quantile?.(Number(quantile)) ?? missing
  return of?.[statistic ?? 'value'] ?? missing
}

function groupValue(group: GroupKey, key: string | null): Value {
  if (key === null) return missing
  // Keys are texts as the engine prints them: numbers in units of their grid, of which only open keys can have one finer than whole numbers.
  if (group.type === 'integer' || group.type === 'decimal')
    return constant(decimalText(BigInt(key), group.expression.scale))
  return group.type === 'boolean' ? { kind: 'boolean', value: key === 'true' } : { kind: 'text', value: key }
}

function constant(text: string): Value {
  const exact = parseRational(text)
  if (!exact) return missing
  return { kind: 'number', exact, scale: text.split('.')[1]?.length ?? 0, slopes: new Map(), half: 0 }
}

function evaluateCall(call: Call, cell: Cell): Value {
  const values = call.args.map((arg) => evaluateExpression(arg, cell))
  const [a, b] = values as [Value, Value]
  switch (call.name) {
    case 'and':
    case 'or':
      return connected(values, call.name === 'or')
    case 'not':
      return a.kind === 'boolean' ? truth(!a.value) : missing
    case 'is_null':
      return truth(a.kind === 'null')
    case 'is_not_null':
      return truth(a.kind !== 'null')
    case 'case':
      return chosen(values)
    case 'coalesce':
      return values.find((value) => value.kind !== 'null') ?? missing
    case 'greatest':
    case 'least':
      return extreme(values, call.name === 'greatest' ? 1 : -1)
    case 'nullif':
      return a.kind !== 'null' && b.kind !== 'null' && ordered(a, b) === 0 ? missing : a
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return a.kind === 'null' || b.kind === 'null' ? missing : truth(holds(call.name, ordered(a, b)))
    case '+':
    case '-':
    case '*':
    case '/':
    case 'negate':
    case 'abs':
    case 'floor':
    case 'ceil':
    case 'trunc':
    case 'mod':
    case 'power':
    case 'sqrt':
    case 'round': {
      if (values.some((value) => value.kind !== 'number')) return missing
      return arithmetic(call.name, values as NumberValue[], cell.deviations)
    }
    default:
      return unreachable(call.name)
  }
}

const truth = (value: boolean): Value => ({ kind: 'boolean', value })

/** Three-valued AND and OR: the deciding value wins over null. */
function connected(values: readonly Value[], deciding: boolean): Value {
  if (values.some((value) => value.kind === 'boolean' && value.value === deciding)) return truth(deciding)
  return values.some((value) => value.kind === 'null') ? missing : truth(!deciding)
}

function extreme(values: readonly Value[], sign: 1 | -1): Value {
  return values
    .filter((value) => value.kind !== 'null')
    .reduce<Value>((best, value) => (best.kind === 'null' || sign * ordered(value, best) > 0 ? value : best), missing)
}

function ordered(a: Value, b: Value): number {
  if (a.kind === 'number' && b.kind === 'number') return compare(a.exact, b.exact)
  const left = 'value' in a ? a.value : ''
  const right = 'value' in b ? b.value : ''
  return left < right ? -1 : left > right ? 1 : 0
}

function holds(name: '=' | '<>' | '<' | '<=' | '>' | '>=', order: number): boolean {
  if (name === '=') return order === 0
  if (name === '<>') return order !== 0
  if (name === '<') return order < 0
  if (name === '<=') return order <= 0
  return name === '>' ? order > 0 : order >= 0
}

type Arithmetic =
  | '+'
  | '-'
  | '*'
  | '/'
  | 'negate'
  | 'abs'
  | 'round'
  | 'floor'
  | 'ceil'
  | 'trunc'
  | 'mod'
  | 'power'
  | 'sqrt'

function arithmetic(name: Arithmetic, [a, b]: readonly NumberValue[], deviations: readonly number[]): Value {
  const x = a as NumberValue
  const y = b as NumberValue
  switch (name) {
    case '+':
      return number(add(x.exact, y.exact), Math.max(x.scale, y.scale), combined(x, 1, y, 1), deviations)
    case '-':
      return number(subtract(x.exact, y.exact), Math.max(x.scale, y.scale), combined(x, 1, y, -1), deviations)
    case '*':
      return number(
        multiply(x.exact, y.exact),
        Math.min(x.scale + y.scale, maxScale),
        combined(x, approximate(y.exact), y, approximate(x.exact)),
        deviations,
      )
    case '/': {
      if (y.exact.n === 0n) return missing
      const quotient = divide(x.exact, y.exact)
      const divisor = approximate(y.exact)
      return number(
        quotient,
        Math.min(Math.max(x.scale, y.scale) + 6, maxScale),
        combined(x, 1 / divisor, y, -approximate(quotient) / divisor),
        deviations,
      )
    }
    case 'negate':
      return number(subtract(rational(0n), x.exact), x.scale, combined(x, -1), deviations)
    case 'abs':
      return x.exact.n < 0n
        ? number(subtract(rational(0n), x.exact), x.scale, combined(x, -1), deviations)
        : number(x.exact, x.scale, x.slopes, deviations)
    case 'floor':
      return number(rational(floorDiv(x.exact.n, x.exact.d)), 0, x.slopes, deviations)
    case 'ceil':
      return number(rational(ceilDiv(x.exact.n, x.exact.d)), 0, x.slopes, deviations)
    case 'sqrt':
      return rooted(x, deviations)
    case 'power':
      return raised(x, Number(y.exact.n), deviations)
    case 'mod': {
      if (y.exact.n === 0n) return missing
      const times = truncated(divide(x.exact, y.exact))
      const whole = number(rational(times), 0, new Map(), deviations) as NumberValue
      return arithmetic('-', [x, arithmetic('*', [y, whole], deviations) as NumberValue], deviations)
    }
    case 'trunc': {
      const digits = y === undefined ? 0 : Number(y.exact.n)
      const unit = rational(10n ** BigInt(digits))
      return number(divide(rational(truncated(multiply(x.exact, unit))), unit), digits, x.slopes, deviations)
    }
    case 'round': {
      const digits = y === undefined ? 0 : Number(y.exact.n)
      const rounded = rational(roundTo(x.exact, digits), 10n ** BigInt(digits))
      return number(rounded, digits, x.slopes, deviations)
    }
  }
}

/** Towards zero. */
const truncated = ({ n, d }: Rational): bigint => n / d

/** To a whole power from 0 to 8. */
function raised(x: NumberValue, exponent: number, deviations: readonly number[]): Value {
  const one = number(rational(1n), 0, new Map(), deviations) as NumberValue
  return Array.from({ length: exponent }).reduce<NumberValue>(
    (product) => arithmetic('*', [product, x], deviations) as NumberValue,
    one,
  )
}

/** The root of a number; a noisy number below 0, where none is, counts as 0. */
export function rooted(x: NumberValue, deviations: readonly number[]): Value {
  const scale = Math.min(x.scale + 6, maxScale)
  const value = x.exact.n <= 0n ? 0n : isqrt((x.exact.n * 100n ** BigInt(scale)) / x.exact.d)
  const root = rational(value, 10n ** BigInt(scale))
  // Near 0 the slope has no bound; the root of the noise itself is how far off it may be.
  const spread = Math.max(approximate(root), Math.sqrt(x.half), Number.MIN_VALUE)
  return number(root, scale, combined(x, 1 / (2 * spread)), deviations)
}

/** The result of the first condition that is true; the last one is ELSE when their number is odd. */
function chosen(values: readonly Value[]): Value {
  for (let index = 0; index + 1 < values.length; index += 2) {
    const condition = values[index] as Value
    if (condition.kind === 'boolean' && condition.value) return values[index + 1] as Value
  }
  return values.length % 2 === 1 ? (values.at(-1) as Value) : missing
}

/** Derivatives of f(x, y) by each channel, given its derivatives by x and y. */
function combined(x: NumberValue, dx: number, y?: NumberValue, dy = 0): ReadonlyMap<number, number> {
  const slopes = new Map<number, number>()
  for (const [channel, slope] of x.slopes) slopes.set(channel, slope * dx)
  for (const [channel, slope] of y?.slopes ?? []) slopes.set(channel, (slopes.get(channel) ?? 0) + slope * dy)
  return slopes
}

/** A computed number; its variance is Σ slope² · σ² over independent channels. */
function number(
  exact: Rational,
  scale: number,
  slopes: ReadonlyMap<number, number>,
  deviations: readonly number[],
): NumberValue {
  if (slopes.size === 0) return { kind: 'number', exact, scale, slopes, half: 0 }
  let variance = 0
  for (const [channel, slope] of slopes) variance += (slope * (deviations[channel] ?? 0)) ** 2
  const half = z95 * Math.sqrt(variance)
  const value = approximate(exact)
  const shown = decimals(scale)
  return {
    kind: 'number',
    exact,
    scale,
    slopes,
    half,
    interval: { low: limitText(value - half, shown), high: limitText(value + half, shown), method: 'approximate' },
  }
}

/** Intervals of whole numbers show a decimal: their ends are not whole. */
const decimals = (scale: number): number => (scale === 0 ? 1 : scale)
