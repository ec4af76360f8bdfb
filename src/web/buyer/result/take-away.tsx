import { Button } from '@mantine/core'
import { useState } from 'react'
import { texts, useText } from '../../i18n/language.tsx'
import { Sheet } from '../../ui/page.tsx'
import type { ReleaseView } from '../read.ts'

/** The answer elsewhere: with its intervals, as a link, with its receipt. */
export function TakeAway({ release, bytes }: { readonly release: ReleaseView; readonly bytes: string }) {
  const words = useText(text)
  const [copied, setCopied] = useState<boolean | undefined>(undefined)
  const address = `${location.origin}/buy/releases/${release.id}`
  const copy = () =>
    navigator.clipboard.writeText(address).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <Sheet title={words.title}>
      <div className="u-row">
        <a href={`/v1/releases/${release.id}/answer.csv`} download={`${release.id}.csv`}>
          {words.csv}
        </a>
        <a href={`/v1/releases/${release.id}/answer.json`} download={`${release.id}.json`}>
          {words.json}
        </a>
        <a href={`/v1/releases/${release.id}/receipt`} download={`${release.id}.receipt.json`}>
          {words.receipt(Math.max(1, Math.round(bytes.length / 1024)))}
        </a>
      </div>
      <div className="u-row">
        <code style={{ overflowWrap: 'anywhere' }}>{address}</code>
        <Button size="compact-sm" variant="default" onClick={() => void copy()}>
          {words.copy}
        </Button>
        <span role="status" className="u-small">
          {copied === undefined ? '' : copied ? words.copied : words.notCopied}
        </span>
      </div>
      <p className="u-small u-soft">{words.link}</p>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Take it with you',
    csv: 'CSV with intervals',
    json: 'JSON with intervals',
    receipt: (kilobytes: number) => `Receipt (${kilobytes} KB)`,
    copy: 'Copy the address',
    copied: 'Copied.',
    notCopied: 'The browser did not permit copying.',
    link: 'This address stays. It opens for you and for the house; anybody can verify the receipt without either.',
  },
  de: {
    title: 'Zum Mitnehmen',
    csv: 'CSV mit Intervallen',
    json: 'JSON mit Intervallen',
    receipt: (kilobytes: number) => `Quittung (${kilobytes} KB)`,
    copy: 'Adresse kopieren',
    copied: 'Kopiert.',
    notCopied: 'Der Browser erlaubte das Kopieren nicht.',
    link: 'Diese Adresse bleibt. Sie öffnet sich für Sie und für das Haus; die Quittung kann jeder ohne beide prüfen.',
  },
})
