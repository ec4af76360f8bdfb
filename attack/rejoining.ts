import { expectAccepted } from '../src/base/refusal.ts'
import { type Attack, counted } from './attack.ts'
import { comeBack, leave } from './support/choices.ts'
import type { AttackWorld } from './support/world.ts'

export const rejoining: Attack = {
  name: 'rejoining',
  section: 'differential-privacy.md 4.1 condition 3; money.md: leaving and coming back',
  knows: 'that some systems begin anew with whoever comes anew',
  wants: 'more pay, or a fresh limit, by leaving and coming back again and again',
  async run(world) {
    const broken: string[] = []
    const stayed = world.rows.people[1]?.key as string
    const buyer = await world.buyer('payer')
    const [mine, theirs] = [await standing(world, world.target), await standing(world, stayed)]
    const rounds = world.long ? 6 : 2
    let asked = 0
    await world.nextMonth()
    for (let round = 0; round < rounds; round++) {
      for (const act of [leave, comeBack, leave, comeBack]) {
        await act(world)
        const sql = `SELECT COUNT(DISTINCT person) AS n FROM people WHERE door >= ${-3000 - asked++}`
        const reply = await buyer.ask({ sql, rho: '0.0005' })
        if (reply.status !== 201) broken.push(`a question was refused: ${reply.text}`)
      }
      await world.nextMonth()
    }
    const reply = await buyer.ask({
      sql: 'SELECT COUNT(DISTINCT person) AS n FROM people WHERE door >= -9999',
      rho: '0.0005',
    })
    if (reply.status !== 201) broken.push('the last question was refused')
    const [now, others] = [await standing(world, world.target), await standing(world, stayed)]
    const earned = now.earned - mine.earned
    const steady = others.earned - theirs.earned
    if (earned > steady) broken.push(`the one who came and went earned ${earned}, the one who stayed ${steady}`)
    if (now.spent < mine.spent) broken.push('what was lost was forgotten by coming back')
    // Paid for exactly what was lost: the same rate for everybody.
    if (earned * (others.spent - theirs.spent) !== steady * (now.spent - mine.spent))
      broken.push('pay does not follow loss')
    const books = await world.house.world.books.check()
    if (books.failures.length > 0) broken.push(...books.failures)
    return counted(
      {
        number: naive(rounds * 4),
        words: `where a new consent is a new account, the limit of 94 answers became ${naive(rounds * 4)} in ${rounds * 2} rounds of leaving and coming back`,
      },
      broken,
      `after ${rounds * 2} rounds the one who came and went earned ${earned} pico-units, the one who stayed ${steady}; losses are kept, pay follows them exactly`,
      [`nano-rho lost meanwhile: ${now.spent - mine.spent} and ${others.spent - theirs.spent}`],
    )
  },
}

async function standing({ house }: AttackWorld, person: string) {
  const statement = expectAccepted(await house.world.books.statement(person, house.world.clock.now()))
  // Of house releases too: head counts are charged and paid like any other.
  return {
    earned: statement.earned,
    spent: statement.releases.reduce((sum, one) => sum + one.nano, 0n),
  }
}

/** A limit that is kept with the consent: each coming back has all of it. */
function naive(acts: number): number {
  let sold = 0
  for (let act = 0; act <= acts; act += 2) for (let spent = 0; spent + 500_000 <= 47_000_000; spent += 500_000) sold++
  return sold
}
