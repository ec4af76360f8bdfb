import type { Fault } from '../base/fault.ts'
import type { Clock } from '../base/instant.ts'
import type { Outcome } from '../base/refusal.ts'
import type { Day } from '../base/units.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import type { PersonFacts } from '../release/ports.ts'
import type { World } from '../release/world.ts'
import type { AccessBooks } from './access-port.ts'

/** An open home: what the doors (command line, HTTP) act upon. One process at a time owns it. */
export interface House {
  readonly world: World
  /** Logins, sessions and one-time links. */
  readonly access: AccessBooks
  /** The time by which sessions and links live: the machine's, also where the calendar of the house is moved by hand. */
  readonly sessionClock: Clock
  readonly home: HomePaths
  readonly loader: Loader
  /** Public key of the log, as verifiers take it. */
  readonly logKey: string
  /** How safe the books are: durability settings, rights, server; for `doctor`. */
  readonly durability: () => Promise<readonly Finding[]>
  /** Resolves with the fault when the books are lost (their database died): nothing is recorded any more, so whoever serves the house ends. */
  readonly lost: Promise<Fault>
  /** Writes the books' tables into an empty folder, and reads them back. */
  readonly exportBooks: (directory: string) => Promise<void>
  /** Closes the engine's files, so that they can be copied; they are opened again when needed. */
  readonly closeData: () => Promise<void>
  close(): Promise<void>
}

export interface HomePaths {
  readonly root: string
  /** Engine files of loads. */
  readonly data: string
  /** Tiles, entries and checkpoint: public. */
  readonly log: string
  readonly keys: string
  readonly incidents: string
}

export interface Finding {
  readonly what: string
  readonly good: boolean
  readonly words: string
  readonly remedy?: string | undefined
}

export type Source =
  | { readonly kind: 'csv' | 'parquet'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly table: string }

/** Builds a load's file; the engine adapter implements it. */
export interface Loader {
  hashSources(sources: Readonly<Record<string, Source>>, catalogue: Catalogue): Promise<Outcome<string>>
  load(request: {
    readonly catalogue: Catalogue
    readonly sources: Readonly<Record<string, Source>>
    readonly directory: string
    readonly fileName: string
    readonly asOf: Day
    readonly onProgress: (progress: { readonly table: string; readonly rows: number }) => void
  }): Promise<Outcome<LoadReport>>
  personFacts(path: string, catalogue: Catalogue): AsyncIterable<readonly PersonFacts[]>
}

/** What the steward sees of a load; never public. Plain JSON with whole numbers. */
export interface LoadReport {
  readonly persons: number
  readonly tables: readonly {
    readonly table: string
    readonly read: number
    readonly accepted: number
    readonly quarantined: Readonly<Partial<Record<string, number>>>
  }[]
}
