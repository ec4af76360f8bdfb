import type { Catalogue } from './catalogue.ts'
import { type Change, change } from './change.ts'
import { planTables } from './plan-tables.ts'
import { planTerms } from './plan-terms.ts'

export type { Change, ChangeKind } from './change.ts'

/** All changes, breaking ones first; none when the two mean the same. Without a version before, one line says what is new. */
export function planChange(before: Catalogue | undefined, after: Catalogue): readonly Change[] {
  if (before === undefined) {
    const words = `${after.product} ${after.version} is a new data product with the tables ${after.tables.map(({ name }) => name).join(', ')}.`
    return Object.freeze([change('product', after.product, words, { breaking: false })])
  }
  const changes = [...planTerms(before, after), ...planTables(before, after)]
  return Object.freeze(changes.sort((a, b) => Number(b.breaking) - Number(a.breaking)))
}
