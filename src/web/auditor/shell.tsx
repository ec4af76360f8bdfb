import type { ReactNode } from 'react'
import { texts, useText } from '../i18n/language.tsx'
import { Frame } from '../ui/frame.tsx'

/** The frame of every screen under /verify. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const words = useText(text)
  const places = [
    { to: '/verify', label: words.claims, exact: true },
    { to: '/verify/log', label: words.log },
    { to: '/verify/receipt', label: words.receipt },
    { to: '/verify/checkpoints', label: words.checkpoints },
    { to: '/verify/take-away', label: words.takeAway },
  ]
  return (
    <Frame portal={words.portal} home="/verify" places={places}>
      {children}
    </Frame>
  )
}

const text = texts({
  en: {
    portal: 'verify',
    claims: 'Claims',
    log: 'Log',
    receipt: 'Check a receipt',
    checkpoints: 'Checkpoints',
    takeAway: 'Take away',
  },
  de: {
    portal: 'Prüfen',
    claims: 'Zusagen',
    log: 'Protokoll',
    receipt: 'Beleg prüfen',
    checkpoints: 'Stände',
    takeAway: 'Mitnehmen',
  },
})
