import { dayOf } from '../base/instant.ts'
import type { NanoRho } from '../base/units.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import type { Meter } from '../privacy/room.ts'
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
  const spending = await world.books.spentByDay(today - budget.days, today, product)
  const own: Limit = { of: 'product', published: budget.nano, limit: budget.nano, days: budget.days, spending }
  return [own, ...(await houseLimits(settings, world))]
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
