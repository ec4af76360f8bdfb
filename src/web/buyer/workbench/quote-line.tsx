import type { Preview } from '../../../release/preview.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Failure } from '../../ui/states.tsx'
import type { Quoted } from './use-quote.ts'
import styles from './workbench.module.css'

/** Price, privacy loss, error and groups of what is written now, or why it is not answered. Busy while the newest text has no answer yet. */
export function QuoteLine({
  quoted,
  current,
  again,
}: {
  readonly quoted: Quoted
  readonly current: boolean
  readonly again: () => void
}) {
  const words = useText(text)
  if (quoted.kind === 'failed') return <Failure cause={quoted.cause} retry={again} />
  return (
    <div className={styles.line} role="status" aria-busy={!current} data-kind={quoted.kind} data-part="quote">
      {quoted.kind === 'quote' ? <Parts quote={quoted.quote} /> : null}
      {quoted.kind === 'nothing' ? <p className="u-soft">{words.nothing}</p> : null}
      {quoted.kind === 'refused' ? (
        <>
          <p lang="en">
            {quoted.problem.message}
            {quoted.problem.hint === undefined ? null : <span className="u-soft">: {quoted.problem.hint}</span>}
          </p>
          {quoted.problem.reasons.map((reason) => (
            <p key={reason.rule} lang="en">
              {reason.text} <span className="u-soft">[{reason.citation}]</span>
            </p>
          ))}
          <p className="u-small u-soft">
            <code>{quoted.problem.code}</code>
            {quoted.problem.position === undefined
              ? null
              : ` · ${words.place(quoted.problem.position.line, quoted.problem.position.column)}`}
            {` · ${words.costsNothing}`}
          </p>
        </>
      ) : null}
    </div>
  )
}

function Parts({ quote }: { readonly quote: Preview }) {
  const words = useText(text)
  const format = useFormat()
  const { count, selection } = quote.groups
  return (
    <>
      <p className={styles.parts}>
        <span className={styles.price}>
          {quote.askedBefore ? words.free : format.money(quote.price, quote.currency)}
        </span>
        <span>{words.loss(format.number(quote.privacy.rho))}</span>
        {quote.accuracy.map((one) => (
          <span key={one.output}>
            {typeof one.halfWidth95 === 'string'
              ? words.width(one.output, format.number(one.halfWidth95), count !== 1)
              : one.halfWidth95 === undefined
                ? words.derived(one.output)
                : words.expected(one.output, format.number(one.halfWidth95.at10000Rows), format.number(10_000))}
          </span>
        ))}
        <span>
          {selection === undefined
            ? words.groups(count, format.number(count ?? 0))
            : words.chosen(format.number(selection.threshold), format.number(selection.delta))}
        </span>
        {quote.askedBefore ? null : <span>{words.again}</span>}
      </p>
      <p className="u-small u-soft">{words.people(format.number(quote.people.upperBound))}</p>
    </>
  )
}

const text = texts({
  en: {
    nothing: 'Write a question, or begin with one of those above.',
    place: (line: number, column: number) => `line ${line}, column ${column}`,
    costsNothing: 'a refusal costs nothing',
    free: 'free: you asked this before in this period',
    loss: (rho: string) => `privacy loss rho ${rho}`,
    width: (output: string, half: string, each: boolean) => `${output} ±${half}${each ? ' in each' : ''}`,
    derived: (output: string) => `${output}: its interval comes with the answer`,
    expected: (output: string, half: string, rows: string) => `${output} about ±${half} in a group of ${rows} rows`,
    groups: (count: number | undefined, shown: string) =>
      count === 1 ? 'one answer for all' : `${shown} groups, all shown`,
    chosen: (threshold: string, delta: string) =>
      `only groups with at least about ${threshold} noisy people appear (delta ${delta})`,
    again: 'free if you ask it again in this period',
    people: (bound: string) =>
      `Counts about ${bound} people or fewer. ± holds with 95 % certainty and is of the privacy noise.`,
  },
  de: {
    nothing: 'Schreiben Sie eine Frage, oder beginnen Sie mit einer von oben.',
    place: (line: number, column: number) => `Zeile ${line}, Spalte ${column}`,
    costsNothing: 'eine Ablehnung kostet nichts',
    free: 'kostenlos: Sie haben das in diesem Zeitraum schon gefragt',
    loss: (rho: string) => `Privatheitsverlust rho ${rho}`,
    width: (output: string, half: string, each: boolean) => `${output} ±${half}${each ? ' in jeder' : ''}`,
    derived: (output: string) => `${output}: das Intervall kommt mit der Antwort`,
    expected: (output: string, half: string, rows: string) =>
      `${output} etwa ±${half} in einer Gruppe von ${rows} Zeilen`,
    groups: (count: number | undefined, shown: string) =>
      count === 1 ? 'eine Antwort für alle' : `${shown} Gruppen, alle werden gezeigt`,
    chosen: (threshold: string, delta: string) =>
      `nur Gruppen mit verrauscht mindestens etwa ${threshold} Personen erscheinen (Delta ${delta})`,
    again: 'kostenlos, wenn Sie es in diesem Zeitraum noch einmal fragen',
    people: (bound: string) =>
      `Zählt etwa ${bound} Personen oder weniger. ± gilt mit 95 % Sicherheit und betrifft das Rauschen zum Schutz.`,
  },
})
