import { type Attack, counted } from './attack.ts'
import { formOf } from './errors.ts'
import { comeBack, leave } from './support/choices.ts'
import type { Door, Reply } from './support/door.ts'
import { accuracyOf, bestAccuracy, muOf, percent } from './support/numbers.ts'
import { noisy } from './support/twins.ts'
import type { AttackWorld } from './support/world.ts'

/** Questions in which the target alone makes a group, a missing key, or the only row. */
const questions = [
  'SELECT job, COUNT(DISTINCT person) AS n FROM people GROUP BY job',
  'SELECT day IS NULL AS missing, COUNT(*) AS n FROM visits GROUP BY 1',
  'SELECT EXTRACT(month FROM day) AS m, COUNT(*) AS n FROM visits GROUP BY 1',
  "SELECT area, SUM(spent) AS s FROM visits JOIN people USING (person) WHERE job = 'judge' GROUP BY area",
  "SELECT AVG(spent) AS a, MEDIAN(spent) AS m FROM visits JOIN people USING (person) WHERE job = 'judge'",
  'SELECT job, area, COUNT(*) AS n FROM people WHERE owes GROUP BY job, area',
]
const sorted = 'SELECT job, COUNT(DISTINCT person) AS n FROM people GROUP BY job ORDER BY n DESC'

export const order: Attack = {
  name: 'order',
  section: 'differential-privacy.md 9.2, row order; NULL handling; empty result',
  knows: 'in which groups the target would be the only one',
  wants: 'a row that is there or not, rows in another order, a missing value that shows only with the target',
  async run(world) {
    await world.nextMonth()
    const broken: string[] = []
    const ask = (door: Door, sql: string) => door.ask({ sql, rho: '0.0005' })
    const first = await world.buyer('sorter')
    const forms = new Map<string, string>()
    for (const sql of questions) forms.set(sql, shapeOf(await ask(first, sql)))
    checkSorted(await ask(first, sorted), broken)
    await leave(world)
    const second = await world.buyer('sorter-2')
    for (const sql of questions) {
      const form = shapeOf(await ask(second, sql))
      if (form !== forms.get(sql)) broken.push(`${sql}: ${forms.get(sql)} | ${form}`)
    }
    checkSorted(await ask(second, sorted), broken)
    await comeBack(world)
    const empty = await emptyOrNot(world)
    if (!empty.holds) broken.push(empty.words)

    let plain = 0
    for (const sql of questions) {
      const keys = async (without: readonly string[]) =>
        JSON.stringify(
          (await world.plain.ask(sql, without)).map((row) =>
            row.map((cell, at) => (at < row.length - 1 ? cell : cell === null)),
          ),
        )
      if ((await keys([])) !== (await keys([world.target]))) plain++
    }
    return counted(
      {
        number: plain,
        words: `in ${plain} of ${questions.length} questions plain SQL has other rows, another order or other missing values with the target`,
      },
      broken,
      `${questions.length} questions in two worlds: the same rows in the same order, every declared group, also those in which nobody is; ${broken.length} differences`,
      [empty.words],
    )
  },
}

/** Rows, their keys and order, and which cells are missing altogether. */
function shapeOf(reply: Reply): string {
  return formOf(reply)
}

/** Sorted by what is shown, not by what is true. */
function checkSorted(reply: Reply, broken: string[]): void {
  const values = (reply.json?.answer?.rows as { value: string }[][] | undefined)?.map((row) => Number(row[1]?.value))
  if (!values || values.some((value, at) => at > 0 && value > (values[at - 1] as number)))
    broken.push(`not sorted by the noisy values: ${values}`)
}

/** The group of one against the empty one, by its noisy count. */
async function emptyOrNot(world: AttackWorld): Promise<{ readonly holds: boolean; readonly words: string }> {
  const repeats = world.long ? 50_000 : 4_000
  const sql = questions[0] as string
  const draws = async (side: 'present' | 'absent') => {
    const exact = await world.twins[side].exact(sql, 5_000_000n)
    const place = exact.query.groups[0]?.domain?.indexOf('judge') ?? -1
    return Array.from({ length: repeats }, () => Number(noisy(exact)[place]?.[0]))
  }
  const found = accuracyOf(await draws('present'), await draws('absent'), 0.5)
  const best = bestAccuracy(muOf(0.005))
  return {
    holds: found.accuracy <= best + 4 * found.standardError,
    words: `the group of one and the empty group at rho 0.005: told apart in ${percent(found.accuracy)} of ${2 * repeats}; the bound is ${percent(best)}`,
  }
}
