import type { Json } from '../base/canonical.ts'
import type { Day, Instant, Micro, NanoRho, Pico, PicoDelta } from '../base/units.ts'
import type { ConsentEvent, ConsentStatus } from '../consent/event.ts'

/** What the books hold and are asked, as values: settings, entries, requests, folded states. The ports (ports.ts) speak in these. */

export interface HouseSettings {
  readonly name: string
  /** ISO 4217. */
  readonly currency: string
  /** Log origin, also the log key's name, e.g. "north-coop.example/usufruct". */
  readonly origin: string
  readonly limits: Limits
  /** Days of a period. */
  readonly periodDays: number
  /** Posted rates that a period may choose from, micro-units per person per milli-rho, ascending. */
  readonly rateLadder: readonly Micro[]
  /** Slots of a batch of acts of consent: a power of two. Undefined: 4096. */
  readonly consentCapacity?: number | undefined
  /** When answers leave. Undefined, in homes of earlier programs: at once. */
  readonly answers?: AnswerRules | undefined
}

/** How a question is computed (src/query/plan.ts): public, from contract and question alone. */
export type PlanClass = 'records' | 'flat' | 'two-level'

/** Time as a channel: when answers leave, and how long a computation may take. Public and logged. */
export interface AnswerRules {
  /** Answers leave at whole multiples of so many milliseconds since 1970; 0: as soon as they are ready, which tells how long the computation took. */
  readonly everyMilliseconds: number
  /** … and not sooner than so long after the question's turn began. */
  readonly leastMilliseconds: number
  /** A computation that takes longer, from the charge on, is stopped and fails as any other. */
  readonly deadlineMilliseconds: Readonly<Record<PlanClass, number>>
  /** Classes whose questions are refused, from the first period on that opens after `since`. */
  readonly blocked: readonly { readonly path: PlanClass; readonly since: Instant }[]
}

/** Limits of the medium class; low is 1/5 and high is 2 times. One house share lowers each of them for ordinary releases. */
export interface Limits {
  readonly windows: readonly { readonly days: number; readonly nano: NanoRho; readonly delta: PicoDelta }[]
  readonly life: { readonly nano: NanoRho; readonly delta: PicoDelta }
  readonly houseShare: NanoRho
  readonly maxPerRelease: NanoRho
  /** rho of one release of head counts. */
  readonly headCount: NanoRho
}
export type LimitClass = 'low' | 'medium' | 'high'

export interface ContractEntry {
  readonly product: string
  readonly version: string
  readonly hash: string
  readonly yaml: string
  readonly purposes: readonly string[]
  readonly budget: { readonly nano: NanoRho; readonly days: number; readonly maxPerRelease: NanoRho }
  readonly appliedAt: Instant
}
export interface NoticeEntry {
  readonly id: string
  readonly version: string
  readonly language: string
  readonly purposes: readonly string[]
  readonly text: string
  /** Hex SHA-256 of the text. */
  readonly hash: string
  readonly publishedAt: Instant
}
export interface LoadEntry {
  readonly id: string
  readonly product: string
  /** 1, 2, … within the product. */
  readonly number: number
  readonly contractVersion: string
  /** File name within the home's data folder. */
  readonly file: string
  /** Hex SHA-256 over the sources' bytes and the contract hash: an equal load is not done twice. */
  readonly sourceHash: string
  /** Counts that the steward sees. Never public. */
  readonly report: Json
  readonly loadedAt: Instant
}
/** What the law needs to know of one person. Unknown stays undefined, and unknown means no. */
export interface PersonFacts {
  readonly person: string
  readonly adultOn?: Day | undefined
  readonly place?: string | undefined
}

