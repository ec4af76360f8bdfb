import { Outlet } from '@tanstack/react-router'
import { texts, useText } from '../i18n/language.tsx'
import { Frame } from '../ui/frame.tsx'

export function Shell() {
  const words = useText(text)
  return (
    <Frame portal={words.portal} home="/buy" places={words.places}>
      <Outlet />
    </Frame>
  )
}

const text = texts({
  en: {
    portal: 'answers',
    places: [
      { to: '/buy', label: 'Catalogue', exact: true },
      { to: '/buy/ask', label: 'Ask' },
      { to: '/buy/releases', label: 'Answers' },
      { to: '/buy/balance', label: 'Balance' },
      { to: '/buy/keys', label: 'Keys' },
      { to: '/buy/connect', label: 'Connect' },
    ],
  },
  de: {
    portal: 'Antworten',
    places: [
      { to: '/buy', label: 'Katalog', exact: true },
      { to: '/buy/ask', label: 'Fragen' },
      { to: '/buy/releases', label: 'Antworten' },
      { to: '/buy/balance', label: 'Guthaben' },
      { to: '/buy/keys', label: 'Schlüssel' },
      { to: '/buy/connect', label: 'Anbinden' },
    ],
  },
})
