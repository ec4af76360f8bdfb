import { createHash } from 'node:crypto'
import { isqrt } from '../../src/base/integer.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import type { Expression, Measure, Query } from '../../src/query/query.ts'
import type { Cell, Data, Row } from './engine.ts'

/**
 * The meaning of a query, written a second time without an engine: nested loops over rows, expressions by hand, bounding by the words of the
 * specification in BigInt. Slow and plain on purpose.
 */
export function naive(
  query: Query,
  catalogue: Catalogue,
  data: Data,
  purposeBit: number,
  salt: string,
): readonly Cell[] {
  const people = new Map<bigint, Map<string, { keys: (string | null)[]; rows: Joined[] }>>()
  for (const joined of joinedRows(query, data, purposeBit)) {
    const value = (expression: Expression) => evaluate(expression, joined, catalogue)
    if (query.where && value(query.where) !== true) continue
    const keys = query.groups.map((group) => keyText(value(group.expression)))
    if (!keys.every((key, index) => query.groups[index]?.domain.includes(key))) continue
    const person = (joined.t0 as Row)._person as bigint
    const groups = people.get(person) ?? new Map()
    people.set(person, groups)
    const name = JSON.stringify(keys)
    const group = groups.get(name) ?? { keys, rows: [] }
    groups.set(name, group)
    group.rows.push(joined)
  }
  const totals = new Map<string, { keys: (string | null)[]; values: bigint[] }>()
  for (const [person, groups] of people) {
    const ordered = [...groups.values()].sort((a, b) =>
      place(salt, person, a.keys) < place(salt, person, b.keys) ? -1 : 1,
    )
    const vectors = bounded(
      query,
      catalogue,
      ordered.map((group) => group.rows),
    )
    for (const [index, group] of ordered.entries()) {
      const name = JSON.stringify(group.keys)
      const total = totals.get(name) ?? { keys: group.keys, values: vectors[0]?.map(() => 0n) ?? [] }
      totals.set(name, total)
      total.values = total.values.map((value, channel) => value + (vectors[index]?.[channel] ?? 0n))
    }
  }
  return [...totals.values()]
}

type Joined = Readonly<Record<string, Row | undefined>>
type Value = bigint | string | boolean | null

function joinedRows(query: Query, data: Data, bit: number): Joined[] {
  let rows: Joined[] = [{}]
  for (const { table, alias, private: isPrivate, join } of query.source.tables) {
    const candidates = (data[table] ?? []).filter(
      (row) => !isPrivate || (BigInt(row._mask as bigint) & (1n << BigInt(bit))) !== 0n,
    )
    rows = rows.flatMap((row) => {
      const matches = candidates.filter((candidate) => {
        if (join?.on.kind !== 'call') return true
        const sides = join.on.args.map((side) => {
          if (side.kind !== 'column') return null
          const from = side.alias === alias ? candidate : row[side.alias]
          return from === undefined ? null : ((isPrivate ? from._person : from[side.column]) ?? null)
        })
        return sides[0] !== null && sides[0] === sides[1]
      })
      if (matches.length === 0 && join?.type === 'left') return [{ ...row, [alias]: undefined }]
      return matches.map((match) => ({ ...row, [alias]: match }))
    })
  }
  return rows
}

type Groups = readonly (readonly Joined[])[]

/** One list of channels for each group of one person. */
function bounded(query: Query, catalogue: Catalogue, groups: Groups): bigint[][] {
  const columns = query.measures.map((measure) => boundedMeasure(measure, catalogue, groups))
  return groups.map((_, index) => columns.flatMap((column) => column[index] ?? []))
}

