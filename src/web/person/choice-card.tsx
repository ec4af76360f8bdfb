import { useEffect, useRef } from 'react'
import type { MyChoice } from '../../house/views/my-choices.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Details, Sheet } from '../ui/page.tsx'
import { Failure, Message } from '../ui/states.tsx'
import { ChoiceHistory } from './choice-history.tsx'
import styles from './person.module.css'
import { usePurposeWords } from './purpose.ts'
import { useDecide } from './queries.ts'

/** One purpose: what it is, two whole sentences of the same weight, and what stands. Nothing is pressed that the person did not press. */
export function ChoiceCard({ choice }: { readonly choice: MyChoice }) {
  const words = useText(text)
  const purpose = usePurposeWords()(choice.purpose)
  const decide = useDecide(choice)
  const said = saidOf(choice)
  const answer = (status: 'given' | 'withdrawn', sentence: string) => {
    const pressed = status === 'given' ? said === 'yes' : said === 'no'
    return (
      <button
        type="button"
        className={styles.answer}
        aria-pressed={pressed}
        disabled={status === 'given' && choice.notice === undefined}
        // Not disabled while it is sent: the focus would be lost.
        aria-disabled={decide.isPending}
        onClick={() => {
          if (!pressed && !decide.isPending) decide.mutate(status)
        }}
      >
        <span>{sentence}</span>
        {pressed ? <span className={styles.mine}>{words.yours}</span> : null}
      </button>
    )
  }
  return (
    <Sheet title={purpose.title}>
      <p>{purpose.words}</p>
      <p className="u-soft">
        {words.example} <q>{purpose.example}</q>
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: two buttons that act at once, not fields of a form */}
      <div className={styles.answers} role="group" aria-label={purpose.title}>
        {answer('given', purpose.yes)}
        {answer('withdrawn', purpose.no)}
      </div>
      <Standing choice={choice} />
      {decide.isSuccess ? <Done choice={decide.data} /> : null}
      {decide.isError ? <Failure cause={decide.error} /> : null}
      {choice.notice === undefined ? (
        <p className="u-soft">{words.noNotice}</p>
      ) : (
        <Details summary={words.notice}>
          <div className={styles.notice} lang={choice.notice.language}>
            {choice.notice.text
              .trim()
              .split(/\n\s*\n/)
              .map((paragraph) => (
                <p key={paragraph}>{paragraph.replaceAll('\n', ' ')}</p>
              ))}
          </div>
          <p className="u-small u-soft">
            {words.hash} <code className={styles.key}>{choice.notice.hash}</code>
          </p>
        </Details>
      )}
      {choice.history.length === 0 ? null : (
        <Details summary={words.history(choice.history.length)}>
          <ChoiceHistory acts={choice.history} />
        </Details>
      )}
    </Sheet>
  )
}

const saidOf = ({ status }: MyChoice): 'yes' | 'no' | undefined =>
  status === 'given' ? 'yes' : status === 'refused' || status === 'withdrawn' ? 'no' : undefined

/** What stands now, since when, and when a yes begins. */
function Standing({ choice }: { readonly choice: MyChoice }) {
  const words = useText(text)
  const format = useFormat()
  const since = choice.since === undefined ? '' : format.day(choice.since)
  const until = choice.validUntil === undefined ? '' : words.until(format.day(choice.validUntil))
  const note = choice.note === undefined ? undefined : words.notes[choice.note]
  const sentence =
    choice.status === 'none'
      ? words.nothing
      : choice.inForce
        ? `${words.allowed(since)} ${until}`
        : choice.note === 'joins_next_period'
          ? choice.joinsAt === undefined
            ? words.joinsSometime
            : words.joins(format.day(choice.joinsAt))
          : choice.status === 'given'
            ? `${words.notCounted} ${note ?? choice.note ?? ''}`
            : words.notAllowed(words.status[choice.status] ?? choice.status, since)
  return <p>{sentence}</p>
}

