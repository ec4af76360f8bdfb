import type { Catalogue, Column, Table } from '../contract/catalogue.ts'

/**
 * What a load stores of each person's whole record in a private table, one row a person who has rows there: the load writes it (engines/load/records.ts),
 * the planner reads off it who can never be above a bound (plan.ts). Names of columns by place in the contract's list of columns; they hold for one contract,
 * which is why a file of another contract is asked the long way.
 *
 *  rows              how many rows
 *  a<x>  t<x>  p<x>  of a number column: Σ|x|, Σx, and how many rows have one
 *  g<k>              of a key column: in how many groups the rows are, a missing value being one
 *  r<k>  r<k>_<x>    of a key column: at least the root of Σ over its groups of (rows)², of min(Σ|x|, 2^54)²
 *  _person _mask     as in the table itself
 */
export const recordsTable = (table: string): string => `_records_${table}`

/** Version of the above; the load writes it into the file, with the hash of the contract. */
export const recordsVersion = 'usufruct-records/1'

export interface StoredRecords {
  /** Places of number columns. */
  readonly numbers: readonly number[]
  /** Places of key columns. */
  readonly keys: readonly number[]
  /** Places of number columns whose squares are stored for every key. */
  readonly squared: readonly number[]
}

/** Squares stop here, far above every bound of a grouped sum (parse/bounds.ts), so that they add up within 128 bits over 2^17 groups. */
export const mostSquared = 2n ** 54n

const fewestMembers = 3

/**
 * Numbers: every offered one that is no key of another table. Keys: declared domains of three members and more; with fewer the numbers of groups are within
 * nearly every bound. Squares pay where a declared amount bounds a sum: a sum that is bounded by its rows is proved by their number.
 */
export function storedRecords(table: Table): StoredRecords {
  const places = (wanted: (column: Column) => boolean): readonly number[] =>
    table.columns.flatMap((column, place) =>
      column.offered && column.name !== table.personColumn && wanted(column) ? [place] : [],
    )
  const isAmount = (column: Column): boolean =>
    (column.type === 'integer' || column.type === 'decimal') && column.references === undefined
  return {
    numbers: places(isAmount),
    keys: places((column) => (column.domain?.length ?? 0) >= fewestMembers),
    squared: places((column) => isAmount(column) && column.maxSumPerPerson !== undefined),
  }
}

/** Tables whose whole records are stored. */
export const recordedTables = (catalogue: Catalogue): readonly Table[] =>
  catalogue.tables.filter((table) => table.kind === 'private')
