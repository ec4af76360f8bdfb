import type { Position } from '../base/refusal.ts'
import type { Catalogue, ColumnType, Table } from '../contract/catalogue.ts'

/**
 * A question, as frozen plain data: what remains of SQL text after parse has resolved every name against the catalogue
 * and refused whatever cannot be answered privately. Nothing in it depends on data.
 */
export interface Query {
  readonly kind: 'query'
  /** The SQL as it was asked. */
  readonly sql: string
  readonly product: string
  /** Sub-queries and common table expressions, each after those that it reads. Undefined when there are none. */
  readonly derived?: readonly Derived[] | undefined
  readonly source: Source
  readonly where: Expression | undefined
  readonly groups: readonly GroupKey[]
  /** What the engine must compute, without duplicates; outputs refer to these by index. */
  readonly measures: readonly Measure[]
  /** Which groups appear, where a key is open; undefined when every key has a public domain: then all are shown. */
  readonly selection?: Selection | undefined
  readonly outputs: readonly Output[]
  readonly having: NoisyExpression | undefined
  /** Missing values come last unless `nullsFirst`. */
  readonly orderBy: readonly {
    readonly by: NoisyExpression
    readonly descending: boolean
    readonly nullsFirst?: boolean | undefined
  }[]
  readonly limit: number | undefined
  readonly offset: number
  /** Names of the tables and columns that the question touches, "table.column", sorted: what the law judges. */
  readonly touches: readonly string[]
  /** Canonical JSON of everything above but `sql`: equal texts mean the same question (aliases of tables and spelling do not count). */
  readonly canonical: string
}

/** Tables joined left to right. Each private table after the first is joined on the person, each public table on declared keys. */
export interface Source {
  readonly tables: readonly SourceTable[]
}
export interface SourceTable {
  readonly table: string
  /** t0, t1, … in order. */
  readonly alias: string
  readonly private: boolean
  /** Undefined for the first table. */
  readonly join: { readonly type: 'inner' | 'left'; readonly on: Expression } | undefined
}

/**
 * A relation made of the contract's tables: rows that each belong to one person (or, of public tables alone, to nobody). It is declared like a
 * table, so that what reads it knows types, bounds and domains; its numbers are brought within the declared bounds wherever they are used.
 */
export interface Derived {
  readonly table: Table
  /** UNION ALL of these; the person comes first wherever there is one. */
  readonly branches: readonly Branch[]
}
export interface Branch {
  readonly source: Source
  readonly where: Expression | undefined
  /** One for each declared column but the person's. */
  readonly columns: readonly Feature[]
  /** One row for each combination of the person and the first so many columns; the others are aggregates of that person's rows. */
  readonly groupedBy?: number | undefined
  readonly distinct: boolean
}

/** A column of a derived relation: an expression of one row, an aggregate over one person's rows, or a window over them. */
export type Feature =
  | { readonly kind: 'row'; readonly of: Expression }
  | {
      readonly kind: 'aggregate'
      readonly name: FeatureName
      /** Undefined: COUNT(*). */
      readonly of: Expression | undefined
      readonly distinct: boolean
      readonly filter: Expression | undefined
    }
  | {
      readonly kind: 'window'
      readonly name: WindowName
      readonly of: Expression | undefined
      /** How many rows LAG and LEAD look away; how many parts NTILE makes. */
      readonly offset: number
      /** Besides the person. */
      readonly partition: readonly Expression[]
      /** Missing values come last in ascending order and first in descending, unless `nulls` says otherwise. */
      readonly order: readonly WindowOrder[]
      /** Rows before (negative) and after the row, both included; undefined stands for all rows of the person's part. */
      readonly frame?: { readonly from: number | undefined; readonly to: number | undefined } | undefined
    }
export interface WindowOrder {
  readonly by: Expression
  readonly descending: boolean
  readonly nulls?: 'first' | 'last' | undefined
}
export type FeatureName = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'bool_or' | 'bool_and'
export type WindowName =
  | 'row_number'
  | 'rank'
  | 'dense_rank'
  | 'lag'
  | 'lead'
  | 'first_value'
  | 'last_value'
  | 'ntile'
  | 'avg'
  | 'count'
  | 'sum'
  | 'min'
  | 'max'

/** The size of the product of the keys' public domains; undefined when one of them is open. */
export const cellsOf = (groups: readonly Pick<GroupKey, 'domain'>[]): number | undefined =>
  groups.reduce<number | undefined>(
    (product, { domain }) => (product === undefined || domain === undefined ? undefined : product * domain.length),
    1,
  )

/** A key of an open domain is at most this long in UTF-8; rows with a longer one belong to no group. */
export const maxKeyBytes = 256

/** The contract's tables, and what the question derives from them under names that no contract may use. */
export const catalogueOf = (query: Pick<Query, 'derived'>, catalogue: Catalogue): Catalogue =>
  query.derived
    ? { ...catalogue, tables: [...catalogue.tables, ...query.derived.map(({ table }) => table)] }
    : catalogue

/** A per-row expression made of total functions only. `type` is its result type; numbers are integers in units of 10^-scale. */
export type Expression = {
  readonly type: ColumnType | 'null'
  readonly scale: number
  readonly at?: Position | undefined
} & (
  | { readonly kind: 'column'; readonly alias: string; readonly table: string; readonly column: string }
  | { readonly kind: 'literal'; readonly value: string | null }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
)

/**
 * The count of people that decides which groups of open keys appear (differential-privacy.md section 2, T): a measure in which each person is 1 in at most
 * maxGroups groups. Its noisy value is compared with a threshold, and is itself what the answer says where the question asks for it.
 */
