import { Button, NativeSelect, TextInput } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Facts, Page, Sheet } from '../ui/page.tsx'
import { Empty, Failure, Loaded, Message } from '../ui/states.tsx'
import { type Buyer, type Contract, useAct, useRead } from './api.ts'
import { useCurrency } from './buyers.tsx'
import { usePurpose } from './words/purposes.ts'

/** One buyer: what it is approved for, its money, and both of the things that a steward does for it. */
export function BuyerScreen() {
  const words = useText(text)
  const { buyer: id } = useParams({ from: '/steward/buyers/$buyer' })
  const buyers = useRead<{ readonly buyers: readonly Buyer[] }>('/v1/buyers')
  const buyer = buyers.data?.buyers.find((one) => one.id === id)
  return (
    <Page title={buyer?.name ?? id} lead={words.lead}>
      <Link to="/steward/buyers">{words.back}</Link>
      <Loaded query={buyers}>
        {() =>
          buyer === undefined ? (
            <Empty title={words.unknown(id)}>{words.unknownWhy}</Empty>
          ) : (
            <>
              <Standing buyer={buyer} />
              <Approve buyer={buyer} />
              <Fund buyer={buyer} />
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function Standing({ buyer }: { readonly buyer: Buyer }) {
  const words = useText(text)
  const format = useFormat()
  const purpose = usePurpose()
  const currency = useCurrency()
  return (
    <Sheet>
      <Facts
        items={[
          [words.id, <code key="id">{buyer.id}</code>],
          [words.approved, buyer.purposes.length === 0 ? words.notApproved : format.list(buyer.purposes.map(purpose))],
          [words.prepaid, format.money(buyer.prepaid, currency)],
          [words.pending, format.money(buyer.pending, currency)],
        ]}
      />
    </Sheet>
  )
}

function Approve({ buyer }: { readonly buyer: Buyer }) {
  const words = useText(text)
  const purpose = usePurpose()
  const contracts = useRead<{ readonly contracts: readonly Contract[] }>('/v1/contracts')
  const [chosen, setChosen] = useState('')
  const approve = useAct<string, Buyer>((one) => ({
    path: `/v1/buyers/${encodeURIComponent(buyer.id)}/approvals`,
    method: 'POST',
    body: { purpose: one },
  }))
  const offered = [...new Set(contracts.data?.contracts.flatMap((one) => one.purposes) ?? [])]
  const open = offered.filter((one) => !buyer.purposes.includes(one))
  const value = open.includes(chosen) ? chosen : (open[0] ?? '')
  return (
    <Sheet title={words.approve}>
      <p>{words.approveMeans}</p>
      {contracts.isError ? <Failure cause={contracts.error} /> : null}
      {contracts.isSuccess && open.length === 0 ? (
        <p className="u-soft">{offered.length === 0 ? words.noPurpose : words.allApproved}</p>
      ) : (
        <form
          className="u-row"
          style={{ alignItems: 'end' }}
          onSubmit={(event) => {
            event.preventDefault()
            approve.mutate(value)
          }}
        >
          <NativeSelect
            label={words.purpose}
            value={value}
            data={open.map((one) => ({ value: one, label: purpose(one) }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={approve.isPending} disabled={value === ''}>
            {words.approve}
          </Button>
        </form>
      )}
      {approve.isError ? <Failure cause={approve.error} /> : null}
      {approve.isSuccess ? (
        <Message tone="good" title={words.approvedNow(buyer.name, purpose(approve.variables))} live />
      ) : null}
    </Sheet>
  )
}

function Fund({ buyer }: { readonly buyer: Buyer }) {
  const words = useText(text)
  const format = useFormat()
  const currency = useCurrency()
  const [amount, setAmount] = useState('')
  const [reference, setReference] = useState('')
  const fund = useAct<{ readonly amount: string; readonly reference: string }, Buyer>((body) => ({
    path: `/v1/buyers/${encodeURIComponent(buyer.id)}/funds`,
    method: 'POST',
    body,
  }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // Germans write a comma; the books read a point.
    fund.mutate({ amount: amount.trim().replace(/^(\d+),(\d+)$/, '$1.$2'), reference: reference.trim() })
  }
  return (
    <Sheet title={words.fund}>
      <p>{words.fundMeans}</p>
      <form className="u-stack" onSubmit={submit}>
        <div className="u-fields">
          <TextInput
            label={words.amount(currency)}
            required
            inputMode="decimal"
            value={amount}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
          <TextInput
            label={words.reference}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            description={words.referenceWhat}
            required
            maxLength={200}
            value={reference}
            onChange={(event) => setReference(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" loading={fund.isPending}>
          {words.fund}
        </Button>
      </form>
      {fund.isError ? <Failure cause={fund.error} /> : null}
      {fund.isSuccess ? (
        <Message tone="good" title={words.funded(buyer.name, format.money(fund.data.prepaid, currency))} live>
          <p className="u-soft">{words.fundedWhy(fund.variables.reference)}</p>
        </Message>
      ) : null}
    </Sheet>
  )
}

const text = texts({
  en: {
    lead: 'What this buyer may ask for, and with which money.',
    back: 'All buyers',
    unknown: (id: string) => `There is no buyer ${id}`,
    unknownWhy: 'Add one on the list of buyers.',
    id: 'Short name',
    approved: 'Approved for',
    notApproved: 'nothing yet: every question is refused',
    prepaid: 'Prepaid',
    pending: 'On hold for answers under way',
    approve: 'Approve a purpose',
    approveMeans: 'The buyer may then ask for this purpose. Answers count only customers who said yes to it.',
    purpose: 'Purpose',
    noPurpose: 'No contract is in force, so there is no purpose to approve.',
    allApproved: 'Approved for every purpose that the contracts offer.',
    approvedNow: (name: string, purpose: string) => `${name} is approved for ${purpose}`,
    fund: 'Record a payment',
    fundMeans: 'Money that has arrived from outside is written into the book and can be spent on answers.',
    amount: (currency: string) => `Amount${currency === '' ? '' : ` in ${currency}`}`,
    reference: 'Reference of the payment',
    referenceWhat: 'For example of the bank transfer. The same reference counts once, however often it is sent.',
    funded: (name: string, prepaid: string) => `${name} has ${prepaid} prepaid now`,
    fundedWhy: (reference: string) => `The payment “${reference}” stands in the book of money, once.`,
  },
  de: {
    lead: 'Wozu dieser Käufer fragen darf, und mit welchem Geld.',
    back: 'Alle Käufer',
    unknown: (id: string) => `Es gibt keinen Käufer ${id}`,
    unknownWhy: 'Tragen Sie ihn in der Liste der Käufer ein.',
    id: 'Kurzname',
    approved: 'Zugelassen für',
    notApproved: 'noch nichts: Jede Frage wird abgelehnt',
    prepaid: 'Vorausbezahlt',
    pending: 'Vorgemerkt für laufende Antworten',
    approve: 'Zweck zulassen',
    approveMeans: 'Der Käufer darf dann zu diesem Zweck fragen. Antworten zählen nur Kunden, die dazu Ja sagten.',
    purpose: 'Zweck',
    noPurpose: 'Kein Vertrag ist in Kraft; es gibt keinen Zweck zuzulassen.',
    allApproved: 'Für alle Zwecke zugelassen, die die Verträge anbieten.',
    approvedNow: (name: string, purpose: string) => `${name} ist zugelassen für ${purpose}`,
    fund: 'Zahlung eintragen',
    fundMeans: 'Geld, das von außen eingegangen ist, kommt in das Buch und kann für Antworten ausgegeben werden.',
    amount: (currency: string) => `Betrag${currency === '' ? '' : ` in ${currency}`}`,
    reference: 'Beleg der Zahlung',
    referenceWhat: 'Zum Beispiel der Überweisung. Derselbe Beleg zählt einmal, wie oft er auch gesendet wird.',
    funded: (name: string, prepaid: string) => `${name} hat jetzt ${prepaid} vorausbezahlt`,
    fundedWhy: (reference: string) => `Die Zahlung „${reference}“ steht im Geldbuch, einmal.`,
  },
})
