import { defaultAnswerRules as rules, tickOf } from '../src/release/answer-rules.ts'
import type { Attack } from './attack.ts'
import { areaUnderCurve, median } from './support/numbers.ts'

const tables = 8

/** The same people's rows joined with themselves: a person with n rows has n to the eighth. */
const sql = `SELECT COUNT(DISTINCT t0.person) AS n FROM visits t0 ${Array.from(
  { length: tables - 1 },
  (_, nth) => `JOIN visits t${nth + 1} ON t${nth + 1}.person = t0.person`,
).join(' ')} WHERE ${Array.from({ length: tables - 1 }, (_, nth) => `t${nth + 1}.spent > 1`).join(' AND ')}`

export const amplification: Attack = {
  name: 'amplification',
  section: 'differential-privacy.md 9.2, timing; joins that multiply rows',
  knows: 'that the target has more rows than others (ten, others up to four)',
  wants: 'a question for which the target alone takes longer than a tick of the grid',
  async run(world) {
    const repeats = world.long ? 8 : 2
    const times = { present: [] as number[], absent: [] as number[] }
    for (let nth = 0; nth < repeats; nth++)
      for (const side of ['present', 'absent'] as const) times[side].push(await world.twins[side].milliseconds(sql))
    const raw = areaUnderCurve(times.present, times.absent)
    const late = (list: readonly number[]) =>
      list.map((took) => Number(tickOf(0n, BigInt(Math.ceil(took * 1000)), rules)) / (rules.everyMilliseconds * 1000))
    const onGrid = areaUnderCurve(late(times.present), late(times.absent))
    const held = onGrid.area === 0.5
    return {
      unprotected: {
        number: raw.area,
        words: `the engine takes ${median(times.present).toFixed(0)} ms with the target and ${median(times.absent).toFixed(0)} ms without: area under the curve ${raw.area}`,
      },
      here: {
        number: onGrid.area,
        words: `ticks of ${rules.everyMilliseconds} ms after which the answer leaves: ${late(times.present).join(', ')} with, ${late(times.absent).join(', ')} without: area ${onGrid.area}`,
      },
      limit: { number: 0.5, words: '0.5: the same tick in both worlds' },
      held,
      gap: held
        ? undefined
        : `${tables} tables of the same people joined multiply one person's rows, so that one person takes longer than the least wait. A longer wait (\`usufruct answers set --least\`) hides it; refusing such joins from the contract's own numbers would close it.`,
      details: ['how long depends on the machine: on a faster one another table or more rows are needed'],
    }
  },
}
