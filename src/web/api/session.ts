import { useQuery, useQueryClient } from '@tanstack/react-query'
import { call, Problem } from './client.ts'

/** Who is signed in. */
export interface Session {
  readonly role: 'person' | 'buyer' | 'steward'
  readonly subject: string
  readonly name: string
  readonly expiresAt: string
}

/** The session of this browser; null when nobody is signed in. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) =>
      call<Session>('/v1/session', { signal }).catch((cause: unknown) => {
        if (cause instanceof Problem && cause.status === 401) return null
        throw cause
      }),
    staleTime: 60_000,
  })
}

/** Signs out here; everything that was read is forgotten. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient()
  return async () => {
    await call('/v1/session', { method: 'DELETE' })
    client.clear()
    location.assign('/')
  }
}
