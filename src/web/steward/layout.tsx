import { Outlet } from '@tanstack/react-router'
import { Problem } from '../api/client.ts'
import { useSession } from '../api/session.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Frame } from '../ui/frame.tsx'
import { Page } from '../ui/page.tsx'
import { Failure, Loading } from '../ui/states.tsx'

/** The steward's frame. Without the right account it says so once, instead of on each part of a screen. */
export function Layout() {
  const words = useText(text)
  return (
    <Frame
      portal={words.portal}
      home="/steward"
      places={[
        { to: '/steward', label: words.home, exact: true },
        { to: '/steward/products', label: words.products },
        { to: '/steward/consent', label: words.consent },
        { to: '/steward/buyers', label: words.buyers },
        { to: '/steward/budget', label: words.budget },
        { to: '/steward/money', label: words.money },
        { to: '/steward/set-up', label: words.setUp },
      ]}
    >
      <Gate title={words.portal} other={words.other} />
    </Frame>
  )
}

function Gate({ title, other }: { readonly title: string; readonly other: string }) {
  const session = useSession()
  if (session.data?.role === 'steward') return <Outlet />
  return (
    <Page title={title}>
      {session.isPending ? (
        <Loading />
      ) : session.isError ? (
        <Failure cause={session.error} retry={() => void session.refetch()} />
      ) : session.data === null ? (
        <Failure cause={new Problem(401, { code: 'access.key_missing' })} />
      ) : (
        <Failure cause={new Problem(403, { code: 'access.not_permitted', detail: other })} />
      )}
    </Page>
  )
}

const text = texts({
  en: {
    portal: 'Steward',
    home: 'Home',
    products: 'Products',
    consent: 'Consent',
    buyers: 'Buyers',
    budget: 'Privacy budget',
    money: 'Money',
    setUp: 'Set-up',
    other: 'These pages are for the staff of the house. You are signed in with another account.',
  },
  de: {
    portal: 'Verwaltung',
    home: 'Übersicht',
    products: 'Produkte',
    consent: 'Einwilligung',
    buyers: 'Käufer',
    budget: 'Datenschutzbudget',
    money: 'Geld',
    setUp: 'Einrichtung',
    other: 'Diese Seiten sind für die Mitarbeitenden des Hauses. Sie sind mit einem anderen Konto angemeldet.',
  },
})