export interface PersonChoices {
  readonly person: string
  readonly limitClass: LimitClass
  readonly lifeNano: NanoRho | undefined
  readonly standing: readonly {
    readonly purpose: string
    readonly status: ConsentStatus
    readonly since: Instant
    readonly validUntil: Instant | undefined
    /** True when the person's records may enter an answer for this purpose now. */
    readonly inForce: boolean
    /** Why not, or when: 'joins_next_period', 'not_adult', 'age_unknown', 'place_unknown', 'absent', 'limit_reached', … */
    readonly note: string | undefined
  }[]
  readonly events: readonly (ConsentEvent & { readonly sequence: bigint })[]
}
/** A sealed batch of acts of consent; its leaf is public, who is in it is not. */
export interface ConsentBatchEntry {
  /** 1, 2, … */
  readonly number: number
  /** Of the house's clock; there is at most one batch a day. */
  readonly day: Day
  readonly capacity: number
  /** Hex. */
  readonly root: string
  readonly leafIndex: bigint
}
/** One act's place in a batch: what the person needs to prove it, and nobody else may have. */
export interface ConsentSlot {
  /** Id of the act. */
  readonly event: string
  readonly slot: number
  /** 32 bytes in hex. */
  readonly salt: string
  /** Base64 hashes from the slot's sibling up. */
  readonly path: readonly string[]
  /** Canonical text of the record that the slot commits to. */
  readonly receipt: string
}
/** What everybody in force for a purpose was charged and paid in some days; of house releases the purpose is "". */
export interface ChargeTotal {
  readonly purpose: string
  readonly releases: number
  readonly nano: NanoRho
  readonly pay: Pico
}
/** All rows about one person, for that person's own eyes (GDPR article 15). */
export interface PersonRecords {
  readonly person: string
  readonly tables: readonly {
    readonly table: string
    /** Amounts are decimal text, days "2026-11-24", moments "2026-11-24 10:15:30" (UTC). */
    readonly rows: readonly Readonly<Record<string, string | boolean | null>>[]
  }[]
}
export interface StandingChange {
  readonly sequence: bigint
  readonly person: string
  /** Bit set of purposes, see purposeBits. */
  readonly bits: number
}

export interface PeriodRequest {
  readonly id: string
  readonly endsAt: Instant
  /** Posted rate, micro-units per person per milli-rho. */
  readonly rate: Micro
  readonly headCountNano: NanoRho
}
export interface BegunPeriod {
  readonly id: string
  /** People counted per purpose: exact, to be opened by the noise alone. */
  readonly exact: SealedCounts
  readonly sequence: bigint
}
/** Exact numbers that cannot be printed or serialised; privacy/exact.ts makes and opens them. */
export interface SealedCounts {
  readonly sealed: true
}
export interface PeriodEntry {
  readonly id: string
  readonly openedAt: Instant
  readonly endsAt: Instant
  readonly closedAt: Instant | undefined
  readonly rate: Micro
  readonly headCountNano: NanoRho
  /** N^ per purpose: the published upper bound. */
  readonly upperBounds: Readonly<Record<string, bigint>>
}

export interface BuyerEntry {
  readonly id: string
  readonly name: string
  readonly purposes: readonly string[]
  readonly prepaid: Micro
  readonly pending: Micro
}
export interface KeyEntry {
  readonly id: string
  readonly role: 'steward' | 'buyer' | 'person'
  /** Buyer id or person key. */
  readonly subject: string
  readonly secretHash: string
  readonly label: string
  readonly createdAt: Instant
  readonly revokedAt?: Instant | undefined
}

export interface QuoteEntry {
  readonly id: string
  readonly buyer: string
  readonly product: string
  readonly purpose: string
  readonly sql: string
  readonly nano: NanoRho
  readonly price: Micro
  readonly periodId: string
  readonly expiresAt: Instant
  /** The whole quote as it was shown. */
  readonly shown: Json
}

