import type { Catalogue } from '../../src/contract/catalogue.ts'
import type { Branch, Derived, Expression, Feature, Query, Source } from '../../src/query/query.ts'
import type { Data, Row } from './engine.ts'
import { evaluate, type Joined, type Value } from './naive-expression.ts'

/** Sub-queries written a second time: nested loops, lists and sorting; one person's rows after another's. */

export function derivedRows(query: Query, catalogue: Catalogue, data: Data, bit: number): Data {
  const known: Record<string, readonly Row[]> = { ...data }
  for (const derived of query.derived ?? [])
    known[derived.table.name] = derived.branches.flatMap((branch) => branchRows(branch, derived, catalogue, known, bit))
  return known
}

export function joinedRows(source: Source, catalogue: Catalogue, data: Data, bit: number): Joined[] {
  let rows: Joined[] = [{}]
  for (const { table, alias, private: isPrivate, join } of source.tables) {
    const candidates = (data[table] ?? []).filter(
      (row) => !isPrivate || !('_mask' in row) || (BigInt(row._mask as bigint) & (1n << BigInt(bit))) !== 0n,
    )
    rows = rows.flatMap((row) => {
      const matches = candidates.filter(
        (candidate) => !join || evaluate(join.on, { ...row, [alias]: candidate }, catalogue) === true,
      )
      if (matches.length === 0 && join?.type === 'left') return [{ ...row, [alias]: undefined }]
      return matches.map((match) => ({ ...row, [alias]: match }))
    })
  }
  return rows
}

function branchRows(branch: Branch, { table }: Derived, catalogue: Catalogue, data: Data, bit: number): readonly Row[] {
  const read = (expression: Expression, row: Joined): Value => evaluate(expression, row, catalogue)
  const names = table.columns.filter((column) => table.kind === 'public' || column.name !== table.personColumn)
  const first = branch.source.tables[0]?.alias ?? 't0'
  const kept = joinedRows(branch.source, catalogue, data, bit).filter(
    (row) => !branch.where || read(branch.where, row) === true,
  )
  const owner = (row: Joined): bigint | null => (row[first]?._person as bigint | undefined) ?? null
  const named = (person: bigint | null, values: readonly Value[]): Row => ({
    ...Object.fromEntries(names.map((column, index) => [column.name, narrow(values[index] ?? null)])),
    ...(table.kind === 'public' ? {} : { _person: person }),
  })
  const made =
    branch.groupedBy === undefined
      ? kept.map((row) =>
          named(
            owner(row),
            branch.columns.map((feature) =>
              feature.kind === 'row'
                ? read(feature.of, row)
                : windowed(
                    feature as Window,
                    branch,
                    row,
                    kept.filter((other) => owner(other) === owner(row)),
                    read,
                  ),
            ),
          ),
        )
      : [...grouped(branch, kept, owner, read).values()].map((rows) =>
          named(
            rows[0] ? owner(rows[0]) : null,
            branch.columns.map((feature) =>
              feature.kind === 'row'
                ? read(feature.of, rows[0] as Joined)
                : aggregated(feature as Aggregate, rows, read),
            ),
          ),
        )
  if (!branch.distinct) return made
  return [...new Map(made.map((row) => [text(Object.values(row)), row])).values()]
}

type Read = (expression: Expression, row: Joined) => Value
type Window = Extract<Feature, { kind: 'window' }>
type Aggregate = Extract<Feature, { kind: 'aggregate' }>

