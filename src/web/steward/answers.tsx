import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { AnswersView } from '../../house/views/answers.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Empty, Failure, Loaded, Message } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { useAct, useRead } from './api.ts'
import { SetUpSections } from './periods.tsx'

/** When answers leave, how long a computation may take, and what failed after its charge. */
export function Answers() {
  const words = useText(text)
  const answers = useRead<AnswersView>('/v1/steward/answers')
  const change = useAct<object, AnswersView>((body) => ({ path: '/v1/answer-rules', method: 'POST', body }))
  return (
    <Page title={words.title} lead={words.lead}>
      <SetUpSections />
      {change.isError ? <Failure cause={change.error} /> : null}
      {change.isSuccess ? <Message tone="good" title={words.changed} live /> : null}
      <Loaded query={answers}>
        {(data) => (
          <>
            <Grid key={`${data.every} ${data.least}`} rules={data} busy={change.isPending} change={change.mutate} />
            <Classes rules={data} busy={change.isPending} change={change.mutate} />
            <Failed failed={data.failed} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

interface Part {
  readonly rules: AnswersView
  readonly busy: boolean
  readonly change: (body: object) => void
}

function Grid({ rules, busy, change }: Part) {
  const words = useText(text)
  const format = useFormat()
  const [every, setEvery] = useState(rules.every)
  const [least, setLeast] = useState(rules.least)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change({ every: every.trim().replace(',', '.'), least: least.trim().replace(',', '.') })
  }
  return (
    <Sheet title={words.grid}>
      {rules.every === '0' ? (
        <Message tone="stop" title={words.atOnce}>
          <p>{words.atOnceWhy}</p>
        </Message>
      ) : (
        <p>{words.now(format.number(rules.every), format.number(rules.least))}</p>
      )}
      <form className="u-stack" onSubmit={submit}>
        <div className="u-fields">
          <TextInput
            label={words.every}
            inputMode="decimal"
            required
            maxLength={10}
            value={every}
            onChange={(event) => setEvery(event.currentTarget.value)}
          />
          <TextInput
            label={words.least}
            inputMode="decimal"
            required
            maxLength={10}
            value={least}
            onChange={(event) => setLeast(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" loading={busy}>
          {words.set}
        </Button>
      </form>
      <p className="u-small u-soft">{words.gridWhy}</p>
    </Sheet>
  )
}

function Classes({ rules, busy, change }: Part) {
  const words = useText(text)
  const format = useFormat()
  return (
    <Sheet title={words.classes}>
      <DataTable
        caption={words.classes}
        rows={rules.classes}
        keyOf={({ path }) => path}
        columns={[
          { title: words.path, cell: ({ path }) => <code>{path}</code> },
          { title: words.computed, cell: ({ path }) => words.paths[path] },
          { title: words.deadline, cell: ({ deadline }) => words.seconds(format.number(deadline)) },
          {
            title: words.answered,
            cell: ({ blocked, blockedSince }) =>
              blocked ? words.no : blockedSince === undefined ? words.yes : words.untilNext,
          },
          {
            title: words.act,
            cell: ({ path, blockedSince }) => (
              <Button
                size="compact-sm"
                variant="default"
                disabled={busy}
                onClick={() => change(blockedSince === undefined ? { block: path } : { unblock: path })}
              >
                {blockedSince === undefined ? words.block : words.unblock}
              </Button>
            ),
          },
        ]}
      />
      <p className="u-small u-soft">{words.blockWhy}</p>
    </Sheet>
  )
}

function Failed({ failed }: { readonly failed: AnswersView['failed'] }) {
  const words = useText(text)
  const format = useFormat()
  if (failed.length === 0) return <Empty title={words.none}>{words.noneWhy}</Empty>
  return (
    <Sheet title={words.failed}>
      <DataTable
        caption={words.failed}
        rows={failed}
        keyOf={({ release }) => release}
        columns={[
          { title: words.release, cell: ({ release }) => <code style={{ overflowWrap: 'anywhere' }}>{release}</code> },
          { title: words.at, cell: ({ at }) => (at === undefined ? '–' : format.time(at, true)) },
          { title: words.path, cell: ({ path }) => <code>{path}</code> },
          { title: words.period, cell: ({ period }) => <code style={{ overflowWrap: 'anywhere' }}>{period}</code> },
        ]}
      />
      <p className="u-small u-soft">{words.failedWhy}</p>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Answers',
    lead: 'When answers leave, how long a computation may take, and what failed.',
    changed: 'Changed, and written into the log.',
    grid: 'The grid of times',
    atOnce: 'Answers leave as soon as they are ready',
    atOnceWhy: 'How long one took tells something about the data. Set a grid: a second is enough for most houses.',
    now: (every: string, least: string) =>
      `Answers leave at whole multiples of ${every} s, at least ${least} s after their turn began.`,
    every: 'Multiples of, seconds',
    least: 'At least, seconds',
    set: 'Set the grid',
    gridWhy:
      'While a computation takes less than the least wait, the moment of its answer follows from the moment of the question alone. A wait as long as the longest deadline hides every duration.',
    classes: 'Classes of plans',
    path: 'Class',
    computed: 'How it is computed',
    paths: {
      records: 'from the stored whole record of each person',
      flat: 'one pass over the rows',
      'two-level': 'person by person',
    },
    deadline: 'Deadline',
    seconds: (n: string) => `${n} s`,
    answered: 'Answered',
    yes: 'yes',
    no: 'no',
    untilNext: 'until the next period opens',
    act: 'Change',
    block: 'Block from the next period on',
    unblock: 'Answer again',
    blockWhy:
      'A block never begins within a period: it would itself tell what the data made fail. It and its end are in the log.',
    none: 'Nothing failed',
    noneWhy: 'No release failed after its charge.',
    failed: 'Failed after their charge',
    release: 'Release',
    at: 'When',
    period: 'Period',
    failedWhy:
      'The privacy charge and the pay stay, the buyer has the money back. Why it failed is in the file of this name in the folder of incidents, for the staff of the house alone.',
  },
  de: {
    title: 'Antworten',
    lead: 'Wann Antworten hinausgehen, wie lange eine Berechnung dauern darf, und was fehlgeschlagen ist.',
    changed: 'Geändert und ins Protokoll geschrieben.',
    grid: 'Das Zeitraster',
    atOnce: 'Antworten gehen hinaus, sobald sie fertig sind',
    atOnceWhy:
      'Wie lange eine gedauert hat, verrät etwas über die Daten. Stellen Sie ein Raster ein: Eine Sekunde genügt den meisten Häusern.',
    now: (every: string, least: string) =>
      `Antworten gehen zu ganzen Vielfachen von ${every} s hinaus, frühestens ${least} s nachdem sie an der Reihe waren.`,
    every: 'Vielfache von, Sekunden',
    least: 'Frühestens nach, Sekunden',
    set: 'Raster einstellen',
    gridWhy:
      'Solange eine Berechnung kürzer dauert als die Mindestwartezeit, folgt der Augenblick der Antwort allein aus dem der Frage. Eine Wartezeit so lang wie die längste Frist verbirgt jede Dauer.',
    classes: 'Arten der Berechnung',
    path: 'Art',
    computed: 'Wie berechnet wird',
    paths: {
      records: 'aus dem gespeicherten Gesamtsatz jeder Person',
      flat: 'ein Durchgang durch die Zeilen',
      'two-level': 'Person für Person',
    },
    deadline: 'Frist',
    seconds: (n: string) => `${n} s`,
    answered: 'Beantwortet',
    yes: 'ja',
    no: 'nein',
    untilNext: 'bis der nächste Zeitraum beginnt',
    act: 'Ändern',
    block: 'Vom nächsten Zeitraum an sperren',
    unblock: 'Wieder beantworten',
    blockWhy:
      'Eine Sperre beginnt nie innerhalb eines Zeitraums: Sie würde selbst verraten, was an den Daten gescheitert ist. Sie und ihr Ende stehen im Protokoll.',
    none: 'Nichts ist fehlgeschlagen',
    noneWhy: 'Keine Antwort ist nach ihrer Belastung fehlgeschlagen.',
    failed: 'Nach ihrer Belastung fehlgeschlagen',
    release: 'Antwort',
    at: 'Wann',
    period: 'Zeitraum',
    failedWhy:
      'Die Belastung der Privatheit und die Vergütung bleiben, der Käufer hat sein Geld zurück. Warum es fehlschlug, steht in der Datei dieses Namens im Ordner der Vorfälle, allein für die Mitarbeitenden des Hauses.',
  },
})
