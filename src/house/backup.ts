import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonical } from '../base/canonical.ts'
import { instantText } from '../base/instant.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { version } from '../base/version.ts'
import type { House } from './house.ts'

/** Folders of a home that a backup copies as they are; the books are written out as tables, so that they can be read into any server. */
export const copiedFolders = ['keys', 'log', 'data'] as const

/**
 * Copies everything that a home is made of into a new folder, between two releases, so that books, data and log agree. The marker file is written last: a backup
 * that was interrupted has none and is not restored. Refuses home.exists when the folder is not empty.
 */
export async function backup(
  house: House,
  folder: string,
): Promise<Outcome<{ readonly folder: string; readonly entries: bigint; readonly files: number }>> {
  const existing = await readdir(folder).catch(() => [])
  if (existing.length > 0) return refuse('home.exists', `${folder} is not empty`, { hint: 'name a new folder' })
  return house.world.inTurn(async () => {
    await mkdir(join(folder, 'books'), { recursive: true, mode: 0o700 })
    await house.exportBooks(join(folder, 'books'))
    await house.closeData()
    for (const name of copiedFolders) await cp(join(house.home.root, name), join(folder, name), { recursive: true })
    const entries = await house.world.books.sequence()
    const files = (await readdir(folder, { recursive: true })).length
    const marker = { format: 'usufruct-backup/v1', code: version, entries, at: instantText(house.world.clock.now()) }
    await cp(join(house.home.root, 'home.json'), join(folder, 'home.json'))
    await writeFile(join(folder, 'backup.json'), `${canonical(marker)}\n`, { mode: 0o600 })
    return accept({ folder, entries, files })
  })
}
