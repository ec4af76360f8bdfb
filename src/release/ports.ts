import type { Json } from '../base/canonical.ts'
import type { Rational } from '../base/rational.ts'
import type { Outcome } from '../base/refusal.ts'
import type { Day, Instant, Micro, NanoRho, Pico, PicoDelta } from '../base/units.ts'
import type { ConsentEvent, ConsentStatus } from '../consent/event.ts'

export type { ConsentEvent, ConsentStatus }

/**
 * What the way of a query needs from the world. `store` implements Books on PostgreSQL and, naively and independently, in memory;
 * `engines` implements Engine. State is a fold over append-only entries; every method is one transaction, durable when it resolves,
 * and methods of one Books never overlap: each takes the books' lock, so entries have one gapless sequence.
 */
export interface Books {
  // ── the house ────────────────────────────────────────────────────────────────────────────────────────────────
  /** Writes the settings once. Throws Fault 'books.initialised' when there are some already. */
  init(settings: HouseSettings, at: Instant, leaf: Uint8Array): Promise<void>
  /** Undefined before init. */
  settings(): Promise<HouseSettings | undefined>
  /** Number of the newest entry of any book; 0 before the first. */
  sequence(): Promise<bigint>

  // ── contracts, notices, loads ────────────────────────────────────────────────────────────────────────────────
  /** Applying the same bytes again is accepted and changes nothing. Refuses contract.version_exists. Registers new purposes. */
  applyContract(entry: ContractEntry, at: Instant, leaf: Uint8Array): Promise<Outcome<ContractEntry>>
  /** The newest version of each product, sorted by product. */
  contracts(): Promise<readonly ContractEntry[]>
  publishNotice(entry: NoticeEntry, at: Instant, leaf: Uint8Array): Promise<Outcome<NoticeEntry>>
  notices(): Promise<readonly NoticeEntry[]>
  /**
   * Makes a finished load current and brings the register of persons up to its person table, in one transaction: persons not in it stay
   * registered but absent. Somebody whom the law no longer permits leaves the cohort at once; nobody joins before the next period.
   */
  recordLoad(
    entry: Omit<LoadEntry, 'number'>,
    persons: AsyncIterable<readonly PersonFacts[]>,
    at: Instant,
    leaf: Uint8Array,
  ): Promise<LoadEntry>
  /** Newest first. */
  loads(product: string): Promise<readonly LoadEntry[]>

  // ── consent book ─────────────────────────────────────────────────────────────────────────────────────────────
  /**
   * Appends events, all or none. A withdrawal, refusal, revocation or expiry takes the person out of cohorts of that purpose in the same
   * transaction (settled first); a giving joins at the next period opening. An event whose `id` is known already, with equal content, is
   * skipped (idempotent); with another content refused. Refuses person.unknown, consent.purpose_unknown, consent.evidence_missing,
   * consent.record_invalid, request.idempotency_conflict, naming the event's place in the list.
   */
  recordChoices(
    events: readonly ConsentEvent[],
    at: Instant,
  ): Promise<Outcome<{ readonly recorded: number; readonly skipped: number; readonly sequence: bigint }>>
  /** Refuses person.unknown. Sets the limit class or a lower life limit; takes effect at once. */
  setLimits(
    person: string,
    limits: { readonly class?: LimitClass; readonly lifeNano?: NanoRho | null },
    at: Instant,
  ): Promise<Outcome<void>>
  /** Folded status of every purpose that has an event, and all events, oldest first. Refuses person.unknown. */
  choices(person: string, at: Instant): Promise<Outcome<PersonChoices>>
  /**
   * Who is active, for the engine's mask: changes with after < sequence <= upTo, oldest first, as pages; a person's bits are the purposes for
   * which that person's records may enter a computation at that sequence. `after` = 0n gives everything from the beginning, folded per person.
   */
  standingChanges(after: bigint, upTo: bigint): AsyncIterable<readonly StandingChange[]>
  /** Bit position of every purpose, 0 to 30, in order of registration. */
  purposeBits(): Promise<Readonly<Record<string, number>>>

