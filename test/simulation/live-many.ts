import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import type { Open } from '../store/book-world.ts'
import { live } from './history.ts'
import { histories } from './steps.ts'

/** The number that a run of random histories follows from: printed with every failure, and USUFRUCT_SEED repeats a run. */
export const chosenSeed = (): number => Number(process.env.USUFRUCT_SEED ?? randomInt(2 ** 31))
/** USUFRUCT_HISTORIES sets how many. */
export const chosenCount = (usual: number): number => Number(process.env.USUFRUCT_HISTORIES ?? usual)

/**
 * Runs random histories in lanes beside each other; a lane names the books in which each of its histories is lived. The first lane follows the seed, each
 * further one the next number. A failing history is shrunk to a short one.
 */
export async function liveMany(
  lanes: readonly (readonly Open[])[],
  many: { readonly histories: number; readonly steps: number },
): Promise<void> {
  const seed = chosenSeed()
  const numRuns = Math.ceil(chosenCount(many.histories) / lanes.length)
  await Promise.all(
    lanes.map((opens, lane) =>
      fc.assert(
        fc.asyncProperty(histories(many.steps), (history) => live(history, opens)),
        { seed: seed + lane, numRuns },
      ),
    ),
  )
}
