import type { Use } from './uses.ts'

/** A person's first page: is anything happening with my data, and is it fine? */
export type MyHome = {
  readonly house: string
  readonly currency: string
  /** "2 of 3 uses allowed": in force now, of those that there are. */
  readonly allowed: { readonly inForce: number; readonly waiting: number; readonly of: number }
  /** Answers that the person was in, and since when. */
  readonly questions: { readonly count: number; readonly since?: string | undefined }
  readonly earned: string
  readonly lastUses: readonly Use[]
  readonly period?: { readonly id: string; readonly openedAt: string; readonly endsAt: string } | undefined
  /** When a yes that waits joins; unknown while no period is open. */
  readonly nextPeriodAt?: string | undefined
}
