import { resolve } from 'node:path'
import type { Command } from 'commander'
import { backup } from '../../house/backup.ts'
import { type Context, show, unwrap } from '../context.ts'

export function registerBackup(program: Command, context: Context): void {
  program
    .command('backup <folder>')
    .description('a complete copy into a new folder, consistent to one moment; holds secrets')
    .action(async (folder: string) => {
      const made = unwrap(await backup(await context.house(), resolve(context.cwd, folder)))
      show(context, { folder: made.folder, entries: `${made.entries}`, files: made.files }, [
        `${made.folder} holds ${made.entries} entries and ${made.files} files. Keep it secret.`,
      ])
    })
}
