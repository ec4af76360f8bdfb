import { Button } from '@mantine/core'
import { useState } from 'react'
import { texts, useText } from '../i18n/language.tsx'
import { Code } from './page.tsx'

/** A text that is shown once: to be selected, or copied with a button. */
export function Secret({ children }: { readonly children: string }) {
  const words = useText(text)
  const [copied, setCopied] = useState<boolean | undefined>(undefined)
  const copy = () =>
    navigator.clipboard.writeText(children).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <div className="u-stack" style={{ width: '100%' }}>
      <Code>{children}</Code>
      <div className="u-row">
        <Button size="xs" variant="default" onClick={() => void copy()}>
          {words.copy}
        </Button>
        <span role="status" className="u-small u-soft">
          {copied === undefined ? '' : copied ? words.copied : words.notCopied}
        </span>
      </div>
    </div>
  )
}

const text = texts({
  en: { copy: 'Copy', copied: 'Copied.', notCopied: 'The browser did not allow it; select the text instead.' },
  de: { copy: 'Kopieren', copied: 'Kopiert.', notCopied: 'Der Browser ließ es nicht zu; markieren Sie den Text.' },
})
