import { canonical, type Json } from '../../base/canonical.ts'
import { hashOf, sha256 } from '../../base/hash.ts'
import { freshId } from '../../base/id.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { NanoRho } from '../../base/units.ts'
import type { Tariff } from '../../contract/catalogue.ts'
import { packsInForce } from '../../law/person.ts'
import { amountText } from '../../money/amount.ts'
import { type Price, priceOf } from '../../money/tariff.ts'
import { cohortDelta } from '../../privacy/limits.ts'
import { planWords } from '../../query/plan.ts'
import type { Charged } from '../ports.ts'
import type { World } from '../world.ts'
import type { Consented } from './consent.ts'
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
  const { purpose, upperBound, period, nano, query } = question
  return {
    ...question,
    price: priceOf(tariffOf(question), purpose, upperBound, period.rate, nano),
    planHash: sha256(query.canonical).toString('hex'),
    memoKey: memoKeyOf(question, nano, question.topUp?.of),
  } as Priced
}

/** The fixed part of the price was paid with the first answer: what is added costs the difference. */
export const tariffOf = ({ catalogue, topUp }: Consented): Tariff =>
  topUp === undefined ? catalogue.tariff : { ...catalogue.tariff, fee: 0n }

/** What makes a question the same for its buyer; `nano`: of the release. */
export function memoKeyOf(question: Consented, nano: NanoRho, topUpOf: string | undefined): string {
  const { query, catalogue, purpose } = question
  return hashOf({
    // A chosen bound is a public fact: it serves everybody for the period, however much was spent on it.
    ...(query.measures.some(({ kind }) => kind === 'bound') ? {} : { buyer: question.question.buyer, nano }),
    ...(topUpOf === undefined ? {} : { topUpOf }),
    product: catalogue.product,
    purpose,
    plan: query.canonical,
    // The snapshot: loads, periods and packs, never withdrawals or corrections, so that "free again" tells nothing about anybody.
    load: question.load.id,
    period: question.period.id,
    packs: packs(),
  })
}

/** What asking costs in all, when something else is charged before the question itself. */
export interface Total {
  readonly price: bigint
  readonly nano: bigint
}

/** Does the buyer accept the price? Refuses market.quote_* and market.price_over_limit. `total` counts what has to be charged before the question itself. */
export async function accepted(
  question: Priced,
  total: Total,
  acceptance: Acceptance,
  world: World,
): Promise<Outcome<true>> {
  if (acceptance.quoteId !== undefined) {
    const quote = await world.books.quote(acceptance.quoteId)
    if (!quote || quote.buyer !== question.question.buyer)
      return refuse('market.quote_unknown', 'there is no such quote', { hint: 'ask for a quote first' })
    // Bounds that were chosen since the quote make the question cheaper.
    const within =
      question.choices.length > 0
        ? total.price <= quote.price && total.nano <= quote.nano
        : total.price === quote.price && total.nano === quote.nano
    if (quote.periodId !== question.period.id || !within || quote.expiresAt <= world.clock.now())
      return refuse('market.quote_expired', 'the quote is no longer valid', { hint: 'ask for a new quote' })
  }
  const tooMuch = acceptance.maxPrice !== undefined && total.price > acceptance.maxPrice
  const alone = total.nano === question.nano
  // What was asked before is served again and costs nothing, so it is within every limit.
  if (tooMuch && !(alone && (await world.books.memo(question.memoKey))))
    return refuse(
      'market.price_over_limit',
      `the price is ${amountText(total.price)}, more than ${amountText(acceptance.maxPrice ?? 0n)}`,
      {
        hint: 'raise the maximum, or ask with less precision',
      },
    )
  return accept(true)
}

/**
 * Accepts the price: money held, privacy charged, people credited, in one transaction before the engine runs.
 * Refuses market.quote_*, market.price_over_limit and what Books.charge refuses. An earlier release of the same question is given back instead.
 */
export async function charge(question: Priced, acceptance: Acceptance, world: World): Promise<Outcome<Funded>> {
  const at = world.clock.now()
  const agreed = await accepted(question, { price: question.price.price, nano: question.nano }, acceptance, world)
  if (!agreed.ok) return agreed
  const request = requestHash(question)
  if (!request.ok) return request
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
              requestHash: request.value,
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
  ...(question.topUp ? { topUpOf: question.topUp.of } : {}),
  channels: JSON.parse(canonical(question.noise.channels as unknown as Json)) as Json,
})
