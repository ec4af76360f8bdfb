import { canonical, type Json } from '../../base/canonical.ts'
import { hashOf, sha256 } from '../../base/hash.ts'
import { freshId } from '../../base/id.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import { packsInForce } from '../../law/person.ts'
import { amountText } from '../../money/amount.ts'
import { type Price, priceOf } from '../../money/tariff.ts'
import { cohortDelta } from '../../privacy/limits.ts'
import { planWords } from '../../query/plan.ts'
import type { Charged } from '../ports.ts'
import type { World } from '../world.ts'
import type { Routed } from './path.ts'
import { requestHash } from './retry.ts'

declare const priced: unique symbol
/** A query with its price, from public facts only. Made by `price` alone. */
export interface Priced extends Routed {
  readonly [priced]: true
  readonly price: Price
  readonly memoKey: string
  readonly planHash: string
}

declare const funded: unique symbol
/** Charge and pay are durable, the money is held: the point of no return. Made by `charge` alone. */
export interface Funded extends Priced {
  readonly [funded]: true
  readonly charged: Charged
}

export interface Acceptance {
  readonly maxPrice?: bigint | undefined
  readonly quoteId?: string | undefined
  readonly idempotencyKey?: string | undefined
}

/** The price follows rho and public facts: equal on an empty and on a full database. */
export function price(question: Routed): Priced {
  const { catalogue, purpose, upperBound, period, nano, query } = question
  return {
    ...question,
    price: priceOf(catalogue.tariff, purpose, upperBound, period.rate, nano),
    planHash: sha256(query.canonical).toString('hex'),
    memoKey: hashOf({
      buyer: question.question.buyer,
      product: catalogue.product,
      purpose,
      plan: query.canonical,
      nano,
      // The snapshot: loads, periods and packs, never withdrawals or corrections, so that "free again" tells nothing about anybody.
      load: question.load.id,
      period: period.id,
      packs: packs(),
    }),
  } as Priced
}

/**
 * Accepts the price: money held, privacy charged, people credited, in one transaction before the engine runs.
 * Refuses market.quote_*, market.price_over_limit and what Books.charge refuses. An earlier release of the same question is given back instead.
 */
export async function charge(question: Priced, acceptance: Acceptance, world: World): Promise<Outcome<Funded>> {
  const at = world.clock.now()
  if (acceptance.quoteId !== undefined) {
    const quote = await world.books.quote(acceptance.quoteId)
    if (!quote || quote.buyer !== question.question.buyer)
      return refuse('market.quote_unknown', 'there is no such quote', { hint: 'ask for a quote first' })
    const same =
      quote.periodId === question.period.id && quote.price === question.price.price && quote.nano === question.nano
    if (!same || quote.expiresAt <= at)
      return refuse('market.quote_expired', 'the quote is no longer valid', { hint: 'ask for a new quote' })
  }
  const tooMuch = acceptance.maxPrice !== undefined && question.price.price > acceptance.maxPrice
  // What was asked before is served again and costs nothing, so it is within every limit.
  if (tooMuch && !(await world.books.memo(question.memoKey)))
    return refuse(
      'market.price_over_limit',
      `the price is ${amountText(question.price.price)}, more than ${amountText(acceptance.maxPrice ?? 0n)}`,
      {
        hint: 'raise the maximum, or ask with less precision',
      },
    )
  const { catalogue, nano, delta, purpose, period, load } = question
  const settings = await world.books.settings()
  if (!settings) return refuse('home.missing', 'the books have no settings')
  const charged = await world.books.charge(
    {
      releaseId: freshId('rel'),
      buyer: question.question.buyer,
      product: catalogue.product,
      purpose,
      nano,
      delta,
      price: question.price.price,
      rate: question.price.rate,
      pool: question.price.pool,
      shares: question.price.shares,
      periodId: period.id,
      loadId: load.id,
      memoKey: question.memoKey,
      idempotency:
        acceptance.idempotencyKey === undefined
          ? undefined
          : {
              key: acceptance.idempotencyKey,
              requestHash: requestHash(question, nano),
            },
      plan: plan(question),
      caps: { product: catalogue.budget, house: settings.limits, cohortDelta: cohortDelta(question.upperBound) },
    },
    at,
  )
  return charged.ok ? accept({ ...question, charged: charged.value } as Funded) : charged
}

/** Hashes of the rule packs in force, committed with every release. */
export const packs = (): readonly { readonly id: string; readonly hash: string }[] =>
  packsInForce.map((pack) => ({
    id: `${pack.id}@${pack.version}`,
    hash: hashOf(JSON.parse(JSON.stringify(pack)) as Json),
  }))

/** What is kept beside the release: the text as asked, the plan that was committed to, the noise that it will get, and the path of the computation. */
const plan = (question: Priced): Json => ({
  path: question.plan.path,
  pathWords: planWords(question.plan),
  sql: question.question.sql,
  canonical: question.query.canonical,
  hash: question.planHash,
  channels: JSON.parse(canonical(question.noise.channels as unknown as Json)) as Json,
})
