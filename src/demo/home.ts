import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccepted } from '../base/refusal.ts'
import { homeExists, initHouse, openHouse } from '../main.ts'
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
  /** For programs; they open nothing but this made-up world. */
  readonly keys: Readonly<Record<string, string>>
}

/** Changes when an older demo folder cannot be gone on with. */
const format = 'usufruct-demo/2'
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

/** Makes the demo anew: twelve months, lived in under a minute. What a making that was interrupted left behind goes first. */
export async function makeDemo(
  folder: string,
  members: number,
  say: (line: string) => void,
  stopped: () => boolean,
): Promise<DemoState> {
  const home = demoHome(folder)
  // A process that was killed leaves its database server running; opening and closing the home ends it.
  if (await homeExists(home))
    await openHouse(home).then(
      (house) => house.close(),
      () => undefined,
    )
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const clock = standingClock(moment(yearBegins))
  const wish = { name: 'North Co-op', currency: 'EUR', origin: 'north-coop.example/usufruct' }
  expectAccepted(await initHouse(home, wish, clock))
  const house = await openHouse(home, { clock })
  try {
    const { featured } = await buildYear(house, clock, { folder: join(folder, 'world'), members, say, stopped })
    const keys = await signIns(house, featured)
    const state = { format, members, start: clock.now(), since: systemClock.now(), ahead: 0n, featured, keys } as const
    await writeDemo(folder, state)
    return state
  } finally {
    await house.close()
  }
}
