import { absolute } from '../base/integer.ts'
import type { Column, Table } from './catalogue.ts'
import { type Context, windowsFor } from './context.ts'
import { readDomain } from './domain.ts'
import type { ColumnDraft } from './draft.ts'
import { amountLimit, onGrid, placesOf } from './exact.ts'
import { exactOf, field, flagOf, type Part, quote, textOf } from './part.ts'
import { isSpecialCategory } from './special.ts'

/** What a column's table says about it. */
export interface Setting {
  readonly table: string
  readonly kind: Table['kind']
  /** It holds the person's key: of its own table, or referring to it. */
  readonly isPersonKey: boolean
  readonly references: Column['references']
}

/** The column as the catalogue has it; every fault in it is reported. */
export function readColumn(column: ColumnDraft, setting: Setting, context: Context): Column {
  const what = `${setting.table}.${column.name}`
  const numeric = column.type === 'integer' || column.type === 'decimal'
  const { classification, open } = readClassification(what, column, setting, context)
  const offered = open && !setting.isPersonKey
  const scale = column.type === 'decimal' ? readGrid(what, column, context) : 0
  const bounds = numeric ? readBounds(what, column, scale, context) : { minimum: undefined, maximum: undefined }
  const role = readRole(what, column, setting, context)
  const maxSumPerPerson = readMaxSum(what, column, numeric, scale, context)
  if (numeric && offered) adviseNumber(what, column, bounds, role, context)
  return {
    name: column.name,
    type: column.type,
    scale,
    required: column.required,
    offered,
    classification,
    ...bounds,
    ...readDomain(what, column, bounds, context),
    openGroups: readOpenGroups(what, column, context),
    maxSumPerPerson,
    references: setting.references,
    role,
    description: textOf(field(column.part, 'description')) ?? '',
  }
}

const openClasses: readonly string[] = ['public', 'internal', 'confidential']

/** `restricted` and the special categories are never offered; a word that is not known is taken as restricted: when unsure, no. */
function readClassification(what: string, { part }: ColumnDraft, { kind, isPersonKey }: Setting, { report }: Context) {
  const declared = field(part, 'classification')
  const classification = (textOf(declared) ?? '').trim().toLowerCase()
  if (declared === undefined || classification === '') {
    if (kind === 'public') return { classification: 'public', open: true }
    if (!isPersonKey)
      report(
        'contract.classification_missing',
        part.at,
        `${what} has no classification and is offered.`,
        'Add classification: public, internal, confidential or restricted.',
      )
    return { classification: 'unclassified', open: true }
  }
  const open = openClasses.includes(classification)
  if (!open && classification !== 'restricted' && !isSpecialCategory(classification))
    report(
      'contract.classification_unknown',
      declared.at,
      `The classification ${quote(declared)} of ${what} is not known: the column is not offered.`,
      'Use public, internal, confidential or restricted.',
    )
  return { classification, open }
}

/** Decimal places: from multipleOf, else from physicalType DECIMAL(p,s), else 2. */
function readGrid(what: string, { part }: ColumnDraft, { report }: Context): number {
  const step = field(part, 'logicalTypeOptions', 'multipleOf')
  if (step) {
    const exact = exactOf(step)
    const places = exact && placesOf(exact)
    if (places === undefined)
      report(
        'contract.grid',
        step.at,
        `multipleOf ${quote(step)} of ${what} is not 1, 0.1, 0.01 and so on to 0.000000001.`,
        'Choose the smallest decimal unit that is stored, for example 0.01.',
      )
    return places ?? 2
  }
  const physical = field(part, 'physicalType')
  const match = /^\s*(?:decimal|numeric|number)\s*\(\s*\d{1,3}\s*(?:,\s*(\d{1,3})\s*)?\)/i.exec(textOf(physical) ?? '')
  if (physical && match) {
    const places = Number(match[1] ?? 0)
    if (places <= 9) return places
    report(
      'contract.grid',
      physical.at,
      `${what} has ${places} decimal places.`,
      'Store at most 9, or set logicalTypeOptions.multipleOf.',
    )
    return 9
  }
  report(
    'contract.grid_assumed',
    part.at,
    `${what} declares no grid: two decimal places are assumed, finer digits are rounded.`,
    'Set logicalTypeOptions.multipleOf, for example 0.01.',
  )
  return 2
}

function readBounds(what: string, { part }: ColumnDraft, scale: number, context: Context) {
  const options = field(part, 'logicalTypeOptions')
  const read = (key: string, shift: bigint): bigint | undefined => {
    const bound = field(options, key)
    // The schema of the standard reports a bound that is not a number.
    if (bound?.kind !== 'scalar' || typeof bound.value !== 'number') return undefined
    const units = gridUnits(`${key} of ${what}`, bound, scale, 'contract.bounds', context)
    return units === undefined ? undefined : units + shift
  }
  const minimum = largest(read('minimum', 0n), read('exclusiveMinimum', 1n))
  const maximum = negated(largest(negated(read('maximum', 0n)), negated(read('exclusiveMaximum', -1n))))
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    context.report(
      'contract.bounds',
      options?.at ?? part.at,
      `The minimum of ${what} is above its maximum.`,
      'Exchange them.',
    )
  return { minimum, maximum }
}

