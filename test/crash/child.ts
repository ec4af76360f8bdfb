import { readFileSync, writeSync } from 'node:fs'
import { makePrng } from '../../src/demo/prng.ts'
import type { House } from '../../src/house/house.ts'
import { openHouse } from '../../src/main.ts'
import * as act from './actions.ts'
import { checkHome } from './check.ts'
import type { Line, Task } from './journal.ts'
import { points, statement, stopAt, watchBooks, watchStatements } from './points.ts'

/**
 * A process that is going to be killed. It opens the home (which finishes what the crash before left), compares it with what was acknowledged, then acts as
 * buyers, people and a steward do, at random but repeatably, and tells of each acknowledged effect.
 */
const task = JSON.parse(process.argv[2] ?? '') as Task
const journal = readFileSync(task.journal, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Line)
// Straight into the pipe: once it is written the parent reads it, whatever happens to this process.
const tell = (line: Line): void => {
  for (let rest = Buffer.from(`${JSON.stringify(line)}\n`); rest.length > 0; ) rest = rest.subarray(writeSync(1, rest))
}

let now = BigInt(task.now)
const clock = { now: () => (now += 1000n) }
const at = stopAt(task.point, task.passes, tell)
let failing = false
const stage = async (name: string): Promise<void> => {
  await at(`stage ${name}`)
  if (failing && name === 'engine') throw new Error('the engine fails, as this test wants')
}

/** Runs its actions one after the other; `first` among the first few. */
async function work(
  house: House,
  name: string,
  choices: readonly ((actor: act.Actor) => Promise<void>)[],
  first?: typeof act.ask,
) {
  const random = makePrng(task.seed, `${task.round} ${name}`)
  const actor: act.Actor = {
    house,
    random,
    tell,
    journal,
    name: `${name}${task.round}`,
    round: task.round,
    people: task.people,
    counter: 0,
    failNext: (fail) => {
      failing = fail
    },
  }
  const warmUp = random.below(3)
  for (let turn = 0; actor.counter < 40; turn++) {
    const chosen = choices[random.below(choices.length)] as typeof act.ask
    await (first !== undefined && turn >= warmUp ? first : chosen)(actor)
  }
}

const { ask, askPrice, choice, fail, fund, makeKey, period, reload, retry } = act
const market = [ask, ask, ask, ask, ask, ask, retry, retry, fail, period, askPrice]
const people = [choice, choice, choice, choice, choice, choice, choice, fund, fund, makeKey, reload]
const leading = { ask, fail, period, quote: askPrice }
const leadingPeople = { choose: choice, fund, load: reload }

async function live(): Promise<void> {
  if (task.point === statement) watchStatements(at)
  const started = performance.now()
  const house = await openHouse(task.home, { clock, stage })
  tell({ is: 'opened', milliseconds: Math.round(performance.now() - started) })
  watchBooks(house, at, tell)
  const since = journal.findLastIndex((line) => line.is === 'checked') + 1
  const { failures, looked } = await checkHome(house, journal, task.checkOnly ? 0 : since, tell)
  tell({ is: 'checked', failures, looked })
  if (task.checkOnly) return house.close()
  const first = task.point === undefined ? undefined : points[task.point]
  await Promise.all([
    work(house, 'market', market, leading[first as keyof typeof leading]),
    work(house, 'people', people, leadingPeople[first as keyof typeof leadingPeople]),
  ])
}

// Faults are expected where the database is killed first. Nothing more is acknowledged then.
await live().catch((cause) => tell({ is: 'fault', words: String((cause as Error).stack ?? cause) }))
tell({ is: 'done' })
// Killed here, at the latest.
setInterval(() => undefined, 1000)
