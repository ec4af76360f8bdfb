import { type Catalogue, type Column, findTable, personsTable, type Table } from '../contract/catalogue.ts'

/** A column that a measure may use, and the table of people's rows from which it is reached. */
export interface Place {
  /** The table of people's rows, or the table of people. */
  readonly from: Table
  /** Where the column stands: `from` itself, or a public table that it refers to. */
  readonly table: Table
  readonly column: Column
  /** Of `from`: the column that refers to the public table's key. */
  readonly through?: Column | undefined
}

export const placeName = ({ table, column }: Place): string => `${table.name}.${column.name}`

/** By its whole name, or for a column of the table itself by its own. */
export const findPlace = (places: readonly Place[], name: string): Place | undefined =>
  places.find((place) => placeName(place) === name || (place.table === place.from && place.column.name === name))

export const eventTables = (catalogue: Catalogue): readonly Table[] =>
  catalogue.tables.filter((table) => table.kind === 'private' && table.personColumn !== undefined)

export const dateColumns = (table: Table): readonly Place[] =>
  own(table).filter(({ column }) => column.type === 'date' || column.type === 'timestamp')

export const numberColumns = (table: Table): readonly Place[] =>
  own(table).filter(({ column }) => (column.type === 'integer' || column.type === 'decimal') && !column.references)

/** What says which thing a row is about: columns with a domain, booleans, texts, and references to public tables. */
export const itemColumns = (table: Table, catalogue: Catalogue): readonly Place[] =>
  [...own(table), ...referred(table, catalogue)].filter(
    ({ column }) => isNamed(column) || column.type === 'text' || column.references !== undefined,
  )

/** At most so many groups are worth looking at. */
const mostGroups = 60
export const groupColumns = (table: Table, catalogue: Catalogue): readonly Place[] =>
  [...own(table), ...referred(table, catalogue)].filter(
    ({ column }) => column.type === 'text' && column.domain !== undefined && column.domain.length <= mostGroups,
  )

export const personColumns = (catalogue: Catalogue): readonly Place[] =>
  own(personsTable(catalogue)).filter(({ column }) => isNamed(column) && (column.domain?.length ?? 2) <= mostGroups)

/** The members that a value of the column may be; undefined when any text or number may stand there. */
export const membersOf = (column: Column): readonly string[] | undefined =>
  column.domain ?? (column.type === 'boolean' ? ['true', 'false'] : undefined)

const isNamed = (column: Column): boolean => membersOf(column) !== undefined

const own = (table: Table): readonly Place[] =>
  table.columns
    .filter((column) => column.offered && column.name !== table.personColumn)
    .map((column) => ({ from: table, table, column }))

/** Columns of public tables whose one key a column of the table refers to: joined, they match at most one row. */
const referred = (table: Table, catalogue: Catalogue): readonly Place[] =>
  table.columns.flatMap((through) => {
    const { references } = through
    if (!references || !through.offered) return []
    const other = findTable(catalogue, references.table)
    if (other?.kind !== 'public' || other.primaryKey.length !== 1 || other.primaryKey[0] !== references.column)
      return []
    // Two columns that refer to the same table would join it twice: the first one does.
    if (table.columns.find((one) => one.references?.table === other.name) !== through) return []
    return other.columns
      .filter((column) => column.offered && column.name !== other.primaryKey[0])
      .map((column) => ({ from: table, table: other, column, through }))
  })
