import type { Json } from '../base/canonical.ts'
import type { Instant } from '../base/units.ts'

/** DPV consent status of an event: given, refused or withdrawn by the person, revoked by somebody else, expired by time. */
export type ConsentStatus = 'given' | 'refused' | 'withdrawn' | 'revoked' | 'expired'

export const consentStatuses: readonly ConsentStatus[] = ['given', 'refused', 'withdrawn', 'revoked', 'expired']

/** One event of a consent record, ISO/IEC TS 27560:2023 (event time, state, entity, validity duration) with DPV terms. */
export interface ConsentEvent {
  /** Unique; a retry with the same id changes nothing. */
  readonly id: string
  readonly recordId: string
  readonly person: string
  readonly purpose: string
  readonly status: ConsentStatus
  /** When the act happened, not after it is recorded. */
  readonly at: Instant
  /** Of a giving: consent ends by itself then. */
  readonly validUntil?: Instant | undefined
  /** What was shown; language and hash of its text where the door that recorded the act knew them. */
  readonly notice?:
    | {
        readonly id: string
        readonly version: string
        readonly language?: string | undefined
        readonly hash?: string | undefined
      }
    | undefined
  /** Who acted: "person", "guardian", "steward". */
  readonly entity: string
  /** How it is known: { method, reference, … }. A giving without it is refused. */
  readonly evidence?: Json | undefined
}

/** Days for which a yes lasts when the record does not say: 12 months (house rule). */
export const defaultValidityDays = 365
