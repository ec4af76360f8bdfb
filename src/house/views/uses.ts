import { amountText, payText, rhoText } from '../../money/amount.ts'
import { deltaText } from '../../privacy/accounting.ts'
import type { AnswerDocument } from '../../release/document.ts'
import type { PersonStatement, ReleaseEntry } from '../../release/ports.ts'
import { type QuestionParts, questionParts, questionWords } from './question.ts'
import { timeText } from './time.ts'

/** One use of a person's data, as that person reads it: who asked what for which purpose, and what came out. */
export type Use = {
  readonly release: string
  readonly at: string
  /** 'head count': the house counted, with noise, how many people say yes. 'failed': nothing came out, and it was paid all the same. */
  readonly kind: 'answer' | 'head count' | 'failed'
  readonly buyer: string
  readonly product?: string | undefined
  readonly purpose?: string | undefined
  /** `by` buyer: the buyer's own words; `plain` is what is computed, in the house's words. */
  readonly question: {
    readonly words: string
    readonly by: 'buyer' | 'us'
    readonly plain?: string | undefined
    /** What `plain` is made of, for pages in other languages. */
    readonly parts?: QuestionParts | undefined
    readonly sql?: string | undefined
  }
  readonly answer?: Pick<AnswerDocument, 'columns' | 'rows' | 'notes'> | undefined
  /** The published noisy upper bound of the people who could be in it. */
  readonly eligible?: string | undefined
  readonly eligibleWords: string
  readonly rho: string
  /** Of an answer with open groups: the most likely it can be that a group in which the person is alone was shown. */
  readonly delta?: string | undefined
  readonly ratePerMilliRho: string
  readonly earned: string
  /** What the people in it got together, by the public bound. */
  readonly paidToPeople?: string | undefined
}

type Stated = PersonStatement['releases'][number]

export function readUse(stated: Stated, release: ReleaseEntry | undefined, buyerName: string): Use {
  const common = {
    release: stated.id,
    at: timeText(stated.at),
    buyer: buyerName,
    rho: rhoText(stated.nano),
    ratePerMilliRho: amountText(stated.rate),
    earned: payText(stated.earned),
  }
  if (stated.purpose === '' || release === undefined)
    return {
      ...common,
      kind: 'head count',
      question: { words: 'How many people say yes, for each purpose?', by: 'us' },
      eligibleWords: 'Everybody who says yes was counted; only a number with noise was published.',
    }
  const plan = release.plan as { readonly sql: string; readonly canonical: string }
  const answer = (release.state === 'released' ? release.answer : undefined) as AnswerDocument | undefined
  return {
    ...common,
    kind: answer ? 'answer' : 'failed',
    product: release.product,
    purpose: release.purpose,
    delta: release.delta === 0n ? undefined : deltaText(release.delta),
    question: {
      ...questionWords(plan.sql, plan.canonical),
      parts: questionParts(plan.canonical),
      sql: plan.sql,
    },
    answer: answer && { columns: answer.columns, rows: answer.rows, notes: answer.notes },
    eligible: answer?.upperBound,
    eligibleWords: answer
      ? `You were one of about ${answer.upperBound} people who could be in it (a published upper bound with noise). Whether you matched was not revealed to anybody.`
      : 'The computation failed and nothing came out of it. You are paid all the same.',
    paidToPeople: amountText(release.pool),
  }
}
