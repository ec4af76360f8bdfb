import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import type { Open } from '../store/book-world.ts'
import { live } from './history.ts'
import { histories } from './steps.ts'

/**
 * Runs random histories. USUFRUCT_SEED repeats a run, USUFRUCT_HISTORIES sets how many; the seed is printed with every failure, and the failing
 * history is shrunk to a short one.
 */
export async function liveMany(opens: readonly Open[], many: { readonly histories: number; readonly steps: number }) {
  const seed = Number(process.env.USUFRUCT_SEED ?? randomInt(2 ** 31))
  const numRuns = Number(process.env.USUFRUCT_HISTORIES ?? many.histories)
  await fc.assert(
    fc.asyncProperty(histories(many.steps), (history) => live(history, opens)),
    { seed, numRuns },
  )
}
