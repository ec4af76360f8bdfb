import { Link } from '@tanstack/react-router'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Facts, Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { type ProductView, useProducts } from './read.ts'
import { personsIn, useWords } from './words.ts'

/** Is there data that can answer my question? */
export function Catalogue() {
  const words = useText(text)
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={useProducts()}>
        {(products) =>
          products.length === 0 ? (
            <Empty title={words.none}>
              <p>{words.noneWhy}</p>
            </Empty>
          ) : (
            products.map((product) => <Offer key={product.product} product={product} />)
          )
        }
      </Loaded>
      <p className="u-soft">{words.never}</p>
    </Page>
  )
}

function Offer({ product }: { readonly product: ProductView }) {
  const words = useText(text)
  const shared = useWords()
  const format = useFormat()
  const { facts, tariff } = product
  const prices = facts.people.flatMap((one) => one.tiers.filter((tier) => tier.available).map((tier) => tier.price))
  const least = prices.sort((a, b) => Number(a) - Number(b))[0]
  return (
    <Sheet title={product.title} aside={<span className="u-soft u-small">{words.version(product.version)}</span>}>
      <p>{product.description.purpose}</p>
      <Facts
        items={[
          ...facts.people.map(
            (one) =>
              [
                shared.purpose(one.purpose),
                one.upperBound === undefined ? words.closed : words.people(format.number(one.upperBound)),
              ] as const,
          ),
          [
            words.span,
            product.span === undefined
              ? words.unknown
              : words.fromTo(format.day(product.span.from), format.day(product.span.to)),
          ],
          [words.loaded, facts.loadedAt === undefined ? words.notLoaded : format.day(facts.loadedAt)],
          [words.price, least === undefined ? words.closed : words.from(format.money(least, tariff.currency ?? ''))],
        ]}
      />
      <h3>{words.questions}</h3>
      <ul className="u-list">
        {facts.questions.slice(0, 4).map((one) => (
          <li key={one.id}>
            <Link to="/buy/ask" search={{ product: product.product, start: one.id }}>
              {shared.starter(one, personsIn(product))}
            </Link>
          </li>
        ))}
      </ul>
      <div className="u-row">
        <Link to="/buy/products/$product" params={{ product: product.product }}>
          {words.more(product.title)}
        </Link>
      </div>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Is there data that can answer my question?',
    lead: 'You buy answers, never people: counts, sums and averages with their uncertainty, over customers who said yes.',
    never:
      'No list of people, no profile and no audience ever leaves this house. Nobody can be targeted with what you buy here; we measure and learn.',
    none: 'Nothing is offered yet',
    noneWhy: 'As soon as the house applies a contract for a data product, it stands here.',
    version: (version: string) => `contract ${version}`,
    people: (bound: string) => `about ${bound} people or fewer said yes`,
    closed: 'no period is open now',
    span: 'What the data cover',
    fromTo: (from: string, to: string) => `${from} to ${to}`,
    unknown: 'not stated',
    loaded: 'Loaded',
    notLoaded: 'no data yet',
    price: 'Price of a question',
    from: (price: string) => `from ${price}; the quote is free`,
    questions: 'Questions it answers, for example',
    more: (title: string) => `All about ${title}`,
  },
  de: {
    title: 'Gibt es Daten, die meine Frage beantworten?',
    lead: 'Sie kaufen Antworten, nie Menschen: Anzahlen, Summen und Durchschnitte mit ihrer Unsicherheit, über Kundinnen und Kunden, die Ja gesagt haben.',
    never:
      'Keine Liste von Menschen, kein Profil und keine Zielgruppe verlässt dieses Haus. Mit dem, was Sie hier kaufen, lässt sich niemand gezielt ansprechen; wir messen und lernen.',
    none: 'Noch wird nichts angeboten',
    noneWhy: 'Sobald das Haus den Vertrag eines Datenprodukts in Kraft setzt, steht es hier.',
    version: (version: string) => `Vertrag ${version}`,
    people: (bound: string) => `etwa ${bound} Personen oder weniger haben Ja gesagt`,
    closed: 'zurzeit ist kein Zeitraum offen',
    span: 'Was die Daten abdecken',
    fromTo: (from: string, to: string) => `${from} bis ${to}`,
    unknown: 'nicht angegeben',
    loaded: 'Geladen',
    notLoaded: 'noch keine Daten',
    price: 'Preis einer Frage',
    from: (price: string) => `ab ${price}; das Angebot kostet nichts`,
    questions: 'Fragen, die sich beantworten lassen, zum Beispiel',
    more: (title: string) => `Alles über ${title}`,
  },
})
