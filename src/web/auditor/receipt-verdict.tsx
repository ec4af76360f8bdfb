import { Link } from '@tanstack/react-router'
import type { AnswerCell, AnswerDocument } from '../../release/document.ts'
import type { ObjectValue } from '../../verify/index.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Checks } from '../ui/checks.tsx'
import { Code, Details, Facts, Sheet } from '../ui/page.tsx'
import { Message } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { QualityWord, Value } from '../ui/value.tsx'
import { type Found, partOf } from './verdict.ts'

/** What a receipt says, and whether to believe it: that first. */
export function ReceiptVerdict({ found, name }: { readonly found: Found; readonly name?: string | undefined }) {
  const words = useText(text)
  const failing = found.checks.filter((check) => !check.holds).length
  return (
    <>
      <Message
        tone={found.valid ? 'good' : 'stop'}
        title={found.valid ? words.valid : words.invalid(failing, found.checks.length)}
        live
      >
        <p>
          {name === undefined ? null : <code>{name}: </code>}
          {found.valid ? words.validWhy : words.invalidWhy}
        </p>
      </Message>
      <Sheet title={words.checks}>
        <Checks checks={found.checks} label={words.checks} />
      </Sheet>
      {found.valid ? (
        <Said found={found} />
      ) : (
        <Details summary={words.saysUnproved}>
          <Said found={found} />
        </Details>
      )}
    </>
  )
}

function Said({ found }: { readonly found: Found }) {
  if (found.kind === 'consent') return found.consent === undefined ? null : <Decision consent={found.consent} />
  return found.release === undefined ? null : <Answer text={found.text} release={found.release} valid={found.valid} />
}

function Answer({
  text: receipt,
  release,
  valid,
}: {
  readonly text: string
  readonly release: ObjectValue
  readonly valid: boolean
}) {
  const words = useText(text)
  const format = useFormat()
  // Hostile input: a receipt that did not verify may hold anything, so every member is looked at before it is shown.
  const answer = partOf(receipt, 'answer') as unknown as Partial<AnswerDocument>
  const id = typeof release.id === 'string' ? release.id : ''
  return (
    <Sheet title={words.answerTitle}>
      {typeof answer.sql === 'string' ? <Code>{answer.sql}</Code> : null}
      <AnswerTable answer={answer} />
      <Facts
        items={[
          [
            words.release,
            valid ? (
              <Link key="id" to="/verify/releases/$id" params={{ id }}>
                {id}
              </Link>
            ) : (
              id
            ),
          ],
          [words.purpose, shown(release.purpose)],
          [words.at, typeof release.chargedAt === 'string' && valid ? format.time(release.chargedAt, true) : '–'],
        ]}
      />
      {valid && Array.isArray(answer.notes) ? (
        <ul className="u-small">
          {answer.notes.map((note) => (
            <li key={note} lang="en">
              {note}
            </li>
          ))}
        </ul>
      ) : null}
    </Sheet>
  )
}

const mostRows = 200

function AnswerTable({ answer }: { readonly answer: Partial<AnswerDocument> }) {
  const words = useText(text)
  const format = useFormat()
  const table = tableOf(answer)
  if (table === undefined) return <Message>{words.noTable}</Message>
  const { columns, rows } = table
  return (
    <DataTable
      caption={rows.length > mostRows ? words.firstRows(format.number(mostRows)) : words.rows}
      rows={rows.slice(0, mostRows)}
      keyOf={(_, index) => `${index}`}
      columns={columns.map((column, at) => ({
        title: column.name,
        right: column.kind === 'value',
        cell: (row: readonly AnswerCell[]) => {
          const cell = row[at]
          if (cell === undefined) return null
          if (column.kind === 'group') return cell.value ?? words.without
          return (
            <>
              {cell.value === null || number.test(cell.value) ? (
                <Value value={cell.value} low={cell.low} high={cell.high} />
              ) : (
                cell.value
              )}{' '}
              <QualityWord word={cell.word} />
            </>
          )
        },
      }))}
    />
  )
}

const number = /^-?\d{1,40}(\.\d{1,40})?$/

/** The table of an answer where it is one; every cell is looked at. */
function tableOf({ columns, rows }: Partial<AnswerDocument>): Pick<AnswerDocument, 'columns' | 'rows'> | undefined {
  if (!Array.isArray(columns) || !Array.isArray(rows)) return undefined
  const whole =
    columns.every((column) => typeof column?.name === 'string' && ['group', 'value'].includes(column.kind)) &&
    rows.every((row) => Array.isArray(row) && row.length === columns.length && row.every(isCell))
  return whole ? { columns, rows } : undefined
}

