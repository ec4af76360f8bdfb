import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { texts, useText } from '../i18n/language.tsx'

/** The one explicit step before something that cannot be undone: it opens in place, says what it means, and is left as easily as it is taken. */
export function LastStep({
  label,
  means,
  action,
  pending = false,
  quiet = false,
  onConfirm,
}: {
  /** What opens the step. */
  readonly label: string
  readonly means: ReactNode
  /** What takes it. */
  readonly action: string
  readonly pending?: boolean
  /** A small button, for rows of a table. */
  readonly quiet?: boolean
  readonly onConfirm: () => void
}) {
  const words = useText(text)
  const [open, setOpen] = useState(false)
  if (!open)
    return (
      <Button variant="default" size={quiet ? 'xs' : 'sm'} loading={pending} onClick={() => setOpen(true)}>
        {label}
      </Button>
    )
  return (
    <div
      className="u-message"
      data-tone="rough"
      role="status"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false)
      }}
    >
      <div>{means}</div>
      <div className="u-row">
        <Button
          size={quiet ? 'xs' : 'sm'}
          loading={pending}
          data-autofocus
          ref={(node) => node?.focus()}
          onClick={() => {
            setOpen(false)
            onConfirm()
          }}
        >
          {action}
        </Button>
        <Button size={quiet ? 'xs' : 'sm'} variant="default" onClick={() => setOpen(false)}>
          {words.keep}
        </Button>
      </div>
    </div>
  )
}

const text = texts({ en: { keep: 'Leave it as it is' }, de: { keep: 'So lassen' } })
