import { texts, useText } from '../i18n/language.tsx'
import { Message } from './states.tsx'

/** A bug in a screen: said plainly, with a way on. */
export function Crash({ error }: { readonly error: unknown }) {
  const words = useText(text)
  return (
    <main style={{ padding: 24 }}>
      <Message tone="stop" title={words.title} live>
        <p>{words.what}</p>
        <p className="u-small u-soft">
          <code>{error instanceof Error ? error.message : String(error)}</code>
        </p>
        <a href="/">{words.home}</a>
      </Message>
    </main>
  )
}

const text = texts({
  en: {
    title: 'This screen has a fault',
    what: 'Nothing that you did is lost. Load the page again.',
    home: 'To the beginning',
  },
  de: {
    title: 'Diese Seite hat einen Fehler',
    what: 'Nichts, was Sie taten, ist verloren. Laden Sie die Seite neu.',
    home: 'Zum Anfang',
  },
})
