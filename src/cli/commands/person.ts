import type { Command } from 'commander'
import { instantText } from '../../base/instant.ts'
import { createLink, linkAddress } from '../../house/access-sessions.ts'
import { statementJson } from '../../house/views/statement.ts'
import { parseRho, payText, rhoText } from '../../money/amount.ts'
import { deltaText, epsilonText, statedDelta } from '../../privacy/accounting.ts'
import { type Context, show, table, unwrap, WrongUse } from '../context.ts'
import { deltaWord } from '../words.ts'

export function registerPerson(program: Command, context: Context): void {
  const person = program.command('person').description('what one person earned, spent and may set')
  person
    .command('statement <person>')
    .description('pay and privacy loss, release by release')
    .action(async (key: string) => {
      const { world } = await context.house()
      const statement = unwrap(await world.books.statement(key, world.clock.now()))
      const currency = (await world.books.settings())?.currency ?? ''
      show(context, statementJson(statement, currency), [
        `${key}: earned ${payText(statement.earned)} ${currency}, privacy loss rho ${rhoText(statement.spentNano)} (epsilon ${epsilonText(statement.spentNano)} at delta ${deltaWord(deltaText(statedDelta(statement.spentDelta)))})`,
        ...table(
          ['release', 'when', 'buyer', 'purpose', 'rho', 'earned'],
          statement.releases.map((one) => [
            one.id,
            instantText(one.at).slice(0, 19),
            one.buyer,
            one.purpose,
            rhoText(one.nano),
            payText(one.earned),
          ]),
        ),
      ])
    })
  person
    .command('link <person>')
    .description('a link that signs the person in once, within 24 hours; an earlier one stops working')
    .option('--url <base>', 'address of the portal, as the person reaches it', 'http://localhost:8080')
    .action(async (key: string, options: { url: string }) => {
      if (!/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/.test(options.url))
        throw new WrongUse(`"${options.url.slice(0, 80)}" is no address; --url https://data.example`)
      const { link, token } = unwrap(await createLink(await context.house(), key))
      const url = linkAddress(options.url, token)
      const expiresAt = instantText(link.expiresAt)
      show(context, { person: key, url, expiresAt }, [url, `  for ${key}; works once, until ${expiresAt}`])
    })
  person
    .command('limits <person>')
    .description('limit class and a lower limit for life')
    .option('--class <class>', 'low, medium or high')
    .option('--life <rho>', 'the most privacy loss in a whole life; "none" takes it back')
    .action(async (key: string, options: { class?: string; life?: string }) => {
      const { class: limitClass, life } = options
      if (limitClass !== undefined && limitClass !== 'low' && limitClass !== 'medium' && limitClass !== 'high')
        throw new WrongUse(`"${limitClass}" is no limit class`, 'low, medium or high')
      if (limitClass === undefined && life === undefined)
        throw new WrongUse('nothing to set', '--class or --life names the limit')
      const { world } = await context.house()
      unwrap(
        await world.books.setLimits(
          key,
          {
            ...(limitClass === undefined ? {} : { class: limitClass }),
            ...(life === undefined ? {} : { lifeNano: life === 'none' ? null : unwrap(parseRho(life)) }),
          },
          world.clock.now(),
        ),
      )
      show(context, { person: key, changed: true }, [`The limits of ${key} are set.`])
    })
}
