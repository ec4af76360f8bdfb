import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { Fault } from '../../base/fault.ts'
import { deadlineIn } from '../embedded/process.ts'
import { bookRole, migrate } from './migrations.ts'

export type Connection = pg.ClientConfig
export type Row = Record<string, unknown>

/** Sessions with the database of one set of books. */
export interface Sessions {
  /** Reads; several statements see one state. */
  read<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /**
   * Writes: one transaction under the books' lock, one after the other. `before` runs in the same transaction before the lock is taken, for what
   * takes long and touches temporary tables only.
   */
  write<T>(work: (sql: Sql) => Promise<T>, before?: (sql: Sql) => Promise<void>): Promise<T>
  /** True when the entry tables are guarded by rights as well as by triggers. */
  readonly guardedByRights: boolean
  /** Ends all sessions; `whenLast` is called while ownership still holds, when no other session is on the server. */
  close(whenLast?: () => Promise<void>): Promise<void>
}

/** One statement; numeric and bigint columns come as bigint, bytea as Buffer. */
export interface Sql {
  rows<T = Row>(text: string, values?: readonly unknown[]): Promise<T[]>
  /** The only row; undefined when there is none. */
  row<T = Row>(text: string, values?: readonly unknown[]): Promise<T | undefined>
  /** Number of rows touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>
}

const ownerLock = '7697766, 2'
const booksLock = '7697766, 3'

/**
 * Takes ownership: a lock that one session holds, so that it ends with the process. Waits until `waitMilliseconds`, then throws Fault 'home.busy'.
 * Then migrates, and asserts that what is committed is on the disk: Fault 'store.not_durable' otherwise.
 */
export async function openSessions(connection: Connection, waitMilliseconds: number): Promise<Sessions> {
  const owner = newClient(connection)
  let lost: unknown
  owner.on('error', (cause) => {
    lost = cause
  })
  await owner.connect()
  let guardedByRights: boolean
  try {
    await takeOwnership(owner, waitMilliseconds)
    await assertDurable(owner)
    guardedByRights = (await migrate(owner)).rights
  } catch (cause) {
    await owner.end().catch(() => undefined)
    throw cause
  }
  const pool = new pg.Pool({ ...connection, types: exactTypes, max: 5, idleTimeoutMillis: 0, Client: pg.Client })
  pool.on('error', () => undefined)
  // A session may also end while a transaction holds it, between two statements: the next statement says so, nobody else has to.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const prepared = new WeakSet<pg.PoolClient>()
  const turn = queue()

  /** Ownership must still be ours: the session that held the lock may have died, and another owner come. */
  const transaction = async <T>(mode: string, work: (sql: Sql) => Promise<T>): Promise<T> => {
    if (lost !== undefined) throw failed(lost)
    const client = await pool.connect().catch((cause) => Promise.reject(failed(cause)))
    let broken = false
    try {
      if (!prepared.has(client)) await prepare(client, guardedByRights)
      prepared.add(client)
      await client.query(`begin ${mode}`)
      const result = await work(sqlOf(client))
      if (lost !== undefined) throw lost
      await client.query('commit')
      return result
    } catch (cause) {
      await client.query('rollback').catch(() => {
        broken = true
      })
      throw isDatabaseError(cause) ? failed(cause) : cause
    } finally {
      client.release(broken)
    }
  }
  return {
    guardedByRights,
    read: (work) => transaction('isolation level repeatable read, read only', work),
    write: (work, before) =>
      before === undefined
        ? turn(() => transaction('', (sql) => locked(sql, work)))
        : transaction('', async (sql) => {
            await before(sql)
            return turn(() => locked(sql, work))
          }),
    async close(whenLast) {
      await pool.end()
      try {
        if (whenLast !== undefined && lost === undefined && !(await othersAreConnected(owner))) await whenLast()
      } finally {
        await owner.end().catch(() => undefined)
      }
    },
  }
}

async function locked<T>(sql: Sql, work: (sql: Sql) => Promise<T>): Promise<T> {
  await sql.rows(`select pg_advisory_xact_lock(${booksLock})`)
  return work(sql)
}

async function takeOwnership(owner: pg.Client, withinMs: number): Promise<void> {
  const deadline = deadlineIn(withinMs)
  for (;;) {
    const tried = await owner.query(`select pg_try_advisory_lock(${ownerLock}) as taken`)
    if (tried.rows[0].taken) return
    if (deadline.passed())
      throw new Fault('home.busy', 'another process has these books open', {
        hint: 'talk to it, or wait until it ends; ownership ends with the process',
      })
    await deadline.pause(25)
  }
}

/** Sessions of others on this server: they use it, or wait for ownership. One that just ended may still be shown for a moment. */
export async function othersAreConnected(client: pg.Client): Promise<boolean> {
  for (let look = 0; ; look++) {
    const found = await client.query(
      `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`,
    )
    if (found.rowCount === 0) return false
    if (look === 10) return true
    await pause(10)
  }
}

/** A charge must survive a power cut: it precedes noise (differential-privacy.md 4.1, condition 1). */
async function assertDurable(client: pg.Client): Promise<void> {
  for (const [setting, accepted] of [
    ['fsync', ['on']],
    ['full_page_writes', ['on']],
    ['synchronous_commit', ['on', 'remote_apply']],
  ] as const) {
    const shown = await client.query(`select current_setting('${setting}') as value`)
    const value = String(shown.rows[0].value)
    if (!(accepted as readonly string[]).includes(value))
      throw new Fault('store.not_durable', `the database server runs with ${setting} = ${value}`, {
        hint: `set ${setting} to on: what is committed has to survive a power cut`,
      })
  }
}

/** Temporary tables in which sets of persons are prepared; emptied at each commit. */
async function prepare(client: pg.PoolClient, guardedByRights: boolean): Promise<void> {
  if (guardedByRights) await client.query(`set role ${bookRole}`)
  await client.query(`
    set search_path = usufruct;
    set timezone = 'UTC';
    create temp table if not exists suspect (person integer primary key) on commit delete rows;
    create temp table if not exists target (person integer primary key, profile integer not null) on commit delete rows;
    create temp table if not exists mover (
      person integer primary key, profile integer not null, exhausted boolean not null, exhausted_on integer, sequence bigint
    ) on commit delete rows;
    create temp table if not exists staged (
      place bigint, key text not null, adult_on integer, region text
    ) on commit delete rows;`)
}

function sqlOf(client: pg.PoolClient): Sql {
  const query = (text: string, values?: readonly unknown[]) => client.query(text, values as unknown[] | undefined)
  return {
    rows: async <T>(text: string, values?: readonly unknown[]) => (await query(text, values)).rows as T[],
    row: async <T>(text: string, values?: readonly unknown[]) => (await query(text, values)).rows[0] as T | undefined,
    run: async (text, values) => (await query(text, values)).rowCount ?? 0,
  }
}

const newClient = (connection: Connection): pg.Client => new pg.Client({ ...connection, types: exactTypes })

const int8 = 20
const numeric = 1700
/** Money and privacy loss never pass through a floating-point number. A numeric that is not whole throws. */
const exactTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 || oid === numeric
      ? (text: string) => BigInt(text)
      : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
}

function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
}

const failed = (cause: unknown): Fault =>
  new Fault(
    'store.failed',
    `the database of the books failed: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      hint: 'open the books again; what was not confirmed may or may not have been recorded',
      cause,
    },
  )

/** Refused by the server, or the connection broke; anything else is passed on as it is. */
export function isDatabaseError(cause: unknown): boolean {
  if (cause instanceof pg.DatabaseError) return true
  if (!(cause instanceof Error) || cause instanceof Fault) return false
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  return /^(ECONN|EPIPE|ENOENT|ENOTCONN)/.test(code) || /^Connection terminated|not queryable/.test(cause.message)
}