const negated = (value: bigint | undefined): bigint | undefined => (value === undefined ? undefined : -value)
const largest = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a

/** An exact amount as whole grid units under 2^62; undefined, with a finding, otherwise. */
function gridUnits(
  what: string,
  amount: Part,
  scale: number,
  inexact: 'contract.bounds' | 'contract.value',
  { report }: Context,
): bigint | undefined {
  const exact = exactOf(amount)
  if (exact === undefined) {
    report(
      inexact,
      amount.at,
      `The ${what} is not an exact number: ${quote(amount)}.`,
      'Write a plain decimal such as 200 or 0.05.',
    )
    return undefined
  }
  const units = onGrid(exact, scale)
  if (units === undefined)
    report(
      'contract.bounds_off_grid',
      amount.at,
      `The ${what}, ${quote(amount)}, is finer than ${scale} decimal places.`,
      'Round it to the grid, or set a finer multipleOf.',
    )
  else if (absolute(units) >= amountLimit)
    report(
      'contract.bounds_too_large',
      amount.at,
      `The ${what}, ${quote(amount)}, is 2^62 grid units or more.`,
      'Use a smaller bound or a coarser grid.',
    )
  else return units
  return undefined
}

function readMaxSum(
  what: string,
  column: ColumnDraft,
  numeric: boolean,
  scale: number,
  context: Context,
): bigint | undefined {
  const declared = column.properties.get('usufructMaxSumPerPerson')
  if (declared?.kind !== 'map') return undefined
  const { report } = context
  const amount = field(declared, 'amount')
  const windows = windowsFor(declared, context)
  if (!numeric || amount === undefined) {
    const why = numeric ? 'has no amount' : 'stands on a column that is not a number'
    report(
      'contract.value',
      declared.at,
      `usufructMaxSumPerPerson of ${what} ${why}.`,
      'Write { amount: 200 } on an integer or a number.',
    )
    return undefined
  }
  const units = gridUnits(`amount of usufructMaxSumPerPerson of ${what}`, amount, scale, 'contract.value', context)
  if (units === undefined || windows === undefined) return undefined
  if (units <= 0n)
    report(
      'contract.value',
      amount.at,
      `The amount of usufructMaxSumPerPerson of ${what} is not above 0.`,
      'Write the most that one person may add up to.',
    )
  else if (units * windows >= amountLimit)
    report(
      'contract.bounds_too_large',
      amount.at,
      `${quote(amount)} in ${windows} windows is 2^62 grid units or more.`,
      'Use a smaller amount or a longer window.',
    )
  else return units * windows
  return undefined
}

/** False where the steward wants no groups of whatever values the column holds; true says what holds anyway. */
function readOpenGroups(what: string, column: ColumnDraft, { report }: Context): false | undefined {
  const declared = column.properties.get('usufructOpenGroups')
  if (declared === undefined) return undefined
  const flag = flagOf(declared)
  if (flag === undefined)
    report(
      'contract.value',
      declared.at,
      `usufructOpenGroups of ${what} is neither true nor false.`,
      'Write false to keep its values from being groups; leave it out to allow it.',
    )
  // What cannot be read forbids: when unsure, no.
  return flag === true ? undefined : false
}

const roles = { birth_date: 'date', birth_year: 'integer', place: 'text' } as const

function readRole(
  what: string,
  column: ColumnDraft,
  { kind, isPersonKey }: Setting,
  { report }: Context,
): Column['role'] {
  const declared = column.properties.get('usufructRole')
  if (declared === undefined) return kind === 'persons' && isPersonKey ? 'person' : undefined
  const name = textOf(declared) ?? ''
  if (!Object.hasOwn(roles, name)) {
    report(
      'contract.role',
      declared.at,
      `${quote(declared)} is not a role.`,
      `The roles are ${Object.keys(roles).join(', ')}.`,
    )
    return undefined
  }
  const role = name as keyof typeof roles
  if (kind === 'persons' && !isPersonKey && column.type === roles[role]) return role
  report(
    'contract.role',
    declared.at,
    `${what} cannot have the role ${role}.`,
    `Put it on a column of the person table of the type ${roles[role]}.`,
  )
  return undefined
}

type Bounds = Pick<Column, 'minimum' | 'maximum'>

function adviseNumber(
  what: string,
  { part, properties }: ColumnDraft,
  bounds: Bounds,
  role: Column['role'],
  { report }: Context,
): void {
  if (bounds.minimum === undefined || bounds.maximum === undefined)
    report(
      'contract.bounds_missing',
      part.at,
      `${what} lacks a minimum or a maximum: averages of it are refused.`,
      'Set both in logicalTypeOptions, from what the column means, never from the data.',
    )
  if (!properties.has('usufructMaxSumPerPerson') && role === undefined)
    report(
      'contract.sum_missing',
      part.at,
      `${what} has no bound on the sum of one person: sums of it are refused.`,
      'Add the custom property usufructMaxSumPerPerson: { amount: … }.',
    )
}
