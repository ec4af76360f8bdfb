import { afterAll, beforeAll } from 'vitest'
import { booksConformance } from './conformance.ts'
import { startServer, type TestServer } from './postgres-world.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

booksConformance('books on PostgreSQL', () => server.open())
