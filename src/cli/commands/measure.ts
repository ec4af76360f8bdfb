import type { Command } from 'commander'
import { findProduct } from '../../house/find.ts'
import { compileMeasure } from '../../measures/compile.ts'
import type { Given } from '../../measures/measure.ts'
import { type Offer, type OfferedParameter, offers } from '../../measures/offer.ts'
import type { Language } from '../../measures/text.ts'
import { type Context, show, table, unwrap, WrongUse } from '../context.ts'
import { type AskOptions, askAndShow, asking, question, type Wish } from './ask.ts'

export function registerMeasure(program: Command, context: Context): void {
  program
    .command('measures <product> [measure]')
    .description(
      'marketing measures that can be asked of a product in plain words; of one, what may stand in its parameters',
    )
    .action(async (product: string, name: string | undefined) => {
      const { world } = await context.house()
      const catalogue = world.catalogue(unwrap(await findProduct(product, world)))
      const found = offers(catalogue)
      if (name === undefined)
        return show(
          context,
          { product: catalogue.product, measures: found },
          table(
            ['measure', 'question', 'released cells'],
            found.map((one) => [one.measure, one.question.en, one.cells.en]),
          ),
        )
      const one = found.find((offer) => offer.measure === name)
      // Refused in the words in which the measure itself would be.
      if (one === undefined) unwrap(compileMeasure(name, {}, catalogue))
      show(context, { product: catalogue.product, measures: one ? [one] : [] }, one ? offerLines(one) : [])
    })

  const measure = program
    .command('measure <product> <measure>')
    .description('a marketing measure as SQL with its question in words; with --ask the answer and what it says')
    .option('--param <name=value>', 'a parameter; once for each', gather, [])
    .option('--language <en|de>', 'of the question in words', 'en')
    .option('--ask', 'ask it, as `usufruct ask` does')
  asking(measure, false)
    .option('--max-price <amount>', 'refuse when it costs more; 0 takes only what is free')
    .option('--quote <id>', 'accept this quote')
    .option('--idempotency-key <key>', 'a retry with the same key never draws new noise or pays twice')
    .option('--receipt <file>', 'where to write the receipt')
    .action(async (product: string, name: string, options: MeasureOptions) => {
      const { world } = await context.house()
      const catalogue = world.catalogue(unwrap(await findProduct(product, world)))
      const compiled = unwrap(compileMeasure(name, given(options.param), catalogue, language(options.language)))
      if (options.ask !== true) return show(context, compiled, compiled.sql.split('\n'))
      const { buyer } = options
      if (buyer === undefined) throw new WrongUse('--ask needs --buyer', 'who asks')
      await askAndShow(await question(product, compiled.sql, { ...options, buyer }, context), options, context)
    })
}

interface MeasureOptions extends Omit<Wish, 'buyer'>, AskOptions {
  readonly buyer?: string
  readonly param: readonly string[]
  readonly language: string
  readonly ask?: boolean
}

const gather = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value]

function given(params: readonly string[]): Given {
  const entries = params.map((text) => {
    const at = text.indexOf('=')
    if (at <= 0) throw new WrongUse(`"${text}" is no parameter`, '--param name=value')
    return [text.slice(0, at), text.slice(at + 1)] as const
  })
  const twice = entries.find(([name], at) => entries.findIndex(([other]) => other === name) !== at)
  if (twice) throw new WrongUse(`the parameter ${twice[0]} stands twice`, 'name each once')
  return Object.fromEntries(entries)
}

function language(text: string): Language {
  if (text !== 'en' && text !== 'de') throw new WrongUse(`"${text}" is not a language`, 'en or de')
  return text
}

function offerLines(offer: Offer): readonly string[] {
  return [
    `${offer.title.en}: ${offer.question.en}`,
    offer.reading.means.en,
    ...offer.reading.caveats.map((one) => one.en),
    '',
    ...table(
      ['parameter', '', 'meaning', 'one of'],
      offer.parameters.map((one) => [
        one.name,
        one.default !== undefined ? `default ${one.default}` : one.required ? 'needed' : '',
        one.title.en,
        choiceWords(one),
      ]),
    ),
  ]
}

const mostShown = 8
function choiceWords({ choices, type, minimum, maximum }: OfferedParameter): string {
  if (choices === undefined) return minimum === undefined ? type : `${minimum} to ${maximum}`
  const names = [...new Set(choices.flatMap((list) => list.choices.map(({ value }) => value)))]
  if (names.length === 0) return type
  return `${names.slice(0, mostShown).join(', ')}${names.length > mostShown ? ` and ${names.length - mostShown} more` : ''}`
}
