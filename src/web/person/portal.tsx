import { Outlet } from '@tanstack/react-router'
import { useSession } from '../api/session.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Frame } from '../ui/frame.tsx'
import { Page } from '../ui/page.tsx'
import { Message } from '../ui/states.tsx'
import styles from './person.module.css'

/** What all screens of a customer share. Without a session it says how to get in: by a link, never by a password. */
export function Portal() {
  const words = useText(text)
  const session = useSession()
  const places = words.places.map(([to, label]) => ({ to, label, exact: to === '/me' }))
  if (session.data === null)
    return (
      <Frame portal={words.portal} home="/me" narrow>
        <Page title={words.title}>
          <Message tone="rough" title={words.signedOut}>
            <p>{words.how}</p>
            <p>{words.once}</p>
          </Message>
        </Page>
      </Frame>
    )
  return (
    <Frame portal={words.portal} home="/me" places={places}>
      <div className={styles.column}>
        <Outlet />
      </div>
    </Frame>
  )
}

const text = texts({
  en: {
    portal: 'my data',
    title: 'My data',
    signedOut: 'You are not signed in on this device',
    how: 'Open the link that you were sent. There is no password.',
    once: 'A link works once and for one day. If yours is over, ask for a new one where you shop.',
    places: [
      ['/me', 'Home'],
      ['/me/choices', 'Choices'],
      ['/me/uses', 'Uses'],
      ['/me/money', 'Money'],
      ['/me/data', 'Records'],
      ['/me/proof', 'Proof'],
    ] as readonly (readonly [string, string])[],
  },
  de: {
    portal: 'Meine Daten',
    title: 'Meine Daten',
    signedOut: 'Sie sind auf diesem Gerät nicht angemeldet',
    how: 'Öffnen Sie den Link, der Ihnen geschickt wurde. Ein Passwort gibt es nicht.',
    once: 'Ein Link gilt einmal und einen Tag lang. Wenn Ihrer abgelaufen ist, fragen Sie dort nach einem neuen, wo Sie einkaufen.',
    places: [
      ['/me', 'Übersicht'],
      ['/me/choices', 'Entscheidungen'],
      ['/me/uses', 'Nutzungen'],
      ['/me/money', 'Geld'],
      ['/me/data', 'Einträge'],
      ['/me/proof', 'Beweise'],
    ],
  },
})
