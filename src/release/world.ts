import type { Clock, Timer } from '../base/instant.ts'
import type { Instant } from '../base/units.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import type { Books, ContractEntry, EngineData, LoadEntry, LogWriter } from './ports.ts'

/** Everything that the way of a query needs from outside; main.ts puts real things in, tests and the simulation their own. */
export interface World {
  readonly books: Books
  readonly log: LogWriter
  readonly clock: Clock
  /** Fills a buffer with unpredictable bytes. */
  readonly random: (buffer: Uint8Array) => void
  /** The compiled contract; the same entry gives the same frozen value. */
  readonly catalogue: (entry: ContractEntry) => Catalogue
  /** The open engine data of a load. */
  readonly data: (load: LoadEntry) => Promise<EngineData>
  /** Runs releases one after the other: the mask must not move between a charge and its engine run. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  /** Calls back after so many microseconds, and gives what prevents it: the one other way in which time comes in. */
  readonly timer: Timer
  /** When the newest answer left, and what may still be computing for one that left at its deadline. */
  readonly left: Left
  /** Version of this program, committed with every release. */
  readonly code: string
  /** Told of what went wrong after a charge; private, never shown to a buyer. */
  readonly incident: (releaseId: string, cause: unknown) => void
  /** Called before each stage's effect; tests stop the world here. */
  readonly stage?: ((name: string) => void | Promise<void>) | undefined
}

export interface Left {
  at: Instant
  working: Promise<unknown>
}
export const nobodyLeft = (): Left => ({ at: 0n, working: Promise.resolve() })

/** What a buyer asks. */
export interface Question {
  readonly buyer: string
  readonly product: string
  /** Undefined: the product's only purpose. */
  readonly purpose: string | undefined
  readonly sql: string
  /** How precise: a privacy loss, or the largest 95 % half-width in the unit of the one measure. Undefined: the cheapest tier. */
  readonly wish: { readonly nano: bigint } | { readonly within: string } | undefined
  /**
   * Tighter bounds of what one person adds to a sum: by "table.column" the most, in the column's unit; or `auto`, which takes a tenth of the loss to choose
   * them from a public list. Never wider than declared. Undefined: the declared ones.
   */
  readonly bounds?: 'auto' | Readonly<Record<string, string>> | undefined
  /** An answer of the buyer's own to the same question, to be made more precise: then the loss is what both together have. */
  readonly topUpOf?: string | undefined
}

/** The cheapest tier: a count to within 62 people. */
export const defaultNano = 500_000n

/** One queue: each piece of work starts when the one before has ended, whether it succeeded or not. */
export function queue(): World['inTurn'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
}
