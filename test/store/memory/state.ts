import type { Json } from '../../../src/base/canonical.ts'
import { Fault } from '../../../src/base/fault.ts'
import type { Day, Instant, Micro, NanoRho, PicoDelta } from '../../../src/base/units.ts'
import type { LinkEntry, LoginEntry, SessionEntry } from '../../../src/house/access-port.ts'
import type {
  ConsentBatchEntry,
  ConsentEvent,
  ConsentSlot,
  ContractEntry,
  HouseSettings,
  Indices,
  KeyEntry,
  LimitClass,
  LoadEntry,
  NoticeCount,
  NoticeEntry,
  PersonFacts,
  QuoteEntry,
  RefusalEntry,
  ReleaseState,
  StandingChange,
} from '../../../src/release/ports.ts'

/**
 * May this person's records be used at `at`, given a yes of the moment `given`? Undefined when permitted, otherwise the note that says why not.
 * A function of this person alone (differential-privacy.md 4.1, condition i of the claim).
 */
export type Law = (
  facts: PersonFacts & { readonly present: boolean },
  at: Instant,
  given: Instant,
) => string | undefined

/**
 * Everything the books hold, as plain data (it survives structuredClone). One gapless sequence numbers the entries: consent events, standing
 * changes, charges, settlements (post, burn, abandonment), journal entries, leaves and all else that is appended. Within one operation the
 * standing changes come before the charge, so a charge's sequence s is at least that of every standing change made with it.
 */
export interface State {
  settings: HouseSettings | undefined
  /** What each entry is; entry i has the sequence i + 1. */
  entries: string[]
  /** In order of registration: the place is the bit. */
  purposes: string[]
  contracts: ContractEntry[]
  notices: NoticeEntry[]
  loads: LoadEntry[]
  persons: Map<string, Person>
  /** Canonical content by event id. */
  events: Map<string, string>
  standing: StandingChange[]
  /** The newest day that has been rolled into. */
  rolledOn: Day | undefined
  /** Oldest first. */
  periods: Period[]
  buyers: Map<string, { readonly id: string; readonly name: string; readonly purposes: string[] }>
  fundings: Map<string, { readonly buyer: string; readonly amount: Micro }>
  keys: Map<string, KeyEntry>
  quotes: Map<string, QuoteEntry>
  /** Oldest first. */
  releases: Release[]
  /** By buyer and idempotency key. */
  idempotency: Map<string, { readonly requestHash: string; readonly releaseId: string }>
  journal: JournalEntry[]
  /** Oldest first. */
  refusals: (RefusalEntry & { readonly sequence: bigint })[]
  countedRefusals: Pick<RefusalEntry, 'at' | 'code' | 'buyer'>[]
  /** One for each time that a step was taken. */
  noticeSteps: Omit<NoticeCount, 'count'>[]
  leaves: Uint8Array[]
  /** By name, as their newest events make them. */
  logins: Map<string, LoginEntry>
  /** Operational, like links: no entries. */
  sessions: SessionEntry[]
  links: LinkEntry[]
  checkpoints: { readonly size: bigint; readonly root: string; readonly note: string; readonly at: Instant }[]
  /** Of acts of consent, oldest first. */
  batches: (ConsentBatchEntry & { readonly slots: readonly ConsentSlot[] })[]
}

export interface Person {
  readonly id: string
  facts: PersonFacts
  present: boolean
  limitClass: LimitClass
  lifeNano: NanoRho | undefined
  /** In order of recording. */
  readonly events: (ConsentEvent & { readonly sequence: bigint })[]
  /** The purposes of the present profile, in order of registration; empty: in no cohort. */
  profile: readonly string[]
  /** The day on which a charge did not fit any more; undefined: not exhausted. */
  exhaustedOn: Day | undefined
  /** True when the last period opening would have passed even the full limits. */
  out: boolean
  readonly stints: Stint[]
  readonly charges: OwnCharge[]
}