export interface ChargeRequest {
  readonly releaseId: string
  readonly buyer: string
  readonly product: string
  readonly purpose: string
  readonly nano: NanoRho
  readonly delta: PicoDelta
  readonly price: Micro
  /** What the people are paid per milli-rho each: the period's rate times the purpose's multiplier, rounded down. */
  readonly rate: Micro
  /** ceil(N^ * rate * nano / 10^6): goes to the pool when posted. */
  readonly pool: Micro
  /** Parts of price - pool; steward + operator + reserve = price - pool. */
  readonly shares: { readonly steward: Micro; readonly operator: Micro; readonly reserve: Micro }
  readonly periodId: string
  readonly loadId: string
  readonly memoKey: string
  readonly idempotency?: { readonly key: string; readonly requestHash: string } | undefined
  /** Shown with the release: SQL, canonical plan, hash, sensitivities. Public facts. */
  readonly plan: Json
  readonly caps: {
    readonly product: {
      readonly nano: NanoRho
      readonly days: number
      readonly maxPerRelease: NanoRho
      readonly delta?: PicoDelta | undefined
    }
    readonly house: Limits
    /** The most delta that the shortest window may hold besides the house's own limit of it, by N^ (privacy/limits.ts). */
    readonly cohortDelta?: PicoDelta | undefined
  }
}
export interface Charged {
  readonly release: ReleaseEntry
  /** True when an earlier release answers this request (memo or idempotency); nothing was charged now. */
  readonly existing: boolean
}
export type ReleaseState = 'charged' | 'released' | 'burned'
export interface ReleaseEntry {
  readonly id: string
  readonly state: ReleaseState
  readonly buyer: string
  readonly product: string
  readonly purpose: string
  readonly nano: NanoRho
  readonly delta: PicoDelta
  readonly price: Micro
  readonly rate: Micro
  readonly pool: Micro
  readonly shares: { readonly steward: Micro; readonly operator: Micro; readonly reserve: Micro }
  readonly periodId: string
  readonly loadId: string
  readonly memoKey: string
  readonly plan: Json
  /** Sequence s of the charge: the engine's mask must equal the standing at s. */
  readonly sequence: bigint
  readonly chargedAt: Instant
  /** The public indices right after the charge, per declared purpose. */
  readonly indices: Readonly<Record<string, Indices>>
  /** Set when released. */
  readonly answer: Json | undefined
  readonly secret: Json | undefined
  readonly leafIndex: bigint | undefined
  readonly receipt: string | undefined
  readonly settledAt: Instant | undefined
}
/** Growing sums over releases: pay per person, rho, delta. */
export interface Indices {
  readonly a: Pico
  readonly b: NanoRho
  readonly d: PicoDelta
}

export interface PersonStatement {
  readonly person: string
  readonly earned: Pico
  readonly spentNano: NanoRho
  readonly spentDelta: PicoDelta
  readonly stints: readonly {
    readonly purposes: readonly string[]
    readonly from: Instant
    readonly to: Instant | undefined
    readonly earned: Pico
    readonly spentNano: NanoRho
  }[]
  /** Releases that the person was in, newest first, with what each paid: rate * nano. House releases have buyer "house". */
  readonly releases: readonly {
    readonly id: string
    readonly at: Instant
    readonly buyer: string
    readonly product: string
    readonly purpose: string
    readonly nano: NanoRho
    readonly rate: Micro
    readonly earned: Pico
  }[]
}
export interface BooksCheck {
  readonly entries: bigint
  readonly failures: readonly string[]
  /** Each invariant that was checked, in words, with the number of things looked at. */
  readonly checked: readonly { readonly what: string; readonly count: number }[]
}

/** What an idempotency key stands for. */
export interface KeyedRelease {
  readonly requestHash: string
  readonly release: ReleaseEntry
}

// ── what the steward reads ─────────────────────────────────────────────────────────────────────────────────────────
/** A question that was refused before any charge. Never its text: the code, and the place in the text where there is one. */
export interface RefusalEntry {
  readonly at: Instant
  readonly buyer: string
  readonly act: 'quote' | 'ask'
  readonly code: string
  /** Only where it is a known product or purpose: what a stranger wrote is not kept. */
  readonly product: string | undefined
  readonly purpose: string | undefined
  readonly position: { readonly offset: number; readonly line: number; readonly column: number } | undefined
}
export interface RefusalCount {
  readonly day: Day
  readonly code: string
  readonly buyer: string
  readonly count: number
}
/** Steps of a notice that nobody is known by: counters of a day. */
export type NoticeStep = 'shown' | 'details'
export interface NoticeCount {
  readonly notice: { readonly id: string; readonly version: string }
  readonly language: string
  readonly day: Day
  readonly step: NoticeStep
  readonly count: number
}
/** Answers of one day to one notice, an answer for each purpose. */
export interface AnswerCount {
  /** Undefined: answers that name no notice. */
  readonly notice: { readonly id: string; readonly version: string } | undefined
  readonly day: Day
  readonly given: number
  readonly refused: number
  readonly withdrawn: number
  /** Of the givings of this day: withdrawn again by the same person within seven times 24 hours. */
  readonly withdrawnWithin7Days: number
}
export interface Sales {
  /** Released ones: burned ones cost the buyer nothing. */
  readonly releases: number
  readonly price: Micro
  readonly nano: NanoRho
}
export interface JournalEntry {
  readonly sequence: bigint
  readonly kind: string
  /** Release, period, or the reference of a payment. */
  readonly subject: string
  readonly at: Instant
  /** Add up to nothing. */
  readonly postings: readonly { readonly account: string; readonly amount: Micro }[]
}
