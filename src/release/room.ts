import { dayOf } from '../base/instant.ts'
import { maximum, minimum } from '../base/integer.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Day, NanoRho, PicoDelta } from '../base/units.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import { rhoText } from '../money/amount.ts'
import { deltaText } from '../privacy/accounting.ts'
import { cohortDelta, deltaLimits } from '../privacy/limits.ts'
import { leftOn, type Meter } from '../privacy/room.ts'
import type { HouseSettings } from './ports.ts'
import type { Budgeted } from './way/privacy.ts'
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

/** One public limit on delta, with what the public ledger says was spent under it. */
export interface DeltaLimit {
  readonly of: 'product' | 'house'
  /** Days of the sliding window; undefined: for ever. */
  readonly days: number | undefined
  readonly limit: PicoDelta
  readonly used: PicoDelta
}

/** The house's limits on delta over all products; with `cohort` the shortest window's by that too (privacy/limits.ts). */
export async function houseDeltas(
  settings: HouseSettings,
  world: World,
  cohort?: PicoDelta | undefined,
): Promise<readonly DeltaLimit[]> {
  const today = dayOf(world.clock.now())
  const spending = await world.books.spentByDay(0, today)
  const { windows, life } = deltaLimits(settings.limits, 'medium', cohort)
  const one = (days: number | undefined, limit: PicoDelta): DeltaLimit => ({
    of: 'house',
    days,
    limit,
    used: deltaWithin(spending, days, today),
  })
  return [...windows.map(({ days, limit }) => one(days, limit)), one(undefined, life)]
}

/**
 * The limits on delta that a question is held against, as the charge asks them: the product's, if the contract has one, and the house's among N^ people. None
 * for a question without delta; then the ledger is not read.
 */
export async function deltaLimitsOf(
  { catalogue: { product, budget }, upperBound, delta }: Pick<Budgeted, 'catalogue' | 'upperBound' | 'delta'>,
  settings: HouseSettings,
  world: World,
): Promise<readonly DeltaLimit[]> {
  if (delta === 0n) return []
  const house = await houseDeltas(settings, world, cohortDelta(upperBound))
  const { delta: limit, days } = budget
  if (limit === undefined) return house
  const today = dayOf(world.clock.now())
  const used = deltaWithin(await world.books.spentByDay(today - days, today, product), days, today)
  return [{ of: 'product', days, limit, used }, ...house]
}

const deltaWithin = (
  spending: readonly { readonly day: Day; readonly delta: PicoDelta }[],
  days: number | undefined,
  today: Day,
): PicoDelta =>
  spending.reduce((sum, { day, delta }) => (days === undefined || day >= today - days ? sum + delta : sum), 0n)

/** How many releases of this delta fit under the public limits today; undefined: a question without delta is held against none of them. */
export const deltaQuestionsLeft = (delta: PicoDelta, limits: readonly DeltaLimit[]): bigint | undefined =>
  delta === 0n ? undefined : limits.map(({ limit, used }) => maximum(0n, limit - used) / delta).reduce(minimum)

/** As withinBudget, for delta. A question whose groups are all declared has none and always fits. Refuses privacy.budget_used_up. */
export function withinDelta(delta: PicoDelta, limits: readonly DeltaLimit[]): Outcome<true> {
  const tight = delta === 0n ? undefined : limits.find(({ limit, used }) => used + delta > limit)
  if (!tight) return accept(true)
  return refuse(
    'privacy.budget_used_up',
    `${tight.of === 'product' ? 'of this product ' : ''}questions with open groups may add up to delta ${deltaText(tight.limit)} ${tight.days === undefined ? 'for ever' : `in ${tight.days} days`}, and ${deltaText(tight.used)} is spent; this one has ${deltaText(delta)}`,
    {
      hint: 'group by columns with a declared domain: that has no delta; or wait until earlier releases leave the window',
    },
  )
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
