import { useQuery } from '@tanstack/react-query'
import type { AuditedRelease, CheckpointView, Claims, LogEntryView, LogPage } from '../../house/views/audit.ts'
import { call } from '../api/client.ts'

export interface Checkpoints {
  readonly checkpoints: readonly CheckpointView[]
  readonly next?: string
}
export interface Inclusion {
  readonly index: string
  readonly size: string
  readonly path: readonly string[]
  readonly checkpoint?: string
}
export interface Consistency {
  readonly path: readonly string[]
}

/** What the house says its log's key is. It cannot change while the page is open without being noticed: every check below uses this one. */
export const useLogKey = () =>
  useQuery({
    queryKey: ['log', 'key'],
    queryFn: ({ signal }) => call<{ readonly key: string }>('/v1/log/key', { signal }).then(({ key }) => key),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })

export const useClaims = () =>
  useQuery({ queryKey: ['claims'], queryFn: ({ signal }) => call<Claims>('/v1/audit/claims', { signal }) })

export const useRelease = (id: string) =>
  useQuery({
    queryKey: ['audited', id],
    queryFn: ({ signal }) => call<AuditedRelease>(`/v1/audit/releases/${encodeURIComponent(id)}`, { signal }),
  })

export const useCheckpoints = () =>
  useQuery({ queryKey: ['log', 'checkpoints'], queryFn: ({ signal }) => readCheckpoints(undefined, signal) })

/** The newest signed checkpoint. */
export const useNewest = () =>
  useQuery({ queryKey: ['log', 'newest'], queryFn: ({ signal }) => readCheckpoints(undefined, signal, 1) })

export const readCheckpoints = (before?: string, signal?: AbortSignal, limit = 200): Promise<Checkpoints> =>
  call(`/v1/log/checkpoints?${query({ before, limit: `${limit}` })}`, { signal })

export const readEntries = (
  search: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<LogPage> => call(`/v1/log/entries?${query(search)}`, { signal })

/** The currency of the house, as the log's settings say; undefined until it is known. */
export function useCurrency(): string | undefined {
  const settings = useQuery({
    queryKey: ['log', 'settings'],
    queryFn: ({ signal }) => readEntries({ kind: 'settings', from: '0', limit: '1' }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const leaf = settings.data?.entries[0]?.leaf as { readonly settings?: { readonly currency?: unknown } } | undefined
  const currency = leaf?.settings?.currency
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : undefined
}

/** One entry; undefined when the log is not that long. */
export const useEntry = (index: string) =>
  useQuery({
    queryKey: ['log', 'entry', index],
    queryFn: async ({ signal }): Promise<LogEntryView | null> =>
      (await readEntries({ from: index, limit: '1' }, signal)).entries[0] ?? null,
  })

export const readInclusion = (index: string): Promise<Inclusion> => call(`/v1/log/proof?${query({ index })}`)
export const readConsistency = (from: string, to: string): Promise<Consistency> =>
  call(`/v1/log/consistency?${query({ from, to })}`)

function query(search: Readonly<Record<string, string | undefined>>): string {
  const parts = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) if (value !== undefined && value !== '') parts.set(name, value)
  return parts.toString()
}
