import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmod, chown, cp, lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packagedBinaries } from '../../src/store/embedded/binaries.ts'
import { processExists, readPidFile } from '../../src/store/embedded/process.ts'
import type { EmbeddedServer, ServerOptions } from '../../src/store/embedded/server.ts'

const root = resolve(import.meta.dirname, '../..')
export const isRoot = process.getuid?.() === 0
/** An account without rights, when we may take it on; else our own. */
export const ordinary = isRoot ? { uid: 65534, gid: 65534 } : {}

/**
 * A folder that every account may read, with the program of the child processes, the packages it needs, and PostgreSQL's binaries as they are when the
 * post-install script has not run: without the library symlinks.
 */
export async function buildWorkshop() {
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-workshop-'))
  await chmod(folder, 0o755)
  const compiled = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      ...['--outDir', folder, '--rootDir', root, '--module', 'nodenext', '--target', 'es2023', '--types', 'node'],
      ...['--allowImportingTsExtensions', '--rewriteRelativeImportExtensions', '--noCheck', '--ignoreConfig'],
      join(root, 'test/store/embedded-child.ts'),
    ],
    { cwd: root, encoding: 'utf8' },
  )
  if (compiled.status !== 0)
    throw new Error(`the child program does not compile:\n${compiled.stdout}${compiled.stderr}`)
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const needed = /^(pg|pg-.*|pgpass|postgres-.*|split2|xtend)$/
  for (const name of await readdir(join(root, 'node_modules')))
    if (needed.test(name))
      await cp(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true })
  const native = join(folder, 'native')
  await cp(packagedBinaries(), native, {
    recursive: true,
    filter: async (path) => !(await lstat(path)).isSymbolicLink(),
  })
  return { folder, native, program: join(folder, 'test/store/embedded-child.js') }
}
export type Workshop = Awaited<ReturnType<typeof buildWorkshop>>

export interface Child {
  readonly process: ChildProcess
  /** The line it tells. */
  readonly told: Promise<Told>
  readonly ended: Promise<void>
}
export type Told = Partial<EmbeddedServer> & {
  readonly fault?: string
  readonly message?: string
  readonly held?: boolean
  readonly done?: number
  readonly uid?: number
}

export function startChild(
  workshop: Workshop,
  task: { readonly what: string; readonly home: string; readonly server?: ServerOptions } & Record<string, unknown>,
  identity: { readonly uid?: number; readonly gid?: number } = {},
  environment: Record<string, string> = {},
): Child {
  const server = { native: packagedBinaries(), ...task.server }
  const child = spawn(process.execPath, [workshop.program, JSON.stringify({ ...task, server })], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
    ...identity,
  })
  let output = ''
  const ended = new Promise<void>((done) => child.on('exit', () => done()))
  const told = new Promise<Told>((done, fail) => {
    child.stdout?.on('data', (chunk) => {
      output += chunk
      if (output.includes('\n')) done(JSON.parse(output.split('\n')[0] as string) as Told)
    })
    child.on('exit', (code, signal) => fail(new Error(`the child ended (${code ?? signal}) and said: ${output}`)))
  })
  told.catch(() => undefined)
  return { process: child, told, ended }
}

const homes: string[] = []

/** A new folder, mode 0700, of ours or of the account. */
export async function newHome(identity: { readonly uid?: number; readonly gid?: number } = {}): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'usufruct-home-'))
  if (identity.uid !== undefined) await chown(home, identity.uid, identity.gid ?? identity.uid)
  homes.push(home)
  return home
}

/** Ends every server that a test left running, by the number in its pid file, and removes the homes. */
export async function removeHomes(): Promise<void> {
  for (const home of homes.splice(0)) {
    for (const data of await dataFolders(home)) {
      const running = await readPidFile(data)
      if (running !== undefined && running.pid !== process.pid && processExists(running.pid)) {
        process.kill(running.pid, 'SIGQUIT')
        while ((await readPidFile(data)) !== undefined && processExists(running.pid))
          await new Promise((r) => setTimeout(r, 20))
      }
      if (running !== undefined && running.socketFolder !== '')
        await rm(running.socketFolder, { recursive: true, force: true })
    }
    await rm(home, { recursive: true, force: true })
  }
}

async function dataFolders(home: string): Promise<string[]> {
  const all = await readdir(home, { recursive: true, withFileTypes: true }).catch(() => [])
  return all
    .filter((entry) => entry.name === 'PG_VERSION' && entry.parentPath.endsWith('/data'))
    .map((entry) => entry.parentPath)
}