/** Said once, when the answer came: the second in which it took effect. */
function Done({ choice }: { readonly choice: MyChoice & { readonly tookEffectAt?: string } }) {
  const words = useText(text)
  const format = useFormat()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), [])
  const at = choice.tookEffectAt
  return (
    <div ref={place}>
      {choice.status === 'given' ? (
        <Message tone="good" title={words.recorded} live>
          <p>
            {at !== undefined
              ? words.countsSince(format.time(at, true))
              : choice.joinsAt === undefined
                ? words.joinsSometime
                : words.joins(format.day(choice.joinsAt))}
          </p>
        </Message>
      ) : (
        <Message tone="good" title={at === undefined ? words.recorded : words.stopped(format.time(at, true))} live>
          <p>{words.after}</p>
        </Message>
      )}
    </div>
  )
}

const text = texts({
  en: {
    example: 'A question as it may be asked:',
    yours: 'Your answer',
    nothing: 'You have not answered yet. Until you do, it is a no.',
    allowed: (day: string) => `Allowed since ${day}.`,
    until: (day: string) => `Your yes lasts until ${day}.`,
    joins: (day: string) => `You join on ${day}.`,
    joinsSometime: 'You join when the next period begins.',
    notCounted: 'You said yes, but your data enter no answer:',
    notAllowed: (status: string, day: string) => `Not allowed: ${status} on ${day}.`,
    status: { withdrawn: 'withdrawn', refused: 'refused', revoked: 'revoked', expired: 'expired' } as Readonly<
      Record<string, string>
    >,
    notes: {
      not_adult: 'only adults are counted.',
      age_unknown: 'your age is not known, and only adults are counted.',
      place_unknown: 'the place where you live is not known, and the law of that place decides.',
      absent: 'your record is not in the present data.',
      limit_reached: 'the limit of privacy loss that you set is reached.',
    } as Readonly<Record<string, string>>,
    recorded: 'Recorded',
    countsSince: (time: string) => `Counted since ${time}.`,
    stopped: (time: string) => `Stopped: ${time}`,
    after: 'No answer from this second on includes you for this use. What you earned stays yours.',
    noNotice: 'No text for this use is in force, so nobody can say yes to it.',
    notice: 'Read the whole text',
    hash: 'Hash of this text in the public log:',
    history: (count: number) => `What I answered (${count})`,
  },
  de: {
    example: 'Eine Frage, wie sie gestellt werden kann:',
    yours: 'Ihre Antwort',
    nothing: 'Sie haben noch nicht geantwortet. Bis dahin gilt es als Nein.',
    allowed: (day: string) => `Erlaubt seit dem ${day}.`,
    until: (day: string) => `Ihr Ja gilt bis zum ${day}.`,
    joins: (day: string) => `Sie sind ab dem ${day} dabei.`,
    joinsSometime: 'Sie sind dabei, wenn der nächste Zeitraum beginnt.',
    notCounted: 'Sie haben Ja gesagt, aber Ihre Daten gehen in keine Antwort ein:',
    notAllowed: (status: string, day: string) => `Nicht erlaubt: ${status} am ${day}.`,
    status: { withdrawn: 'zurückgenommen', refused: 'abgelehnt', revoked: 'widerrufen', expired: 'abgelaufen' },
    notes: {
      not_adult: 'Gezählt werden nur Erwachsene.',
      age_unknown: 'Ihr Alter ist nicht bekannt, und gezählt werden nur Erwachsene.',
      place_unknown: 'Ihr Wohnort ist nicht bekannt, und das Recht dieses Ortes entscheidet.',
      absent: 'Ihr Eintrag ist nicht in den gegenwärtigen Daten.',
      limit_reached: 'Die Grenze des Privatheitsverlusts, die Sie gesetzt haben, ist erreicht.',
    },
    recorded: 'Festgehalten',
    countsSince: (time: string) => `Gezählt seit ${time}.`,
    stopped: (time: string) => `Beendet: ${time}`,
    after:
      'Von dieser Sekunde an schließt keine Antwort Sie für diesen Zweck ein. Was Sie verdient haben, bleibt Ihres.',
    noNotice: 'Für diesen Zweck ist kein Text in Kraft, also kann niemand Ja dazu sagen.',
    notice: 'Den ganzen Text lesen',
    hash: 'Hash dieses Textes im öffentlichen Log:',
    history: (count: number) => `Was ich geantwortet habe (${count})`,
  },
})
