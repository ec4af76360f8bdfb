import { Button, NativeSelect, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { LogPage } from '../../house/views/audit.ts'
import type { Leaf } from '../../tlog/leaves.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { readEntries } from './api.ts'
import styles from './auditor.module.css'
import { kinds, timeOf, useKindName, useLeafSentence } from './leaf-words.tsx'
import { Shell } from './shell.tsx'
import { WholeLogSheet } from './whole-log.tsx'

const pageSize = 25

/** What happened, in order? */
export function LogScreen() {
  const words = useText(text)
  const search = useSearch({ from: '/verify/log' })
  const query = useQuery({
    queryKey: ['log', 'entries', search],
    queryFn: ({ signal }) => readEntries({ ...search, limit: `${pageSize}` }, signal),
    placeholderData: keepPreviousData,
  })
  return (
    <Shell>
      <Page title={words.title} lead={words.lead}>
        <WholeLogSheet />
        <Sheet title={words.entries}>
          <SearchForm key={`${search.kind} ${search.q}`} />
          <Loaded query={query}>{(page) => <Entries page={page} />}</Loaded>
        </Sheet>
      </Page>
    </Shell>
  )
}

function SearchForm() {
  const words = useText(text)
  const nameOf = useKindName()
  const search = useSearch({ from: '/verify/log' })
  const navigate = useNavigate()
  const [q, setText] = useState(search.q ?? '')
  const go = (kind: string | undefined, q: string) =>
    void navigate({ to: '/verify/log', search: { ...(kind ? { kind } : {}), ...(q === '' ? {} : { q }) } })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go(search.kind, q.trim())
  }
  return (
    <form className={styles.search} onSubmit={submit}>
      <NativeSelect
        label={words.kind}
        value={search.kind ?? ''}
        onChange={(event) => go(event.currentTarget.value || undefined, q.trim())}
        data={[{ value: '', label: words.all }, ...kinds.map((kind) => ({ value: kind, label: nameOf(kind) }))]}
      />
      <TextInput
        label={words.text}
        maxLength={200}
        value={q}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {words.search}
      </Button>
    </form>
  )
}

function Entries({ page }: { readonly page: LogPage }) {
  const words = useText(text)
  const format = useFormat()
  const nameOf = useKindName()
  const sentenceOf = useLeafSentence()
  const search = useSearch({ from: '/verify/log' })
  const { before: _, ...newest } = search
  const older = page.next
  return (
    <>
      {page.entries.length === 0 ? (
        <Empty title={older === undefined ? words.none : words.noneHere}>
          {older === undefined ? words.noneWhy : words.noneHereWhy}
        </Empty>
      ) : (
        <DataTable
          caption={words.caption(format.number(page.size))}
          rows={page.entries}
          keyOf={({ index }) => index}
          columns={[
            {
              title: words.entry,
              cell: ({ index }) => (
                <Link to="/verify/log/$index" params={{ index }} aria-label={words.open(index)}>
                  {format.number(index)}
                </Link>
              ),
            },
            { title: words.what, cell: ({ kind }) => nameOf(kind) },
            { title: words.says, cell: ({ leaf }) => sentenceOf(leaf as Leaf) },
            {
              title: words.when,
              cell: ({ leaf }) => <When at={timeOf(leaf as Leaf)} />,
            },
          ]}
        />
      )}
      <nav className="u-row" aria-label={words.pages}>
        {search.before === undefined ? null : (
          <Link to="/verify/log" search={newest}>
            {words.newest}
          </Link>
        )}
        {older === undefined ? (
          <span className="u-soft">{words.beginning}</span>
        ) : (
          <Link to="/verify/log" search={{ ...search, before: older }}>
            {words.older}
          </Link>
        )}
      </nav>
    </>
  )
}

function When({ at }: { readonly at: string | undefined }) {
  const format = useFormat()
  if (at === undefined) return null
  return <span className="u-number">{at.includes('T') ? format.time(at) : format.day(at)}</span>
}

const text = texts({
  en: {
    title: 'Log',
    lead: 'What happened, in order? Entries are only ever added; nothing is changed or taken out.',
    entries: 'Entries',
    kind: 'Kind',
    all: 'all kinds',
    text: 'Text in the entry: a release, a purpose, a hash',
    search: 'Search',
    caption: (size: string) => `Newest first, of ${size} signed entries`,
    entry: 'Entry',
    open: (index: string) => `Open entry ${index}`,
    what: 'Kind',
    says: 'What it says',
    when: 'When',
    none: 'No entry matches',
    noneWhy: 'Try another kind, or a shorter text.',
    noneHere: 'None in this stretch of the log',
    noneHereWhy: 'A search reads the log piece by piece; go on with the older entries.',
    pages: 'Pages of the log',
    newest: 'Newest entries',
    older: 'Older entries',
    beginning: 'This is the beginning of the log.',
  },
  de: {
    title: 'Protokoll',
    lead: 'Was geschah, der Reihe nach? Es wird immer nur angefügt, nie verändert oder entfernt.',
    entries: 'Einträge',
    kind: 'Art',
    all: 'alle Arten',
    text: 'Text im Eintrag: eine Auskunft, ein Zweck, ein Hash',
    search: 'Suchen',
    caption: (size: string) => `Die neuesten zuerst, von ${size} unterschriebenen Einträgen`,
    entry: 'Eintrag',
    open: (index: string) => `Eintrag ${index} öffnen`,
    what: 'Art',
    says: 'Was er sagt',
    when: 'Wann',
    none: 'Kein Eintrag passt',
    noneWhy: 'Versuchen Sie eine andere Art oder einen kürzeren Text.',
    noneHere: 'Keiner in diesem Stück des Protokolls',
    noneHereWhy: 'Die Suche liest das Protokoll stückweise; gehen Sie zu den älteren Einträgen.',
    pages: 'Seiten des Protokolls',
    newest: 'Neueste Einträge',
    older: 'Ältere Einträge',
    beginning: 'Hier beginnt das Protokoll.',
  },
})
