import { assert } from '../base/assert.ts'
import { dayOf } from '../base/instant.ts'
import { decimalText } from '../base/rational.ts'
import { expectAccepted } from '../base/refusal.ts'
import { findColumn, findTable } from '../contract/catalogue.ts'
import { choose } from '../house/choices.ts'
import type { House } from '../house/house.ts'
import { amountText, payText, rhoText } from '../money/amount.ts'
import { answer } from '../release/answer.ts'
import type { AnswerDocument } from '../release/document.ts'
import { quote } from '../release/quote.ts'
import type { Question } from '../release/world.ts'
import { verifyReceipt } from '../verify/index.ts'
import type { Built } from './build.ts'
import { type Truth, truthOf } from './truth.ts'

/** One line of the story; the terminal decides how it looks. */
export interface Teller {
  chapter(title: string): void
  say(line: string): void
  table(header: readonly string[], rows: readonly (readonly string[])[]): void
}

const brand = 'brightoat'
const purpose = 'product-statistics'
const from = 'FROM basket_lines JOIN members USING (member_id) JOIN products USING (product_id)'
const buyersSql = `-- How many members buy something of Brightoat, by region?
SELECT region, COUNT(DISTINCT member_id) AS buyers
${from} WHERE brand = 'brightoat' GROUP BY region`
const spendSql = `-- What do members spend, by region?
SELECT region, SUM(spend_eur) AS spend
${from} GROUP BY region`
const teaSql = `-- How many members buy hot drinks, by region?
SELECT region, COUNT(DISTINCT member_id) AS tea_buyers
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
  const today = dayOf(world.clock.now())
  const boundCents = await spendBound(house)
  const buyers = await truthOf(built.world, { brand, purpose, today, boundCents })
  compare(teller, first.receipt, [['true', (region) => String(buyers.buyers[region]?.optedIn ?? 0)]])
  teller.say(spendSql)
  const spend = expectAccepted(await answer({ ...question, sql: spendSql, wish: { nano: 5_000_000n } }, {}, world))
  const truth = await truthOf(built.world, { brand: undefined, purpose, today, boundCents })
  const euros = (cents: bigint | undefined) => decimalText(cents ?? 0n, 2)
  compare(teller, spend.receipt, [
    ['true, bounded', (region) => euros(truth.cents[region]?.bounded)],
    ['true', (region) => euros(truth.cents[region]?.optedIn)],
  ])
  teller.say(
    '"true" counts the people who said yes, from the files of this world; with real people nobody could print it.',
  )
  for (const line of costOfBounding(truth, boundCents, shown.currency)) teller.say(line)

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

/** The most that one member adds to a sum of spending, in cents: from the contract. */
async function spendBound({ world }: House): Promise<bigint> {
  const contract = (await world.books.contracts()).find((entry) => entry.product === 'baskets')
  const table = contract && findTable(world.catalogue(contract), 'basket_lines')
  const bound = table && findColumn(table, 'spend_eur')?.maxSumPerPerson
  assert(bound, 'the contract bounds what one member adds')
  return bound
}

/** The 95 % interval speaks of noise around the bounded sum; what bounding takes away stands beside it. */
function costOfBounding(truth: Truth, boundCents: bigint, currency: string): readonly string[] {
  const sums = Object.values(truth.cents)
  const whole = sums.reduce((sum, one) => sum + one.optedIn, 0n)
  const bounded = sums.reduce((sum, one) => sum + one.bounded, 0n)
  const perMille = whole === 0n ? 0n : ((whole - bounded) * 1000n + whole / 2n) / whole
  return [
    `"true" is unbounded. In an answer one member adds at most ${decimalText(boundCents, 2)} ${currency} ("true, bounded"), and the 95 % is of the noise around that.`,
    `Bounding cost a bias of ${decimalText(perMille, 1)} % too little: ${decimalText(whole - bounded, 2)} of ${decimalText(whole, 2)} ${currency}, all of it from the few who buy most.`,
    'A higher bound would mean less bias and more noise; the contract says which, before anybody asks.',
  ]
}

/** Answer and truth side by side. */
function compare(
  teller: Teller,
  receipt: string,
  truths: readonly (readonly [title: string, of: (region: string) => string])[],
): void {
  const { columns, rows } = answerIn(receipt)
  teller.table(
    ['region', columns[1]?.name ?? '', '95 %', '', ...truths.map(([title]) => title)],
    rows.map(([region, value]) => [
      String(region?.value),
      String(value?.value),
      `${value?.low} to ${value?.high}`,
      value?.word ?? '',
      ...truths.map(([, of]) => of(String(region?.value))),
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
