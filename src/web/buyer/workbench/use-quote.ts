import { useEffect, useState } from 'react'
import type { Preview } from '../../../release/preview.ts'
import { call, Problem } from '../../api/client.ts'

/** What is asked for: exactly one of rho and within, or neither for the cheapest tier. */
export interface Wish {
  readonly product: string
  readonly purpose: string
  readonly sql: string
  readonly rho?: string
  readonly within?: string
  readonly bounds?: 'auto'
  readonly topUpOf?: string
}
export type Quoted =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'quote'; readonly wish: Wish; readonly quote: Preview }
  | { readonly kind: 'refused'; readonly wish: Wish; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly wish: Wish; readonly cause: unknown }

/** A burst of keys is one question. */
const pause = 40
/** The server takes a few previews a second from one buyer, after a burst. */
const breath = 500

/**
 * The quote of what is written now, kept current while somebody types: `current` is false while the newest text has no answer yet, and an answer to an
 * older text is dropped. Nothing is kept of it at the server.
 */
export function useQuote(wish: Wish | undefined): {
  readonly quoted: Quoted
  readonly current: boolean
  again(): void
} {
  const [quoted, setQuoted] = useState<Quoted>({ kind: 'nothing' })
  const [tries, setTries] = useState(0)
  const key = wish === undefined ? '' : JSON.stringify(wish)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `tries` asks the same again
  useEffect(() => {
    if (key === '') return setQuoted({ kind: 'nothing' })
    const asked = JSON.parse(key) as Wish
    const stop = new AbortController()
    const ask = async () => {
      try {
        const answer = await call<{ readonly ok: boolean; readonly quote: Preview; readonly problem: ProblemBody }>(
          '/v1/quotes/preview',
          { method: 'POST', body: asked, signal: stop.signal },
        )
        if (stop.signal.aborted) return
        setQuoted(
          answer.ok
            ? { kind: 'quote', wish: asked, quote: answer.quote }
            : { kind: 'refused', wish: asked, problem: new Problem(answer.problem.status, { ...answer.problem }) },
        )
      } catch (cause) {
        if (stop.signal.aborted) return
        // Somebody who types fast is asked to wait for a moment: the line follows by itself.
        if (cause instanceof Problem && cause.status === 429) timer = setTimeout(() => void ask(), breath)
        else setQuoted({ kind: 'failed', wish: asked, cause })
      }
    }
    let timer = setTimeout(() => void ask(), pause)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [key, tries])
  const current = quoted.kind === 'nothing' ? key === '' : JSON.stringify(quoted.wish) === key
  return { quoted, current, again: () => setTries((n) => n + 1) }
}

type ProblemBody = { readonly status: number; readonly [member: string]: unknown }
