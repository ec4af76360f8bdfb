import type { Catalogue } from '../../contract/catalogue.ts'
import { intervalOf } from '../interval.ts'
import type { Certificate, Condition } from '../plan/certificate.ts'
import { type Grain, grainMeasures } from '../plan/grain.ts'
import { type KnownMeasure, knownMeasures } from '../plan/known.ts'
import type { Expression, Query } from '../query.ts'
import { recordsTable } from '../record.ts'
import { boundedChannels } from './bounding.ts'
import {
  boundingOf,
  eligible,
  isMember,
  joinedRows,
  keysOf,
  keyText,
  maskOf,
  named,
  type PrintedSql,
  partial,
  printDuckdb,
  release,
  rowValue,
  statement,
  summed,
} from './duckdb.ts'
import { huge, identifier, integer, printExpression } from './expression.ts'
import { grainChannels, grainPartial, overGroups, printGrain } from './grain.ts'
import { printKey } from './keys.ts'

/**
 * One pass over the rows of everybody in force, and then, for the few people whose stored record meets no condition of some measure ("heavy"): what the pass
 * took of them is taken away again, and what is left of it after bounding is added. Nobody else's vector would be changed by bounding (plan/certificate.ts),
 * so the integers are those of printDuckdb. All of it is exact: rows are BIGINT, their sums HUGEINT.
 *
 * Where heavy people hold most rows, this reads them twice; the engine then takes the statement of printDuckdb instead, for the same integers. With a grain both read
 * stored sums by person and member of one column in the place of rows.
 */
export function printFlat(
  query: Query,
  catalogue: Catalogue,
  certificate: Certificate,
  options: { readonly purposeBit: number },
  grain?: Grain,
): PrintedSql {
  const keys = keysOf(query)
  const mask = maskOf(options.purposeBit)
  const flat = plainRows(query, catalogue, mask, grain)
  const { table, measures } = certificate
  const raw = knownMeasures(query.measures).flatMap(rawChannels)
  const channels = raw.map((_, index) => `b${index}`)
  if (table === undefined || measures.length === 0)
    return statement(query, [release, ['_flat', flat]], keys, summed(channels), '_flat')
  const bounded = boundedChannels(query.measures, { ...boundingOf(query), heavy: grain !== undefined })
  const proved = measures.map((conditions) => `(${[...new Set(conditions.map(isMet))].join(' OR ')})`)
  const heavy = `NOT (${[...new Set(proved)].join(' AND ')})`
  const columns = (values: readonly string[], keyTexts: readonly string[] = keys): string =>
    [...keyTexts, ...values.map((value, index) => `CAST(${value} AS HUGEINT) AS b${index}`)].join(', ')
  const taken = raw.map((channel) => `- CAST(${channel} AS HUGEINT)`)
  const only = [`${anchor(query, table)}._person IN (SELECT _person FROM _heavy)`]
  const printed = statement(
    query,
    [
      release,
      // Names that no table can have, while tables are still read.
      ['_heavy', `SELECT _person FROM ${identifier(table)} WHERE ${heavy}`],
      ['_flat', flat],
      ...(grain
        ? [['partial', grainPartial(query, catalogue, grain, mask, only)] as const]
        : [['eligible', eligible(query, catalogue, mask, only)] as const, ['partial', partial(query)] as const]),
      ['named', named(query)],
      ...bounded.steps,
      [
        'together',
        [
          `SELECT ${columns(channels)} FROM _flat`,
          `SELECT ${columns(taken, query.groups.map(keyText))} FROM partial`,
          `SELECT ${columns(bounded.channels)} FROM ${bounded.from}`,
        ].join(' UNION ALL '),
      ],
    ],
    keys,
    summed(channels),
    'together',
  )
  return {
    ...printed,
    otherwise: {
      when: `SELECT COALESCE(SUM(rows) FILTER (WHERE ${heavy}), 0) * 2 > COALESCE(SUM(rows), 0) FROM ${identifier(table)}`,
      text: (grain ? printGrain(query, catalogue, grain, options) : printDuckdb(query, catalogue, options)).text,
    },
  }
}

