import type { Attack } from './attack.ts'
import { accuracyOf, bestAccuracy, bestTruePositive, mean, muOf, percent } from './support/numbers.ts'
import { type Exact, noisy } from './support/twins.ts'
import type { AttackWorld } from './support/world.ts'

const nano = 5_000_000n
const rho = 0.005

/** Marginals that together say much of one person: each cell that the target is in moves by the target. */
const marginals = [
  'SELECT area, COUNT(DISTINCT person) AS n FROM people GROUP BY area',
  'SELECT job, COUNT(DISTINCT person) AS n FROM people GROUP BY job',
  'SELECT owes, COUNT(DISTINCT person) AS n FROM people GROUP BY owes',
  'SELECT area, job, COUNT(DISTINCT person) AS n FROM people GROUP BY area, job',
  'SELECT job, owes, COUNT(DISTINCT person) AS n FROM people GROUP BY job, owes',
  'SELECT area, SUM(spent) AS s FROM visits JOIN people USING (person) GROUP BY area',
  'SELECT job, COUNT(*) AS n FROM visits JOIN people USING (person) GROUP BY job',
  'SELECT AVG(spent) AS a FROM visits',
  'SELECT area, VAR_POP(spent) AS v FROM visits JOIN people USING (person) GROUP BY area',
]

export const membership: Attack = {
  name: 'membership',
  section: 'differential-privacy.md 9.1 (likelihood ratio, shadow models); 9.2, model inversion by many top-ups',
  knows: 'every row of everybody else, the target’s own row, the law of the noise',
  wants:
    'whether the target is in, from one answer or from all the marginals that 30 days sell, by the best test there is',
  async run(world) {
    const repeats = world.long ? 20_000 : 1_500
    const details: string[] = []
    const one = await likelihood(world, [marginals[2] as string], repeats)
    details.push(told('one count by group', one, rho, repeats))
    const all = await likelihood(world, marginals, repeats)
    const total = rho * marginals.length
    details.push(told(`${marginals.length} marginals`, all, total, repeats))
    const shadow = await shadowModels(world, repeats)
    details.push(told('shadow models that are trained on simulated worlds, without the law', shadow, total, repeats))
    const excess = (found: Found, loss: number) => found.accuracy - 4 * found.standardError - bestAccuracy(muOf(loss))
    const rateExcess = (found: Found, loss: number) =>
      found.truePositive -
      bestTruePositive(Math.min(1, found.falsePositive + 4 * found.standardError), muOf(loss)) -
      4 * found.standardError
    const held = [
      [one, rho],
      [all, total],
      [shadow, total],
    ].every(
      ([found, loss]) => excess(found as Found, loss as number) <= 0 && rateExcess(found as Found, loss as number) <= 0,
    )
    const plain = await plainTells(world)
    return {
      unprotected: {
        number: plain / marginals.length,
        words: `${plain} of ${marginals.length} exact marginals alone tell for certain whether the target is in`,
      },
      here: {
        number: Math.max(all.accuracy, shadow.accuracy),
        words: `the likelihood ratio over ${marginals.length} marginals at the largest rho that is sold is right in ${percent(all.accuracy)} of ${2 * repeats} worlds, shadow models in ${percent(shadow.accuracy)}`,
      },
      limit: {
        number: bestAccuracy(muOf(total)),
        words: `${percent(bestAccuracy(muOf(total)))}: nobody can do better against rho ${total.toFixed(3)} (mu ${muOf(total).toFixed(3)}); nor above the curve of true against false positives`,
      },
      held,
      details,
    }
  },
}

type Found = ReturnType<typeof accuracyOf>

const told = (what: string, found: Found, loss: number, repeats: number): string =>
  `${what}: true positives ${percent(found.truePositive)} at false positives ${percent(found.falsePositive)} (the curve allows ${percent(bestTruePositive(found.falsePositive, muOf(loss)))}), right in ${percent(found.accuracy)} of ${2 * repeats}`

/** Everything in units of each channel's own noise, so that the law is that of independent standard normals around the exact numbers. */
const flat = (exact: Exact): number[] => {
  const sigmas = exact.plan.channels.flatMap(({ sigma2, width = 1 }) =>
    Array.from({ length: width }, () => Math.sqrt(Number(sigma2.n) / Number(sigma2.d))),
  )
  return noisy(exact).flatMap((values) => values.map((value, channel) => Number(value) / (sigmas[channel] as number)))
}

/**
 * The attacker knows the others, so the exact numbers of both worlds; here they are had by averaging so much noise away that what is left is nothing.
 * The statistic is the likelihood ratio: the answers along the difference of the two.
 */
async function likelihood(world: AttackWorld, questions: readonly string[], repeats: number): Promise<Found> {
  const present = await all(world, 'present', questions)
  const absent = await all(world, 'absent', questions)
  const [with1, without] = [centreOf(present), centreOf(absent)]
  const direction = with1.map((value, at) => value - (without[at] as number))
  const project = (point: readonly number[]) =>
    point.reduce((sum, value, at) => sum + value * (direction[at] as number), 0)
  const line = (project(with1) + project(without)) / 2
  const draws = (side: readonly Exact[]) => Array.from({ length: repeats }, () => project(side.flatMap(flat)))
  return accuracyOf(draws(present), draws(absent), line)
}

/** The exact numbers in units of the noise, from the house's own statement with noise of almost nothing. */
const centreOf = (side: readonly Exact[]): number[] =>
  side.flatMap((exact) => {
    const tiny = {
      ...exact.plan,
      channels: exact.plan.channels.map((one) => ({ ...one, sigma2: { n: 1n, d: 10_000n } })),
    }
    const exactly = noisy({ ...exact, plan: tiny })
    const sigmas = exact.plan.channels.flatMap(({ sigma2, width = 1 }) =>
      Array.from({ length: width }, () => Math.sqrt(Number(sigma2.n) / Number(sigma2.d))),
    )
    return exactly.flatMap((values) => values.map((value, channel) => Number(value) / (sigmas[channel] as number)))
  })

const all = (world: AttackWorld, side: 'present' | 'absent', questions: readonly string[]): Promise<readonly Exact[]> =>
  Promise.all(questions.map((sql) => world.twins[side].exact(sql, nano)))

/** Knows no law: sees labelled releases of simulated worlds, takes the difference of their means as weights, is then tested on fresh ones. */
async function shadowModels(world: AttackWorld, repeats: number): Promise<Found> {
  const [present, absent] = [await all(world, 'present', marginals), await all(world, 'absent', marginals)]
  const draws = (side: readonly Exact[], count: number) => Array.from({ length: count }, () => side.flatMap(flat))
  const [in1, out] = [draws(present, repeats), draws(absent, repeats)]
  const means = (points: readonly number[][]) =>
    (points[0] ?? []).map((_, at) => mean(points.map((one) => one[at] as number)))
  const [inMean, outMean] = [means(in1), means(out)]
  const weights = inMean.map((value, at) => value - (outMean[at] as number))
  const score = (point: readonly number[]) => point.reduce((sum, value, at) => sum + value * (weights[at] as number), 0)
  const line = (score(inMean) + score(outMean)) / 2
  return accuracyOf(draws(present, repeats).map(score), draws(absent, repeats).map(score), line)
}

async function plainTells(world: AttackWorld): Promise<number> {
  let tells = 0
  for (const sql of marginals) {
    const rows = async (without: readonly string[]) => JSON.stringify([...(await world.plain.ask(sql, without))].sort())
    if ((await rows([])) !== (await rows([world.target]))) tells++
  }
  return tells
}
