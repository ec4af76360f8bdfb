import { type Attack, counted } from './attack.ts'
import { percent } from './support/numbers.ts'
import { noisyOpen } from './support/twins.ts'
import type { AttackWorld } from './support/world.ts'

/** Ways to bring a person's own key, or something as unique, into a group key. */
const injections = (door: number): readonly string[] => [
  'person',
  "CONCAT(person, '')",
  'LEFT(person, 99)',
  "CASE WHEN person = 'p0000' THEN 'a' ELSE 'b' END",
  "POSITION('p' IN person)",
  'LENGTH(person)',
  `CONCAT(nickname, '|', job)`,
  `CONCAT(nickname, U&'\\200B')`,
  `REPLACE(nickname, 'a', 'á')`,
  `CASE WHEN door = ${door} THEN nickname ELSE 'others' END`,
  `CONCAT(nickname, nickname, nickname, nickname, nickname, nickname, nickname, nickname, nickname, nickname, nickname)`,
]

export const groupKeys: Attack = {
  name: 'group-keys',
  section: 'differential-privacy.md 9.2, group-key injection; 9.1, a person alone in a group',
  knows: 'that the target is alone in a group: a nickname that nobody else has',
  wants: 'to see that group: its name, or that it is there',
  async run(world) {
    await world.nextMonth()
    const broken: string[] = []
    const details: string[] = []
    const [target] = world.rows.people
    const buyer = await world.buyer('namer')
    let plainShown = 0
    let refused = 0
    for (const key of ['nickname', ...injections(target?.door as number)]) {
      const shown = (text: string) => text.includes(target?.nickname as string) || text.includes(world.target)
      const reply = await buyer.ask({
        sql: `SELECT ${key} AS key, COUNT(DISTINCT person) AS n FROM people GROUP BY 1`,
        rho: '0.002',
      })
      if (reply.status === 201) {
        const groups = (reply.json.answer.rows as { value: string | null }[][]).map(([one]) => String(one?.value))
        if (groups.some(shown)) broken.push(`GROUP BY ${key} shows a group of one person`)
        details.push(`${key}: ${groups.length} groups, none of one person`)
      } else {
        refused++
        // The question's own words may come back, the rows' never.
        if (reply.text.includes(target?.nickname as string)) broken.push(`the refusal of ${key} names a nickname`)
        details.push(`${key}: ${reply.json?.code}`)
      }
      const rows = await world.plain
        .ask(
          `SELECT ${key.replace("U&'\\200B'", 'chr(8203)')} AS key, COUNT(DISTINCT person) AS n FROM people GROUP BY 1`,
        )
        .catch(() => [])
      if (rows.some(([name, n]) => n === '1' || shown(String(name)))) plainShown++
    }
    details.push(...(await appearances(world, broken)))
    return counted(
      {
        number: plainShown,
        words: `plain SQL showed groups of one person in ${plainShown} of ${1 + injections(0).length} ways`,
      },
      broken,
      `no group of one person in any of them (${refused} refused, the others thresholded)`,
      details,
    )
  },
}

/** The chance that the group of one appears: not above delta, counted at a threshold that is made low enough to be counted at all. */
async function appearances(world: AttackWorld, broken: string[]): Promise<readonly string[]> {
  const sql = 'SELECT nickname, COUNT(DISTINCT person) AS n FROM people GROUP BY nickname'
  const exact = await world.twins.present.exact(sql, 5_000_000n).catch(() => undefined)
  const selection = exact?.plan.selection
  if (!exact || !selection) return ['open groups are refused, so none of one person can appear']
  const repeats = world.long ? 100_000 : 3_000
  const count = (one: typeof exact) => {
    let seen = 0
    for (let nth = 0; nth < repeats; nth++)
      if (noisyOpen(one).some(({ keys }) => keys[0] === world.rows.people[0]?.nickname)) seen++
    return seen
  }
  const sold = count(exact)
  if (sold > 0) broken.push(`the group of one appeared in ${sold} of ${repeats} releases, delta is 10^-9`)
  // The law of the count at a threshold where it can be measured: one person and noise of the plan's sigma, at 1 + 2.33 sigma, about one in a hundred.
  const sigma2 = exact.plan.channels[selection.channel]?.sigma2 as { n: bigint; d: bigint }
  const sigma = Math.sqrt(Number(sigma2.n) / Number(sigma2.d))
  const low = count({
    ...exact,
    plan: { ...exact.plan, selection: { ...selection, threshold: BigInt(Math.ceil(1 + 2.33 * sigma)) } },
  })
  const expected = 0.0105
  if (low / repeats > expected + 4 * Math.sqrt(expected / repeats))
    broken.push(`at one in a hundred it appeared in ${percent(low / repeats)}`)
  return [
    `the group of one at the threshold that is sold (${selection.threshold} people): in ${sold} of ${repeats} releases`,
    `at a threshold lowered to one in a hundred: in ${percent(low / repeats, 2)}, so the noise that decides is the promised one`,
  ]
}
