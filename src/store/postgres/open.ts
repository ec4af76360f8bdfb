import pg from 'pg'
import { Fault } from '../../base/fault.ts'
import { deadlineIn } from '../embedded/process.ts'
import { type EmbeddedServer, openServer, type ServerOptions } from '../embedded/server.ts'
import { openPostgresBooks, type PostgresBooks } from './books.ts'
import { isDatabaseError, othersAreConnected } from './session.ts'
import type { Law } from './writing.ts'

export interface OpenOptions {
  readonly home: string
  /** A PostgreSQL server of one's own instead of the embedded one. */
  readonly databaseUrl?: string | undefined
  readonly law: Law
  /** How long to wait for another process that has these books open. Default 10 s. */
  readonly waitMilliseconds?: number | undefined
  readonly server?: ServerOptions | undefined
}

/**
 * Opens the books of a home (its embedded server is started or adopted, and stopped at close unless somebody else is connected) or of a PostgreSQL
 * server of one's own. There is one owner at a time: Fault 'home.busy' after the wait. Two processes that open and close the same home in turn meet
 * servers that are just stopping: that is tried again until the time is over.
 */
export async function openBooks(options: OpenOptions): Promise<PostgresBooks> {
  const { law, databaseUrl, waitMilliseconds = 10_000 } = options
  if (databaseUrl !== undefined)
    return openPostgresBooks({
      connection: { connectionString: databaseUrl, connectionTimeoutMillis: 10_000 },
      law,
      waitMilliseconds,
    }).catch((cause) => Promise.reject(isDatabaseError(cause) ? unreachable(cause) : cause))
  const deadline = deadlineIn(waitMilliseconds + 30_000)
  for (;;) {
    const server = await openServer(options.home, options.server)
    try {
      return await openPostgresBooks({
        connection: server.connection,
        law,
        waitMilliseconds,
        whenLast: () => server.stop(),
      })
    } catch (cause) {
      const stopping = isDatabaseError(cause) && !deadline.passed()
      if (!stopping) {
        await stopIfUnused(server)
        throw isDatabaseError(cause) ? unreachable(cause) : cause
      }
      await deadline.pause(30)
    }
  }
}

/** What could not be opened is not left running. */
async function stopIfUnused(server: EmbeddedServer): Promise<void> {
  const client = new pg.Client(server.connection)
  client.on('error', () => undefined)
  try {
    await client.connect()
    if (!(await othersAreConnected(client))) await server.stop()
  } catch {
    // It stopped meanwhile, or does not answer: the fault that brought us here says more.
  } finally {
    await client.end().catch(() => undefined)
  }
}

const unreachable = (cause: unknown): Fault =>
  new Fault(
    'store.unreachable',
    `the database of the books cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      hint: 'check DATABASE_URL, and that the role may create a schema in that database',
      cause,
    },
  )
