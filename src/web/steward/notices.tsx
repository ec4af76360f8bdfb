import { useState } from 'react'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Code, Details, Facts, Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { type Notice, useRead } from './api.ts'
import { ConsentSections } from './consent.tsx'
import { usePurpose } from './words/purposes.ts'

/** The texts that people are shown before they choose, with the hash that stands in the log. */
export function Notices() {
  const words = useText(text)
  const notices = useRead<{ readonly notices: readonly Notice[] }>('/v1/notices')
  return (
    <Page title={words.title} lead={words.lead}>
      <ConsentSections />
      <Loaded query={notices}>
        {(data) =>
          data.notices.length === 0 ? (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          ) : (
            data.notices.map((notice) => <NoticeSheet key={notice.url} notice={notice} />)
          )
        }
      </Loaded>
      <Details summary={words.how}>
        <p>{words.howWords}</p>
        <Code>{'usufruct notice publish FILE --id ID --notice-version VERSION --purposes PURPOSES'}</Code>
      </Details>
    </Page>
  )
}

function NoticeSheet({ notice }: { readonly notice: Notice }) {
  const words = useText(text)
  const format = useFormat()
  const purpose = usePurpose()
  const [open, setOpen] = useState(false)
  // A version is published in one language or several, each with a hash of its own.
  const name = `${notice.id} ${notice.version} (${notice.language})`
  return (
    <Sheet title={name}>
      <Facts
        items={[
          [words.purposes, format.list(notice.purposes.map(purpose))],
          [words.language, notice.language],
          [words.published, format.time(notice.publishedAt)],
          [words.hash, <code key="hash">{notice.hash}</code>],
        ]}
      />
      <details className="u-details" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{words.read(name)}</summary>
        <div>{open ? <NoticeText notice={notice} /> : null}</div>
      </details>
    </Sheet>
  )
}

function NoticeText({ notice }: { readonly notice: Notice }) {
  const full = useRead<{ readonly text: string }>(
    `/v1/notices/${[notice.id, notice.version, notice.language].map(encodeURIComponent).join('/')}`,
  )
  return (
    <Loaded query={full}>
      {(data) => (
        <blockquote lang={notice.language} className="u-stack" style={{ margin: 0 }}>
          {data.text
            .trim()
            .split(/\n\s*\n/)
            .map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
        </blockquote>
      )}
    </Loaded>
  )
}

const text = texts({
  en: {
    title: 'Notices',
    lead: 'What people read before they choose. A version is never changed: a new text is a new version.',
    none: 'No notice is published',
    noneWhy: 'Without a notice nobody can say yes.',
    how: 'How a notice is published',
    howWords:
      'By the command line of the house. Its hash goes into the public log, so that everybody can prove later what was shown.',
    purposes: 'Purposes',
    language: 'Language',
    published: 'Published',
    hash: 'Hash (SHA-256)',
    read: (name: string) => `Read ${name}`,
  },
  de: {
    title: 'Hinweise',
    lead: 'Was Menschen lesen, bevor sie wählen. Eine Version wird nie geändert: Ein neuer Text ist eine neue Version.',
    none: 'Kein Hinweis ist veröffentlicht',
    noneWhy: 'Ohne Hinweis kann niemand Ja sagen.',
    how: 'Wie ein Hinweis veröffentlicht wird',
    howWords:
      'Über die Befehlszeile des Hauses. Seine Prüfsumme kommt in das öffentliche Protokoll, damit alle später beweisen können, was gezeigt wurde.',
    purposes: 'Zwecke',
    language: 'Sprache',
    published: 'Veröffentlicht',
    hash: 'Prüfsumme (SHA-256)',
    read: (name: string) => `${name} lesen`,
  },
})
