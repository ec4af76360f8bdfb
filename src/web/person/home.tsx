import { Link } from '@tanstack/react-router'
import type { MyHome } from '../../house/views/home.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import styles from './person.module.css'
import { useHome } from './queries.ts'
import { StopAll } from './stop-all.tsx'
import { UseLine } from './use-line.tsx'

/** Is anything happening with my data, and is it fine? */
export function Screen() {
  const words = useText(text)
  const home = useHome()
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={home}>
        {(data) => (
          <>
            <Summary home={data} />
            <StopAll any={data.allowed.inForce + data.allowed.waiting > 0} />
            <Sheet title={words.last} aside={<Link to="/me/uses">{words.allUses}</Link>}>
              {data.lastUses.length === 0 ? (
                <Empty title={words.noUse}>
                  <p>{data.allowed.inForce === 0 ? words.noneAllowed : words.noneAsked}</p>
                </Empty>
              ) : (
                <ul className="u-list">
                  {data.lastUses.map((use) => (
                    <UseLine key={use.release} use={use} currency={data.currency} />
                  ))}
                </ul>
              )}
            </Sheet>
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Summary({ home }: { readonly home: MyHome }) {
  const words = useText(text)
  const format = useFormat()
  const { inForce, waiting, of } = home.allowed
  return (
    <Sheet>
      <p className={styles.sentence}>
        {[
          words.allowed(inForce, of),
          words.questions(home.questions.count, home.questions.since && format.day(home.questions.since)),
          words.earned(format.money(home.earned, home.currency)),
        ].map((part) => (
          <span key={part}>{part}</span>
        ))}
      </p>
      <p className="u-soft">
        {waiting > 0 && home.nextPeriodAt ? words.waiting(waiting, format.day(home.nextPeriodAt)) : words.fine(inForce)}{' '}
        {home.nextPeriodAt ? words.next(format.day(home.nextPeriodAt)) : words.noPeriod}
      </p>
      <Link to="/me/choices">{words.choices}</Link>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'My data',
    lead: 'What is done with your data, and what you have to say about it.',
    allowed: (inForce: number, of: number) => `${inForce} of ${of} uses allowed`,
    questions: (count: number, since: string | undefined) =>
      since === undefined ? 'no question yet' : `${count} ${count === 1 ? 'question' : 'questions'} since ${since}`,
    earned: (amount: string) => `${amount} earned`,
    fine: (inForce: number): string =>
      inForce === 0
        ? 'Your data enter no answer.'
        : 'Your data enter answers about all who said yes together, for the uses that you allowed and no other.',
    waiting: (count: number, day: string) =>
      count === 1 ? `One use that you allowed begins on ${day}.` : `${count} uses that you allowed begin on ${day}.`,
    next: (day: string) => `The next period begins on ${day}.`,
    noPeriod: 'No period is open: nobody can ask now.',
    choices: 'See and change my choices',
    last: 'Last uses',
    allUses: 'All uses',
    noUse: 'Nothing was asked yet that includes you',
    noneAllowed: 'You allow no use at present.',
    noneAsked: 'As soon as an answer includes you, it stands here.',
  },
  de: {
    title: 'Meine Daten',
    lead: 'Was mit Ihren Daten geschieht, und was Sie dazu zu sagen haben.',
    allowed: (inForce: number, of: number) => `${inForce} von ${of} Zwecken erlaubt`,
    questions: (count: number, since: string | undefined) =>
      since === undefined ? 'noch keine Frage' : `${count} ${count === 1 ? 'Frage' : 'Fragen'} seit ${since}`,
    earned: (amount: string) => `${amount} verdient`,
    fine: (inForce: number) =>
      inForce === 0
        ? 'Ihre Daten gehen in keine Antwort ein.'
        : 'Ihre Daten gehen in Antworten über alle zusammen ein, die Ja gesagt haben: für die Zwecke, die Sie erlaubt haben, und für keinen anderen.',
    waiting: (count: number, day: string) =>
      count === 1
        ? `Ein Zweck, den Sie erlaubt haben, beginnt am ${day}.`
        : `${count} Zwecke, die Sie erlaubt haben, beginnen am ${day}.`,
    next: (day: string) => `Der nächste Zeitraum beginnt am ${day}.`,
    noPeriod: 'Kein Zeitraum ist offen: Gerade kann niemand fragen.',
    choices: 'Entscheidungen ansehen und ändern',
    last: 'Letzte Nutzungen',
    allUses: 'Alle Nutzungen',
    noUse: 'Noch wurde nichts gefragt, das Sie einschließt',
    noneAllowed: 'Sie erlauben zurzeit keinen Zweck.',
    noneAsked: 'Sobald eine Antwort Sie einschließt, steht sie hier.',
  },
})
