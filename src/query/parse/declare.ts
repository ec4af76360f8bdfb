import { maximum, minimum } from '../../base/integer.ts'
import { type Column, type ColumnType, findColumn } from '../../contract/catalogue.ts'
import { columnsOf, isNumber } from '../expression.ts'
import { intervalOf, largest, stored } from '../interval.ts'
import type { Expression, Feature } from '../query.ts'
import { boundingColumn } from './aggregates.ts'
import { type Reading, stop } from './ast.ts'
import { notMultiplied, rowsProduct } from './bounds.ts'
import { declarationOf } from './columns.ts'
import { partsOf } from './functions.ts'
import { mayBeMissing, publicDomain } from './groups.ts'

/** A domain of at most so many members is declared for what a sub-query counts. */
const maxCounted = 1_000n
const maxDomain = 10_000

/** How many rows a relation has for one person, and what it is. */
export interface Rows {
  /** persons: one row each at most. */
  readonly kind: 'persons' | 'private' | 'public'
  readonly maxRows: bigint | undefined
  readonly maxGroups: bigint | undefined
  /** Of public relations: the output that is the first table's primary key. */
  readonly key: string | undefined
  /** Of public relations: exactly one row, whatever the tables hold. */
  readonly single?: boolean | undefined
}

export function rowsOf(reading: Reading): Rows {
  const [first] = reading.tables
  if (first?.table.kind === 'public')
    return { kind: 'public', maxRows: undefined, maxGroups: undefined, key: undefined }
  const people = reading.tables.filter((from) => from.table.kind !== 'public')
  const groups = people.flatMap(({ table }) =>
    table.maxGroupsPerPerson === undefined ? [] : [table.maxGroupsPerPerson],
  )
  return {
    kind: people.every(({ table }) => table.kind === 'persons') ? 'persons' : 'private',
    maxRows: rowsProduct(reading),
    maxGroups: groups.length > 0 ? groups.reduce(maximum) : undefined,
    key: undefined,
  }
}

/** At most one row for each member of the product of the columns' domains, and no more rows than before. */
export function multiplied(rows: Rows, columns: readonly Column[]): Rows {
  const sizes = columns.map((column) => membersOf(column))
  const product = sizes.reduce<bigint | undefined>(
    (all, size) => (all === undefined || size === undefined ? undefined : all * size),
    1n,
  )
  if (columns.length === 0) return { ...rows, kind: 'persons', maxRows: 1n }
  const { maxRows } = rows
  return {
    ...rows,
    maxRows: maxRows === undefined ? product : product === undefined ? maxRows : minimum(maxRows, product),
  }
}

/** How many values a column has at most; a missing one counts. */
function membersOf(column: Column): bigint | undefined {
  const members = column.domain?.length ?? (column.type === 'boolean' ? 2 : undefined)
  if (members !== undefined) return BigInt(members) + 1n
  return undefined
}

/** What an expression declares when it is named as a column: type, bounds, domain, what one person's rows add up to. */
export function declare(
  name: string,
  of: Expression,
  reading: Reading,
): { readonly column: Column; readonly width: number } {
  if (of.type === 'null')
    stop('query.type_mismatch', `"${name}" has no type`, of.at ?? reading.places.ofOffset(0), 'write a value')
  const source = of.kind === 'column' ? declarationOf(of, reading) : undefined
  const origin = keyOrigin(of, reading)
  const sum = boundingColumn(of, reading)
  const column: Column = {
    ...plain(name, of.type, of.scale),
    required: !mayBeMissing(of, reading),
    ...boundsOf(isNumber(of) ? intervalOf(of, reading.catalogue) : undefined),
    ...domainOf(of, reading),
    ...(sum && isOnce(sum, reading) ? { maxSumPerPerson: declarationOf(sum, reading).column.maxSumPerPerson } : {}),
    ...(source?.column.references ? { references: source.column.references } : {}),
    ...(origin ? { derivedFrom: origin } : {}),
    ...(source?.column.role ? { role: source.column.role } : {}),
    ...closedLike([of], reading),
  }
  return { column, width: of.type === 'text' ? partsOf(of, reading) : 1 }
}

/** The primary key of the public table with which the relation begins: joins of public tables match at most one row, so it stays unique. */
function keyOrigin(of: Expression, reading: Reading): Column['derivedFrom'] {
  const [first] = reading.tables
  if (of.kind !== 'column' || first?.table.kind !== 'public' || of.alias !== first.alias) return undefined
  if (first.table.primaryKey.length !== 1 || first.table.primaryKey[0] !== of.column) return undefined
  return findColumn(first.table, of.column)?.derivedFrom ?? { table: first.table.name, column: of.column }
}

const isOnce = (column: Expression & { kind: 'column' }, reading: Reading): boolean =>
  [reading.stage, reading.grouped].includes(declarationOf(column, reading).from) || notMultiplied(column, reading)

