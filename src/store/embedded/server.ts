import { spawn } from 'node:child_process'
import { mkdir, open, readFile, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { Fault } from '../../base/fault.ts'
import { type Account, chooseAccount } from './account.ts'
import { type Binaries, packagedBinaries, prepareBinaries } from './binaries.ts'
import { initialise, openStoreFolder, superuser } from './initialise.ts'
import { type Deadline, deadlineIn, processExists, processState, readPidFile } from './process.ts'
import { openSocketFolder, port, requireOwn } from './socket-folder.ts'

/** A running PostgreSQL server of a home, reachable through its Unix socket alone. */
export interface EmbeddedServer {
  readonly connection: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
  }
  /** True when it was running already: another process uses it, or the one that started it was killed. */
  readonly adopted: boolean
  readonly pid: number
  /** How it runs: as we, in a user namespace, or under another account. */
  readonly runsAs: Account['kind']
  readonly log: string
  /** Fast shutdown: sessions are ended, the checkpoint is written. Does nothing when another server took its place. Throws Fault 'store.stop_failed'. */
  stop(): Promise<void>
}

export interface ServerOptions {
  /** Bound of starting, adopting and waiting for one that is stopping. Default 30 s. */
  readonly withinMs?: number
  /** Folder with bin, lib and share; by default the installed package's. */
  readonly native?: string
  /** False: as root use an account, never a user namespace. */
  readonly namespaces?: boolean
}

/**
 * Starts the server of a home, or adopts the one that runs. Never deletes a pid file: a file whose process runs is waited for (a starting, a
 * stopping or an orphaned server), any other is PostgreSQL's own to clear. Throws Faults 'store.start_failed' (with the last lines of
 * the server's log), 'store.folder_unreachable', 'store.socket_folder_unsafe', 'store.binaries_missing'.
 */
export async function openServer(home: string, options: ServerOptions = {}): Promise<EmbeddedServer> {
  const deadline = deadlineIn(options.withinMs ?? 30_000)
  await mkdir(home, { recursive: true, mode: 0o700 })
  const { folder, data, account } = await openStoreFolder(home, (place) =>
    chooseAccount(place, { namespaces: options.namespaces ?? true }),
  )
  const place: Place = { home, folder, data, account, log: join(folder, 'server.log') }
  let binaries: Binaries | undefined
  for (;;) {
    const running = await readPidFile(data)
    if (running !== undefined && processExists(running.pid)) {
      if (running.ready && running.socketFolder !== '') {
        await requireOwn(running.socketFolder, account.uid).catch(ignoreMissing)
        if (await answers(running.socketFolder)) return server(place, running.pid, running.socketFolder, true)
      }
      if (deadline.passed()) throw await doesNotAnswer(place, running.pid)
      await deadline.pause(30)
      continue
    }
    binaries ??= await prepareBinaries(options.native ?? packagedBinaries(), folder, account)
    await initialise(folder, data, binaries, account)
    const started = await start(place, binaries, deadline, running?.pid)
    if (started !== undefined) return started
    await deadline.pause(50)
  }
}

interface Place {
  readonly home: string
  readonly folder: string
  readonly data: string
  readonly account: Account
  readonly log: string
}

/**
 * Undefined when another server came first or is not quite gone: look again. `before`: the process that the pid file names. When that is a zombie PostgreSQL
 * is told to take it for a relative, which its check of the file passes over; what else guards the data, the shared memory of a killed server's children,
 * it checks all the same (CreateLockFile in src/backend/utils/init/miscinit.c).
 */
async function start(
  place: Place,
  binaries: Binaries,
  deadline: Deadline,
  before: number | undefined,
): Promise<EmbeddedServer | undefined> {
  const sockets = await openSocketFolder(place.home, place.account)
  const command = place.account.command(binaries.postgres, ['-D', place.data, ...settings(sockets)])
  const log = await open(place.log, 'a', 0o600)
  const from = (await log.stat()).size
  const zombie = before !== undefined && processState(before) === 'zombie'
  let ended = false
  let trouble = ''
  try {
    const child = spawn(command.program, command.args, {
      // A session of its own: Ctrl-C in the terminal reaches us, not the server, and it outlives a killed parent with its data whole.
      detached: true,
      cwd: '/',
      stdio: ['ignore', log.fd, log.fd],
      env: {
        ...process.env,
        ...binaries.environment,
        ...(zombie ? { PG_GRANDPARENT_PID: String(before) } : {}),
        LC_ALL: 'C',
        TZ: 'UTC',
      },
      ...command.identity,
    })
    child.on('error', (cause) => {
      ended = true
      trouble = cause.message
    })
    child.on('exit', () => {
      ended = true
    })
    child.unref()
    for (;;) {
      const running = await readPidFile(place.data)
      if (running?.pid === child.pid && running?.ready && (await answers(sockets)))
        return server(place, running.pid, sockets, false)
      if (ended) break
      if (deadline.passed()) {
        // Ours, and of no use to anybody: as safe as a power cut.
        child.kill('SIGQUIT')
        throw await startFailed(place, from, 'it did not answer in time')
      }
      await deadline.pause(10)
    }
  } finally {
    await log.close()
  }
  const said = await logSince(place.log, from)
  if (!deadline.passed() && trouble === '' && othersAreInTheWay.test(said)) return undefined
  throw await startFailed(place, from, trouble || 'it ended at once')
}

