import { assert } from '../../base/assert.ts'
import type { Catalogue } from '../../contract/catalogue.ts'
import { type KnownMeasure, knownMeasures, type Sources } from '../plan/known.ts'
import { numberPlace, presentPlace } from '../plan/records.ts'
import type { Query } from '../query.ts'
import { recordsTable } from '../record.ts'
import { boundedChannels } from './bounding.ts'
import {
  boundingOf,
  domainFilter,
  joinedRows,
  keysOf,
  maskOf,
  named,
  type PrintedSql,
  release,
  statement,
  summed,
} from './duckdb.ts'
import { huge, printExpression } from './expression.ts'
import { printKey } from './keys.ts'

/**
 * The statement of printDuckdb with the stored whole records in the place of rows: one record is what the rows of one person add up to, and each person is in
 * one group. Everything from the first clamp on is the same text.
 */
export function printRecords(
  query: Query,
  catalogue: Catalogue,
  rows: NonNullable<Sources['rows']>,
  options: { readonly purposeBit: number },
): PrintedSql {
  const bounded = boundedChannels(query.measures, boundingOf(query))
  const recorded: Query = {
    ...query,
    source: {
      tables: query.source.tables.map((from) =>
        from.alias === rows.alias ? { ...from, table: recordsTable(from.table) } : from,
      ),
    },
  }
  const keys = query.groups.map((group, index) => `${printKey(group, catalogue)} AS g${index}`)
  const read = knownMeasures(query.measures).flatMap((measure, j) => recordColumns(measure, j, rows, catalogue))
  const from = joinedRows(recorded, catalogue, maskOf(options.purposeBit))
  return statement(
    query,
    [
      release,
      [
        'partial',
        `SELECT * FROM (SELECT ${['t0._person AS _person', ...keys, ...read].join(', ')} ${from})${domainFilter(query.groups)}`,
      ],
      ['named', named(query)],
      ...bounded.steps,
    ],
    keysOf(query),
    summed(bounded.channels),
    bounded.from,
  )
}

/** The columns of `partial` (print/duckdb.ts), from one record. */
function recordColumns(
  measure: KnownMeasure,
  j: number,
  rows: NonNullable<Sources['rows']>,
  catalogue: Catalogue,
): readonly string[] {
  const column = (name: string): string => `${rows.alias}.${name}`
  if (measure.kind === 'rows' || measure.kind === 'persons') {
    const present = measure.kind === 'rows' ? presentPlace(measure, rows) : undefined
    if (present !== undefined) return [`${column(`p${present}`)} AS n${j}`]
    const count = measure.kind === 'rows' ? column('rows') : '1'
    const { filter } = measure
    return [
      filter
        ? `CASE WHEN ${printExpression(filter, catalogue)} THEN ${count} ELSE 0 END AS n${j}`
        : `${count} AS n${j}`,
    ]
  }
  assert(measure.kind !== 'cells', 'cells are never read off the records')
  const place = numberPlace(measure.of, rows)
  assert(place !== undefined, 'the planner reads stored columns alone')
  if (measure.kind === 'sum') return [`${column(`t${place}`)} AS s${j}`]
  const count = column(`p${place}`)
  return [`${count} AS n${j}`, `${column(`t${place}`)} - ${huge(measure.centre)} * ${count} AS s${j}`]
}
