import { columnsOf } from '../expression.ts'
import type { Expression, Query } from '../query.ts'
import { storedRecords } from '../record.ts'
import { type KnownMeasure, knownMeasures, type Sources } from './known.ts'

type Rows = NonNullable<Sources['rows']>

/**
 * True when the stored whole records answer a question: its keys and conditions read the person's own row alone, and each measure is the number of rows,
 * the rows that have a value, the person's presence, or a stored number column itself.
 * The load has checked the column's declared bounds, so that the clamp of the printed text changes no value.
 */
export function readsRecords(query: Query, sources: Sources): boolean {
  const { rows, persons, aliases } = sources
  if (!rows || rows.optional || aliases.length !== (persons === undefined ? 1 : 2)) return false
  const personal = (expression: Expression): boolean =>
    columnsOf(expression).every((column) => column.alias === persons)
  return (
    query.groups.every((group) => group.perPerson && personal(group.expression)) &&
    (query.where === undefined || personal(query.where)) &&
    knownMeasures(query.measures).every((measure) => {
      if (measure.kind === 'sum' || measure.kind === 'average') return numberPlace(measure.of, rows) !== undefined
      if (measure.kind === 'cells') return false
      if (measure.filter === undefined || personal(measure.filter)) return true
      return measure.kind === 'rows' && presentPlace(measure, rows) !== undefined
    })
  )
}

/** Place of a stored number column that an expression is. */
export function numberPlace(expression: Expression, rows: Rows): number | undefined {
  if (expression.kind !== 'column' || expression.alias !== rows.alias) return undefined
  const place = rows.table.columns.findIndex((column) => column.name === expression.column)
  return storedRecords(rows.table).numbers.includes(place) ? place : undefined
}

/** COUNT(x) of a stored number column: place of the column. */
export function presentPlace(measure: KnownMeasure & { readonly kind: 'rows' }, rows: Rows): number | undefined {
  const { filter } = measure
  if (filter?.kind !== 'call' || filter.name !== 'not') return undefined
  const [inner] = filter.args
  if (inner?.kind !== 'call' || inner.name !== 'is_null' || !inner.args[0]) return undefined
  return numberPlace(inner.args[0], rows)
}
