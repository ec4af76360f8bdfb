import type { Json } from '../../base/canonical.ts'
import type { Leaf } from '../../tlog/leaves.ts'

/** A promise of the house, and whether it held when it was last looked at. Scopes count public things only: never people, never entries of the books. */
export type Claim = {
  readonly number: number
  readonly words: string
  /** What is looked at; for a promise that no run can check here, who can. */
  readonly how: string
  /** The part that no run can show, and what does. */
  readonly beyond?: string | undefined
  readonly result: 'holds' | 'fails' | 'not run yet' | 'not checked here'
  /** "12 releases". */
  readonly scope?: string | undefined
  /** The same in numbers. */
  readonly counts?: ClaimCounts | undefined
}
export type ClaimCounts = { readonly releases?: number; readonly entries?: number; readonly batches?: number }
export type Claims = {
  readonly claims: readonly Claim[]
  readonly ranAt?: string | undefined
  /** A run asked for earlier gives the results of the last one. */
  readonly nextRunFrom?: string | undefined
}
export type LogEntryView = { readonly index: string; readonly kind: string; readonly leaf: Json }
export type LogPage = {
  readonly size: string
  readonly entries: readonly LogEntryView[]
  /** Give it as `from` (or `before`, when going back) for the next page. */
  readonly next?: string | undefined
}
export type CheckpointView = {
  readonly size: string
  readonly root: string
  readonly note: string
  readonly at: string
}
/** One release as everybody may see it: no answer, no buyer, no number of people. Amounts are decimal texts. */
export type AuditedRelease = {
  readonly release: string
  readonly index: string
  readonly leaf: Leaf
  readonly postings: readonly { readonly account: string; readonly amount: string; readonly words: string }[]
  readonly currency: string
  readonly period?: { readonly id: string; readonly openedAt: string; readonly endsAt: string } | undefined
  readonly upperBound?: string | undefined
  /** Text of a tlog-proof: the leaf is in the log that this checkpoint signs. */
  readonly proof: string
}
