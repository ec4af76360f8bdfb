import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../i18n/format.ts'
import { texts, useLanguage, useText } from '../i18n/language.tsx'
import { Details, Facts, Page, Sheet } from '../ui/page.tsx'
import { Sections } from '../ui/sections.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { Tag } from '../ui/value.tsx'
import { type Contract, type Described, useRead } from './api.ts'
import { usePurpose } from './words/purposes.ts'

export function ProductSections() {
  const words = useText(text)
  return (
    <Sections
      label={words.title}
      places={[
        { to: '/steward/products', label: words.contracts, exact: true },
        { to: '/steward/products/loads', label: words.loads },
      ]}
    />
  )
}

/** S2: what do we offer, and is it sound? */
export function Products() {
  const words = useText(text)
  const contracts = useRead<{ readonly contracts: readonly Contract[] }>('/v1/contracts')
  const described = useRead<{ readonly products: readonly Described[] }>('/v1/products')
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <Button component={Link} to="/steward/products/contract">
          {words.write}
        </Button>
      }
    >
      <ProductSections />
      <Loaded query={contracts}>
        {(data) =>
          data.contracts.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            data.contracts.map((one) => (
              <ContractSheet
                key={one.product}
                contract={one}
                described={described.data?.products.find(({ product }) => product === one.product)}
              />
            ))
          )
        }
      </Loaded>
    </Page>
  )
}

function ContractSheet({
  contract,
  described,
}: {
  readonly contract: Contract
  readonly described: Described | undefined
}) {
  const words = useText(text)
  const format = useFormat()
  const purpose = usePurpose()
  const { language } = useLanguage()
  return (
    <Sheet
      title={described?.title ?? contract.product}
      aside={
        <Link to="/steward/products/contract" search={{ product: contract.product }}>
          {words.change(contract.product)}
        </Link>
      }
    >
      {described?.description.purpose === undefined ? null : (
        <p lang={language === 'en' ? undefined : 'en'}>{described.description.purpose}</p>
      )}
      <Facts
        items={[
          [
            words.version,
            <span key="version" className="u-row">
              {contract.product} {contract.version}
              {contract.status === undefined ? null : (
                <Tag tone={contract.status === 'active' ? 'good' : 'rough'}>
                  {words.status[contract.status] ?? contract.status}
                </Tag>
              )}
            </span>,
          ],
          [words.since, format.time(contract.appliedAt)],
          [words.purposes, format.list(contract.purposes.map(purpose))],
          ...(described === undefined ? [] : terms(described, words, format)),
          [words.hash, <code key="hash">{contract.hash}</code>],
        ]}
      />
      {described === undefined ? null : (
        <Details summary={words.tables(described.tables.length)}>
          <DataTable
            caption={words.tablesCaption}
            rows={described.tables}
            keyOf={(table) => table.name}
            columns={[
              { title: words.table, cell: (table) => <code>{table.name}</code> },
              { title: words.holds, cell: (table) => words.kind[table.kind] },
              { title: words.rows, right: true, cell: (table) => table.maxRowsPerPerson ?? '–' },
              {
                title: words.offered,
                cell: (table) =>
                  format.list(table.columns.filter((column) => column.offered).map((column) => column.name)) || '–',
              },
              {
                title: words.kept,
                cell: (table) =>
                  format.list(table.columns.filter((column) => !column.offered).map((column) => column.name)) || '–',
              },
            ]}
          />
        </Details>
      )}
    </Sheet>
  )
}

const terms = (
  { limits, tariff }: Described,
  words: (typeof text)['en'],
  format: ReturnType<typeof useFormat>,
): (readonly [string, string])[] => [
  [words.limit, words.limitSays(format.number(limits.rho), limits.days, format.number(limits.maxPerRelease))],
  [words.price, words.priceSays(tariff.peoplesShare, format.money(tariff.fee, tariff.currency ?? ''))],
]

const text = texts({
  en: {
    title: 'Products',
    lead: 'What is offered, and is it sound?',
    contracts: 'Contracts',
    loads: 'Data loaded',
    write: 'Write a contract',
    none: 'No contract is in force',
    noneWhy: 'A data contract says which tables there are, what one person can change in an answer, and what it costs.',
    change: (product: string) => `Change ${product}`,
    version: 'Contract',
    since: 'In force since',
    purposes: 'Purposes',
    hash: 'Hash (SHA-256)',
    status: { active: 'active', draft: 'draft', deprecated: 'deprecated', retired: 'retired' } as Readonly<
      Record<string, string>
    >,
    limit: 'Privacy limit',
    limitSays: (rho: string, days: number, most: string) =>
      `all answers together cost one person at most rho ${rho} in ${days} days, one answer at most ${most}`,
    price: 'Price',
    priceSays: (share: string, fee: string) =>
      `${share} of the base price goes to the people who are counted; each answer costs ${fee} besides`,
    tables: (count: number) => `Its ${count} tables`,
    tablesCaption: 'Tables and columns of the contract',
    table: 'Table',
    holds: 'Holds',
    kind: { persons: 'one row for each person', private: 'rows of persons', public: 'nothing about anybody' },
    rows: 'Rows of one person, at most',
    offered: 'Offered columns',
    kept: 'Columns never shown',
  },
  de: {
    title: 'Produkte',
    lead: 'Was wird angeboten, und ist es in Ordnung?',
    contracts: 'Verträge',
    loads: 'Geladene Daten',
    write: 'Vertrag schreiben',
    none: 'Kein Vertrag ist in Kraft',
    noneWhy:
      'Ein Datenvertrag sagt, welche Tabellen es gibt, wie viel ein Mensch an einer Antwort ändern kann und was sie kostet.',
    change: (product: string) => `${product} ändern`,
    version: 'Vertrag',
    since: 'In Kraft seit',
    purposes: 'Zwecke',
    hash: 'Prüfsumme (SHA-256)',
    status: { active: 'gültig', draft: 'Entwurf', deprecated: 'läuft aus', retired: 'beendet' } as Readonly<
      Record<string, string>
    >,
    limit: 'Datenschutzgrenze',
    limitSays: (rho: string, days: number, most: string) =>
      `alle Antworten zusammen kosten einen Menschen höchstens Rho ${rho} in ${days} Tagen, eine Antwort höchstens ${most}`,
    price: 'Preis',
    priceSays: (share: string, fee: string) =>
      `${share} des Grundpreises gehen an die gezählten Menschen; jede Antwort kostet außerdem ${fee}`,
    tables: (count: number) => `Die ${count} Tabellen`,
    tablesCaption: 'Tabellen und Spalten des Vertrags',
    table: 'Tabelle',
    holds: 'Enthält',
    kind: { persons: 'eine Zeile je Mensch', private: 'Zeilen von Menschen', public: 'nichts über irgendwen' },
    rows: 'Zeilen eines Menschen, höchstens',
    offered: 'Angebotene Spalten',
    kept: 'Spalten, die nie gezeigt werden',
  },
})
