import { columnsOf } from '../expression.ts'
import type { Expression, Query } from '../query.ts'
import { storedRecords } from '../record.ts'
import { type KnownMeasure, knownMeasures, type Sources } from './known.ts'
import { numberPlace, presentPlace } from './records.ts'

type Rows = NonNullable<Sources['rows']>

/** Measures that are sums over rows or a person's presence. */
export type GrainMeasure = Exclude<KnownMeasure, { readonly kind: 'cells' }>
const isSummable = (measure: KnownMeasure): measure is GrainMeasure => measure.kind !== 'cells'
/** What grainOf let through. */
export const grainMeasures = (query: Query): readonly GrainMeasure[] => knownMeasures(query.measures).filter(isSummable)

/** Stored sums by person and member of one column (record.ts), which stand for the rows of a table. */
export interface Grain {
  readonly rows: Rows
  /** Place of the column in the table. */
  readonly place: number
  /** The column is itself a group key: then each pair of person and group is one stored row. */
  readonly one: boolean
}

/**
 * The stored sums that answer a question: its keys and conditions read the person's own row and one column of a stored domain, and each measure is the number
 * of rows, the rows that have a value, the person's presence, or a stored number column itself. Undefined when there are none.
 *
 * Claim. The rows of one person with one member of that column are all kept by the question's conditions or none is, and all fall into one group; so sums over
 * stored rows are the sums over rows, and who has a stored row has a row.
 * Proof. Every condition, key and filter reads values that are the same in all of them, and is a function of one row (known.ts). Nothing is joined but the
 * person's own row, at most one (oneRowPerRow). What is stored are exact sums of the same stored integers; the load has checked their declared bounds, so
 * that no clamp of one row would change any. ∎
 */
export function grainOf(query: Query, sources: Sources): Grain | undefined {
  const { rows, persons, aliases } = sources
  if (!rows || rows.optional || aliases.length !== (persons === undefined ? 1 : 2)) return undefined
  const places = new Set<number>()
  const coarse = (expression: Expression): boolean =>
    columnsOf(expression).every((column) => {
      if (column.alias === persons) return true
      const place = rows.table.columns.findIndex((one) => one.name === column.column)
      if (column.alias !== rows.alias || !storedRecords(rows.table).groups.includes(place)) return false
      places.add(place)
      return true
    })
  const stored = (measure: KnownMeasure): boolean => {
    if (!isSummable(measure)) return false
    if (measure.kind === 'sum' || measure.kind === 'average') return numberPlace(measure.of, rows) !== undefined
    if (measure.filter === undefined) return true
    return (measure.kind === 'rows' && presentPlace(measure, rows) !== undefined) || coarse(measure.filter)
  }
  const fits =
    query.groups.every((group) => coarse(group.expression)) &&
    (query.where === undefined || coarse(query.where)) &&
    knownMeasures(query.measures).every(stored)
  const [place] = places
  if (!fits || place === undefined || places.size !== 1) return undefined
  const one = query.groups.some(({ expression }) => expression.kind === 'column' && expression.alias === rows.alias)
  return { rows, place, one }
}
