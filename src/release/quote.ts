import { hashOf } from '../base/hash.ts'
import { dayOf, instantText } from '../base/instant.ts'
import { decimalText, rationalText } from '../base/rational.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Day } from '../base/units.ts'
import { amountText, rhoText } from '../money/amount.ts'
import { deltaText, epsilonText, statedDelta } from '../privacy/accounting.ts'
import { classLimit } from '../privacy/limits.ts'
import { usedOn } from '../privacy/room.ts'
import { withoutExplain } from '../query/explain.ts'
import { planWords } from '../query/plan.ts'
import { type Accuracy, expectedAccuracy } from './accuracy.ts'
import { offer } from './answer.ts'
import { combinedPlan, type QuotedTopUp, topUpDescribed } from './combined.ts'
import { type SelectionView, selectionView } from './document.ts'
import { channelSigma, type MadeOf, type Mechanism, madeOf, mechanismOf } from './made-of.ts'
import type { HouseSettings } from './ports.ts'
import { accuracyWithin, boundsDescribed, type QuotedBounds } from './quoted-bounds.ts'
import { type DeltaLimit, deltaLimitsOf, type Limit, limitsOf, withinBudget, withinDelta } from './room.ts'
import { type Suggestion, suggestionsFor } from './suggest.ts'
import { type Offer, totalOf } from './way/affordable.ts'
import { law } from './way/law.ts'
import type { Priced, Total } from './way/market.ts'
import { parse } from './way/parse.ts'
import type { Question, World } from './world.ts'

export interface Quoted {
  readonly id: string
  readonly price: bigint
  /** What the buyer reads; canonical JSON of it is equal for equal public facts. */
  readonly shown: Quote
}

/** Decimal texts throughout. (A type, not an interface: only those are assignable to Json.) */
export type Quote = {
  readonly quote: string
  /** What would make it more precise at the same price. */
  readonly suggestions: readonly Suggestion[]
} & Described

export type Described = {
  readonly product: string
  readonly contract: string
  readonly purpose: string
  readonly sql: string
  /** What asking now costs: nothing when the buyer asked the same in this period. */
  readonly price: string
  readonly priceOfANewAnswer: string
  readonly askedBefore: boolean
  readonly currency: string
  readonly people: { readonly share: string; readonly upperBound: string; readonly words: string }
  readonly privacy: {
    readonly rho: string
    readonly nano: string
    readonly delta: string
    readonly epsilon: string
    readonly epsilonAtDelta: string
  }
  readonly groups: {
    /** How many groups are shown. Undefined of open keys: nobody knows before. */
    readonly count?: number | undefined
    readonly keys: readonly string[]
    /** Keys without a declared domain. */
    readonly open?: readonly string[] | undefined
    readonly rule: string
    readonly selection?: SelectionView | undefined
  }
  readonly accuracy: readonly Accuracy[]
  /** Where bounds are tighter than declared, or to be chosen. */
  readonly bounds?: QuotedBounds | undefined
  /** Where an answer is made more precise: what both together are. */
  readonly topUp?: QuotedTopUp | undefined
  readonly channels: readonly {
    readonly measure: number
    readonly part: string
    readonly nano: string
    readonly sensitivitySquared: string
    readonly sigma2: string
    /** Outputs that follow from it. */
    readonly outputs: readonly string[]
    readonly mechanism: Mechanism
    readonly rho: string
    /** Of the release's rho, percent with two decimals. */
    readonly share: string
    /** Standard deviation in the unit of what it counts or adds up, rounded up; a choice (exponential mechanism) has an epsilon instead. */
    readonly sigma?: string | undefined
    /** How many numbers of each group have this noise. */
    readonly width: number
    readonly epsilon?: string | undefined
  }[]
  readonly outputs: readonly { readonly name: string; readonly noise?: MadeOf | undefined }[]
  /** How it is computed: by contract and question alone. */
  readonly plan: { readonly path: string; readonly words: string }
  /** Limit classes whose members the public ledger keeps out of this answer. */
  readonly limitClassesUsedUp: readonly string[]
  readonly period: string
  readonly validUntil: string
  readonly limitations: string
}

/** A question on its way, up to the charge. */
export interface Weighed extends Offer {
  /** Everything that asking now charges. */
  readonly total: Total
  /** The buyer asked the same in this period: it is served again, free. */
  readonly askedBefore: boolean
  readonly settings: HouseSettings
  /** The public limits, as the ledger stands. */
  readonly limits: readonly Limit[]
  readonly deltas: readonly DeltaLimit[]
  readonly today: Day
}

/** The same way as an answer, up to the charge; nothing is kept. Refuses what the stages before the charge refuse, and privacy.budget_used_up. */
export async function weigh(question: Question, world: World): Promise<Outcome<Weighed>> {
  const parsed = await parse(question, world)
  if (!parsed.ok) return parsed
  const lawful = law(parsed.value)
  if (!lawful.ok) return lawful
  const offered = await offer(lawful.value, world)
  if (!offered.ok) return offered
  const { priced, missing } = offered.value
  const total = totalOf(offered.value)
  const settings = await world.books.settings()
  if (!settings) return refuse('home.missing', 'the books have no settings')
  const [earlier, limits, deltas] = await Promise.all([
    // With bounds that are still to be chosen it is another question than any before.
    missing.length === 0 ? world.books.memo(priced.memoKey) : undefined,
    limitsOf(priced.catalogue, settings, world),
    deltaLimitsOf(priced, settings, world),
  ])
  const today = dayOf(world.clock.now())
  if (!earlier) {
    const room = withinBudget(total.nano, limits, today)
    if (!room.ok) return room
    const delta = withinDelta(priced.delta, deltas)
    if (!delta.ok) return delta
  }
  return accept({ ...offered.value, total, askedBefore: earlier !== undefined, settings, limits, deltas, today })
}

