import { Button } from '@mantine/core'
import { useState } from 'react'
import type { EarnedLine, EstimateLine, MyMoney } from '../../house/views/money.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Details, Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { milli } from './calculation.tsx'
import { usePurposeWords } from './purpose.ts'
import { useMoney } from './queries.ts'

/** What did I earn, how is it computed, and when is it paid? The estimate comes first. */
export function Screen() {
  const words = useText(text)
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={useMoney()}>
        {(money) => (
          <>
            <Estimated money={money} />
            <Earned money={money} />
            <PaidOut money={money} />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Estimated({ money: { estimated, currency } }: { readonly money: MyMoney }) {
  const words = useText(text)
  const format = useFormat()
  const purposes = usePurposeWords()
  const about = ({ about }: EstimateLine) =>
    about.kind === 'budget'
      ? words.budget(about.title)
      : about.kind === 'answers'
        ? words.answers(Number(about.count), purposes(about.purpose).title)
        : words.headCounts(Number(about.count))
  const none = estimated.purposes.length === 0
  return (
    <Sheet title={words.estimated}>
      {none ? (
        <p>{words.noEstimate}</p>
      ) : (
        <>
          <p>
            {words.range(format.money(estimated.low, currency), format.money(estimated.high, currency))}{' '}
            <span className="u-soft">{words.mayBe}</span>
          </p>
          <Details summary={words.how}>
            <p className="u-small">{words.method}</p>
            <DataTable
              caption={words.estimateLines}
              rows={estimated.lines}
              keyOf={(_line, index) => String(index)}
              columns={[
                { title: words.what, cell: about },
                { title: words.bound, cell: (line) => words.bounds[line.bound] },
                { title: words.loss, right: true, cell: (line) => format.number(milli(line.rho)) },
                { title: words.amount, right: true, cell: (line) => format.money(line.amount, currency, 4) },
              ]}
            />
          </Details>
        </>
      )}
    </Sheet>
  )
}

const few = 12

function Earned({ money: { earned, currency } }: { readonly money: MyMoney }) {
  const words = useText(text)
  const format = useFormat()
  const purposes = usePurposeWords()
  const [all, showAll] = useState(false)
  const lines = all ? earned.lines : earned.lines.slice(0, few)
  const left = earned.lines.length - lines.length
  return (
    <Sheet title={words.earned}>
      <p>
        <strong className="u-number">{format.money(earned.amount, currency)}</strong>{' '}
        <span className="u-soft u-small">{words.exactly(format.money(earned.amount, currency, 12))}</span>
      </p>
      {earned.lines.length === 0 ? (
        <Empty title={words.nothing}>
          <p>{words.nothingWhy}</p>
        </Empty>
      ) : (
        <Details summary={words.lines(earned.lines.length)}>
          <p className="u-small">{words.linesWhat}</p>
          <DataTable
            caption={words.earnedLines}
            rows={lines}
            keyOf={(line: EarnedLine) => line.release}
            columns={[
              { title: words.day, cell: (line) => format.day(line.at) },
              { title: words.buyer, cell: (line) => line.buyer },
              {
                title: words.purpose,
                cell: (line) => (line.purpose === '' ? words.headCount : purposes(line.purpose).title),
              },
              {
                title: words.rate,
                right: true,
                cell: (line) => format.money(line.ratePerMilliRho, currency, 6),
              },
              { title: words.loss, right: true, cell: (line) => `× ${format.number(milli(line.rho))}` },
              { title: words.amount, right: true, cell: (line) => `= ${format.money(line.amount, currency, 12)}` },
            ]}
          />
          {left > 0 ? (
            <Button variant="default" size="xs" onClick={() => showAll(true)} style={{ justifySelf: 'start' }}>
              {words.rest(left)}
            </Button>
          ) : null}
        </Details>
      )}
    </Sheet>
  )
}

function PaidOut({ money: { payable, paid, currency } }: { readonly money: MyMoney }) {
  const words = useText(text)
  const format = useFormat()
  return (
    <Sheet title={words.payment}>
      <Details summary={words.payable(format.money(payable.amount, currency))}>
        <p>
          {Number(payable.amount) > 0 ? words.payableNow : words.payableFrom(format.money(payable.least, currency))}
        </p>
      </Details>
      <Details summary={words.paid(format.money(paid.amount, currency))}>
        <p>{words.paidWhy}</p>
      </Details>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Money',
    lead: 'What your data may pay, what they paid, and how each figure is computed.',
    estimated: 'Estimated for a year',
    noEstimate: 'You allow no use, so nothing is earned.',
    range: (low: string, high: string) => `Between ${low} and ${high}.`,
    mayBe: 'It may be less, and it may be nothing.',
    how: 'How this is estimated',
    method:
      'Low: what the answers of the last 365 days paid each person who allowed what you allow all the time. High: what there would be if every privacy budget were used up at today’s rate, within your limit. Both come from public facts alone.',
    estimateLines: 'The lines of the estimate',
    budget: (title: string) => `Privacy budget of ${title} for a year, at today’s rate`,
    answers: (count: number, purpose: string) =>
      `${count} ${count === 1 ? 'answer' : 'answers'} for ${purpose} in the last 365 days`,
    headCounts: (count: number) =>
      `${count} ${count === 1 ? 'count' : 'counts'} of how many people say yes, in the last 365 days`,
    what: 'What',
    bound: 'Counts for',
    bounds: { low: 'low', high: 'high' },
    loss: 'Thousandths of rho',
    amount: 'Amount',
    earned: 'Earned',
    exactly: (amount: string) => `(exactly ${amount})`,
    nothing: 'Nothing earned yet',
    nothingWhy: 'Each answer that includes you adds a line.',
    lines: (count: number) => `How it adds up (${count} ${count === 1 ? 'line' : 'lines'})`,
    linesWhat:
      'Each line is the rate for a thousandth of rho, times the privacy loss of that answer. The lines add up to the amount.',
    earnedLines: 'What was earned, newest first',
    day: 'Day',
    buyer: 'Who asked',
    purpose: 'For',
    headCount: 'Count of the house',
    rate: 'Rate',
    rest: (count: number) => `Show the other ${count}`,
    payment: 'Payment',
    payable: (amount: string) => `Payable: ${amount}`,
    payableNow: 'What you earned and nobody has paid out yet. Leaving does not take it away.',
    payableFrom: (least: string) =>
      `Payable from ${least} on, the least that is paid out at once. What you earned until then stays yours.`,
    paid: (amount: string) => `Paid: ${amount}`,
    paidWhy: 'Nothing has been paid out yet: this house keeps the account and has not begun to pay out.',
  },
  de: {
    title: 'Geld',
    lead: 'Was Ihre Daten einbringen können, was sie eingebracht haben, und wie jede Zahl berechnet ist.',
    estimated: 'Geschätzt für ein Jahr',
    noEstimate: 'Sie erlauben keinen Zweck, also wird nichts verdient.',
    range: (low: string, high: string) => `Zwischen ${low} und ${high}.`,
    mayBe: 'Es kann weniger sein, auch nichts.',
    how: 'Wie das geschätzt ist',
    method:
      'Unten: was die Antworten der letzten 365 Tage jeder Person zahlten, die durchgehend dasselbe erlaubt hat wie Sie. Oben: was es gäbe, wenn jedes Privatheitsbudget zum heutigen Satz aufgebraucht würde, innerhalb Ihrer Grenze. Beides folgt allein aus öffentlichen Tatsachen.',
    estimateLines: 'Die Zeilen der Schätzung',
    budget: (title: string) => `Privatheitsbudget von ${title} für ein Jahr, zum heutigen Satz`,
    answers: (count: number, purpose: string) =>
      `${count} ${count === 1 ? 'Antwort' : 'Antworten'} für ${purpose} in den letzten 365 Tagen`,
    headCounts: (count: number) =>
      `${count} ${count === 1 ? 'Zählung' : 'Zählungen'} derer, die Ja sagen, in den letzten 365 Tagen`,
    what: 'Was',
    bound: 'Zählt für',
    bounds: { low: 'unten', high: 'oben' },
    loss: 'Tausendstel Rho',
    amount: 'Betrag',
    earned: 'Verdient',
    exactly: (amount: string) => `(genau ${amount})`,
    nothing: 'Noch nichts verdient',
    nothingWhy: 'Jede Antwort, die Sie einschließt, fügt eine Zeile hinzu.',
    lines: (count: number) => `Wie es sich zusammensetzt (${count} ${count === 1 ? 'Zeile' : 'Zeilen'})`,
    linesWhat:
      'Jede Zeile ist der Satz für ein Tausendstel Rho mal den Privatheitsverlust dieser Antwort. Die Zeilen ergeben zusammen den Betrag.',
    earnedLines: 'Was verdient wurde, Neuestes zuerst',
    day: 'Tag',
    buyer: 'Wer fragte',
    purpose: 'Für',
    headCount: 'Zählung des Hauses',
    rate: 'Satz',
    rest: (count: number) => `Die übrigen ${count} zeigen`,
    payment: 'Auszahlung',
    payable: (amount: string) => `Auszahlbar: ${amount}`,
    payableNow: 'Was Sie verdient haben und noch niemand ausgezahlt hat. Wer geht, verliert es nicht.',
    payableFrom: (least: string) =>
      `Auszahlbar ab ${least}, dem Mindestbetrag einer Auszahlung. Was Sie bis dahin verdienen, bleibt Ihres.`,
    paid: (amount: string) => `Ausgezahlt: ${amount}`,
    paidWhy: 'Noch wurde nichts ausgezahlt: Dieses Haus führt das Konto und hat mit Auszahlungen nicht begonnen.',
  },
})
