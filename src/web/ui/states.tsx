import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Offline, Problem } from '../api/client.ts'
import { texts, useText } from '../i18n/language.tsx'

/** Good news, a caution or a stop, in words; colour only repeats them. */
export function Message({
  tone = 'quiet',
  title,
  children,
  live = false,
}: {
  readonly tone?: 'good' | 'rough' | 'stop' | 'quiet'
  readonly title?: string
  readonly children?: ReactNode
  /** Read out when it appears. */
  readonly live?: boolean
}) {
  return (
    <div className="u-message" data-tone={tone} {...(live ? { role: tone === 'stop' ? 'alert' : 'status' } : {})}>
      {title === undefined ? null : <strong>{title}</strong>}
      {children}
    </div>
  )
}

/** What a query brought, or which state it is in: loading, refused, not permitted, offline. */
export function Loaded<T>({
  query,
  children,
}: {
  readonly query: UseQueryResult<T>
  readonly children: (data: T) => ReactNode
}) {
  if (query.isPending) return <Loading />
  if (query.isError) return <Failure cause={query.error} retry={() => void query.refetch()} />
  return <>{children(query.data)}</>
}

export function Loading() {
  const words = useText(text)
  return (
    <div className="u-skeleton" role="status">
      <span className="visually-hidden">{words.loading}</span>
      {[60, 92, 76, 84].map((width) => (
        <span key={width} style={{ width: `${width}%` }} aria-hidden />
      ))}
    </div>
  )
}

/** What went wrong, in the server's own words, with its code and what to do. */
export function Failure({ cause, retry }: { readonly cause: unknown; readonly retry?: () => void }) {
  const words = useText(text)
  if (cause instanceof Problem && cause.status === 401)
    return (
      <Message tone="rough" title={words.signInFirst} live>
        <p>{words.signInWhy}</p>
        <Link to="/sign-in" search={{ next: location.pathname }}>
          {words.signIn}
        </Link>
      </Message>
    )
  if (cause instanceof Problem)
    return (
      <Message
        tone="stop"
        title={cause.status === 403 ? words.notPermitted : cause.status >= 500 ? words.failed : words.refused}
        live
      >
        <p>{cause.message}</p>
        {cause.hint === undefined ? null : <p>{cause.hint}</p>}
        {cause.reasons.map((reason) => (
          <p key={reason.rule}>
            {reason.text} <span className="u-soft">[{reason.citation}]</span>
          </p>
        ))}
        <p className="u-small u-soft">
          <code>{cause.code}</code>
          {cause.requestId === undefined ? null : <code> · {cause.requestId}</code>}
        </p>
        {retry !== undefined && cause.status >= 500 ? <Retry retry={retry} /> : null}
      </Message>
    )
  if (cause instanceof Offline)
    return (
      <Message tone="rough" title={words.offline} live>
        <p>{words.offlineWhy}</p>
        {retry === undefined ? null : <Retry retry={retry} />}
      </Message>
    )
  throw cause
}

const Retry = ({ retry }: { readonly retry: () => void }) => (
  <Button variant="default" size="xs" onClick={retry}>
    {useText(text).again}
  </Button>
)

/** Nothing here yet, and what would put something here. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <Message title={title}>
      <div className="u-soft">{children}</div>
    </Message>
  )
}

const text = texts({
  en: {
    loading: 'Loading',
    signInFirst: 'Please sign in',
    signInWhy: 'This page shows what is yours alone.',
    signIn: 'Sign in',
    notPermitted: 'This account may not do that',
    refused: 'Refused',
    failed: 'Something failed on our side',
    offline: 'The server cannot be reached',
    offlineWhy: 'Nothing was lost. Check the connection and try again.',
    again: 'Try again',
  },
  de: {
    loading: 'Wird geladen',
    signInFirst: 'Bitte anmelden',
    signInWhy: 'Diese Seite zeigt, was nur Ihnen gehört.',
    signIn: 'Anmelden',
    notPermitted: 'Dieses Konto darf das nicht',
    refused: 'Abgelehnt',
    failed: 'Auf unserer Seite ist etwas fehlgeschlagen',
    offline: 'Der Server ist nicht erreichbar',
    offlineWhy: 'Nichts ging verloren. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
    again: 'Noch einmal versuchen',
  },
})
