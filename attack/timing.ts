import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dayOf } from '../src/base/instant.ts'
import { expectAccepted } from '../src/base/refusal.ts'
import { load } from '../src/engines/load/load.ts'
import type { Attack } from './attack.ts'
import { areaUnderCurve, median } from './support/numbers.ts'
import { peopleCsv, type Rows, visitsCsv } from './support/people.ts'
import { openTwins, type Twins } from './support/twins.ts'
import type { AttackWorld } from './support/world.ts'

/** What a grid would be where the house has none. */
const supposed = 1000

const questions = [
  'SELECT COUNT(DISTINCT person) AS n FROM visits WHERE spent > 5',
  'SELECT SUM(spent) AS s FROM visits',
  'SELECT area, AVG(spent) AS a FROM visits JOIN people USING (person) GROUP BY area',
]

export const timing: Attack = {
  name: 'timing',
  section: 'differential-privacy.md 9.2, timing',
  knows: 'that the target, if in, has nine of ten rows, and that the engine takes time for rows',
  wants: 'whether the target is in, from how long an answer takes',
  async run(world) {
    const repeats = world.long ? 200 : 24
    const twins = await heavyTwins(world, world.long ? 1_000_000 : 200_000)
    const details: string[] = []
    let raw = { area: 0.5, standardError: 0 }
    let onGrid = { area: 0.5, standardError: 0 }
    const grid = await gridOf(world)
    try {
      for (const sql of questions) {
        const times = await both(twins, sql, repeats)
        const found = areaUnderCurve(times.present, times.absent)
        const ticks = (list: readonly number[]) => list.map((one) => Math.ceil(one / (grid ?? supposed)))
        const left = areaUnderCurve(ticks(times.present), ticks(times.absent))
        if (far(found) > far(raw)) raw = found
        if (far(left) >= far(onGrid)) onGrid = left
        details.push(
          `${sql}: median ${median(times.present).toFixed(1)} ms with, ${median(times.absent).toFixed(1)} ms without; area ${found.area.toFixed(3)} ± ${(2 * found.standardError).toFixed(3)}`,
        )
      }
    } finally {
      await twins.close()
    }
    const words = (one: typeof raw) => `${one.area.toFixed(3)} ± ${(2 * one.standardError).toFixed(3)}`
    return {
      unprotected: {
        number: raw.area,
        words: `from the engine's own time the best threshold has an area under the curve of ${words(raw)} (${repeats} answers in each world)`,
      },
      here: {
        number: grid === undefined ? raw.area : onGrid.area,
        words:
          grid === undefined
            ? `${words(raw)}: answers leave when they are ready; if they left at multiples of ${supposed} ms, ${words(onGrid)}`
            : `${words(onGrid)}: answers leave at multiples of ${grid} ms`,
      },
      limit: { number: 0.5, words: '0.5, guessing (and 4 standard errors)' },
      held: grid !== undefined && far(onGrid) <= 4 * onGrid.standardError,
      gap: grid === undefined ? 'The house has no grid of times at which answers leave.' : undefined,
      details,
    }
  },
}

const far = ({ area }: { readonly area: number }): number => Math.abs(area - 0.5)

/** Milliseconds of the house's grid of answers; undefined where the program knows none. */
async function gridOf({ house }: AttackWorld): Promise<number | undefined> {
  const settings = (await house.world.books.settings()) as { answers?: { everyMilliseconds?: number } } | undefined
  return settings?.answers === undefined ? undefined : settings.answers.everyMilliseconds || supposed
}

/** In turns, so that whatever else the machine does falls on both alike. */
async function both({ present, absent }: Twins, sql: string, repeats: number) {
  const times = { present: [] as number[], absent: [] as number[] }
  for (let nth = -2; nth < repeats; nth++)
    for (const side of nth % 2 === 0 ? (['present', 'absent'] as const) : (['absent', 'present'] as const)) {
      const took = await { present, absent }[side].milliseconds(sql)
      if (nth >= 0) times[side].push(took)
    }
  return times
}

/** The world's people, of whom the target has nine of ten rows. */
async function heavyTwins(world: AttackWorld, rows: number): Promise<Twins> {
  const { catalogue } = world
  const folder = join(world.folder, 'heavy')
  await mkdir(folder)
  const [target, ...others] = world.rows.people
  const dice = world.dice('timing')
  const visit = (person: string) => ({
    person,
    spent: `${1 + dice.below(90)}.50`,
    points: '1',
    day: '2026-01-15',
    note: '',
  })
  const heavy: Rows = {
    people: world.rows.people,
    visits: [
      ...Array.from({ length: 0.9 * rows }, () => visit(target?.key as string)),
      ...Array.from({ length: 0.1 * rows }, (_, nth) => visit(others[nth % others.length]?.key as string)),
    ],
  }
  const sources = { people: join(folder, 'people.csv'), visits: join(folder, 'visits.csv') }
  await writeFile(sources.people, peopleCsv(heavy))
  await writeFile(sources.visits, visitsCsv(heavy))
  const csv = (path: string) => ({ kind: 'csv' as const, path })
  expectAccepted(
    await load({
      catalogue,
      sources: { people: csv(sources.people), visits: csv(sources.visits) },
      directory: folder,
      fileName: 'heavy.duckdb',
      asOf: dayOf(world.clock.now()),
      onProgress: () => undefined,
    }),
  )
  const keys = world.rows.people.map(({ key }) => key)
  return openTwins(join(folder, 'heavy.duckdb'), folder, catalogue, keys, world.target)
}