/** An unbroken time in one profile: a set of purposes, a limit class, exhausted or not. */
export interface Stint {
  readonly purposes: readonly string[]
  readonly limitClass: LimitClass
  readonly exhausted: boolean
  readonly from: Instant
  to: Instant | undefined
}

/** One release's charge to one person, with the limits that were the person's at that moment. */
export interface OwnCharge {
  readonly release: string
  readonly house: boolean
  readonly day: Day
  readonly nano: NanoRho
  readonly delta: PicoDelta
  readonly rate: Micro
  /** Index into the person's stints. */
  readonly stint: number
  readonly limitClass: LimitClass
  readonly lifeNano: NanoRho | undefined
}

export interface Period {
  readonly id: string
  readonly openedAt: Instant
  readonly endsAt: Instant
  readonly rate: Micro
  readonly headCountNano: NanoRho
  readonly release: string
  state: 'begun' | 'finished' | 'abandoned'
  closedAt: Instant | undefined
  upperBounds: Readonly<Record<string, bigint>>
}

/** A release as the port shows it, still growing. */
export interface Release {
  readonly id: string
  state: ReleaseState
  readonly buyer: string
  readonly product: string
  readonly purpose: string
  readonly nano: NanoRho
  readonly delta: PicoDelta
  readonly price: Micro
  readonly rate: Micro
  pool: Micro
  readonly shares: { readonly steward: Micro; readonly operator: Micro; readonly reserve: Micro }
  readonly periodId: string
  readonly loadId: string
  readonly memoKey: string
  readonly plan: Json
  readonly sequence: bigint
  readonly chargedAt: Instant
  readonly indices: Readonly<Record<string, Indices>>
  answer: Json | undefined
  secret: Json | undefined
  leafIndex: bigint | undefined
  receipt: string | undefined
  settledAt: Instant | undefined
}

/** One journal entry: every line moves an amount from one account to another, so debits equal credits by construction. */
export interface JournalEntry {
  readonly sequence: bigint
  readonly kind: 'fund' | 'hold' | 'post' | 'burn' | 'head-count'
  /** Release id, or the funding's reference. */
  readonly subject: string
  readonly at: Instant
  readonly lines: readonly { readonly from: string; readonly to: string; readonly amount: Micro }[]
}

export const emptyState = (): State => ({
  settings: undefined,
  entries: [],
  purposes: [],
  contracts: [],
  notices: [],
  loads: [],
  persons: new Map(),
  events: new Map(),
  standing: [],
  rolledOn: undefined,
  periods: [],
  buyers: new Map(),
  fundings: new Map(),
  keys: new Map(),
  quotes: new Map(),
  releases: [],
  idempotency: new Map(),
  journal: [],
  refusals: [],
  countedRefusals: [],
  noticeSteps: [],
  leaves: [],
  checkpoints: [],
  logins: new Map(),
  sessions: [],
  links: [],
  batches: [],
})

/** Takes the next number of the one sequence. */
export function enter(state: State, what: string): bigint {
  state.entries.push(what)
  return BigInt(state.entries.length)
}

/** Appends a leaf and gives its index. */
export function appendLeaf(state: State, leaf: Uint8Array): bigint {
  enter(state, 'leaf')
  state.leaves.push(leaf.slice())
  return BigInt(state.leaves.length - 1)
}

export function settingsOf(state: State): HouseSettings {
  if (state.settings === undefined) throw new Fault('books.not_initialised', 'the books have no settings yet')
  return state.settings
}

/** The period neither finished nor given up, if there is one. */
export const begunPeriod = (state: State): Period | undefined => state.periods.find((p) => p.state === 'begun')

/** The finished, not closed, not ended period. */
export const periodInForce = (state: State, at: Instant): Period | undefined =>
  state.periods.find((p) => p.state === 'finished' && p.closedAt === undefined && at < p.endsAt)
