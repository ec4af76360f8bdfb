import { assert } from '../../base/assert.ts'
import { Fault } from '../../base/fault.ts'
import { dayOf } from '../../base/instant.ts'
import { type Outcome, Refused } from '../../base/refusal.ts'
import type { Day, Instant } from '../../base/units.ts'
import type { HouseSettings, PersonFacts } from '../../release/ports.ts'
import type { Sessions, Sql } from './session.ts'

/**
 * May this person's records be used at `at`, given a yes of the moment `given`? Undefined when permitted, otherwise the note that says why not. Pure: a function
 * of this person alone (differential-privacy.md 4.1, condition i of the claim).
 */
export type Law = (
  facts: PersonFacts & { readonly present: boolean },
  at: Instant,
  given: Instant,
) => string | undefined

/** One writing transaction under the books' lock: it alone hands out numbers, so the sequence has no gap. */
export interface Writing extends Sql {
  readonly at: Instant
  /** The day that limits count: never before a day that was counted already, whatever the clock says. */
  readonly day: Day
  /** The newest day whose opening indices are written. */
  rolledOn: Day | undefined
  readonly settings: HouseSettings | undefined
  readonly law: Law
  /** The next number of the one sequence. */
  next(): bigint
  /** Reserves so many numbers; the first of them is one above the number returned. */
  reserve(count: number): bigint
  /** Appends a leaf and gives its index. */
  leaf(data: Uint8Array): Promise<bigint>
  newest(): bigint
}

export interface Opened {
  readonly sessions: Sessions
  readonly law: Law
  /** Changed by the owner of the books alone, who is this process: read once and kept. */
  settings: HouseSettings | undefined
}

/** A refused outcome rolls everything back: a refusal leaves no trace. */
export function writeOutcome<T>(
  books: Opened,
  at: Instant,
  work: (tx: Writing) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  return write(books, at, async (tx) => {
    const outcome = await work(tx)
    if (!outcome.ok) throw new Refused(outcome.refusal)
    return outcome
  }).catch((cause): Outcome<T> => {
    if (cause instanceof Refused) return { ok: false, refusal: cause.refusal }
    throw cause
  })
}

export function write<T>(
  books: Opened,
  at: Instant,
  work: (tx: Writing) => Promise<T>,
  before?: (sql: Sql) => Promise<void>,
): Promise<T> {
  return books.sessions.write(async (sql) => {
    const progress = await sql.row<{ sequence: bigint; leaves: bigint; rolled_on: number | null }>(
      'select sequence, leaves, rolled_on from progress',
    )
    assert(progress, 'the books have their progress row')
    let { sequence, leaves } = progress
    const rolledOn = progress.rolled_on ?? undefined
    const tx: Writing = {
      ...sql,
      at,
      day: Math.max(dayOf(at), rolledOn ?? dayOf(at)),
      rolledOn,
      settings: books.settings,
      law: books.law,
      next: () => ++sequence,
      reserve(count) {
        const before = sequence
        sequence += BigInt(count)
        return before
      },
      async leaf(data) {
        const index = leaves++
        await sql.run('insert into leaf (sequence, index, data) values ($1, $2, $3)', [
          ++sequence,
          index,
          Buffer.from(data),
        ])
        return index
      },
      newest: () => sequence,
    }
    const result = await work(tx)
    if (sequence !== progress.sequence || tx.rolledOn !== rolledOn)
      await sql.run('update progress set sequence = $1, leaves = $2, rolled_on = $3', [
        sequence,
        leaves,
        tx.rolledOn ?? null,
      ])
    return result
  }, before)
}

export function settingsOf(tx: { readonly settings: HouseSettings | undefined }): HouseSettings {
  if (tx.settings === undefined) throw new Fault('books.not_initialised', 'the books have no settings yet')
  return tx.settings
}
