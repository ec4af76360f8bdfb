import type { Catalogue } from '../../src/contract/catalogue.ts'
import { certificateOf } from '../../src/query/plan/certificate.ts'
import { oneRowPerRow, onlyKnown } from '../../src/query/plan/known.ts'
import { planOf } from '../../src/query/plan.ts'
import { type PrintedSql, printDuckdb } from '../../src/query/print/duckdb.ts'
import { printPlanned } from '../../src/query/print/planned.ts'
import type { Query } from '../../src/query/query.ts'

export const pathNames = ['records', 'flat', 'two-level'] as const
export type PathName = (typeof pathNames)[number]
export interface Path {
  readonly name: PathName
  readonly print: (purposeBit: number) => PrintedSql
}

/**
 * Every way in which a question can be computed, and not only the one that the planner takes: who may read stored records may also go over the rows.
 * `stored`: the tables are as a load left them, with whole records.
 */
export function pathsOf(query: Query, catalogue: Catalogue, stored: boolean): readonly Path[] {
  const plan = planOf(query, catalogue, stored)
  const planned: Path = {
    name: plan.path,
    print: (purposeBit) => printPlanned(query, catalogue, plan, { purposeBit, stored }),
  }
  if (plan.path === 'two-level') return [planned]
  const long: Path = { name: 'two-level', print: (purposeBit) => printDuckdb(query, catalogue, { purposeBit }) }
  if (plan.path === 'flat') {
    // Stored sums by one column stand for the rows: then over the rows themselves too.
    const rows = { path: 'flat', certificate: plan.certificate } as const
    const overRows: Path = {
      name: 'flat',
      print: (purposeBit) => printPlanned(query, catalogue, rows, { purposeBit, stored }),
    }
    return plan.grain ? [planned, overRows, long] : [planned, long]
  }
  const sources = oneRowPerRow(query, catalogue)
  if (onlyKnown(query) !== undefined || typeof sources === 'string') throw new Error('stored records prove themselves')
  const certificate = certificateOf(query, catalogue, sources)
  if ('refuted' in certificate) return [planned, long]
  const flat = { path: 'flat', certificate } as const
  return [
    planned,
    { name: 'flat', print: (purposeBit) => printPlanned(query, catalogue, flat, { purposeBit, stored }) },
    long,
  ]
}
