import { afterAll, beforeAll, describe, it } from 'vitest'
import { openInMemory } from '../store/memory-opener.ts'
import { startServer, type TestServer } from '../store/postgres-world.ts'
import { live } from './history.ts'
import { keptHistories } from './kept-histories.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

describe.each(keptHistories)('the history in which $name', ({ history }) => {
  it('is told by the durable books as by the books in memory', () => live(history, [openInMemory, () => server.open()]))

  it('is told by the books in memory as by the durable books', () => live(history, [() => server.open(), openInMemory]))
})
