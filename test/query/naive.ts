import { createHash } from 'node:crypto'
import { boundGrid } from '../../src/base/bound-grid.ts'
import { isqrt } from '../../src/base/integer.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import { channelsIn } from '../../src/query/moments.ts'
import { catalogueOf, type Expression, type Measure, type Query } from '../../src/query/query.ts'
import type { Cell, Data, Row } from './engine.ts'
import { derivedRows, joinedRows } from './naive-derived.ts'
import { evaluate, type Joined, type Value } from './naive-expression.ts'

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
  const tables = catalogueOf(query, catalogue)
  const whole = derivedRows(query, tables, data, purposeBit)
  const people = new Map<bigint, Map<string, { keys: (string | null)[]; rows: Joined[] }>>()
  for (const joined of joinedRows(query.source, tables, whole, purposeBit)) {
    const value = (expression: Expression) => evaluate(expression, joined, tables)
    if (query.where && value(query.where) !== true) continue
    const keys = query.groups.map((group) => (group.domain ? keyText : openText)(value(group.expression)))
    if (!keys.every((key, index) => isKey(query.groups[index]?.domain, key))) continue
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
      tables,
      ordered.map((group) => group.rows),
    )
    for (const [index, group] of ordered.entries()) {
      const name = JSON.stringify(group.keys)
      const total = totals.get(name) ?? { keys: group.keys, values: vectors[0]?.map(() => 0n) ?? [] }
      totals.set(name, total)
      total.values = total.values.map((value, channel) => value + (vectors[index]?.[channel] ?? 0n))
    }
  }
  countDistinct(query, tables, people, totals, salt)
  const { selection } = query
  if (!selection) return [...totals.values()]
  // Of open keys, a group in which nobody counts is none.
  const count = query.measures.slice(0, selection.measure).reduce((sum, measure) => sum + channelsIn(measure), 0)
  return [...totals.values()].filter(({ values }) => (values[count] ?? 0n) > 0n)
}

const openText = (value: Value): string | null => keyText(typeof value === 'string' ? value.normalize('NFC') : value)
const isKey = (domain: readonly (string | null)[] | undefined, key: string | null): boolean =>
  domain ? domain.includes(key) : key === null || Buffer.byteLength(key) <= 256

type People = ReadonlyMap<bigint, ReadonlyMap<string, { keys: (string | null)[]; rows: Joined[] }>>

/** Different values of all people together, of each person the first pairs of group and value in salted-hash order. */
function countDistinct(
  query: Query,
  catalogue: Catalogue,
  people: People,
  totals: Map<string, { keys: (string | null)[]; values: bigint[] }>,
  salt: string,
): void {
  let channel = 0
  for (const measure of query.measures) {
    const at = channel
    channel += channelsIn(measure)
    if (measure.kind !== 'distinct') continue
    const found = new Map<string, Set<string>>()
    for (const [person, groups] of people) {
      const pairs = new Map<string, { name: string; value: string; hash: string }>()
      for (const [name, { keys, rows }] of groups)
        for (const row of rows) {
          const value = evaluate(measure.of, row, catalogue)
          if (value === null) continue
          const hash = place(salt, person, [...keys, String(value)])
          pairs.set(hash, { name, value: String(value), hash })
        }
      const kept = [...pairs.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, Number(measure.maxValues))
      for (const { name, value } of kept) found.set(name, (found.get(name) ?? new Set()).add(value))
    }
    for (const [name, values] of found) {
      const total = totals.get(name)
      if (total) total.values[at] = BigInt(values.size)
    }
  }
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
    case 'bound':
      return groups.map((rows) => {
        const total = read(rows, measure.of).reduce((sum, value) => sum + (value < 0n ? -value : value), 0n)
        return boundGrid(measure.declared).map((edge) => (total > edge ? 1n : 0n))
      })
    case 'mean':
      return groups.map((rows) => {
        const values = read(rows, measure.of).map((value) => value - measure.centre)
        const n = BigInt(values.length)
        used += n > 0n ? 1n : 0n
        if (n === 0n || used > measure.maxGroups) return [0n, 0n]
        const s = values.reduce((sum, value) => sum + value, 0n)
        const mean = (2n * (s < 0n ? -s : s) + n) / (2n * n)
        return [1n, s < 0n ? -mean : mean]
      })
    case 'cells':
      return groups.map((rows) => {
        const met = measure.conditions.map((condition) =>
          rows.some((row) => evaluate(condition, row, catalogue) === true),
        )
        const vector = met.reduce((bits, is, index) => (is ? bits | (1n << BigInt(index)) : bits), 0n)
        return measure.vectors.map((one) => (one === vector ? 1n : 0n))
      })
    case 'distinct':
      return groups.map(() => [0n])
    case 'distribution':
      return groups.map((rows) => {
        const values = read(rows, measure.of).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
        const here = values.length > 0 ? 1n : 0n
        used += here
        const middle = values[Math.ceil(values.length / 2) - 1] ?? 0n
        const place = (middle - measure.low) / measure.step
        return Array.from({ length: measure.bins }, (_, i) =>
          here === 1n && used <= measure.maxGroups && place === BigInt(i) ? 1n : 0n,
        )
      })
    case 'average':
    case 'variance':
      return groups.map((rows) => {
        const values = read(rows, measure.of).map((value) => value - measure.centre)
        const n = BigInt(values.length)
        const s = values.reduce((sum, value) => sum + value, 0n)
        const kept = least(n, measure.maxRows)
        const scaled = n > measure.maxRows ? (s * measure.maxRows) / n : s
        const limit = kept * measure.halfRange
        used += kept * kept
        if (used > measure.maxRows * measure.maxRows) return measure.kind === 'average' ? [0n, 0n] : [0n, 0n, 0n]
        const sum = scaled > limit ? limit : scaled < -limit ? -limit : scaled
        if (measure.kind === 'average') return [kept, sum]
        const half = (measure.halfRange * measure.halfRange) / 2n
        const squares = values.reduce((total, value) => total + value * value - half, 0n)
        return [kept, sum, n > measure.maxRows ? (squares * measure.maxRows) / n : squares]
      })
  }
}

const keyText = (value: Value): string | null => (value === null ? null : String(value))
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

function place(salt: string, person: bigint, keys: readonly (string | null)[]): string {
  const text = keys.map((key) => (key === null ? 'n' : `${[...key].length}:${key}`)).join('')
  return createHash('md5').update(`${salt}|${person}|${text}`).digest('hex')
}
