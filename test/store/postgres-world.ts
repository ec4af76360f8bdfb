import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type EmbeddedServer, openServer } from '../../src/store/embedded/server.ts'
import { openPostgresBooks, type PostgresBooks } from '../../src/store/postgres/books.ts'
import { entryTables, projectionTables } from '../../src/store/postgres/tables.ts'
import { type Opened, testLaw } from './book-world.ts'

/** In memory where there is room: these tests wait for nothing that a disk would tell them. */
async function fastFolder(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => undefined)
  return memory !== undefined && memory.bavail * memory.bsize > 2 ** 31 ? '/dev/shm' : tmpdir()
}

/** One server for a test file; each house gets the database emptied past the application. */
export async function startServer() {
  const home = await mkdtemp(join(await fastFolder(), 'usufruct-test-'))
  const server = await openServer(home)
  let databases = 0
  /** A database that was not used before. */
  const fresh = async (): Promise<EmbeddedServer['connection']> => {
    const database = `house_${++databases}`
    await superuser(server.connection, `create database ${database}`)
    return { ...server.connection, database }
  }
  const shared = await fresh()
  const openBooks = (connection: EmbeddedServer['connection']) => openPostgresBooks({ connection, law: testLaw })
  await (await openBooks(shared)).close()
  return {
    server,
    home,
    fresh,
    connection: shared,
    async open(): Promise<Opened & { books: PostgresBooks }> {
      await superuser(shared, emptied)
      const opened = {
        books: await openBooks(shared),
        async reopen() {
          await opened.books.close()
          opened.books = await openBooks(shared)
          return opened.books
        },
        close: () => opened.books.close(),
      }
      return opened
    },
    async stop() {
      await server.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
/** Only with all rights, and with the triggers put out of force. */
const emptied = `set session_replication_role = replica; set search_path = usufruct;
  ${[...entryTables, ...projectionTables].map((table) => `delete from ${table};`).join(' ')} insert into progress default values`

export type TestServer = Awaited<ReturnType<typeof startServer>>
export type { PostgresBooks }

/** One statement with all rights, past the application. */
export async function superuser(connection: EmbeddedServer['connection'], text: string): Promise<pg.QueryResult> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}
