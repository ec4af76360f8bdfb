import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type EmbeddedServer, openServer } from '../../src/store/embedded/server.ts'
import { openPostgresBooks, type PostgresBooks } from '../../src/store/postgres/books.ts'
import { entryTables, operationalTables, projectionTables } from '../../src/store/postgres/tables.ts'
import { type Opened, testLaw } from './book-world.ts'

/** In memory where there is room: these tests wait for nothing that a disk would tell them. */
async function fastFolder(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => undefined)
  return memory !== undefined && memory.bavail * memory.bsize > 2 ** 31 ? '/dev/shm' : tmpdir()
}

/** One server for a test file; each house gets the same database, emptied past the application, or with `lane` a lane's own. */
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
  const openBooks = (connection: EmbeddedServer['connection']) => openPostgresBooks({ connection, law: testLaw })
  /** A database of its own, in which one house after the other is opened, while other lanes do the same. */
  const lane = async () => {
    const connection = await fresh()
    await (await openBooks(connection)).close()
    const open = async (): Promise<Opened & { books: PostgresBooks }> => {
      await superuser(connection, emptied)
      const opened = {
        books: await openBooks(connection),
        async reopen() {
          await opened.books.close()
          opened.books = await openBooks(connection)
          return opened.books
        },
        close: () => opened.books.close(),
      }
      return opened
    }
    return { connection, open }
  }
  const shared = await lane()
  return {
    server,
    home,
    fresh,
    lane,
    connection: shared.connection,
    open: shared.open,
    async stop() {
      await server.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}
/** Only with all rights, and with the triggers put out of force. */
const emptied = `set session_replication_role = replica; set search_path = usufruct;
  ${[...entryTables, ...projectionTables, ...operationalTables].map((table) => `delete from ${table};`).join(' ')} insert into progress default values`

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
