import type { Json } from '../base/canonical.ts'
import type { Outcome } from '../base/refusal.ts'
import type { Day, Instant, Micro, NanoRho, PicoDelta } from '../base/units.ts'
import type { ConsentEvent, ConsentStatus } from '../consent/event.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import type {
  AnswerCount,
  AnswerRules,
  BegunPeriod,
  BooksCheck,
  BuyerEntry,
  Charged,
  ChargeRequest,
  ChargeTotal,
  ConsentBatchEntry,
  ConsentSlot,
  ContractEntry,
  HouseSettings,
  JournalEntry,
  KeyEntry,
  KeyedRelease,
  LimitClass,
  LoadEntry,
  NoticeCount,
  NoticeEntry,
  NoticeStep,
  PeriodEntry,
  PeriodRequest,
  PersonChoices,
  PersonFacts,
  PersonRecords,
  PersonStatement,
  QuoteEntry,
  RefusalCount,
  RefusalEntry,
  ReleaseEntry,
  ReleaseState,
  Sales,
  StandingChange,
} from './entries.ts'

export type * from './entries.ts'
export type { ConsentEvent, ConsentStatus }

/**
 * What the way of a query needs from the world. `store` implements Books on PostgreSQL; the tests hold it against naive, independent books in memory;
 * `engines` implements Engine. State is a fold over append-only entries; every method is one transaction, durable when it resolves,
 * and methods of one Books never overlap: each takes the books' lock, so entries have one gapless sequence.
 */
export interface Books {
  // ── the house ────────────────────────────────────────────────────────────────────────────────────────────────
  /** Writes the settings once. Throws Fault 'books.initialised' when there are some already. */
  init(settings: HouseSettings, at: Instant, leaf: Uint8Array): Promise<void>
  /** Undefined before init. */
  settings(): Promise<HouseSettings | undefined>
  /** The rules of answers from now on, with their leaf; the other settings stay. An entry each time. Throws Fault 'books.not_initialised'. */
  setAnswerRules(rules: AnswerRules, at: Instant, leaf: Uint8Array): Promise<void>
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

  /** Acts that no batch holds yet, in the order of recording. */
  unbatchedChoices(limit: number): Promise<readonly ConsentEvent[]>
  /**
   * Seals a batch with its leaf. Throws Fault 'books.batch_out_of_order' unless the number is the next, the day a later one and the slots hold the next
   * acts in the order of recording: no act is left out and none is in two batches.
   */
  sealConsentBatch(
    batch: Omit<ConsentBatchEntry, 'leafIndex'> & { readonly slots: readonly ConsentSlot[] },
    at: Instant,
    leaf: Uint8Array,
  ): Promise<void>
  newestConsentBatch(): Promise<ConsentBatchEntry | undefined>
  /** Where an act is, by its id; undefined while no batch holds it. */
  consentSlot(event: string): Promise<(ConsentSlot & { readonly batch: ConsentBatchEntry }) | undefined>

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
  /** Public: what everybody in force was charged and paid in days [from, to], by purpose, burned releases included; sorted by purpose, house first. */
  chargeTotals(from: Day, to: Day): Promise<readonly ChargeTotal[]>
  /**
   * CHARGED. In one transaction under the lock, in this order (each may refuse, first one wins): idempotency (same key and request hash gives the
   * earlier release back as `existing`; another hash refuses request.idempotency_conflict), memo (same memo key with a CHARGED or RELEASED release
   * gives it back as `existing`), period.not_open, buyer.not_approved, privacy.rho_over_release_cap, privacy.budget_used_up (product, house, then delta),
   * market.funds_lacking. Then: expired consents leave; people whose limits do not hold rho and delta more are settled and moved out; A, B and D of every
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
  /** The release that a buyer's idempotency key made, and the hash of what was asked with it; undefined when the key is new. */
  keyed(buyer: string, key: string): Promise<KeyedRelease | undefined>
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

