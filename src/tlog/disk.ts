import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The file operations that durability is made of, on paths below the log's folder. One step each, so that a test can stop between any two. */
export interface Disk {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Names in a folder; none when there is no such folder. */
  list(folder: string): Promise<readonly string[]>
  /** Makes a folder and those above it; true when any was missing. */
  makeFolder(folder: string): Promise<boolean>
  /** Creates or overwrites a file and forces its content to the disk. */
  write(path: string, bytes: Uint8Array): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Forces a folder's entries to the disk. */
  syncFolder(folder: string): Promise<void>
  /** Removes a file or a whole folder; nothing happens when there is none. */
  remove(path: string): Promise<void>
}

/** A disk that also writes whole files, durably. */
export interface Store extends Disk {
  /**
   * Gives a file its content so that after a crash at any moment there is the old file or the new one, whole, and once this resolves the new one:
   * temporary file, fsync, rename, fsync of the folder. Where the file has this content already only its name is made sure of.
   */
  put(path: string, bytes: Uint8Array): Promise<void>
}

/** Where files are written before they get their name; never served, emptied at opening. */
export const temporaryFolder = '.tmp'

export function storeOn(disk: Disk): Store {
  // What an earlier run left visible may still be gone after a power failure: it may have been killed between a rename and the fsync of the
  // folder, or of the folders above. So the first time that this run relies on a folder it forces all of them to the disk.
  const safe = new Set<string>()
  const secure = async (folder: string, fresh: boolean) => {
    if (fresh || !safe.has(folder)) for (const above of foldersAbove(folder)) await disk.syncFolder(above)
    safe.add(folder)
  }
  const put = async (path: string, bytes: Uint8Array) => {
    const folder = dirname(path)
    const stored = await disk.read(path)
    if (stored !== undefined && sameBytes(stored, bytes)) {
      if (!safe.has(folder)) await disk.syncFolder(folder)
      return secure(folder, false)
    }
    const temporary = `${temporaryFolder}/${randomBytes(8).toString('hex')}`
    await disk.makeFolder(temporaryFolder)
    const fresh = await disk.makeFolder(folder)
    await disk.write(temporary, bytes)
    await disk.rename(temporary, path)
    await disk.syncFolder(folder)
    await secure(folder, fresh)
  }
  return { ...methodsOf(disk), put }
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** The folder of a real file system. */
export function diskAt(directory: string): Disk {
  const at = (path: string) => join(directory, path)
  return {
    read: (path) => unlessMissing(readFile(at(path)), undefined),
    list: (folder) => unlessMissing(readdir(at(folder)), []),
    makeFolder: async (folder) => (await mkdir(at(folder), { recursive: true })) !== undefined,
    write: async (path, bytes) => {
      const file = await open(at(path), 'w', 0o644)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
    },
    rename: (from, to) => rename(at(from), at(to)),
    syncFolder: async (folder) => {
      const handle = await open(at(folder), 'r')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    },
    remove: (path) => rm(at(path), { recursive: true, force: true }),
  }
}

/** Every folder above this one, innermost first, up to the log's folder ".". */
function foldersAbove(folder: string): string[] {
  const folders: string[] = []
  for (let at = folder; at !== '.'; ) {
    at = dirname(at)
    folders.push(at)
  }
  return folders
}

const methodsOf = (disk: Disk): Disk => ({
  read: (path) => disk.read(path),
  list: (folder) => disk.list(folder),
  makeFolder: (folder) => disk.makeFolder(folder),
  write: (path, bytes) => disk.write(path, bytes),
  rename: (from, to) => disk.rename(from, to),
  syncFolder: (folder) => disk.syncFolder(folder),
  remove: (path) => disk.remove(path),
})

async function unlessMissing<T, U>(found: Promise<T>, missing: U): Promise<T | U> {
  try {
    return await found
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // EISDIR, ENOTDIR: something else is in the file's place, which is as good as no file.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return missing
    throw error
  }
}