export interface Selection {
  /** Index of the measure. */
  readonly measure: number
  /** L0: in how many groups one person counts at most. */
  readonly maxGroups: bigint
  /** The question does not ask for this count itself: it gets less of rho, and no output shows it. */
  readonly hidden: boolean
}

/**
 * A group key. With a public domain every member is shown, in this order. Without one it is open: its members are what people's rows happen to hold, so only
 * those with enough people appear, by their texts.
 */
export interface GroupKey {
  readonly name: string
  readonly expression: Expression
  readonly type: ColumnType
  /** Texts as the engine prints them; null stands for a declared missing value. Undefined: an open key. */
  readonly domain: readonly (string | null)[] | undefined
  /** True when the key is an attribute of the person (a column of the persons table): then a person is in one group only. */
  readonly perPerson: boolean
}

/**
 * One exact integer per group that the engine computes, each person's whole contribution bounded:
 * rows: kept rows (bound R rows); persons: 1 in each of at most L0 groups; sum: amount (bound B grid units, whole record, L2);
 * average: two integers, kept rows n and centred sum S (differential-privacy.md 1.6); variance: a third, the centred sum of squares.
 * `filter`: only rows for which it is true are counted (a person, when one of the person's rows is); it can only make contributions smaller.
 * Rows, persons and average keep a person's groups in salted-hash order while the bound lasts; sums scale down (3.5).
 */
export type Measure =
  | { readonly kind: 'rows'; readonly maxRows: bigint; readonly scale: 0; readonly filter?: Expression | undefined }
  | {
      readonly kind: 'persons'
      readonly maxGroups: bigint
      readonly scale: 0
      readonly filter?: Expression | undefined
    }
  | { readonly kind: 'sum'; readonly of: Expression; readonly maxSum: bigint; readonly scale: number }
  | {
      readonly kind: 'average'
      readonly of: Expression
      readonly maxRows: bigint
      /** c: the middle of the declared range, grid units; U: half the range, grid units, rounded up. */
      readonly centre: bigint
      readonly halfRange: bigint
      readonly minimum: bigint
      readonly maximum: bigint
      readonly scale: number
    }
  | {
      readonly kind: 'variance'
      readonly of: Expression
      readonly maxRows: bigint
      /** As for an average; the squares of the distances are centred too, at ⌊U²/2⌋ (moments.ts). */
      readonly centre: bigint
      readonly halfRange: bigint
      readonly minimum: bigint
      readonly maximum: bigint
      readonly scale: number
    }
  /**
   * The mean over people of each person's own mean: 1 and the rounded mean of the distances from the centre, |mean| <= halfRange, in each of at most maxGroups
   * groups. `of` is on a grid 10^4 finer than what was asked, where there is room.
   */
  | {
      readonly kind: 'mean'
      readonly of: Expression
      readonly maxGroups: bigint
      readonly centre: bigint
      readonly halfRange: bigint
      readonly minimum: bigint
      readonly maximum: bigint
      readonly scale: number
    }
  /**
   * Counts of people under several conditions: each person is in the one cell whose vector (bit i: condition i) has the conditions that at least one of the
   * own rows meets; in none when that vector is not listed. Only where nobody is in two groups (parse/cells.ts).
   */
  | {
      readonly kind: 'cells'
      readonly conditions: readonly Expression[]
      readonly vectors: readonly bigint[]
      readonly scale: 0
    }
  /**
   * How many different values: of each person at most so many pairs of group and value count, the first in salted-hash order; then the union is
   * counted. One person changes the numbers of all groups together by at most that many.
   */
  | { readonly kind: 'distinct'; readonly of: Expression; readonly maxValues: bigint; readonly scale: 0 }
  /**
   * How people are spread over the edges low, low + step, …: each person counts once in at most L0 groups, with the median of the own rows there.
   * Released as C'x for the counts x of the bins (base/prefix-sums.ts).
   */
  | {
      readonly kind: 'distribution'
      readonly of: Expression
      readonly low: bigint
      readonly high: bigint
      readonly step: bigint
      readonly bins: number
      readonly maxGroups: bigint
      readonly scale: number
    }
  /**
   * Which bound of one person's sum suits: how many people's Σ|x| over all their rows is above each edge of the public list up to the declared bound
   * (base/bound-grid.ts). Alone in its question; of it one edge is released.
   */
  | { readonly kind: 'bound'; readonly of: Expression; readonly declared: bigint; readonly scale: number }

export interface Output {
  readonly name: string
  readonly value: NoisyExpression
}

/** Arithmetic on released values only: post-processing, costs no privacy. */
export type NoisyExpression =
  | {
      readonly kind: 'measure'
      readonly index: number
      readonly statistic?: Statistic | undefined
      readonly quantile?: string | undefined
      /** Of a distribution: how many people have at most this value (grid units), or their share in percent. */
      readonly atMost?: { readonly units: string; readonly percent: boolean } | undefined
      /** Of cells: the people who meet this condition, the sum of the cells that have it. */
      readonly condition?: number | undefined
    }
  | { readonly kind: 'group'; readonly index: number }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'call'; readonly name: NoisyFunction; readonly args: readonly NoisyExpression[] }

/** What a measure of three moments tells besides the average. */
export type Statistic = 'var_pop' | 'var_samp'

export type NoisyFunction =
  | '+'
  | '-'
  | '*'
  | '/'
  | 'negate'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or'
  | 'not'
  | 'is_null'
  | 'is_not_null'
  | 'round'
  | 'abs'
  | 'coalesce'
  | 'nullif'
  | 'greatest'
  | 'least'
  | 'case'
  | 'floor'
  | 'ceil'
  | 'trunc'
  | 'mod'
  | 'power'
  | 'sqrt'