function boundedMeasure(measure: Measure, catalogue: Catalogue, groups: Groups): bigint[][] {
  const read = (rows: readonly Joined[], expression: Expression): bigint[] =>
    rows.map((row) => evaluate(expression, row, catalogue)).filter((value) => typeof value === 'bigint')
  const filtered = (rows: readonly Joined[]): bigint => {
    const filter = 'filter' in measure ? measure.filter : undefined
    return BigInt(filter ? rows.filter((row) => evaluate(filter, row, catalogue) === true).length : rows.length)
  }
  let used = 0n
  switch (measure.kind) {
    case 'rows':
      return groups.map((rows) => {
        const value = least(filtered(rows), measure.maxRows)
        used += value * value
        return [used <= measure.maxRows * measure.maxRows ? value : 0n]
      })
    case 'persons':
      return groups.map((rows) => {
        const here = filtered(rows) > 0n ? 1n : 0n
        used += here
        return [used <= measure.maxGroups ? here : 0n]
      })
    case 'sum': {
      const sums = groups.map((rows) => read(rows, measure.of).reduce((sum, value) => sum + value, 0n))
      const norm = sums.reduce((sum, value) => sum + value * value, 0n)
      if (norm <= measure.maxSum * measure.maxSum) return sums.map((value) => [value])
      const root = isqrt(norm)
      const up = root * root === norm ? root : root + 1n
      return sums.map((value) => [value < 0n ? -((-value * measure.maxSum) / up) : (value * measure.maxSum) / up])
    }
    case 'average':
      return groups.map((rows) => {
        const values = read(rows, measure.of).map((value) => value - measure.centre)
        const n = BigInt(values.length)
        const s = values.reduce((sum, value) => sum + value, 0n)
        const kept = least(n, measure.maxRows)
        const scaled = n > measure.maxRows ? (s * measure.maxRows) / n : s
        const limit = kept * measure.halfRange
        used += kept * kept
        if (used > measure.maxRows * measure.maxRows) return [0n, 0n]
        return [kept, scaled > limit ? limit : scaled < -limit ? -limit : scaled]
      })
  }
}

/** SQL's meaning of a row expression: null for what is not known. */
export function evaluate(expression: Expression, row: Joined, catalogue: Catalogue): Value {
  if (expression.kind === 'literal') return literal(expression.value, expression.type)
  if (expression.kind === 'column') return columnValue(expression, row, catalogue)
  const args = expression.args
  const value = (index: number): Value => evaluate(args[index] as Expression, row, catalogue)
  const strict = (compute: (...values: never[]) => Value): Value => {
    const values = args.map((_, index) => value(index))
    return values.includes(null) ? null : compute(...(values as never[]))
  }
  switch (expression.name) {
    case 'and':
    case 'or': {
      const deciding = expression.name === 'or'
      const values = args.map((_, index) => value(index))
      return values.includes(deciding) ? deciding : values.includes(null) ? null : !deciding
    }
    case 'not':
      return strict((a: boolean) => !a)
    case '=':
      return strict((a: Value, b: Value) => a === b)
    case '<>':
      return strict((a: Value, b: Value) => a !== b)
    case '<':
      return strict((a: bigint, b: bigint) => a < b)
    case '<=':
      return strict((a: bigint, b: bigint) => a <= b)
    case '>':
      return strict((a: bigint, b: bigint) => a > b)
    case '>=':
      return strict((a: bigint, b: bigint) => a >= b)
    case 'between':
      return strict((a: bigint, b: bigint, c: bigint) => a >= b && a <= c)
    case 'in':
      return strict((a: Value, ...members: Value[]) => members.includes(a))
    case 'is_null':
      return value(0) === null
    case 'is_true':
      return value(0) === true
    case 'is_false':
      return value(0) === false
    case 'like':
    case 'ilike':
      return strict((a: string, b: string) => like(a, b, expression.name === 'ilike'))
    case '+':
      return strict((a: bigint, b: bigint) => a + b)
    case '-':
      return strict((a: bigint, b: bigint) => a - b)
    case '*':
      return strict((a: bigint, b: bigint) => a * b)
    case '/':
      return strict((a: bigint, b: bigint) =>
        quotient(a, b, expression.scale - (args[0]?.scale ?? 0) + (args[1]?.scale ?? 0)),
      )
    case 'negate':
      return strict((a: bigint) => -a)
    case 'abs':
      return strict((a: bigint) => (a < 0n ? -a : a))
    case 'rescale':
      return strict((a: bigint) => a * 10n ** BigInt(expression.scale - (args[0]?.scale ?? 0)))
    case 'case': {
      for (let index = 0; index + 1 < args.length; index += 2) if (value(index) === true) return value(index + 1)
      return args.length % 2 === 1 ? value(args.length - 1) : null
    }
    case 'coalesce':
      return args.map((_, index) => value(index)).find((found) => found !== null) ?? null
    case 'nullif':
      return value(0) === value(1) ? null : value(0)
    case 'greatest':
    case 'least': {
      const found = args.map((_, index) => value(index)).filter((item) => item !== null) as bigint[]
      return found.reduce<bigint | null>(
        (best, item) => (best === null || (expression.name === 'greatest' ? item > best : item < best) ? item : best),
        null,
      )
    }
    case 'lower':
      return strict((a: string) => a.toLowerCase())
    case 'upper':
      return strict((a: string) => a.toUpperCase())
    case 'length':
      return strict((a: string) => BigInt([...a].length))
    case 'date_trunc':
      return strict((unit: string, a: string) => truncate(unit, a))
    case 'extract':
      return strict((unit: string, a: string) => extract(unit, a))
    case 'to_timestamp':
      return strict((a: string) => `${a} 00:00:00`)
    default:
      throw new Error(`not known here: ${expression.name}`)
  }
}

