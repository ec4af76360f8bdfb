import type { LoadsView, LoadView } from '../../house/views/load.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Code, Details, Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { useRead } from './api.ts'
import { ProductSections } from './products.tsx'

/** What was loaded, when, and which rows were set aside, by reason. */
export function Loads() {
  const words = useText(text)
  const loads = useRead<LoadsView>('/v1/loads')
  return (
    <Page title={words.title} lead={words.lead}>
      <ProductSections />
      <Loaded query={loads}>
        {({ products }) =>
          products.length === 0 ? (
            <Empty title={words.noProduct}>{words.noProductWhy}</Empty>
          ) : (
            products.map((product) => <Product key={product.product} product={product} />)
          )
        }
      </Loaded>
    </Page>
  )
}

function Product({ product }: { readonly product: LoadsView['products'][number] }) {
  const words = useText(text)
  const format = useFormat()
  const [current, ...earlier] = product.loads
  return (
    <Sheet title={product.title}>
      {current === undefined ? (
        <p>{words.none}</p>
      ) : (
        <>
          <p>
            {words.asOf(format.time(current.loadedAt), current.contract)}{' '}
            {current.contract === product.contract ? '' : words.older(product.contract)}
          </p>
          <Report load={current} />
        </>
      )}
      <Details summary={words.how}>
        <p>{words.howWords}</p>
        <Code>{`usufruct load ${product.product} --from TABLE=FILE.csv`}</Code>
      </Details>
      {earlier.length === 0 ? null : (
        <Details summary={words.earlier(earlier.length)}>
          {earlier.map((load) => (
            <div key={load.id} className="u-stack">
              <h3>{words.load(load.number)}</h3>
              <p>{words.asOf(format.time(load.loadedAt), load.contract)}</p>
              <Report load={load} />
            </div>
          ))}
        </Details>
      )}
    </Sheet>
  )
}

function Report({ load }: { readonly load: LoadView }) {
  const words = useText(text)
  const format = useFormat()
  const reasons: Readonly<Record<string, string>> = words.reasons
  return (
    <DataTable
      caption={words.caption(load.number)}
      rows={load.tables}
      keyOf={(table) => table.table}
      columns={[
        { title: words.table, cell: (table) => <code>{table.table}</code> },
        { title: words.read, right: true, cell: (table) => format.number(table.read) },
        { title: words.accepted, right: true, cell: (table) => format.number(table.accepted) },
        {
          title: words.setAside,
          right: true,
          cell: (table) =>
            table.setAside === 0
              ? '0'
              : `${format.number(table.setAside)} (${table.setAsidePercent === '0.0' ? `< ${format.number('0.1')}` : format.number(table.setAsidePercent)} %)`,
        },
        {
          title: words.why,
          cell: (table) =>
            table.reasons.length === 0
              ? '–'
              : table.reasons.map((one) => (
                  <span key={one.reason} style={{ display: 'block' }}>
                    {format.number(one.rows)}: {reasons[one.reason] ?? one.words}
                  </span>
                )),
        },
      ]}
    />
  )
}

const text = texts({
  en: {
    title: 'Data loaded',
    lead: 'Which data answers are computed from, as of when, and which rows were set aside and why.',
    noProduct: 'No contract is in force',
    noProductWhy: 'Data are loaded for a contract; put one in force first.',
    none: 'No data yet: nothing can be asked of this product.',
    asOf: (time: string, contract: string) => `As of ${time}, under contract ${contract}.`,
    older: (version: string) => `Contract ${version} is in force meanwhile: load the data again.`,
    how: 'How data are loaded',
    howWords:
      'Data stay on the machine of the house and are loaded there, by its command line. The whole load takes effect at once, or not at all.',
    earlier: (count: number) => (count === 1 ? 'The load before' : `The ${count} loads before`),
    load: (number: number) => `Load ${number}`,
    caption: (number: number) => `Load ${number}: rows by table`,
    table: 'Table',
    read: 'Read',
    accepted: 'Accepted',
    setAside: 'Set aside',
    why: 'Why',
    reasons: {
      unreadable_row: 'too many or too few fields, or bytes that cannot be read',
      no_person: 'no person key',
      missing: 'a required value is missing',
      wrong_type: 'a value is not of the declared type',
      off_grid: 'an amount is finer than declared',
      out_of_range: 'an amount is outside the declared range',
      outside_domain: 'a value is not among those declared',
      too_long: 'a key is longer than 256 bytes',
      unknown_person: 'the person is not in the table of persons',
      duplicate_key: 'another row has the same key',
    },
  },
  de: {
    title: 'Geladene Daten',
    lead: 'Aus welchen Daten Antworten berechnet werden, Stand wann, und welche Zeilen warum zurückgestellt wurden.',
    noProduct: 'Kein Vertrag ist in Kraft',
    noProductWhy: 'Daten werden zu einem Vertrag geladen; setzen Sie zuerst einen in Kraft.',
    none: 'Noch keine Daten: Zu diesem Produkt kann nichts gefragt werden.',
    asOf: (time: string, contract: string) => `Stand ${time}, nach Vertrag ${contract}.`,
    older: (version: string) => `Inzwischen gilt Vertrag ${version}: Laden Sie die Daten neu.`,
    how: 'Wie Daten geladen werden',
    howWords:
      'Daten bleiben auf dem Rechner des Hauses und werden dort über die Befehlszeile geladen. Ein Laden wirkt ganz und auf einmal, oder gar nicht.',
    earlier: (count: number) => (count === 1 ? 'Das Laden davor' : `Die ${count} Ladungen davor`),
    load: (number: number) => `Ladung ${number}`,
    caption: (number: number) => `Ladung ${number}: Zeilen je Tabelle`,
    table: 'Tabelle',
    read: 'Gelesen',
    accepted: 'Angenommen',
    setAside: 'Zurückgestellt',
    why: 'Warum',
    reasons: {
      unreadable_row: 'zu viele oder zu wenige Felder, oder unlesbare Bytes',
      no_person: 'kein Personenschlüssel',
      missing: 'ein nötiger Wert fehlt',
      wrong_type: 'ein Wert ist nicht vom angegebenen Typ',
      off_grid: 'ein Betrag ist feiner als angegeben',
      out_of_range: 'ein Betrag liegt außerhalb des angegebenen Bereichs',
      outside_domain: 'ein Wert ist nicht unter den angegebenen',
      too_long: 'ein Schlüssel ist länger als 256 Bytes',
      unknown_person: 'der Mensch steht nicht in der Personentabelle',
      duplicate_key: 'eine andere Zeile hat denselben Schlüssel',
    },
  },
})
