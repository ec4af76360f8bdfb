import { dayText } from '../base/instant.ts'
import type { Day } from '../base/units.ts'
import { type Catalogue, personsTable, type Table } from '../contract/catalogue.ts'
import { sqlName } from '../contract/names.ts'
import type { Place } from './roles.ts'

/** A text as a literal: quotes are doubled, nothing else means anything in it (standard_conforming_strings; docs/sql.md). */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
export const date = (day: Day): string => `DATE '${dayText(day)}'`

/** Joins of one step: its tables, and how a column is written there. */
export interface Scope {
  readonly from: readonly string[]
  name(place: Place): string
  readonly person: string
}
/** A step of WITH, and how it names the person. */
export interface Made {
  readonly name: string
  readonly person: string
}

/** The rows of one table of people's rows with the public tables that the places need, and further relations joined on the person. */
export function scopeOf(table: Table, places: readonly (Place | undefined)[], others: readonly Made[] = []): Scope {
  const joined = new Map<string, Place>()
  for (const place of places) if (place && place.table !== table) joined.set(place.table.name, place)
  const person = table.personColumn ?? ''
  const several = joined.size > 0 || others.length > 0
  const at = (owner: string, column: string): string =>
    several ? `${sqlName(owner)}.${sqlName(column)}` : sqlName(column)
  return {
    from: [
      `FROM ${sqlName(table.name)}`,
      ...[...joined.values()].map((place) => `JOIN ${sqlName(place.table.name)} ${onKey(table, place)}`),
      ...others.map((other) => `JOIN ${other.name} ${onPerson(table, other)}`),
    ],
    name: (place) => at(place.table.name, place.column.name),
    person: at(table.name, person),
  }
}

function onKey(table: Table, { table: other, through }: Place): string {
  const key = other.primaryKey[0] ?? ''
  const column = through?.name ?? ''
  return column === key
    ? `USING (${sqlName(key)})`
    : `ON ${sqlName(table.name)}.${sqlName(column)} = ${sqlName(other.name)}.${sqlName(key)}`
}

/** FROM people, with relations of one row a person joined to it: everybody is in, also those who have no such row. */
export function fromPeople(catalogue: Catalogue, joined: readonly Made[]): readonly string[] {
  const people = personsTable(catalogue)
  return [`FROM ${sqlName(people.name)}`, ...joined.map((made) => `LEFT JOIN ${made.name} ${onPerson(people, made)}`)]
}

function onPerson(table: Table, made: Made): string {
  const key = table.personColumn ?? ''
  return made.person === key
    ? `USING (${sqlName(key)})`
    : `ON ${made.name}.${sqlName(made.person)} = ${sqlName(table.name)}.${sqlName(key)}`
}

/** A step of WITH that makes one row for each person. */
export interface Step {
  readonly name: string
  readonly select: readonly string[]
  readonly from: readonly string[]
  readonly where: readonly string[]
  readonly groupBy?: string | undefined
}

export interface Statement {
  readonly steps: readonly Step[]
  readonly select: readonly string[]
  readonly from: readonly string[]
  readonly where?: readonly string[] | undefined
  readonly groupBy: string
}

/** The statement as an analyst writes it: one clause a line. */
export function statement({ steps, select, from, where, groupBy }: Statement): string {
  const made = steps.map((step) => `${step.name} AS (\n${indented(clauses(step))}\n)`)
  return [
    ...(made.length > 0 ? [`WITH ${made.join(',\n')}`] : []),
    ...clauses({ select, from, where: where ?? [], groupBy }),
  ].join('\n')
}

function clauses({ select, from, where, groupBy }: Omit<Step, 'name'>): readonly string[] {
  const one = select.join(', ')
  return [
    ...(one.length <= 90 && !one.includes('\n') ? [`SELECT ${one}`] : ['SELECT', indented([select.join(',\n')])]),
    ...from,
    ...where.map((condition, index) => `${index === 0 ? 'WHERE' : '  AND'} ${condition}`),
    ...(groupBy === undefined ? [] : [`GROUP BY ${groupBy}`]),
  ]
}

const indented = (lines: readonly string[]): string =>
  lines
    .join('\n')
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')

/** CASE over several lines. */
export const cases = (whens: readonly (readonly [condition: string, result: string])[], otherwise: string): string =>
  [
    'CASE',
    ...whens.map(([condition, result]) => `  WHEN ${condition} THEN ${result}`),
    `  ELSE ${otherwise}`,
    'END',
  ].join('\n')

/** A name for a step that no table of the contract has. */
export function stepName(wanted: string, catalogue: Catalogue): string {
  let name = wanted
  for (let count = 2; catalogue.tables.some((table) => table.name === name); count++) name = `${wanted}_${count}`
  return name
}

/** A name for an output that none of the others has. */
export function outputName(wanted: string, taken: readonly string[]): string {
  let name = wanted
  for (let count = 2; taken.includes(name); count++) name = `${wanted}_${count}`
  return name
}
