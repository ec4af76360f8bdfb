import { minimum } from '../base/integer.ts'
import { accept, type Outcome, type RefusalCode } from '../base/refusal.ts'
import type { NanoRho } from '../base/units.ts'
import { amountText, rhoText } from '../money/amount.ts'
import { priceOf } from '../money/tariff.ts'
import { leftOn, questionsLeft } from '../privacy/room.ts'
import { withoutExplain } from '../query/explain.ts'
import { type Accuracy, expectedAccuracy } from './accuracy.ts'
import { combinedPlan } from './combined.ts'
import { type Expected, expectedErrors } from './expected.ts'
import { type Described, describe, type Weighed, weigh } from './quote.ts'
import { deltaQuestionsLeft } from './room.ts'
import { tiers } from './tiers.ts'
import { splitLoss } from './way/bounds.ts'
import { noiseOf } from './way/privacy.ts'
import type { Question, World } from './world.ts'

/** A quote that nothing was kept of, with what helps to decide: other tiers, the error to be expected, and what is left. */
export type Preview = Described & {
  readonly words: QuoteWords
  readonly alternatives: readonly Alternative[]
  readonly expected: readonly Expected[]
  readonly left: { readonly questions: string; readonly words: string }
}

/** The line under the editor, whole and in its parts. */
export type QuoteWords = {
  readonly line: string
  readonly price: string
  readonly privacy: string
  readonly accuracy: readonly string[]
  readonly groups: string
  readonly again: string
}

/** The same question in another tier. */
export type Alternative = {
  /** A count of people, asked for alone, is given to within so many. */
  readonly people: number
  readonly is: 'cheaper' | 'the same' | 'more precise'
  readonly rho: string
  /** Free where the buyer asked just this before. */
  readonly price: string
  /** What becomes of this question's outputs in that tier. */
  readonly accuracy: readonly Accuracy[]
  /** Of open keys, how many noisy people a group needs to appear in that tier. */
  readonly threshold?: string | undefined
  /** Why it cannot be had now; undefined when it can. */
  readonly unavailable: RefusalCode | undefined
}

/** For live typing: the computation of a quote, and nothing is kept. Refuses what a quote refuses. */
export async function preview(question: Question, world: World): Promise<Outcome<Preview>> {
  const weighed = await weigh({ ...question, sql: withoutExplain(question.sql).sql }, world)
  return weighed.ok ? accept(previewOf(weighed.value)) : weighed
}

export function previewOf(weighed: Weighed): Preview {
  const { priced, total, limits, deltas, today } = weighed
  const described = describe(weighed)
  const byRho = questionsLeft(limits, total.nano, today)
  const left = minimum(byRho, deltaQuestionsLeft(priced.delta, deltas) ?? byRho)
  return {
    ...described,
    words: quoteWords(described, priced.catalogue.budget),
    alternatives: alternatives(weighed),
    expected: expectedErrors({ ...priced, noise: combinedPlan(priced) }),
    left: {
      questions: `${left}`,
      words: `about ${left} more like this one under the public limits of today`,
    },
  }
}

function alternatives({ priced, missing, askedBefore, settings, limits, today }: Weighed): readonly Alternative[] {
  // What is added to an answer has no tier of its own.
  if (priced.topUp) return []
  const { catalogue, purpose, upperBound, period, query } = priced
  return tiers.flatMap(({ people, nano }) => {
    const { own, each } = splitLoss(nano, priced.choices.length)
    const noise = noiseOf(priced, own)
    if (!noise.ok) return []
    const overCap = nano > catalogue.budget.maxPerRelease || nano > settings.limits.maxPerRelease
    const charged = own + each * BigInt(missing.length)
    const costs = (loss: NanoRho) => priceOf(catalogue.tariff, purpose, upperBound, period.rate, loss).price
    // What was asked before is served again, room or not.
    const again = askedBefore && own === priced.nano
    const noRoom = !again && limits.some((limit) => leftOn(limit, today) < charged)
    return [
      {
        people,
        is: own < priced.nano ? 'cheaper' : own > priced.nano ? 'more precise' : 'the same',
        rho: rhoText(nano),
        price: amountText(again ? 0n : missing.reduce((sum) => sum + costs(each), costs(own))),
        accuracy: expectedAccuracy({ query, noise: noise.value }),
        threshold: noise.value.selection && `${noise.value.selection.threshold}`,
        unavailable: overCap ? 'privacy.rho_over_release_cap' : noRoom ? 'privacy.budget_used_up' : undefined,
      },
    ]
  })
}

/** Plain words from a quote and the product's public budget. */
export function quoteWords(quote: Described, budget: { readonly nano: NanoRho; readonly days: number }): QuoteWords {
  const price = quote.askedBefore ? 'free: you asked this before in this period' : `${quote.price} ${quote.currency}`
  const privacy = `privacy loss rho ${quote.privacy.rho} (${percentText(BigInt(quote.privacy.nano), budget.nano)} of the public budget of ${budget.days} days)`
  const accuracy = quote.accuracy.map((one) =>
    typeof one.halfWidth95 === 'string'
      ? `${one.output} ±${one.halfWidth95}`
      : one.halfWidth95 === undefined
        ? `${one.output}: ${one.words}`
        : `${one.output} about ±${one.halfWidth95.at10000Rows} in a group of 10000 rows`,
  )
  const { count, selection } = quote.groups
  const groups = selection
    ? `groups with at least about ${selection.threshold} noisy people, delta ${selection.delta}`
    : count === 1
      ? 'one answer for all'
      : `${count} groups, all shown`
  const again = 'free if you ask the same again in this period'
  return { line: [price, privacy, ...accuracy, groups, again].join(' · '), price, privacy, accuracy, groups, again }
}

/** "0.1 %", rounded up to tenths. */
export function percentText(part: bigint, whole: bigint): string {
  if (whole <= 0n) return '100 %'
  const tenths = (part * 1000n + whole - 1n) / whole
  return `${tenths / 10n}.${tenths % 10n} %`
}
