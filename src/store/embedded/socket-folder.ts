import { chown, lstat, mkdir, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { sha256 } from '../../base/hash.ts'
import type { Account } from './account.ts'

/** sockaddr_un.sun_path has 108 bytes with the final zero (Linux; 104 on macOS). */
const longestPath = process.platform === 'darwin' ? 103 : 107
export const port = 5432

/**
 * The folder of the server's socket: short, whatever the length of the home's path, and closed to everybody else (mode 0700). It stands in the
 * system's folder for temporary files, under a name that follows from the home's real path and the account. Its access rights are what guards the
 * server, so a folder that is not ours is refused: Fault 'store.socket_folder_unsafe'.
 */
export async function openSocketFolder(home: string, account: Account): Promise<string> {
  const name = `usufruct-${account.uid}-${sha256(`${account.uid}\n${await realpath(home)}`)
    .toString('hex')
    .slice(0, 16)}`
  const usual = join(tmpdir(), name)
  const folder = Buffer.byteLength(socketPath(usual)) <= longestPath ? usual : join('/tmp', name)
  const created = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause
      return false
    },
  )
  if (created && account.kind === 'other') await chown(folder, account.uid, account.gid)
  await requireOwn(folder, account.uid)
  return folder
}

export const socketPath = (folder: string): string => join(folder, `.s.PGSQL.${port}`)

/** Throws Fault 'store.socket_folder_unsafe' unless the folder is a real one, the account's, and closed to others. */
export async function requireOwn(folder: string, uid: number): Promise<void> {
  const found = await lstat(folder)
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return
  throw new Fault(
    'store.socket_folder_unsafe',
    `${folder} is not a folder of the account ${uid} that is closed to others`,
    {
      hint: 'somebody else made it: remove it, or set TMPDIR to a folder of your own',
    },
  )
}
