import { canonical, type Json } from '../base/canonical.ts'
import { maxEntryBytes } from './tile.ts'

/**
 * What the log's leaves say, one canonical JSON object each. Public for ever, hence: no person, no head count, no sequence number, no number of
 * rows, no size of a batch, and no bare hash of personal data (with one, somebody who knows all rows but one person's could test that person's).
 * Nothing in a leaf may move when one person leaves. (Types, not interfaces: only those are assignable to Json.)
 */
export type Leaf =
  | ReleaseLeaf
  | PeriodLeaf
  | NoticeLeaf
  | ContractLeaf
  | SettingsLeaf
  | LoadLeaf
  | ConsentBatchLeaf
  | IncidentLeaf
export type LeafOf<K extends Leaf['kind']> = Extract<Leaf, { readonly kind: K }>

/** An integer as its decimal text, without leading zeros. */
export type Integer = string
/** "n/d" or "n": in lowest terms. */
export type Fraction = string
/** Lower-case hex SHA-256. */
export type HexHash = string
/** As base/instant.ts prints it: UTC, six decimals. */
export type InstantText = string

/** A release: what was asked, what it cost in privacy and money, and a hiding commitment to the answer. docs/receipt.md states the relations. */
export type ReleaseLeaf = {
  readonly kind: 'release'
  readonly id: string
  readonly product: string
  /** The contract's version, and the hash of its bytes. */
  readonly contract: string
  readonly contractHash: HexHash
  readonly purpose: string
  /** Of the plan's canonical text. */
  readonly planHash: HexHash
  /** Privacy loss, nano-rho; delta in units of 10^-12. */
  readonly nano: Integer
  readonly delta: Integer
  /** Period id. */
  readonly period: string
  /** N^ of the purpose in the period. */
  readonly upperBound: Integer
  /** floor(posted rate * multiplier), micro-units per person per milli-rho. Money below is in micro-units. */
  readonly rate: Integer
  readonly price: Integer
  readonly fee: Integer
  /** What the people's pool receives; the shares get the rest of the price. */
  readonly pool: Integer
  readonly shares: { readonly steward: Integer; readonly operator: Integer; readonly reserve: Integer }
  readonly tariff: {
    readonly peoplesShare: Fraction
    readonly floorPerMilliRho: Integer
    readonly multiplier: Fraction
    readonly postedRate: Integer
  }
  readonly channels: readonly ChannelLeaf[]
  /** Right after the charge, per declared purpose. */
  readonly indices: IndicesLeaf
  /** Hex SHA256("usufruct/result/v1" || salt || canonical answer). */
  readonly result: HexHash
  readonly chargedAt: InstantText
  /** Rule packs that judged it. */
  readonly packs: readonly { readonly id: string; readonly hash: HexHash }[]
  /** Version of the software. */
  readonly code: string
}

/** One noisy integer per group: its part of the privacy loss and the variance that follows from it. */
export type ChannelLeaf = {
  /** Index of the measure in the plan. */
  readonly measure: number
  readonly part:
    | 'rows'
    | 'persons'
    | 'sum'
    | 'count'
    | 'centred'
    | 'squares'
    | 'distribution'
    | 'distinct'
    | 'cells'
    | 'bound'
  readonly nano: Integer
  /** Delta^2: the most that one person changes the vector of all groups, squared. */
  readonly sensitivitySquared: Integer
  /** sensitivitySquared * 10^9 / (2 * nano): variance parameter of the discrete Gaussian (Bun and Steinke 2016, proposition 1.6). */
  readonly sigma2: Fraction
  /**
   * Only where nothing is released but a choice by the exponential mechanism: its epsilon, √(8 nano 10^-9) rounded down to a multiple of 2^-20 (Cesar and
   * Rogers 2021: epsilon²/8 <= rho). Then sigma2 is 0.
   */
  readonly epsilon?: Fraction | undefined
}

/** Growing sums per purpose: a person's pay in pico-units, privacy loss in nano-rho, delta. */
export type IndicesLeaf = Readonly<Record<string, { readonly a: Integer; readonly b: Integer; readonly d: Integer }>>

/** A period opens with its rate and the noisy head counts as published, closes, or is abandoned half-way. */
export type PeriodLeaf = {
  readonly kind: 'period'
  readonly event: 'open' | 'close' | 'abandon'
  readonly id: string
  readonly at: InstantText
  readonly endsAt: InstantText
  readonly rate: Integer
  /** Privacy loss of the head counts: charged to everybody counted, paid by the steward. */
  readonly nano: Integer
  /** N^ per purpose. */
  readonly upperBounds: Readonly<Record<string, Integer>>
}
/** A notice as shown to people before asking; the hash is over its text. */
export type NoticeLeaf = {
  readonly kind: 'notice'
  readonly id: string
  readonly version: string
  readonly language: string
  readonly purposes: readonly string[]
  readonly hash: HexHash
  readonly publishedAt: InstantText
}
/** A version of a data contract; the hash is over its bytes. */
export type ContractLeaf = {
  readonly kind: 'contract'
  readonly product: string
  readonly version: string
  readonly hash: HexHash
  readonly purposes: readonly string[]
  readonly appliedAt: InstantText
}
/** The house's settings: limits, period, rates. */
export type SettingsLeaf = {
  readonly kind: 'settings'
  readonly settings: Json
}
/** New data were loaded under a contract. */
export type LoadLeaf = {
  readonly kind: 'load'
  readonly id: string
  readonly product: string
  readonly contract: string
  readonly loadedAt: InstantText
}
/**
 * A batch of acts of consent: the root of a Merkle tree over `capacity` slots, of which nobody can tell how many hold an act. `day`, "2026-12-01", is that of
 * the house's clock. docs/receipt.md says how an act is proved.
 */
export type ConsentBatchLeaf = {
  readonly kind: 'consent-batch'
  readonly number: Integer
  readonly day: string
  readonly capacity: Integer
  readonly root: HexHash
}
/** A release that failed after its charge: charge and pay stay, the buyer's money went back, the steward paid the pool. Says nothing of why. */
export type IncidentLeaf = {
  readonly kind: 'incident'
  readonly release: string
  readonly purpose: string
  readonly nano: Integer
  readonly delta: Integer
  readonly pool: Integer
  readonly rate: Integer
  readonly indices: IndicesLeaf
  readonly chargedAt: InstantText
  readonly code: string
}

/** The leaf's bytes in the log: canonical JSON in UTF-8. Throws RangeError when it does not fit an entry (65,535 bytes). */
export function leafBytes(leaf: Leaf): Uint8Array {
  const bytes = new TextEncoder().encode(canonical(leaf))
  if (bytes.length > maxEntryBytes) throw new RangeError(`a ${leaf.kind} leaf of ${bytes.length} bytes is too long`)
  return bytes
}
