import { expectAccepted } from '../base/refusal.ts'
import { choose } from '../house/choices.ts'
import type { House } from '../house/house.ts'
import { amountText, payText, rhoText } from '../money/amount.ts'
import { answer } from '../release/answer.ts'
import type { AnswerDocument } from '../release/document.ts'
import { quote } from '../release/quote.ts'
import type { Question } from '../release/world.ts'
import { verifyReceipt } from '../verify/index.ts'

/** One line of the story; the terminal decides how it looks. */
export interface Teller {
  chapter(title: string): void
  say(line: string): void
  table(header: readonly string[], rows: readonly (readonly string[])[]): void
}

/** What a story is told about: one product, one buyer, what is asked, and what is true. */
export interface Plot {
  readonly product: string
  readonly purpose: string
  readonly buyer: string
  /** "A supplier". */
  readonly asker: string
  /** One group key, then counts and sums. The first is also quoted, asked again and verified. */
  readonly questions: readonly PlotQuestion[]
  /** Asked after somebody took the yes back. */
  readonly next: string
  /** Keys of people; the first whose yes counts is followed. */
  readonly people: readonly string[]
  /** What "true" means here, and why it can be shown. */
  readonly truthWords: string
}
export interface PlotQuestion {
  readonly sql: string
  /** Undefined: the cheapest tier. */
  readonly nano?: bigint | undefined
  /** Counted from the files, before anybody withdraws; never from the house. */
  truth(): Promise<PlotTruth>
}
export interface PlotTruth {
  /** Titles of the columns beside each answer. */
  readonly header: readonly string[]
  /** Their texts for one output and one group. */
  of(output: string, group: string): readonly string[]
  /** Said below the table. */
  readonly words?: readonly string[] | undefined
}

