import { dayOf, dayText } from '../../base/instant.ts'
import type { NanoRho } from '../../base/units.ts'
import { rhoText } from '../../money/amount.ts'
import { deltaText } from '../../privacy/accounting.ts'
import { houseDeltas, houseLimits, type Limit, limitsOf } from '../../release/room.ts'
import { defaultNano, type World } from '../../release/world.ts'
import { type LimitView, limitView } from './limit.ts'

/** The public budgets burning down: from the public ledger alone. */
export type BudgetView = {
  /** What a question of the cheapest tier costs: forecasts say when it does not fit any more. */
  readonly cheapest: string
  readonly products: readonly {
    readonly product: string
    readonly title: string
    readonly limit: LimitView
    readonly days: readonly DayView[]
  }[]
  /** Over all products, the windows of every person's limits, less the house's share. */
  readonly house: {
    readonly limits: readonly LimitView[]
    readonly days: readonly DayView[]
    /** Of answers with open groups: what they may add up to, and did. Decimal texts. */
    readonly delta: readonly { readonly days?: number | undefined; readonly limit: string; readonly used: string }[]
  }
}
/** Spent on a day, and up to it within the window that ends then. Days without a charge are left out. */
export type DayView = { readonly day: string; readonly rho: string; readonly inWindow: string }

export async function budgetView(world: World): Promise<BudgetView> {
  const settings = await world.books.settings()
  const today = dayOf(world.clock.now())
  const products: BudgetView['products'][number][] = []
  if (!settings) return { cheapest: rhoText(defaultNano), products, house: { limits: [], days: [], delta: [] } }
  for (const entry of await world.books.contracts()) {
    const catalogue = world.catalogue(entry)
    const [own] = await limitsOf(catalogue, settings, world)
    if (!own) continue
    const { product, title } = catalogue
    products.push({
      product,
      title,
      limit: limitView(own, cheapest(catalogue.budget.maxPerRelease), today),
      days: days(own),
    })
  }
  const house = await houseLimits(settings, world)
  return {
    cheapest: rhoText(cheapest(settings.limits.maxPerRelease)),
    products,
    house: {
      limits: house.map((limit) => limitView(limit, cheapest(settings.limits.maxPerRelease), today)),
      days: house[0] ? days(house[0]) : [],
      delta: (await houseDeltas(settings, world)).map(({ days, limit, used }) => ({
        days,
        limit: deltaText(limit),
        used: deltaText(used),
      })),
    },
  }
}

const cheapest = (cap: NanoRho): NanoRho => (defaultNano < cap ? defaultNano : cap)

function days({ spending, days: window }: Limit): readonly DayView[] {
  return spending.map(({ day, nano }) => {
    const inside = spending.filter((one) => one.day <= day && (window === undefined || one.day >= day - window))
    return {
      day: dayText(day),
      rho: rhoText(nano),
      inWindow: rhoText(inside.reduce((sum, one) => sum + one.nano, 0n)),
    }
  })
}