  // ── what the steward reads ───────────────────────────────────────────────────────────────────────────────────
  /** An entry, while that buyer has fewer than `most` on that day; beyond them one more on a counter, which is no entry. */
  recordRefusal(entry: RefusalEntry, most: number): Promise<void>
  /** Days [from, to], those that were only counted included; newest first, then by code and buyer. */
  refusalCounts(from: Day, to: Day): Promise<readonly RefusalCount[]>
  /** Newest first; before: sequence of a refusal already seen. */
  refusals(filter: {
    readonly before?: bigint
    readonly limit: number
  }): Promise<readonly (RefusalEntry & { readonly sequence: bigint })[]>
  /** One more, or `times` more, on a counter of the day. Not an entry: it has no number, and nothing follows from it. */
  countNoticeStep(
    notice: { readonly id: string; readonly version: string; readonly language: string },
    step: NoticeStep,
    at: Instant,
    times?: number,
  ): Promise<void>
  /** Days [from, to], newest first, then by notice, version, language and step. */
  noticeCounts(from: Day, to: Day): Promise<readonly NoticeCount[]>
  /** Days [from, to] of the acts, from 1970 on; newest first, then by notice and version, those without one last. */
  answerCounts(from: Day, to: Day): Promise<readonly AnswerCount[]>
  /** Public, as `spent`, with its delta: only days with a charge, oldest first. */
  spentByDay(
    from: Day,
    to: Day,
    product?: string,
  ): Promise<readonly { readonly day: Day; readonly nano: NanoRho; readonly delta: PicoDelta }[]>
  /** Ordinary releases that were released at `from` or later and before `to`. */
  sales(filter: {
    readonly buyer?: string
    readonly period?: string
    readonly from?: Instant
    readonly to?: Instant
  }): Promise<Sales>
  /** Newest first; before: sequence of an entry already seen. */
  journal(filter: { readonly before?: bigint; readonly limit: number }): Promise<readonly JournalEntry[]>

  // ── log ──────────────────────────────────────────────────────────────────────────────────────────────────────
  /** Leaves from an index on, in order. */
  leaves(from: bigint, limit: number): Promise<readonly { readonly index: bigint; readonly data: Uint8Array }[]>
  leafCount(): Promise<bigint>
  /** Stores a signed checkpoint if its size is larger than the newest one's (compare-and-swap); false when not. */
  saveCheckpoint(size: bigint, root: string, note: string, at: Instant): Promise<boolean>
  newestCheckpoint(): Promise<{ readonly size: bigint; readonly root: string; readonly note: string } | undefined>
  /** Every checkpoint that was signed, newest first, of at most this size. */
  checkpoints(
    upTo: bigint,
    limit: number,
  ): Promise<readonly { readonly size: bigint; readonly root: string; readonly note: string; readonly at: Instant }[]>

  close(): Promise<void>
}

// ── engine ───────────────────────────────────────────────────────────────────────────────────────────────────────
export interface Engine {
  /** Opens a load's file; one instance per file and process. Throws Fault. */
  open(file: string): Promise<EngineData>
}
export interface EngineData {
  /** Sequence that the stored mask contains. */
  maskSequence(): Promise<bigint>
  /**
   * Hash of the contract for which the file holds each person's whole record (query/record.ts), written by the load that wrote its rows; undefined when it
   * holds none, or such as this program does not know.
   */
  recordsOf(): Promise<string | undefined>
  /** Applies changes in one engine transaction; afterwards maskSequence is `upTo`. */
  applyStanding(changes: AsyncIterable<readonly StandingChange[]>, upTo: bigint): Promise<void>
  /**
   * Runs one bounded statement. Its columns: one text per group key, then one HUGEINT per channel. Refuses any other type with a Fault; every
   * engine failure is one Fault 'engine.failed' whose message tells nothing of the data. An aborted `signal` interrupts it: that is such a failure.
   */
  run(statement: BoundedSql, signal?: AbortSignal): Promise<SealedRows>
  /**
   * Every row about one person, and of nobody else: the one way past the seal, and only ever on behalf of that person. Without a row for somebody whom
   * the data do not know.
   */
  personRecords(catalogue: Catalogue, person: string): Promise<PersonRecords>
  close(): Promise<void>
}
export interface BoundedSql {
  readonly text: string
  /**
   * Another statement of the same integers, for the engine to take when `when`, one boolean, is true: it is about time alone. Nobody learns which ran.
   */
  readonly otherwise?: { readonly when: string; readonly text: string } | undefined
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
  /** Base64 inclusion proof of a leaf in the published tree's first `size` leaves. Throws Fault 'log.not_published'. */
  inclusion(index: bigint, size: bigint): Promise<readonly string[]>
  /** Base64 consistency proof between two published sizes, 0 < from <= to. Throws Fault 'log.not_published'. */
  consistency(from: bigint, to: bigint): Promise<readonly string[]>
  /** Recomputes everything that was signed. Throws Fault 'log.damaged' or 'log.forked'. */
  check(): Promise<void>
}
