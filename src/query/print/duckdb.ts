import { assert } from '../../base/assert.ts'
import { boundGrid } from '../../base/bound-grid.ts'
import type { Catalogue } from '../../contract/catalogue.ts'
import { channelsIn, squareCentre, squareRange } from '../moments.ts'
import {
  catalogueOf,
  cellsOf,
  type Expression,
  type GroupKey,
  type Measure,
  maxKeyBytes,
  type Query,
} from '../query.ts'
import { type Bounded, type Bounding, boundedChannels, columns, lengthPrefixed } from './bounding.ts'
import { printDerived, printJoins } from './derived.ts'
import { huge, integer, printExpression, printValue } from './expression.ts'
import { printKey } from './keys.ts'

/** One statement for the engine: its columns are one text per group key, then one HUGEINT per channel. Parameter: $salt. */
export interface PrintedSql {
  readonly text: string
  readonly groupKeys: number
  readonly channels: number
  /** The same integers by another statement, when the one boolean of `when` is true (release/ports.ts). */
  readonly otherwise?: { readonly when: string; readonly text: string } | undefined
}

/**
 * The bounded question for DuckDB: rows of eligible people → partial sums per person and group → each person's whole record bounded, for each
 * measure on its own (print/bounding.ts) → sums per group. One row for each group that occurs; groups outside the declared domains do not.
 *
 * Stored tables: the declared columns (numbers BIGINT in grid units), and in private and persons tables _person BIGINT and _mask INTEGER, of
 * which bit `purposeBit` is set where the person's records may be used. Every private table is filtered by it.
 */
export function printDuckdb(query: Query, catalogue: Catalogue, options: { readonly purposeBit: number }): PrintedSql {
  const tables = catalogueOf(query, catalogue)
  const mask = maskOf(options.purposeBit)
  const keys = keysOf(query)
  const bounded = boundedChannels(query.measures, boundingOf(query))
  const distinct = hasDistinct(query)
  const steps: [name: string, body: string][] = [
    release,
    ...(query.derived ?? []).map((derived): [string, string] => [...printDerived(derived, tables, mask)]),
    ['eligible', eligible(query, tables, mask)],
    ['partial', partial(query)],
    ['named', named(query)],
    ...bounded.steps,
    ...distinctSteps(query, keys, bounded),
  ]
  const carried = distinct ? bounded.channels.map((_, i) => `m${i}`) : bounded.channels
  return statement(query, steps, keys, finalChannels(query.measures, carried), distinct ? 'whole' : bounded.from)
}

/** Named always, so that every statement has the same parameters; by a name that no table can have, because what follows reads tables. */
export const release: [name: string, body: string] = ['_release', 'SELECT $salt AS salt']

export const keysOf = (query: Query): readonly string[] => query.groups.map((_, index) => `k${index}`)
export const summed = (channels: readonly string[]): readonly string[] => channels.map((channel) => `SUM(${channel})`)

/** More groups of one person than rows can exist: what stands in the place of the number of groups where keys are open (parse/bounds.ts). */
const mostOpenGroups = 2 ** 40

export const boundingOf = (query: Query): Bounding => ({
  keys: keysOf(query),
  single: query.groups.every((group) => group.perPerson),
  cells: BigInt(cellsOf(query.groups) ?? mostOpenGroups),
})

/** True for rows of people whose records may be used for the purpose. */
export function maskOf(purposeBit: number): (alias: string) => string {
  assert(Number.isInteger(purposeBit) && purposeBit >= 0 && purposeBit <= 30, 'the purpose bit is from 0 to 30')
  return (alias) => `(${alias}._mask & ${2 ** purposeBit}) <> 0`
}

/** Per person and group, with the keys' texts, after the first clamp. */
export const named = (query: Query): string =>
  `SELECT ${['_person', ...query.groups.map(keyText), ...firstClamps(query.measures)].join(', ')} FROM partial`

