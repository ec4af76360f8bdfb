import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Empty, Failure, Loading } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { Tag } from '../ui/value.tsx'
import { type ReleaseView, useAccount } from './read.ts'
import { questionTitle, useWords } from './words.ts'

interface Slice {
  readonly releases: readonly ReleaseView[]
  readonly next?: string
}

/** What did I ask before, and what came out? */
export function Releases() {
  const words = useText(text)
  const shared = useWords()
  const format = useFormat()
  const currency = useAccount().data?.currency ?? ''
  const list = useInfiniteQuery({
    queryKey: ['releases'],
    queryFn: ({ pageParam, signal }) =>
      call<Slice>(`/v1/releases?limit=25${pageParam === '' ? '' : `&before=${pageParam}`}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  })
  const rows = list.data?.pages.flatMap((page) => page.releases) ?? []
  return (
    <Page title={words.title} lead={words.lead}>
      {list.isPending ? <Loading /> : null}
      {list.isError ? <Failure cause={list.error} retry={() => void list.refetch()} /> : null}
      {list.isSuccess && rows.length === 0 ? (
        <Empty title={words.none}>
          <Link to="/buy/ask">{words.ask}</Link>
        </Empty>
      ) : null}
      {rows.length === 0 ? null : (
        <Sheet>
          <DataTable
            caption={words.caption}
            rows={rows}
            keyOf={(row) => row.id}
            quiet={(row) => row.state === 'burned'}
            columns={[
              {
                title: words.question,
                cell: (row) => (
                  <Link to="/buy/releases/$release" params={{ release: row.id }}>
                    {questionTitle(row.sql)}
                  </Link>
                ),
              },
              { title: words.asked, cell: (row) => format.day(row.chargedAt) },
              { title: words.purpose, cell: (row) => shared.purpose(row.purpose) },
              {
                title: words.state,
                cell: (row) => (
                  <Tag tone={row.state === 'released' ? 'good' : row.state === 'burned' ? 'stop' : 'quiet'}>
                    {shared.state[row.state] ?? row.state}
                  </Tag>
                ),
              },
              { title: words.rho, right: true, cell: (row) => format.number(row.rho) },
              { title: words.price, right: true, cell: (row) => format.money(row.price, currency) },
            ]}
          />
          {list.hasNextPage ? (
            <div className="u-row">
              <Button variant="default" onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
                {words.more}
              </Button>
            </div>
          ) : null}
        </Sheet>
      )}
    </Page>
  )
}

const text = texts({
  en: {
    title: 'Answers',
    lead: 'Everything that you asked, newest first. An answer stays as it was given.',
    none: 'You have not asked anything yet',
    ask: 'Ask a question',
    caption: 'Questions asked',
    question: 'Question',
    asked: 'Asked on',
    purpose: 'Purpose',
    state: 'State',
    rho: 'Privacy loss (rho)',
    price: 'Paid',
    more: 'Show earlier ones',
  },
  de: {
    title: 'Antworten',
    lead: 'Alles, was Sie gefragt haben, das Neueste zuerst. Eine Antwort bleibt, wie sie gegeben wurde.',
    none: 'Sie haben noch nichts gefragt',
    ask: 'Eine Frage stellen',
    caption: 'Gestellte Fragen',
    question: 'Frage',
    asked: 'Gefragt am',
    purpose: 'Zweck',
    state: 'Stand',
    rho: 'Privatheitsverlust (rho)',
    price: 'Bezahlt',
    more: 'Frühere zeigen',
  },
})
