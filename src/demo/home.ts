import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'
import { expectAccepted } from '../base/refusal.ts'
import { changeAnswerRules, gridWish } from '../house/answers.ts'
import { homeExists } from '../house/exists.ts'
import { initHouse, openHouse } from '../main.ts'
import { defaultAnswerRules } from '../release/answer-rules.ts'
import { systemClock } from '../system.ts'
import { moment, standingClock } from './clock.ts'
import { signIns } from './sign-ins.ts'
import type { Featured } from './year/acts.ts'
import { buildYear, yearBegins } from './year/build.ts'

/** What a demo that is whole knows of itself: written last, and again when the clock is set forward. */
export interface DemoState {
  readonly format: typeof format
  readonly members: number
  /** The made-up world's time when it was finished, and the machine's at that moment; microseconds. */
  readonly start: bigint
  readonly since: bigint
  /** How far the clock was set forward since. */
  readonly ahead: bigint
  readonly featured: readonly Featured[]
  /** Whom the shop of this world knows. */
  readonly shopper: string
  /** For programs; they open nothing but this made-up world. */
  readonly keys: Readonly<Record<string, string>>
}

/** Changes when an older demo folder cannot be gone on with. */
const format = 'usufruct-demo/3'
const stateFile = 'demo.json'

export const demoHome = (folder: string): string => join(folder, 'home')

/** The demo of a folder, if it was finished, by this version of the demo. */
export async function readDemo(folder: string): Promise<DemoState | undefined> {
  const text = await readFile(join(folder, stateFile), 'utf8').catch(() => undefined)
  if (text === undefined || !(await homeExists(demoHome(folder)))) return undefined
  try {
    const state = JSON.parse(text)
    if (state.format !== format) return undefined
    return { ...state, start: BigInt(state.start), since: BigInt(state.since), ahead: BigInt(state.ahead) }
  } catch {
    return undefined
  }
}

/** Replaced whole: after a crash there is the old state or the new one. */
export async function writeDemo(folder: string, state: DemoState): Promise<void> {
  const { start, since, ahead } = state
  const text = JSON.stringify({ ...state, start: `${start}`, since: `${since}`, ahead: `${ahead}` }, null, 2)
  await writeFile(join(folder, `${stateFile}.new`), `${text}\n`, { mode: 0o600 })
  await rename(join(folder, `${stateFile}.new`), join(folder, stateFile))
}

/**
 * Makes the demo anew: twelve months are lived. It grows in a folder of its own and takes its place when it is whole, so one that is interrupted, even
 * by a kill, is simply made again. Throws Fault home.busy when somebody serves the old one.
 */
export async function makeDemo(
  folder: string,
  members: number,
  say: (line: string) => void,
  stopped: () => boolean,
): Promise<DemoState> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await removeUnfinished(folder)
  await assertFree(demoHome(folder))
  const making = join(folder, `${unfinished}${process.pid}`)
  try {
    const state = await live(making, members, say, stopped)
    for (const name of [stateFile, 'home', 'world'])
      await rm(join(folder, name), { recursive: true, force: true, ...patiently })
    for (const name of ['world', 'home']) await rename(join(making, name), join(folder, name))
    await writeDemo(folder, state)
    return state
  } finally {
    await rm(making, { recursive: true, force: true, ...patiently })
  }
}

const unfinished = 'making-'
const patiently = { maxRetries: 5, retryDelay: 200 }

async function live(
  folder: string,
  members: number,
  say: (line: string) => void,
  stopped: () => boolean,
): Promise<DemoState> {
  const clock = standingClock(moment(yearBegins))
  const home = demoHome(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  expectAccepted(
    await initHouse(
      home,
      // The sixty answers of the year are nobody's to time; the grid of any house is set when they are there.
      { name: 'North Co-op', currency: 'EUR', origin: 'north-coop.example/usufruct', answerGridMilliseconds: 0 },
      clock,
    ),
  )
  const house = await openHouse(home, { clock })
  try {
    const { featured, shopper } = await buildYear(house, clock, {
      folder: join(folder, 'world'),
      members,
      say,
      stopped,
    })
    expectAccepted(await changeAnswerRules(house, gridWish(defaultAnswerRules.everyMilliseconds)))
    const keys = await signIns(house, featured)
    return { format, members, start: clock.now(), since: systemClock.now(), ahead: 0n, featured, shopper, keys }
  } finally {
    await house.close()
  }
}

/** What others left who are gone. Their database server, if it still runs, ends by itself when its folder is missing. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const maker = name.startsWith(unfinished) ? Number(name.slice(unfinished.length)) : undefined
    if (maker !== undefined && !isRunning(maker))
      await rm(join(folder, name), { recursive: true, force: true, ...patiently }).catch(() => undefined)
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A home that somebody serves stays; one that cannot be opened for another reason may go. A database server left by a kill ends here. */
async function assertFree(home: string): Promise<void> {
  if (!(await homeExists(home))) return
  try {
    await (await openHouse(home, { waitMilliseconds: 2_000 })).close()
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'home.busy') throw cause
  }
}
