import { Link } from '@tanstack/react-router'
import type { AccountView, SpentView } from '../../house/views/account.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Figures, Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { LimitTable } from './limits.tsx'
import { useAccount } from './read.ts'
import { useWords } from './words.ts'
import { Meter } from './workbench/left.tsx'

/** What have I spent, and what is left: in money, and in privacy. */
export function Balance() {
  const words = useText(text)
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={useAccount()}>{(account) => <Account account={account} />}</Loaded>
    </Page>
  )
}

function Account({ account }: { readonly account: AccountView }) {
  const words = useText(text)
  const shared = useWords()
  const format = useFormat()
  const { spent, period, currency } = account
  const spans: readonly (readonly [string, SpentView | undefined])[] = [
    [words.thisPeriod, spent.period],
    [words.lastYear, spent.last365Days],
    [words.ever, spent.ever],
  ]
  const rows = spans.flatMap(([label, span]) => (span === undefined ? [] : [{ label, ...span }]))
  return (
    <>
      <Figures
        items={[
          { label: words.prepaid, value: format.money(account.prepaid, currency), note: words.prepaidWhy },
          { label: words.pending, value: format.money(account.pending, currency), note: words.pendingWhy },
          ...account.products.map((one) => ({
            label: words.left(one.title),
            value: words.questions(format.number(one.questionsLeft)),
            note: words.leftWhy,
          })),
        ]}
      />
      <Sheet
        title={words.spent}
        aside={
          <span className="u-soft u-small">
            {period === undefined ? words.closed : words.ends(format.day(period.endsAt))}
          </span>
        }
      >
        <DataTable
          caption={words.both}
          rows={rows}
          keyOf={(row) => row.label}
          columns={[
            { title: words.when, cell: (row) => row.label },
            { title: words.answers, right: true, cell: (row) => format.number(row.releases) },
            { title: words.money, right: true, cell: (row) => format.money(row.price, currency) },
            { title: words.privacy, right: true, cell: (row) => format.number(row.rho) },
          ]}
        />
        <Link to="/buy/releases">{words.list}</Link>
      </Sheet>
      {account.products.length === 0 ? (
        <Empty title={words.none}>
          <p>{words.noneWhy}</p>
        </Empty>
      ) : null}
      {account.products.map((one) => (
        <Sheet key={one.product} title={words.limits(one.title)}>
          <Meter limits={one.limits} />
          <p>
            {one.questionsLeft !== '0'
              ? words.room(format.number(one.questionsLeft))
              : one.fitsOn === undefined
                ? words.noRoom
                : words.roomOn(format.day(one.fitsOn))}
          </p>
          <LimitTable limits={one.limits} />
          <p className="u-small u-soft">{words.approved(format.list(one.purposes.map(shared.purpose)))}</p>
        </Sheet>
      ))}
    </>
  )
}

const text = texts({
  en: {
    title: 'Balance',
    lead: 'Two currencies: your money, and the privacy that all buyers together may use.',
    prepaid: 'Prepaid',
    prepaidWhy: 'The house adds to it when you pay in.',
    pending: 'Held for questions under way',
    pendingWhy: 'Paid when the answer is there, else returned.',
    left: (title: string) => `Room in ${title}`,
    questions: (n: string) => `about ${n} questions`,
    leftWhy: 'of the cheapest tier, shared with every other buyer',
    spent: 'What you spent',
    closed: 'No period is open now.',
    ends: (day: string) => `The period ends on ${day}`,
    both: 'In both currencies',
    when: 'When',
    thisPeriod: 'In this period',
    lastYear: 'In the last 365 days',
    ever: 'Ever',
    answers: 'Answers',
    money: 'Money',
    privacy: 'Privacy loss (rho)',
    list: 'All answers',
    none: 'You are not approved for any product yet',
    noneWhy: 'The house approves buyers for purposes; ask it.',
    limits: (title: string) => `Public limits: ${title}`,
    room: (n: string) => `Now there is room for about ${n} more questions of the cheapest tier.`,
    noRoom: 'No further question fits under the public limits.',
    roomOn: (day: string) => `The public limits are used up; the next question fits on ${day} if nobody asks before.`,
    approved: (purposes: string) => `You may ask for: ${purposes}.`,
  },
  de: {
    title: 'Guthaben',
    lead: 'Zwei Währungen: Ihr Geld, und die Privatheit, die alle Käufer zusammen verbrauchen dürfen.',
    prepaid: 'Eingezahlt',
    prepaidWhy: 'Das Haus erhöht es, wenn Sie einzahlen.',
    pending: 'Zurückgelegt für laufende Fragen',
    pendingWhy: 'Wird bezahlt, wenn die Antwort da ist, sonst zurückgegeben.',
    left: (title: string) => `Platz in ${title}`,
    questions: (n: string) => `etwa ${n} Fragen`,
    leftWhy: 'der günstigsten Stufe, geteilt mit allen anderen Käufern',
    spent: 'Was Sie ausgegeben haben',
    closed: 'Zurzeit ist kein Zeitraum offen.',
    ends: (day: string) => `Der Zeitraum endet am ${day}`,
    both: 'In beiden Währungen',
    when: 'Wann',
    thisPeriod: 'In diesem Zeitraum',
    lastYear: 'In den letzten 365 Tagen',
    ever: 'Insgesamt',
    answers: 'Antworten',
    money: 'Geld',
    privacy: 'Privatheitsverlust (rho)',
    list: 'Alle Antworten',
    none: 'Sie sind noch für kein Produkt zugelassen',
    noneWhy: 'Das Haus lässt Käufer für Zwecke zu; fragen Sie es.',
    limits: (title: string) => `Öffentliche Grenzen: ${title}`,
    room: (n: string) => `Jetzt ist Platz für etwa ${n} weitere Fragen der günstigsten Stufe.`,
    noRoom: 'Keine weitere Frage passt unter die öffentlichen Grenzen.',
    roomOn: (day: string) =>
      `Die öffentlichen Grenzen sind ausgeschöpft; die nächste Frage passt am ${day}, wenn vorher niemand fragt.`,
    approved: (purposes: string) => `Sie dürfen fragen für: ${purposes}.`,
  },
})