const text = (values: readonly unknown[]): string =>
  JSON.stringify(values, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
/** What does not fit 64 bits is missing. */
const narrow = (value: Value): Value =>
  typeof value === 'bigint' && (value >= 2n ** 63n || value < -(2n ** 63n)) ? null : value

function grouped(branch: Branch, rows: readonly Joined[], owner: (row: Joined) => bigint | null, read: Read) {
  const groups = new Map<string, Joined[]>()
  // Aggregates of public tables alone without GROUP BY give one row, also of none.
  if (branch.groupedBy === 0 && branch.source.tables.every((table) => !table.private)) groups.set(text([null]), [])
  const keys = branch.columns.slice(0, branch.groupedBy)
  for (const row of rows) {
    const name = text([owner(row), ...keys.map((key) => (key.kind === 'row' ? read(key.of, row) : null))])
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  return groups
}

function aggregated({ name, of, distinct, filter }: Aggregate, rows: readonly Joined[], read: Read): Value {
  const passed = rows.filter((row) => !filter || read(filter, row) === true)
  if (of === undefined) return BigInt(passed.length)
  const present = passed.map((row) => narrow(read(of, row))).filter((value) => value !== null)
  const values = distinct ? [...new Set(present)] : present
  const sum = (values as bigint[]).reduce<bigint>(
    (total, value) => (typeof value === 'bigint' ? total + value : total),
    0n,
  )
  if (name === 'count') return BigInt(values.length)
  if (values.length === 0) return null
  if (name === 'sum') return narrow(sum)
  if (name === 'bool_or') return values.includes(true)
  if (name === 'bool_and') return !values.includes(false)
  if (name === 'avg') {
    const [n, d] = [(sum < 0n ? -sum : sum) * 10_000n, BigInt(values.length)]
    const rounded = (2n * n + d) / (2n * d)
    return narrow(sum < 0n ? -rounded : rounded)
  }
  return values.reduce((best, value) => ((name === 'min') === less(value, best) ? value : best))
}

function windowed(window: Window, branch: Branch, row: Joined, own: readonly Joined[], read: Read): Value {
  const key = (other: Joined): string => text(window.partition.map((part) => read(part, other)))
  const peers = own.filter((other) => key(other) === key(row))
  const asked = (a: Joined, b: Joined): number => {
    for (const { by, descending, nulls } of window.order) {
      const [x, y] = [read(by, a), read(by, b)]
      const missing = (x === null || y === null) && nulls !== undefined
      const order = missing ? placed(x, y) * (nulls === 'first' ? -1 : 1) : placed(x, y) * (descending ? -1 : 1)
      if (order !== 0) return order
    }
    return 0
  }
  const carried = branch.columns.flatMap((feature) => (feature.kind === 'row' ? [feature.of] : []))
  const whole = (a: Joined, b: Joined): number =>
    asked(a, b) || carried.map((of) => placed(read(of, a), read(of, b))).find((order) => order !== 0) || 0
  const value = (other: Joined | undefined): Value => (other && window.of ? narrow(read(window.of, other)) : null)
  const sorted = [...peers].sort(whole)
  const at = sorted.indexOf(row)
  const { frame } = window
  const framed =
    frame && sorted.filter((_, index) => index >= at + (frame.from ?? -1e9) && index <= at + (frame.to ?? 1e9))
  const upTo = framed ?? peers.filter((other) => window.order.length === 0 || asked(other, row) <= 0)
  switch (window.name) {
    case 'row_number':
      return BigInt(at + 1)
    case 'rank':
      return BigInt(peers.filter((other) => asked(other, row) < 0).length + 1)
    case 'dense_rank':
      return BigInt(
        new Set(
          peers
            .filter((other) => asked(other, row) < 0)
            .map((other) => text(window.order.map(({ by }) => read(by, other)))),
        ).size + 1,
      )
    case 'lag':
      return value(sorted[at - window.offset])
    case 'lead':
      return value(sorted[at + window.offset])
    case 'first_value':
      return value(framed ? framed[0] : sorted[0])
    case 'last_value':
      return value(framed ? framed.at(-1) : row)
    case 'ntile': {
      const [size, larger] = [Math.floor(sorted.length / window.offset), sorted.length % window.offset]
      const inLarger = larger * (size + 1)
      const tile = at < inLarger ? Math.floor(at / (size + 1)) : larger + Math.floor((at - inLarger) / size)
      return BigInt(tile + 1)
    }
    default:
      return aggregated(
        { kind: 'aggregate', name: window.name as 'sum', of: window.of, distinct: false, filter: undefined },
        upTo,
        read,
      )
  }
}

const less = (a: Value, b: Value): boolean => placed(a, b) < 0

/** Missing values last; texts by their UTF-8 bytes. */
function placed(a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}
