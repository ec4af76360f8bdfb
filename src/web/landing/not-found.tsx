import { Link } from '@tanstack/react-router'
import { texts, useText } from '../i18n/language.tsx'
import { Frame } from '../ui/frame.tsx'
import { Page } from '../ui/page.tsx'

export function NotFound() {
  const words = useText(text)
  return (
    <Frame portal={words.title} home="/" narrow>
      <Page title={words.title} lead={words.what}>
        <Link to="/">{words.home}</Link>
      </Page>
    </Frame>
  )
}

const text = texts({
  en: { title: 'Nothing here', what: 'There is no page at this address.', home: 'To the beginning' },
  de: { title: 'Hier ist nichts', what: 'Unter dieser Adresse gibt es keine Seite.', home: 'Zum Anfang' },
})
