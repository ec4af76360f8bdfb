import type { Position } from '../../base/refusal.ts'
import { call, literal, rescale } from '../expression.ts'
import type { Expression } from '../query.ts'
import { listOf, type Node, namesOf, notSupported, onlyFields, placeOf, type Reading, stop } from './ast.ts'
import { readCalendar } from './calendar.ts'
import { conditional, dateOf, extractedSpan, ifMissing, safeDivide, toDate, wholeQuotient } from './dialects.ts'
import { functionHint } from './hints.ts'
import { arithmetic, computableOnly } from './numbers.ts'
import { toChar } from './to-char.ts'
import { requireNumber, requireText, unify } from './types.ts'

/** A column may stand at most so many times in one text that is put together: what the engine builds stays small whatever the rows hold. */
const maxParts = 32
const maxPower = 8n
const maxBuckets = 1_000n

export interface Given {
  readonly name: string
  readonly args: readonly Expression[]
  readonly at: Position
  readonly reading: Reading
}
type Reader = (given: Given) => Expression

/** Functions of one row by every name that PostgreSQL's parser gives them. All are total; what is not here is refused. */
const readers: Readonly<Record<string, Reader>> = {
  abs: (given) => numeric(given, ([x]) => call('abs', [x], x.type, x.scale, given.at)),
  sign: (given) => numeric(given, ([x]) => call('sign', [x], 'integer', 0, given.at)),
  floor: (given) => numeric(given, ([x]) => rounded('floor', x, 0, given.at)),
  ceil: (given) => numeric(given, ([x]) => rounded('ceil', x, 0, given.at)),
  ceiling: (given) => numeric(given, ([x]) => rounded('ceil', x, 0, given.at)),
  round: (given) => toDecimals('round', given),
  trunc: (given) => toDecimals('trunc', given),
  mod: (given) => numeric(given, ([a, b]) => remainder(a, b as Expression, given.at), 2),
  power,
  pow: power,
  width_bucket: widthBucket,
  lower: (given) => textual(given, ([x]) => call('lower', [x], 'text', 0, given.at)),
  upper: (given) => textual(given, ([x]) => call('upper', [x], 'text', 0, given.at)),
  ...both(['length', 'char_length', 'character_length'], (given) =>
    textual(given, ([x]) => call('length', [x], 'integer', 0, given.at)),
  ),
  ...both(['btrim', 'trim'], (given) => trimmed('trim', given)),
  ltrim: (given) => trimmed('ltrim', given),
  rtrim: (given) => trimmed('rtrim', given),
  ...both(['substring', 'substr'], substring),
  left: (given) => side('left', given),
  right: (given) => side('right', given),
  ...both(['position', 'strpos'], (given) =>
    textual(given, (args) => call('position', args, 'integer', 0, given.at), 2),
  ),
  starts_with: (given) =>
    textual(given, ([x, prefix]) => call('starts_with', [x, prefix as Expression], 'boolean', 0, given.at), 2),
  replace,
  concat: (given) =>
    concatenation(
      given.args.map((arg) => call('coalesce', [arg, literal('', 'text')], 'text')),
      given.at,
      given.reading,
    ),
  split_part: splitPart,
  lpad: (given) => padded('lpad', given),
  rpad: (given) => padded('rpad', given),
  ...both(['if', 'iif', 'iff'], (given) => conditional(given)),
  ...both(['ifnull', 'nvl'], (given) => ifMissing(given)),
  safe_divide: (given) => safeDivide(given),
  div: (given) => wholeQuotient(given),
  ...both(['date', 'make_date'], (given) => dateOf(given)),
  to_date: (given) => toDate(given),
  to_char: (given) => toChar(given),
  ...both(['date_trunc', 'date_part', 'extract'], (given) => {
    const [unit, value] = exactly(given, 2)
    const span = given.name === 'date_trunc' ? undefined : extractedSpan(unit, value as Expression, given)
    if (span) return span
    return readCalendar(given.name === 'date_trunc' ? 'date_trunc' : 'extract', unit, value as Expression, given.at)
  }),
}

export function readFunction(node: Node, read: (part: unknown) => Expression, reading: Reading): Expression {
  const names = namesOf(node.body.funcname)
  const name = names.at(-1) ?? ''
  const at = placeOf(node, reading)
  if (node.body.over !== undefined) return notSupported(node, reading, 'FuncCall.over')
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined
  if (!reader || names.length > 2 || (names.length === 2 && names[0] !== 'pg_catalog'))
    stop('query.function_not_allowed', `${name.slice(0, 60)}() is not answered here`, at, functionHint(name))
  onlyFields(node, ['funcname', 'args', 'funcformat', 'location'], reading)
  return reader({ name, args: listOf(node.body.args).map(read), at, reading })
}

