import { type Position, type RefusalCode, Refused, refuse } from '../../base/refusal.ts'
import type { Catalogue, Table } from '../../contract/catalogue.ts'
import type { Derived, Expression, SourceTable } from '../query.ts'
import { hintFor } from './hints.ts'
import type { Places } from './places.ts'

/** One node of PostgreSQL's parse tree: what came out of the parser is data that we did not make, so nothing of it is taken on trust. */
export interface Node {
  readonly kind: string
  readonly body: Fields
}
export type Fields = Readonly<Record<string, unknown>>

/** What a reading of one question knows. */
export interface Reading {
  readonly sql: string
  /** What the whole question derives; shared by the readings of its sub-queries. */
  readonly shared: Shared
  /** WITH: names in force here. */
  readonly ctes: ReadonlyMap<string, Cte>
  /** Relations that conditions look into: joined on, but without names of their own. */
  /** Conditions of WHERE that joined a listed table. */
  readonly consumed: Set<unknown>
  readonly hidden: { readonly scope: ScopeTable; readonly joined: SourceTable }[]
  /** In a sub-query that groups or has windows: reads an aggregate or a window function as a column of what is made first. */
  feature?: ((node: Node) => Expression | undefined) | undefined
  /** That relation: it has the columns so read. */
  stage?: ScopeTable | undefined
  /** Where windows look at groups: the relation of the groups, of which the stage is made. */
  grouped?: ScopeTable | undefined
  /** WINDOW name AS (…). */
  windows?: ReadonlyMap<string, Fields> | undefined
  /** The reading of what stands around a sub-query. */
  readonly outer: Reading | undefined
  readonly catalogue: Catalogue
  readonly places: Places
  readonly tables: ScopeTable[]
  /** Column names merged by USING → index of the table that an unqualified name means. */
  readonly merged: Map<string, number>
  /** "table.column". */
  readonly touched: Set<string>
}

export interface Shared {
  readonly contract: Catalogue
  readonly catalogue: Catalogue
  /** The catalogue's tables: those of the contract, then the derived ones. */
  readonly all: Table[]
  readonly tables: Table[]
  readonly derived: Derived[]
  readonly known: WeakMap<object, Table>
  /** Names of public relations that have exactly one row. */
  readonly single: Set<string>
  /** "table.column" of a derived text: how many times the longest column, at most, it is long. */
  readonly parts: Map<string, number>
}

/** A common table expression: its tree, and the names that were in force where it stands. */
export interface Cte {
  readonly query: unknown
  readonly ctes: ReadonlyMap<string, Cte>
}

/** A table of FROM under the name by which the question calls it. */
export interface ScopeTable {
  readonly name: string
  readonly table: Table
  readonly alias: string
  /** True when a left join may leave its columns missing. */
  readonly optional: boolean
}

/** Our own walk recurses no deeper than this. */
export const maxDepth = 250

/** Ends the reading with a refusal; parseQuery turns it into a value. */
export function stop(code: RefusalCode, message: string, position: Position, hint?: string): never {
  throw new Refused(refuse(code, message, { position, ...(hint === undefined ? {} : { hint }) }).refusal)
}

/** Opens `{ Kind: { … } }`. */
export function nodeOf(value: unknown, reading: Reading): Node {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const [entry] = entries
  if (entries.length !== 1 || !entry || typeof entry[1] !== 'object' || entry[1] === null || Array.isArray(entry[1]))
    stop('query.not_supported', 'the question holds a construct that is not answered', reading.places.ofOffset(0))
  return { kind: entry[0], body: entry[1] as Fields }
}

/** Refuses every field of a node that the caller has not understood: what is unknown never passes in silence. */
export function onlyFields(node: Node, known: readonly string[], reading: Reading): void {
  for (const field of Object.keys(node.body))
    if (!known.includes(field)) notSupported(node, reading, `${node.kind}.${field}`)
}

/** Refuses a construct by its name in the tree, with the hint that belongs to it. */
export function notSupported(node: Node, reading: Reading, name = node.kind): never {
  const { what, hint, word } = hintFor(name)
  stop('query.not_supported', `${what} is not answered`, placeOf(node, reading, word), hint)
}

export function placeOf(node: Node, reading: Reading, word?: string): Position {
  const own = node.body.location
  if (typeof own === 'number' && own >= 0) return reading.places.ofByte(own)
  if (word !== undefined) return reading.places.ofWord(word)
  const below = locationBelow(node)
  return below === undefined ? reading.places.ofOffset(0) : reading.places.ofByte(below)
}

/** The first location found under a node that has none. A place 0 is left out of the tree; no expression stands there. */
function locationBelow(node: Node): number | undefined {
  let rest: unknown[] = Object.values(node.body)
  for (let level = 0; level < 12 && rest.length > 0; level++) {
    const next: unknown[] = []
    for (const value of rest) {
      if (typeof value !== 'object' || value === null) continue
      const location = (value as Fields).location
      if (typeof location === 'number' && location >= 0) return location
      next.push(...Object.values(value))
    }
    rest = next
  }
  return undefined
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The texts of a list of String nodes, e.g. the parts of a name; undefined stands for anything else, such as the star. */
export function namesOf(value: unknown): readonly (string | undefined)[] {
  return listOf(value).map((item) => {
    const text = (item as { String?: { sval?: unknown } } | null)?.String
    return text === undefined ? undefined : typeof text.sval === 'string' ? text.sval : ''
  })
}
