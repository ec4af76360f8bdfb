import type { Command } from 'commander'
import { instantText } from '../../base/instant.ts'
import { Refused, refuse } from '../../base/refusal.ts'
import { sessionJson } from '../../house/views/session.ts'
import { type Context, show, table } from '../context.ts'

export function registerSession(program: Command, context: Context): void {
  const session = program.command('session').description('who is signed in')
  session
    .command('list')
    .description('every session that is not over, without secrets')
    .action(async () => {
      const house = await context.house()
      const sessions = await house.access.sessions(house.sessionClock.now())
      show(
        context,
        { sessions: sessions.map(sessionJson) },
        table(
          ['session', 'role', 'who', 'since', 'until', 'browser'],
          sessions.map((one) => [
            one.id,
            one.role,
            one.login ?? one.subject,
            instantText(one.createdAt).slice(0, 19),
            instantText(one.expiresAt).slice(0, 19),
            one.agent.slice(0, 40),
          ]),
        ),
      )
    })
  session
    .command('revoke <id>')
    .description('ends a session; what it asks next is refused')
    .action(async (id: string) => {
      if (!(await (await context.house()).access.endSession(id)))
        throw new Refused(
          refuse('session.unknown', `there is no session "${id.slice(0, 80)}"`, { hint: 'usufruct session list' })
            .refusal,
        )
      show(context, { ended: id }, [`${id} has ended.`])
    })
  session
    .command('revoke-person <person>')
    .description('ends every session of a person, and the link that was not used yet')
    .action(async (person: string) => {
      const ended = await (await context.house()).access.endSessionsOf({ role: 'person', subject: person })
      show(context, { person, ended }, [`${ended} sessions of ${person} have ended.`])
    })
}
