import { canonical } from '../base/canonical.ts'
import { minimum } from '../base/integer.ts'
import { type Catalogue, findColumn, findTable } from '../contract/catalogue.ts'
import { formOf, isNumber } from './expression.ts'
import { canonicalQuery } from './form.ts'
import { caseResults } from './interval.ts'
import { catalogueOf, type Expression, type Measure, type Query } from './query.ts'

/**
 * What a sum of a question is made of, row by row: a column of one private table of the contract, or a product of such columns. Conditions, filters and groups can
 * only make a person's part of the sum smaller, so a bound of the whole table's sum suits the question's sum too.
 */
export interface BoundedSum {
  /** Place of the sum among the measures. */
  readonly measure: number
  /** "basket_lines.spend", "lines.quantity * price": what a buyer names it by. */
  readonly name: string
  /** Which bound suits, asked as a question of its own. */
  readonly sql: string
  /** The bound that holds without a tighter one, grid units, and their decimal places. */
  readonly declared: bigint
  readonly scale: number
}

/** The sums of a question whose bound may be chosen: those that no join multiplies and that are not made of a sub-query's columns. */
export function boundedSums(query: Query, contract: Catalogue): readonly BoundedSum[] {
  const tables = catalogueOf(query, contract)
  const rows = query.source.tables.filter(({ table }) => findTable(tables, table)?.kind === 'private')
  const [from] = rows
  const table = from && rows.length === 1 ? findTable(contract, from.table) : undefined
  if (!from || !table) return []
  return query.measures.flatMap((measure, index) => {
    if (measure.kind !== 'sum') return []
    const summed = summedOf(measure.of)
    if (!summed || summed === 'nothing' || summed.scale !== measure.scale) return []
    const columns = columnsIn(summed)
    if (columns.some((column) => column.alias !== from.alias || !findColumn(table, column.column)?.offered)) return []
    const sql = textOf(summed)
    return [
      {
        measure: index,
        name: `${table.name}.${sql}`,
        sql: `SELECT SUM_BOUND(${sql}) FROM ${identifier(table.name)}`,
        declared: measure.maxSum,
        scale: measure.scale,
      },
    ]
  })
}

/** The same question with tighter bounds, by the measure's place; a wider one than declared changes nothing. */
export function withSumBounds(query: Query, bounds: ReadonlyMap<number, bigint>): Query {
  const measures = query.measures.map((measure, index): Measure => {
    const bound = bounds.get(index)
    return measure.kind === 'sum' && bound !== undefined
      ? Object.freeze({ ...measure, maxSum: minimum(measure.maxSum, bound) })
      : measure
  })
  const narrowed = { ...query, measures: Object.freeze(measures) }
  return Object.freeze({ ...narrowed, canonical: canonicalQuery(narrowed) })
}

/** The one thing that is summed where anything is: CASE and COALESCE with results that are it, 0 or missing. */
function summedOf(of: Expression): Expression | 'nothing' | undefined {
  if (of.kind === 'column') return isNumber(of) ? of : undefined
  if (of.kind === 'literal')
    return of.value === null || (isNumber(of) && BigInt(of.value) === 0n) ? 'nothing' : undefined
  if (of.name === '*') return of.args.every(isFactor) ? of : undefined
  if (of.name === 'negate' || of.name === 'abs') return summedOf(of.args[0] as Expression)
  if (of.name !== 'case' && of.name !== 'coalesce') return undefined
  const found = (of.name === 'case' ? caseResults(of.args) : of.args).map(summedOf)
  if (found.includes(undefined)) return undefined
  const things = found.filter((one): one is Expression => one !== 'nothing' && one !== undefined)
  const [first] = things
  if (!first) return 'nothing'
  const form = (one: Expression): string => canonical(formOf(one))
  return things.every((one) => form(one) === form(first)) ? first : undefined
}

const isFactor = (of: Expression): boolean =>
  (of.kind === 'column' && isNumber(of)) || (of.kind === 'call' && of.name === '*' && of.args.every(isFactor))

const columnsIn = (of: Expression): readonly (Expression & { readonly kind: 'column' })[] =>
  of.kind === 'column' ? [of] : of.kind === 'call' ? of.args.flatMap(columnsIn) : []

/** As a buyer writes it; factors in a fixed order, so that one thing has one name. */
const textOf = (of: Expression): string =>
  columnsIn(of)
    .map(({ column }) => identifier(column))
    .sort()
    .join(' * ')

const identifier = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
