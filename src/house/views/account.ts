import type { Json } from '../../base/canonical.ts'
import { dayOf, instantText, microsPerDay } from '../../base/instant.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import { amountText, rhoText } from '../../money/amount.ts'
import type { KeyEntry, Sales } from '../../release/ports.ts'
import type { World } from '../../release/world.ts'
import { keyJson } from './keys.ts'
import { type ProductFacts, productFacts } from './product.ts'

/** A buyer's own account: money, what it bought, and how many questions the public limits leave. */
export type AccountView = {
  readonly id: string
  readonly name: string
  /** What it may ask for. */
  readonly purposes: readonly string[]
  readonly currency: string
  readonly prepaid: string
  readonly pending: string
  readonly spent: {
    /** Undefined: no period is open. */
    readonly period: SpentView | undefined
    readonly last365Days: SpentView
    readonly ever: SpentView
  }
  readonly period: { readonly id: string; readonly openedAt: string; readonly endsAt: string } | undefined
  readonly products: readonly {
    readonly product: string
    readonly title: string
    readonly purposes: readonly string[]
    /** Of the cheapest tier, under the tightest public limit: other buyers' questions use it up as well. */
    readonly questionsLeft: string
    /** The first day on which one fits; today when there is room. */
    readonly fitsOn: string | undefined
    readonly limits: ProductFacts['left']['limits']
    readonly words: string
  }[]
}
export type SpentView = { readonly releases: number; readonly price: string; readonly rho: string }

/** Refuses buyer.unknown. */
export async function accountView(world: World, id: string): Promise<Outcome<AccountView>> {
  const { books, clock } = world
  const buyer = (await books.buyers()).find((one) => one.id === id)
  const settings = await books.settings()
  if (!buyer || !settings) return refuse('buyer.unknown', 'there is no such buyer')
  const now = clock.now()
  const open = await books.openPeriod(now)
  const today = dayOf(now)
  const products: AccountView['products'][number][] = []
  for (const entry of await books.contracts()) {
    const catalogue = world.catalogue(entry)
    const purposes = catalogue.purposes.filter((purpose) => buyer.purposes.includes(purpose))
    if (purposes.length === 0) continue
    const { left } = await productFacts(world, catalogue)
    products.push({
      product: catalogue.product,
      title: catalogue.title,
      purposes,
      questionsLeft: left.questions,
      fitsOn: left.fitsOn,
      limits: left.limits,
      words: leftWords(left, instantText(BigInt(today) * microsPerDay).slice(0, 10)),
    })
  }
  return accept({
    id: buyer.id,
    name: buyer.name,
    purposes: buyer.purposes,
    currency: settings.currency,
    prepaid: amountText(buyer.prepaid),
    pending: amountText(buyer.pending),
    spent: {
      period: open && spentView(await books.sales({ buyer: id, period: open.id })),
      last365Days: spentView(await books.sales({ buyer: id, from: now - 365n * microsPerDay })),
      ever: spentView(await books.sales({ buyer: id })),
    },
    period: open && { id: open.id, openedAt: instantText(open.openedAt), endsAt: instantText(open.endsAt) },
    products,
  })
}

function leftWords({ questions, fitsOn }: ProductFacts['left'], today: string): string {
  if (questions !== '0') return `about ${questions} more questions of the cheapest tier, shared with every other buyer`
  if (fitsOn === undefined || fitsOn === today) return 'no further question fits under the public limits'
  return `the public limits are used up; the next question fits on ${fitsOn} if nobody asks before`
}

const spentView = ({ releases, price, nano }: Sales): SpentView => ({
  releases,
  price: amountText(price),
  rho: rhoText(nano),
})

/** The buyer's own keys, without secrets, newest first. */
export async function ownKeys(world: World, buyer: string): Promise<readonly Json[]> {
  return (await world.books.keys())
    .filter((key) => isOwn(key, buyer))
    .reverse()
    .map(keyJson)
}

/** Somebody else's key looks exactly like one that does not exist. Refuses key.unknown. */
export async function revokeOwnKey(world: World, buyer: string, id: string): Promise<Outcome<KeyEntry>> {
  const key = (await world.books.keys()).find((one) => one.id === id && isOwn(one, buyer))
  return key ? world.books.revokeKey(id, world.clock.now()) : refuse('key.unknown', `no key "${id.slice(0, 80)}"`)
}

const isOwn = (key: KeyEntry, buyer: string): boolean => key.role === 'buyer' && key.subject === buyer
