import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { MyHome } from '../../house/views/home.ts'
import type { MyMoney } from '../../house/views/money.ts'
import type { MyChoice, MyChoices } from '../../house/views/my-choices.ts'
import type { MyData } from '../../house/views/my-data.ts'
import type { MyLimits } from '../../house/views/my-limits.ts'
import type { MyProof } from '../../house/views/proof.ts'
import type { Use } from '../../house/views/uses.ts'
import type { LimitClass } from '../../privacy/limits.ts'
import { call } from '../api/client.ts'
import { useLanguage } from '../i18n/language.tsx'

/** What is the person's own; every answer stands under the key 'me', so that a choice refreshes all of them. */
const mine = <T>(path: string, key: readonly string[] = []) => ({
  queryKey: ['me', path, ...key],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => call<T>(`/v1/me${path}`, { signal }),
})

export const useHome = () => useQuery(mine<MyHome>(''))
export const useMoney = () => useQuery(mine<MyMoney>('/money'))
export const useData = () => useQuery(mine<MyData>('/data'))
export const useProof = () => useQuery(mine<MyProof>('/proof'))
export const useLimits = () => useQuery(mine<MyLimits>('/limits'))
export function useChoices() {
  const { language } = useLanguage()
  return useQuery({
    queryKey: ['me', '/choices', language],
    queryFn: ({ signal }) => call<MyChoices>(`/v1/me/choices?language=${language}`, { signal }),
  })
}

export const useUses = () =>
  useInfiniteQuery({
    queryKey: ['me', '/uses'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      call<{ readonly uses: readonly Use[]; readonly next?: string; readonly total: number }>(
        `/v1/me/uses?limit=10${pageParam === '' ? '' : `&before=${encodeURIComponent(pageParam)}`}`,
        { signal },
      ),
    getNextPageParam: (last) => last.next,
  })

/** One request records a yes or a no; the answer says when it took effect. */
export function useDecide(choice: MyChoice) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (status: 'given' | 'withdrawn') =>
      call<MyChoice & { readonly tookEffectAt?: string }>(`/v1/me/choices/${choice.purpose}`, {
        method: 'PUT',
        body: {
          status,
          ...(choice.notice === undefined
            ? {}
            : { notice: { id: choice.notice.id, version: choice.notice.version, language: choice.notice.language } }),
        },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['me'] }),
  })
}

export function useStopAll() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () =>
      call<{ readonly stopped: readonly string[]; readonly tookEffectAt: string }>('/v1/me/choices/stop-all', {
        method: 'POST',
        body: {},
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['me'] }),
  })
}

export function useSetLimits() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (wish: { readonly class?: LimitClass; readonly lifeRho?: string | null }) =>
      call<MyLimits>('/v1/me/limits', { method: 'PUT', body: wish }),
    onSettled: () => client.invalidateQueries({ queryKey: ['me'] }),
  })
}
