import { sealRows } from '../../src/privacy/exact.ts'
import type { BoundedSql, EngineData, SealedRows, StandingChange } from '../../src/release/ports.ts'

/** The areas of the contract in test/suite/small-world.ts. */
const areas = ['a', 'b', 'c'] as const

/**
 * Counts people of a mask instead of running SQL, and remembers whom it read. What SQL computes is tested elsewhere; here it matters whom a computation
 * may see, and that everything around it is the real thing.
 */
export class StandInEngine implements EngineData {
  /** The bit of the purpose that is asked for next. */
  purposeBit = 0
  /** Whom the last run read; undefined: nothing has run since this was set so. */
  read: readonly string[] | undefined
  private mask = new Map<string, number>()
  private sequence = 0n

  async maskSequence(): Promise<bigint> {
    return this.sequence
  }

  async recordsOf(): Promise<undefined> {}

  async applyStanding(changes: AsyncIterable<readonly StandingChange[]>, upTo: bigint): Promise<void> {
    const mask = new Map(this.mask)
    for await (const page of changes) for (const change of page) mask.set(change.person, change.bits)
    this.mask = mask
    this.sequence = upTo
  }

  async run(statement: BoundedSql): Promise<SealedRows> {
    const read = [...this.mask].filter(([, bits]) => (bits & (1 << this.purposeBit)) !== 0).map(([person]) => person)
    this.read = read
    const row = (keys: readonly string[], people: readonly string[]) => ({
      keys,
      values: Array.from({ length: statement.channels }, () => BigInt(people.length)),
    })
    if (statement.groupKeys === 0) return sealRows([row([], read)])
    return sealRows(
      areas.map((area, n) =>
        row(
          [area],
          read.filter((person) => Number(person.slice(1)) % 3 === n),
        ),
      ),
    )
  }

  async personRecords(): Promise<never> {
    throw new Error('nobody reads the own records here')
  }

  async close(): Promise<void> {}
}
