import { dayText } from '../base/instant.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Day } from '../base/units.ts'
import { type Catalogue, personsTable, type Table } from '../contract/catalogue.ts'
import type { Parameter } from './measure.ts'
import type { Values } from './parameters.ts'
import type { Place } from './roles.ts'
import { date, type Made, type Scope, scopeOf } from './sql.ts'
import { inQuotes, type Language, onOneLine, spaced } from './text.ts'

export const events: Parameter = {
  name: 'events',
  type: 'table',
  title: { en: 'What people did', de: 'Was Menschen taten' },
  help: { en: 'The table whose rows count.', de: 'Die Tabelle, deren Zeilen zählen.' },
  required: true,
}
export const item: Parameter = {
  name: 'item',
  type: 'item column',
  of: 'events',
  title: { en: 'Only rows about', de: 'Nur Zeilen über' },
  help: { en: 'Without it every row counts.', de: 'Ohne Angabe zählt jede Zeile.' },
  required: false,
}
export const is: Parameter = {
  name: 'is',
  type: 'value',
  of: 'item',
  title: { en: 'namely', de: 'nämlich' },
  required: true,
}
export const dateColumn: Parameter = {
  name: 'date',
  type: 'date column',
  of: 'events',
  title: { en: 'Date', de: 'Datum' },
  help: { en: 'Needed when the time is limited.', de: 'Nötig, wenn die Zeit begrenzt wird.' },
  required: false,
}
export const neededDate: Parameter = {
  ...dateColumn,
  help: undefined,
  required: true,
}
export const from: Parameter = {
  name: 'from',
  type: 'day',
  of: 'date',
  title: { en: 'From (first day)', de: 'Von (erster Tag)' },
  required: false,
}
export const to: Parameter = {
  name: 'to',
  type: 'day',
  of: 'date',
  title: { en: 'To (last day)', de: 'Bis (letzter Tag)' },
  required: false,
}
export const by: Parameter = {
  name: 'by',
  type: 'person column',
  title: { en: 'Apart for each', de: 'Getrennt nach' },
  help: { en: 'An attribute of the people.', de: 'Eine Eigenschaft der Menschen.' },
  required: false,
}
/** The item of measures that compare several of its values. */
export const compared: Parameter = {
  ...item,
  title: { en: 'Compared by', de: 'Verglichen nach' },
  help: undefined,
  required: true,
}
const ordinals = [
  ['first', 'First', 'Erstes'],
  ['second', 'Second', 'Zweites'],
  ['third', 'Third', 'Drittes'],
  ['fourth', 'Fourth', 'Viertes'],
  ['fifth', 'Fifth', 'Fünftes'],
] as const
export const severalNames: readonly string[] = ordinals.map(([name]) => name)
/** Up to five values of the compared item; two are needed. */
export const several: readonly Parameter[] = ordinals.map(([name, en, de], index) => ({
  name,
  type: 'value',
  of: 'item',
  title: { en, de },
  required: index < 2,
}))

/** Rows that count: their tables, their conditions, and the same in words. */
export interface Entries {
  readonly table: Table
  readonly scope: Scope
  readonly where: readonly string[]
  readonly date: Place | undefined
  /** "basket lines with category dairy, from 2026-01-01 to 2026-03-31". */
  readonly words: string
}

/** Refuses measure.parameter_missing for a time without a date, measure.parameter_invalid for a time that ends before it begins. */
export function entriesOf(
  values: Values,
  language: Language,
  more: { readonly places?: readonly Place[]; readonly joined?: readonly Made[]; readonly item?: false } = {},
): Outcome<Entries> {
  const table = values.table('events')
  const about = more.item === false ? undefined : values.placeIf('item')
  const member = more.item === false ? undefined : values.valueIf('is')
  const dated = values.placeIf('date')
  const period = { from: values.dayIf('from'), to: values.dayIf('to') }
  const checked = checkPeriod(period, dated)
  if (!checked.ok) return checked
  const scope = scopeOf(table, [about, dated, ...(more.places ?? [])], more.joined)
  const where = [
    ...(about && member ? [`${scope.name(about)} = ${member.sql}`] : []),
    ...(dated ? within(scope.name(dated), dated, period) : []),
  ]
  const named =
    about && member
      ? `${language === 'de' ? ' mit ' : ' with '}${spaced(about.column.name)} ${inQuotes(member.text, language)}`
      : ''
  const words = onOneLine(`${spaced(table.name)}${named}${periodWords(period, language)}`)
  return accept({ table, scope, where, date: dated, words })
}

export interface Period {
  readonly from: Day | undefined
  readonly to: Day | undefined
}

function checkPeriod({ from, to }: Period, dated: Place | undefined): Outcome<true> {
  if ((from !== undefined || to !== undefined) && dated === undefined)
    return refuse('measure.parameter_missing', 'the parameter "date" is needed when the time is limited', {
      hint: 'name the column of the date',
    })
  if (from !== undefined && to !== undefined && to < from)
    return refuse('measure.parameter_invalid', `the parameter "to" cannot be "${dayText(to)}"`, {
      hint: `a day on or after ${dayText(from)}`,
    })
  return accept(true)
}

/** Whole days, both ends in; a point in time counts for the day in which it lies. */
export function within(column: string, { column: { type } }: Place, { from, to }: Period): readonly string[] {
  if (type === 'date' && from !== undefined && to !== undefined)
    return [`${column} BETWEEN ${date(from)} AND ${date(to)}`]
  const last = to === undefined ? [] : type === 'date' ? [`${column} <= ${date(to)}`] : [`${column} < ${date(to + 1)}`]
  return [...(from === undefined ? [] : [`${column} >= ${date(from)}`]), ...last]
}

export function periodWords({ from, to }: Period, language: Language): string {
  const de = language === 'de'
  const since = from === undefined ? '' : `${de ? 'vom' : 'from'} ${dayText(from)}`
  const until = to === undefined ? '' : `${de ? 'bis' : 'to'} ${dayText(to)}`
  const words = [since, until].filter(Boolean).join(' ')
  return words === '' ? '' : ` ${words}`
}

/** The people in words: the name of their table. */
export const peopleWords = (catalogue: Catalogue): string => spaced(personsTable(catalogue).name)

/** ", by region". */
export const byWords = (values: Values, language: Language): string => {
  const place = values.placeIf('by')
  return place ? `${language === 'de' ? ', nach ' : ', by '}${spaced(place.column.name)}` : ''
}

/** The day of a date column in a scope: a point in time is cut to its day. */
export const dayOfColumn = (scope: Scope, place: Place): string =>
  place.column.type === 'date' ? scope.name(place) : `DATE_TRUNC('day', ${scope.name(place)})`