function columnValue(expression: Expression & { kind: 'column' }, row: Joined, catalogue: Catalogue): Value {
  const table = catalogue.tables.find((candidate) => candidate.name === expression.table)
  const column = table?.columns.find((candidate) => candidate.name === expression.column)
  const from = row[expression.alias]
  const stored = (column?.role === 'person' ? from?._person : from?.[expression.column]) ?? null
  if (typeof stored !== 'bigint' || column?.role === 'person') return stored
  if (column?.minimum !== undefined && stored < column.minimum) return column.minimum
  if (column?.maximum !== undefined && stored > column.maximum) return column.maximum
  return stored
}

function literal(value: string | null, type: string): Value {
  if (value === null) return null
  if (type === 'integer' || type === 'decimal') return BigInt(value)
  return type === 'boolean' ? value === 'true' : value
}

function quotient(a: bigint, b: bigint, shift: number): bigint | null {
  if (b === 0n) return null
  const n = (a < 0n ? -a : a) * 10n ** BigInt(shift)
  const d = b < 0n ? -b : b
  const rounded = (2n * n + d) / (2n * d)
  return a < 0n !== b < 0n ? -rounded : rounded
}

function like(text: string, pattern: string, fold: boolean): boolean {
  const source = [...pattern]
    .map((c) => (c === '%' ? '.*' : c === '_' ? '.' : c.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('')
  return new RegExp(`^${source}$`, fold ? 'isu' : 'su').test(text)
}

function truncate(unit: string, text: string): string {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  if (unit === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  if (unit === 'month' || unit === 'quarter' || unit === 'year') date.setUTCDate(1)
  if (unit === 'quarter') date.setUTCMonth(Math.floor(date.getUTCMonth() / 3) * 3)
  if (unit === 'year') date.setUTCMonth(0)
  return date.toISOString().slice(0, 10)
}

function extract(unit: string, text: string): bigint {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  if (unit === 'year') return BigInt(date.getUTCFullYear())
  if (unit === 'quarter') return BigInt(Math.floor(date.getUTCMonth() / 3) + 1)
  if (unit === 'month') return BigInt(date.getUTCMonth() + 1)
  if (unit === 'day') return BigInt(date.getUTCDate())
  if (unit === 'dow') return BigInt(date.getUTCDay())
  if (unit === 'isodow') return BigInt(date.getUTCDay() || 7)
  if (unit === 'hour') return BigInt(text.slice(11, 13))
  throw new Error(`not known here: ${unit}`)
}

const keyText = (value: Value): string | null => (value === null ? null : String(value))
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

function place(salt: string, person: bigint, keys: readonly (string | null)[]): string {
  const text = keys.map((key) => (key === null ? 'n' : `${[...key].length}:${key}`)).join('')
  return createHash('md5').update(`${salt}|${person}|${text}`).digest('hex')
}