/**
 * The same question without any protection, over everybody: for benchmarks and for comparison on synthetic data, never for an answer. Same columns,
 * no parameter. Averages give rows and centred sum, as the bounded statement does.
 */
export function printPlain(query: Query, catalogue: Catalogue): PrintedSql {
  const tables = catalogueOf(query, catalogue)
  const channels = query.measures.flatMap((measure, j) => plainChannels(measure, j))
  const steps: [string, string][] = [
    ...(query.derived ?? []).map((derived): [string, string] => [...printDerived(derived, tables, undefined)]),
    ['eligible', eligible(query, tables, undefined)],
    [
      'named',
      `SELECT _person, ${[...query.groups.map(keyText), ...query.measures.map((measure, j) => plainValue(measure, j, query.groups.length))].join(', ')} FROM eligible${domainFilter(query.groups)}`,
    ],
  ]
  const printed = statement(query, steps, keysOf(query), channels, 'named')
  return { ...printed, text: `/* unprotected: benchmarks and synthetic data only */ ${printed.text}` }
}

/** Of cells what all rows of the person say together; of a mean of means each row's part of the person's. */
function plainValue(measure: Measure, j: number, groups: number): string {
  const keys = Array.from({ length: groups }, (_, index) => `, g${index}`).join('')
  if (measure.kind === 'cells') return `BIT_OR(x${j}) OVER (PARTITION BY _person${keys}) AS x${j}`
  if (measure.kind === 'mean') return `CAST(x${j} AS DOUBLE) / COUNT(x${j}) OVER (PARTITION BY _person${keys}) AS x${j}`
  return `x${j}`
}

const hasDistinct = (query: Query): boolean => query.measures.some((measure) => measure.kind === 'distinct')

/**
 * Different values, for each such measure: pairs of group and value of a person, each once; the first maxValues of them in salted-hash order; then the
 * number of different values in each group, which takes the place of the zeros that the other steps carry for it.
 */