  // ── periods ──────────────────────────────────────────────────────────────────────────────────────────────────
  /**
   * First half of opening: refuses period.already_open; joins everybody whose choices are in force and whom the law permits, charges the house
   * release of the head counts to everybody counted, whom the full limits (house share included) permit, and gives the exact counts, sealed.
   * The steward pays the pool for it when the period is finished.
   */
  beginPeriod(request: PeriodRequest, at: Instant): Promise<Outcome<BegunPeriod>>
  /** Second half: the noisy upper bounds are public facts from now on. Steward pays the pool ceil(N^ of the largest purpose * rate * rho). */
  finishPeriod(
    periodId: string,
    upperBounds: Readonly<Record<string, bigint>>,
    at: Instant,
    leaf: Uint8Array,
  ): Promise<PeriodEntry>
  /**
   * A period begun and never finished (a crash in between): its house release is burned, charge and pay stay, nothing is posted as N^ is unknown.
   * The leaf is an incident. Throws Fault 'period.state' when the period is not begun or finished already.
   */
  abandonPeriod(periodId: string, at: Instant, leaf: Uint8Array): Promise<void>
  closePeriod(at: Instant, leaf: Uint8Array): Promise<Outcome<PeriodEntry>>
  /** The finished, not closed, not ended period; undefined if none. */
  openPeriod(at: Instant): Promise<PeriodEntry | undefined>
  /** Newest first. */
  periods(): Promise<readonly PeriodEntry[]>

  // ── buyers, keys ─────────────────────────────────────────────────────────────────────────────────────────────
  addBuyer(buyer: { readonly id: string; readonly name: string }, at: Instant): Promise<Outcome<BuyerEntry>>
  approveBuyer(id: string, purpose: string, at: Instant): Promise<Outcome<BuyerEntry>>
  /** Idempotent by `reference`. Refuses buyer.unknown, market.amount_invalid, request.idempotency_conflict. */
  fundBuyer(id: string, amount: Micro, reference: string, at: Instant): Promise<Outcome<BuyerEntry>>
  buyers(): Promise<readonly BuyerEntry[]>
  addKey(key: KeyEntry, at: Instant): Promise<void>
  revokeKey(id: string, at: Instant): Promise<Outcome<KeyEntry>>
  /** By hex SHA-256 of the secret; revoked keys are not found. */
  findKey(secretHash: string): Promise<KeyEntry | undefined>
  keys(): Promise<readonly KeyEntry[]>

  // ── releases ─────────────────────────────────────────────────────────────────────────────────────────────────
  /** Keeps a quote; one with a known id, which follows from its content, changes nothing. */
  saveQuote(quote: QuoteEntry): Promise<void>
  quote(id: string): Promise<QuoteEntry | undefined>
  /** Public: rho charged in days [from, to] by ordinary (not house) releases, burned ones included: over all products, or of one product. */
  spent(from: Day, to: Day, product?: string): Promise<NanoRho>
  /**
   * CHARGED. In one transaction under the lock, in this order (each may refuse, first one wins): idempotency (same key and request hash gives the
   * earlier release back as `existing`; another hash refuses request.idempotency_conflict), memo (same memo key with a CHARGED or RELEASED release
   * gives it back as `existing`), period.not_open, buyer.not_approved, privacy.rho_over_release_cap, privacy.budget_used_up (product, then house),
   * market.funds_lacking. Then: expired consents leave; people whose limits do not hold rho more are settled and moved out; A, B and D of every
   * cohort that holds the purpose grow together; price goes from prepaid to pending; the release row is written with the sequence s.
   */
  charge(request: ChargeRequest, at: Instant): Promise<Outcome<Charged>>
  /** RELEASED: stores the answer, posts the money, appends the leaf, writes the memo. Only from CHARGED. */
  post(
    releaseId: string,
    result: { readonly answer: Json; readonly leaf: Uint8Array; readonly secret: Json },
    at: Instant,
  ): Promise<ReleaseEntry>
  /** BURNED: charge and pay stay, pending returns to the buyer, the steward pays the pool. Only from CHARGED. The leaf is an incident. */
  burn(releaseId: string, reason: string, at: Instant, leaf: Uint8Array): Promise<ReleaseEntry>
  /** Stores the receipt's bytes once; a second call gives the first bytes back. */
  saveReceipt(releaseId: string, receipt: string): Promise<string>
  release(id: string): Promise<ReleaseEntry | undefined>
  /** The charged or released release that answers this memo key; undefined when none. */
  memo(memoKey: string): Promise<ReleaseEntry | undefined>
  /** What a restart has to settle: buyers' releases still charged or released without receipt, oldest first, and periods begun but not finished. */
  unfinished(): Promise<{ readonly releases: readonly ReleaseEntry[]; readonly begunPeriods: readonly string[] }>
  /** Newest first; before: id of a release already seen. */
  releases(filter: {
    readonly buyer?: string
    readonly state?: ReleaseState
    readonly before?: string
    readonly limit: number
  }): Promise<readonly ReleaseEntry[]>

