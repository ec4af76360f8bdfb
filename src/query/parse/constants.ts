import { maximum, minimum } from '../../base/integer.ts'
import type { Column } from '../../contract/catalogue.ts'
import { isNumber, type LiteralExpression } from '../expression.ts'
import type { Branch, Expression } from '../query.ts'
import { listOf, type Node, nodeOf, onlyFields, placeOf, type Reading, stop } from './ast.ts'
import type { Rows } from './declare.ts'
import type { Relation } from './derive.ts'
import { readRow } from './rows.ts'
import { readTargets } from './targets.ts'
import { unify } from './types.ts'

const maxRows = 1_000
const maxColumns = 20

/** VALUES (…), (…) and SELECT without FROM: rows that stand in the question itself, so nobody owns them. */
export function constantRelation(select: Node, reading: Reading): Relation {
  const lists = listOf(select.body.valuesLists)
  if (lists.length === 0) return oneRow(select, reading)
  onlyFields(select, ['valuesLists', 'limitOption', 'op'], reading)
  const rows = lists.map((list) => listOf(nodeOf(list, reading).body.items).map((item) => constant(item, reading)))
  const width = rows[0]?.length ?? 0
  if (rows.some((row) => row.length !== width))
    stop(
      'query.type_mismatch',
      'the rows of VALUES are of different lengths',
      placeOf(select, reading, 'values'),
      'give each as many values',
    )
  if (rows.length > maxRows || width > maxColumns)
    stop(
      'query.too_deep',
      `VALUES has at most ${maxRows} rows and ${maxColumns} columns`,
      placeOf(select, reading, 'values'),
      'name fewer',
    )
  const names = Array.from({ length: width }, (_, index) => `column${index + 1}`)
  return made(names, rows, reading)
}

/** SELECT DATE '2026-01-31' AS today, 30 AS days: one row. */
function oneRow(select: Node, reading: Reading): Relation {
  onlyFields(select, ['targetList', 'limitOption', 'op'], reading)
  const targets = readTargets(select, reading)
  return made(
    targets.map(({ name }) => name),
    [targets.map(({ value }) => constant(value, reading))],
    reading,
  )
}

function constant(value: unknown, reading: Reading): LiteralExpression {
  const read = readRow(value, reading)
  if (read.kind !== 'literal')
    stop(
      'query.not_supported',
      'rows that stand in the question hold literals alone',
      read.at ?? reading.places.ofOffset(0),
      "write the values themselves, for example VALUES ('a', 1), ('b', 2)",
    )
  return read
}

function made(names: readonly string[], rows: readonly (readonly LiteralExpression[])[], reading: Reading): Relation {
  const at = rows[0]?.[0]?.at ?? reading.places.ofOffset(0)
  const columns = names.map((name, index) =>
    columnOf(
      name,
      rows.map((row) => row[index] as LiteralExpression),
      at,
    ),
  )
  const unique = columns.find(({ values }) => new Set(values.map(({ value }) => value)).size === rows.length)
  const branches = rows.map(
    (_, row): Branch => ({
      source: { tables: [] },
      where: undefined,
      columns: columns.map(({ values }) => ({ kind: 'row', of: values[row] as Expression })),
      distinct: false,
    }),
  )
  const key = unique?.values.every(({ value }) => value !== null) ? unique.column.name : undefined
  const kept: Rows = { kind: 'public', maxRows: undefined, maxGroups: undefined, key, single: rows.length === 1 }
  return {
    rows: kept,
    person: undefined,
    personAt: undefined,
    columns: columns.map(({ column }) => column),
    parts: names.map(() => 1),
    branches,
  }
}

/** A column with exactly its values for a domain. */
function columnOf(
  name: string,
  given: readonly LiteralExpression[],
  at: Parameters<typeof unify>[1],
): { readonly column: Column; readonly values: readonly LiteralExpression[] } {
  const { values, type, scale } = unify(given, at)
  if (type === 'null') stop('query.type_mismatch', `"${name}" has no type`, at, 'write a value')
  const literals = values as readonly LiteralExpression[]
  const present = literals.flatMap(({ value }) => (value === null ? [] : [value]))
  const numbers = isNumber({ type }) ? present.map(BigInt) : []
  const listed = type === 'text' || type === 'integer' || type === 'date'
  const missing = present.length < literals.length
  const column: Column = {
    name,
    type,
    scale,
    required: !missing,
    offered: true,
    classification: 'derived',
    description: name,
    ...(numbers.length > 0 ? { minimum: numbers.reduce(minimum), maximum: numbers.reduce(maximum) } : {}),
    ...(listed ? { domain: [...new Set(present)], ...(missing ? { domainHasNull: true } : {}) } : {}),
  }
  return { column, values: literals }
}
