import { Button } from '@mantine/core'
import { useState } from 'react'
import type { MoneyView } from '../../house/views/book-of-money.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded, Message } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { useRead } from './api.ts'
import { amountOf, microOf } from './exact.ts'
import { useAccountWords } from './words/accounts.ts'

/** S6: what is owed to whom, and does the book add up? */
export function Money() {
  const words = useText(text)
  const [before, setBefore] = useState<string | undefined>(undefined)
  const money = useRead<MoneyView>(`/v1/steward/money?limit=20${before === undefined ? '' : `&before=${before}`}`, {
    keep: true,
  })
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={money}>
        {(view) =>
          view.accounts.length === 0 && view.entries.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            <>
              <AddsUp view={view} />
              <Accounts view={view} />
              <Journal
                view={view}
                newest={before === undefined ? undefined : () => setBefore(undefined)}
                older={view.next === undefined ? undefined : () => setBefore(view.next)}
              />
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

/** Computed here from the balances: what came in from outside is what the other accounts hold together. */
function AddsUp({ view }: { readonly view: MoneyView }) {
  const words = useText(text)
  const format = useFormat()
  const sum = (kinds: readonly string[]): bigint =>
    view.accounts.filter((one) => kinds.includes(one.kind)).reduce((all, one) => all + microOf(one.amount), 0n)
  const say = (amount: bigint): string => format.money(amountOf(amount), view.currency, 6)
  const came = -sum(['outside'])
  const held = sum(['prepaid', 'pending', 'pool', 'share'])
  if (came !== held)
    return (
      <Message tone="stop" title={words.differs} live>
        <p>{words.differsBy(say(came), say(held), say(came > held ? came - held : held - came))}</p>
      </Message>
    )
  return (
    <Message tone="good" title={words.agrees(say(came))}>
      <p className="u-soft">
        {words.parts(say(sum(['prepaid'])), say(sum(['pending'])), say(sum(['pool'])), say(sum(['share'])))}
      </p>
    </Message>
  )
}

function Accounts({ view }: { readonly view: MoneyView }) {
  const words = useText(text)
  const format = useFormat()
  const say = useAccountWords()
  return (
    <Sheet title={words.accounts}>
      <DataTable
        caption={words.accountsCaption}
        rows={view.accounts}
        keyOf={(one) => one.account}
        columns={[
          { title: words.account, cell: (one) => <code>{one.account}</code> },
          { title: words.what, cell: (one) => say.account(one.account) },
          { title: words.balance, right: true, cell: (one) => format.money(one.amount, view.currency, 6) },
        ]}
      />
    </Sheet>
  )
}

function Journal({
  view,
  newest,
  older,
}: {
  readonly view: MoneyView
  readonly newest: (() => void) | undefined
  readonly older: (() => void) | undefined
}) {
  const words = useText(text)
  const format = useFormat()
  const say = useAccountWords()
  return (
    <Sheet title={words.journal}>
      <DataTable
        caption={words.journalCaption}
        rows={view.entries}
        keyOf={(one) => one.sequence}
        columns={[
          { title: words.when, cell: (one) => format.time(one.at) },
          {
            title: words.happened,
            cell: (one) => (
              <>
                {say.entry(one.kind)}
                <span className="u-soft u-small" style={{ display: 'block', overflowWrap: 'anywhere' }}>
                  {one.subject}
                </span>
              </>
            ),
          },
          {
            title: words.postings,
            right: true,
            cell: (one) =>
              byAccount(one.postings).map((posting) => (
                <span key={posting.account} style={{ display: 'block', overflowWrap: 'anywhere' }}>
                  <span className="u-soft u-small">{say.short(posting.account)}</span>{' '}
                  {posting.amount.startsWith('-') ? '' : '+'}
                  {format.money(posting.amount, view.currency, 6)}
                </span>
              )),
          },
        ]}
      />
      <div className="u-row">
        {newest === undefined ? null : (
          <Button size="xs" variant="default" onClick={newest}>
            {words.newest}
          </Button>
        )}
        {older === undefined ? null : (
          <Button size="xs" variant="default" onClick={older}>
            {words.older}
          </Button>
        )}
      </div>
    </Sheet>
  )
}

/** The postings of an entry, one line for each account. */
function byAccount(postings: MoneyView['entries'][number]['postings']): typeof postings {
  const sums = new Map<string, bigint>()
  for (const { account, amount } of postings) sums.set(account, (sums.get(account) ?? 0n) + microOf(amount))
  return [...sums].map(([account, amount]) => ({ account, amount: amountOf(amount) }))
}

const text = texts({
  en: {
    title: 'Money',
    lead: 'What is owed to whom, and does the book add up?',
    none: 'The book is empty',
    noneWhy: 'It begins with the first payment of a buyer.',
    agrees: (amount: string) => `Money in equals money out plus money held: ${amount}`,
    parts: (prepaid: string, pending: string, pool: string, shares: string) =>
      `Came in from outside, less what was paid out; the same is held as ${prepaid} prepaid by buyers, ${pending} on hold, ${pool} owed to customers, and ${shares} shares of the house. Reckoned on this page from the balances below.`,
    differs: 'The book does not add up',
    differsBy: (came: string, held: string, gap: string) =>
      `${came} came in from outside, less what was paid out, but ${held} is held: ${gap} apart. Run usufruct doctor on the machine of the house.`,
    accounts: 'Accounts',
    accountsCaption: 'Balances now',
    account: 'Account',
    what: 'What it is',
    balance: 'Balance',
    journal: 'Entries',
    journalCaption: 'Newest first. The postings of each entry add up to nought.',
    when: 'When',
    happened: 'What happened',
    postings: 'Postings',
    newest: 'Newest',
    older: 'Older entries',
  },
  de: {
    title: 'Geld',
    lead: 'Was ist wem geschuldet, und geht das Buch auf?',
    none: 'Das Buch ist leer',
    noneWhy: 'Es beginnt mit der ersten Zahlung eines Käufers.',
    agrees: (amount: string) => `Eingenommenes gleich Ausgezahltes plus Gehaltenes: ${amount}`,
    parts: (prepaid: string, pending: string, pool: string, shares: string) =>
      `Kam von außen herein, abzüglich dessen, was ausgezahlt wurde; dasselbe wird gehalten als ${prepaid} vorausbezahlt von Käufern, ${pending} vorgemerkt, ${pool} den Kunden geschuldet und ${shares} Anteile des Hauses. Auf dieser Seite aus den Ständen unten berechnet.`,
    differs: 'Das Buch geht nicht auf',
    differsBy: (came: string, held: string, gap: string) =>
      `${came} kam von außen herein, abzüglich des Ausgezahlten, gehalten wird aber ${held}: ${gap} Unterschied. Führen Sie usufruct doctor auf dem Rechner des Hauses aus.`,
    accounts: 'Konten',
    accountsCaption: 'Stände jetzt',
    account: 'Konto',
    what: 'Was es ist',
    balance: 'Stand',
    journal: 'Buchungen',
    journalCaption: 'Neueste zuerst. Die Posten jeder Buchung ergeben zusammen null.',
    when: 'Wann',
    happened: 'Was geschah',
    postings: 'Posten',
    newest: 'Neueste',
    older: 'Ältere Buchungen',
  },
})
