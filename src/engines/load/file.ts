import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { assertNotOpen, createSession, type Session, type SessionOptions, spillFolder } from '../duckdb/session.ts'

/**
 * Builds a data file beside its final place: everything happens in "<file>.tmp", and one rename makes it the file. A kill at any moment leaves the
 * old file as it was, and at most a temporary that the next load removes. `build` returns false when nothing is to come of it.
 * Throws Fault 'load.disk_full', 'load.failed', 'engine.already_open', 'engine.held'; the temporary is gone then.
 */
export async function buildFile(
  place: { readonly directory: string; readonly fileName: string },
  options: SessionOptions & { readonly onIncident?: ((detail: string) => void) | undefined },
  build: (session: Session) => Promise<boolean>,
): Promise<void> {
  const file = join(place.directory, place.fileName)
  const temporary = `${file}.tmp`
  if (basename(place.fileName) !== place.fileName || !(await isFolder(place.directory)))
    throw new Fault('load.failed', `the data folder or the file name ${place.fileName} is wrong`)
  await assertNotOpen(file)
  await assertNotOpen(temporary)
  try {
    await removeFiles(temporary)
    const session = await createSession(temporary, options)
    let finished = false
    try {
      finished = await build(session)
      if (finished) await session.work((connection) => connection.run('CHECKPOINT'))
    } finally {
      await session.close()
    }
    if (finished) await putInPlace(temporary, file)
    else await removeFiles(temporary)
  } catch (error) {
    await removeFiles(temporary)
    throw loadFault(error, options.onIncident)
  }
}

/** Disk, quota, file size limit or the spill folder: for the operator all the same. The engine reports them as text only. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error &&
  (/No space left|File too large|[Qq]uota exceeded|max_temp_directory_size/.test(error.message) ||
    ['ENOSPC', 'EFBIG', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? ''))

async function putInPlace(temporary: string, file: string): Promise<void> {
  await sync(temporary)
  // A write-ahead log left by a killed process belongs to the old file; the engine must not apply it to the new one. Without it the old file
  // is merely older by some entries of the mask, which it knows.
  await rm(`${file}.wal`, { force: true })
  await rename(temporary, file)
  await sync(dirname(file))
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function removeFiles(temporary: string): Promise<void> {
  for (const path of [temporary, `${temporary}.wal`, spillFolder(temporary)])
    await rm(path, { recursive: true, force: true })
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false

function loadFault(error: unknown, onIncident: ((detail: string) => void) | undefined): unknown {
  if (error instanceof Fault) return error
  onIncident?.(error instanceof Error ? error.message : String(error))
  if (isDiskFull(error))
    return new Fault('load.disk_full', 'the disk is full, or the file would be larger than the system permits', {
      hint: 'Make room in the data folder (a load needs about three times the size of its sources for a while) and load again.',
    })
  // What the engine says can quote a row: it goes to the incident file alone.
  return new Fault('load.failed', 'the load failed in the data engine; what was loaded before is unchanged', {
    hint: 'The incident file of the house says more.',
  })
}
