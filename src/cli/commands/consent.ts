import type { Command } from 'commander'
import { instantText } from '../../base/instant.ts'
import { choose, importChoices, publishNotice } from '../../house/choices.ts'
import { choicesJson } from '../../house/views/choices.ts'
import type { ConsentStatus, PersonChoices } from '../../release/ports.ts'
import { type Context, show, table, unwrap } from '../context.ts'
import { readText } from '../read.ts'

export function registerConsent(program: Command, context: Context): void {
  const notice = program.command('notice').description('the texts that people are shown before they choose')
  notice
    .command('publish <file>')
    .description('puts a text in force; its hash goes to the log')
    .requiredOption('--id <id>', 'name of the notice')
    .requiredOption('--notice-version <version>', 'its version')
    .requiredOption('--purposes <ids>', 'purposes it speaks of, comma separated')
    .option('--language <tag>', 'BCP 47', 'en')
    .action(
      async (file: string, options: { id: string; noticeVersion: string; purposes: string; language: string }) => {
        const entry = unwrap(
          await publishNotice(await context.house(), {
            id: options.id,
            version: options.noticeVersion,
            language: options.language,
            purposes: options.purposes.split(',').map((one) => one.trim()),
            text: await readText(context, file, 1024 * 1024),
          }),
        )
        show(context, { id: entry.id, version: entry.version, hash: entry.hash }, [
          `Notice ${entry.id} ${entry.version} is published.`,
        ])
      },
    )
  notice
    .command('list')
    .description('every notice that was published')
    .action(async () => {
      const entries = await (await context.house()).world.books.notices()
      show(
        context,
        {
          notices: entries.map(({ id, version, language, purposes, hash }) => ({
            id,
            version,
            language,
            purposes,
            hash,
          })),
        },
        table(
          ['notice', 'version', 'language', 'purposes'],
          entries.map((one) => [one.id, one.version, one.language, one.purposes.join(', ')]),
        ),
      )
    })

  const consent = program.command('consent').description('choices of people, with evidence')
  consent
    .command('import <file>')
    .description('existing choices, one a line (JSON Lines or CSV); all or none')
    .action(async (file: string) => {
      const done = unwrap(
        await importChoices(await context.house(), await readText(context, file, 2 * 1024 ** 3), file),
      )
      show(context, { ...done }, [
        `${done.recorded} choices recorded, ${done.skipped} known already. New ones join the next period.`,
      ])
    })
  for (const [verb, status, words] of [
    ['give', 'given', 'a yes; joins the cohort of the next period'],
    ['withdraw', 'withdrawn', 'takes a yes back; holds from the very next release'],
    ['refuse', 'refused', 'a no'],
    ['revoke', 'revoked', 'the steward ends a yes'],
  ] as const)
    consent
      .command(`${verb} <person> <purpose>`)
      .description(words)
      .option('--method <text>', 'how the act is known, e.g. "signed form"')
      .option('--reference <text>', 'where the evidence is kept')
      .action(async (person: string, purpose: string, options: { method?: string; reference?: string }) => {
        const evidence =
          options.method === undefined ? undefined : { method: options.method, reference: options.reference ?? '' }
        const entity = status === 'revoked' ? 'steward' : 'person'
        showChoices(
          context,
          unwrap(
            await choose(await context.house(), { person, purpose, status: status as ConsentStatus, entity, evidence }),
          ),
        )
      })
  consent
    .command('show <person>')
    .description('standing and history')
    .action(async (person: string) => {
      const house = await context.house()
      showChoices(context, unwrap(await house.world.books.choices(person, house.world.clock.now())))
    })
}

function showChoices(context: Context, choices: PersonChoices): void {
  show(context, choicesJson(choices), [
    `${choices.person} (limits: ${choices.limitClass})`,
    ...table(
      ['purpose', 'status', 'since', 'in force'],
      choices.standing.map((one) => [
        one.purpose,
        one.status,
        instantText(one.since),
        one.inForce ? 'yes' : `no${one.note ? ` (${one.note})` : ''}`,
      ]),
    ),
  ])
}