/**
 * What the unprotected question computes: the keys' texts and one exact sum a channel. Rows are grouped by the keys as they are stored and groups outside the
 * domains left out afterwards: the few groups, and not every row, are compared and made texts.
 */
function plainRows(
  query: Query,
  catalogue: Catalogue,
  mask: (alias: string) => string,
  grain: Grain | undefined,
): string {
  const keys = query.groups.map((group, index) => `${printKey(group, catalogue)} AS g${index}`)
  const sums = grain
    ? grainMeasures(query).flatMap((measure) => grainChannels(measure, grain, catalogue))
    : knownMeasures(query.measures).flatMap((measure) => flatChannels(measure, catalogue))
  const channels = sums.map((channel, index) => `CAST(COALESCE(${channel}, 0) AS HUGEINT) AS b${index}`)
  const grouping = keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}`
  const grouped = `SELECT ${[...keys, ...channels, 'COUNT(*) AS n'].join(', ')} ${joinedRows(grain ? overGroups(query, grain) : query, catalogue, mask)}${grouping}`
  const columns = [...query.groups.map(keyText), ...channels.map((_, index) => `b${index}`)]
  // A condition that reads an aggregate stays above it: otherwise the engine would compare every row again.
  const inside = query.groups.map((group, index) => isMember(group, `g${index}`)).join(' AND ')
  return `SELECT ${columns.join(', ')} FROM (${grouped})${inside === '' ? '' : ` WHERE CASE WHEN n > 0 THEN ${inside} END`}`
}

function flatChannels(measure: KnownMeasure, catalogue: Catalogue): readonly string[] {
  const print = (expression: Expression): string => printExpression(expression, catalogue)
  switch (measure.kind) {
    case 'rows':
      return [measure.filter ? `COUNT(CASE WHEN ${print(measure.filter)} THEN 1 END)` : 'COUNT(*)']
    case 'persons':
      return [
        `COUNT(DISTINCT ${measure.filter ? `CASE WHEN ${print(measure.filter)} THEN t0._person END` : 't0._person'})`,
      ]
    case 'cells': {
      const vector = rowValue(measure, print)
      return measure.vectors.map((one) => `COUNT(CASE WHEN (${vector}) = ${one} THEN 1 END)`)
    }
    case 'sum':
      return [`SUM(${rowValue(measure, print)})`]
    case 'average': {
      const { low, high } = intervalOf(measure.of, catalogue)
      // Σ(x - c) = Σx - c·n where no single distance leaves 64 bits; then Σx is shared with a sum of the same column.
      if (low < -(2n ** 61n) || high > 2n ** 61n) {
        const distance = rowValue(measure, print)
        return [`COUNT(${distance})`, `SUM(${distance})`]
      }
      const x = `TRY_CAST(${print(measure.of)} AS BIGINT)`
      return [`COUNT(${x})`, `SUM(${x}) - ${huge(measure.centre)} * COUNT(${x})`]
    }
  }
}

/** The same of one person and group, as `partial` has it before any clamp. */
function rawChannels(measure: KnownMeasure, j: number): readonly string[] {
  // Read only where a bound may act on somebody; then the planner lets no cells through.
  if (measure.kind === 'cells') return measure.vectors.map(() => '0')
  if (measure.kind === 'average') return [`n${j}`, `s${j}`]
  return measure.kind === 'sum' ? [`s${j}`] : [`n${j}`]
}

const isMet = ({ product, atMost }: Condition): string => {
  const [first = '', ...others] = product
  // Numbers of groups are below 2^17 each; every other product has one factor.
  return `${[others.length === 0 ? first : `CAST(${first} AS HUGEINT)`, ...others].join(' * ')} <= ${integer(cut(atMost))}`
}

/** Compared in 64 bits, as most are stored; a smaller limit only takes more people the long way. */
const cut = (limit: bigint): bigint => (limit > 2n ** 62n ? 2n ** 62n : limit)

/** The rows' own table, so that the engine passes over its blocks without one of these people; the first where rows may be missing. */
function anchor(query: Query, table: string): string {
  const from = query.source.tables.find((one) => recordsTable(one.table) === table)
  return from && from.join?.type !== 'left' ? from.alias : 't0'
}
