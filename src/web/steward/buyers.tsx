import { Button, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { StewardHomeView } from '../../house/views/steward-home.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Sections } from '../ui/sections.tsx'
import { Empty, Failure, Loaded, Message } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { Tag } from '../ui/value.tsx'
import { type Buyer, useAct, useRead } from './api.ts'
import { usePurpose } from './words/purposes.ts'

export function BuyerSections() {
  const words = useText(text)
  return (
    <Sections
      label={words.title}
      places={[
        { to: '/steward/buyers', label: words.buyers, exact: true },
        { to: '/steward/buyers/refusals', label: words.refusals },
      ]}
    />
  )
}

export const useCurrency = (): string => useRead<StewardHomeView>('/v1/steward/home').data?.house.currency ?? ''

/** S5: who asks, for what, and should they? */
export function Buyers() {
  const words = useText(text)
  const buyers = useRead<{ readonly buyers: readonly Buyer[] }>('/v1/buyers')
  return (
    <Page title={words.title} lead={words.lead}>
      <BuyerSections />
      <Loaded query={buyers}>
        {(data) =>
          data.buyers.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            <Sheet title={words.buyers}>
              <BuyerTable buyers={data.buyers} />
            </Sheet>
          )
        }
      </Loaded>
      <AddBuyer />
    </Page>
  )
}

function BuyerTable({ buyers }: { readonly buyers: readonly Buyer[] }) {
  const words = useText(text)
  const format = useFormat()
  const purpose = usePurpose()
  const currency = useCurrency()
  return (
    <DataTable
      caption={words.caption}
      rows={buyers}
      keyOf={(buyer) => buyer.id}
      columns={[
        {
          title: words.name,
          cell: (buyer) => (
            <Link to="/steward/buyers/$buyer" params={{ buyer: buyer.id }}>
              {buyer.name}
            </Link>
          ),
        },
        {
          title: words.approved,
          cell: (buyer) =>
            buyer.purposes.length === 0 ? (
              <Tag tone="rough">{words.notApproved}</Tag>
            ) : (
              format.list(buyer.purposes.map(purpose))
            ),
        },
        { title: words.prepaid, right: true, cell: (buyer) => format.money(buyer.prepaid, currency) },
        { title: words.pending, right: true, cell: (buyer) => format.money(buyer.pending, currency) },
      ]}
    />
  )
}

function AddBuyer() {
  const words = useText(text)
  const [name, setName] = useState('')
  const [id, setId] = useState('')
  const add = useAct<{ readonly id: string; readonly name: string }, Buyer>((body) => ({
    path: '/v1/buyers',
    method: 'POST',
    body,
  }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(
      { id: id.trim(), name: name.trim() },
      {
        onSuccess: () => {
          setName('')
          setId('')
        },
      },
    )
  }
  return (
    <Sheet title={words.add}>
      <form className="u-stack" onSubmit={submit}>
        <div className="u-fields">
          <TextInput
            label={words.name}
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={words.id}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            description={words.idWhat}
            required
            pattern="[a-z][a-z0-9\-]{0,62}"
            title={words.idWhat}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" loading={add.isPending}>
          {words.add}
        </Button>
      </form>
      {add.isError ? <Failure cause={add.error} /> : null}
      {add.isSuccess ? (
        <Message tone="good" title={words.added(add.data.name)} live>
          <Link to="/steward/buyers/$buyer" params={{ buyer: add.data.id }}>
            {words.next(add.data.name)}
          </Link>
        </Message>
      ) : null}
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Buyers',
    lead: 'Who asks, for what, and should they?',
    buyers: 'Buyers',
    refusals: 'Refusals',
    none: 'No buyer yet',
    noneWhy: 'Add one below; approve a purpose and record a payment, and the buyer can ask.',
    caption: 'Everybody who may ask, and the money they paid in advance',
    name: 'Name',
    approved: 'Approved for',
    notApproved: 'nothing yet',
    prepaid: 'Prepaid',
    pending: 'On hold',
    add: 'Add a buyer',
    id: 'Short name',
    idWhat: 'Lower-case letters, digits and hyphens, beginning with a letter; it cannot be changed.',
    added: (name: string) => `${name} is added`,
    next: (name: string) => `Approve a purpose for ${name}`,
  },
  de: {
    title: 'Käufer',
    lead: 'Wer fragt, wozu, und sollen sie es?',
    buyers: 'Käufer',
    refusals: 'Ablehnungen',
    none: 'Noch kein Käufer',
    noneWhy:
      'Tragen Sie unten einen ein; lassen Sie einen Zweck zu und tragen Sie eine Zahlung ein, dann kann er fragen.',
    caption: 'Alle, die fragen dürfen, und ihr vorausbezahltes Geld',
    name: 'Name',
    approved: 'Zugelassen für',
    notApproved: 'noch nichts',
    prepaid: 'Vorausbezahlt',
    pending: 'Vorgemerkt',
    add: 'Käufer eintragen',
    id: 'Kurzname',
    idWhat: 'Kleinbuchstaben, Ziffern und Bindestriche, mit einem Buchstaben beginnend; er kann nicht geändert werden.',
    added: (name: string) => `${name} ist eingetragen`,
    next: (name: string) => `Einen Zweck für ${name} zulassen`,
  },
})
