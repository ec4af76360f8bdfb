import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { run } from './process.ts'

/**
 * Under whose rights the server runs. PostgreSQL refuses root. As root the choice is, in this order: the owner of existing data when that is not
 * root; a user namespace in which root is called nobody (the files stay root's, so folders of mode 0700 stay reachable); an unprivileged account.
 */
export interface Account {
  readonly kind: 'self' | 'namespace' | 'other'
  readonly uid: number
  readonly gid: number
  /** How a program is started under these rights. */
  command(program: string, args: readonly string[]): Command
}
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly identity: { readonly uid?: number; readonly gid?: number }
}

/** `folder`: where the data is or will be. Throws Fault 'store.folder_unreachable' when no account can work there. */
export async function chooseAccount(folder: string, options: { readonly namespaces: boolean }): Promise<Account> {
  const uid = process.getuid?.() ?? 0
  const owner = await stat(folder).then(
    (found) => found,
    () => undefined,
  )
  if (uid !== 0) {
    if (owner !== undefined && owner.uid !== uid) throw belongsToAnother(folder, owner.uid)
    return { kind: 'self', uid, gid: process.getgid?.() ?? 0, command: plain }
  }
  if (owner !== undefined && owner.uid !== 0) return other(owner.uid, owner.gid)
  if (options.namespaces && (await namespacesWork())) return { kind: 'namespace', uid: 0, gid: 0, command: inNamespace }
  const account = await unprivilegedAccount()
  if (account === undefined) throw unreachable(folder, 'there is no account "postgres" or "nobody" to run it under')
  return other(account.uid, account.gid)
}

/** Can the account execute this program or enter this folder, through every folder above it? */
export async function canEnter(account: Account, path: string): Promise<boolean> {
  if (account.kind !== 'other') return true
  return (await run(account.command('/usr/bin/test', ['-x', path]))).status === 0
}

/** Throws Fault 'store.folder_unreachable' naming the outermost folder that shuts the account out. */
export async function requireReachable(account: Account, folder: string): Promise<void> {
  if (account.kind !== 'other' || (await canEnter(account, folder))) return
  let closed = folder
  while (dirname(closed) !== closed && !(await canEnter(account, dirname(closed)))) closed = dirname(closed)
  throw unreachable(closed, `the account ${account.uid}, under which it has to run, cannot enter this folder`)
}

const plain = (program: string, args: readonly string[]): Command => ({ program, args, identity: {} })

/** uid and gid 65534 inside; outside the process is still root, with root's files. */
const asNobody = ['--user', '--map-user=65534', '--map-group=65534']
const inNamespace = (program: string, args: readonly string[]): Command =>
  plain('unshare', [...asNobody, program, ...args])

const other = (uid: number, gid: number): Account => ({
  kind: 'other',
  uid,
  gid,
  command: (program, args) => ({ program, args, identity: { uid, gid } }),
})

/** util-linux 2.38 or newer, and a kernel that permits it: tried, never assumed. */
async function namespacesWork(): Promise<boolean> {
  const tried = await run(inNamespace('/usr/bin/id', ['-u']))
  return tried.status === 0 && tried.output.trim() === '65534'
}

async function unprivilegedAccount(): Promise<{ uid: number; gid: number } | undefined> {
  const accounts = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const found = accounts.find(([name]) => name === wanted)
    const [uid, gid] = [Number(found?.[2] ?? 0), Number(found?.[3] ?? 0)]
    if (uid > 0) return { uid, gid }
  }
  return undefined
}

const unreachable = (folder: string, why: string): Fault =>
  new Fault('store.folder_unreachable', `PostgreSQL does not run as root, and ${why}: ${folder}`, {
    hint: 'run as an ordinary user, or put the home into a folder that others may enter (mode 0711 or 0755), or name a server in DATABASE_URL',
  })

const belongsToAnother = (folder: string, uid: number): Fault =>
  new Fault('store.folder_unreachable', `the books in ${folder} belong to the account ${uid}`, {
    hint: `run as the account ${uid}, or give the whole home to this account (chown -R) while nothing runs`,
  })
