import type { Json } from '../base/canonical.ts'
import { dayText } from '../base/instant.ts'
import { decimalText, rationalText } from '../base/rational.ts'
import { type Catalogue, type Column, defaultGroupsPerPerson, type Table } from './catalogue.ts'

/**
 * The catalogue for product pages: what may be asked, about what, for which purposes, within which limits, in plain words and exact decimals.
 * Public facts only. Columns that are not offered are named as what they are, and nothing more is said of them.
 */
export function describe(catalogue: Catalogue): { readonly [key: string]: Json | undefined } {
  const { budget, tariff, span, currency } = catalogue
  const money = (micro: bigint): string => `${decimalText(micro, 6)}${currency === undefined ? '' : ` ${currency}`}`
  return {
    contract: catalogue.contractId,
    product: catalogue.product,
    version: catalogue.version,
    hash: catalogue.hash,
    title: catalogue.title,
    description: { ...catalogue.description },
    purposes: [...catalogue.purposes],
    span: span && { from: dayText(span.from), to: dayText(span.to) },
    retention: catalogue.retention && `${catalogue.retention.count} ${catalogue.retention.unit}`,
    contacts: catalogue.contacts?.map(({ role, address }) => ({ role, address })) ?? [],
    limits: {
      rho: decimalText(budget.nano, 9),
      days: budget.days,
      maxPerRelease: decimalText(budget.maxPerRelease, 9),
      delta: budget.delta === undefined ? undefined : decimalText(budget.delta, 12),
      words: `All answers together cost one person at most rho ${decimalText(budget.nano, 9)} in ${budget.days} days, one answer at most ${decimalText(budget.maxPerRelease, 9)}.`,
    },
    tariff: {
      currency,
      fee: decimalText(tariff.fee, 6),
      floorPerMilliRho: decimalText(tariff.floorPerMilliRho, 6),
      peoplesShare: rationalText(tariff.peoplesShare),
      multiplier: Object.fromEntries(
        catalogue.purposes.map((purpose) => [purpose, multiplierText(catalogue, purpose)]),
      ),
      remainder: {
        steward: rationalText(tariff.remainder.steward),
        operator: rationalText(tariff.remainder.operator),
        reserve: rationalText(tariff.remainder.reserve),
      },
      minimumPayout: catalogue.minimumPayout === undefined ? undefined : decimalText(catalogue.minimumPayout, 6),
      words: `${rationalText(tariff.peoplesShare)} of the base price goes to the people who are counted; each release costs ${money(tariff.fee)} besides.`,
    },
    minimumCohort: catalogue.minimumCohort?.toString(),
    tables: catalogue.tables.map(describeTable),
  }
}

const multiplierText = ({ tariff }: Catalogue, purpose: string): string => {
  const multiplier = Object.hasOwn(tariff.multiplier, purpose) ? tariff.multiplier[purpose] : undefined
  return multiplier ? rationalText(multiplier) : '1'
}

function describeTable(table: Table): Json {
  const { name, kind, personColumn, primaryKey, columns, maxRowsPerPerson } = table
  const groups = kind === 'private' ? (table.maxGroupsPerPerson ?? defaultGroupsPerPerson) : undefined
  return {
    name,
    kind,
    personColumn,
    primaryKey: [...primaryKey],
    maxRowsPerPerson: maxRowsPerPerson?.toString(),
    maxGroupsPerPerson: groups?.toString(),
    words: tableWords(table),
    columns: columns.map((column) => describeColumn(column, column.name === personColumn)),
  }
}

function tableWords({ kind, personColumn, maxRowsPerPerson }: Table): string {
  if (kind === 'persons') return 'One row for each person. Whether somebody is counted is decided person by person.'
  if (kind === 'public') return 'Says nothing about anybody; may be joined on its key.'
  const rows =
    maxRowsPerPerson === undefined
      ? 'Rows cannot be counted: no bound on the rows of one person is declared.'
      : `At most ${maxRowsPerPerson} rows of one person count.`
  return `Rows belong to the person in ${personColumn ?? 'no column'}. ${rows}`
}

function describeColumn(column: Column, isPersonKey: boolean): Json {
  const { name, type, description, classification, offered, role, references } = column
  const common = { name, type, description, classification, offered, role, references: references && { ...references } }
  if (!offered)
    return {
      ...common,
      words: isPersonKey ? 'The person: may be counted and joined on, never shown.' : 'Never offered.',
    }
  const amount = (units: bigint | undefined): string | undefined =>
    units === undefined ? undefined : decimalText(units, column.scale)
  return {
    ...common,
    places: type === 'decimal' || type === 'integer' ? column.scale : undefined,
    minimum: amount(column.minimum),
    maximum: amount(column.maximum),
    maxSumPerPerson: amount(column.maxSumPerPerson),
    domain: column.domain && [...column.domain, ...(column.domainHasNull ? [null] : [])],
    openGroups: column.domain === undefined && column.openGroups !== false,
    words: columnWords(column, amount),
  }
}

function columnWords(
  { type, minimum, maximum, maxSumPerPerson, domain, domainHasNull, openGroups }: Column,
  amount: (units: bigint) => string | undefined,
): string {
  const uses = ['May be used in filters.']
  if (domain) uses.push(`Answers can be grouped by its ${domain.length + (domainHasNull ? 1 : 0)} declared values.`)
  else if (openGroups !== false)
    uses.push('Answers can be grouped by its values: only those with enough people appear.')
  if (type !== 'integer' && type !== 'decimal') return uses.join(' ')
  uses.push(maxSumPerPerson === undefined ? 'No sums.' : `One person adds at most ${amount(maxSumPerPerson)} to a sum.`)
  uses.push(
    minimum === undefined || maximum === undefined
      ? 'No averages.'
      : `One row counts from ${amount(minimum)} to ${amount(maximum)}.`,
  )
  return uses.join(' ')
}