/** A group's value is any text; intervals are decimals, and a value that has one is one too. */
function isCell(cell: unknown): boolean {
  const { value, low, high, word } = (cell ?? {}) as Record<string, unknown>
  const ends = [low, high].every((one) => one === undefined || number.test(String(one)))
  return ends && (value === null || typeof value === 'string') && (word === undefined || typeof word === 'string')
}

function Decision({ consent }: { readonly consent: ObjectValue }) {
  const words = useText(text)
  const part = (name: string): ObjectValue => {
    const value = consent[name]
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ObjectValue) : {}
  }
  const status = shown(part('event').status)
  const notice = part('privacy_notice')
  return (
    <Sheet title={words.decisionTitle}>
      <Facts
        items={[
          [words.decided, words.states[status as keyof typeof words.states] ?? status],
          [words.purpose, shown(part('purpose').id)],
          [words.at, shown(part('event').event_time)],
          [words.notice, [notice.id, notice.version, notice.language].map(shown).join(' · ')],
          [words.controller, shown(part('pii_controller').name ?? consent.pii_controller)],
          [words.person, shown(consent.pii_principal_id)],
        ]}
      />
      <p className="u-small u-soft">{words.decisionWhy}</p>
    </Sheet>
  )
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value.slice(0, 500) : value === undefined ? '–' : JSON.stringify(value).slice(0, 500)

const text = texts({
  en: {
    valid: 'The receipt is true',
    validWhy: 'Every check holds. This browser has done them all; nobody had to be believed but the key of the log.',
    invalid: (failing: number, all: number) => `Do not believe this receipt: ${failing} of ${all} checks fail`,
    invalidWhy: 'It was changed after the log signed, it is not whole, or it belongs to another log.',
    checks: 'What was checked',
    saysUnproved: 'What it says all the same, unproved',
    answerTitle: 'Question and answer',
    noTable: 'The receipt holds no table of values.',
    rows: 'The answer; each value with the interval in which it lies at 95 %',
    firstRows: (count: string) => `The first ${count} rows; each value with the interval in which it lies at 95 %`,
    without: 'none',
    release: 'Release',
    purpose: 'Purpose',
    at: 'When',
    decisionTitle: 'The decision',
    decided: 'Decided',
    states: {
      given: 'consent given',
      refused: 'consent refused',
      withdrawn: 'consent withdrawn',
      revoked: 'consent revoked',
      expired: 'consent expired',
    } as Readonly<Record<string, string>>,
    notice: 'After reading the notice',
    controller: 'Towards',
    person: 'Person (as the house names them)',
    decisionWhy:
      'It proves that the house recorded this decision, not that it is the newest: compare with the history under “My data”.',
  },
  de: {
    valid: 'Der Beleg ist wahr',
    validWhy:
      'Jede Prüfung stimmt. Dieser Browser hat sie alle vorgenommen; geglaubt werden musste nur der Schlüssel des Protokolls.',
    invalid: (failing: number, all: number) =>
      `Glauben Sie diesem Beleg nicht: ${failing} von ${all} Prüfungen stimmen nicht`,
    invalidWhy:
      'Er wurde nach der Unterschrift verändert, ist nicht vollständig oder gehört zu einem anderen Protokoll.',
    checks: 'Was geprüft wurde',
    saysUnproved: 'Was er trotzdem sagt, unbewiesen',
    answerTitle: 'Frage und Antwort',
    noTable: 'Der Beleg enthält keine Tabelle mit Werten.',
    rows: 'Die Antwort; jeder Wert mit dem Bereich, in dem er zu 95 % liegt',
    firstRows: (count: string) => `Die ersten ${count} Zeilen; jeder Wert mit dem Bereich, in dem er zu 95 % liegt`,
    without: 'ohne',
    release: 'Auskunft',
    purpose: 'Zweck',
    at: 'Wann',
    decisionTitle: 'Die Entscheidung',
    decided: 'Entschieden',
    states: {
      given: 'eingewilligt',
      refused: 'abgelehnt',
      withdrawn: 'widerrufen',
      revoked: 'aufgehoben',
      expired: 'abgelaufen',
    } as Readonly<Record<string, string>>,
    notice: 'Nach Lesen des Hinweises',
    controller: 'Gegenüber',
    person: 'Person (wie das Haus sie nennt)',
    decisionWhy:
      'Bewiesen ist, dass das Haus diese Entscheidung verzeichnet hat, nicht, dass sie die neueste ist: Vergleichen Sie mit dem Verlauf unter „Meine Daten“.',
  },
})
