import type { Check, CheckName } from '../../verify/index.ts'
import { texts, useLanguage, useText } from '../i18n/language.tsx'
import styles from './checks.module.css'
import { Tag } from './value.tsx'

export type { Check }

/** One thing that was looked at. */
export interface Line {
  readonly key: string
  readonly title: string
  /** Undefined: not looked at, and `words` say why. */
  readonly holds: boolean | undefined
  readonly words: string
  /** The verifier's own English words, where `words` are in another language. */
  readonly exact?: string | undefined
}

/** Each check with its result in a word, beside it what was found. Colour only repeats the word. */
export function Lines({ lines, label }: { readonly lines: readonly Line[]; readonly label: string }) {
  const words = useText(text)
  return (
    <ul className={styles.lines} aria-label={label}>
      {lines.map((line) => (
        <li key={line.key} data-holds={line.holds}>
          <Tag tone={line.holds === undefined ? 'rough' : line.holds ? 'good' : 'stop'}>
            {line.holds === undefined ? words.unknown : line.holds ? words.holds : words.fails}
          </Tag>
          <div>
            <strong>{line.title}</strong>
            <p>{line.words}</p>
            {line.exact === undefined ? null : (
              <p lang="en" className="u-small u-soft">
                {line.exact}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** The verifier's checks of a receipt, in the reader's language; what fails is also told in the verifier's own words. */
export function Checks({ checks, label }: { readonly checks: readonly Check[]; readonly label: string }) {
  const words = useText(text)
  const { language } = useLanguage()
  const lines = checks.map((check): Line => {
    const [title, holds, fails] = words.checks[check.name]
    const own = language === 'en' ? check.words : check.holds ? holds : fails
    return {
      key: check.name,
      title,
      holds: check.holds,
      words: own,
      exact: language === 'en' || check.holds ? undefined : check.words,
    }
  })
  return <Lines lines={lines} label={label} />
}

/** Title; what is said when it holds; what is said when it fails. In English the verifier speaks itself. */
type CheckWords = Readonly<Record<CheckName, readonly [title: string, holds: string, fails: string]>>

const text = texts({
  en: {
    holds: 'holds',
    fails: 'fails',
    unknown: 'not checked',
    checks: {
      readable: ['Spelling and form', '', ''],
      'log key': ['Key of the log', '', ''],
      checkpoint: ['Signature of the log', '', ''],
      proof: ['Form of the proof', '', ''],
      inclusion: ['In the log', '', ''],
      result: ['The answer', '', ''],
      plan: ['The question', '', ''],
      noise: ['The noise', '', ''],
      price: ['Price and split', '', ''],
      pay: ['Pay of the people', '', ''],
      answer: ['Answer and entry agree', '', ''],
      batch: ['In its batch', '', ''],
      combined: ['Several releases together', '', ''],
      consent: ['The decision', '', ''],
    } as CheckWords,
  },
  de: {
    holds: 'stimmt',
    fails: 'stimmt nicht',
    unknown: 'nicht geprüft',
    checks: {
      readable: [
        'Schreibung und Form',
        'Der Beleg ist vollständig und auf die eine Weise geschrieben, die gilt.',
        'Der Text ist kein vollständiger Beleg, oder er wurde verändert.',
      ],
      'log key': [
        'Schlüssel des Protokolls',
        'Der Schlüssel ist wohlgeformt und passt zu seiner Kennung.',
        'Der Schlüssel lässt sich nicht lesen.',
      ],
      checkpoint: [
        'Unterschrift des Protokolls',
        'Das Protokoll hat diesen Stand mit seinem Schlüssel unterschrieben.',
        'Die Unterschrift unter diesem Stand ist nicht die des Protokolls.',
      ],
      proof: ['Form des Beweises', 'Der Beweis ist wohlgeformt.', 'Der Beweis ist nicht wohlgeformt.'],
      inclusion: [
        'Im Protokoll',
        'Das Protokoll enthält den Eintrag genau so, wie er hier steht.',
        'Das Protokoll enthält den Eintrag nicht so, wie er hier steht.',
      ],
      result: [
        'Die Antwort',
        'Es ist die Antwort, auf die sich das Protokoll festgelegt hat.',
        'Es ist nicht die Antwort, auf die sich das Protokoll festgelegt hat.',
      ],
      plan: [
        'Die Frage',
        'Es ist die Frage, auf die sich das Protokoll festgelegt hat.',
        'Es ist nicht die Frage, auf die sich das Protokoll festgelegt hat.',
      ],
      noise: [
        'Das Rauschen',
        'Das Rauschen folgt aus dem belasteten Privatheitsverlust.',
        'Das Rauschen folgt nicht aus dem belasteten Privatheitsverlust.',
      ],
      price: [
        'Preis und Aufteilung',
        'Preis und Anteile folgen aus dem Tarif, der veröffentlichten Obergrenze und der Belastung.',
        'Preis oder Anteile folgen nicht aus dem Tarif.',
      ],
      pay: [
        'Vergütung der Menschen',
        'Die öffentlichen Indizes enthalten diese Auskunft.',
        'Die öffentlichen Indizes enthalten diese Auskunft nicht.',
      ],
      answer: [
        'Antwort und Eintrag',
        'Was die Antwort von sich selbst sagt, sagt auch das Protokoll.',
        'Die Antwort sagt von sich etwas anderes als das Protokoll.',
      ],
      combined: [
        'Mehrere Antworten zusammen',
        'Die verbundenen Zahlen sind die gewichteten Mittel der Antworten.',
        'Die verbundenen Zahlen folgen nicht aus den Antworten.',
      ],
      batch: [
        'In ihrem Bündel',
        'Die Entscheidung liegt genau so in ihrem Bündel.',
        'Das Bündel enthält die Entscheidung nicht so, wie sie hier steht.',
      ],
      consent: [
        'Die Entscheidung',
        'Der Beleg sagt eindeutig, was entschieden wurde.',
        'Der Beleg sagt nicht eindeutig, was entschieden wurde.',
      ],
    } as CheckWords,
  },
})
