import { parseQuery } from '../src/query/parse.ts'
import { defaultAnswerRules as rules, tickOf } from '../src/release/answer-rules.ts'
import type { Attack } from './attack.ts'
import { areaUnderCurve, median } from './support/numbers.ts'
import type { AttackWorld } from './support/world.ts'

const most = 8

/** The same people's rows joined with themselves: a person with n rows has n to so many. */
const sqlOf = (tables: number) =>
  `SELECT COUNT(DISTINCT t0.person) AS n FROM visits t0 ${Array.from(
    { length: tables - 1 },
    (_, nth) => `JOIN visits t${nth + 1} ON t${nth + 1}.person = t0.person`,
  ).join(' ')} WHERE ${Array.from({ length: tables - 1 }, (_, nth) => `t${nth + 1}.spent > 1`).join(' AND ')}`

export const amplification: Attack = {
  name: 'amplification',
  section: 'differential-privacy.md 9.2, timing; joins that multiply rows',
  knows: 'that the target has more rows than others (ten, others up to four)',
  wants: 'a question for which the target alone takes longer than a tick of the grid',
  async run(world) {
    const plain = { present: await plainTime(world, []), absent: await plainTime(world, [world.target]) }
    const refused: number[] = []
    let tables = most
    while (tables > 1 && !(await parseQuery(sqlOf(tables), world.catalogue)).ok) refused.push(tables--)
    const repeats = world.long ? 8 : 3
    const times = { present: [] as number[], absent: [] as number[] }
    for (let nth = 0; nth < repeats; nth++)
      for (const side of ['present', 'absent'] as const)
        times[side].push(await world.twins[side].milliseconds(sqlOf(tables)))
    const late = (list: readonly number[]) =>
      list.map((took) => Number(tickOf(0n, BigInt(Math.ceil(took * 1000)), rules)) / (rules.everyMilliseconds * 1000))
    const onGrid = areaUnderCurve(late(times.present), late(times.absent))
    return {
      unprotected: {
        number: plain.present / plain.absent,
        words: `${most} tables keep plain SQL busy for ${plain.present.toFixed(0)} ms with the target and ${plain.absent.toFixed(0)} ms without`,
      },
      here: {
        number: onGrid.area,
        words: `${refused.length === 0 ? 'nothing' : `${refused.join(', ')} tables`} refused from the contract's own numbers; the widest question that is answered, ${tables} tables, takes ${median(times.present).toFixed(0)} ms with and ${median(times.absent).toFixed(0)} ms without, and leaves at tick ${[...new Set(late(times.present))].join(', ')} with, ${[...new Set(late(times.absent))].join(', ')} without: area ${onGrid.area}`,
      },
      limit: { number: 0.5, words: '0.5: the same tick in both worlds' },
      held: onGrid.area === 0.5,
      details: ['the ticks are those of the setting of new houses; how long a question takes depends on the machine'],
    }
  },
}

async function plainTime({ plain }: AttackWorld, without: readonly string[]): Promise<number> {
  const started = process.hrtime.bigint()
  await plain.ask(sqlOf(most), without)
  return Number(process.hrtime.bigint() - started) / 1e6
}
