import type { FunnelRow, FunnelView } from '../../house/views/consent.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Sections } from '../ui/sections.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { courseOf, useDays, weekly } from './days.tsx'
import { Funnel } from './funnel.tsx'
import { usePurpose } from './words/purposes.ts'

export function ConsentSections() {
  const words = useText(text)
  return (
    <Sections
      label={words.title}
      places={[
        { to: '/steward/consent', label: words.funnel, exact: true },
        { to: '/steward/consent/notices', label: words.notices },
      ]}
    />
  )
}

/** S3: do people understand, and agree? Yes never stands without what was taken back within a week. */
export function Consent() {
  const words = useText(text)
  const { query, choice } = useDays<FunnelView>('/v1/steward/consent')
  return (
    <Page title={words.title} lead={words.lead}>
      <ConsentSections />
      {choice}
      <Loaded query={query}>
        {(view) =>
          view.notices.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            <>
              <OverTime view={view} />
              {view.notices.map((row) => (
                <NoticeFunnel key={nameOf(row, words.without)} row={row} />
              ))}
              <ByDay view={view} />
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function OverTime({ view }: { readonly view: FunnelView }) {
  const words = useText(text)
  const format = useFormat()
  const sum = (pick: (row: FunnelRow) => number, rows: readonly FunnelRow[] = view.notices) =>
    rows.reduce((all, row) => all + pick(row), 0)
  const on = (pick: (row: FunnelRow) => number) =>
    courseOf(view, (day) =>
      sum(
        pick,
        view.days.filter((one) => one.day === day),
      ),
    )
  const [yes, no, back] = [sum((row) => row.yes), sum((row) => row.no), sum((row) => row.withdrawnWithin7Days)]
  const sentence = words.sentence(
    format.day(view.from),
    format.day(view.to),
    format.number(yes),
    format.number(no),
    format.number(back),
  )
  return (
    <Sheet title={words.overTime}>
      <p>{sentence}</p>
      <LineChart
        label={sentence}
        courses={[
          { name: words.yes, points: on((row) => row.yes) },
          { name: words.no, points: on((row) => row.no), tone: 'ink' },
          { name: words.within7, points: on((row) => row.withdrawnWithin7Days), tone: 'amber' },
        ]}
        whole
      />
      {weekly(view) ? <p className="u-small u-soft">{words.weekly}</p> : null}
    </Sheet>
  )
}

function NoticeFunnel({ row }: { readonly row: FunnelRow }) {
  const words = useText(text)
  const format = useFormat()
  const purpose = usePurpose()
  const languages = Object.entries(row.shownByLanguage)
  return (
    <Sheet title={nameOf(row, words.without)}>
      {row.purposes.length === 0 ? null : (
        <p className="u-soft">{words.asks(format.list(row.purposes.map(purpose)))}</p>
      )}
      <Funnel row={row} />
      {languages.length === 0 ? null : (
        <p className="u-small u-soft">
          {words.byLanguage} {languages.map(([tag, count]) => `${tag} ${format.number(count)}`).join(', ')}
        </p>
      )}
    </Sheet>
  )
}

function ByDay({ view }: { readonly view: FunnelView }) {
  const words = useText(text)
  const format = useFormat()
  const column = (title: string, pick: (row: FunnelRow) => number) => ({
    title,
    right: true,
    cell: (row: FunnelRow) => format.number(pick(row)),
  })
  return (
    <Sheet title={words.byDay}>
      <DataTable
        caption={words.newest(Math.min(31, view.days.length))}
        rows={view.days.slice(0, 31)}
        keyOf={(row) => `${row.day} ${nameOf(row, '')}`}
        columns={[
          { title: words.day, cell: (row) => format.day(row.day) },
          { title: words.notice, cell: (row) => nameOf(row, words.without) },
          column(words.shown, (row) => row.shown),
          column(words.details, (row) => row.details),
          column(words.yes, (row) => row.yes),
          column(words.within7, (row) => row.withdrawnWithin7Days),
          column(words.no, (row) => row.no),
          column(words.withdrawn, (row) => row.withdrawn),
        ]}
      />
      <p className="u-small u-soft">{words.method}</p>
    </Sheet>
  )
}

const nameOf = ({ notice }: FunnelRow, without: string): string =>
  notice === undefined ? without : `${notice.id} ${notice.version}`

const text = texts({
  en: {
    title: 'Consent',
    lead: 'Do people understand what they are asked, and do they agree?',
    funnel: 'From shown to answered',
    notices: 'Notices',
    none: 'Nothing was shown or answered in these days',
    noneWhy: 'The card counts each time it is shown; answers appear with the day on which they were given.',
    overTime: 'Answers over time',
    weekly: 'In the picture each point is a week.',
    sentence: (from: string, to: string, yes: string, no: string, back: string) =>
      `From ${from} to ${to}: ${yes} times yes, of which ${back} were taken back within seven days, and ${no} times no.`,
    asks: (purposes: string) => `Asks for: ${purposes}.`,
    without: 'Answers that name no notice',
    byLanguage: 'Shown by language:',
    byDay: 'By day',
    newest: (count: number) => `The newest ${count} days with anything to count`,
    day: 'Day',
    notice: 'Notice',
    shown: 'Shown',
    details: 'Details',
    yes: 'Yes',
    no: 'No',
    withdrawn: 'Withdrawn',
    within7: 'Withdrawn within 7 days',
    method:
      'Cards shown and details opened are counters of the day. Yes and no are answers, one for each purpose. Nothing here is counted by person.',
  },
  de: {
    title: 'Einwilligung',
    lead: 'Verstehen die Menschen, was sie gefragt werden, und sind sie einverstanden?',
    funnel: 'Von gezeigt bis beantwortet',
    notices: 'Hinweise',
    none: 'In diesen Tagen wurde nichts gezeigt oder beantwortet',
    noneWhy: 'Die Karte zählt jedes Zeigen; Antworten erscheinen mit dem Tag, an dem sie gegeben wurden.',
    overTime: 'Antworten im Lauf der Zeit',
    weekly: 'Im Bild ist jeder Punkt eine Woche.',
    sentence: (from: string, to: string, yes: string, no: string, back: string) =>
      `Vom ${from} bis zum ${to}: ${yes}-mal Ja, davon ${back} binnen sieben Tagen zurückgenommen, und ${no}-mal Nein.`,
    asks: (purposes: string) => `Fragt nach: ${purposes}.`,
    without: 'Antworten ohne Hinweis',
    byLanguage: 'Gezeigt nach Sprache:',
    byDay: 'Nach Tagen',
    newest: (count: number) => `Die neuesten ${count} Tage, an denen etwas zu zählen war`,
    day: 'Tag',
    notice: 'Hinweis',
    shown: 'Gezeigt',
    details: 'Einzelheiten',
    yes: 'Ja',
    no: 'Nein',
    withdrawn: 'Zurückgenommen',
    within7: 'Binnen 7 Tagen zurückgenommen',
    method:
      'Gezeigte Karten und geöffnete Einzelheiten sind Zähler des Tages. Ja und Nein sind Antworten, eine je Zweck. Nichts hier wird nach Menschen gezählt.',
  },
})
