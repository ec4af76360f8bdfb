import { Button, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { StewardHomeView } from '../../house/views/steward-home.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { LastStep } from '../ui/last-step.tsx'
import { Facts, Page, Sheet } from '../ui/page.tsx'
import { Sections } from '../ui/sections.tsx'
import { Empty, Failure, Loaded, Message } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { type Period, useAct, useRead } from './api.ts'
import { usePurpose } from './words/purposes.ts'

export function SetUpSections() {
  const words = useText(text)
  return (
    <Sections
      label={words.setUp}
      places={[
        { to: '/steward/set-up', label: words.title, exact: true },
        { to: '/steward/set-up/answers', label: words.answers },
        { to: '/steward/set-up/keys', label: words.keys },
        { to: '/steward/set-up/links', label: words.links },
      ]}
    />
  )
}

/** Periods: while one is open its rate and its bounds of how many said yes are fixed. */
export function Periods() {
  const words = useText(text)
  const home = useRead<StewardHomeView>('/v1/steward/home')
  const periods = useRead<{ readonly periods: readonly Period[] }>('/v1/periods')
  return (
    <Page title={words.title} lead={words.lead}>
      <SetUpSections />
      <Loaded query={home}>{(data) => <Now home={data} periods={periods.data?.periods ?? []} />}</Loaded>
      <Loaded query={periods}>
        {(data) =>
          data.periods.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            <History periods={data.periods} currency={home.data?.house.currency ?? ''} />
          )
        }
      </Loaded>
    </Page>
  )
}

function Now({ home, periods }: { readonly home: StewardHomeView; readonly periods: readonly Period[] }) {
  const words = useText(text)
  const format = useFormat()
  const open = useAct<{ readonly rate: string; readonly days: number }, Period>((body) => ({
    path: '/v1/periods',
    method: 'POST',
    body,
  }))
  const close = useAct<void, Period>(() => ({ path: '/v1/periods/close', method: 'POST', body: {} }))
  const now = periods.find((one) => one.id === home.period?.id)
  return (
    <>
      {home.period === undefined ? (
        <OpenForm house={home.house} newest={periods[0]} pending={open.isPending} onOpen={open.mutate} />
      ) : (
        <Sheet title={words.openNow}>
          <Facts
            items={[
              [words.opened, format.time(home.period.openedAt)],
              [words.ends, format.time(home.period.endsAt)],
              ...(now === undefined
                ? []
                : [
                    [words.rate, words.perMilliRho(format.money(now.ratePerMilliRho, home.house.currency, 6))] as const,
                  ]),
            ]}
          />
          <div>
            <LastStep
              label={words.close}
              means={<p>{words.closeMeans}</p>}
              action={words.closeNow}
              pending={close.isPending}
              onConfirm={() => close.mutate()}
            />
          </div>
        </Sheet>
      )}
      {open.isError ? <Failure cause={open.error} /> : null}
      {open.isSuccess && home.period !== undefined ? (
        <Message tone="good" title={words.isOpen(format.time(open.data.endsAt))} live>
          <p className="u-soft">{words.isOpenWhy}</p>
        </Message>
      ) : null}
      {close.isError ? <Failure cause={close.error} /> : null}
      {close.isSuccess && home.period === undefined ? (
        <Message tone="good" title={words.isClosed} live>
          <p className="u-soft">{words.isClosedWhy}</p>
        </Message>
      ) : null}
    </>
  )
}

function OpenForm({
  house,
  newest,
  pending,
  onOpen,
}: {
  readonly house: StewardHomeView['house']
  readonly newest: Period | undefined
  readonly pending: boolean
  readonly onOpen: (wish: { readonly rate: string; readonly days: number }) => void
}) {
  const words = useText(text)
  const format = useFormat()
  const { rateLadder } = house
  const usual = newest?.ratePerMilliRho ?? rateLadder[Math.floor(rateLadder.length / 2)] ?? ''
  const [rate, setRate] = useState(usual)
  const [days, setDays] = useState(String(house.periodDays))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onOpen({ rate, days: Number(days) })
  }
  return (
    <Sheet title={words.openOne}>
      <p>{words.openMeans}</p>
      <form className="u-stack" onSubmit={submit}>
        <div className="u-fields">
          <NativeSelect
            label={words.rate}
            value={rate}
            data={rateLadder.map((one) => ({
              value: one,
              label: words.perMilliRho(format.money(one, house.currency, 6)),
            }))}
            onChange={(event) => setRate(event.currentTarget.value)}
          />
          <TextInput
            label={words.days}
            type="number"
            min={1}
            max={92}
            required
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" loading={pending}>
          {words.openOne}
        </Button>
      </form>
    </Sheet>
  )
}

