import type { Catalogue } from '../contract/catalogue.ts'
import { type Certificate, certificateOf, type Refuted } from './plan/certificate.ts'
import { type Grain, grainOf } from './plan/grain.ts'
import { oneRowPerRow, onlyKnown, type Sources } from './plan/known.ts'
import { readsRecords } from './plan/records.ts'
import type { Query } from './query.ts'

/**
 * How a question is computed. All paths give the same integers; which one it is follows from the contract and the question alone, so it is no secret.
 *  - records: from the stored whole records, one row a person;
 *  - flat: one GROUP BY over everybody's rows, put right for the few whose stored record does not prove that no bound acts on them; with a
 *    grain over stored sums by person and member of one column instead of rows;
 *  - two-level: everybody's rows are added up and bounded person by person (print/bounding.ts).
 */
export type Plan =
  | { readonly path: 'records'; readonly rows: NonNullable<Sources['rows']> }
  | { readonly path: 'flat'; readonly certificate: Certificate; readonly grain?: Grain | undefined }
  | { readonly path: 'two-level'; readonly because: string }

/**
 * Chooses the path. `stored`: the data file holds whole records that a load under this very contract wrote.
 * What the planner does not know, it does not prove: then it is two-level.
 */
export function planOf(query: Query, catalogue: Catalogue, stored: boolean): Plan {
  const unknown = onlyKnown(query)
  if (unknown !== undefined) return { path: 'two-level', because: unknown }
  const sources = oneRowPerRow(query, catalogue)
  if (typeof sources === 'string') return { path: 'two-level', because: sources }
  if (stored && sources.rows && readsRecords(query, sources)) return { path: 'records', rows: sources.rows }
  const certificate = certificateOf(query, catalogue, sources)
  if (isRefuted(certificate)) return { path: 'two-level', because: certificate.refuted }
  if (certificate.measures.length > 0 && !stored)
    return { path: 'two-level', because: 'the data file holds no whole records of this contract' }
  const grain = stored ? grainOf(query, sources) : undefined
  return { path: 'flat', certificate, ...(grain ? { grain } : {}) }
}

const isRefuted = (found: Certificate | Refuted): found is Refuted => 'refuted' in found

/** One sentence, for EXPLAIN and for what is kept beside a release. */
export function planWords(plan: Plan): string {
  switch (plan.path) {
    case 'records':
      return `from each person's stored whole record in ${plan.rows.table.name}; no row is read`
    case 'flat':
      return `one pass over ${passOver(plan.grain)}; ${
        plan.certificate.measures.length === 0
          ? 'no bound can act on anybody'
          : 'person by person only for those whose stored record does not prove that no bound acts on them'
      }`
    case 'two-level':
      return `person by person: ${plan.because}`
  }
}

const passOver = (grain: Grain | undefined): string =>
  grain
    ? `each person's stored sums by ${grain.rows.table.name}.${grain.rows.table.columns[grain.place]?.name}, no row is read`
    : 'the rows'
