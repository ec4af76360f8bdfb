import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Check } from '../../../verify/index.ts'
import { call } from '../../api/client.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Details, Sheet } from '../../ui/page.tsx'
import { Failure, Message } from '../../ui/states.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Tag } from '../../ui/value.tsx'

/** The receipt checked in this browser, by a module that shares no code with the house. */
export function VerifyHere({ bytes }: { readonly bytes: string }) {
  const words = useText(text)
  const key = useQuery({
    queryKey: ['log', 'key'],
    queryFn: ({ signal }) => call<{ readonly key: string }>('/v1/log/key', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [own, setOwn] = useState<string | undefined>(undefined)
  const logKey = own ?? key.data?.key ?? ''
  const verify = useMutation({
    mutationFn: async () => (await import('../../../verify/index.ts')).verifyReceipt(bytes, logKey.trim()),
  })
  return (
    <Sheet title={words.title}>
      <p>{words.what}</p>
      <div className="u-row">
        <Button variant="default" onClick={() => verify.mutate()} loading={verify.isPending} disabled={logKey === ''}>
          {words.go}
        </Button>
      </div>
      <Details summary={words.otherKey}>
        <TextInput
          label={words.key}
          description={words.keyWhy}
          value={logKey}
          onChange={(event) => {
            setOwn(event.currentTarget.value)
            verify.reset()
          }}
        />
      </Details>
      {key.isError ? <Failure cause={key.error} retry={() => void key.refetch()} /> : null}
      {verify.isError ? <Failure cause={verify.error} /> : null}
      {verify.data === undefined ? null : (
        <>
          <Message
            tone={verify.data.valid ? 'good' : 'stop'}
            title={verify.data.valid ? words.valid : words.invalid}
            live
          />
          <Details summary={words.checks(verify.data.checks.length)}>
            <DataTable
              caption={words.caption}
              rows={verify.data.checks}
              keyOf={(check: Check) => check.name}
              columns={[
                { title: words.check, cell: (check) => words.names[check.name] },
                {
                  title: words.holds,
                  cell: (check) => <Tag tone={check.holds ? 'good' : 'stop'}>{check.holds ? words.yes : words.no}</Tag>,
                },
                { title: words.said, cell: (check) => <span lang="en">{check.words}</span> },
              ]}
            />
          </Details>
        </>
      )}
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Verify it here',
    what: 'Your browser checks the receipt itself: that the log holds this answer as it stands, that noise and price follow from what is public, and that nothing was changed since.',
    go: 'Verify the receipt',
    otherKey: 'The key of the log',
    key: 'Public key of the log',
    keyWhy: 'This server told it. To be independent of the server, put in the key that you got elsewhere.',
    valid: 'The receipt is genuine: every check holds',
    invalid: 'The receipt does not verify',
    checks: (n: number) => `All ${n} checks`,
    caption: 'In a sceptic’s order; always the same checks.',
    check: 'Check',
    holds: 'Holds',
    said: 'In words',
    yes: 'yes',
    no: 'no',
    names: {
      readable: 'Readable',
      'log key': 'Key of the log',
      checkpoint: 'Signed checkpoint',
      proof: 'Form of the proof',
      inclusion: 'Held by the log',
      result: 'The answer',
      plan: 'The question',
      noise: 'The noise',
      price: 'The price',
      pay: 'The pay',
      answer: 'Answer and release agree',
      batch: 'Batch',
      consent: 'Choice',
    } as Record<Check['name'], string>,
  },
  de: {
    title: 'Hier prüfen',
    what: 'Ihr Browser prüft die Quittung selbst: dass das Protokoll diese Antwort so enthält, wie sie dasteht, dass Rauschen und Preis aus Öffentlichem folgen, und dass seitdem nichts geändert wurde.',
    go: 'Quittung prüfen',
    otherKey: 'Der Schlüssel des Protokolls',
    key: 'Öffentlicher Schlüssel des Protokolls',
    keyWhy:
      'Diesen nannte der Server. Um vom Server unabhängig zu sein, setzen Sie den Schlüssel ein, den Sie anderswo erhalten haben.',
    valid: 'Die Quittung ist echt: Jede Prüfung hält',
    invalid: 'Die Quittung hält der Prüfung nicht stand',
    checks: (n: number) => `Alle ${n} Prüfungen`,
    caption: 'In der Reihenfolge des Zweiflers; immer dieselben Prüfungen.',
    check: 'Prüfung',
    holds: 'Hält',
    said: 'In Worten',
    yes: 'ja',
    no: 'nein',
    names: {
      readable: 'Lesbar',
      'log key': 'Schlüssel des Protokolls',
      checkpoint: 'Unterschriebener Stand',
      proof: 'Form des Beweises',
      inclusion: 'Im Protokoll enthalten',
      result: 'Die Antwort',
      plan: 'Die Frage',
      noise: 'Das Rauschen',
      price: 'Der Preis',
      pay: 'Die Vergütung',
      answer: 'Antwort und Eintrag stimmen überein',
      batch: 'Stapel',
      consent: 'Entscheidung',
    } as Record<Check['name'], string>,
  },
})
