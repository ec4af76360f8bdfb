import type { Attack } from './attack.ts'
import { accuracyOf, bestAccuracy, muOf, percent } from './support/numbers.ts'
import { type Exact, noisy } from './support/twins.ts'
import type { AttackWorld } from './support/world.ts'

/** One question about everybody and the same without the one whom it is about. */
interface Pair {
  readonly words: string
  readonly all: string
  readonly others: string
  /** What the difference is if the target is in: half of it is where the attacker draws the line. */
  readonly worth: number
}

const pairsOf = ({ rows }: AttackWorld): readonly Pair[] => {
  const [target] = rows.people
  const without = (condition: string) => `NOT (${condition})`
  const count = (where: string) => `SELECT COUNT(DISTINCT person) AS n FROM people${where}`
  const sum = (where: string) => `SELECT SUM(spent) AS s FROM visits JOIN people USING (person)${where}`
  const pair = (words: string, condition: string, of = count, worth = 1): Pair => ({
    words,
    all: of(''),
    others: of(` WHERE ${without(condition)}`),
    worth,
  })
  return [
    pair('everybody, and everybody but the one behind that door', `door = ${target?.door}`),
    pair('… but the one of that job', `job = 'judge'`),
    pair('… but the one born then, in that area', `born = DATE '${target?.born}' AND area = '${target?.area}'`),
    {
      words: 'those who owe, and those who owe but live behind another door',
      all: count(' WHERE owes'),
      others: count(` WHERE owes AND door <> ${target?.door}`),
      worth: 1,
    },
    pair('all spending, and all but that of the one behind that door', `door = ${target?.door}`, sum, 200),
  ]
}

const nano = 5_000_000n
const rho = 0.005

export const differencing: Attack = {
  name: 'differencing',
  section: 'differential-privacy.md 9.2, differencing',
  knows: 'every row of everybody else, and what makes the target unique: door, job, day of birth',
  wants: 'whether the target is in the data, from a question about all and the same question without the target',
  async run(world) {
    const repeats = world.long ? 50_000 : 4_000
    const pairs = pairsOf(world)
    let plainRight = 0
    const details: string[] = []
    let worst = { accuracy: 0, standardError: 0 }
    for (const pair of pairs) {
      const [within, absent] = [
        await plainDifference(world, pair, []),
        await plainDifference(world, pair, [world.target]),
      ]
      if (within !== 0 && absent === 0) plainRight++
      const scores = {
        present: await differences(world.twins.present, pair, repeats),
        absent: await differences(world.twins.absent, pair, repeats),
      }
      const found = accuracyOf(scores.present, scores.absent, pair.worth / 2)
      if (found.accuracy > worst.accuracy) worst = found
      details.push(`${pair.words}: right in ${percent(found.accuracy)} of ${2 * repeats} worlds`)
    }
    const best = bestAccuracy(muOf(2 * rho))
    return {
      unprotected: {
        number: plainRight / pairs.length,
        words: `plain SQL told both worlds apart in ${plainRight} of ${pairs.length} ways, each time for certain`,
      },
      here: {
        number: worst.accuracy,
        words: `${percent(worst.accuracy)} right at most, both answers at the largest rho that is sold (${rho}); guessing is 50 %`,
      },
      limit: {
        number: best,
        words: `${percent(best)}: nobody can do better against rho ${2 * rho} (and 4 standard errors of the measurement)`,
      },
      held: worst.accuracy <= best + 4 * worst.standardError,
      details,
    }
  },
}

const plainDifference = async ({ plain }: AttackWorld, { all, others }: Pair, without: readonly string[]) =>
  (await plain.number(all, without)) - (await plain.number(others, without))

async function differences(side: AttackWorld['twins']['present'], pair: Pair, repeats: number): Promise<number[]> {
  const [all, others] = [await side.exact(pair.all, nano), await side.exact(pair.others, nano)]
  return Array.from({ length: repeats }, () => first(all) - first(others))
}

/** The one number of a question, in units of its output. */
function first(exact: Exact): number {
  const { scale } = exact.query.measures[0] as { readonly scale: number }
  return Number(noisy(exact)[0]?.[0] ?? 0n) / 10 ** scale
}
