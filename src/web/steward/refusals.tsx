import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RefusalsView } from '../../house/views/refusal.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useLanguage, useText } from '../i18n/language.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { useRead } from './api.ts'
import { BuyerSections } from './buyers.tsx'
import { courseOf, useDays, weekly } from './days.tsx'
import { usePurpose } from './words/purposes.ts'
import { useMeaning } from './words/refusals.ts'

/** What was refused to buyers and why: the evidence that the rules hold. The text of a question is never kept. */
export function Refusals() {
  const words = useText(text)
  const { query, choice } = useDays<RefusalsView>('/v1/steward/refusals')
  return (
    <Page title={words.title} lead={words.lead}>
      <BuyerSections />
      {choice}
      <Loaded query={query}>
        {(view) => (view.total === 0 ? <Empty title={words.none}>{words.noneWhy}</Empty> : <InThoseDays view={view} />)}
      </Loaded>
      <Recent />
    </Page>
  )
}

function InThoseDays({ view }: { readonly view: RefusalsView }) {
  const words = useText(text)
  const format = useFormat()
  const meaning = useMeaning()
  const counts = new Map(view.byDay.map(({ day, count }) => [day, count]))
  const sum = words.sum(format.number(view.total), view.total, format.day(view.from), format.day(view.to))
  return (
    <>
      <Sheet title={words.byReason}>
        <p>{sum}</p>
        <ul className="u-list">
          {view.byCode.map(({ code, count, meaning: said }) => (
            <li key={code} className="u-row">
              <strong className="u-number">{words.questions(format.number(count), count)}</strong>
              <span style={{ flex: '1 1 200px' }}>{meaning(code, said)}</span>
              <code className="u-soft">{code}</code>
            </li>
          ))}
        </ul>
      </Sheet>
      <div className="u-grid">
        <Sheet title={words.byBuyer}>
          <DataTable
            caption={words.byBuyerCaption}
            rows={view.byBuyer}
            keyOf={(row) => row.buyer}
            columns={[
              {
                title: words.buyer,
                cell: (row) => (
                  <Link to="/steward/buyers/$buyer" params={{ buyer: row.buyer }}>
                    {row.buyer}
                  </Link>
                ),
              },
              { title: words.refused, right: true, cell: (row) => format.number(row.count) },
            ]}
          />
        </Sheet>
        <Sheet title={words.byDay}>
          <LineChart
            label={sum}
            courses={[{ name: words.refused, points: courseOf(view, (day) => counts.get(day) ?? 0), steps: true }]}
            whole
          />
          {weekly(view) ? <p className="u-small u-soft">{words.weekly}</p> : null}
          <p className="u-small u-soft">
            {view.byDay.map(({ day, count }) => `${format.day(day)}: ${format.number(count)}`).join(' · ')}
          </p>
        </Sheet>
      </div>
    </>
  )
}

function Recent() {
  const words = useText(text)
  const format = useFormat()
  const purpose = usePurpose()
  const meaning = useMeaning()
  const { language } = useLanguage()
  const [before, setBefore] = useState<string | undefined>(undefined)
  const page = useRead<RefusalsView>(
    `/v1/steward/refusals?limit=20${before === undefined ? '' : `&before=${before}`}`,
    { keep: true },
  )
  return (
    <Loaded query={page}>
      {(view) =>
        view.recent.length === 0 ? null : (
          <Sheet title={words.recent}>
            <DataTable
              caption={words.recentCaption}
              rows={view.recent}
              keyOf={(row) => row.sequence}
              columns={[
                { title: words.when, cell: (row) => format.time(row.at) },
                { title: words.buyer, cell: (row) => row.buyer },
                { title: words.act, cell: (row) => words.acts[row.act] },
                {
                  title: words.why,
                  cell: (row) => (
                    <span lang={meaning.known(row.code) ? language : 'en'}>
                      {meaning(row.code, row.meaning)}
                      {row.position === undefined ? '' : ` ${words.at(row.position.line, row.position.column)}`}
                    </span>
                  ),
                },
                { title: words.purpose, cell: (row) => (row.purpose === undefined ? '–' : purpose(row.purpose)) },
              ]}
            />
            <div className="u-row">
              {before === undefined ? null : (
                <Button size="xs" variant="default" onClick={() => setBefore(undefined)}>
                  {words.newest}
                </Button>
              )}
              {view.next === undefined ? null : (
                <Button size="xs" variant="default" onClick={() => setBefore(view.next)}>
                  {words.older}
                </Button>
              )}
            </div>
          </Sheet>
        )
      }
    </Loaded>
  )
}

const text = texts({
  en: {
    title: 'Refusals',
    lead: 'What was refused to buyers, and why. The text of a question is never kept.',
    none: 'Nothing was refused in these days',
    noneWhy: 'A refusal costs nothing, reads no record, and is counted here.',
    sum: (total: string, count: number, from: string, to: string) =>
      `${total} ${count === 1 ? 'question was' : 'questions were'} refused from ${from} to ${to}.`,
    questions: (count: string, n: number) => `${count} ${n === 1 ? 'question' : 'questions'} refused:`,
    byReason: 'By reason',
    byBuyer: 'By buyer',
    byBuyerCaption: 'Most refusals first',
    byDay: 'By day',
    weekly: 'In the picture each step is a week.',
    buyer: 'Buyer',
    refused: 'Refused',
    recent: 'One by one',
    recentCaption: 'Newest first, whatever the days',
    when: 'When',
    act: 'Asked for',
    acts: { quote: 'a price', ask: 'an answer' },
    why: 'Why',
    at: (line: number, column: number) => `(line ${line}, column ${column})`,
    purpose: 'Purpose',
    newest: 'Newest',
    older: 'Older',
  },
  de: {
    title: 'Ablehnungen',
    lead: 'Was Käufern abgelehnt wurde, und warum. Der Text einer Frage wird nie aufbewahrt.',
    none: 'In diesen Tagen wurde nichts abgelehnt',
    noneWhy: 'Eine Ablehnung kostet nichts, liest keinen Datensatz und wird hier gezählt.',
    sum: (total: string, count: number, from: string, to: string) =>
      `${total} ${count === 1 ? 'Frage wurde' : 'Fragen wurden'} vom ${from} bis zum ${to} abgelehnt.`,
    questions: (count: string, n: number) => `${count} ${n === 1 ? 'Frage' : 'Fragen'} abgelehnt:`,
    byReason: 'Nach Grund',
    byBuyer: 'Nach Käufer',
    byBuyerCaption: 'Die meisten zuerst',
    byDay: 'Nach Tagen',
    weekly: 'Im Bild ist jede Stufe eine Woche.',
    buyer: 'Käufer',
    refused: 'Abgelehnt',
    recent: 'Einzeln',
    recentCaption: 'Neueste zuerst, unabhängig von den Tagen',
    when: 'Wann',
    act: 'Gefragt nach',
    acts: { quote: 'einem Preis', ask: 'einer Antwort' },
    why: 'Warum',
    at: (line: number, column: number) => `(Zeile ${line}, Spalte ${column})`,
    purpose: 'Zweck',
    newest: 'Neueste',
    older: 'Ältere',
  },
})
