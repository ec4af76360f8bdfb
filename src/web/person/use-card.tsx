import type { Use } from '../../house/views/uses.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Code, Details } from '../ui/page.tsx'
import { UseAnswer } from './answer.tsx'
import { Calculation } from './calculation.tsx'
import styles from './person.module.css'
import { usePurposeWords } from './purpose.ts'
import { useQuestion } from './question.ts'
import { ReceiptCheck } from './receipt-check.tsx'

/** One use as a card: who, why, the question in words, what came out, and what it means for the reader. */
export function UseCard({ use, currency }: { readonly use: Use; readonly currency: string }) {
  const words = useText(text)
  const format = useFormat()
  const purposes = usePurposeWords()
  const question = useQuestion()(use)
  return (
    <li>
      <article className="u-sheet" aria-label={`${use.buyer}, ${format.day(use.at)}`}>
        <header>
          <h2>{use.buyer}</h2>
          <span className="u-soft u-small">{format.time(use.at)}</span>
        </header>
        <p className="u-soft">
          {use.purpose === undefined ? words.headCount : words.purpose(purposes(use.purpose).title)}
        </p>
        {question.byBuyer ? (
          <blockquote className={styles.quote}>
            <q>{question.words}</q> <span className="u-small u-soft">{words.theirWords}</span>
          </blockquote>
        ) : (
          <p className={styles.quote}>{question.words}</p>
        )}
        {question.plain === undefined ? null : (
          <p className="u-small u-soft">
            {words.plain} {question.plain}
          </p>
        )}
        {use.answer === undefined ? null : <UseAnswer answer={use.answer} />}
        <p>{use.kind === 'head count' ? words.counted : use.kind === 'failed' ? words.failed : null}</p>
        {use.delta === undefined ? null : <p>{words.delta(format.number(use.delta))}</p>}
        {use.eligible === undefined ? null : <p>{words.eligible(format.number(use.eligible))}</p>}
        <Details summary={words.earned(format.money(use.earned, currency, 6))}>
          <Calculation
            line={{ ratePerMilliRho: use.ratePerMilliRho, rho: use.rho, amount: use.earned }}
            currency={currency}
          />
          {use.paidToPeople === undefined || use.eligible === undefined ? null : (
            <p className="u-small u-soft">{words.together(format.money(use.paidToPeople, currency))}</p>
          )}
        </Details>
        {use.question.sql === undefined ? null : (
          <Details summary={words.exact}>
            <Code>{use.question.sql}</Code>
          </Details>
        )}
        {use.kind === 'answer' ? (
          <ReceiptCheck kind="use" url={`/v1/me/uses/${encodeURIComponent(use.release)}`} name={use.release} />
        ) : null}
      </article>
    </li>
  )
}

const text = texts({
  en: {
    purpose: (title: string) => `For: ${title}`,
    headCount: 'Count of the house itself',
    theirWords: 'in the buyer’s words',
    plain: 'What was computed:',
    counted: 'Everybody who says yes was counted; only a number with noise was published.',
    failed: 'The computation failed and nothing came out of it. You are paid all the same.',
    eligible: (bound: string) =>
      `You were one of about ${bound} people who could be in it (a noisy upper bound). Whether you matched was not revealed to anybody.`,
    delta: (delta: string) =>
      `Only groups with enough people were shown. That a group in which you are alone was among them is less likely than ${delta}.`,
    earned: (amount: string) => `You earned ${amount}. Why?`,
    together: (amount: string) => `All people who could be in it got ${amount} together, by the public bound.`,
    exact: 'The exact question',
  },
  de: {
    purpose: (title: string) => `Für: ${title}`,
    headCount: 'Zählung des Hauses selbst',
    theirWords: 'in den Worten des Käufers',
    plain: 'Was berechnet wurde:',
    counted: 'Alle, die Ja sagen, wurden gezählt; veröffentlicht wurde nur eine Zahl mit Rauschen.',
    failed: 'Die Berechnung schlug fehl, es kam nichts heraus. Bezahlt werden Sie trotzdem.',
    eligible: (bound: string) =>
      `Sie waren unter etwa ${bound} Menschen, die darin sein konnten (eine verrauschte Obergrenze). Ob Sie zutrafen, wurde niemandem verraten.`,
    delta: (delta: string) =>
      `Gezeigt wurden nur Gruppen mit genug Menschen. Dass eine darunter war, in der Sie allein sind, ist unwahrscheinlicher als ${delta}.`,
    earned: (amount: string) => `Sie haben ${amount} verdient. Warum?`,
    together: (amount: string) =>
      `Alle, die darin sein konnten, bekamen zusammen ${amount}, nach der öffentlichen Grenze.`,
    exact: 'Die genaue Frage',
  },
})
