import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Topic } from '../../house/views/my-data.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Facts, Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import styles from './person.module.css'
import { useData } from './queries.ts'

/** What do they hold about me? */
export function Screen() {
  const words = useText(text)
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          <a href="/v1/me/data?format=json" download="my-data.json">
            {words.json}
          </a>
          <a href="/v1/me/data?format=csv" download="my-data.csv">
            {words.csv}
          </a>
        </>
      }
    >
      <Loaded query={useData()}>
        {({ topics }) =>
          topics.length === 0 ? (
            <Empty title={words.none}>
              <p>{words.noneWhy}</p>
            </Empty>
          ) : (
            topics.map((topic) => <TopicSheet key={`${topic.product}.${topic.table}`} topic={topic} />)
          )
        }
      </Loaded>
    </Page>
  )
}

const pageSize = 20
const spaced = (name: string): string => name.replaceAll('_', ' ')

function TopicSheet({ topic }: { readonly topic: Topic }) {
  const words = useText(text)
  const format = useFormat()
  const [page, turn] = useState(0)
  const pages = Math.max(1, Math.ceil(topic.rows.length / pageSize))
  const start = page * pageSize
  const rows = topic.rows.slice(start, start + pageSize)
  const title = spaced(topic.table)
  const kept = topic.keptFor === undefined ? undefined : words.kept(inWords(topic.keptFor, words.units))
  const [only] = topic.rows
  return (
    <Sheet title={`${title.charAt(0).toUpperCase()}${title.slice(1)}`}>
      <p className="u-soft u-small">
        {[topic.title, words.asOf(format.time(topic.asOf)), kept].filter(Boolean).join(' · ')}
      </p>
      {topic.rows.length === 0 ? (
        <p>{words.nothing}</p>
      ) : topic.rows.length === 1 && only !== undefined ? (
        <Facts
          items={topic.columns.map((column) => [
            spaced(column.name),
            <span key={column.name}>
              <Held value={only[column.name]} type={column.type} />
              {column.words === spaced(column.name) ? null : <span className={styles.words}>{column.words}</span>}
            </span>,
          ])}
        />
      ) : (
        <>
          <dl className="u-facts u-small">
            {topic.columns
              .filter((column) => column.words !== spaced(column.name))
              .map((column) => [
                <dt key={`${column.name}-name`}>{spaced(column.name)}</dt>,
                <dd key={`${column.name}-words`}>{column.words}</dd>,
              ])}
          </dl>
          <DataTable
            caption={words.rows(start + 1, start + rows.length, topic.rows.length)}
            rows={rows}
            keyOf={(_row, index) => String(start + index)}
            columns={topic.columns.map((column) => ({
              title: spaced(column.name),
              right: column.type === 'integer' || column.type === 'decimal',
              cell: (row: Topic['rows'][number]) => <Held value={row[column.name]} type={column.type} />,
            }))}
          />
          {pages > 1 ? (
            <div className="u-row">
              <Button variant="default" size="xs" disabled={page === 0} onClick={() => turn(page - 1)}>
                {words.earlier}
              </Button>
              <span className="u-small u-soft" role="status">
                {words.page(page + 1, pages)}
              </span>
              <Button variant="default" size="xs" disabled={page === pages - 1} onClick={() => turn(page + 1)}>
                {words.later}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </Sheet>
  )
}

/** A value as it is held; days as the reader's language writes them. */
function Held({ value, type }: { readonly value: string | boolean | null | undefined; readonly type: string }) {
  const words = useText(text)
  const format = useFormat()
  if (value === null || value === undefined) return <span className="u-soft">{words.missing}</span>
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (type === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return format.day(value)
  if ((type === 'integer' || type === 'decimal') && /^-?\d+(\.\d+)?$/.test(value)) return format.number(value)
  return value
}

const inWords = (kept: string, units: Readonly<Record<string, string>>): string => {
  const [count = '', unit = ''] = kept.split(' ')
  return `${count} ${units[unit] ?? unit}`
}

const text = texts({
  en: {
    title: 'What is held about me',
    lead: 'The very records, by topic, in the words of the contract that describes them. Only you see them here.',
    json: 'Download all as JSON',
    csv: 'Download all as CSV',
    none: 'Nothing is held about you',
    noneWhy: 'No product has data loaded, or your record is in none of them.',
    nothing: 'Nothing is held under this topic.',
    asOf: (time: string) => `as of ${time}`,
    kept: (time: string) => `kept for ${time}`,
    units: { months: 'months', days: 'days', years: 'years' } as Readonly<Record<string, string>>,
    rows: (from: number, to: number, all: number) => `Entries ${from} to ${to} of ${all}`,
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
    earlier: 'Previous page',
    later: 'Next page',
    missing: 'not stated',
    yes: 'yes',
    no: 'no',
  },
  de: {
    title: 'Was über mich gespeichert ist',
    lead: 'Die Einträge selbst, nach Themen, in den Worten des Vertrags, der sie beschreibt. Nur Sie sehen sie hier.',
    json: 'Alles als JSON herunterladen',
    csv: 'Alles als CSV herunterladen',
    none: 'Über Sie ist nichts gespeichert',
    noneWhy: 'Kein Produkt hat geladene Daten, oder Ihr Eintrag ist in keinem davon.',
    nothing: 'Unter diesem Thema ist nichts gespeichert.',
    asOf: (time: string) => `Stand ${time}`,
    kept: (time: string) => `aufbewahrt für ${time}`,
    units: { months: 'Monate', days: 'Tage', years: 'Jahre' },
    rows: (from: number, to: number, all: number) => `Einträge ${from} bis ${to} von ${all}`,
    page: (page: number, pages: number) => `Seite ${page} von ${pages}`,
    earlier: 'Vorige Seite',
    later: 'Nächste Seite',
    missing: 'keine Angabe',
    yes: 'ja',
    no: 'nein',
  },
})
