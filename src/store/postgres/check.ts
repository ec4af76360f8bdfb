import { assert } from '../../base/assert.ts'
import type { BooksCheck } from '../../release/ports.ts'
import { checkConsentBatches } from './check-consent.ts'
import { checkBooks } from './check-entries.ts'
import { checkPersons } from './check-persons.ts'
import { checkReleases } from './check-releases.ts'
import type { Sql } from './session.ts'

/** Collects what was checked and what failed. */
export interface Findings {
  readonly failures: string[]
  readonly checked: { what: string; count: number }[]
  /** Notes that an invariant was checked over so many things, and each thing that breaks it. */
  note(what: string, count: number | bigint, broken: readonly string[]): void
}

/** At most so many broken things are named per invariant. */
const named = 20

/** Books.check: every invariant of the books, from the entries up, independently of the projections. */
export async function check(sql: Sql): Promise<BooksCheck> {
  const failures: string[] = []
  const checked: { what: string; count: number }[] = []
  const findings: Findings = {
    failures,
    checked,
    note(what, count, broken) {
      checked.push({ what, count: Number(count) })
      for (const thing of broken.slice(0, named)) failures.push(`${what}: ${thing}`)
      if (broken.length > named) failures.push(`${what}: and ${broken.length - named} more`)
    },
  }
  await checkBooks(sql, findings)
  await checkConsentBatches(sql, findings)
  const charges = await checkReleases(sql, findings)
  await checkPersons(sql, charges, findings)
  const progress = await sql.row<{ sequence: bigint }>('select sequence from progress')
  assert(progress, 'the books have their progress row')
  return { entries: progress.sequence, failures, checked }
}

/** Rows of a query that finds what is broken, each as one text. */
export async function broken(sql: Sql, text: string): Promise<string[]> {
  return (
    await sql.rows<{ what: string }>(`select what::text as what from (${text}) broken (what) limit ${named + 1}`)
  ).map((row) => row.what)
}

export const count = async (sql: Sql, from: string): Promise<bigint> =>
  (await sql.row<{ n: bigint }>(`select count(*) as n from ${from}`))?.n ?? 0n
