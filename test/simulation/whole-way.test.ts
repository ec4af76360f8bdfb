import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Open } from '../store/book-world.ts'
import { openInMemory } from '../store/memory-opener.ts'
import { startServer, type TestServer } from '../store/postgres-world.ts'
import { chosenCount, chosenSeed } from './live-many.ts'
import { liveTheWholeWay } from './whole-way.ts'
import { wayHistories } from './whole-way-steps.ts'

const long = process.env.USUFRUCT_LONG === '1'
let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const liveMany = async (open: Open, usual: number) => {
  const numRuns = chosenCount(usual)
  let receipts = 0
  await fc.assert(
    fc.asyncProperty(wayHistories(25), async (steps) => {
      receipts += (await liveTheWholeWay(steps, open)).receipts
    }),
    { seed: chosenSeed(), numRuns },
  )
  expect(receipts).toBeGreaterThan(numRuns)
}

it(
  'in random histories with crashes every receipt verifies, and with any bit flipped it does not: books in memory',
  () => liveMany(openInMemory, long ? 2_000 : 60),
  3_600_000,
)

it(
  'in random histories with crashes every receipt verifies, and with any bit flipped it does not: durable books',
  () => liveMany(() => server.open(), long ? 300 : 12),
  3_600_000,
)
