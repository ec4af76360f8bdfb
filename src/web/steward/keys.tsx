import { Button, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { LastStep } from '../ui/last-step.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Secret } from '../ui/secret.tsx'
import { Empty, Failure, Loaded, Message } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { Tag } from '../ui/value.tsx'
import { type Key, useAct, useRead } from './api.ts'
import { SetUpSections } from './periods.tsx'

/** Keys with which programs act for somebody. A secret is shown once, where it was made. */
export function Keys() {
  const words = useText(text)
  const keys = useRead<{ readonly keys: readonly Key[] }>('/v1/keys')
  return (
    <Page title={words.title} lead={words.lead}>
      <SetUpSections />
      <Create />
      <Loaded query={keys}>
        {(data) =>
          data.keys.length === 0 ? <Empty title={words.none}>{words.noneWhy}</Empty> : <KeyTable keys={data.keys} />
        }
      </Loaded>
    </Page>
  )
}

function Create() {
  const words = useText(text)
  const [role, setRole] = useState('buyer')
  const [subject, setSubject] = useState('')
  const [label, setLabel] = useState('')
  const create = useAct<object, Key & { readonly secret: string }>((body) => ({
    path: '/v1/keys',
    method: 'POST',
    body,
  }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ role, subject: subject.trim(), ...(label.trim() === '' ? {} : { label: label.trim() }) })
  }
  return (
    <Sheet title={words.create}>
      <form className="u-stack" onSubmit={submit}>
        <div className="u-fields">
          <NativeSelect
            label={words.role}
            value={role}
            data={(['buyer', 'person', 'steward'] as const).map((one) => ({ value: one, label: words.roles[one] }))}
            onChange={(event) => setRole(event.currentTarget.value)}
          />
          <TextInput
            label={words.subject}
            required
            maxLength={200}
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
          />
          <TextInput
            label={words.label}
            maxLength={200}
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" loading={create.isPending}>
          {words.create}
        </Button>
      </form>
      {create.isError ? <Failure cause={create.error} /> : null}
      {create.isSuccess ? (
        <Message tone="good" title={words.made(create.data.subject)} live>
          <p>{words.once}</p>
          <Secret>{create.data.secret}</Secret>
        </Message>
      ) : null}
    </Sheet>
  )
}

function KeyTable({ keys }: { readonly keys: readonly Key[] }) {
  const words = useText(text)
  const format = useFormat()
  const revoke = useAct<string, Key>((id) => ({ path: `/v1/keys/${encodeURIComponent(id)}`, method: 'DELETE' }))
  const roles: Readonly<Record<string, string>> = words.roles
  const sorted = [...keys].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
  return (
    <Sheet title={words.keys}>
      {revoke.isError ? <Failure cause={revoke.error} /> : null}
      {revoke.isSuccess ? <Message tone="good" title={words.isRevoked(revoke.data.subject)} live /> : null}
      <DataTable
        caption={words.caption}
        rows={sorted}
        keyOf={(key) => key.id}
        quiet={(key) => key.revokedAt !== undefined}
        columns={[
          {
            title: words.subject,
            cell: (key) => (
              <>
                {key.subject}
                {key.label === '' ? null : (
                  <span className="u-soft u-small" style={{ display: 'block' }}>
                    {key.label}
                  </span>
                )}
              </>
            ),
          },
          { title: words.role, cell: (key) => roles[key.role] ?? key.role },
          { title: words.createdAt, cell: (key) => format.time(key.createdAt) },
          {
            title: words.state,
            cell: (key) =>
              key.revokedAt === undefined ? (
                <LastStep
                  quiet
                  label={words.revoke}
                  means={<p>{words.revokeMeans(key.subject)}</p>}
                  action={words.revokeNow}
                  pending={revoke.isPending && revoke.variables === key.id}
                  onConfirm={() => revoke.mutate(key.id)}
                />
              ) : (
                <Tag>{words.revoked(format.day(key.revokedAt))}</Tag>
              ),
          },
        ]}
      />
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Keys',
    lead: 'With a key a program acts for a buyer, a customer or the steward.',
    none: 'No key yet',
    noneWhy: 'Browsers need none; programs that use the API do.',
    create: 'Make a key',
    role: 'For a',
    roles: { buyer: 'buyer', person: 'customer', steward: 'steward' },
    subject: 'Whose',
    label: 'What it is for (optional)',
    made: (subject: string) => `A key for ${subject} is made`,
    once: 'This is its secret. It is shown now and never again; only its hash is kept.',
    keys: 'All keys',
    caption: 'Newest first, without their secrets',
    createdAt: 'Made',
    state: 'State',
    revoke: 'Revoke',
    revokeMeans: (subject: string) =>
      `Programs that use this key of ${subject} are refused from the next request on. It cannot be made valid again.`,
    revokeNow: 'Revoke it now',
    revoked: (day: string) => `revoked ${day}`,
    isRevoked: (subject: string) => `The key of ${subject} is revoked`,
  },
  de: {
    title: 'Schlüssel',
    lead: 'Mit einem Schlüssel handelt ein Programm für einen Käufer, einen Kunden oder die Verwaltung.',
    none: 'Noch kein Schlüssel',
    noneWhy: 'Browser brauchen keinen; Programme, die die API benutzen, schon.',
    create: 'Schlüssel erstellen',
    role: 'Für',
    roles: { buyer: 'Käufer', person: 'Kunde', steward: 'Verwaltung' },
    subject: 'Wessen',
    label: 'Wofür (freiwillig)',
    made: (subject: string) => `Ein Schlüssel für ${subject} ist erstellt`,
    once: 'Das ist sein Geheimnis. Es wird jetzt gezeigt und nie wieder; aufbewahrt wird nur sein Hash.',
    keys: 'Alle Schlüssel',
    caption: 'Neueste zuerst, ohne ihre Geheimnisse',
    createdAt: 'Erstellt',
    state: 'Zustand',
    revoke: 'Widerrufen',
    revokeMeans: (subject: string) =>
      `Programme mit diesem Schlüssel von ${subject} werden ab der nächsten Anfrage abgewiesen. Er kann nicht wieder gültig werden.`,
    revokeNow: 'Jetzt widerrufen',
    revoked: (day: string) => `widerrufen am ${day}`,
    isRevoked: (subject: string) => `Der Schlüssel von ${subject} ist widerrufen`,
  },
})