/** What an aggregate or a window over one person's rows declares. */
export function declareFeature(name: string, feature: Feature, rows: Rows, reading: Reading): Column {
  return { ...declareAlone(name, feature, rows, reading), ...(feature.of ? closedLike([feature.of], reading) : {}) }
}

/** What is made of a column whose values are not to be groups is not to be one either. */
const closedLike = (made: readonly Expression[], reading: Reading): Pick<Column, 'openGroups'> =>
  made.flatMap(columnsOf).some((column) => declarationOf(column, reading).column.openGroups === false)
    ? { openGroups: false }
    : {}

function declareAlone(name: string, feature: Feature, rows: Rows, reading: Reading): Column {
  if (feature.kind === 'row') return declare(name, feature.of, reading).column
  const most = rows.maxRows
  switch (feature.name) {
    case 'count':
    case 'row_number':
    case 'rank':
    case 'dense_rank':
      return counted(name, feature, most, rows.kind === 'public')
    case 'ntile': {
      const parts = feature.kind === 'window' ? feature.offset : 1
      const domain = Array.from({ length: parts }, (_, index) => `${index + 1}`)
      return { ...plain(name, 'integer', 0), required: true, minimum: 1n, maximum: BigInt(parts), domain }
    }
    case 'bool_or':
    case 'bool_and':
      return { ...plain(name, 'boolean', 0), required: false }
    case 'avg':
      return average(name, feature.of as Expression, reading)
    case 'sum':
      return { ...total(name, feature.of as Expression, most, reading), required: false }
    default: {
      const {
        maxSumPerPerson: _,
        derivedFrom: __,
        references,
        ...column
      } = declare(name, feature.of as Expression, reading).column
      return { ...column, ...(references ? { references } : {}), required: false }
    }
  }
}

function counted(
  name: string,
  feature: Exclude<Feature, { kind: 'row' }>,
  most: bigint | undefined,
  isPublic: boolean,
): Column {
  // Of no rows at all there is a group where nothing is grouped by, of public tables alone.
  const all = !isPublic && (feature.kind === 'window' || (feature.of === undefined && feature.filter === undefined))
  const least = all && !(feature.kind === 'window' && feature.name === 'count') ? 1n : 0n
  const bounds = most === undefined ? { minimum: least } : { minimum: least, maximum: maximum(most, 1n) }
  const few = most !== undefined && most <= maxCounted
  const domain = few
    ? Array.from({ length: Number(maximum(most, 1n) - least) + 1 }, (_, index) => `${least + BigInt(index)}`)
    : undefined
  return { ...plain(name, 'integer', 0), required: true, ...bounds, ...(domain ? { domain } : {}) }
}

/** |Σ x| is at most what the column declares for one person, and at most rows times the largest value. */
function total(name: string, of: Expression, most: bigint | undefined, reading: Reading): Column {
  const { low, high } = intervalOf(of, reading.catalogue)
  const column = boundingColumn(of, reading)
  const declared = column && isOnce(column, reading) ? declarationOf(column, reading).column.maxSumPerPerson : undefined
  const byRows = most === undefined ? undefined : most * largest({ low, high })
  const bound = declared === undefined ? byRows : byRows === undefined ? declared : minimum(declared, byRows)
  const base = { ...plain(name, of.type as ColumnType, of.scale) }
  if (bound === undefined) return { ...base, required: false }
  return {
    ...base,
    required: false,
    ...boundsOf({ low: low >= 0n ? 0n : -bound, high: high <= 0n ? 0n : bound }),
    ...(declared === undefined ? {} : { maxSumPerPerson: declared }),
  }
}

/** Four decimals more than what is averaged, as a quotient has. */
export const averageScale = (of: Expression): number => Math.min(of.scale + 4, 18)

function average(name: string, of: Expression, reading: Reading): Column {
  const { low, high } = intervalOf(of, reading.catalogue)
  const grid = 10n ** BigInt(averageScale(of) - of.scale)
  return {
    ...plain(name, 'decimal', averageScale(of)),
    required: false,
    ...boundsOf({ low: low * grid, high: high * grid }),
  }
}

const plain = (name: string, type: ColumnType, scale: number) => ({
  name,
  type,
  scale,
  offered: true,
  classification: 'derived',
  description: name,
})

/** Ends that a stored integer cannot pass anyway are not declared. */
const boundsOf = (interval: { readonly low: bigint; readonly high: bigint } | undefined) => ({
  ...(interval && interval.low > stored.low ? { minimum: interval.low } : {}),
  ...(interval && interval.high < stored.high ? { maximum: interval.high } : {}),
})

function domainOf(of: Expression, reading: Reading): Pick<Column, 'domain' | 'domainHasNull'> {
  if (of.type === 'boolean' || of.type === 'decimal' || of.type === 'timestamp') return {}
  const members = publicDomain(of, reading)
  if (!members || members.length > maxDomain) return {}
  const domain = members.filter((member) => member !== null)
  return { domain, ...(members.includes(null) ? { domainHasNull: true } : {}) }
}
