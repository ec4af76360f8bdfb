import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Code, Page, Sheet } from '../ui/page.tsx'
import { Empty, Failure, Loaded, Message } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { Tag } from '../ui/value.tsx'
import type { KeyView } from './read.ts'

type Made = KeyView & { readonly secret: string }

/** Which programs may ask in my name? */
export function Keys() {
  const words = useText(text)
  const client = useQueryClient()
  const [label, setLabel] = useState('')
  const keys = useQuery({
    queryKey: ['account', 'keys'],
    queryFn: ({ signal }) => call<{ readonly keys: readonly KeyView[] }>('/v1/account/keys', { signal }),
  })
  const make = useMutation({
    mutationFn: () => call<Made>('/v1/account/keys', { method: 'POST', body: label === '' ? {} : { label } }),
    onSuccess: () => {
      setLabel('')
      return client.invalidateQueries({ queryKey: ['account', 'keys'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!make.isPending) make.mutate()
  }
  return (
    <Page title={words.title} lead={words.lead}>
      {make.data === undefined ? null : (
        <Message tone="good" title={words.made(make.data.label)} live>
          <p>{words.once}</p>
          <Code>{make.data.secret}</Code>
          <div className="u-row">
            <Link to="/buy/connect">{words.use}</Link>
            <button type="button" className="u-link" onClick={() => make.reset()}>
              {words.gone}
            </button>
          </div>
        </Message>
      )}
      <Sheet title={words.make}>
        <form className="u-stack" onSubmit={submit}>
          <TextInput
            label={words.label}
            description={words.labelWhy}
            maxLength={200}
            w="100%"
            maw={380}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Button type="submit" loading={make.isPending}>
            {words.makeOne}
          </Button>
          {make.isError ? <Failure cause={make.error} /> : null}
        </form>
      </Sheet>
      <Sheet title={words.list}>
        <Loaded query={keys}>{(body) => <List keys={body.keys} />}</Loaded>
      </Sheet>
    </Page>
  )
}

function List({ keys }: { readonly keys: readonly KeyView[] }) {
  const words = useText(text)
  const format = useFormat()
  const client = useQueryClient()
  const [asked, setAsked] = useState<KeyView | undefined>(undefined)
  const revoke = useMutation({
    mutationFn: (id: string) => call(`/v1/account/keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: () => {
      setAsked(undefined)
      return client.invalidateQueries({ queryKey: ['account', 'keys'] })
    },
  })
  if (keys.length === 0)
    return (
      <Empty title={words.none}>
        <p>{words.noneWhy}</p>
      </Empty>
    )
  return (
    <>
      <DataTable
        caption={words.caption}
        rows={keys}
        keyOf={(key) => key.id}
        quiet={(key) => key.revokedAt !== undefined}
        columns={[
          { title: words.label, cell: (key) => key.label || words.unnamed },
          { title: words.id, cell: (key) => <code>{key.id}</code> },
          { title: words.created, cell: (key) => format.time(key.createdAt) },
          {
            title: words.state,
            cell: (key) =>
              key.revokedAt === undefined ? (
                <Tag tone="good">{words.inUse}</Tag>
              ) : (
                <Tag>{words.revokedAt(format.day(key.revokedAt))}</Tag>
              ),
          },
          {
            title: words.act,
            cell: (key) =>
              key.revokedAt === undefined ? (
                <button
                  type="button"
                  className="u-link"
                  aria-label={words.revokeOne(key.label || key.id)}
                  onClick={() => setAsked(key)}
                >
                  {words.revoke}
                </button>
              ) : null,
          },
        ]}
      />
      <Modal
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={words.revokeOne(asked?.label || asked?.id || '')}
        closeButtonProps={{ 'aria-label': words.keep }}
      >
        <div className="u-stack">
          <p>{words.revokeWhy}</p>
          <div className="u-row">
            <Button loading={revoke.isPending} onClick={() => asked && revoke.mutate(asked.id)}>
              {words.revoke}
            </Button>
            <Button variant="default" onClick={() => setAsked(undefined)}>
              {words.keep}
            </Button>
          </div>
          {revoke.isError ? <Failure cause={revoke.error} /> : null}
        </div>
      </Modal>
    </>
  )
}

const text = texts({
  en: {
    title: 'Keys',
    lead: 'A key lets a program ask in your name and spend your balance. Give each program its own.',
    make: 'A new key',
    label: 'Name',
    labelWhy: 'What it is for; you alone see it.',
    makeOne: 'Make a key',
    made: (label: string) => (label === '' ? 'The key is made' : `The key “${label}” is made`),
    once: 'This is its secret. It is shown this once: the house keeps only its fingerprint.',
    use: 'How to use it',
    gone: 'I have put it away',
    list: 'Your keys',
    caption: 'Newest first',
    id: 'Id',
    created: 'Made',
    state: 'State',
    act: 'Action',
    inUse: 'in use',
    revokedAt: (day: string) => `revoked on ${day}`,
    unnamed: 'without a name',
    none: 'No key yet',
    noneWhy: 'Make one to ask from a program.',
    revoke: 'Revoke',
    revokeOne: (label: string) => `Revoke ${label}`,
    revokeWhy:
      'Programs that use it are refused at once. This cannot be taken back; a new key can be made at any time.',
    keep: 'Keep it',
  },
  de: {
    title: 'Schlüssel',
    lead: 'Mit einem Schlüssel fragt ein Programm in Ihrem Namen und gibt Ihr Guthaben aus. Geben Sie jedem Programm einen eigenen.',
    make: 'Ein neuer Schlüssel',
    label: 'Name',
    labelWhy: 'Wofür er ist; nur Sie sehen das.',
    makeOne: 'Schlüssel anlegen',
    made: (label: string) => (label === '' ? 'Der Schlüssel ist angelegt' : `Der Schlüssel „${label}“ ist angelegt`),
    once: 'Dies ist sein Geheimnis. Es wird nur dieses eine Mal gezeigt: Das Haus behält nur seinen Fingerabdruck.',
    use: 'Wie man ihn benutzt',
    gone: 'Ich habe es verwahrt',
    list: 'Ihre Schlüssel',
    caption: 'Der neueste zuerst',
    id: 'Kennung',
    created: 'Angelegt',
    state: 'Stand',
    act: 'Aktion',
    inUse: 'in Gebrauch',
    revokedAt: (day: string) => `widerrufen am ${day}`,
    unnamed: 'ohne Namen',
    none: 'Noch kein Schlüssel',
    noneWhy: 'Legen Sie einen an, um aus einem Programm zu fragen.',
    revoke: 'Widerrufen',
    revokeOne: (label: string) => `${label} widerrufen`,
    revokeWhy:
      'Programme, die ihn benutzen, werden sofort abgewiesen. Das lässt sich nicht zurücknehmen; ein neuer Schlüssel lässt sich jederzeit anlegen.',
    keep: 'Behalten',
  },
})
