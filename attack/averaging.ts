import type { Attack } from './attack.ts'
import { numberIn } from './support/door.ts'
import { type Dice, deviation, mean, percent } from './support/numbers.ts'
import { noisy } from './support/twins.ts'

/** What ordinary releases may take in 30 days: 0.05 less the house's own share, 0.003. */
const window = 47_000_000n

export const averaging: Attack = {
  name: 'averaging',
  section: 'differential-privacy.md 9.2, repeated query averaging; semantically equal questions',
  knows: 'that noise averages out',
  wants: 'an exact count: by asking the same again, by asking the same in other words, from two accounts',
  async run(world) {
    await world.nextMonth()
    const doors = [await world.buyer('ave'), await world.buyer('bea')]
    const sql = (nth: number) => `SELECT COUNT(DISTINCT person) AS n FROM people WHERE door >= ${-nth}`
    const nano = world.long ? 500_000n : 4_000_000n
    const rho = world.long ? '0.0005' : '0.004'

    const asked = world.long ? 200 : 10
    const same = new Set<string>()
    const before = await moneyOf(world, 'ave')
    for (let nth = 0; nth < asked; nth++) same.add((await doors[0]?.ask({ sql: sql(1), rho }))?.text ?? '')
    const [first] = same
    const price = BigInt(JSON.parse(first as string).answer.price)
    const paidOnce = before - (await moneyOf(world, 'ave')) === price

    const values = [Number(JSON.parse(first as string).answer.rows[0][0].value)]
    let refused = ''
    // Each has another literal, so that it is another question; the rows are the same.
    for (let nth = 2; refused === '' && nth < 200; nth++) {
      const reply = await (doors[nth % 2] as (typeof doors)[0]).ask({ sql: sql(nth), rho })
      if (reply.status === 201) values.push(numberIn(reply))
      else refused = reply.json?.code ?? `${reply.status}`
    }
    const most = Number(window / nano)
    const sigma = Math.sqrt(1e9 / (2 * Number(nano)))
    const least = sigma / Math.sqrt(most)

    const averages = world.long ? 4000 : 400
    const exact = await world.twins.present.exact(sql(1), nano)
    const errors = Array.from({ length: averages }, () =>
      mean(Array.from({ length: most }, () => Number(noisy(exact)[0]?.[0]))),
    )
    const spread = deviation(errors)

    const truth = await world.plain.number(sql(1))
    const naive = naiveRights(world.dice('averaging'), truth, 10_000, 20)
    const held =
      same.size === 1 &&
      paidOnce &&
      values.length <= most &&
      refused === 'privacy.budget_used_up' &&
      spread >= least * (1 - 4 / Math.sqrt(2 * averages))
    return {
      unprotected: {
        number: naive,
        words: `without memo and ledger, 10,000 answers with Laplace noise of scale 10 (epsilon 0.1 each), averaged and rounded, are the exact count in ${percent(naive, 0)} of runs`,
      },
      here: {
        number: spread,
        words: `the same question ${asked} times: ${same.size} answer, paid ${paidOnce ? 'once' : 'NOT ONCE'}; in other words from two accounts: ${values.length} answers, then ${refused}; their average errs by ${spread.toFixed(2)} people (one standard deviation)`,
      },
      limit: {
        number: least,
        words: `at most ${most} answers, so an average errs by at least ${least.toFixed(2)} people`,
      },
      held,
      details: [
        `the average of the ${values.length} bought answers was ${mean(values).toFixed(1)}, the truth ${truth}`,
      ],
    }
  },
}

const moneyOf = async (world: Parameters<Attack['run']>[0], id: string): Promise<bigint> =>
  (await world.house.world.books.buyers()).find((one) => one.id === id)?.prepaid ?? 0n

/** How often the rounded average of fresh float noise on the true count is the truth: a system that noises each answer and keeps no account. */
function naiveRights(dice: Dice, truth: number, answers: number, runs: number): number {
  const answered = () => truth + dice.laplace(10)
  const right = Array.from(
    { length: runs },
    () => Math.round(mean(Array.from({ length: answers }, answered))) === truth,
  )
  return right.filter(Boolean).length / runs
}
