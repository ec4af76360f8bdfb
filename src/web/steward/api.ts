import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Finding } from '../../contract/finding.ts'
import type { Change } from '../../contract/plan.ts'
import { call, type Request } from '../api/client.ts'

/** A reading of the API; the address is its name in the cache. `keep`: the page before stays until the next one is there. */
export const useRead = <T>(path: string, { keep = false, enabled = true } = {}) =>
  useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => call<T>(path, { signal }),
    ...(keep ? { placeholderData: keepPreviousData } : {}),
    enabled,
  })

/** Something that changes the books: afterwards everything that is shown is read again. */
export function useAct<In, Out>(request: (input: In) => { readonly path: string } & Request) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: In) => {
      const { path, ...rest } = request(input)
      return call<Out>(path, rest)
    },
    onSuccess: () => client.invalidateQueries(),
  })
}

/** Documents of src/server/documents.ts, as a screen reads them. */
export interface Buyer {
  readonly id: string
  readonly name: string
  readonly purposes: readonly string[]
  readonly prepaid: string
  readonly pending: string
}
export interface Period {
  readonly id: string
  readonly openedAt: string
  readonly endsAt: string
  readonly closedAt?: string
  readonly ratePerMilliRho: string
  readonly headCountRho: string
  readonly upperBounds: Readonly<Record<string, string>>
}
export interface Key {
  readonly id: string
  readonly role: string
  readonly subject: string
  readonly label: string
  readonly createdAt: string
  readonly revokedAt?: string
}
export interface Contract {
  readonly product: string
  readonly version: string
  readonly hash: string
  readonly status?: string
  readonly purposes: readonly string[]
  readonly appliedAt: string
}
export interface Notice {
  readonly id: string
  readonly version: string
  readonly language: string
  readonly purposes: readonly string[]
  readonly hash: string
  readonly publishedAt: string
  readonly url: string
}
/** What a product's contract says in words (src/contract/describe.ts). */
export interface Described {
  readonly product: string
  readonly version: string
  readonly title: string
  readonly description: { readonly purpose?: string; readonly usage?: string; readonly limitations?: string }
  readonly limits: { readonly rho: string; readonly days: number; readonly maxPerRelease: string }
  readonly tariff: {
    readonly currency?: string
    readonly fee: string
    readonly floorPerMilliRho: string
    readonly peoplesShare: string
  }
  readonly tables: readonly {
    readonly name: string
    readonly kind: 'persons' | 'private' | 'public'
    readonly maxRowsPerPerson?: string
    readonly columns: readonly { readonly name: string; readonly offered: boolean; readonly type: string }[]
  }[]
}
export interface Linted {
  readonly valid: boolean
  readonly findings: readonly Finding[]
  readonly product?: Described
}
export interface Planned {
  readonly product: string
  readonly version: string
  readonly breaking: boolean
  readonly changes: readonly Change[]
}
