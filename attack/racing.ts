import { type Attack, counted } from './attack.ts'
import type { Door, Reply } from './support/door.ts'
import type { AttackWorld } from './support/world.ts'

const accounts = 8
const sessions = 64
const rho = '0.0025'
const nano = 2_500_000n
/** What ordinary releases may take in 30 days: 0.05 less the house's own share, 0.003. */
const window = 47_000_000n
const most = Number(window / nano)

export const racing: Attack = {
  name: 'racing',
  section: 'differential-privacy.md 9.2, concurrency; 4.1 condition 2',
  knows: 'that a check and a charge are two steps in many systems',
  wants: 'more answers than the limit sells, or than the money pays, by 64 sessions of 8 accounts in the same instant',
  async run(world) {
    const broken: string[] = []
    const details: string[] = []
    await world.nextMonth()
    const doors = await doorsOf(world)
    const spentBefore = await spentOf(world)
    const moneyBefore = await prepaid(world)
    const replies = await Promise.all(
      doors.map((door, nth) =>
        door.ask({ sql: `SELECT COUNT(DISTINCT person) AS n FROM people WHERE door >= ${-1000 - nth}`, rho }),
      ),
    )
    const sold = replies.filter(({ status }) => status === 201)
    check(broken, sold.length === most, `${sold.length} answers were sold instead of ${most}`)
    for (const reply of replies)
      if (reply.status !== 201)
        check(broken, reply.json?.code === 'privacy.budget_used_up', `a session was told ${reply.text}`)
    const lost = (await spentOf(world)) - spentBefore
    check(broken, lost === nano * BigInt(sold.length), `people lost ${lost} nano-rho for ${sold.length} answers`)
    check(broken, lost <= window, `people lost ${lost}, more than their limit`)
    const paid = moneyBefore - (await prepaid(world))
    check(broken, paid === total(sold), `${paid} was paid for answers of ${total(sold)}`)
    details.push(
      `${sessions} sessions at once: ${sold.length} answers, ${sessions - sold.length} refusals; ${paid} micro-units paid`,
    )

    await world.nextMonth()
    await sameQuestion(world, doors, broken, details)
    await moneyForOne(world, broken, details)
    const books = await world.house.world.books.check()
    check(broken, books.failures.length === 0, `the books: ${books.failures.join('; ')}`)
    details.push(
      `afterwards every book was folded again from ${books.entries} entries: ${books.failures.length} failures`,
    )
    const naive = await checkThenAct()
    return counted(
      { number: naive, words: `a ledger that checks, computes, then writes sold ${naive} answers instead of ${most}` },
      broken,
      `${sold.length} of ${sessions} sold, which is the limit; money, charges and books agree (${broken.length} rules broken)`,
      details,
    )
  },
}

/** The same question in one instant: by one buyer it is one answer and one charge, whichever session asked. */
async function sameQuestion(world: AttackWorld, doors: readonly Door[], broken: string[], details: string[]) {
  const spentBefore = await spentOf(world)
  const sql = 'SELECT COUNT(DISTINCT person) AS n FROM people WHERE door >= -5'
  const replies = await Promise.all(doors.map((door, nth) => door.ask({ sql, rho, key: `key-${nth % accounts}` })))
  const texts = new Set(replies.map(({ text }) => text))
  const fresh = replies.filter(({ status }) => status === 201).length
  check(
    broken,
    texts.size === accounts && fresh === accounts,
    `${texts.size} texts and ${fresh} releases for ${accounts} buyers`,
  )
  const lost = (await spentOf(world)) - spentBefore
  check(broken, lost === nano * BigInt(accounts), `people lost ${lost} nano-rho for ${accounts} answers`)
  details.push(
    `the same question from ${sessions} sessions: ${texts.size} different answers, one for each account, each charged once`,
  )
}

/** An account whose money is enough for one answer. */
async function moneyForOne(world: AttackWorld, broken: string[], details: string[]) {
  const asker = await world.buyer('rich')
  const ask = (door: Door, nth: number) =>
    door.ask({ sql: `SELECT COUNT(DISTINCT person) AS n FROM people WHERE door >= ${-2000 - nth}`, rho })
  const price = total([await ask(asker, 0)])
  const poor: Door[] = []
  for (let nth = 0; nth < 16; nth++) poor.push(await world.buyer('poor', price + price / 2n))
  const replies = await Promise.all(poor.map((door, nth) => ask(door, nth)))
  const sold = replies.filter(({ status }) => status === 201).length
  check(broken, sold === 1, `${sold} answers for the money of one`)
  details.push(`16 sessions of an account with money for one answer: ${sold} sold`)
}

async function doorsOf(world: AttackWorld): Promise<readonly Door[]> {
  const doors: Door[] = []
  for (let nth = 0; nth < sessions; nth++) doors.push(await world.buyer(`racer-${nth % accounts}`))
  return doors
}

const check = (broken: string[], holds: boolean, words: string): void => {
  if (!holds) broken.push(words)
}
const total = (replies: readonly Reply[]): bigint =>
  replies.reduce((sum, { json }) => sum + BigInt(json?.answer?.price ?? 0), 0n)

/** What a person who is in every answer has lost so far. */
async function spentOf({ house, rows }: AttackWorld): Promise<bigint> {
  const person = rows.people[1]?.key as string
  const statement = await house.world.books.statement(person, house.world.clock.now())
  return statement.ok
    ? statement.value.releases.filter((one) => one.buyer !== 'house').reduce((sum, one) => sum + one.nano, 0n)
    : -1n
}

const prepaid = async ({ house }: AttackWorld): Promise<bigint> =>
  (await house.world.books.buyers()).reduce((sum, one) => sum + one.prepaid, 0n)

/** The obvious ledger: is there room? compute; write it down. Sixty-four at once. */
async function checkThenAct(): Promise<number> {
  let spent = 0n
  let sold = 0
  const release = async () => {
    if (spent + nano > window) return
    await new Promise((done) => setTimeout(done, 1))
    spent += nano
    sold++
  }
  await Promise.all(Array.from({ length: sessions }, release))
  return sold
}
