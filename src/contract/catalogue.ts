import type { Rational } from '../base/rational.ts'
import type { Day, Micro, NanoRho, PicoDelta } from '../base/units.ts'

/**
 * The catalogue: what a data contract means, and the only facts about data that anything before the noise may use.
 * Frozen, public, computed from the contract's text alone, never from rows.
 */
export interface Catalogue {
  /** The contract's id, e.g. "urn:usufruct:north-coop:baskets". */
  readonly contractId: string
  /** Short name by which products are asked for: the last segment of the id, e.g. "baskets". Lower case, [a-z][a-z0-9_-]*. */
  readonly product: string
  readonly version: string
  readonly title: string
  readonly description: { readonly purpose: string; readonly usage: string; readonly limitations: string }
  /** Hex SHA-256 of the contract's bytes. */
  readonly hash: string
  /** Closed list of purposes for which questions may be asked (ids of consent/purposes.ts), sorted. */
  readonly purposes: readonly string[]
  /** Declared time span of the data, whole days, both included; public. Undefined when not declared. */
  readonly span?: { readonly from: Day; readonly to: Day } | undefined
  readonly budget: ProductBudget
  readonly tariff: Tariff
  /** A group of open keys with fewer noisy people than follows from this number never appears (privacy/budget.ts). Undefined: not demanded. */
  readonly minimumCohort?: bigint | undefined
  /** Person table first, then the others in the contract's order. */
  readonly tables: readonly Table[]
  /** ISO 4217 code in which the tariff's amounts are counted. */
  readonly currency?: string | undefined
  /** The least amount that is paid out at once, micro-units. Undefined: not declared. */
  readonly minimumPayout?: Micro | undefined
  /** How long rows are kept before they are deleted. */
  readonly retention?: { readonly count: number; readonly unit: 'days' | 'weeks' | 'months' | 'years' } | undefined
  /** Whom persons and buyers may address. */
  readonly contacts?: readonly { readonly role: 'dpo' | 'owner'; readonly address: string }[] | undefined
}

export interface ProductBudget {
  readonly nano: NanoRho
  readonly days: number
  readonly maxPerRelease: NanoRho
  /** What all answers with open groups may add up to in these days. Undefined: the house's limits alone hold. 0: there are none. */
  readonly delta?: PicoDelta | undefined
}

/** Prices that do not depend on data. Multipliers are at least 1. */
export interface Tariff {
  readonly fee: Micro
  /** Least price per milli-rho, micro-units. */
  readonly floorPerMilliRho: Micro
  /** The people's share of the base price, e.g. 7/10. */
  readonly peoplesShare: Rational
  /** What is left is split by these, which add up to 1. */
  readonly remainder: { readonly steward: Rational; readonly operator: Rational; readonly reserve: Rational }
  /** By purpose; a purpose not named has 1. */
  readonly multiplier: Readonly<Record<string, Rational>>
}

export interface Table {
  readonly name: string
  /** persons: one row a person, carries the person key as primary key. private: carries the person's key. public: carries none. */
  readonly kind: 'persons' | 'private' | 'public'
  /** The column that holds the person's key; undefined for public tables. */
  readonly personColumn?: string | undefined
  readonly primaryKey: readonly string[]
  readonly columns: readonly Column[]
  /** The most rows of one person that count in one release: the declared number times the windows of the declared span. Undefined: not declared. Persons tables: 1. */
  readonly maxRowsPerPerson?: bigint | undefined
  /** The most groups of one person that count in one release when groups are not one per person. Undefined: defaultGroupsPerPerson. */
  readonly maxGroupsPerPerson?: bigint | undefined
}

export const defaultGroupsPerPerson = 4n

export type ColumnType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'timestamp'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** Decimal places of the grid: integer 0; decimal 0 to 9. A stored integer v means v / 10^scale. Meaningless for other types (0). */
  readonly scale: number
  readonly required: boolean
  /** Values of this column may be used in filters, sums and groups. False for restricted columns and for the person key. */
  readonly offered: boolean
  readonly classification: string
  /** Declared bounds of a row's value, in grid units (integer, decimal). */
  readonly minimum?: bigint | undefined
  readonly maximum?: bigint | undefined
  /** The declared public domain of group keys, in declared order: texts, or decimal texts of integers, or "true"/"false". */
  readonly domain?: readonly string[] | undefined
  /** True where the domain also declares that a missing value is a group of its own. */
  readonly domainHasNull?: boolean | undefined
  /** False: nobody may group by whatever values the column holds (declared domains aside). Undefined: who may read the column may. */
  readonly openGroups?: boolean | undefined
  /** The most one person's rows may add up to in one release, grid units: declared amount times windows. */
  readonly maxSumPerPerson?: bigint | undefined
  /** Declared keys: this column refers to that column of that table. */
  readonly references?: { readonly table: string; readonly column: string } | undefined
  /** Of a public relation that a question derives: the primary key whose values it has, each once. */
  readonly derivedFrom?: { readonly table: string; readonly column: string } | undefined
  /** Of the persons table only: what the law needs to know. */
  readonly role?: 'person' | 'birth_date' | 'birth_year' | 'place' | undefined
  readonly description: string
}

export const findTable = (catalogue: Catalogue, name: string): Table | undefined =>
  catalogue.tables.find((table) => table.name === name)
export const findColumn = (table: Table, name: string): Column | undefined =>
  table.columns.find((column) => column.name === name)
export const personsTable = (catalogue: Catalogue): Table => catalogue.tables[0] as Table
