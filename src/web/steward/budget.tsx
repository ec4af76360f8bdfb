import type { BudgetView, DayView } from '../../house/views/budget.ts'
import type { LimitView } from '../../house/views/limit.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { Details, Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { useRead } from './api.ts'
import { useLimitWords } from './words/limits.ts'

/** S7: how much have we used, on what, and when does it end? */
export function Budget() {
  const words = useText(text)
  const format = useFormat()
  const budget = useRead<BudgetView>('/v1/steward/budget')
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={budget}>
        {(view) =>
          view.products.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            <>
              {view.products.map((one) => (
                <Sheet key={one.product} title={one.title}>
                  <BurnDown limit={one.limit} days={one.days} name={one.title} />
                </Sheet>
              ))}
              <House house={view.house} />
              <p className="u-soft u-small">{words.cheapest(format.number(view.cheapest))}</p>
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function BurnDown({
  limit,
  days,
  name,
}: {
  readonly limit: LimitView
  readonly days: readonly DayView[]
  readonly name: string
}) {
  const words = useText(text)
  const format = useFormat()
  const limits = useLimitWords()
  const sentence = limits.say(limit)
  return (
    <>
      <p>{sentence}</p>
      {limit.roomReturnsOn === undefined ? null : <p>{words.returns(format.day(limit.roomReturnsOn))}</p>}
      {days.length === 0 ? (
        <p className="u-soft">{words.nothingSpent}</p>
      ) : (
        <>
          <LineChart
            label={`${name}. ${sentence}`}
            unit="rho"
            limit={{ value: Number(limit.limit), name: words.limit }}
            courses={[
              {
                name: words.used,
                points: days.map((day) => ({ at: day.day, value: Number(day.inWindow) })),
                steps: true,
              },
            ]}
          />
          <Details summary={words.byDay}>
            <DataTable
              caption={words.byDayCaption(limits.span(limit))}
              rows={days.toReversed()}
              keyOf={(day) => day.day}
              columns={[
                { title: words.day, cell: (day) => format.day(day.day) },
                { title: words.spent, right: true, cell: (day) => format.number(day.rho) },
                { title: words.used, right: true, cell: (day) => format.number(day.inWindow) },
              ]}
            />
          </Details>
        </>
      )}
    </>
  )
}

function House({ house }: { readonly house: BudgetView['house'] }) {
  const words = useText(text)
  const format = useFormat()
  const limits = useLimitWords()
  const [first] = house.limits
  return (
    <Sheet title={words.house}>
      <p>{words.houseWhat}</p>
      <DataTable
        caption={words.houseCaption}
        rows={house.limits}
        keyOf={(limit) => String(limit.days)}
        columns={[
          { title: words.window, cell: (limit) => limits.span(limit) },
          { title: words.limit, right: true, cell: (limit) => format.number(limit.limit) },
          { title: words.used, right: true, cell: (limit) => format.number(limit.used) },
          {
            title: words.share,
            right: true,
            cell: (limit) => `${format.number(limit.usedPercent.replace(/ ?%$/, ''))} %`,
          },
          {
            title: words.returnsOn,
            right: true,
            cell: (limit) => (limit.roomReturnsOn === undefined ? '–' : format.day(limit.roomReturnsOn)),
          },
          {
            title: words.binds,
            right: true,
            cell: (limit) => (limit.bindsOn === undefined ? words.notInTenYears : format.day(limit.bindsOn)),
          },
        ]}
      />
      {house.delta.every(({ used }) => used === '0') ? null : (
        <DataTable
          caption={words.deltaCaption}
          rows={house.delta}
          keyOf={(limit) => String(limit.days)}
          columns={[
            { title: words.window, cell: ({ days }) => limits.span({ days }) },
            { title: words.limit, right: true, cell: (limit) => format.number(limit.limit) },
            { title: words.used, right: true, cell: (limit) => format.number(limit.used) },
          ]}
        />
      )}
      {first === undefined ? null : <BurnDown limit={first} days={house.days} name={words.house} />}
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Privacy budget',
    lead: 'How much have we used, on what, and on which day does it bind?',
    none: 'No contract is in force',
    noneWhy: 'A contract declares how much all answers together may reveal about one person.',
    nothingSpent: 'Nothing is spent yet.',
    limit: 'Limit',
    used: 'Used in the window',
    byDay: 'Day by day',
    byDayCaption: (span: string) => `Days with a charge, newest first; the window is ${span}`,
    day: 'Day',
    spent: 'Spent that day',
    returns: (day: string) => `Room comes back on ${day}.`,
    house: 'All products together',
    houseWhat:
      'Every customer is protected by windows of time over all products; what ordinary answers may use of them:',
    houseCaption: 'Limits of the house in rho',
    deltaCaption: 'Limits of the house in delta: answers that show groups nobody declared have 10⁻⁹ each',
    window: 'Window',
    share: 'Share',
    returnsOn: 'Room returns on',
    binds: 'Binds on',
    notInTenYears: 'not within ten years',
    cheapest: (rho: string) =>
      `Rho measures what an answer can reveal about one person. The days above are reckoned for a question of rho ${rho}, the cheapest tier, at the pace of the last 30 days.`,
  },
  de: {
    title: 'Datenschutzbudget',
    lead: 'Wie viel haben wir verbraucht, wofür, und an welchem Tag ist Schluss?',
    none: 'Kein Vertrag ist in Kraft',
    noneWhy: 'Ein Vertrag sagt, wie viel alle Antworten zusammen über einen Menschen verraten dürfen.',
    nothingSpent: 'Noch ist nichts verbraucht.',
    limit: 'Grenze',
    used: 'Im Fenster verbraucht',
    byDay: 'Tag für Tag',
    byDayCaption: (span: string) => `Tage mit einer Belastung, neueste zuerst; das Fenster gilt ${span}`,
    day: 'Tag',
    spent: 'An dem Tag verbraucht',
    returns: (day: string) => `Am ${day} wird wieder etwas frei.`,
    house: 'Alle Produkte zusammen',
    houseWhat:
      'Jeden Kunden schützen Zeitfenster über alle Produkte; was gewöhnliche Antworten davon verbrauchen dürfen:',
    houseCaption: 'Grenzen des Hauses in Rho',
    deltaCaption: 'Grenzen des Hauses in Delta: Antworten mit Gruppen, die niemand vorher genannt hat, haben je 10⁻⁹',
    window: 'Fenster',
    share: 'Anteil',
    returnsOn: 'Wieder frei ab',
    binds: 'Erschöpft am',
    notInTenYears: 'nicht in zehn Jahren',
    cheapest: (rho: string) =>
      `Rho misst, was eine Antwort über einen Menschen verraten kann. Die Tage oben gelten für eine Frage von Rho ${rho}, der günstigsten Stufe, beim Tempo der letzten 30 Tage.`,
  },
})
