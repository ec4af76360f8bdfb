import { dayText, parseDay } from '../base/instant.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Day } from '../base/units.ts'
import { type Catalogue, type Column, personsTable, type Table } from '../contract/catalogue.ts'
import type { Given, Parameter } from './measure.ts'
import {
  dateColumns,
  eventTables,
  findPlace,
  groupColumns,
  itemColumns,
  membersOf,
  numberColumns,
  type Place,
  personColumns,
  placeName,
} from './roles.ts'
import { literal } from './sql.ts'
import { holdsUnseen } from './text.ts'

/** What was read of the parameters; a parameter that was not given, and needs not be, is missing. */
export interface Values {
  table(name: string): Table
  place(name: string): Place
  placeIf(name: string): Place | undefined
  value(name: string): Member
  valueIf(name: string): Member | undefined
  dayIf(name: string): Day | undefined
  day(name: string): Day
  whole(name: string): number
  /** Decimal texts. */
  amount(name: string): string
  edges(name: string): readonly string[]
  option(name: string): string
}

/** One value of a column: as it was written, and as a literal of SQL. */
export interface Member {
  readonly text: string
  readonly sql: string
}

interface Kinds {
  readonly table: Table
  readonly place: Place
  readonly member: Member
  readonly day: Day
  readonly whole: number
  readonly amount: string
  readonly edges: readonly string[]
  readonly option: string
}
type Read = { readonly [K in keyof Kinds]: { readonly kind: K; readonly value: Kinds[K] } }[keyof Kinds]

const longestText = 200
const mostEdges = 20

/**
 * Reads every parameter against the contract. Hostile input: nothing that is given reaches the statement but names of the contract, literals that are quoted here, and
 * numbers and dates that are written anew from what was read.
 * Refuses measure.parameter_unknown, measure.parameter_missing, measure.parameter_invalid, each naming the parameter.
 */
export function readParameters(
  parameters: readonly Parameter[],
  given: Given,
  catalogue: Catalogue,
): Outcome<{ readonly values: Values; readonly written: Given }> {
  const unknown = Object.keys(given).find((name) => !parameters.some((one) => one.name === name))
  if (unknown !== undefined)
    return refuse('measure.parameter_unknown', `the measure has no parameter ${quoted(unknown)}`, {
      hint: `its parameters: ${parameters.map((one) => one.name).join(', ')}`,
    })
  const found = new Map<string, Read>()
  const written: Record<string, string> = {}
  for (const parameter of parameters) {
    const text = textOf(parameter, given, found, catalogue)
    if (text === undefined) {
      if (!isNeeded(parameter, found)) continue
      return refuse('measure.parameter_missing', `the parameter "${parameter.name}" is needed`, {
        hint: hintOf(parameter, found, catalogue),
      })
    }
    const read = typeof text === 'string' ? readOne(parameter, text, found, catalogue) : undefined
    if (!read)
      return refuse(
        'measure.parameter_invalid',
        `the parameter "${parameter.name}" cannot be ${quoted(typeof text === 'string' ? text : typeof text)}`,
        { hint: hintOf(parameter, found, catalogue) },
      )
    found.set(parameter.name, read)
    written[parameter.name] = text as string
  }
  return accept({ values: valuesOf(found), written: Object.freeze(written) })
}

/** What is given, else the default, else the one value that it can have. */
function textOf(
  parameter: Parameter,
  given: Given,
  found: ReadonlyMap<string, Read>,
  catalogue: Catalogue,
): unknown | undefined {
  const text: unknown = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined
  if (text !== undefined && text !== '') return text
  if (parameter.default !== undefined) return parameter.default
  if (!isNeeded(parameter, found)) return undefined
  const names = namesFor(parameter, found, catalogue)
  return names?.length === 1 && parameter.type !== 'value' && parameter.type !== 'option' ? names[0] : undefined
}

/** A value of a column is needed as soon as the column is named; one that is not needed itself, never. */
const isNeeded = (parameter: Parameter, found: ReadonlyMap<string, Read>): boolean =>
  parameter.required && (parameter.of === undefined || found.has(parameter.of))

/** The names or values that may stand for the parameter, given those before it; undefined when it is free. */
export function namesFor(
  parameter: Parameter,
  found: ReadonlyMap<string, Read>,
  catalogue: Catalogue,
): readonly string[] | undefined {
  const of = parameter.of === undefined ? undefined : found.get(parameter.of)
  if (parameter.type === 'table') return eventTables(catalogue).map((table) => table.name)
  if (parameter.type === 'option') return (parameter.options ?? []).map((one) => one.value)
  if (parameter.type === 'value') return of?.kind === 'place' ? membersOf(of.value.column) : []
  return placesFor(parameter, of?.kind === 'table' ? of.value : undefined, catalogue)?.map(placeName)
}

