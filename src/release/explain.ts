import { accept, type Outcome } from '../base/refusal.ts'
import { withoutExplain } from '../query/explain.ts'
import { gridWords, secondsText } from './answer-rules.ts'
import { type Preview, previewOf } from './preview.ts'
import { weigh } from './quote.ts'
import { type Suggestion, suggestionsFor } from './suggest.ts'
import type { Question, World } from './world.ts'

/** How a question would be answered: its preview, when its answer would leave, and what would make it more precise. */
export type Explained = Preview & {
  readonly time: {
    /** Seconds; "0": at once. */
    readonly every: string
    readonly least: string
    readonly deadline: string
    readonly words: string
  }
  readonly suggestions: readonly Suggestion[]
}

/**
 * EXPLAIN PRIVACY: price, loss, noise and path of a question, from the contract, the open period and the public ledger; no record is read and nothing is kept,
 * so it is byte for byte the same on an empty and on a full database. The words EXPLAIN PRIVACY may stand before the question; places in refusals are places in the
 * text as asked. Refuses what a quote refuses.
 */
export async function explain(question: Question, world: World): Promise<Outcome<Explained>> {
  const weighed = await weigh({ ...question, sql: withoutExplain(question.sql).sql }, world)
  if (!weighed.ok) return weighed
  const { rules, plan } = weighed.value.priced
  const deadline = secondsText(rules.deadlineMilliseconds[plan.path])
  return accept({
    ...previewOf(weighed.value),
    time: {
      every: secondsText(rules.everyMilliseconds),
      least: secondsText(rules.leastMilliseconds),
      deadline,
      words: `${gridWords(rules)} A computation that takes longer than ${deadline} s fails.`,
    },
    suggestions: await suggestionsFor(weighed.value.priced),
  })
}