function History({ periods, currency }: { readonly periods: readonly Period[]; readonly currency: string }) {
  const words = useText(text)
  const format = useFormat()
  const purpose = usePurpose()
  const purposes = [...new Set(periods.flatMap((one) => Object.keys(one.upperBounds)))]
  return (
    <Sheet title={words.history}>
      <DataTable
        caption={words.historyCaption}
        rows={periods}
        keyOf={(one) => one.id}
        columns={[
          { title: words.opened, cell: (one) => format.day(one.openedAt) },
          { title: words.ended, cell: (one) => format.day(one.closedAt ?? one.endsAt) },
          { title: words.rate, right: true, cell: (one) => format.money(one.ratePerMilliRho, currency, 6) },
          ...purposes.map((id) => ({
            title: purpose(id),
            right: true,
            cell: (one: Period) => {
              const bound = one.upperBounds[id]
              return bound === undefined ? '–' : `≤ ${format.number(bound)}`
            },
          })),
        ]}
      />
    </Sheet>
  )
}

const text = texts({
  en: {
    setUp: 'Set-up',
    title: 'Periods',
    answers: 'Answers',
    keys: 'Keys',
    links: 'Sign-in links',
    lead: 'While a period is open, what an answer pays and the bounds of how many said yes are fixed. New choices join with the next one.',
    none: 'No period was opened yet',
    noneWhy: 'Questions are answered while a period is open.',
    openNow: 'The open period',
    opened: 'Opened',
    ends: 'Ends',
    ended: 'Ended or ends',
    rate: 'Rate for each customer',
    perMilliRho: (amount: string) => `${amount} per milli-rho`,
    close: 'Close the period',
    closeMeans:
      'Until another period is opened nothing is answered. A closed period is not opened again: the next one counts anew, which costs the privacy budget of the house a little.',
    closeNow: 'Close it now',
    isClosed: 'The period is closed',
    isClosedWhy: 'Nothing is answered until the next one is opened.',
    openOne: 'Open a period',
    openMeans:
      'Choices made since the last period join. How many said yes is counted once, with noise, and published; the steward pays the customers for that count.',
    days: 'Days',
    isOpen: (until: string) => `A period is open until ${until}`,
    isOpenWhy: 'Its rate and bounds stand in the public log.',
    history: 'All periods',
    historyCaption: 'Newest first; for each purpose the published noisy upper bound of how many said yes',
  },
  de: {
    setUp: 'Einrichtung',
    title: 'Zeiträume',
    answers: 'Antworten',
    keys: 'Schlüssel',
    links: 'Anmeldelinks',
    lead: 'Solange ein Zeitraum offen ist, stehen fest, was eine Antwort einbringt und höchstens wie viele Ja sagten. Neue Entscheidungen kommen mit dem nächsten dazu.',
    none: 'Noch wurde kein Zeitraum eröffnet',
    noneWhy: 'Fragen werden beantwortet, solange ein Zeitraum offen ist.',
    openNow: 'Der offene Zeitraum',
    opened: 'Eröffnet',
    ends: 'Endet',
    ended: 'Ende',
    rate: 'Satz je Kunde',
    perMilliRho: (amount: string) => `${amount} je Milli-Rho`,
    close: 'Zeitraum schließen',
    closeMeans:
      'Bis ein neuer Zeitraum eröffnet ist, wird nichts beantwortet. Ein geschlossener wird nicht wieder geöffnet: Der nächste zählt neu, was etwas vom Datenschutzbudget des Hauses kostet.',
    closeNow: 'Jetzt schließen',
    isClosed: 'Der Zeitraum ist geschlossen',
    isClosedWhy: 'Bis zum nächsten wird nichts beantwortet.',
    openOne: 'Zeitraum eröffnen',
    openMeans:
      'Entscheidungen seit dem letzten Zeitraum kommen dazu. Wie viele Ja sagten, wird einmal gezählt, verrauscht und veröffentlicht; die Verwaltung bezahlt die Kunden für diese Zählung.',
    days: 'Tage',
    isOpen: (until: string) => `Ein Zeitraum ist offen bis ${until}`,
    isOpenWhy: 'Satz und Obergrenzen stehen im öffentlichen Protokoll.',
    history: 'Alle Zeiträume',
    historyCaption: 'Neueste zuerst; je Zweck die veröffentlichte verrauschte Obergrenze, wie viele Ja sagten',
  },
})
