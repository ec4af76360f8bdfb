import { Link, useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { IntervalChart } from '../../ui/chart/interval-chart.tsx'
import { Code, Page, Sheet } from '../../ui/page.tsx'
import { Loaded, Message } from '../../ui/states.tsx'
import { type ReceiptView, type ReleaseView, useReceipt, useRelease } from '../read.ts'
import { questionTitle, useWords } from '../words.ts'
import { AnswerTable } from './answer-table.tsx'
import { comparables, estimatesOf, estimatesOfOneRow, mostDrawn, type Shown, shownOf } from './cells.ts'
import { Gap } from './gap.tsx'
import { MeasureFigures } from './measure-figures.tsx'
import { Method } from './method.tsx'
import { useSentence } from './sentence.ts'
import { TakeAway } from './take-away.tsx'
import { TopUp } from './top-up.tsx'
import { VerifyHere } from './verify-here.tsx'

/** What is the answer, and how sure? */
export function Result() {
  const words = useText(text)
  const shared = useWords()
  const format = useFormat()
  const { release: id = '' } = useParams({ strict: false })
  const release = useRelease(id)
  const { data } = release
  return (
    <Page
      title={data === undefined ? words.title : questionTitle(data.sql)}
      lead={data === undefined ? undefined : `${shared.purpose(data.purpose)} · ${format.time(data.chargedAt)}`}
      actions={
        data === undefined ? undefined : (
          <Link to="/buy/ask" search={{ like: data.id }}>
            {words.again}
          </Link>
        )
      }
    >
      <Loaded query={release}>{(found) => <State release={found} />}</Loaded>
    </Page>
  )
}

function State({ release }: { readonly release: ReleaseView }) {
  const words = useText(text)
  const receipt = useReceipt(release.id, release.state === 'released')
  if (release.state !== 'released')
    return (
      <>
        <Message tone={release.state === 'burned' ? 'stop' : 'quiet'} title={words.states[release.state]}>
          <p>{words.why[release.state]}</p>
        </Message>
        <Sheet title={words.question}>
          <Code>{release.sql ?? ''}</Code>
        </Sheet>
      </>
    )
  return <Loaded query={receipt}>{(bytes) => <Answer release={release} bytes={bytes} />}</Loaded>
}

function Answer({ release, bytes }: { readonly release: ReleaseView; readonly bytes: string }) {
  const words = useText(text)
  const { answer, plan } = useMemo(() => JSON.parse(bytes) as ReceiptView, [bytes])
  const shown = useMemo(() => shownOf(answer, plan), [answer, plan])
  const sentence = useSentence(shown)
  return (
    <>
      <p style={{ fontSize: '1.25rem' }}>{sentence}</p>
      <MeasureFigures answer={answer} />
      <Charts shown={shown} />
      {shown.rows.length === 0 ? null : (
        <Sheet title={words.table}>
          <AnswerTable shown={shown} />
        </Sheet>
      )}
      <Gap values={comparables(answer, plan, shown)} chosen={shown.chosen} />
      <TopUp answer={answer} />
      <Method answer={answer} release={release} />
      <TakeAway release={release} bytes={bytes} />
      <VerifyHere bytes={bytes} />
    </>
  )
}

function Charts({ shown }: { readonly shown: Shown }) {
  const words = useText(text)
  const charts = useMemo(
    () =>
      shown.rows.length === 1
        ? [{ title: words.values, estimates: estimatesOfOneRow(shown) }]
        : shown.values.map(({ name, at }) => ({ title: name, estimates: estimatesOf(shown, at) })),
    [shown, words],
  )
  return charts.map(({ title, estimates }) =>
    estimates.length === 0 ? null : (
      <Sheet key={title} title={title}>
        <IntervalChart title={title} estimates={estimates} />
        {shown.rows.length > mostDrawn ? <p className="u-small u-soft">{words.first(mostDrawn)}</p> : null}
      </Sheet>
    ),
  )
}

const text = texts({
  en: {
    title: 'Answer',
    again: 'Ask this again',
    question: 'The question',
    states: { charged: 'The answer is being computed', burned: 'This question failed after it was charged' },
    why: {
      charged: 'It is there in a moment; load the page again.',
      burned:
        'Your money was returned. Its privacy charge stays, because data had been read, and the people in it are paid by the house.',
    },
    table: 'All values',
    values: 'Values',
    first: (n: number) => `The picture shows the first ${n} rows; the table has all.`,
  },
  de: {
    title: 'Antwort',
    again: 'Dies noch einmal fragen',
    question: 'Die Frage',
    states: { charged: 'Die Antwort wird berechnet', burned: 'Diese Frage schlug fehl, nachdem sie belastet war' },
    why: {
      charged: 'Sie ist gleich da; laden Sie die Seite neu.',
      burned:
        'Ihr Geld wurde zurückgegeben. Die Belastung der Privatheit bleibt, weil Daten gelesen wurden, und die Menschen darin bezahlt das Haus.',
    },
    table: 'Alle Werte',
    values: 'Werte',
    first: (n: number) => `Das Bild zeigt die ersten ${n} Zeilen; die Tabelle hat alle.`,
  },
})
