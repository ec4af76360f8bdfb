import type { Catalogue, Table } from '../../contract/catalogue.ts'
import type { Derived } from '../query.ts'
import {
  type Cte,
  type Fields,
  listOf,
  type Node,
  namesOf,
  nodeOf,
  notSupported,
  onlyFields,
  placeOf,
  type Reading,
  stop,
} from './ast.ts'
import { derive } from './derive.ts'
import type { Places } from './places.ts'

const maxDepth = 8
const maxCtes = 32

/** The reading of a whole question. Derived relations join the contract's tables in its catalogue as they are read. */
export function newReading(sql: string, contract: Catalogue, places: Places): Reading {
  const tables: Table[] = []
  const derived: Derived[] = []
  const all = [...contract.tables]
  const catalogue = { ...contract, tables: all }
  const shared = {
    contract,
    catalogue,
    all,
    tables,
    derived,
    known: new WeakMap(),
    single: new Set<string>(),
    parts: new Map(),
  }
  return { sql, shared, catalogue, places, touched: new Set(), ctes: new Map(), outer: undefined, ...fresh() }
}

/** The reading of a sub-query: it sees its own tables and the names of WITH. */
export function nested(outer: Reading, ctes: ReadonlyMap<string, Cte> = outer.ctes): Reading {
  const { sql, shared, catalogue, places, touched } = outer
  return { sql, shared, catalogue, places, touched, ctes, outer, ...fresh() }
}

const fresh = () => ({ tables: [], merged: new Map(), hidden: [], consumed: new Set<unknown>() })

/** How many sub-queries stand around. Refuses query.too_deep. */
export function checkNesting(reading: Reading, node: Node): void {
  let depth = 0
  for (let around = reading.outer; around; around = around.outer) depth++
  if (depth > maxDepth)
    stop(
      'query.too_deep',
      `more than ${maxDepth} sub-queries stand in each other`,
      placeOf(node, reading),
      'ask a simpler question',
    )
}

/** WITH name AS (…), …: each name is in force for what follows it. */
export function withCtes(select: Node, reading: Reading): Reading {
  if (select.body.withClause === undefined) return reading
  const clause: Node = { kind: 'WithClause', body: select.body.withClause as Fields }
  if (clause.body.recursive === true) notSupported(clause, reading, 'WithClause.recursive')
  onlyFields(clause, ['ctes', 'location'], reading)
  const ctes = new Map(reading.ctes)
  const items = listOf(clause.body.ctes)
  if (items.length > maxCtes)
    stop('query.too_deep', `more than ${maxCtes} names in WITH`, placeOf(clause, reading), 'ask a simpler question')
  for (const item of items) {
    const cte = nodeOf(item, reading)
    if (cte.kind !== 'CommonTableExpr') notSupported(cte, reading)
    onlyFields(cte, ['ctename', 'ctematerialized', 'ctequery', 'aliascolnames', 'location'], reading)
    const before = new Map(ctes)
    // Read at once, whether or not anything uses it: nothing passes unread.
    const names = namesOf(cte.body.aliascolnames).map((one) => one ?? '')
    derive(cte.body.ctequery, reading, { ctes: before, names })
    ctes.set(String(cte.body.ctename ?? ''), { query: cte.body.ctequery, ctes: before })
  }
  return { ...reading, ctes }
}
