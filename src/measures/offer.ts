import { type Catalogue, findTable, type Table } from '../contract/catalogue.ts'
import { measures } from './all.ts'
import type { Measure, Parameter, ParameterType, Reading } from './measure.ts'
import { isColumn, namesFor, placesFor } from './parameters.ts'
import { membersOf, type Place, placeName } from './roles.ts'
import { spaced, type Text } from './text.ts'

/** A measure as a product offers it: with what may stand in each of its parameters. Public: it follows from the contract alone. */
export type Offer = {
  readonly measure: string
  readonly title: Text
  readonly question: Text
  readonly cells: Text
  readonly reading: Reading
  readonly parameters: readonly OfferedParameter[]
}
export type OfferedParameter = {
  readonly name: string
  readonly type: ParameterType
  readonly title: Text
  readonly help?: Text | undefined
  readonly required: boolean
  readonly of?: string | undefined
  readonly default?: string | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  /** What may stand here: for each value of the parameter that `of` names, or under "" when it depends on none. Missing where anything may. */
  readonly choices?: readonly Choices[] | undefined
}
export type Choices = { readonly when: string; readonly choices: readonly Choice[]; readonly more?: number | undefined }
export type Choice = { readonly value: string; readonly label: Text }

/** A list that a person can look through; the rest of a domain may be written. */
const mostListed = 300

/** The measures that can be asked of a product. */
export const offers = (catalogue: Catalogue): readonly Offer[] =>
  measures.flatMap((measure) => offerOf(measure, catalogue) ?? [])

/** Undefined when some parameter that the measure needs has nothing that could stand in it. */
export function offerOf(measure: Measure, catalogue: Catalogue): Offer | undefined {
  const lists = new Map<string, readonly Choices[]>()
  for (const parameter of measure.parameters) {
    const found = choicesOf(parameter, measure, catalogue)
    if (found) lists.set(parameter.name, found)
    // One that is needed whatever else is chosen.
    if (found && isAlwaysNeeded(parameter, measure) && !found.some(({ choices }) => choices.length > 0))
      return undefined
  }
  return {
    measure: measure.id,
    title: measure.title,
    question: measure.question,
    cells: measure.cells,
    reading: { means: measure.means, caveats: measure.caveats },
    parameters: measure.parameters.map(({ options: _, ...parameter }) => {
      const choices = lists.get(parameter.name)
      return choices ? { ...parameter, choices } : parameter
    }),
  }
}

function isAlwaysNeeded(parameter: Parameter, measure: Measure): boolean {
  const above = measure.parameters.find((one) => one.name === parameter.of)
  return parameter.required && (above === undefined || isAlwaysNeeded(above, measure))
}

function choicesOf(parameter: Parameter, measure: Measure, catalogue: Catalogue): readonly Choices[] | undefined {
  if (parameter.type === 'option')
    return [{ when: '', choices: (parameter.options ?? []).map(({ value, label }) => ({ value, label })) }]
  if (parameter.type === 'table') {
    const names = namesFor(parameter, new Map(), catalogue) ?? []
    const usable = names.filter((name) => isUsable(findTable(catalogue, name), parameter, measure, catalogue))
    return [{ when: '', choices: usable.map((name) => choice(name, spaced(name))) }]
  }
  if (parameter.type === 'value') return valueChoices(parameter, measure, catalogue)
  if (!isColumn(parameter.type)) return undefined
  if (parameter.of === undefined)
    return [{ when: '', choices: columnChoices(placesFor(parameter, undefined, catalogue)) }]
  const tables = measure.parameters.find((one) => one.name === parameter.of)
  const names = tables ? (choicesOf(tables, measure, catalogue)?.[0]?.choices ?? []) : []
  return names.map(({ value }) => ({
    when: value,
    choices: columnChoices(placesFor(parameter, findTable(catalogue, value), catalogue)),
  }))
}

/** A table in which every column that the measure needs of it can be chosen. */
const isUsable = (table: Table | undefined, of: Parameter, measure: Measure, catalogue: Catalogue): boolean =>
  measure.parameters.every(
    (one) => one.of !== of.name || !one.required || (placesFor(one, table, catalogue)?.length ?? 1) > 0,
  )

/** For each column that may be chosen and has a domain, its members. */
function valueChoices(parameter: Parameter, measure: Measure, catalogue: Catalogue): readonly Choices[] {
  const columns = measure.parameters.find((one) => one.name === parameter.of)
  if (columns === undefined) return []
  const places = new Map<string, Place>()
  const tables = columns.of === undefined ? [undefined] : catalogue.tables.filter((table) => table.kind === 'private')
  for (const table of tables)
    for (const place of placesFor(columns, table, catalogue) ?? []) places.set(placeName(place), place)
  return [...places].flatMap(([when, { column }]) => {
    const members = membersOf(column)
    if (members === undefined) return []
    const more = members.length - mostListed
    const choices = members.slice(0, mostListed).map((member) => choice(member, member))
    return [{ when, choices, ...(more > 0 ? { more } : {}) }]
  })
}

const columnChoices = (places: readonly Place[] | undefined): readonly Choice[] =>
  (places ?? []).map((place) => {
    const { from, table, column } = place
    return choice(placeName(place), spaced(from === table ? column.name : `${table.name}: ${column.name}`))
  })

const choice = (value: string, label: string): Choice => ({ value, label: { en: label, de: label } })
