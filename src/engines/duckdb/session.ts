import { realpath, rm, stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { Fault } from '../../base/fault.ts'

/**
 * One open DuckDB file. DuckDB guards a file against other processes by a lock, but not against a second instance in the same process: the two
 * would not see each other's writes and damage the file. So there is a registry, by real path, and a second open is a fault.
 * Mind: the lock is a POSIX record lock, lost when this process closes any other descriptor of the file. Nothing here opens the file by itself.
 */
export interface Session {
  /** Real path. */
  readonly file: string
  /** A connection of its own for one piece of work; it ends when the work ends, or with the session. Throws Fault 'engine.closed'. */
  work<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Waits for work that is under way, writes everything into the file and gives the file back. Closing twice is harmless. */
  close(): Promise<void>
}

export interface SessionOptions {
  /** Default: every processor. */
  readonly threads?: number | undefined
  /** Default: half of the machine's. Beyond it the engine spills into "<file>.spill", which goes when the session ends. */
  readonly memoryMegabytes?: number | undefined
}

const open = new Set<string>()

/**
 * Opens a loaded file for questions: no file but this one can be read or written, nothing is installed or loaded from outside, and no setting
 * can change any more. Throws Fault 'engine.file_missing', 'engine.already_open', 'engine.held' or 'engine.unreadable'.
 */
export async function openSession(file: string, options: SessionOptions = {}): Promise<Session> {
  const found = await stat(file).catch(() => undefined)
  // DuckDB would make an empty file where there is none.
  if (!found?.isFile()) throw new Fault('engine.file_missing', `there is no data file ${basename(file)}`)
  const session = await start(await realpath(file), options, { enable_external_access: 'false' })
  // TIMESTAMP WITH TIME ZONE appears in no file of ours; this keeps even a cast to it independent of the machine.
  return prepare(session, "SET GLOBAL TimeZone = 'UTC'", 'SET GLOBAL lock_configuration = true')
}

/** Makes a new file, for a load: files can be read, by statements that the load itself writes. Same faults. */
export async function createSession(file: string, options: SessionOptions = {}): Promise<Session> {
  const session = await start(join(await realpath(dirname(file)), basename(file)), options, {})
  return prepare(session, "SET GLOBAL TimeZone = 'UTC'")
}

/** Throws Fault 'engine.already_open' when this process has the file open. */
export async function assertNotOpen(file: string): Promise<void> {
  const path = join(await realpath(dirname(file)), basename(file))
  if (open.has(path)) throw alreadyOpen(path)
}

/** Where the engine puts what does not fit into memory. */
export const spillFolder = (file: string): string => `${file}.spill`

async function start(path: string, options: SessionOptions, more: Record<string, string>): Promise<Session> {
  if (open.has(path)) throw alreadyOpen(path)
  open.add(path)
  let instance: DuckDBInstance | undefined
  try {
    instance = await DuckDBInstance.create(path, { ...settings(path, options), ...more })
    // Left behind by a process that was killed. Only now: before the lock was ours it could be somebody's in use.
    await rm(spillFolder(path), { recursive: true, force: true })
    return sessionOf(path, instance)
  } catch (error) {
    instance?.closeSync()
    open.delete(path)
    throw openingFault(path, error)
  }
}

async function prepare(session: Session, ...statements: readonly string[]): Promise<Session> {
  try {
    await session.work(async (connection) => {
      for (const statement of statements) await connection.run(statement)
    })
    return session
  } catch (error) {
    await session.close()
    throw openingFault(session.file, error)
  }
}

const settings = (path: string, options: SessionOptions): Record<string, string> => ({
  threads: String(options.threads ?? availableParallelism()),
  memory_limit: `${options.memoryMegabytes ?? Math.max(256, Math.floor(totalmem() / 2 ** 21))}MB`,
  temp_directory: spillFolder(path),
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
})

function sessionOf(file: string, instance: DuckDBInstance): Session {
  const underWay = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  async function withConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await instance.connect()
    try {
      return await work(connection)
    } finally {
      connection.closeSync()
    }
  }

  return Object.freeze({
    file,
    async work<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
      if (closing) throw new Fault('engine.closed', `the data file ${basename(file)} was closed`)
      const running = withConnection(work)
      underWay.add(running)
      try {
        return await running
      } finally {
        underWay.delete(running)
      }
    },
    close(): Promise<void> {
      closing ??= (async () => {
        await Promise.allSettled(underWay)
        instance.closeSync()
        open.delete(file)
        await rm(spillFolder(file), { recursive: true, force: true })
      })()
      return closing
    },
  })
}

const alreadyOpen = (path: string): Fault =>
  new Fault('engine.already_open', `the data file ${basename(path)} is open already in this process`)

function openingFault(path: string, error: unknown): Fault {
  const text = error instanceof Error ? error.message : ''
  if (/could not set lock/i.test(text)) {
    const holder = /\(PID (\d+)\)/.exec(text)?.[1]
    return new Fault(
      'engine.held',
      `the data file ${basename(path)} is held by another process${holder ? ` (${holder})` : ''}`,
      {
        hint: 'Stop the other process, or wait until it ends.',
      },
    )
  }
  // The engine's text is dropped: for a damaged file it can quote what it found.
  return new Fault('engine.unreadable', `the data file ${basename(path)} cannot be opened`, {
    hint: 'If the disk and its permissions are in order, the file is damaged: load the data again.',
  })
}
