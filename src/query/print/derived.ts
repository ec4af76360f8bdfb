import type { Catalogue, Table } from '../../contract/catalogue.ts'
import { isNumber } from '../expression.ts'
import type { Branch, Derived, Expression, Feature, Source } from '../query.ts'
import { huge, identifier, printExpression } from './expression.ts'

/**
 * Derived relations as steps of the statement. Each carries _person, and is made of rows in force only: wherever a table of people's rows is read,
 * `mask` holds for it. Its numbers are BIGINT or missing; who reads them clamps them to the declared bounds (print/expression.ts).
 * Nothing depends on the order in which the engine finds rows: windows that number rows break ties by every column that is carried, so rows that
 * still tie are alike in all that anybody can see of them.
 */
export function printDerived(
  derived: Derived,
  catalogue: Catalogue,
  mask: ((alias: string) => string) | undefined,
): readonly [name: string, body: string] {
  const { table, branches } = derived
  return [table.name, branches.map((branch) => printBranch(branch, table, catalogue, mask)).join(' UNION ALL ')]
}

/** FROM and its joins, with the mask on every stored table of people's rows. */
export function printJoins(
  source: Source,
  catalogue: Catalogue,
  mask: ((alias: string) => string) | undefined,
): { readonly from: string; readonly conditions: readonly string[] } {
  const masked = (table: string, alias: string, isPrivate: boolean): readonly string[] =>
    isPrivate && mask && !table.startsWith('usufruct_') ? [mask(alias)] : []
  const joins = source.tables.map(({ table, alias, join, private: isPrivate }) => {
    const name = `${identifier(table)} AS ${alias}`
    if (!join) return name
    const conditions = [printExpression(join.on, catalogue), ...masked(table, alias, isPrivate)]
    return `${join.type === 'left' ? 'LEFT' : 'INNER'} JOIN ${name} ON ${conditions.join(' AND ')}`
  })
  const [first] = source.tables
  return { from: joins.join(' '), conditions: first ? masked(first.table, first.alias, first.private) : [] }
}

function printBranch(
  branch: Branch,
  table: Table,
  catalogue: Catalogue,
  mask: ((alias: string) => string) | undefined,
): string {
  const { from, conditions } = printJoins(branch.source, catalogue, mask)
  const first = branch.source.tables[0]?.alias ?? 't0'
  const person = table.kind === 'public' ? [] : [`${first}._person AS _person`]
  const names = table.columns.filter((column) => table.kind === 'public' || column.name !== table.personColumn)
  const columns = branch.columns.map(
    (feature, index) => `${printFeature(feature, branch, first, catalogue)} AS ${identifier(names[index]?.name ?? '')}`,
  )
  const all = [...conditions, ...(branch.where ? [printExpression(branch.where, catalogue)] : [])]
  const where = all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`
  const keys =
    branch.groupedBy === undefined
      ? []
      : Array.from({ length: branch.groupedBy + person.length }, (_, index) => index + 1)
  const group = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`
  return `SELECT ${branch.distinct ? 'DISTINCT ' : ''}${[...person, ...columns].join(', ')}${from === '' ? '' : ` FROM ${from}`}${where}${group}`
}

function printFeature(feature: Feature, branch: Branch, first: string, catalogue: Catalogue): string {
  if (feature.kind === 'row') return stored(feature.of, catalogue)
  if (feature.kind === 'window') return printWindow(feature, branch, first, catalogue)
  const filter = feature.filter ? ` FILTER (WHERE ${printExpression(feature.filter, catalogue)})` : ''
  if (feature.of === undefined) return `COUNT(*)${filter}`
  const of = `${feature.distinct ? 'DISTINCT ' : ''}${stored(feature.of, catalogue)}`
  switch (feature.name) {
    case 'sum':
      return `TRY_CAST(SUM(${of})${filter} AS BIGINT)`
    case 'avg':
      return average(`SUM(${of})${filter}`, `COUNT(${of})${filter}`)
    default:
      return `${feature.name.toUpperCase()}(${of})${filter}`
  }
}

/** Numbers as the load stores them; what leaves 64 bits is missing. */
const stored = (of: Expression, catalogue: Catalogue): string =>
  isNumber(of) ? `TRY_CAST(${printExpression(of, catalogue)} AS BIGINT)` : printExpression(of, catalogue)

/** Rounded half away from zero to four decimals more: a sum of 2^49 rows of any value still fits 128 bits. */
function average(sum: string, count: string): string {
  const n = `(${sum} * ${huge(10_000n)})`
  return `TRY_CAST(SIGN(${n}) * ((2 * ABS(${n}) + ${count}) // NULLIF(2 * ${count}, 0)) AS BIGINT)`
}

function printWindow(
  { name, of, offset, partition, order, frame }: Extract<Feature, { kind: 'window' }>,
  branch: Branch,
  first: string,
  catalogue: Catalogue,
): string {
  const print = (expression: Expression): string => printExpression(expression, catalogue)
  const asked = order.map(({ by, descending, nulls = descending ? 'first' : 'last' }) => {
    return `${print(by)} ${descending ? 'DESC' : 'ASC'} NULLS ${nulls.toUpperCase()}`
  })
  const carried = branch.columns.flatMap((feature) =>
    feature.kind === 'row' ? [`${print(feature.of)} ASC NULLS LAST`] : [],
  )
  const numbering =
    frame !== undefined || ['row_number', 'ntile', 'lag', 'lead', 'first_value', 'last_value'].includes(name)
  const sorted = numbering ? [...asked, ...carried] : asked
  const parts = [`PARTITION BY ${[`${first}._person`, ...partition.map(print)].join(', ')}`]
  if (sorted.length > 0) parts.push(`ORDER BY ${sorted.join(', ')}`)
  if (frame) parts.push(`ROWS BETWEEN ${edge(frame.from, 'PRECEDING')} AND ${edge(frame.to, 'FOLLOWING')}`)
  const over = `OVER (${parts.join(' ')})`
  if (name === 'ntile') return `NTILE(${offset}) ${over}`
  if (of === undefined) return `${name.toUpperCase()}(${name === 'count' ? '*' : ''}) ${over}`
  if (name === 'sum') return `TRY_CAST(SUM(${stored(of, catalogue)}) ${over} AS BIGINT)`
  if (name === 'avg') return average(`SUM(${stored(of, catalogue)}) ${over}`, `COUNT(${stored(of, catalogue)}) ${over}`)
  return `${name.toUpperCase()}(${stored(of, catalogue)}${name === 'lag' || name === 'lead' ? `, ${offset}` : ''}) ${over}`
}

/** A row before or after; all of them when no number is given. */
function edge(rows: number | undefined, all: 'PRECEDING' | 'FOLLOWING'): string {
  if (rows === undefined) return `UNBOUNDED ${all}`
  return rows === 0 ? 'CURRENT ROW' : `${Math.abs(rows)} ${rows < 0 ? 'PRECEDING' : 'FOLLOWING'}`
}
