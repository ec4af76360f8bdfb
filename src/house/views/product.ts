import type { Json } from '../../base/canonical.ts'
import { dayOf, instantText } from '../../base/instant.ts'
import { findPurpose } from '../../consent/purposes.ts'
import type { Catalogue } from '../../contract/catalogue.ts'
import { describe } from '../../contract/describe.ts'
import { type Starter, starters } from '../../contract/starters.ts'
import { amountText, rhoText } from '../../money/amount.ts'
import { priceOf } from '../../money/tariff.ts'
import { fitsOn, questionsLeft } from '../../privacy/room.ts'
import type { ContractEntry, PeriodEntry } from '../../release/ports.ts'
import { limitsOf } from '../../release/room.ts'
import { tiers } from '../../release/tiers.ts'
import { defaultNano, type World } from '../../release/world.ts'
import { dateText, type LimitView, limitView } from './limit.ts'

/** What is public of a product besides its contract. */
export type ProductFacts = {
  /** The newest load; undefined: no data yet. */
  readonly loadedAt: string | undefined
  readonly people: readonly {
    readonly purpose: string
    readonly title: string
    /** N^ of the open period; undefined: none is open. */
    readonly upperBound: string | undefined
    readonly words: string
    /** Earlier periods, newest first. */
    readonly periods: readonly {
      readonly id: string
      readonly from: string
      readonly to: string
      readonly upperBound: string
    }[]
    /** Price of one question in each tier, in the open period. */
    readonly tiers: readonly TierPrice[]
  }[]
  readonly representative: { readonly compared: false; readonly words: string }
  readonly left: {
    readonly questions: string
    readonly fitsOn: string | undefined
    readonly limits: readonly LimitView[]
  }
  readonly questions: readonly Starter[]
}
export type TierPrice = {
  readonly people: number
  readonly rho: string
  readonly price: string
  readonly available: boolean
}

/** A product's page: its contract in words, and what else is public of it. */
export async function productPage(
  world: World,
  entry: ContractEntry,
): Promise<{ readonly [key: string]: Json | undefined }> {
  const catalogue = world.catalogue(entry)
  return { ...describe(catalogue), facts: await productFacts(world, catalogue) }
}

export async function productFacts(world: World, catalogue: Catalogue): Promise<ProductFacts> {
  const { books, clock } = world
  const settings = await books.settings()
  const [load] = await books.loads(catalogue.product)
  const open = await books.openPeriod(clock.now())
  const periods = await books.periods()
  const limits = settings ? await limitsOf(catalogue, settings, world) : []
  const today = dayOf(clock.now())
  const least = settings?.limits.maxPerRelease ?? 0n
  const cap = least < catalogue.budget.maxPerRelease ? least : catalogue.budget.maxPerRelease
  const cost = defaultNano < cap ? defaultNano : cap
  return {
    loadedAt: load && instantText(load.loadedAt),
    people: catalogue.purposes.map((purpose) => peopleOf(catalogue, purpose, open, periods, cap)),
    representative: {
      compared: false,
      words:
        'Whoever is counted here said yes. How they differ from all customers is not known to anybody who asks: nobody compared them, because such a comparison would itself be an answer about people. Read an answer as one about those who said yes, and do not scale it up to all customers without a source of your own.',
    },
    left: {
      questions: cost > 0n && limits.length > 0 ? `${questionsLeft(limits, cost, today)}` : '0',
      fitsOn: cost > 0n ? dateText(fitsOn(limits, cost, today)) : undefined,
      limits: limits.map((limit) => limitView(limit, cost, today)),
    },
    questions: starters(catalogue),
  }
}

function peopleOf(
  catalogue: Catalogue,
  purpose: string,
  open: PeriodEntry | undefined,
  periods: readonly PeriodEntry[],
  cap: bigint,
): ProductFacts['people'][number] {
  const bound = open?.upperBounds[purpose]
  return {
    purpose,
    title: findPurpose(purpose)?.title ?? purpose,
    upperBound: bound?.toString(),
    words:
      bound === undefined
        ? 'no period is open, so it is not known how many may be counted'
        : `about ${bound} people or fewer said yes (a noisy upper bound, fixed for the period)`,
    periods: periods.flatMap((period) => {
      const upperBound = period.upperBounds[purpose]
      if (upperBound === undefined) return []
      const to = period.closedAt ?? period.endsAt
      return [{ id: period.id, from: instantText(period.openedAt), to: instantText(to), upperBound: `${upperBound}` }]
    }),
    tiers:
      open === undefined || bound === undefined
        ? []
        : tiers.map(({ people, nano }) => ({
            people,
            rho: rhoText(nano),
            price: amountText(priceOf(catalogue.tariff, purpose, bound, open.rate, nano).price),
            available: nano <= cap,
          })),
  }
}