function both(names: readonly string[], reader: Reader): Record<string, Reader> {
  return Object.fromEntries(names.map((name) => [name, reader]))
}

export function exactly({ name, args, at }: Given, count: number): readonly [Expression, ...Expression[]] {
  if (args.length !== count) wrongArguments(name, `${count} argument${count === 1 ? '' : 's'}`, at)
  return args as unknown as readonly [Expression, ...Expression[]]
}

function numeric(
  given: Given,
  make: (args: readonly [Expression, ...Expression[]]) => Expression,
  count = 1,
): Expression {
  const args = exactly(given, count)
  for (const arg of args) requireNumber(arg, given.name.toUpperCase(), given.at)
  return computableOnly(make(args), given.reading)
}

function textual(
  given: Given,
  make: (args: readonly [Expression, ...Expression[]]) => Expression,
  count = 1,
): Expression {
  const args = exactly(given, count)
  for (const arg of args) requireText(arg, given.at)
  return make(args)
}

/** A number on a coarser grid; already there, it stays as it is. */
export function rounded(
  name: 'floor' | 'ceil' | 'round' | 'trunc',
  x: Expression,
  scale: number,
  at: Position,
): Expression {
  if (x.scale < scale) return rescale(x, scale)
  return x.scale === scale ? x : call(name, [x], scale === 0 ? 'integer' : 'decimal', scale, at)
}

/** ROUND(x) and ROUND(x, 2), halves away from zero; TRUNC towards zero. */
function toDecimals(name: 'round' | 'trunc', given: Given): Expression {
  const [x, digits] = given.args
  if (!x || given.args.length > 2) return wrongArguments(name, '1 or 2 arguments', given.at)
  requireNumber(x, name.toUpperCase(), given.at)
  const scale = digits === undefined ? 0n : wholeLiteral(digits, 0n, 9n, 'a number of decimals', given.at)
  return computableOnly(rounded(name, x, Number(scale), given.at), given.reading)
}

export function remainder(a: Expression, b: Expression, at: Position): Expression {
  const scale = Math.max(a.scale, b.scale)
  const type = scale === 0 ? 'integer' : 'decimal'
  return call('mod', [rescale(a, scale), rescale(b, scale)], type, scale, at)
}

/** x to a whole literal power is a product. */
function power(given: Given): Expression {
  const [x, exponent] = exactly(given, 2)
  requireNumber(x, 'POWER', given.at)
  const times = wholeLiteral(exponent as Expression, 0n, maxPower, 'an exponent', given.at)
  let product: Expression = literal('1', 'integer', 0, given.at)
  for (let count = 0n; count < times; count++)
    product = count === 0n ? x : arithmetic('*', product, x, given.at, given.reading)
  return product
}

/** WIDTH_BUCKET(x, low, high, n): 0 below low, n + 1 from high on. All but x are literals, so the buckets are public. */
function widthBucket(given: Given): Expression {
  const [x, low, high, count] = exactly(given, 4) as readonly [Expression, Expression, Expression, Expression]
  const buckets = wholeLiteral(count, 1n, maxBuckets, 'a number of buckets', given.at)
  const { values } = unify([x, low, high], given.at)
  const [value, from, to] = values as [Expression, Expression, Expression]
  requireNumber(value, 'WIDTH_BUCKET', given.at)
  const ends = [from, to].map((end) => (end.kind === 'literal' && end.value !== null ? BigInt(end.value) : undefined))
  if (ends[0] === undefined || ends[1] === undefined || ends[0] >= ends[1])
    stop(
      'query.type_mismatch',
      'WIDTH_BUCKET takes two literal ends, the lower one first',
      given.at,
      'for example WIDTH_BUCKET(x, 0, 100, 10)',
    )
  const made = call('width_bucket', [value, from, to, literal(`${buckets}`, 'integer')], 'integer', 0, given.at)
  return computableOnly(made, given.reading)
}

function trimmed(name: 'trim' | 'ltrim' | 'rtrim', given: Given): Expression {
  const [x, characters = literal(' ', 'text')] = given.args
  if (!x || given.args.length > 2) return wrongArguments(given.name, '1 or 2 arguments', given.at)
  for (const arg of given.args) requireText(arg, given.at)
  if (characters.kind !== 'literal') return literalOnly('the characters to trim', given.at)
  return call(name, [x, characters], 'text', 0, given.at)
}