/** What PostgreSQL says while another postmaster, or the children of a killed one, still hold the data or the socket. */
const othersAreInTheWay =
  /postmaster\.pid" (already exists|is empty)|still in use|another postmaster|Unix.domain socket|socket lock file|\.s\.PGSQL/i

/** For a laptop: little memory, few sessions. Durability (fsync, full_page_writes, synchronous_commit) is left alone and asserted at open. */
const settings = (sockets: string): string[] =>
  Object.entries({
    listen_addresses: '',
    unix_socket_directories: sockets,
    unix_socket_permissions: '0700',
    port: String(port),
    max_connections: '20',
    shared_buffers: '64MB',
    work_mem: '32MB',
    maintenance_work_mem: '64MB',
    max_wal_size: '512MB',
    wal_level: 'minimal',
    max_wal_senders: '0',
    jit: 'off',
    log_checkpoints: 'off',
    logging_collector: 'off',
    timezone: 'UTC',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])

function server(place: Place, pid: number, sockets: string, adopted: boolean): EmbeddedServer {
  return {
    connection: { host: sockets, port, user: superuser, database: 'postgres' },
    adopted,
    pid,
    runsAs: place.account.kind,
    log: place.log,
    stop: () => stop(place, pid, sockets),
  }
}

async function stop(place: Place, pid: number, sockets: string): Promise<void> {
  const gone = async () => !processExists(pid) || (await readPidFile(place.data))?.pid !== pid
  // Fast first; immediate shutdown is as safe as a power cut, the write-ahead log is replayed at the next start.
  for (const [signal, ms] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    if (await gone()) break
    process.kill(pid, signal)
    const deadline = deadlineIn(ms)
    while (!(await gone()) && !deadline.passed()) await deadline.pause(10)
    // The pid file goes a moment before the process does.
    while (processExists(pid) && !deadline.passed()) await deadline.pause(5)
  }
  if (!(await gone()))
    throw new Fault('store.stop_failed', `the server of ${place.home} (process ${pid}) does not stop`, {
      hint: `look into ${place.log}`,
    })
  // Only succeeds when it is empty, that is when no other server has taken its place.
  await rmdir(sockets).catch(() => undefined)
}

/** Does a server answer at this socket? Starting, stopping and absent ones do not. */
async function answers(sockets: string): Promise<boolean> {
  const client = new pg.Client({
    host: sockets,
    port,
    user: superuser,
    database: 'postgres',
    connectionTimeoutMillis: 3_000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

const ignoreMissing = (cause: NodeJS.ErrnoException): void => {
  if (cause.code !== 'ENOENT') throw cause
}

async function logSince(log: string, from: number): Promise<string> {
  return (await readFile(log).catch(() => Buffer.alloc(0))).subarray(from).toString('utf8')
}

async function startFailed(place: Place, from: number, why: string): Promise<Fault> {
  const lines = (await logSince(place.log, from)).trimEnd().split('\n').slice(-12).join('\n')
  return new Fault('store.start_failed', `the database in ${place.data} could not be started: ${why}\n${lines}`, {
    hint: `the whole log is in ${place.log}`,
  })
}

const doesNotAnswer = async (place: Place, pid: number): Promise<Fault> =>
  new Fault(
    'store.start_failed',
    `process ${pid} holds the database in ${place.data} and does not answer\n${(await logSince(place.log, 0)).trimEnd().split('\n').slice(-6).join('\n')}`,
    {
      hint: `if process ${pid} is PostgreSQL, stop it (kill -INT ${pid}); if it is another program that was given this number after a crash, remove ${join(dirname(place.log), 'data', 'postmaster.pid')}`,
    },
  )
