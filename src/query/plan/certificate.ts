import type { Catalogue, Table } from '../../contract/catalogue.ts'
import { dominating } from '../dominate.ts'
import { columnsOf } from '../expression.ts'
import { intervalOf, largest } from '../interval.ts'
import { cellsOf, type GroupKey, type Query } from '../query.ts'
import { recordsTable, storedRecords } from '../record.ts'
import { type KnownMeasure, knownMeasures, type Sources } from './known.ts'

/** A product of numbers in somebody's stored record (record.ts) that is to be at most a limit. */
export interface Condition {
  readonly product: readonly string[]
  readonly atMost: bigint
}

/** For each measure that a bound may act on: ways to see that it does not act on somebody, of which one is enough. Over the rows of `table`. */
export interface Certificate {
  readonly table: string | undefined
  readonly measures: readonly (readonly Condition[])[]
}
export interface Refuted {
  readonly refuted: string
}

/**
 * What a person's stored record must say so that no bound of the question acts on that person, whatever the question's conditions are.
 *
 * Claim. Whoever meets one condition of every measure, or has no row in the table, is left as he is by firstClamps (print/duckdb.ts) and by every step of
 * print/bounding.ts, for every salt. So for this person both paths add the same integers.
 * Proof. Let N be the person's stored rows. Each joined row comes from a row of the table (or, of an optional table, there is one joined row without one), and
 * conditions and domains only take rows away; so the joined rows number at most N, or max(N, 1). In group g of the question let n_g be the rows.
 *  - rows R: N <= R gives n_g <= R and Σ n_g² <= (Σ n_g)² <= R². A key column k of the table among the group keys: the groups refine k's, so
 *    Σ_g n_g² <= Σ_k (rows in k)² <= r<k>² <= R² is enough, and again each n_g <= R.
 *  - persons L0: in groups at most as many as rows, as cells, and as combinations of the values of the key columns that the group keys read.
 *  - sum B, |x_row| <= F·|y| of a stored column y: ‖v‖₂ <= Σ_rows |x| <= F·a<y>; or with k as above ‖v‖₂ <= F·r<k>_<y> (below 2^54 nothing was cut). Or by
 *    the interval: |x_row| <= M gives Σ|x| <= M·N, and M <= B where there may be a joined row without a row. With ‖v‖₂ <= B each |v_g| <= B, so neither the
 *    clamp to B of one group nor the pre-clamp to P >= B acts.
 *  - average R, U: rows as above; each |x - c| <= U by the interval, so |s_g| <= n_g·U.
 *  - only the persons table: one row, one group.
 * An open key has as many groups as rows at most; both paths bring its text to the same form before they group by it, and leave the same rows out. ∎
 * A query without any condition to meet needs no stored record.
 */
export function certificateOf(query: Query, catalogue: Catalogue, sources: Sources): Certificate | Refuted {
  const scattered = query.groups.filter((group) => !group.perPerson)
  const measures: (readonly Condition[])[] = []
  for (const measure of knownMeasures(query.measures)) {
    const found = conditionsOf(measure, scattered, catalogue, sources)
    if (found === 'nobody') continue
    if (found.length === 0) return { refuted: `no stored number bounds a ${measure.kind} of this kind` }
    measures.push(found)
  }
  return { table: sources.rows && recordsTable(sources.rows.table.name), measures }
}

/** 'nobody': the bound acts on nobody, whatever the data are. */
type Conditions = 'nobody' | readonly Condition[]

function conditionsOf(
  measure: KnownMeasure,
  scattered: readonly GroupKey[],
  catalogue: Catalogue,
  sources: Sources,
): Conditions {
  switch (measure.kind) {
    case 'cells':
      // Where one row is a person, its vector is the person's; with more rows nothing stored tells what they meet together.
      return sources.rows ? [] : 'nobody'
    case 'persons':
      return persons(measure.maxGroups, scattered, sources)
    case 'rows':
    case 'average':
      return rows(measure.maxRows, scattered, sources)
    case 'sum':
      return sum(measure, scattered, catalogue, sources)
  }
}

function persons(maxGroups: bigint, scattered: readonly GroupKey[], { rows: from }: Sources): Conditions {
  const cells = cellsOf(scattered)
  if ((cells !== undefined && maxGroups >= BigInt(cells)) || (!from && maxGroups >= 1n)) return 'nobody'
  if (!from || maxGroups < 1n) return []
  const columns = scattered.flatMap((group) => columnsOf(group.expression))
  const places = new Set(columns.map((column) => keyPlace(from.table, from.alias, column.alias, column.column)))
  const known = columns.length > 0 && ![...places].includes(undefined)
  return [
    { product: ['rows'], atMost: maxGroups },
    ...(known ? [{ product: [...places].map((place) => `g${place}`), atMost: maxGroups }] : []),
  ]
}

function rows(maxRows: bigint, scattered: readonly GroupKey[], { rows: from }: Sources): Conditions {
  if (maxRows < 1n) return []
  if (!from) return 'nobody'
  return [
    { product: ['rows'], atMost: maxRows },
    ...refined(scattered, from).map((key) => ({ product: [`r${key}`], atMost: maxRows })),
  ]
}

function sum(
  measure: KnownMeasure & { readonly kind: 'sum' },
  scattered: readonly GroupKey[],
  catalogue: Catalogue,
  { rows: from }: Sources,
): Conditions {
  const { of, maxSum } = measure
  const most = largest(intervalOf(of, catalogue))
  const one = most <= maxSum
  if (most === 0n || (!from && one)) return 'nobody'
  if (!from) return []
  // Of an optional table there may be a joined row without a row: it must be within the bound by itself.
  const byRows = !from.optional || one ? [{ product: ['rows'], atMost: maxSum / most }] : []
  const found = dominating(of, catalogue)
  if (!found || found.alias !== from.alias || found.factor === 0n) return byRows
  const place = from.table.columns.findIndex((column) => column.name === found.column)
  const { numbers, squared } = storedRecords(from.table)
  if (!numbers.includes(place)) return byRows
  const keys = squared.includes(place) ? refined(scattered, from) : []
  return [
    { product: [`a${place}`], atMost: maxSum / found.factor },
    ...keys.map((key) => ({
      product: [`r${key}_${place}`],
      atMost: maxSum / found.factor,
    })),
    ...byRows,
  ]
}

/** Places of the stored key columns that are themselves group keys: the question's groups refine theirs. */
function refined(scattered: readonly GroupKey[], from: NonNullable<Sources['rows']>): readonly number[] {
  return scattered.flatMap(({ expression }) => {
    if (expression.kind !== 'column') return []
    const place = keyPlace(from.table, from.alias, expression.alias, expression.column)
    return place === undefined ? [] : [place]
  })
}

function keyPlace(table: Table, alias: string, ofAlias: string, name: string): number | undefined {
  const place = table.columns.findIndex((column) => column.name === name)
  return alias === ofAlias && storedRecords(table).keys.includes(place) ? place : undefined
}