function distinctSteps(query: Query, keys: readonly string[], bounded: Bounded): [string, string][] {
  if (!hasDistinct(query)) return []
  let next = 0
  const counted: string[] = []
  const steps = query.measures.flatMap((measure, j): [string, string][] => {
    const place = next
    next += columns(measure, j).length
    if (measure.kind !== 'distinct') return []
    const zeros = bounded.channels.map((_, i) => (i === place ? 'COUNT(DISTINCT value)' : '0'))
    const grouping = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`
    counted.push(`SELECT ${[...keys, ...zeros].join(', ')} FROM kept_${j} WHERE nr <= ${measure.maxValues}${grouping}`)
    const named = ['_person', ...query.groups.map(keyText), `CAST(x${j} AS VARCHAR) AS value`]
    const inDomain = domainFilter(query.groups)
    const hash = ["$salt || '|' || CAST(_person AS VARCHAR) || '|'", ...[...keys, 'value'].map(lengthPrefixed)]
    return [
      [
        `values_${j}`,
        `SELECT DISTINCT ${named.join(', ')} FROM eligible${inDomain}${inDomain ? ' AND' : ' WHERE'} x${j} IS NOT NULL`,
      ],
      [
        `kept_${j}`,
        `SELECT ${[...keys, 'value'].join(', ')}, ROW_NUMBER() OVER (PARTITION BY _person ORDER BY md5(${hash.join(' || ')}), ${[...keys, 'value'].join(', ')}) AS nr FROM values_${j}`,
      ],
    ]
  })
  const carried = bounded.channels.map((channel, i) => `${channel} AS m${i}`)
  return [
    ...steps,
    ['whole', [`SELECT ${[...keys, ...carried].join(', ')} FROM ${bounded.from}`, ...counted].join(' UNION ALL ')],
  ]
}

/** What is summed over people: each carried column; of a distribution the number of people in each bin, of a bound that above each edge. */
function finalChannels(measures: readonly Measure[], carried: readonly string[]): readonly string[] {
  let next = 0
  return measures.flatMap((measure, j) => {
    const own = carried.slice(next, next + columns(measure, j).length)
    next += own.length
    if (measure.kind === 'bound')
      return boundGrid(measure.declared).map((edge) => `COUNT(*) FILTER (WHERE ${own[0]} > ${huge(edge)})`)
    if (measure.kind === 'cells')
      return measure.vectors.map((vector) => `COUNT(*) FILTER (WHERE ${own[0]} = ${vector})`)
    if (measure.kind !== 'distribution') return own.map((channel) => `SUM(${channel})`)
    const [present, bin] = own
    return Array.from({ length: measure.bins }, (_, i) => `COUNT(*) FILTER (WHERE ${present} = 1 AND ${bin} = ${i})`)
  })
}

/** Place of a measure's first channel. */
const offsetOf = (measures: readonly Measure[], index: number): number =>
  measures.slice(0, index).reduce((sum, measure) => sum + channelsIn(measure), 0)

export function statement(
  query: Query,
  steps: readonly (readonly [string, string])[],
  keys: readonly string[],
  channels: readonly string[],
  from: string,
): PrintedSql {
  const columns = [
    ...keys,
    ...channels.map((channel, index) => `CAST(COALESCE(${channel}, 0) AS HUGEINT) AS c${index}`),
  ]
  const grouping = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`
  // Of open keys, a group in which nobody counts is none. The noise looks again.
  const counted = query.selection ? channels[offsetOf(query.measures, query.selection.measure)] : undefined
  const having = counted === undefined ? '' : ` HAVING ${counted} > 0`
  const ctes = steps.map(([name, body]) => `${name} AS (${body})`).join(',\n')
  return {
    text: `WITH ${ctes}\nSELECT ${columns.join(', ')} FROM ${from}${grouping}${having}`,
    groupKeys: query.groups.length,
    channels: channels.length,
  }
}

/** Joined rows in force, with their group keys (native types) and what each measure reads. */
export function eligible(
  query: Query,
  catalogue: Catalogue,
  mask: ((alias: string) => string) | undefined,
  only: readonly string[] = [],
): string {
  const print = (expression: Parameters<typeof printExpression>[0]): string => printExpression(expression, catalogue)
  const columns = [
    't0._person AS _person',
    ...query.groups.map((group, index) => `${printKey(group, catalogue)} AS g${index}`),
    ...query.measures.map((measure, index) => `${rowValue(measure, print)} AS x${index}`),
  ]
  return `SELECT ${columns.join(', ')} ${joinedRows(query, catalogue, mask, only)}`
}

/** FROM and WHERE: rows that belong to people in force, under the question's conditions and `only`. */
export function joinedRows(
  query: Query,
  catalogue: Catalogue,
  mask: ((alias: string) => string) | undefined,
  only: readonly string[] = [],
): string {
  assert(query.source.tables[0]?.private, 'rows begin with a private table')
  const joins = printJoins(query.source, catalogue, mask)
  const conditions = [...joins.conditions, ...only, ...(query.where ? [printExpression(query.where, catalogue)] : [])]
  return `FROM ${joins.from}${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`
}

/** What a measure reads of one row: 1 or 0 for counts, an amount in BIGINT for sums, the distance from the centre for averages. */
export function rowValue(
  measure: Measure,
  print: (expression: Parameters<typeof printExpression>[0]) => string,
): string {
  switch (measure.kind) {
    case 'rows':
    case 'persons':
      return measure.filter ? `CASE WHEN ${print(measure.filter)} THEN 1 ELSE 0 END` : '1'
    case 'cells':
      return vectorOf(measure.conditions, print)
    case 'distinct':
      return print(measure.of)
    case 'sum':
    case 'bound':
    case 'distribution':
      return `TRY_CAST(${print(measure.of)} AS BIGINT)`
    case 'average':
    case 'mean':
    case 'variance':
      return `TRY_CAST(CAST(${print(measure.of)} AS HUGEINT) - ${huge(measure.centre)} AS BIGINT)`
  }
}

/** Bit i: condition i is true. */
const vectorOf = (
  conditions: readonly Expression[],
  print: (expression: Parameters<typeof printExpression>[0]) => string,
): string =>
  conditions
    .map(
      (condition, index) =>
        `(CASE WHEN ${print(condition)} THEN ${integer(2n ** BigInt(index))} ELSE ${integer(0n)} END)`,
    )
    .join(' | ')

/** Per person and group, only groups of the declared domain. SUM of BIGINT is HUGEINT and holds 2^63 rows of any value. */
export function partial(query: Query): string {
  const keys = query.groups.map((_, index) => `g${index}`)
  const columns = query.measures.flatMap((measure, j) => partialColumns(measure, j))
  return `SELECT ${['_person', ...keys, ...columns].join(', ')} FROM eligible${domainFilter(query.groups)} GROUP BY ${['_person', ...keys].join(', ')}`
}

function partialColumns(measure: Measure, j: number): readonly string[] {
  switch (measure.kind) {
    case 'rows':
      return [`SUM(x${j}) AS n${j}`]
    case 'persons':
      return [`MAX(x${j}) AS n${j}`]
    case 'cells':
      return [`BIT_OR(x${j}) AS n${j}`]
    case 'sum':
      return [`COALESCE(SUM(x${j}), 0) AS s${j}`]
    case 'bound':
      return [`COALESCE(SUM(ABS(CAST(x${j} AS HUGEINT))), 0) AS s${j}`]
    case 'average':
      return [`COUNT(x${j}) AS n${j}`, `COALESCE(SUM(x${j}), 0) AS s${j}`]
    case 'mean':
      return [`CASE WHEN COUNT(x${j}) > 0 THEN 1 ELSE 0 END AS n${j}`, `COALESCE(${meanOf(j)}, 0) AS s${j}`]
    case 'distinct':
      return [`MAX(0) AS n${j}`]
    case 'distribution':
      return [`CASE WHEN COUNT(x${j}) > 0 THEN 1 ELSE 0 END AS n${j}`, `quantile_disc(x${j}, 0.5) AS s${j}`]
    case 'variance':
      return [
        `COUNT(x${j}) AS n${j}`,
        `COALESCE(SUM(x${j}), 0) AS s${j}`,
        `COALESCE(SUM(${centredSquare(measure.halfRange, j)}), 0) AS w${j}`,
      ]
  }
}

/** Rounded half away from zero. */
const meanOf = (j: number): string =>
  `SIGN(SUM(x${j})) * ((2 * ABS(SUM(x${j})) + COUNT(x${j})) // NULLIF(2 * COUNT(x${j}), 0))`

/** d² - h. R·U² < 2^62 (parse/bounds.ts), so 2^63 rows of it fit the engine's 128 bits. */
const centredSquare = (halfRange: bigint, j: number): string =>
  `CAST(x${j} AS HUGEINT) * x${j} - ${huge(squareCentre(halfRange))}`

function plainChannels(measure: Measure, j: number): readonly string[] {
  if (measure.kind === 'distinct') return [`COUNT(DISTINCT x${j})`]
  // The unprotected question would look for the largest.
  if (measure.kind === 'bound') return [`MAX(x${j})`]
  if (measure.kind === 'mean')
    return [`COUNT(DISTINCT CASE WHEN x${j} IS NOT NULL THEN _person END)`, `ROUND(SUM(x${j}))`]
  if (measure.kind === 'cells')
    return measure.vectors.map((vector) => `COUNT(DISTINCT CASE WHEN x${j} = ${vector} THEN _person END)`)
  if (measure.kind === 'persons') return [`COUNT(DISTINCT CASE WHEN x${j} = 1 THEN _person END)`]
  if (measure.kind === 'distribution')
    return Array.from(
      { length: measure.bins },
      (_, i) => `COUNT(*) FILTER (WHERE ${binOf(measure, `x${j}`)} = ${i} AND x${j} IS NOT NULL)`,
    )
  if (measure.kind === 'variance') return [`COUNT(x${j})`, `SUM(x${j})`, `SUM(${centredSquare(measure.halfRange, j)})`]
  return measure.kind === 'average' ? [`COUNT(x${j})`, `SUM(x${j})`] : [`SUM(x${j})`]
}

/** First clamp, within one group: rows to R, an average's rows to R with its sum in proportion and within n·U. Sums follow in bounding.ts. */
function firstClamps(measures: readonly Measure[]): readonly string[] {
  return measures.flatMap((measure, j) => {
    if (measure.kind === 'persons' || measure.kind === 'distinct' || measure.kind === 'cells') return [`n${j} AS v${j}`]
    if (measure.kind === 'sum' || measure.kind === 'bound') return [`s${j} AS v${j}`]
    if (measure.kind === 'distribution') return [`n${j} AS v${j}`, `${binOf(measure, `s${j}`)} AS s${j}`]
    if (measure.kind === 'mean') {
      const most = huge(measure.halfRange)
      return [`n${j} AS v${j}`, `GREATEST(LEAST(CAST(s${j} AS HUGEINT), ${most}), - ${most}) AS s${j}`]
    }
    const rows = `CAST(LEAST(n${j}, ${huge(measure.maxRows)}) AS HUGEINT)`
    if (measure.kind === 'rows') return [`${rows} AS v${j}`]
    const sum = (column: string, most: bigint): string => clampedSum(column, `n${j}`, rows, measure.maxRows, most)
    const sums = [`${sum(`s${j}`, measure.halfRange)} AS s${j}`]
    if (measure.kind === 'variance') sums.push(`${sum(`w${j}`, squareRange(measure.halfRange))} AS w${j}`)
    return [`${rows} AS v${j}`, ...sums]
  })
}

/** A sum of n rows, each at most `most`, in proportion to the kept rows and within kept · most. |s| <= n · most, so |s·R| < 2^62 · n; // truncates. */
function clampedSum(column: string, n: string, rows: string, maxRows: bigint, most: bigint): string {
  const limit = `(${rows} * ${huge(most)})`
  const scaled = `(CASE WHEN ${n} > ${integer(maxRows)} THEN (CAST(${column} AS HUGEINT) * ${huge(maxRows)}) // ${n} ELSE ${column} END)`
  return `GREATEST(LEAST(${scaled}, ${limit}), - ${limit})`
}

/** The bin of a person's value, 0 to bins - 1, whatever the value; 0 for nobody's. */
const binOf = (measure: Extract<Measure, { kind: 'distribution' }>, value: string): string =>
  `CAST(GREATEST(LEAST((CAST(COALESCE(${value}, 0) AS HUGEINT) - ${huge(measure.low)}) // ${huge(measure.step)}, ${measure.bins - 1}), 0) AS BIGINT)`

export function domainFilter(groups: readonly GroupKey[]): string {
  if (groups.length === 0) return ''
  return ` WHERE ${groups.map((group, index) => isMember(group, `g${index}`)).join(' AND ')}`
}

/** Of an open key only texts can be too long. */
export function isMember(group: GroupKey, key: string): string {
  if (!group.domain) return group.type === 'text' ? `(${key} IS NULL OR strlen(${key}) <= ${maxKeyBytes})` : 'TRUE'
  const members = group.domain.filter((member) => member !== null).map((member) => printValue(member, group.type))
  const named = members.length > 0 ? `${key} IN (${members.join(', ')})` : 'FALSE'
  return group.domain.includes(null) ? `(${key} IS NULL OR ${named})` : `(${named})`
}

export const keyText = (group: GroupKey, index: number): string =>
  group.type === 'text' ? `g${index} AS k${index}` : `CAST(g${index} AS VARCHAR) AS k${index}`
