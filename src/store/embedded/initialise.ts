import { chown, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { elapsed } from '../../base/elapsed.ts'
import { Fault } from '../../base/fault.ts'
import { type Account, requireReachable } from './account.ts'
import type { Binaries } from './binaries.ts'
import { processExists, run } from './process.ts'

export const superuser = 'usufruct'
const prefix = 'initialising-'

/** The server's folder within a home: data, log, and what had to be copied. */
export async function openStoreFolder(home: string, choose: (folder: string) => Promise<Account>) {
  const folder = join(home, 'postgres')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const data = join(folder, 'data')
  const account = await choose((await isInitialised(data)) ? data : folder)
  if (account.kind === 'other') {
    await requireReachable(account, home)
    if ((await stat(folder)).uid !== account.uid) await chown(folder, account.uid, account.gid)
  }
  return { folder, data, account }
}

export const isInitialised = (data: string): Promise<boolean> =>
  stat(join(data, 'PG_VERSION')).then(
    () => true,
    () => false,
  )

/**
 * Makes the data folder once: under another name first, then renamed as a whole, so that a broken attempt leaves no half folder and of two
 * processes one wins. Throws Fault 'store.start_failed'.
 */
export async function initialise(folder: string, data: string, binaries: Binaries, account: Account): Promise<void> {
  if (await isInitialised(data)) return
  await removeLeftovers(folder)
  const fresh = join(folder, `${prefix}${process.pid}-${Math.trunc(elapsed())}`)
  await mkdir(fresh, { mode: 0o700 })
  if (account.kind === 'other') await chown(fresh, account.uid, account.gid)
  const made = await run(
    account.command(binaries.initdb, [
      `--pgdata=${fresh}`,
      `--username=${superuser}`,
      // Trust within the socket's folder, which only this account (and root) can enter; see docs/books.md.
      '--auth=trust',
      '--encoding=UTF8',
      '--no-locale',
      '--data-checksums',
      '--no-instructions',
    ]),
    { env: { ...process.env, ...binaries.environment, LC_ALL: 'C' } },
  )
  if (made.status !== 0)
    throw new Fault('store.start_failed', `the database could not be initialised:\n${made.output.trim().slice(-2000)}`)
  await rename(fresh, data).catch(async (cause: NodeJS.ErrnoException) => {
    await rm(fresh, { recursive: true, force: true })
    if (!(await isInitialised(data))) throw cause
  })
  const parent = await open(folder, 'r')
  await parent.sync().finally(() => parent.close())
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(name.startsWith(prefix) ? name.slice(prefix.length).split('-')[0] : Number.NaN)
    if (pid > 0 && !processExists(pid)) await rm(join(folder, name), { recursive: true, force: true })
  }
}
