import type { Command } from 'commander'
import { createKey } from '../../house/access.ts'
import { keyJson } from '../../house/views/keys.ts'
import type { KeyEntry } from '../../release/ports.ts'
import { type Context, show, table, unwrap, WrongUse } from '../context.ts'

export function registerKey(program: Command, context: Context): void {
  const key = program.command('key').description('keys for the HTTP API')
  key
    .command('create <role> [subject]')
    .description('role: steward, buyer (subject: the buyer) or person (subject: the person); the secret is shown once')
    .option('--label <text>', 'what it is for', '')
    .action(async (role: string, subject: string | undefined, options: { label: string }) => {
      if (role !== 'steward' && role !== 'buyer' && role !== 'person')
        throw new WrongUse(`"${role}" is no role`, 'steward, buyer or person')
      if (role !== 'steward' && subject === undefined)
        throw new WrongUse(`name the ${role}`, `usufruct key create ${role} ID`)
      const made = unwrap(
        await createKey(await context.house(), role satisfies KeyEntry['role'], subject ?? 'steward', options.label),
      )
      show(context, { id: made.entry.id, role, subject: made.entry.subject, secret: made.secret }, [
        `${made.entry.id}`,
        `  secret (shown once): ${made.secret}`,
      ])
    })
  key
    .command('revoke <id>')
    .description('it opens nothing from now on')
    .action(async (id: string) => {
      const { world } = await context.house()
      const revoked = unwrap(await world.books.revokeKey(id, world.clock.now()))
      show(context, keyJson(revoked), [`${id} is revoked.`])
    })
  key
    .command('list')
    .description('every key, without secrets')
    .action(async () => {
      const keys = await (await context.house()).world.books.keys()
      show(
        context,
        { keys: keys.map(keyJson) },
        table(
          ['key', 'role', 'subject', 'label', 'state'],
          keys.map((one) => [
            one.id,
            one.role,
            one.subject,
            one.label,
            one.revokedAt === undefined ? 'valid' : 'revoked',
          ]),
        ),
      )
    })
}
