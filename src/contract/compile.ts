import { sha256 } from '../base/hash.ts'
import type { Catalogue } from './catalogue.ts'
import type { Context } from './context.ts'
import { readDrafts } from './draft.ts'
import type { Report } from './finding.ts'
import { readProduct } from './names.ts'
import { field, type Part, textOf } from './part.ts'
import { readBudget, readCurrency, readMinimumPayout, readTariff } from './prices.ts'
import { readProperties } from './properties.ts'
import { relate } from './relations.ts'
import { readTables } from './tables.ts'
import {
  checkConditional,
  readContacts,
  readDescription,
  readMinimumCohort,
  readPurposes,
  readRetention,
  readSpan,
} from './terms.ts'

export interface Terms {
  /** Closed list of purposes, owned by the consent room. */
  readonly knownPurposes: readonly string[]
  /** The house's currency; when given, the contract's must be the same. */
  readonly currency?: string | undefined
}

/**
 * The frozen catalogue of a contract in 3.1 form. Every fault is reported; the catalogue is undefined when there is any error, then or before.
 * Reads the contract's text alone, never rows.
 */
export function compile(root: Part, source: string | Uint8Array, terms: Terms, report: Report): Catalogue | undefined {
  const properties = readProperties(root, 'contract', report)
  const span = readSpan(properties, report)
  const context: Context = { ...terms, report, spanDays: span && span.to - span.from + 1 }
  const product = readProduct(root, report)
  const purposes = readPurposes(root, properties, context)
  checkConditional(properties, report)
  const currency = readCurrency(root, properties, context)
  const budget = readBudget(root, properties, context)
  const tariff = readTariff(properties, purposes, context)
  const minimumPayout = readMinimumPayout(properties, currency, context)
  const minimumCohort = readMinimumCohort(properties, report)
  const tables = readTables(relate(readDrafts(root, report), root, report), context)
  const retention = readRetention(root, report)
  const [contractId, version] = [textOf(field(root, 'id')), textOf(field(root, 'version'))]
  if (report.failed() || !product || !budget || contractId === undefined || version === undefined) return undefined
  return freeze({
    contractId,
    product,
    version,
    title: textOf(field(root, 'name')) ?? product,
    description: readDescription(root),
    hash: sha256(source).toString('hex'),
    purposes,
    span,
    budget,
    tariff,
    minimumCohort,
    tables,
    currency,
    minimumPayout,
    retention,
    contacts: readContacts(root),
  })
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) freeze(inner)
  }
  return value
}
