import type { Command } from 'commander'
import { Refused, refuse } from '../../base/refusal.ts'
import { changePassword, createLogin, disableLogin, type MadeLogin } from '../../house/access-logins.ts'
import { loginJson } from '../../house/views/session.ts'
import { type Context, show, table, unwrap } from '../context.ts'
import { readText } from '../read.ts'

/** A password on the command line would stand in the shell's history and in the list of processes: it comes from standard input, or is made. */
const passwordOption = [
  '--password <->',
  '"-" reads it from standard input; without it one is made and shown once',
] as const

export function registerLogin(program: Command, context: Context): void {
  const login = program
    .command('login')
    .description('who signs in with a password: staff, and people who work at a buyer')
  login
    .command('create <login>')
    .description('lets somebody sign in with a password')
    .requiredOption('--role <role>', 'steward or buyer')
    .option('--subject <buyer>', 'the buyer, for role buyer')
    .option(...passwordOption)
    .action(async (name: string, options: { role: string; subject?: string; password?: string }) => {
      const { role } = options
      if (role !== 'steward' && role !== 'buyer')
        throw new Refused(refuse('request.invalid', `"${role}" is no role`, { hint: 'steward or buyer' }).refusal)
      if ((role === 'buyer') !== (options.subject !== undefined))
        throw new Refused(
          refuse('request.invalid', 'a login of role buyer names its buyer, and no other does', {
            hint: '--role buyer --subject ID',
          }).refusal,
        )
      const wish = { login: name, role, subject: options.subject ?? 'steward' } as const
      tell(unwrap(await createLogin(await context.house(), wish, await passwordOf(options.password))), 'made')
    })
  login
    .command('password <login>')
    .description('sets a new password and signs the login out everywhere')
    .option(...passwordOption)
    .action(async (name: string, options: { password?: string }) => {
      tell(unwrap(await changePassword(await context.house(), name, await passwordOf(options.password))), 'changed')
    })
  login
    .command('disable <login>')
    .description('ends the login and signs it out everywhere, at once')
    .action(async (name: string) => {
      const disabled = unwrap(await disableLogin(await context.house(), name))
      show(context, loginJson(disabled), [`${disabled.login} is disabled, and signed out everywhere.`])
    })
  login
    .command('list')
    .description('every login, without passwords')
    .action(async () => {
      const logins = await (await context.house()).access.logins()
      show(
        context,
        { logins: logins.map(loginJson) },
        table(
          ['login', 'role', 'subject', 'state'],
          logins.map((one) => [one.login, one.role, one.subject, one.disabledAt === undefined ? 'in use' : 'disabled']),
        ),
      )
    })

  function tell({ entry, password }: MadeLogin, done: string): void {
    show(context, password === undefined ? loginJson(entry) : { ...loginJson(entry), password }, [
      `${entry.login} (${entry.role}, ${entry.subject}) is ${done}.`,
      ...(password === undefined ? [] : [`  password (shown once): ${password}`]),
    ])
  }

  async function passwordOf(option: string | undefined): Promise<string | undefined> {
    if (option === undefined) return undefined
    if (option !== '-')
      throw new Refused(
        refuse('request.invalid', 'a password is not written on the command line', {
          hint: 'echo it into standard input and write --password -',
        }).refusal,
      )
    return (await readText(context, '-')).replace(/\r?\n$/, '')
  }
}
