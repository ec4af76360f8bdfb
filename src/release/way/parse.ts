import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { Catalogue } from '../../contract/catalogue.ts'
import type { BoundedSum } from '../../query/bounded-sums.ts'
import { parseQuery } from '../../query/parse.ts'
import type { Query } from '../../query/query.ts'
import type { ContractEntry } from '../ports.ts'
import type { Question, World } from '../world.ts'
import { choosable, type Narrowed, withNamedBounds } from './bounds.ts'

declare const parsed: unique symbol
/** SQL text that became a query over one product's catalogue. Made by `parse` alone. */
export interface Parsed {
  readonly [parsed]: true
  readonly question: Question
  readonly purpose: string
  readonly contract: ContractEntry
  readonly catalogue: Catalogue
  readonly query: Query
  /** What makes two requests the same: the plan before any bound was chosen, never its wording. */
  readonly asked: string
  /** Sums whose bounds are to be chosen (`bounds: auto`). */
  readonly choices: readonly (readonly BoundedSum[])[]
  /** Bounds that are tighter than declared. */
  readonly narrowed: readonly Narrowed[]
}

/** SQL text → query. Refuses product.unknown and every query.* code, with the place in the text. */
export async function parse(question: Question, world: World): Promise<Outcome<Parsed>> {
  const contract = (await world.books.contracts()).find((entry) => entry.product === question.product)
  if (!contract)
    return refuse('product.unknown', `there is no data product "${question.product.slice(0, 80)}"`, {
      hint: 'list the products to see their names',
    })
  const catalogue = world.catalogue(contract)
  const query = await parseQuery(question.sql, catalogue)
  if (!query.ok) return query
  const purpose = question.purpose ?? (catalogue.purposes.length === 1 ? catalogue.purposes[0] : undefined)
  if (purpose === undefined)
    return refuse('consent.purpose_unknown', 'the question names no purpose', {
      hint: `name one of: ${catalogue.purposes.join(', ')}`,
    })
  const bounds = boundsOf(question, query.value, catalogue)
  if (!bounds.ok) return bounds
  return accept({ question, purpose, contract, catalogue, ...bounds.value } as Parsed)
}

function boundsOf(
  { bounds, topUpOf }: Question,
  query: Query,
  catalogue: Catalogue,
): Outcome<Pick<Parsed, 'query' | 'asked' | 'choices' | 'narrowed'>> {
  if (bounds !== undefined && topUpOf !== undefined)
    return refuse('request.invalid', 'a more precise answer has the bounds of the first', { hint: 'leave bounds out' })
  if (bounds === undefined) return accept({ query, asked: query.canonical, choices: [], narrowed: [] })
  if (bounds === 'auto') {
    const choices = choosable(query, catalogue)
    const asked = choices.length === 0 ? query.canonical : `${query.canonical} with bounds that are chosen`
    return accept({ query, asked, choices, narrowed: [] })
  }
  const named = withNamedBounds(query, bounds, catalogue)
  return named.ok ? accept({ ...named.value, asked: named.value.query.canonical, choices: [] }) : named
}