  // ── money ────────────────────────────────────────────────────────────────────────────────────────────────────
  /** Account → balance, micro-units; asset-like accounts (prepaid, pending, pool …) positive when money is there. */
  balances(): Promise<Readonly<Record<string, Micro>>>
  /** The person's own: stints, what was owed and spent in each, today's total. Refuses person.unknown. */
  statement(person: string, at: Instant): Promise<Outcome<PersonStatement>>
  /** Checks every invariant of the books from the entries up; an empty list of failures is the good outcome. */
  check(): Promise<BooksCheck>

  // ── log ──────────────────────────────────────────────────────────────────────────────────────────────────────
  /** Leaves from an index on, in order. */
  leaves(from: bigint, limit: number): Promise<readonly { readonly index: bigint; readonly data: Uint8Array }[]>
  leafCount(): Promise<bigint>
  /** Stores a signed checkpoint if its size is larger than the newest one's (compare-and-swap); false when not. */
  saveCheckpoint(size: bigint, root: string, note: string, at: Instant): Promise<boolean>
  newestCheckpoint(): Promise<{ readonly size: bigint; readonly root: string; readonly note: string } | undefined>

  close(): Promise<void>
}

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
    readonly product: { readonly nano: NanoRho; readonly days: number; readonly maxPerRelease: NanoRho }
    readonly house: Limits
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

// ── engine ───────────────────────────────────────────────────────────────────────────────────────────────────────
export interface Engine {
  /** Opens a load's file; one instance per file and process. Throws Fault. */
  open(file: string): Promise<EngineData>
}
export interface EngineData {
  /** Sequence that the stored mask contains. */
  maskSequence(): Promise<bigint>
  /** Applies changes in one engine transaction; afterwards maskSequence is `upTo`. */
  applyStanding(changes: AsyncIterable<readonly StandingChange[]>, upTo: bigint): Promise<void>
  /**
   * Runs one bounded statement. Its columns: one text per group key, then one HUGEINT per channel. Refuses any other type with a Fault; every
   * engine failure is one Fault 'engine.failed' whose message tells nothing of the data.
   */
  run(statement: BoundedSql): Promise<SealedRows>
  close(): Promise<void>
}
export interface BoundedSql {
  readonly text: string
  /** Bound by name: salt (128-bit hex, fresh per release) and purpose bit. */
  readonly parameters: Readonly<Record<string, string | number>>
  readonly groupKeys: number
  readonly channels: number
}
/** Exact rows that cannot be printed or serialised; privacy/exact.ts makes and opens them. */
export interface SealedRows {
  readonly sealed: true
}

// ── log ──────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Publishes what the books have queued: tiles durable, then compare-and-swap, then the signed checkpoint. Idempotent. */
export interface LogWriter {
  publish(at: Instant): Promise<{ readonly size: bigint; readonly root: string; readonly note: string }>
  /** RFC 6962 inclusion proof of a published leaf, base64 hashes, against the newest checkpoint. */
  prove(
    index: bigint,
  ): Promise<{ readonly index: bigint; readonly path: readonly string[]; readonly checkpoint: string }>
}

/** Multiplier of a purpose times the posted rate, rounded down: what a person is paid per milli-rho. */
export type RateRule = (rate: Micro, multiplier: Rational) => Micro
