import { type Catalogue, type Column, personsTable, type Table } from './catalogue.ts'
import { sqlName } from './names.ts'

/**
 * Questions to start from, made from what the contract declares: plain words, the SQL that asks, and the parts for pages in other languages. Every one of them is
 * answered by the product that it is made from.
 */
export type Starter = {
  readonly id: string
  readonly kind: 'people' | 'total' | 'average' | 'rows'
  readonly words: string
  readonly sql: string
  /** The table that is counted, the column that is added up, the column that makes the groups. */
  readonly table: string
  readonly column: string | undefined
  readonly by: string | undefined
}

/** At most this many groups: a question to start from is one whose answer is not mostly noise. */
const mostGroups = 60
const mostStarters = 8

export function starters(catalogue: Catalogue): readonly Starter[] {
  const persons = personsTable(catalogue)
  const person = `COUNT(DISTINCT ${at(persons.name, persons.personColumn ?? '')})`
  const own = grouping(persons)[0]
  const found: Starter[] = grouping(persons).map((by) =>
    starter('people', persons, undefined, by, `How many people are there, by ${plain(by)}?`, [
      `SELECT ${at(persons.name, by.name)}, ${person} AS people`,
      `FROM ${sqlName(persons.name)}`,
      `GROUP BY ${at(persons.name, by.name)}`,
    ]),
  )
  for (const table of catalogue.tables.filter((one) => one.kind === 'private')) {
    const join = own && table.personColumn ? joined(table, table.personColumn, persons) : ''
    const from = `FROM ${sqlName(table.name)}${own ? join : ''}`
    const select = own ? `SELECT ${at(persons.name, own.name)}, ` : 'SELECT '
    const group = own ? [`GROUP BY ${at(persons.name, own.name)}`] : []
    const by = own ? `, by ${plain(own)}` : ''
    const people = `COUNT(DISTINCT ${at(table.name, table.personColumn ?? '')}) AS people`
    found.push(
      starter('people', table, undefined, own, `How many people are in ${spaced(table.name)}${by}?`, [
        `${select}${people}`,
        from,
        ...group,
      ]),
    )
    found.push(...throughReferences(catalogue, table, people))
    for (const column of table.columns.filter((one) => one.offered && one.maxSumPerPerson !== undefined).slice(0, 2))
      found.push(
        starter('total', table, column, own, `What does ${plain(column)} add up to${by}?`, [
          `${select}SUM(${at(table.name, column.name)}) AS total`,
          from,
          ...group,
        ]),
      )
    for (const column of averaged(table).slice(0, 1))
      found.push(
        starter('average', table, column, own, `What is ${plain(column)} on average${by}?`, [
          `${select}AVG(${at(table.name, column.name)}) AS average`,
          from,
          ...group,
        ]),
      )
    if (table.maxRowsPerPerson !== undefined)
      found.push(
        starter('rows', table, undefined, own, `How many rows of ${spaced(table.name)} are there${by}?`, [
          `${select}COUNT(*) AS rows_counted`,
          from,
          ...group,
        ]),
      )
  }
  return Object.freeze(found.slice(0, mostStarters))
}

/** How many people, by a group of a public table: which goods, which stores. */
function throughReferences(catalogue: Catalogue, table: Table, people: string): readonly Starter[] {
  return table.columns.flatMap((column) => {
    const target = catalogue.tables.find((one) => one.name === column.references?.table && one.kind === 'public')
    const key = column.references?.column
    if (!column.offered || !target || key === undefined) return []
    return grouping(target).map((by) =>
      starter('people', table, undefined, by, `How many people are in ${spaced(table.name)}, by ${plain(by)}?`, [
        `SELECT ${at(target.name, by.name)}, ${people}`,
        `FROM ${sqlName(table.name)} JOIN ${sqlName(target.name)} ON ${at(target.name, key)} = ${at(table.name, column.name)}`,
        `GROUP BY ${at(target.name, by.name)}`,
      ]),
    )
  })
}

const starter = (
  kind: Starter['kind'],
  table: Table,
  column: Column | undefined,
  by: Column | undefined,
  words: string,
  lines: readonly string[],
): Starter =>
  Object.freeze({
    id: [kind, table.name, column?.name, by?.name].filter((part) => part !== undefined).join('-'),
    kind,
    words,
    sql: lines.join('\n'),
    table: table.name,
    column: column?.name,
    by: by?.name,
  })

/** Offered columns by whose declared values an answer can be grouped. */
const grouping = (table: Table): readonly Column[] =>
  table.columns
    .filter(
      (one) => one.offered && one.domain !== undefined && one.domain.length > 1 && one.domain.length <= mostGroups,
    )
    .slice(0, 2)

const averaged = (table: Table): readonly Column[] =>
  table.maxRowsPerPerson === undefined
    ? []
    : table.columns.filter(
        (one) =>
          one.offered &&
          (one.type === 'integer' || one.type === 'decimal') &&
          one.minimum !== undefined &&
          one.maximum !== undefined &&
          one.minimum < one.maximum,
      )

const joined = (table: Table, column: string, persons: Table): string =>
  ` JOIN ${sqlName(persons.name)} ON ${at(persons.name, persons.personColumn ?? '')} = ${at(table.name, column)}`

const at = (table: string, column: string): string => `${sqlName(table)}.${sqlName(column)}`
const spaced = (name: string): string => name.replace(/_/g, ' ')
const plain = (column: Column): string => spaced(column.name)
