import { appendFile, cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { microsPerDay, parseInstant } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { makePrng } from '../../src/demo/prng.ts'
import { openSession } from '../../src/engines/duckdb/session.ts'
import { initHouse, openHouse } from '../../src/main.ts'
import { closePeriod, openPeriod } from '../../src/release/period.ts'
import { makeSmallWorld } from '../suite/small-world.ts'
import type { Line } from './journal.ts'
import { points, statement } from './points.ts'
import { type Child, compileHouse, databaseIsGone, killDatabase, startChild } from './process.ts'

const kills = process.env.USUFRUCT_LONG === '1' ? 200 : 30
const seed = process.env.USUFRUCT_SEED ?? `${Date.now()}`
const people = 60
const start = parseInstant('2026-12-01T08:00:00Z') as bigint

vi.setConfig({ testTimeout: 3_600_000, hookTimeout: 180_000 })

let folder: string
let home: string
let journal: string
let compiled: ReturnType<typeof compileHouse>

beforeAll(async () => {
  delete process.env.DATABASE_URL
  compiled = compileHouse()
  folder = await mkdtemp(join(tmpdir(), 'usufruct-crash-home-'))
  home = join(folder, 'home')
  journal = join(folder, 'journal')
  let now = start
  const clock = { now: () => ++now }
  expectAccepted(await initHouse(home, { name: 'Crash Co-op', currency: 'EUR', answerGridMilliseconds: 0 }, clock))
  const house = await openHouse(home, { clock })
  await makeSmallWorld({ ...house, folder }, people)
  await house.close()
  const funded = ['alpha', 'beta'].map((buyer) =>
    JSON.stringify({ is: 'funded', buyer, reference: `fund-${buyer}`, amount: '1000000000' } satisfies Line),
  )
  await writeFile(journal, `${funded.join('\n')}\n`)
})
afterAll(async () => {
  await killDatabase(home)
  await databaseIsGone(home)
  await rm(compiled.folder, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
})

type Database = 'lives' | 'dies first' | 'dies after' | 'dies with it'
interface Kill {
  readonly point: string | undefined
  readonly passes: number
  readonly database: Database
  /** Of a kill at random: after so many lines were told, on a fast machine as on a slow one; 0: while it starts and opens. */
  readonly lines: number
  /** And so many milliseconds later. */
  readonly after: number
}

/** Every point once, in an order of its own, then random moments and statements of the database; so for as many kills as there are. */
function plan(count: number): readonly Kill[] {
  const random = makePrng(seed, 'plan')
  const databases: readonly Database[] = ['lives', 'lives', 'lives', 'dies first', 'dies after', 'dies with it']
  const kill = (point: string | undefined, passes: number): Kill => ({
    point,
    passes,
    database: databases[random.below(databases.length)] as Database,
    lines: random.oneIn(4) ? 0 : 1 + random.below(40),
    after: random.below(1_000),
  })
  const all: Kill[] = []
  while (all.length < count) {
    for (const point of shuffled(Object.keys(points), random)) {
      all.push(kill(point, random.below(2)))
      // What is left there is finished at the next opening: killed in the middle of that, too.
      if (point === 'stage log') all.push(kill('stage receipt', 0))
    }
    for (let nth = 0; nth < 5; nth++) all.push(kill(undefined, 0))
    for (let nth = 0; nth < 4; nth++) all.push(kill(statement, random.below(150)))
  }
  return all.slice(0, count)
}

function shuffled<T>(list: readonly T[], random: ReturnType<typeof makePrng>): T[] {
  const left = [...list]
  return list.map(() => left.splice(random.below(left.length), 1)[0] as T)
}

const add = (sums: Map<string, number>, more: Readonly<Record<string, number>>): void => {
  for (const [what, times] of Object.entries(more)) sums.set(what, (sums.get(what) ?? 0) + times)
}

const task = (round: number) => ({
  home,
  journal,
  seed,
  round,
  people,
  passes: 0,
  now: `${start + BigInt(round + 1) * 2n * microsPerDay}`,
})

/** Runs a child until its moment and kills it, the database too if so planned. Gives the point where it was. */
async function killOne(round: number, kill: Kill): Promise<{ readonly child: Child; readonly where: string }> {
  const child = startChild(compiled.program, { ...task(round), point: kill.point, passes: kill.passes })
  const enough = (line: Line) =>
    line.is === 'at' || line.is === 'done' || (kill.point === undefined && child.lines.length >= kill.lines)
  const opening = kill.point === undefined && kill.lines === 0
  if (!opening) await child.told(enough)
  // Others go on meanwhile; to start takes longest.
  await pause(opening ? kill.after : kill.after % 25)
  if (kill.database === 'dies first') {
    await killDatabase(home)
    await pause(kill.after % 50)
  }
  child.process.kill('SIGKILL')
  if (kill.database === 'dies with it') await killDatabase(home)
  await child.ended
  if (kill.database === 'dies after') await killDatabase(home)
  const at = child.lines.find((line) => line.is === 'at')
  const opened = child.lines.some((line) => line.is === 'opened')
  const checked = child.lines.some((line) => line.is === 'checked')
  const when = checked ? 'while it acts' : opened ? 'while it compares' : 'while it opens'
  return { child, where: at?.is === 'at' ? at.point : when }
}

/** What anybody could have read: it must stay a beginning of the log. */
async function keepPublished(): Promise<void> {
  const note = await readFile(join(home, 'log', 'checkpoint'), 'utf8')
  const [, size = '', root = ''] = note.split('\n')
  await appendFile(journal, `${JSON.stringify({ is: 'published', size, root, note } satisfies Line)}\n`)
}

it(`loses nothing, charges nothing twice and never forks the log in ${kills} kills (seed ${seed})`, async () => {
  const began = performance.now()
  const reached = new Map<string, number>()
  const openings: number[] = []
  const looked = new Map<string, number>()
  const fail = (round: number, kill: Kill | undefined, child: Child, what: unknown) =>
    new Error(
      `seed ${seed}, kill ${round} (${JSON.stringify(kill)}): ${JSON.stringify(what, undefined, 1)}\n${child.errors()}`,
    )
  for (const [round, kill] of plan(kills).entries()) {
    const { child, where } = await killOne(round, kill)
    await keepPublished()
    reached.set(where, (reached.get(where) ?? 0) + 1)
    for (const line of child.lines) {
      if (line.is === 'opened') openings.push(line.milliseconds)
      if (line.is === 'checked' && line.failures.length > 0) throw fail(round, kill, child, line)
      if (line.is === 'checked') add(looked, line.looked)
      if (line.is === 'fault' && kill.database !== 'dies first') throw fail(round, kill, child, line)
    }
    if (child.process.signalCode !== 'SIGKILL') throw fail(round, kill, child, 'it ended before it was killed')
    if (kill.point !== undefined && where !== kill.point) throw fail(round, kill, child, `it was ${where}`)
    if (process.env.USUFRUCT_SHOW)
      process.stdout.write(`${round} ${where} (database ${kill.database}) ${child.lines.length} lines\n`)
  }
  const last = startChild(compiled.program, { ...task(kills), checkOnly: true })
  const result = await last.told((line) => line.is === 'checked')
  await last.told((line) => line.is === 'done')
  last.process.kill('SIGKILL')
  await last.ended
  if (result?.is !== 'checked' || result.failures.length > 0) throw fail(kills, undefined, last, result)
  add(looked, result.looked)
  expect(await databaseIsGone(home)).toBe(true)

  for (const point of Object.keys(points)) expect(reached.get(point), point).toBeGreaterThan(0)
  for (const what of Object.keys(result.looked)) expect(looked.get(what), what).toBeGreaterThan(0)
  expect(looked.get('a repeated request gives what happened')).toBeGreaterThan(kills / 6)
  openings.sort((a, b) => a - b)
  process.stdout.write(
    `crash: seed ${seed}, ${kills} kills in ${((performance.now() - began) / 1000).toFixed(0)} s; opening ${openings[openings.length >> 1]} ms (median), ${openings.at(-1)} ms (longest)\n` +
      `  killed: ${[...reached].map(([where, times]) => `${where} ${times}`).join(', ')}\n` +
      `  looked at: ${[...looked].map(([what, times]) => `${what} ${times}`).join(', ')}\n`,
  )
})

it('has a mask on the disk that is the standing of everybody at the sequence it names', async () => {
  const now = BigInt(task(kills + 1).now)
  const house = await openHouse(home, { clock: { now: () => now } })
  try {
    const { books } = house.world
    const [load] = await books.loads('visits')
    if (!load) throw new Error('no load')
    const data = await house.world.data(load)
    const asked = await data.maskSequence()
    // A load that was made at the very end has not been asked yet: its mask is brought up as a question would.
    const sequence = asked > 0n ? asked : await books.sequence()
    if (asked === 0n) await data.applyStanding(books.standingChanges(0n, sequence), sequence)
    await house.closeData()
    const standing = new Map<string, number>()
    for await (const page of books.standingChanges(0n, sequence))
      for (const change of page) standing.set(change.person, change.bits)
    const session = await openSession(join(house.home.data, load.file))
    const rows = await session.work(async (connection) => {
      const result = await connection.runAndReadAll('SELECT person, _mask FROM people ORDER BY person')
      return result.getRows()
    })
    await session.close()
    expect(rows).toHaveLength(people)
    expect(rows).toEqual(rows.map(([person]) => [person, standing.get(String(person)) ?? 0]))
    expect(await books.sequence()).toBeGreaterThanOrEqual(sequence)
    expect(new Set(standing.values()).size).toBeGreaterThan(1)
  } finally {
    await house.close()
  }
})

it('signs nothing, and says that the log would fork, when its books are an older copy than its log', async () => {
  let now = BigInt(task(kills + 2).now)
  const clock = { now: () => (now += 1000n) }
  const books = join(home, 'postgres')
  const log = async () => {
    const names = (await readdir(join(home, 'log'), { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    )
    const paths = names.map((one) => join(one.parentPath, one.name)).sort()
    return Promise.all(paths.map(async (path) => [path, (await readFile(path)).toString('base64')]))
  }
  await cp(books, join(folder, 'older'), { recursive: true })
  const house = await openHouse(home, { clock })
  await closePeriod(house.world)
  expectAccepted(await openPeriod({}, house.world))
  await house.close()
  await rename(books, join(folder, 'newer'))
  await rename(join(folder, 'older'), books)
  const before = await log()
  await expect(openHouse(home, { clock })).rejects.toMatchObject({ code: 'log.forked' })
  expect(await log()).toEqual(before)
  expect(await databaseIsGone(home)).toBe(true)

  await rm(books, { recursive: true })
  await rename(join(folder, 'newer'), books)
  await (await openHouse(home, { clock })).close()
})
