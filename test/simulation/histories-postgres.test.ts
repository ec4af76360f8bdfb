import { afterAll, beforeAll, it } from 'vitest'
import type { Open } from '../store/book-world.ts'
import { openInMemory } from '../store/memory-opener.ts'
import { startServer, type TestServer } from '../store/postgres-world.ts'
import { liveMany } from './live-many.ts'

const long = process.env.USUFRUCT_LONG === '1'
/** Houses waiting for the database leave a core to the others. */
const beside = 4

let server: TestServer
const lanes: Open[] = []
beforeAll(async () => {
  server = await startServer()
  for (let lane = 0; lane < beside; lane++) lanes.push((await server.lane()).open)
})
afterAll(() => server.stop())

it('in random histories the durable books answer exactly as the books in memory', async () => {
  await liveMany(
    lanes.map((open) => [openInMemory, open]),
    { histories: long ? 10_000 : 300, steps: 40 },
  )
}, 10_800_000)
