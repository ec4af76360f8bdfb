import { useQuery } from '@tanstack/react-query'
import type { AccountView } from '../../house/views/account.ts'
import type { ProductFacts } from '../../house/views/product.ts'
import type { Offer } from '../../measures/offer.ts'
import type { AnswerDocument } from '../../release/document.ts'
import { call, callText } from '../api/client.ts'

/** A product's page as GET /v1/products/:product answers it: its contract (contract/describe.ts) and its public facts. */
export interface ProductView {
  readonly product: string
  readonly contract: string
  readonly version: string
  readonly hash: string
  readonly title: string
  readonly description: { readonly purpose: string; readonly usage: string; readonly limitations: string }
  readonly purposes: readonly string[]
  readonly span?: { readonly from: string; readonly to: string }
  readonly retention?: string
  readonly contacts: readonly { readonly role: string; readonly address: string }[]
  readonly limits: { readonly rho: string; readonly days: number; readonly maxPerRelease: string }
  readonly tariff: { readonly currency?: string; readonly fee: string; readonly peoplesShare: string }
  readonly tables: readonly TableView[]
  readonly facts: ProductFacts
}
export interface TableView {
  readonly name: string
  readonly kind: 'persons' | 'private' | 'public'
  readonly personColumn?: string
  readonly maxRowsPerPerson?: string
  readonly maxGroupsPerPerson?: string
  readonly columns: readonly ColumnView[]
}
export interface ColumnView {
  readonly name: string
  readonly type: string
  readonly description?: string
  readonly offered: boolean
  readonly minimum?: string
  readonly maximum?: string
  readonly maxSumPerPerson?: string
  readonly domain?: readonly (string | number | boolean | null)[]
  /** Its values may be groups: those with enough people appear. */
  readonly openGroups?: boolean
}

/** One line of GET /v1/releases. */
export interface ReleaseView {
  readonly id: string
  readonly state: 'charged' | 'released' | 'burned'
  readonly product: string
  readonly purpose: string
  readonly sql?: string
  readonly rho: string
  readonly price: string
  readonly period: string
  readonly chargedAt: string
  readonly settledAt?: string
  readonly leafIndex?: string
}

/** A receipt's parts that the screens show; the text is what verifies. */
export interface ReceiptView {
  readonly answer: AnswerDocument
  readonly plan: string
  readonly origin: string
}

export interface KeyView {
  readonly id: string
  readonly label: string
  readonly createdAt: string
  readonly revokedAt?: string
}

export const useProducts = () =>
  useQuery({
    queryKey: ['products'],
    queryFn: ({ signal }) => call<{ readonly products: readonly ProductView[] }>('/v1/products', { signal }),
    select: (body) => body.products,
  })

export const useProduct = (product: string) =>
  useQuery({
    queryKey: ['product', product],
    queryFn: ({ signal }) => call<ProductView>(`/v1/products/${encodeURIComponent(product)}`, { signal }),
  })

export const useMeasures = (product: string) =>
  useQuery({
    queryKey: ['measures', product],
    queryFn: ({ signal }) =>
      call<{ readonly measures: readonly Offer[] }>(`/v1/products/${encodeURIComponent(product)}/measures`, { signal }),
    select: (body) => body.measures,
  })

export const useAccount = () =>
  useQuery({ queryKey: ['account'], queryFn: ({ signal }) => call<AccountView>('/v1/account', { signal }) })

export const useRelease = (id: string) =>
  useQuery({
    queryKey: ['release', id],
    queryFn: ({ signal }) => call<ReleaseView>(`/v1/releases/${encodeURIComponent(id)}`, { signal }),
  })

/** The receipt's exact text; it never changes. */
export const useReceipt = (id: string, there: boolean) =>
  useQuery({
    queryKey: ['receipt', id],
    queryFn: ({ signal }) => callText(`/v1/releases/${encodeURIComponent(id)}/receipt`, { signal }),
    enabled: there,
    staleTime: Number.POSITIVE_INFINITY,
  })