/** SUBSTRING(x FROM 1 FOR 3): whole literals from 1 on, so that no engine counts from the end. */
function substring(given: Given): Expression {
  const [x, from, length] = given.args
  if (!x || !from || given.args.length > 3) return wrongArguments(given.name, '2 or 3 arguments', given.at)
  requireText(x, given.at)
  wholeLiteral(from, 1n, 10_000n, 'a place from 1 on', given.at)
  if (length) wholeLiteral(length, 0n, 10_000n, 'a length', given.at)
  return call('substring', given.args, 'text', 0, given.at)
}

function side(name: 'left' | 'right', given: Given): Expression {
  const [x, length] = exactly(given, 2)
  requireText(x, given.at)
  wholeLiteral(length as Expression, 0n, 10_000n, 'a length', given.at)
  return call(name, [x, length as Expression], 'text', 0, given.at)
}

/** The new text is no longer than the old one: then the result is no longer than the column. */
function replace(given: Given): Expression {
  const [x, old, fresh] = exactly(given, 3) as readonly [Expression, Expression, Expression]
  for (const arg of given.args) requireText(arg, given.at)
  if (old.kind !== 'literal' || fresh.kind !== 'literal')
    return literalOnly('what REPLACE takes out and puts in', given.at)
  const lengths = [old, fresh].map((part) => [...(part.value ?? '')].length) as [number, number]
  if (lengths[0] === 0 || lengths[1] > lengths[0] * 4)
    stop(
      'query.not_supported',
      'REPLACE with a much longer text is not answered',
      given.at,
      'the new text may be up to four times as long as the old one, which is not empty',
    )
  return limited(call('replace', [x, old, fresh], 'text', 0, given.at), given.at, given.reading)
}

/** SPLIT_PART(x, ',', 2): the part between separators, an empty text where there is none. */
function splitPart(given: Given): Expression {
  const [x, separator, place] = exactly(given, 3) as readonly [Expression, Expression, Expression]
  for (const arg of [x, separator]) requireText(arg, given.at)
  if (separator.kind !== 'literal' || separator.value === '') return literalOnly('what SPLIT_PART splits at', given.at)
  wholeLiteral(place, 1n, 1_000n, 'a part from 1 on', given.at)
  return call('split_part', given.args, 'text', 0, given.at)
}

/** LPAD(x, 8, '0'): exactly so many characters, cut off on the right where there are more. */
function padded(name: 'lpad' | 'rpad', given: Given): Expression {
  const [x, width, fill = literal(' ', 'text')] = given.args
  if (!x || !width || given.args.length > 3) return wrongArguments(name, '2 or 3 arguments', given.at)
  requireText(x, given.at)
  requireText(fill, given.at)
  wholeLiteral(width, 0n, 256n, 'a length', given.at)
  if (fill.kind !== 'literal' || fill.value === '') return literalOnly('what a text is filled up with', given.at)
  return call(name, [x, width, fill], 'text', 0, given.at)
}

/** a || b: missing when a part is. CONCAT reads a missing part as an empty text. */
export function concatenation(parts: readonly Expression[], at: Position, reading: Reading): Expression {
  for (const part of parts) requireText(part, at)
  if (parts.length === 0) return wrongArguments('concat', '1 argument or more', at)
  return limited(call('concat', parts, 'text', 0, at), at, reading)
}

function limited(made: Expression, at: Position, reading: Reading): Expression {
  if (partsOf(made, reading) > maxParts)
    stop('query.too_deep', 'the text that is put together could become too long', at, 'put fewer parts together')
  return made
}

/** How many times the longest column, at most, a text is long. */
export function partsOf(of: Expression, reading: Reading): number {
  if (of.kind === 'column') return reading.shared.parts.get(`${of.table}.${of.column}`) ?? 1
  if (of.kind !== 'call' || of.type !== 'text') return 1
  const parts = of.args.filter((arg) => arg.type === 'text').map((arg) => partsOf(arg, reading))
  if (of.name === 'concat') return parts.reduce((sum, part) => sum + part, 0)
  return (of.name === 'replace' ? 4 : 1) * Math.max(1, ...parts)
}

export function wholeLiteral(value: Expression, least: bigint, most: bigint, what: string, at: Position): bigint {
  const whole = value.kind === 'literal' && value.type === 'integer' ? BigInt(value.value ?? '-1') : undefined
  if (whole === undefined || whole < least || whole > most)
    stop('query.type_mismatch', `${what} is a literal from ${least} to ${most}`, value.at ?? at, 'write a whole number')
  return whole
}

const literalOnly = (what: string, at: Position): never =>
  stop('query.not_supported', `${what} must be a literal text`, at, 'write it in single quotes')

const wrongArguments = (name: string, count: string, at: Position): never =>
  stop('query.type_mismatch', `${name}() takes ${count}`, at, 'see docs/sql.md')
