import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { callText, Problem } from '../../api/client.ts'
import type { ReceiptView } from '../read.ts'
import type { Wish } from './use-quote.ts'

const store = 'usufruct.asking'

/**
 * Asks and pays, at most the price that was shown. The key under which a question is asked is kept until it is answered: a second press, a lost connection or a page that
 * is loaded again asks under the same key, and the server answers what it answered before.
 */
export function useAsk() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async ({ wish, maxPrice }: { readonly wish: Wish; readonly maxPrice: string }) => {
      const body = { ...wish, maxPrice }
      const key = keyFor(JSON.stringify(body))
      try {
        const receipt = await callText('/v1/releases', { method: 'POST', body, headers: { 'idempotency-key': key } })
        forget()
        return receipt
      } catch (cause) {
        // Refused is answered. A fault of the server or of the way there is not: the key stays.
        if (cause instanceof Problem && cause.status < 500) forget()
        throw cause
      }
    },
    onSuccess: async (receipt) => {
      const { answer } = JSON.parse(receipt) as ReceiptView
      client.setQueryData(['receipt', answer.release], receipt)
      for (const queryKey of [['account'], ['releases'], ['product']]) void client.invalidateQueries({ queryKey })
      await navigate({ to: '/buy/releases/$release', params: { release: answer.release } })
    },
  })
}

/** In memory as well, for browsers that forbid storage. */
let kept: { readonly body: string; readonly key: string } | undefined

function keyFor(body: string): string {
  const earlier = kept ?? read()
  kept = earlier?.body === body ? earlier : { body, key: freshKey() }
  try {
    sessionStorage.setItem(store, JSON.stringify(kept))
  } catch {}
  return kept.key
}

const freshKey = (): string =>
  `web-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`

function read(): typeof kept {
  try {
    return JSON.parse(sessionStorage.getItem(store) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

function forget(): void {
  kept = undefined
  try {
    sessionStorage.removeItem(store)
  } catch {}
}
