import { dayOf } from '../base/instant.ts'
import { decimalText } from '../base/rational.ts'
import { expectAccepted } from '../base/refusal.ts'
import { choose } from '../house/choices.ts'
import type { House } from '../house/house.ts'
import { amountText, payText, rhoText } from '../money/amount.ts'
import { answer } from '../release/answer.ts'
import type { AnswerDocument } from '../release/document.ts'
import { quote } from '../release/quote.ts'
import type { Question } from '../release/world.ts'
import { verifyReceipt } from '../verify/index.ts'
import type { Built } from './build.ts'
import { truthOf } from './truth.ts'

/** One line of the story; the terminal decides how it looks. */
export interface Teller {
  chapter(title: string): void
  say(line: string): void
  table(header: readonly string[], rows: readonly (readonly string[])[]): void
}

const brand = 'brightoat'
const purpose = 'product-statistics'
const from = 'FROM basket_lines JOIN members USING (member_id) JOIN products USING (product_id)'
const buyersSql = `SELECT region, COUNT(DISTINCT member_id) AS buyers
${from} WHERE brand = 'brightoat' GROUP BY region`
const spendSql = `SELECT region, SUM(spend_eur) AS spend ${from} GROUP BY region`
const teaSql = `SELECT region, COUNT(DISTINCT member_id) AS tea_buyers
${from} WHERE category = 'hot drinks' GROUP BY region`

/** The whole story on the made-up world: quote, answer beside the truth, pay, the same question again, a withdrawal, proof and tampering. */
export async function tellStory(house: House, built: Built, teller: Teller): Promise<void> {
  const { world } = house
  const question: Question = { buyer: brand, product: 'baskets', purpose, sql: buyersSql, wish: undefined }

  teller.chapter('A supplier asks; the price and the error come first, from public facts')
  teller.say(buyersSql)
  const quoted = expectAccepted(await quote(question, world))
  const { shown } = quoted
  teller.say(
    `${shown.price} ${shown.currency}, of which ${shown.people.share} to the people; privacy rho ${shown.privacy.rho} (epsilon ${shown.privacy.epsilon})`,
  )
  for (const one of shown.accuracy)
    if (typeof one.halfWidth95 === 'string')
      teller.say(`${one.output}: ±${one.halfWidth95} with 95 % certainty, ${one.words}`)

  teller.chapter('The answer, beside what is true of this made-up world')
  const first = expectAccepted(await answer(question, { quoteId: quoted.id }, world))
  const buyers = await truthOf(built.world, brand, purpose, dayOf(world.clock.now()))
  compare(teller, first.receipt, (region) => String(buyers.buyers[region]?.optedIn ?? 0))
  teller.say(spendSql)
  const spend = expectAccepted(await answer({ ...question, sql: spendSql, wish: { nano: 5_000_000n } }, {}, world))
  const euros = await truthOf(built.world, undefined, purpose, dayOf(world.clock.now()))
  compare(teller, spend.receipt, (region) => decimalText(euros.cents[region]?.optedIn ?? 0n, 2))
  teller.say(
    '"true" counts the people who said yes, from the files of this world; with real people nobody could print it.',
  )

  teller.chapter('The people in it are paid, all the same, whatever they bought')
  const [member = ''] = await membersInForce(house, 1)
  const statement = expectAccepted(await world.books.statement(member, world.clock.now()))
  for (const one of statement.releases)
    teller.say(
      `${member}: ${payText(one.earned)} ${shown.currency} for ${one.buyer === 'house' ? 'being counted' : `an answer to ${one.buyer}`}, privacy rho ${rhoText(one.nano)}`,
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
  const next: Question = { ...question, sql: teaSql }
  const before = expectAccepted(await quote(next, world))
  const after = await withdrawn(house, member, next)
  teller.say(
    `${member} said no. Quote before and after: ${JSON.stringify(before.shown) === JSON.stringify(after.shown) ? 'identical' : 'DIFFERENT'}`,
  )
  const second = expectAccepted(await answer(next, {}, world))
  teller.say(
    `release ${second.release} was computed without ${member}; the answer before stays as it is, and so does what ${member} earned`,
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
  if (!verdict.valid || caught.valid || books.failures.length > 0 || again.receipt !== first.receipt)
    throw new Error('the story does not hold')
}

/** Answer and truth side by side. */
function compare(teller: Teller, receipt: string, truth: (region: string) => string): void {
  const { columns, rows } = answerIn(receipt)
  teller.table(
    ['region', columns[1]?.name ?? '', '95 %', '', 'true'],
    rows.map(([region, value]) => [
      String(region?.value),
      String(value?.value),
      `${value?.low} to ${value?.high}`,
      value?.word ?? '',
      truth(String(region?.value)),
    ]),
  )
}

const answerIn = (receipt: string): AnswerDocument =>
  (JSON.parse(receipt) as { readonly answer: AnswerDocument }).answer

async function withdrawn(house: House, member: string, next: Question) {
  expectAccepted(
    await choose(house, {
      person: member,
      purpose,
      status: 'withdrawn',
      entity: 'person',
      evidence: { method: 'demo', reference: 'generated' },
    }),
  )
  return expectAccepted(await quote(next, house.world))
}

/** The first members whose yes counts now. */
async function membersInForce(house: House, count: number): Promise<readonly string[]> {
  const found: string[] = []
  for (let number = 1; found.length < count && number < 1000; number++) {
    const key = `M${String(number).padStart(5, '0')}`
    const choices = await house.world.books.choices(key, house.world.clock.now())
    if (choices.ok && choices.value.standing.some((one) => one.purpose === purpose && one.inForce)) found.push(key)
  }
  return found
}