/** The whole story: quote, answer beside the truth, pay, the same question again, a withdrawal, proof and tampering. Throws when it does not hold. */
export async function tellStory(house: House, plot: Plot, teller: Teller): Promise<void> {
  const { world } = house
  const { purpose } = plot
  const asks = plot.questions.map((one) => ({ ...one, question: questionOf(plot, one.sql, one.nano) }))
  const [opening] = asks
  if (!opening) throw new RangeError('a story needs a question')
  const { question } = opening

  teller.chapter(`${plot.asker} asks; the price and the error come first, from public facts`)
  teller.say(question.sql)
  const quoted = expectAccepted(await quote(question, world))
  const { shown } = quoted
  teller.say(
    `${shown.price} ${shown.currency}, of which ${shown.people.share} to the people; privacy rho ${shown.privacy.rho} (epsilon ${shown.privacy.epsilon})`,
  )
  for (const one of shown.accuracy)
    if (typeof one.halfWidth95 === 'string')
      teller.say(`${one.output}: ±${one.halfWidth95} with 95 % certainty, ${one.words}`)

  teller.chapter('The answer, beside what is true')
  const first = expectAccepted(await answer(question, { quoteId: quoted.id }, world))
  compare(teller, first.receipt, await opening.truth())
  for (const one of asks.slice(1)) {
    teller.say(one.sql)
    compare(teller, expectAccepted(await answer(one.question, {}, world)).receipt, await one.truth())
  }
  teller.say(plot.truthWords)

  teller.chapter('The people in it are paid, all the same, whatever they bought')
  const person = await firstInForce(house, plot)
  const statement = expectAccepted(await world.books.statement(person, world.clock.now()))
  for (const one of statement.releases)
    teller.say(
      `${person}: ${payText(one.earned)} ${shown.currency} for ${one.buyer === 'house' ? 'being counted' : `an answer to ${one.buyer}`}, privacy rho ${rhoText(one.nano)}`,
    )
  const balances = await world.books.balances()
  teller.say(`the people's pool holds ${amountText(balances.pool ?? 0n)} ${shown.currency}`)

  teller.chapter('The same question again: the same bytes, free')
  const again = expectAccepted(await answer(question, {}, world))
  teller.say(
    again.receipt === first.receipt && again.again
      ? 'identical to the last byte; no privacy was lost and nothing was paid'
      : 'NOT identical',
  )

  teller.chapter('Somebody takes the yes back; it holds from the very next answer, and nothing visible changes')
  const next = questionOf(plot, plot.next)
  const before = expectAccepted(await quote(next, world))
  const after = await withdrawn(house, person, purpose, next)
  const unmoved = JSON.stringify(before.shown) === JSON.stringify(after.shown)
  teller.say(`${person} said no. Quote before and after: ${unmoved ? 'identical' : 'DIFFERENT'}`)
  const second = expectAccepted(await answer(next, {}, world))
  teller.say(
    `release ${second.release} was computed without ${person}; the answer before stays as it is, and so does what ${person} earned`,
  )

  teller.chapter('Anybody can check, offline, with the receipt and the public key of the log')
  const verdict = await verifyReceipt(first.receipt, house.logKey)
  for (const check of verdict.checks) teller.say(`${check.holds ? 'holds' : 'FAILS'}  ${check.words}`)
  const tampered = first.receipt.replace(/"pool":"(\d)/, (_, digit) => `"pool":"${(Number(digit) % 9) + 1}`)
  const caught = await verifyReceipt(tampered, house.logKey)
  teller.say(
    `after somebody changed one digit: ${
      caught.valid
        ? 'NOT FOUND'
        : `found (${caught.checks
            .filter((check) => !check.holds)
            .map((check) => check.name)
            .join(', ')})`
    }`,
  )
  const books = await world.books.check()
  teller.say(
    books.failures.length === 0
      ? `the four books agree (${books.entries} entries checked)`
      : `the books do NOT agree: ${books.failures.join('; ')}`,
  )
  if (!verdict.valid || caught.valid || books.failures.length > 0 || again.receipt !== first.receipt || !unmoved)
    throw new Error('the story does not hold')
}

/** Answer and truth side by side, a table for each output. */
function compare(teller: Teller, receipt: string, truth: PlotTruth): void {
  const { columns, rows } = answerIn(receipt)
  const [key] = columns
  for (const [at, column] of columns.entries()) {
    if (column.kind === 'group') continue
    teller.table(
      [key?.name ?? '', column.name, '95 %', '', ...truth.header],
      rows.map((row) => {
        const group = String(row[0]?.value)
        const cell = row[at]
        return [
          group,
          String(cell?.value),
          `${cell?.low} to ${cell?.high}`,
          cell?.word ?? '',
          ...truth.of(column.name, group),
        ]
      }),
    )
    const noise = rows.filter((row) => row[at]?.word === 'noise').length
    if (noise > 0)
      teller.say(
        `${column.name}: ${noise} of ${rows.length} groups are called noise: the error is more than half of the value`,
      )
  }
  for (const line of truth.words ?? []) teller.say(line)
}

const answerIn = (receipt: string): AnswerDocument =>
  (JSON.parse(receipt) as { readonly answer: AnswerDocument }).answer

const questionOf = ({ buyer, product, purpose }: Plot, sql: string, nano?: bigint): Question => ({
  buyer,
  product,
  purpose,
  sql,
  wish: nano === undefined ? undefined : { nano },
})

async function withdrawn(house: House, person: string, purpose: string, next: Question) {
  expectAccepted(
    await choose(house, {
      person,
      purpose,
      status: 'withdrawn',
      entity: 'person',
      evidence: { method: 'demo', reference: 'generated' },
    }),
  )
  return expectAccepted(await quote(next, house.world))
}

/** The first of the plot's people whose yes counts now. */
async function firstInForce(house: House, plot: Plot): Promise<string> {
  for (const person of plot.people) {
    const choices = await house.world.books.choices(person, house.world.clock.now())
    if (choices.ok && choices.value.standing.some((one) => one.purpose === plot.purpose && one.inForce)) return person
  }
  throw new Error('nobody in this story said yes')
}
