import { Link } from '@tanstack/react-router'
import type { StewardHomeView } from '../../house/views/steward-home.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Figures, Page, Sheet } from '../ui/page.tsx'
import { Loaded, Message } from '../ui/states.tsx'
import { Tag } from '../ui/value.tsx'
import { useRead } from './api.ts'
import { placeOf, useNeedWords } from './words/needs.ts'
import { usePurpose } from './words/purposes.ts'

/** S1: are we earning, are we clean, what needs me today? */
export function Home() {
  const words = useText(text)
  const home = useRead<StewardHomeView>('/v1/steward/home')
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={home}>
        {(data) => (
          <>
            <FourNumbers data={data} />
            <NeedsYou needs={data.needsYou} />
            <PeriodLine period={data.period} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function FourNumbers({ data }: { readonly data: StewardHomeView }) {
  const words = useText(text)
  const format = useFormat()
  const purpose = usePurpose()
  const { currency } = data.house
  const change = (one: StewardHomeView['optedIn'][number]) =>
    one.change === undefined ? words.noChange : words.change(signed(one.change, format.number))
  const [first, ...others] = [...data.optedIn].sort((a, b) => Number(b.upperBound) - Number(a.upperBound))
  return (
    <Figures
      items={[
        {
          label: words.revenue,
          value: format.money(data.revenue.amount, currency),
          note: words.releases(data.revenue.releases),
        },
        { label: words.owed, value: format.money(data.owed.amount, currency), note: words.owedNote },
        {
          label: words.optedIn,
          value: first === undefined ? words.none : words.about(format.number(first.upperBound)),
          note:
            first === undefined ? (
              words.noPeriod
            ) : (
              <>
                {purpose(first.purpose)}, {change(first)}
                {others.map((one) => (
                  <span key={one.purpose} style={{ display: 'block' }}>
                    {purpose(one.purpose)} {words.about(format.number(one.upperBound))}, {change(one)}
                  </span>
                ))}
                <span style={{ display: 'block' }}>
                  {first.change === undefined ? words.bound : words.boundAndChange}
                </span>
              </>
            ),
        },
        {
          label: words.budget,
          value: data.budget === undefined ? words.none : percent(data.budget.limit.usedPercent, format.number),
          note: data.budget === undefined ? undefined : <BudgetNote budget={data.budget} />,
        },
      ]}
    />
  )
}

function BudgetNote({ budget }: { readonly budget: NonNullable<StewardHomeView['budget']> }) {
  const words = useText(text)
  const format = useFormat()
  const { product, limit } = budget
  return (
    <>
      {product === undefined ? words.allProducts : words.ofProduct(product)}{' '}
      {limit.days === undefined ? words.forEver : words.inDays(limit.days)}
      <span style={{ display: 'block' }}>
        {limit.bindsOn === undefined ? words.lasts : words.binds(format.day(limit.bindsOn))}
      </span>
    </>
  )
}

function NeedsYou({ needs }: { readonly needs: StewardHomeView['needsYou'] }) {
  const words = useText(text)
  const say = useNeedWords()
  if (needs.length === 0)
    return (
      <Message tone="good" title={words.nothing}>
        <p className="u-soft">{words.nothingWhy}</p>
      </Message>
    )
  return (
    <Sheet title={words.needsYou}>
      <ul className="u-list">
        {needs.map((need) => {
          const place = placeOf(need)
          return (
            <li key={`${need.kind} ${need.subject} ${need.words}`} className="u-row">
              <Tag tone={need.when === 'now' ? 'stop' : need.when === 'soon' ? 'rough' : 'quiet'}>
                {words.when[need.when]}
              </Tag>
              <span style={{ flex: '1 1 260px' }}>{say.words(need)}</span>
              {place === undefined ? null : <Link to={place}>{say.mend(need)}</Link>}
            </li>
          )
        })}
      </ul>
    </Sheet>
  )
}

function PeriodLine({ period }: { readonly period: StewardHomeView['period'] }) {
  const words = useText(text)
  const format = useFormat()
  if (period === undefined) return null
  return (
    <p className="u-soft u-small">
      {words.period(format.time(period.openedAt), format.time(period.endsAt))}{' '}
      <Link to="/steward/set-up">{words.periods}</Link>
    </p>
  )
}

/** A change with its sign, also when it is nought. */
const signed = (change: string, number: (text: string) => string): string =>
  change.startsWith('-')
    ? `−${number(change.slice(1))}`
    : change === '0'
      ? '±0'
      : `+${number(change.replace(/^\+/, ''))}`

const percent = (words: string, number: (text: string) => string): string => {
  const value = words.replace(/ ?%$/, '')
  return `${/^\d+(\.\d+)?$/.test(value) ? number(value) : value} %`
}

const text = texts({
  en: {
    title: 'Home',
    lead: 'Are we earning, are we clean, and what needs somebody today?',
    revenue: 'Revenue this month',
    releases: (count: number) => (count === 1 ? 'from 1 answer' : `from ${count} answers`),
    owed: 'Owed to customers',
    owedNote: 'by the published bounds of how many were counted',
    optedIn: 'Customers who said yes',
    about: (bound: string) => `≤ ${bound}`,
    bound: 'noisy upper bounds of this period',
    change: (change: string) => `${change}`,
    boundAndChange: 'noisy upper bounds, with the change since the last period',
    noChange: 'no period before',
    none: 'none',
    noPeriod: 'no period was opened yet',
    budget: 'Privacy budget used',
    allProducts: 'all products together,',
    ofProduct: (product: string) => `of ${product},`,
    inDays: (days: number) => `in any ${days} days`,
    forEver: 'for ever',
    lasts: 'lasts more than ten years at this pace',
    binds: (day: string) => `at this pace it binds on ${day}`,
    needsYou: 'Needs you',
    when: { now: 'now', soon: 'soon', look: 'to look at' },
    nothing: 'Nothing needs you today',
    nothingWhy:
      'A period is open, contracts, data and notices fit together, and every buyer is approved and has paid in.',
    period: (from: string, to: string) => `The open period runs from ${from} to ${to}.`,
    periods: 'Periods',
  },
  de: {
    title: 'Übersicht',
    lead: 'Verdienen wir, ist alles sauber, und was braucht heute jemanden?',
    revenue: 'Einnahmen diesen Monat',
    releases: (count: number) => (count === 1 ? 'aus 1 Antwort' : `aus ${count} Antworten`),
    owed: 'Den Kunden geschuldet',
    owedNote: 'nach den veröffentlichten Obergrenzen, wie viele gezählt wurden',
    optedIn: 'Kunden, die Ja sagten',
    about: (bound: string) => `≤ ${bound}`,
    bound: 'verrauschte Obergrenzen dieses Zeitraums',
    change: (change: string) => `${change}`,
    boundAndChange: 'verrauschte Obergrenzen, mit der Änderung seit dem letzten Zeitraum',
    noChange: 'kein Zeitraum davor',
    none: 'keine',
    noPeriod: 'noch wurde kein Zeitraum eröffnet',
    budget: 'Datenschutzbudget verbraucht',
    allProducts: 'alle Produkte zusammen,',
    ofProduct: (product: string) => `von ${product},`,
    inDays: (days: number) => `in je ${days} Tagen`,
    forEver: 'auf Dauer',
    lasts: 'reicht bei diesem Tempo über zehn Jahre',
    binds: (day: string) => `bei diesem Tempo erschöpft am ${day}`,
    needsYou: 'Braucht Sie',
    when: { now: 'jetzt', soon: 'bald', look: 'ansehen' },
    nothing: 'Heute braucht Sie nichts',
    nothingWhy:
      'Ein Zeitraum ist offen, Verträge, Daten und Hinweise passen zusammen, und jeder Käufer ist zugelassen und hat eingezahlt.',
    period: (from: string, to: string) => `Der offene Zeitraum läuft vom ${from} bis zum ${to}.`,
    periods: 'Zeiträume',
  },
})