/**
 * Price, privacy loss and error before the question is run, from the contract, the open period and the public ledger only: the same way as an
 * answer, up to the charge. No record is read, so the quote is byte for byte the same on an empty and on a full database.
 * Refuses what `weigh` refuses.
 */
export async function quote(question: Question, world: World): Promise<Outcome<Quoted>> {
  const { sql } = withoutExplain(question.sql)
  const weighed = await weigh({ ...question, sql }, world)
  if (!weighed.ok) return weighed
  const { priced, total } = weighed.value
  const shown = { ...describe(weighed.value), suggestions: await suggestionsFor(priced) }
  const id = `quo_${hashOf({ shown, buyer: question.buyer }).slice(0, 26)}`
  await world.books.saveQuote({
    id,
    buyer: question.buyer,
    product: priced.catalogue.product,
    purpose: priced.purpose,
    sql,
    nano: total.nano,
    price: total.price,
    periodId: priced.period.id,
    expiresAt: priced.period.endsAt,
    shown,
  })
  return accept({ id, price: total.price, shown: { quote: id, ...shown } })
}

export function describe(weighed: Weighed): Described {
  const { priced, missing, total, askedBefore, settings, limits, deltas, today } = weighed
  const { query, catalogue, period } = priced
  const { nano } = total
  const made = madeOf(query, priced.noise)
  return {
    product: catalogue.product,
    contract: catalogue.version,
    purpose: priced.purpose,
    sql: query.sql,
    price: amountText(askedBefore ? 0n : total.price),
    currency: settings.currency,
    priceOfANewAnswer: amountText(total.price),
    askedBefore,
    people: {
      share: amountText(missing.reduce((sum, part) => sum + part.priced.price.pool, priced.price.pool)),
      upperBound: `${priced.upperBound}`,
      words: `about ${priced.upperBound} people or fewer (a noisy upper bound)`,
    },
    privacy: {
      rho: rhoText(nano),
      nano: `${nano}`,
      delta: `${priced.delta}`,
      epsilon: epsilonText(nano),
      epsilonAtDelta: deltaText(statedDelta(priced.delta)),
    },
    groups: groupsRule(priced),
    accuracy: accuracyWithin(expectedAccuracy({ query, noise: combinedPlan(priced) }), weighed),
    ...boundsDescribed(weighed),
    ...topUpDescribed(priced),
    channels: priced.noise.channels.map((channel, place) => ({
      measure: channel.measure,
      part: channel.part,
      nano: `${channel.nano}`,
      sensitivitySquared: `${channel.sensitivitySquared}`,
      sigma2: rationalText(channel.sigma2),
      outputs: query.outputs.flatMap(({ name }, at) => (made[at]?.channels.includes(place) ? [name] : [])),
      mechanism: mechanismOf(channel),
      rho: rhoText(channel.nano),
      share: decimalText((channel.nano * 10_000n) / priced.nano, 2),
      width: channel.width ?? 1,
      ...(channel.choice ? { epsilon: rationalText(channel.choice.epsilon) } : { sigma: channelSigma(channel, query) }),
    })),
    outputs: query.outputs.map(({ name }, at) => ({ name, noise: made[at] })),
    plan: { path: priced.plan.path, words: planWords(priced.plan) },
    limitClassesUsedUp: usedUp({ nano, delta: priced.delta }, settings, limits, deltas, today),
    period: period.id,
    validUntil: instantText(period.endsAt),
    limitations: catalogue.description.limitations,
  }
}

function groupsRule({ query, cells, noise }: Priced): Described['groups'] {
  const keys = query.groups.map((group) => group.name)
  if (!noise.selection)
    return { count: cells, keys, rule: 'every declared group is shown, also those in which nobody is' }
  const selection = selectionView(noise.selection)
  const open = query.groups.filter((group) => group.domain === undefined).map((group) => group.name)
  return { keys, open, rule: selection.words, selection }
}

/** Limit classes whose members cannot be in this answer, by the public ledger alone. */
const usedUp = (
  { nano, delta }: Pick<Priced, 'nano' | 'delta'>,
  settings: HouseSettings,
  limits: readonly Limit[],
  deltas: readonly DeltaLimit[],
  today: Day,
): readonly string[] =>
  (['low', 'medium', 'high'] as const).filter(
    (limitClass) =>
      limits.some(
        (limit) =>
          limit.of === 'house' &&
          limit.days !== undefined &&
          nano > classLimit(limit.published, limitClass) - settings.limits.houseShare - usedOn(limit, today),
      ) ||
      (delta > 0n &&
        deltas.some(({ of, days, used }) => {
          const published = settings.limits.windows.find((window) => window.days === days)
          return of === 'house' && published !== undefined && used + delta > classLimit(published.delta, limitClass)
        })),
  )
