import { Button } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Details, Facts, Figures, Page, Sheet } from '../ui/page.tsx'
import { Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { LimitTable } from './limits.tsx'
import { type ProductView, useProduct } from './read.ts'
import { useWords } from './words.ts'

/** Can I trust and afford it? */
export function Product() {
  const words = useText(text)
  const { product } = useParams({ strict: false })
  const query = useProduct(product ?? '')
  return (
    <Page
      title={query.data?.title ?? words.title}
      lead={query.data?.description.purpose ?? words.lead}
      actions={
        query.data === undefined ? undefined : (
          <Button renderRoot={(props) => <Link to="/buy/ask" search={{ product: product ?? '' }} {...props} />}>
            {words.ask}
          </Button>
        )
      }
    >
      <Loaded query={query}>{(data) => <Contract data={data} />}</Loaded>
    </Page>
  )
}

function Contract({ data }: { readonly data: ProductView }) {
  const words = useText(text)
  const shared = useWords()
  const format = useFormat()
  const { facts, limits } = data
  return (
    <>
      <Figures
        items={facts.people.map((one) => ({
          label: words.saidYes(shared.purpose(one.purpose)),
          value: one.upperBound === undefined ? words.closed : words.atMost(format.number(one.upperBound)),
          note: words.noisy,
        }))}
      />
      <Sheet title={words.who}>
        <p>{facts.representative.compared ? facts.representative.words : shared.representative}</p>
        <Details summary={words.earlier}>
          {facts.people.map((one) => (
            <DataTable
              key={one.purpose}
              caption={words.earlierOf(shared.purpose(one.purpose))}
              rows={one.periods}
              keyOf={(row) => row.id}
              columns={[
                { title: words.period, cell: (row) => words.fromTo(format.day(row.from), format.day(row.to)) },
                { title: words.bound, right: true, cell: (row) => words.atMost(format.number(row.upperBound)) },
              ]}
            />
          ))}
        </Details>
      </Sheet>
      <Sheet title={words.costs}>
        {facts.people.map((one) => (
          <DataTable
            key={one.purpose}
            caption={shared.purpose(one.purpose)}
            rows={one.tiers}
            keyOf={(row) => row.rho}
            quiet={(row) => !row.available}
            columns={[
              { title: words.precision, cell: (row) => words.within(row.people) },
              { title: words.loss, right: true, cell: (row) => format.number(row.rho) },
              { title: words.price, right: true, cell: (row) => format.money(row.price, data.tariff.currency ?? '') },
              {
                title: words.available,
                cell: (row) => (row.available ? words.yes : words.overCap(format.number(limits.maxPerRelease))),
              },
            ]}
          />
        ))}
        <p className="u-soft u-small">
          {words.share(data.tariff.peoplesShare, format.money(data.tariff.fee, data.tariff.currency ?? ''))}
        </p>
      </Sheet>
      <Sheet title={words.limits}>
        <p>{words.limitsWhy(format.number(limits.rho), limits.days, format.number(limits.maxPerRelease))}</p>
        <LimitTable limits={facts.left.limits} />
        <p>{words.left(format.number(facts.left.questions))}</p>
      </Sheet>
      <Sheet title={words.contract}>
        <Facts
          items={[
            [words.usage, data.description.usage],
            [words.limitations, data.description.limitations],
            ...(data.span
              ? [[words.span, words.fromTo(format.day(data.span.from), format.day(data.span.to))] as const]
              : []),
            [words.loaded, facts.loadedAt === undefined ? words.notLoaded : format.time(facts.loadedAt)],
            ...data.contacts.map((one) => [one.role, one.address] as const),
            [words.version, data.version],
            [words.hash, <code key="hash">{data.hash}</code>],
          ]}
        />
      </Sheet>
      <Sheet title={words.tables}>
        {data.tables.map((table) => (
          <Details key={table.name} summary={<code>{table.name}</code>}>
            <DataTable
              caption={shared.table(table)}
              rows={table.columns}
              keyOf={(column) => column.name}
              quiet={(column) => !column.offered}
              columns={[
                { title: words.column, cell: (column) => <code>{column.name}</code> },
                { title: words.type, cell: (column) => column.type },
                { title: words.use, cell: (column) => shared.column(column, column.name === table.personColumn) },
                { title: words.meaning, cell: (column) => column.description ?? '' },
              ]}
            />
          </Details>
        ))}
      </Sheet>
    </>
  )
}

const text = texts({
  en: {
    title: 'Data product',
    lead: 'Its contract in words.',
    ask: 'Ask a question',
    saidYes: (purpose: string) => `Said yes to: ${purpose}`,
    closed: 'no period is open',
    atMost: (bound: string) => `≤ ${bound}`,
    noisy: 'a noisy upper bound, fixed for the period',
    who: 'Who is counted',
    earlier: 'How it was in earlier periods',
    earlierOf: (purpose: string) => `${purpose}: upper bound in each period`,
    period: 'Period',
    bound: 'People, at most about',
    fromTo: (from: string, to: string) => `${from} to ${to}`,
    costs: 'What one question costs',
    precision: 'A count is given to',
    within: (people: number) => `±${people}`,
    loss: 'Privacy loss (rho)',
    price: 'Price',
    available: 'Available',
    yes: 'yes',
    overCap: (cap: string) => `no: one answer may cost rho ${cap}`,
    share: (share: string, fee: string) =>
      `${share} of the base price goes to the people who are counted; ${fee} of the price is a fee for the release.`,
    limits: 'Limits that hold for all buyers together',
    limitsWhy: (rho: string, days: number, cap: string) =>
      `All answers together cost one person at most rho ${rho} in ${days} days, one answer at most ${cap}. Nobody can raise this for money.`,
    left: (n: string) => `Room for about ${n} more questions of the cheapest tier now, shared by all buyers.`,
    contract: 'The contract',
    usage: 'Made for',
    limitations: 'What it does not say',
    span: 'What the data cover',
    loaded: 'Loaded',
    notLoaded: 'no data yet',
    version: 'Version',
    hash: 'Fingerprint',
    tables: 'Tables and columns',
    column: 'Column',
    type: 'Type',
    use: 'Use and bounds',
    meaning: 'Meaning',
  },
  de: {
    title: 'Datenprodukt',
    lead: 'Sein Vertrag in Worten.',
    ask: 'Eine Frage stellen',
    saidYes: (purpose: string) => `Ja gesagt zu: ${purpose}`,
    closed: 'kein Zeitraum ist offen',
    atMost: (bound: string) => `≤ ${bound}`,
    noisy: 'eine verrauschte obere Schranke, für den Zeitraum fest',
    who: 'Wer gezählt wird',
    earlier: 'Wie es in früheren Zeiträumen war',
    earlierOf: (purpose: string) => `${purpose}: obere Schranke in jedem Zeitraum`,
    period: 'Zeitraum',
    bound: 'Personen, höchstens etwa',
    fromTo: (from: string, to: string) => `${from} bis ${to}`,
    costs: 'Was eine Frage kostet',
    precision: 'Eine Anzahl ist genau auf',
    within: (people: number) => `±${people}`,
    loss: 'Privatheitsverlust (rho)',
    price: 'Preis',
    available: 'Verfügbar',
    yes: 'ja',
    overCap: (cap: string) => `nein: eine Antwort darf rho ${cap} kosten`,
    share: (share: string, fee: string) =>
      `${share} des Grundpreises gehen an die Menschen, die gezählt werden; ${fee} des Preises sind eine Gebühr für die Antwort.`,
    limits: 'Grenzen, die für alle Käufer zusammen gelten',
    limitsWhy: (rho: string, days: number, cap: string) =>
      `Alle Antworten zusammen kosten eine Person höchstens rho ${rho} in ${days} Tagen, eine Antwort höchstens ${cap}. Niemand kann das für Geld erhöhen.`,
    left: (n: string) =>
      `Jetzt ist Platz für etwa ${n} weitere Fragen der günstigsten Stufe, für alle Käufer zusammen.`,
    contract: 'Der Vertrag',
    usage: 'Gemacht für',
    limitations: 'Was er nicht sagt',
    span: 'Was die Daten abdecken',
    loaded: 'Geladen',
    notLoaded: 'noch keine Daten',
    version: 'Fassung',
    hash: 'Fingerabdruck',
    tables: 'Tabellen und Spalten',
    column: 'Spalte',
    type: 'Typ',
    use: 'Verwendung und Schranken',
    meaning: 'Bedeutung',
  },
})
