import type { Catalogue } from '../../contract/catalogue.ts'
import type { Plan } from '../plan.ts'
import type { Query } from '../query.ts'
import { type PrintedSql, printDuckdb } from './duckdb.ts'
import { checkedByLoad } from './expression.ts'
import { printFlat } from './flat.ts'
import { printRecords } from './records.ts'

/** The statement of a plan. Whichever it is, it gives the integers of printDuckdb. `stored` as in planOf. */
export function printPlanned(
  query: Query,
  declared: Catalogue,
  plan: Plan,
  options: { readonly purposeBit: number; readonly stored: boolean },
): PrintedSql {
  const catalogue = options.stored ? checkedByLoad(declared) : declared
  switch (plan.path) {
    case 'records':
      return printRecords(query, catalogue, plan.rows, options)
    case 'flat':
      return printFlat(query, catalogue, plan.certificate, options, plan.grain)
    case 'two-level':
      return printDuckdb(query, catalogue, options)
  }
}
