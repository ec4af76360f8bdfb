import { readdir } from 'node:fs/promises'
import { type Attack, counted } from './attack.ts'
import { comeBack, leave } from './support/choices.ts'
import type { Door, Reply } from './support/door.ts'
import { type Hostile, hostile, inFewQuestions } from './support/hostile.ts'

/** Of a reply what must be the same in both worlds: everything but the noisy numbers, and what is fresh each time. */
export function formOf({ status, text, json }: Reply): string {
  if (status >= 400) return `${status} ${JSON.stringify({ ...json, instance: '' })}`
  const { answer } = json
  return `${status} ${JSON.stringify({
    columns: answer.columns,
    rows: answer.rows.map((row: object[], nth: number) =>
      row.map((cell, at) => formOfCell(cell, answer.columns[at].kind, nth)),
    ),
    method: answer.method,
    notes: answer.notes,
    privacy: answer.privacy,
    price: answer.price,
    length: Math.sign(text.length),
  })}`
}
/** Group keys stay, numbers go, with what follows from them: their interval and word. */
const formOfCell = (cell: object, kind: string, _row: number): unknown => (kind === 'group' ? cell : Object.keys(cell))

export const errors: Attack = {
  name: 'errors',
  section: 'differential-privacy.md 9.2, casts, division by zero, ln(-1), regex blow-up; overflow; error messages',
  knows: 'that engines fail on some values, and which values only the target has',
  wants: 'one exact bit: a failure, another kind of answer or an engine’s message in the world with the target alone',
  async run(world) {
    await world.nextMonth()
    const broken: string[] = []
    const buyer = await world.buyer('breaker')
    const within = new Map<string, string>()
    const incidents = await countIncidents(world.house.home.incidents)
    const quoted = await Promise.all(hostile.map((one) => buyer.quote({ sql: one.sql, rho: '0.00005' })))
    const acceptable = hostile.filter((_, nth) => quoted[nth]?.status === 200)
    const questions = world.long ? hostile.map(({ sql }) => sql) : asked(hostile, acceptable)
    const ask = (door: Door, sql: string) => door.ask({ sql, rho: '0.00005' })
    for (const sql of questions) {
      const reply = await ask(buyer, sql)
      if (reply.status >= 400 && acceptable.some((one) => one.sql === sql))
        broken.push(`quoted, but not answered: ${sql}`)
      if (reply.json?.code === 'release.failed') broken.push(`fails after the charge: ${sql}`)
      if (
        /duckdb|Conversion Error|Out of Range|HUGEINT|INT64|postgres|stack|\.ts:/i.test(reply.text.replaceAll(sql, ''))
      )
        broken.push(`an engine’s words: ${sql}: ${reply.text.slice(0, 200)}`)
      within.set(sql, formOf(reply))
    }
    await leave(world)
    // Another buyer, so that nothing is remembered.
    const other = await world.buyer('breaker-2')
    for (const sql of questions) {
      const form = formOf(await ask(other, sql))
      if (form !== within.get(sql))
        broken.push(`the two worlds answer ${sql} differently: ${within.get(sql)} | ${form}`)
    }
    await comeBack(world)
    const after = await countIncidents(world.house.home.incidents)
    if (after !== incidents) broken.push(`${after - incidents} incidents`)

    let bits = 0
    for (const { plain } of hostile) {
      const seen = async (without: readonly string[]) => {
        const started = process.hrtime.bigint()
        const outcome = await world.plain.ask(plain, without).then(
          () => 'answered',
          () => 'failed',
        )
        // What takes for ever is seen by whoever waits.
        return Number(process.hrtime.bigint() - started) / 1e6 > slow ? 'slow' : outcome
      }
      if ((await seen([])) !== (await seen([world.target]))) bits++
    }
    return counted(
      {
        number: bits,
        words: `in plain SQL ${bits} of ${hostile.length} questions fail, or take for ever, exactly when the target is in`,
      },
      broken,
      `${hostile.length} hostile expressions in two worlds: ${acceptable.length} answered, ${hostile.length - acceptable.length} refused for their text alone, ${broken.length} differences`,
    )
  },
}

const asked = (all: readonly Hostile[], acceptable: readonly Hostile[]): readonly string[] => [
  ...inFewQuestions(acceptable),
  ...all.filter((one) => !acceptable.includes(one)).map(({ sql }) => sql),
]

/** Milliseconds of a question over a few hundred rows. */
const slow = 500

const countIncidents = async (folder: string): Promise<number> => (await readdir(folder)).length
