import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { MyProof } from '../../house/views/proof.ts'
import type { Use } from '../../house/views/uses.ts'
import { type Check, verifyConsentReceipt, verifyReceipt } from '../../verify/index.ts'
import { call, callText } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Details } from '../ui/page.tsx'
import { Failure, Message } from '../ui/states.tsx'
import styles from './person.module.css'

export interface Checked {
  readonly receipt: string
  readonly valid: boolean
  readonly checks: readonly Check[]
}
export type CheckedOrWaiting = Checked | { readonly pendingUntil: string } | { readonly none: true }

/** Fetches a receipt and checks it here, in the browser, by the offline verifier. The receipt is taken byte for byte. */
export async function checkReceipt(kind: 'use' | 'choice', url: string, logKey: string): Promise<CheckedOrWaiting> {
  const text = await callText(url)
  if (kind === 'use') {
    const { receipt } = JSON.parse(text) as Use & { readonly receipt?: string }
    return receipt === undefined ? { none: true } : { receipt, ...(await verifyReceipt(receipt, logKey)) }
  }
  const pending = JSON.parse(text) as { readonly state?: string; readonly until?: string }
  if (pending.state === 'pending') return { pendingUntil: pending.until ?? '' }
  return { receipt: text, ...(await verifyConsentReceipt(text, logKey)) }
}

/** A button that fetches one receipt, checks it, says what came out, and lets it be kept. */
export function ReceiptCheck({
  kind,
  url,
  name,
}: {
  readonly kind: 'use' | 'choice'
  readonly url: string
  readonly name: string
}) {
  const words = useText(text)
  const client = useQueryClient()
  const [asked, ask] = useState(false)
  const checked = useQuery({
    queryKey: ['me', 'receipt', url],
    enabled: asked,
    queryFn: async ({ signal }) => {
      const proof = await client.ensureQueryData({
        queryKey: ['me', '/proof'],
        queryFn: () => call<MyProof>('/v1/me/proof', { signal }),
      })
      return checkReceipt(kind, url, proof.logKey)
    },
  })
  if (!asked || checked.isPending)
    return (
      <Button
        size="compact-sm"
        variant="default"
        style={{ justifySelf: 'start' }}
        loading={asked}
        onClick={() => ask(true)}
      >
        {words.check}
      </Button>
    )
  if (checked.isError) return <Failure cause={checked.error} retry={() => void checked.refetch()} />
  return <Outcome checked={checked.data} name={name} />
}

export function Outcome({ checked, name }: { readonly checked: CheckedOrWaiting; readonly name: string }) {
  const words = useText(text)
  const format = useFormat()
  if ('pendingUntil' in checked)
    return (
      <Message title={words.pending} live>
        <p>{words.pendingWhy(format.time(checked.pendingUntil))}</p>
      </Message>
    )
  if ('none' in checked) return <Message title={words.none} live />
  const holding = checked.checks.filter((one) => one.holds).length
  return (
    <Message tone={checked.valid ? 'good' : 'stop'} title={checked.valid ? words.valid : words.broken} live>
      <p>{words.count(holding, checked.checks.length)}</p>
      <Details summary={words.details}>
        <ul className={styles.checks} lang="en">
          {checked.checks.map((one) => (
            <li key={one.name}>
              <span lang={undefined}>{one.holds ? words.holds : words.fails}</span> {one.words}
            </li>
          ))}
        </ul>
      </Details>
      <Keep text={checked.receipt} name={`${name}.json`} />
    </Message>
  )
}

/** The receipt as a file, exactly as it was checked. */
function Keep({ text: content, name }: { readonly text: string; readonly name: string }) {
  const words = useText(text)
  return (
    <button
      type="button"
      className="u-link"
      onClick={() => {
        const url = URL.createObjectURL(new Blob([content], { type: 'application/json' }))
        const link = document.createElement('a')
        link.href = url
        link.download = name
        link.click()
        setTimeout(() => URL.revokeObjectURL(url), 10_000)
      }}
    >
      {words.keep}
    </button>
  )
}

const text = texts({
  en: {
    check: 'Check the proof here',
    pending: 'The receipt is not ready yet',
    pendingWhy: (time: string) =>
      `Your answer already holds. Its receipt comes with the next batch of the public log, not before ${time}.`,
    none: 'Nothing came out of it, so there is no receipt',
    valid: 'Checked in this browser: it holds',
    broken: 'Checked in this browser: it does not hold',
    count: (holding: number, all: number) => `${holding} of ${all} checks hold.`,
    details: 'Each check in words',
    holds: 'Holds:',
    fails: 'Fails:',
    keep: 'Keep the receipt as a file',
  },
  de: {
    check: 'Beweis hier prüfen',
    pending: 'Der Beleg ist noch nicht fertig',
    pendingWhy: (time: string) =>
      `Ihre Antwort gilt bereits. Der Beleg kommt mit dem nächsten Stapel des öffentlichen Logs, nicht vor ${time}.`,
    none: 'Es kam nichts heraus, also gibt es keinen Beleg',
    valid: 'In diesem Browser geprüft: Es stimmt',
    broken: 'In diesem Browser geprüft: Es stimmt nicht',
    count: (holding: number, all: number) => `${holding} von ${all} Prüfungen bestanden.`,
    details: 'Jede Prüfung in Worten (englisch)',
    holds: 'Bestanden:',
    fails: 'Nicht bestanden:',
    keep: 'Beleg als Datei behalten',
  },
})
