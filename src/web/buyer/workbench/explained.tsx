import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Explained } from '../../../release/explain.ts'
import { call } from '../../api/client.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Facts } from '../../ui/page.tsx'
import { Loaded } from '../../ui/states.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { Wish } from './use-quote.ts'
import styles from './workbench.module.css'

/** EXPLAIN PRIVACY: how what is written now would be computed, and what would be more precise. Asked for when it is opened; nothing is kept of it. */
export default function HowComputed({
  wish,
  open,
  use,
}: {
  readonly wish: Wish
  /** The words EXPLAIN PRIVACY stand before the question. */
  readonly open: boolean
  readonly use: (sql: string) => void
}) {
  const words = useText(text)
  const [opened, setOpened] = useState(false)
  const shown = open || opened
  const explained = useQuery({
    queryKey: ['explained', JSON.stringify(wish)],
    queryFn: ({ signal }) => call<Explained>('/v1/quotes/explain', { method: 'POST', body: wish, signal }),
    enabled: shown,
  })
  return (
    <details
      className="u-details"
      data-part="explained"
      open={shown}
      onToggle={(event) => setOpened(event.currentTarget.open)}
    >
      <summary>{words.title}</summary>
      <div className={styles.explained}>
        {shown ? <Loaded query={explained}>{(data) => <Body explained={data} use={use} />}</Loaded> : null}
      </div>
    </details>
  )
}

function Body({ explained, use }: { readonly explained: Explained; readonly use: (sql: string) => void }) {
  const words = useText(text)
  const format = useFormat()
  const { privacy, plan, groups, channels, time } = explained
  return (
    <>
      <Facts
        items={[
          [words.path, words.paths[plan.path] ?? plan.path],
          [
            words.groups,
            groups.count === undefined
              ? words.openGroups(groups.selection?.threshold ?? '')
              : words.declared(groups.count),
          ],
          [
            words.loss,
            words.lossIs(format.number(privacy.rho), format.number(privacy.epsilon), privacy.epsilonAtDelta),
          ],
          [
            words.time,
            time.every === '0' ? words.atOnce : words.grid(format.number(time.every), format.number(time.least)),
          ],
          [words.deadline, words.seconds(format.number(time.deadline))],
        ]}
      />
      <DataTable
        caption={words.noise}
        rows={channels}
        keyOf={(_, at) => `${at}`}
        columns={[
          { title: words.part, cell: ({ part }) => words.parts[part] ?? part },
          { title: words.of, cell: ({ outputs }) => outputs.join(', ') || '–' },
          { title: 'rho', right: true, cell: ({ rho, share }) => `${format.number(rho)} (${format.number(share)} %)` },
          {
            title: words.sensitivity,
            right: true,
            cell: ({ sensitivitySquared }) => format.number(sensitivitySquared),
          },
          {
            title: 'Sigma',
            right: true,
            cell: ({ sigma, epsilon }) => (sigma === undefined ? `epsilon ${epsilon ?? ''}` : format.number(sigma)),
          },
          { title: words.mechanism, cell: ({ mechanism }) => words.mechanisms[mechanism] },
        ]}
      />
      <Suggestions explained={explained} use={use} />
    </>
  )
}