/** The columns that may stand for the parameter; undefined when it is no column. */
export function placesFor(
  { type }: Parameter,
  table: Table | undefined,
  catalogue: Catalogue,
): readonly Place[] | undefined {
  if (type === 'person column') return personColumns(catalogue)
  if (!isColumn(type)) return undefined
  if (table === undefined) return []
  if (type === 'date column') return dateColumns(table)
  if (type === 'number column') return numberColumns(table)
  return type === 'group column' ? groupColumns(table, catalogue) : itemColumns(table, catalogue)
}

export const isColumn = (type: Parameter['type']): boolean => type.endsWith(' column')

function readOne(
  parameter: Parameter,
  text: string,
  found: ReadonlyMap<string, Read>,
  catalogue: Catalogue,
): Read | undefined {
  const of = parameter.of === undefined ? undefined : found.get(parameter.of)
  switch (parameter.type) {
    case 'table': {
      const table = eventTables(catalogue).find((one) => one.name === text)
      return table && { kind: 'table', value: table }
    }
    case 'value': {
      const member = of?.kind === 'place' ? memberOf(of.value.column, text) : undefined
      return member && { kind: 'member', value: member }
    }
    case 'day': {
      const day = parseDay(text)
      return day !== undefined && dayText(day) === text && text >= '0001' ? { kind: 'day', value: day } : undefined
    }
    case 'whole number': {
      const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
      const inside = value >= (parameter.minimum ?? 0) && value <= (parameter.maximum ?? 0)
      return inside ? { kind: 'whole', value } : undefined
    }
    case 'amount':
      return isAmount(text) && Number(text) > 0 ? { kind: 'amount', value: plainDecimal(text) } : undefined
    case 'edges': {
      const edges = edgesOf(text)
      return edges && { kind: 'edges', value: edges }
    }
    case 'option':
      return parameter.options?.some((one) => one.value === text) ? { kind: 'option', value: text } : undefined
    default: {
      const table = of?.kind === 'table' ? of.value : personsTable(catalogue)
      const place = findPlace(placesFor(parameter, table, catalogue) ?? [], text)
      return place && { kind: 'place', value: place }
    }
  }
}

/** A member of the declared domain; of a column without one any text on one line, or a whole number. */
function memberOf(column: Column, text: string): Member | undefined {
  const members = membersOf(column)
  if (members ? !members.includes(text) : text.length > longestText || holdsUnseen(text) || !text.isWellFormed())
    return undefined
  if (column.type === 'text') return { text, sql: literal(text) }
  if (column.type === 'boolean') return { text, sql: text.toUpperCase() }
  return column.type === 'integer' && /^(0|-?[1-9]\d{0,17})$/.test(text) ? { text, sql: text } : undefined
}

const isAmount = (text: string): boolean => /^\d{1,12}(\.\d{1,6})?$/.test(text)
/** Without zeros that say nothing: 007.50 → 7.5. */
const plainDecimal = (text: string): string =>
  text
    .replace(/^0+(?=\d)/, '')
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')

function edgesOf(text: string): readonly string[] | undefined {
  const parts = text.split(',').map((part) => part.trim())
  if (parts.length > mostEdges || !parts.every(isAmount)) return undefined
  const edges = parts.map(plainDecimal)
  return edges.every((edge, index) => index === 0 || Number(edge) > Number(edges[index - 1])) ? edges : undefined
}

function hintOf(parameter: Parameter, found: ReadonlyMap<string, Read>, catalogue: Catalogue): string {
  const names = namesFor(parameter, found, catalogue)
  if (names && names.length > 0)
    return `one of: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`
  switch (parameter.type) {
    case 'day':
      return 'a date such as 2026-01-31'
    case 'whole number':
      return `a whole number from ${parameter.minimum} to ${parameter.maximum}`
    case 'amount':
      return 'a positive number with at most six decimals, such as 50 or 12.5'
    case 'edges':
      return `up to ${mostEdges} rising numbers with commas between, such as 1, 2.5, 10`
    case 'value':
      return `a text on one line with at most ${longestText} characters, or a whole number where the column holds numbers`
    default:
      return 'the contract has no such column'
  }
}

const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

function valuesOf(found: ReadonlyMap<string, Read>): Values {
  const get = <K extends keyof Kinds>(name: string, kind: K): Kinds[K] | undefined => {
    const read = found.get(name)
    return read?.kind === kind ? (read.value as Kinds[K]) : undefined
  }
  const sure = <K extends keyof Kinds>(name: string, kind: K): Kinds[K] => {
    const value = get(name, kind)
    if (value === undefined) throw new TypeError(`the measure reads "${name}", which it does not declare as needed`)
    return value
  }
  return Object.freeze({
    table: (name: string) => sure(name, 'table'),
    place: (name: string) => sure(name, 'place'),
    placeIf: (name: string) => get(name, 'place'),
    value: (name: string) => sure(name, 'member'),
    valueIf: (name: string) => get(name, 'member'),
    day: (name: string) => sure(name, 'day'),
    dayIf: (name: string) => get(name, 'day'),
    whole: (name: string) => sure(name, 'whole'),
    amount: (name: string) => sure(name, 'amount'),
    edges: (name: string) => sure(name, 'edges'),
    option: (name: string) => sure(name, 'option'),
  })
}
