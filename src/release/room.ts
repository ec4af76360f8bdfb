import { dayOf } from '../base/instant.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Day, NanoRho } from '../base/units.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import { rhoText } from '../money/amount.ts'
import { leftOn, type Meter } from '../privacy/room.ts'
import type { HouseSettings } from './ports.ts'
import type { World } from './world.ts'

/** One public limit on ordinary releases, with what the public ledger says was spent under it. */
export interface Limit extends Meter {
  readonly of: 'product' | 'house'
  /** The limit as it is published; the house's windows keep a share of it for the house's own releases. */
  readonly published: NanoRho
}

/** The limits of a product: its own budget, then the house's windows and its limit for life, as the charge asks them. */
export async function limitsOf(catalogue: Catalogue, settings: HouseSettings, world: World): Promise<readonly Limit[]> {
  const { product, budget } = catalogue
  const today = dayOf(world.clock.now())
  const [spending, house] = await Promise.all([
    world.books.spentByDay(today - budget.days, today, product),
    houseLimits(settings, world),
  ])
  const own: Limit = { of: 'product', published: budget.nano, limit: budget.nano, days: budget.days, spending }
  return [own, ...house]
}

/** The limits over all products. */
export async function houseLimits(settings: HouseSettings, world: World): Promise<readonly Limit[]> {
  const { windows, life, houseShare } = settings.limits
  const today = dayOf(world.clock.now())
  const spending = await world.books.spentByDay(0, today)
  const limit = (published: NanoRho, days: number | undefined): Limit => ({
    of: 'house',
    published,
    limit: published - houseShare,
    days,
    spending,
  })
  return [...windows.map((window) => limit(window.nano, window.days)), limit(life.nano, undefined)]
}

/**
 * Is there room in the public ledger? Asked when quoting; the charge asks again in its own transaction, which alone decides, after the memo:
 * the same question is served again even when the budget is used up. Refuses privacy.budget_used_up.
 */
export function withinBudget(nano: NanoRho, limits: readonly Limit[], today: Day): Outcome<true> {
  const tight = limits.find((limit) => leftOn(limit, today) < nano)
  if (!tight) return accept(true)
  const left = rhoText(leftOn(tight, today))
  const published = rhoText(tight.published)
  return refuse(
    'privacy.budget_used_up',
    tight.of === 'product'
      ? `the product's public budget of rho ${published} in ${tight.days} days has ${left} left`
      : `all products together may spend rho ${published} ${tight.days === undefined ? 'for ever' : `in ${tight.days} days`}; ${left} is left`,
    { hint: 'ask with less precision, or wait until earlier releases leave the window' },
  )
}
