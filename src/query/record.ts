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

/**
 * The same rows added up by person and member of one column with a declared domain, one row for each pair that occurs:
 *
 *  the column itself, _rows, of a number column _t<x>  _p<x>  as above; _person _mask
 */
export const groupsTable = (table: string, place: number): string => `_groups_${table}_${place}`

/** Version of the above; the load writes it into the file, with the hash of the contract. */
export const recordsVersion = 'usufruct-records/2'

export interface StoredRecords {
  /** Places of number columns. */
  readonly numbers: readonly number[]
  /** Places of key columns. */
  readonly keys: readonly number[]
  /** Places of number columns whose squares are stored for every key. */
  readonly squared: readonly number[]
  /** Places of columns by which the rows are added up besides (groupsTable). */
  readonly groups: readonly number[]
}

/** Squares stop here, far above every bound of a grouped sum (parse/bounds.ts), so that they add up within 128 bits over 2^17 groups. */
export const mostSquared = 2n ** 54n

const fewestMembers = 3
/** With more members there are nearly as many pairs of person and member as rows. */
const mostMembers = 64

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
    groups: places(({ domain = [] }) => domain.length >= 1 && domain.length <= mostMembers),
    squared: places((column) => isAmount(column) && column.maxSumPerPerson !== undefined),
  }
}

/** Tables whose whole records are stored. */
export const recordedTables = (catalogue: Catalogue): readonly Table[] =>
  catalogue.tables.filter((table) => table.kind === 'private')
