import { dayOf } from '../../base/instant.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import { amountText } from '../../money/amount.ts'
import { deltaLimitsOf, limitsOf, withinBudget, withinDelta } from '../room.ts'
import type { World } from '../world.ts'
import type { Chosen } from './choose.ts'
import { type Acceptance, accepted, type Priced, type Total } from './market.ts'

/** What is known of a question up to its charge. */
export interface Offer extends Pick<Chosen, 'parts' | 'missing'> {
  readonly priced: Priced
}

/** A question and the choices of bounds that it still needs, together. */
export const totalOf = ({ priced, missing }: Offer): Total => ({
  price: missing.reduce((sum, part) => sum + part.priced.price.price, priced.price.price),
  nano: missing.reduce((sum, part) => sum + part.priced.nano, priced.nano),
})

/**
 * Would all of it be charged? Asked before the first of several charges, so that nobody pays for a bound and is then refused the answer: the price limit or the
 * quote, the room in the public ledger, the prepaid balance. The charges decide, one by one; nothing else is charged in between (World.inTurn).
 * Refuses market.quote_*, market.price_over_limit, privacy.budget_used_up, market.funds_lacking.
 */
export async function affordable(offer: Offer, acceptance: Acceptance, world: World): Promise<Outcome<true>> {
  const { priced } = offer
  const total = totalOf(offer)
  const agreed = await accepted(priced, total, acceptance, world)
  if (!agreed.ok) return agreed
  const settings = await world.books.settings()
  if (!settings) return refuse('home.missing', 'the books have no settings')
  const room = withinBudget(total.nano, await limitsOf(priced.catalogue, settings, world), dayOf(world.clock.now()))
  if (!room.ok) return room
  const delta = withinDelta(priced.delta, await deltaLimitsOf(priced, settings, world))
  if (!delta.ok) return delta
  const buyer = (await world.books.buyers()).find(({ id }) => id === priced.question.buyer)
  if (buyer && buyer.prepaid < total.price)
    return refuse('market.funds_lacking', `the prepaid balance does not cover the price of ${amountText(total.price)}`)
  return accept(true)
}