function Suggestions({ explained, use }: { readonly explained: Explained; readonly use: (sql: string) => void }) {
  const words = useText(text)
  const format = useFormat()
  if (explained.suggestions.length === 0) return <p>{words.nothing}</p>
  return (
    <section aria-label={words.better}>
      <h2>{words.better}</h2>
      <ul className={styles.suggestions}>
        {explained.suggestions.map((one) => {
          const { kind, subject, at, sql, outputs, groups } = one
          const effects = outputs.map(({ output, before, after, times }) => {
            const [was, is] = [before, after].map((width) => (width === undefined ? undefined : format.number(width)))
            return times === undefined
              ? words.isWide(output, is ?? '')
              : words.less(output, format.number(times), was, is)
          })
          const fewer = groups ? [words.fewer(groups.before, groups.after)] : []
          return (
            <li key={`${kind} ${subject}`}>
              {words.changes[kind](subject, at ?? '')} {[...effects, ...fewer].join('; ')}
              {kind === 'clamp' ? ` ${words.clipped}` : ''}{' '}
              {sql === undefined ? null : (
                <Button size="compact-sm" variant="default" onClick={() => use(sql.trim())}>
                  {words.use}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const text = texts({
  en: {
    title: 'How this is computed',
    path: 'Path',
    paths: {
      records: 'from the stored whole record of each person; no row is read',
      flat: 'one pass over the rows; person by person only where a bound may act',
      'two-level': 'person by person',
    } as Record<string, string>,
    groups: 'Groups',
    declared: (n: number) => (n === 1 ? 'one answer for all' : `${n}, every declared one is shown, empty ones too`),
    openGroups: (threshold: string) => `those with at least ${threshold} noisy people`,
    loss: 'Privacy loss',
    lossIs: (rho: string, epsilon: string, delta: string) => `rho ${rho}, epsilon ${epsilon} at delta ${delta}`,
    time: 'The answer leaves',
    atOnce: 'as soon as it is ready',
    grid: (every: string, least: string) =>
      `at a whole multiple of ${every} s, at least ${least} s after its turn began`,
    deadline: 'Fails after',
    seconds: (n: string) => `${n} s`,
    noise: 'Noise of each released number',
    part: 'Number',
    of: 'For',
    parts: {
      persons: 'count of people',
      rows: 'count of rows',
      sum: 'sum',
      count: 'count of an average',
      centred: 'centred sum',
      squares: 'centred squares',
      distribution: 'distribution',
      distinct: 'different values',
      bound: 'bound of a sum',
    } as Record<string, string>,
    sensitivity: 'Sensitivity²',
    mechanism: 'Mechanism',
    mechanisms: { 'discrete Gaussian': 'discrete Gaussian', exponential: 'exponential' },
    better: 'More precise at the same price',
    nothing: 'More precise at the same price: no change was found.',
    changes: {
      'without-group': (key: string) => `Without the key “${key}”:`,
      alone: (output: string) => `“${output}” alone, with all of rho; the rest is a question of its own:`,
      'sum-instead': (output: string) => `SUM in place of AVG for “${output}”, one number instead of two:`,
      clamp: (output: string, at: string) => `Rows of “${output}” cut off at ${at}:`,
      'another-quantile': (output: string) => `Another quantile beside “${output}” costs nothing more.`,
      'average-too': (output: string) => `The average beside “${output}” costs nothing more.`,
    },
    less: (output: string, times: string, was: string | undefined, is: string | undefined) =>
      `the noise of “${output}” is ${times} times smaller${was && is ? `, ±${is} instead of ±${was}` : ''}`,
    isWide: (output: string, is: string) => `“${output}” is ±${is}`,
    fewer: (was: number, is: number) => `${is === 1 ? 'one group' : `${is} groups`} instead of ${was}`,
    clipped: 'What rows hold above is lost, which no interval shows.',
    use: 'Use this',
  },
  de: {
    title: 'Wie das berechnet wird',
    path: 'Weg',
    paths: {
      records: 'aus dem gespeicherten Gesamtsatz jeder Person; keine Zeile wird gelesen',
      flat: 'ein Durchgang durch die Zeilen; Person für Person nur, wo eine Grenze greifen kann',
      'two-level': 'Person für Person',
    } as Record<string, string>,
    groups: 'Gruppen',
    declared: (n: number) => (n === 1 ? 'eine Antwort für alle' : `${n}, jede vereinbarte wird gezeigt, auch leere`),
    openGroups: (threshold: string) => `die mit mindestens ${threshold} verrauschten Personen`,
    loss: 'Privatheitsverlust',
    lossIs: (rho: string, epsilon: string, delta: string) => `rho ${rho}, Epsilon ${epsilon} bei Delta ${delta}`,
    time: 'Die Antwort geht hinaus',
    atOnce: 'sobald sie fertig ist',
    grid: (every: string, least: string) =>
      `zu einem ganzen Vielfachen von ${every} s, frühestens ${least} s nachdem sie an der Reihe war`,
    deadline: 'Scheitert nach',
    seconds: (n: string) => `${n} s`,
    noise: 'Rauschen jeder veröffentlichten Zahl',
    part: 'Zahl',
    of: 'Für',
    parts: {
      persons: 'Anzahl der Personen',
      rows: 'Anzahl der Zeilen',
      sum: 'Summe',
      count: 'Anzahl eines Durchschnitts',
      centred: 'zentrierte Summe',
      squares: 'zentrierte Quadrate',
      distribution: 'Verteilung',
      distinct: 'verschiedene Werte',
      bound: 'Grenze einer Summe',
    } as Record<string, string>,
    sensitivity: 'Empfindlichkeit²',
    mechanism: 'Verfahren',
    mechanisms: { 'discrete Gaussian': 'diskrete Gauß-Verteilung', exponential: 'Exponentialverfahren' },
    better: 'Genauer zum selben Preis',
    nothing: 'Genauer zum selben Preis: Es wurde keine Änderung gefunden.',
    changes: {
      'without-group': (key: string) => `Ohne den Schlüssel „${key}“:`,
      alone: (output: string) => `„${output}“ allein, mit dem ganzen rho; der Rest ist eine eigene Frage:`,
      'sum-instead': (output: string) => `SUM statt AVG bei „${output}“, eine Zahl statt zweier:`,
      clamp: (output: string, at: string) => `Zeilen von „${output}“ bei ${at} gekappt:`,
      'another-quantile': (output: string) => `Ein weiteres Quantil neben „${output}“ kostet nichts zusätzlich.`,
      'average-too': (output: string) => `Der Durchschnitt neben „${output}“ kostet nichts zusätzlich.`,
    },
    less: (output: string, times: string, was: string | undefined, is: string | undefined) =>
      `das Rauschen von „${output}“ ist ${times}-mal kleiner${was && is ? `, ±${is} statt ±${was}` : ''}`,
    isWide: (output: string, is: string) => `„${output}“ ist ±${is}`,
    fewer: (was: number, is: number) => `${is === 1 ? 'eine Gruppe' : `${is} Gruppen`} statt ${was}`,
    clipped: 'Was Zeilen darüber enthalten, geht verloren; das zeigt kein Intervall.',
    use: 'Übernehmen',
  },
})
