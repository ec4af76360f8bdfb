import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Attack } from '../../attack/attack.ts'
import { verdict } from '../../attack/support/report.ts'
import { type AttackWorld, openWorld } from '../../attack/support/world.ts'

const long = process.env.USUFRUCT_LONG === '1'
const seed = process.env.USUFRUCT_SEED ?? randomBytes(4).toString('hex')

/** Runs attacks on one house that they share. */
export function attackTogether(attacks: readonly Attack[]): void {
  describe(`a real house under attack (USUFRUCT_SEED=${seed})`, () => {
    let world: AttackWorld
    beforeAll(async () => {
      world = await openWorld({ people: long ? 600 : 240, long, seed })
    }, 180_000)
    afterAll(() => world?.close(), 60_000)

    for (const { run, ...attack } of attacks)
      it(
        `${attack.name} gets no more than the bound`,
        async () => {
          const finding = await run(world)
          expect(finding.held, verdict({ ...attack, ...finding, seconds: 0 })).toBe(true)
          // An attack that gets nothing where nothing protects shows nothing here either.
          expect(finding.unprotected.number).toBeGreaterThan(0)
        },
        long ? 1_200_000 : 180_000,
      )
  })
}
