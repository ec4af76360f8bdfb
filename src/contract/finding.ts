import type { Place } from './part.ts'

/** What the lint found at one place of a contract. Errors keep a contract from being applied; warnings say what will not be answered, and why. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly code: FindingCode
  readonly file: string
  /** Keys that lead there, e.g. "schema[1].properties[0].logicalTypeOptions". Empty for the whole file. */
  readonly path: string
  /** 1-based; columns count UTF-16 units. */
  readonly line: number
  readonly column: number
  readonly message: string
  readonly remedy: string
}

/** Every code of the lint with its severity and meaning; docs/contract.md lists the same (a test holds the two together). */
export const findingCodes = {
  'contract.too_large': ['error', 'The file is larger than is read.'],
  'contract.not_utf8': ['error', 'The file is not UTF-8 text.'],
  'contract.yaml': ['error', 'The file is not one YAML 1.2 document with a map of text keys.'],
  'contract.key_twice': ['error', 'A key stands twice in one map.'],
  'contract.alias': ['error', 'An alias refers to nothing before it, to itself, or there are too many.'],
  'contract.too_many_parts': ['error', 'The file holds more values, items or levels than are read.'],
  'contract.more': ['error', 'There are more findings than are listed.'],
  'contract.api_version': ['error', 'The version of the standard is not one that is read.'],
  'contract.standard': ['error', 'The file does not pass the JSON Schema of its version of the standard.'],
  'contract.standard_newer': [
    'warning',
    'The file uses something of a newer version of the standard that is not read.',
  ],
  'contract.id': ['error', 'The last segment of the id is not a product name.'],
  'contract.name': ['error', 'A name is not a lower-case SQL identifier, or is reserved.'],
  'contract.name_keyword': ['warning', 'The name is an SQL keyword that buyers must write in quotes.'],
  'contract.name_twice': ['error', 'Two tables, or two columns of a table, have one name.'],
  'contract.custom_property_unknown': ['warning', 'A custom property has no meaning here.'],
  'contract.custom_property_twice': ['error', 'One of our custom properties stands twice.'],
  'contract.value': ['error', 'The value of one of our custom properties does not have the documented form.'],
  'contract.no_tables': ['error', 'The contract declares no table.'],
  'contract.no_columns': ['error', 'A table declares no column.'],
  'contract.person_table': ['error', 'There is not exactly one person table with one column as its primary key.'],
  'contract.table_without_person': ['error', 'A table neither refers to the person key nor is declared public.'],
  'contract.table_public_and_private': ['error', 'A table declared public refers to persons, or is the person table.'],
  'contract.table_two_persons': ['error', 'A row of a table would belong to two persons.'],
  'contract.public_key_missing': ['error', 'A public table has no primary key.'],
  'contract.reference_unknown': ['error', 'A relationship leads to a table or column that is not declared.'],
  'contract.reference_unused': ['warning', 'A relationship is not used for joins.'],
  'contract.reference_several': ['error', 'A column refers to more than one column.'],
  'contract.key_type': [
    'error',
    'The types of two related columns differ, or a person key is neither text nor integer.',
  ],
  'contract.type_missing': ['error', 'A column has no logical type.'],
  'contract.type_not_offered': ['warning', 'Columns of this logical type are left out.'],
  'contract.classification_missing': ['warning', 'A column about persons has no classification.'],
  'contract.classification_unknown': ['warning', 'The classification is not known; the column is not offered.'],
  'contract.grid': ['error', 'The grid of a number is not a power of ten from 1 to 0.000000001.'],
  'contract.grid_assumed': ['warning', 'No grid is declared for a number; two decimal places are assumed.'],
  'contract.bounds': ['error', 'A bound is not an exact number, or the minimum is above the maximum.'],
  'contract.bounds_off_grid': ['error', 'A bound does not lie on the grid of its column.'],
  'contract.bounds_too_large': ['error', 'One person could reach an amount of 2^62 grid units.'],
  'contract.bounds_missing': ['warning', 'A number lacks a minimum or maximum: averages are refused.'],
  'contract.rows_missing': [
    'warning',
    'A private table has no bound on rows of one person: counts of rows and averages are refused.',
  ],
  'contract.sum_missing': ['warning', 'A number has no bound on the sum of one person: sums are refused.'],
  'contract.span_missing': ['error', 'A bound holds per window of time, and no time span is declared.'],
  'contract.span': ['error', 'The time span is not two days, the first not after the last.'],
  'contract.domain_twice': ['error', 'A member of a domain stands twice.'],
  'contract.domain_member': ['error', 'A member of a domain does not fit its column.'],
  'contract.domain_too_large': ['error', 'A domain has more than 10,000 members.'],
  'contract.domain_unused': ['warning', 'A domain on a column of this type is not used.'],
  'contract.domain_several': ['error', 'A column declares more than one domain.'],
  'contract.domain_unbounded': ['error', 'The range of an integer is its domain, but it has no minimum and maximum.'],
  'contract.role': ['error', 'A role is unknown, taken, or does not fit the column.'],
  'contract.role_missing': ['warning', 'Age or place of the persons is not declared: unknown means no.'],
  'contract.purposes': ['error', 'The purposes are missing, unknown or listed twice.'],
  'contract.conditional': ['error', 'Benefits depend on consent.'],
  'contract.budget_missing': ['error', 'No privacy budget is declared.'],
  'contract.budget': ['error', 'The privacy budget cannot be charged.'],
  'contract.budget_above_house': [
    'warning',
    'The privacy budget is above what the default limits of one person allow.',
  ],
  'contract.tariff': ['error', 'The tariff has an amount, multiplier or fraction out of its range.'],
  'contract.payout': ['error', "The people's share or the least payout is out of its range."],
  'contract.currency': [
    'error',
    'The currency is missing, is not an ISO 4217 code, or differs from the one of the house.',
  ],
  'contract.price_amount_unused': [
    'warning',
    'A fixed amount in `price` is not used: the price follows the privacy loss.',
  ],
  'contract.retention_unread': ['warning', 'The retention is not a whole number of days, weeks, months or years.'],
} as const satisfies Record<string, readonly ['error' | 'warning', string]>

export type FindingCode = keyof typeof findingCodes

/** Where every stage of the lint puts what it finds. */
export interface Report {
  (code: FindingCode, at: Place, message: string, remedy: string): void
  /** True once there is an error. */
  failed(): boolean
  /** In the order of the file. */
  findings(): readonly Finding[]
}

/** A hostile file earns no endless list. */
const mostFindings = 1000

export function createReport(file: string): Report {
  const found = new Map<string, Finding>()
  let failed = false
  const report = (code: FindingCode, at: Place, message: string, remedy: string): void => {
    const severity = findingCodes[code][0]
    failed ||= severity === 'error'
    if (found.size > mostFindings) return
    const last = found.size === mostFindings
    const finding: Finding = last
      ? {
          severity: 'error',
          code: 'contract.more',
          file,
          ...at,
          message: `There are more than ${mostFindings} findings.`,
          remedy: 'Correct these first.',
        }
      : { severity, code, file, path: at.path, line: at.line, column: at.column, message, remedy }
    failed ||= last
    const identity = `${finding.code}\n${finding.path}\n${finding.line}\n${finding.message}`
    if (!found.has(identity)) found.set(identity, Object.freeze(finding))
  }
  return Object.assign(report, {
    failed: () => failed,
    findings: () => [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column),
  })
}
