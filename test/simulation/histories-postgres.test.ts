import { afterAll, beforeAll, it } from 'vitest'
import { openInMemory } from '../store/memory-opener.ts'
import { startServer, type TestServer } from '../store/postgres-world.ts'
import { liveMany } from './live-many.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

it('in random histories the durable books answer exactly as the books in memory', async () => {
  await liveMany([openInMemory, () => server.open()], { histories: 300, steps: 40 })
}, 1_200_000)
