import { assert } from '../../base/assert.ts'
import type { Catalogue } from '../../contract/catalogue.ts'
import { type Grain, type GrainMeasure, grainMeasures } from '../plan/grain.ts'
import { numberPlace, presentPlace } from '../plan/records.ts'
import type { Query } from '../query.ts'
import { groupsTable } from '../record.ts'
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
 * The stored sums by person and member of one column in the place of rows (plan/grain.ts).
 */

/** The statement of printDuckdb over them: everybody person by person. From `partial` on it is the same text. */
export function printGrain(
  query: Query,
  catalogue: Catalogue,
  grain: Grain,
  options: { readonly purposeBit: number },
): PrintedSql {
  const bounded = boundedChannels(query.measures, { ...boundingOf(query), heavy: true })
  return statement(
    query,
    [
      release,
      ['partial', grainPartial(query, catalogue, grain, maskOf(options.purposeBit))],
      ['named', named(query)],
      ...bounded.steps,
    ],
    keysOf(query),
    summed(bounded.channels),
    bounded.from,
  )
}

/** Step `partial` of print/duckdb.ts: per person and group, before any clamp. */
export function grainPartial(
  query: Query,
  catalogue: Catalogue,
  grain: Grain,
  mask: (alias: string) => string,
  only: readonly string[] = [],
): string {
  const keys = query.groups.map((group, index) => `${printKey(group, catalogue)} AS g${index}`)
  const read = grainMeasures(query).map((measure) => storedColumns(measure, grain, catalogue))
  const inner = read.flatMap((columns, j) => columns.map((column, index) => `${column} AS ${letters[index]}${j}`))
  const added = read.flatMap((columns, j) =>
    columns.map((_, index) => {
      const column = `${letters[index]}${j}`
      if (grain.one) return index === 0 && isAmount(query, j) ? `${column} AS s${j}` : `${column}`
      const how = query.measures[j]?.kind === 'persons' ? 'MAX' : 'SUM'
      return `${how}(${column}) AS ${index === 0 && isAmount(query, j) ? `s${j}` : column}`
    }),
  )
  const from = joinedRows(overGroups(query, grain), catalogue, mask, only)
  const groups = query.groups.map((_, index) => `g${index}`)
  const grouping = grain.one ? '' : ` GROUP BY ${['_person', ...groups].join(', ')}`
  return `SELECT ${['_person', ...groups, ...added].join(', ')} FROM (SELECT ${['t0._person AS _person', ...keys, ...inner].join(', ')} ${from})${domainFilter(query.groups)}${grouping}`
}

/** n_j, and of an average s_j; a sum's one column is its amount. */
const letters = ['n', 's'] as const
const isAmount = (query: Query, j: number): boolean => query.measures[j]?.kind === 'sum'

/** What one stored row adds to each channel of a measure: never missing. */
function storedColumns(measure: GrainMeasure, grain: Grain, catalogue: Catalogue): readonly string[] {
  const column = (name: string): string => `${grain.rows.alias}.${name}`
  if (measure.kind === 'rows' || measure.kind === 'persons') {
    const present = measure.kind === 'rows' ? presentPlace(measure, grain.rows) : undefined
    if (present !== undefined) return [column(`_p${present}`)]
    const count = measure.kind === 'rows' ? column('_rows') : '1'
    return [measure.filter ? `CASE WHEN ${printExpression(measure.filter, catalogue)} THEN ${count} ELSE 0 END` : count]
  }
  const place = numberPlace(measure.of, grain.rows)
  assert(place !== undefined, 'the planner reads stored columns alone')
  if (measure.kind === 'sum') return [column(`_t${place}`)]
  const count = column(`_p${place}`)
  return [count, `${column(`_t${place}`)} - ${huge(measure.centre)} * ${count}`]
}

/** What the unprotected question computes of each channel, over stored rows: an aggregate each. */
export function grainChannels(measure: GrainMeasure, grain: Grain, catalogue: Catalogue): readonly string[] {
  const [first = '', second] = storedColumns(measure, grain, catalogue)
  if (measure.kind === 'average') {
    const place = numberPlace(measure.of, grain.rows)
    // Σx - c·n: stored columns are added up as they are.
    return [
      `SUM(${first})`,
      second ? `SUM(${grain.rows.alias}._t${place}) - ${huge(measure.centre)} * SUM(${first})` : '',
    ]
  }
  if (measure.kind !== 'persons') return [`SUM(${first})`]
  if (grain.one) return [measure.filter ? `COUNT(CASE WHEN ${first} = 1 THEN 1 END)` : 'COUNT(*)']
  return [`COUNT(DISTINCT ${measure.filter ? `CASE WHEN ${first} = 1 THEN t0._person END` : 't0._person'})`]
}

/** The question with the stored sums as its table. */
export const overGroups = (query: Query, { rows, place }: Grain): Query => ({
  ...query,
  source: {
    tables: query.source.tables.map((from) =>
      from.alias === rows.alias ? { ...from, table: groupsTable(from.table, place) } : from,
    ),
  },
})
