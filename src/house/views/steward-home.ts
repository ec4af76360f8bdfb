import { instantText, parseInstant } from '../../base/instant.ts'
import { findPurpose } from '../../consent/purposes.ts'
import { amountText } from '../../money/amount.ts'
import type { PeriodEntry } from '../../release/ports.ts'
import type { House } from '../house.ts'
import { type Need, needsOf } from '../needs.ts'
import { budgetView } from './budget.ts'
import type { LimitView } from './limit.ts'

/** The steward's home: four numbers, and what needs somebody today. */
export type StewardHomeView = {
  readonly house: {
    readonly name: string
    readonly currency: string
    /** The published rates, per milli-rho, of which a period has one; and how many days a period lasts unless somebody says otherwise. */
    readonly rateLadder: readonly string[]
    readonly periodDays: number
  }
  readonly period: { readonly id: string; readonly openedAt: string; readonly endsAt: string } | undefined
  /** Prices of releases of this calendar month (UTC). */
  readonly revenue: { readonly month: string; readonly amount: string; readonly releases: number }
  /** The pool: public amounts, from N^; what the people are owed exactly is nobody's to see here. */
  readonly owed: { readonly amount: string; readonly words: string }
  readonly optedIn: readonly {
    readonly purpose: string
    readonly title: string
    /** N^ of the newest period. */
    readonly upperBound: string
    /** Against the period before; the noise of both is in it. Undefined: there was none. */
    readonly change: string | undefined
    readonly words: string
  }[]
  /** The limit that is used most. */
  readonly budget: { readonly product: string | undefined; readonly limit: LimitView } | undefined
  readonly needsYou: readonly Need[]
}

export async function stewardHomeView(house: House): Promise<StewardHomeView> {
  const { books, clock } = house.world
  const settings = await books.settings()
  const now = clock.now()
  const month = instantText(now).slice(0, 7)
  const sales = await books.sales({ from: parseInstant(`${month}-01`) ?? now })
  const open = await books.openPeriod(now)
  const [newest, before] = await books.periods()
  const pool = (await books.balances()).pool ?? 0n
  return {
    house: {
      name: settings?.name ?? '',
      currency: settings?.currency ?? '',
      rateLadder: settings?.rateLadder.map(amountText) ?? [],
      periodDays: settings?.periodDays ?? 0,
    },
    period: open && { id: open.id, openedAt: instantText(open.openedAt), endsAt: instantText(open.endsAt) },
    revenue: { month, amount: amountText(sales.price), releases: sales.releases },
    owed: {
      amount: pool < 0n ? `-${amountText(-pool)}` : amountText(pool),
      words: 'in the people’s pool, by the published upper bounds of how many they are',
    },
    optedIn: newest ? optedIn(newest, before) : [],
    budget: await mostUsed(house),
    needsYou: await needsOf(house),
  }
}

const optedIn = (newest: PeriodEntry, before: PeriodEntry | undefined): StewardHomeView['optedIn'] =>
  Object.entries(newest.upperBounds).map(([purpose, bound]) => {
    const earlier = before?.upperBounds[purpose]
    const change = earlier === undefined ? undefined : bound - earlier
    return {
      purpose,
      title: findPurpose(purpose)?.title ?? purpose,
      upperBound: `${bound}`,
      change: change === undefined ? undefined : `${change > 0n ? '+' : ''}${change}`,
      words: `about ${bound} people or fewer (a noisy upper bound)`,
    }
  })

async function mostUsed({ world }: House): Promise<StewardHomeView['budget']> {
  const { products, house } = await budgetView(world)
  const all: NonNullable<StewardHomeView['budget']>[] = [
    ...products.map(({ product, limit }) => ({ product, limit })),
    ...house.limits.map((limit) => ({ product: undefined, limit })),
  ]
  const percent = ({ limit }: { readonly limit: LimitView }): number => Number(limit.usedPercent.replace(/ %$/, ''))
  return all.sort((a, b) => percent(b) - percent(a))[0]
}
