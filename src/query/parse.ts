import { hasSqlDetails, parse } from 'libpg-query'
import { accept, type Outcome, Refused, refuse } from '../base/refusal.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import { type Fields, listOf, type Node, nodeOf, onlyFields, placeOf } from './parse/ast.ts'
import { readWithinLimits } from './parse/limits.ts'
import { type Places, placesOf } from './parse/places.ts'
import { newReading } from './parse/scope.ts'
import { readSelect } from './parse/select.ts'
import type { Query } from './query.ts'

/**
 * SQL text (PostgreSQL's grammar) → query over one product's catalogue. Depends on the text and the contract only, never on data.
 * Nothing is understood by default: every node of the parse tree and every field of it is either known to the reading or refused, with its
 * place and with what to write instead.
 *
 * Refuses every query.* code of base/refusal.ts, and privacy.bound_missing when the contract declares no bound for what is asked.
 */
export async function parseQuery(sql: string, catalogue: Catalogue): Promise<Outcome<Query>> {
  const tree = await readTree(sql, catalogue)
  return tree.ok ? readChanged(tree.value, catalogue) : tree
}

/** A question's tree, before it is read over a catalogue: what variants.ts changes. */
export interface Tree {
  readonly sql: string
  readonly select: Node
  readonly places: Places
}

/** The tree as a query; refuses as parseQuery does. */
export function readChanged({ sql, select, places }: Tree, catalogue: Catalogue): Outcome<Query> {
  return refusing(() => readSelect(select, newReading(sql, catalogue, places)))
}

function refusing<T>(work: () => T): Outcome<T> {
  try {
    return accept(work())
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal }
    throw error
  }
}

/** SQL text → the tree of its one SELECT. Refuses query.* codes of the text alone. */
export async function readTree(sql: string, catalogue: Catalogue): Promise<Outcome<Tree>> {
  const words = readWithinLimits(sql)
  if (!words.ok) return words
  const places = placesOf(sql, words.value)
  const statements = await readStatements(sql, places)
  if (!statements.ok) return statements
  const [first, second] = statements.value
  if (first === undefined)
    return refuse('query.empty', 'the question has no statement', { hint: 'for example SELECT COUNT(*) FROM …' })
  if (second !== undefined)
    return refuse('query.several_statements', 'the question holds more than one statement', {
      hint: 'ask one question at a time; leave out what follows the first ;',
      position: places.ofByte(startOf(second)),
    })
  const reading = newReading(sql, catalogue, places)
  const opened = refusing(() => {
    const statement = { kind: 'RawStmt', body: first as Fields }
    onlyFields(statement, ['stmt', 'stmt_len', 'stmt_location'], reading)
    return nodeOf(statement.body.stmt, reading)
  })
  if (!opened.ok) return opened
  const select = opened.value
  if (select.kind !== 'SelectStmt')
    return refuse('query.not_select', 'only SELECT asks a question', {
      hint:
        select.kind === 'ExplainStmt' ? 'EXPLAIN PRIVACY SELECT … says how it would be answered' : 'begin with SELECT',
      position:
        select.body.location === undefined ? places.ofOffset(startOfWords(words.value)) : placeOf(select, reading),
    })
  return accept({ sql, select, places })
}

/** Whatever the parser throws is a refusal: text that a stranger wrote must not be able to break the house. */
async function readStatements(sql: string, places: Places): Promise<Outcome<readonly unknown[]>> {
  try {
    const tree: unknown = await parse(sql)
    return accept(listOf((tree as Fields).stmts))
  } catch (error) {
    const details = hasSqlDetails(error) ? error.sqlDetails : undefined
    return refuse('query.unreadable', details ? details.message : 'the question cannot be parsed', {
      hint: 'write one SELECT in the SQL of PostgreSQL',
      ...(details ? { position: places.ofCharacter(details.cursorPosition) } : {}),
    })
  }
}

/** The tree leaves out a place of 0; white space before a statement belongs to it. */
const startOf = (statement: unknown): number => Number((statement as Fields).stmt_location ?? 0)
const startOfWords = (words: readonly { readonly offset: number }[]): number => words[0]?.offset ?? 0
