import { access, constants, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { Fault } from '../../base/fault.ts'
import { Refused, refuse } from '../../base/refusal.ts'
import { findReceipt, findRelease, pageOfReleases } from '../../house/find.ts'
import { noteRefusal } from '../../house/refusals.ts'
import { answerCsv, answerJson, answerOf } from '../../house/views/answer.ts'
import { releaseJson } from '../../house/views/releases.ts'
import { figuresOf } from '../../measures/figures.ts'
import { parseLimit, parseRho } from '../../money/amount.ts'
import { withoutExplain } from '../../query/explain.ts'
import { type Answered, answer } from '../../release/answer.ts'
import type { AnswerDocument } from '../../release/document.ts'
import { explain } from '../../release/explain.ts'
import { quote } from '../../release/quote.ts'
import type { Question } from '../../release/world.ts'
import { type Context, show, table, unwrap } from '../context.ts'
import { figureLines } from '../figures.ts'
import { answerLines, explainLines, quoteLines } from '../words.ts'

export interface Wish {
  readonly buyer: string
  readonly purpose?: string
  readonly rho?: string
  readonly within?: string
  readonly bounds?: readonly string[]
  readonly topUp?: string
}

export function registerAsk(program: Command, context: Context): void {
  asking(program.command('quote <product> <sql>'))
    .description('price, privacy loss and error before anything is run; reads no data')
    .action(async (product: string, sql: string, options: Wish) => {
      const { world } = await context.house()
      const asked = await question(product, sql, options, context)
      const quoted = unwrap(await noteRefusal(world, 'quote', asked, await quote(asked, world)))
      show(context, quoted.shown, quoteLines(quoted.shown))
    })

  asking(program.command('ask <product> <sql>'))
    .description('the answer, differentially private, with its receipt')
    .option('--max-price <amount>', 'refuse when it costs more; 0 takes only what is free')
    .option('--quote <id>', 'accept this quote')
    .option('--idempotency-key <key>', 'a retry with the same key never draws new noise or pays twice')
    .option('--receipt <file>', 'where to write the receipt')
    .option('--csv', 'the answer as CSV, with the noise of every column')
    .action(async (product: string, sql: string, options: Wish & AskOptions) => {
      await askAndShow(await question(product, sql, options, context), options, context)
    })

  const release = program.command('release').description('releases and their receipts')
  release
    .command('list')
    .description('newest first')
    .option('--buyer <id>', 'of this buyer alone')
    .option('--before <release>', 'next page: the last id seen')
    .action(async (options: { buyer?: string; before?: string }) => {
      const { world } = await context.house()
      const { releases } = unwrap(
        await pageOfReleases({ buyer: options.buyer, before: options.before, limit: 100 }, world),
      )
      show(
        context,
        { releases: releases.map(releaseJson) },
        table(
          ['release', 'state', 'buyer', 'product', 'purpose'],
          releases.map((one) => [one.id, one.state, one.buyer, one.product, one.purpose]),
        ),
      )
    })
  release
    .command('answer <id>')
    .description('its answer in words; with --json also intervals of 50, 80 and 95 %')
    .option('--csv', 'as CSV, with the noise of every column')
    .action(async (id: string, options: { csv?: boolean }) => {
      const found = unwrap(await findRelease(id, undefined, (await context.house()).world))
      const document = answerOf(found)
      if (!document) throw new Refused(refuse('release.unknown', 'this release has no answer').refusal)
      if (options.csv) context.out(answerCsv(document))
      else show(context, answerJson(found, document), answerLines(document, false))
    })
  release
    .command('figures <id>')
    .description('what the measure that the question came from says of its answer')
    .action(async (id: string) => {
      const receipt = JSON.parse(unwrap(await findReceipt(id, undefined, (await context.house()).world)))
      const figures = figuresOf((receipt as { readonly answer: AnswerDocument }).answer)
      const none = 'the question came from no measure'
      show(context, { release: id, figures }, figures ? figureLines(figures) : [none])
    })
  release
    .command('receipt <id>')
    .description('its receipt, byte for byte')
    .action(async (id: string) => {
      context.out(unwrap(await findReceipt(id, undefined, (await context.house()).world)))
    })
}

/** How a question would be answered; also what `ask` does with EXPLAIN PRIVACY SELECT …. */
async function showExplained(asked: Question, context: Context): Promise<void> {
  const { world } = await context.house()
  const explained = unwrap(await noteRefusal(world, 'quote', asked, await explain(asked, world)))
  show(context, explained, explainLines(explained))
}

/** `usufruct query explain`, below the command of that name. */
export const registerExplain = (query: Command, context: Context): void => {
  asking(query.command('explain <product> <sql>'))
    .description(
      'how a question would be computed, its noise, and what would make it more precise; EXPLAIN PRIVACY may stand before it. Reads no data, keeps nothing',
    )
    .action(async (product: string, sql: string, options: Wish) =>
      showExplained(await question(product, sql, options, context), context),
    )
}

export interface AskOptions {
  readonly maxPrice?: string
  readonly quote?: string
  readonly idempotencyKey?: string
  readonly receipt?: string
  readonly csv?: boolean
}

/** The answer with its receipt; where the question came from a measure, what that says of the answer follows the table. */
export async function askAndShow(asked: Question, options: AskOptions, context: Context): Promise<void> {
  const keep = options.receipt === undefined ? undefined : await keeper(resolve(context.cwd, options.receipt))
  if (withoutExplain(asked.sql).explain) return showExplained(asked, context)
  const { world } = await context.house()
  const outcome = await answer(
    asked,
    {
      maxPrice: options.maxPrice === undefined ? undefined : unwrap(parseLimit(options.maxPrice)),
      quoteId: options.quote,
      idempotencyKey: options.idempotencyKey,
    },
    world,
  )
  const answered = unwrap(await noteRefusal(world, 'ask', asked, outcome))
  await keep?.(answered)
  const receipt = JSON.parse(answered.receipt) as { readonly answer: AnswerDocument }
  if (options.csv) return context.out(answerCsv(receipt.answer))
  const figures = figuresOf(receipt.answer)
  const lines = [...answerLines(receipt.answer, answered.again), ...(figures ? ['', ...figureLines(figures)] : [])]
  context.out(context.json ? answered.receipt : `${lines.join('\n')}\n`)
}

/** Where the receipt goes, looked at before anything is paid. */
async function keeper(path: string): Promise<(answered: Answered) => Promise<void>> {
  const folder = dirname(path)
  await access(folder, constants.W_OK).catch(() => {
    throw new Refused(
      refuse('request.invalid', `no file can be written in ${folder}`, { hint: 'nothing was asked yet' }).refusal,
    )
  })
  return async ({ receipt, release }) =>
    writeFile(path, receipt).catch((cause) => {
      throw new Fault('program.receipt_not_written', `the answer was given, but ${path} cannot be written`, {
        hint: `usufruct release receipt ${release}`,
        cause,
      })
    })
}

/** Options of whoever asks. `needed`: the command always asks, so it must know who. */
export function asking(command: Command, needed = true): Command {
  if (needed) command.requiredOption('--buyer <id>', 'who asks')
  else command.option('--buyer <id>', 'who asks')
  return command
    .option('--purpose <id>', 'for what; needed when the product has several purposes')
    .option('--rho <rho>', 'privacy loss, e.g. 0.0005')
    .option('--within <width>', 'instead of rho: the widest 95 % half-width of the one count or sum')
    .option(
      '--bounds <bound>',
      'a tighter bound of one person’s sum: table.column=amount (may be repeated), or auto, which takes a tenth of the loss to choose bounds',
      (one: string, before: readonly string[] = []) => [...before, one],
    )
    .option(
      '--top-up <release>',
      'make this answer to the same question more precise; rho is what both together are to have',
    )
}

export async function question(product: string, sql: string, wish: Wish, context: Context): Promise<Question> {
  if (wish.rho !== undefined && wish.within !== undefined)
    throw new Refused(refuse('request.invalid', 'name rho or a width, not both').refusal)
  return {
    buyer: wish.buyer,
    product,
    purpose: wish.purpose,
    // Read as it is: the parser refuses what is no question in its own words.
    sql: sql === '-' ? (context.stdin ?? '') : sql,
    bounds: boundsOf(wish.bounds),
    topUpOf: wish.topUp,
    wish:
      wish.rho !== undefined
        ? { nano: unwrap(parseRho(wish.rho)) }
        : wish.within !== undefined
          ? { within: wish.within }
          : undefined,
  }
}

/** "auto", or "table.column=amount" once for each sum. */
function boundsOf(texts: Wish['bounds']): Question['bounds'] {
  if (texts === undefined) return undefined
  if (texts.length === 1 && texts[0] === 'auto') return 'auto'
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, amount] = /^(.+)=([^=]+)$/.exec(text) ?? []
      if (name === undefined || amount === undefined)
        throw new Refused(
          refuse('request.invalid', `"${text.slice(0, 80)}" names no bound`, {
            hint: 'auto, or for example basket_lines.spend=50',
          }).refusal,
        )
      return [name.trim(), amount.trim()] as const
    }),
  )
}
