import type { FunnelRow } from '../../house/views/consent.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import styles from './funnel.module.css'

/** The steps of one notice as bars of one scale, each with its number. Beside the yeses stand those that were taken back within a week. */
export function Funnel({ row }: { readonly row: FunnelRow }) {
  const words = useText(text)
  const format = useFormat()
  const answered = row.yes + row.no
  const share = (part: number, whole: number): string => (whole === 0 ? '' : format.percent(part / whole, 1))
  const steps = [
    { name: words.shown, count: row.shown, note: '' },
    { name: words.details, count: row.details, note: note(words.ofShown, share(row.details, row.shown)) },
    { name: words.answered, count: answered, note: row.purposes.length > 1 ? words.perPurpose : '' },
    { name: words.yes, count: row.yes, note: note(words.ofAnswered, share(row.yes, answered)) },
    {
      name: words.within7,
      count: row.withdrawnWithin7Days,
      note: note(words.ofYes, share(row.withdrawnWithin7Days, row.yes)),
      tone: 'amber',
    },
    { name: words.no, count: row.no, note: note(words.ofAnswered, share(row.no, answered)) },
  ]
  const most = Math.max(1, ...steps.map((step) => step.count))
  return (
    <dl className={styles.steps}>
      {steps.map((step) => (
        <div key={step.name} className={styles.step}>
          <dt>{step.name}</dt>
          <dd className={styles.count}>{format.number(step.count)}</dd>
          <dd className={styles.bar} aria-hidden>
            <span data-tone={step.tone} style={{ width: `${(100 * step.count) / most}%` }} />
          </dd>
          <dd className={styles.note}>{step.note}</dd>
        </div>
      ))}
    </dl>
  )
}

const note = (words: (share: string) => string, share: string): string => (share === '' ? '' : words(share))

const text = texts({
  en: {
    shown: 'Card shown',
    details: 'Details opened',
    answered: 'Answers',
    yes: 'Yes',
    within7: 'Withdrawn within 7 days',
    no: 'No',
    perPurpose: 'one for each purpose',
    ofShown: (share: string) => `${share} of the cards`,
    ofAnswered: (share: string) => `${share} of the answers`,
    ofYes: (share: string) => `${share} of the yeses`,
  },
  de: {
    shown: 'Karte gezeigt',
    details: 'Einzelheiten geöffnet',
    answered: 'Antworten',
    yes: 'Ja',
    within7: 'Binnen 7 Tagen zurückgenommen',
    no: 'Nein',
    perPurpose: 'eine je Zweck',
    ofShown: (share: string) => `${share} der Karten`,
    ofAnswered: (share: string) => `${share} der Antworten`,
    ofYes: (share: string) => `${share} der Ja-Antworten`,
  },
})
