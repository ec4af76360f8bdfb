import { Fault } from '../base/fault.ts'
import type { Instant } from '../base/units.ts'
import { tickOf } from './answer-rules.ts'
import type { AnswerRules } from './entries.ts'
import type { World } from './world.ts'

/**
 * When a question's time begins to count: when its turn came, or at the tick at which the answer before it left, if it waited for that one. Both are the same
 * whatever the data are, so the next tick is too.
 */
export const beginning = (asked: Instant, world: World): Instant =>
  world.left.at > asked ? world.left.at : world.clock.now()

/** Waits for the tick at which the outcome may become visible, to anybody and anywhere. The turn is held as long, so the queue tells nothing either. */
export async function untilTheTick(began: Instant, rules: AnswerRules, world: World): Promise<void> {
  const tick = tickOf(began, world.clock.now(), rules)
  for (let now = world.clock.now(); now < tick; now = world.clock.now())
    await new Promise<void>((resume) => world.timer(tick - now, resume))
  world.left.at = tick
}

/**
 * The work, or Fault 'release.deadline' when it takes longer than so many microseconds. Then the signal tells the engine to stop; what the work would still
 * give is dropped, and no other question's turn begins before it has ended: the mask must not move under it.
 */
export function withinDeadline<T>(micros: bigint, world: World, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  return new Promise((resolve, reject) => {
    const disarm = world.timer(micros, () => {
      stop.abort()
      reject(new Fault('release.deadline', 'the computation took longer than its plan class may'))
    })
    const working = work(stop.signal)
    world.left.working = working.then(disarm, disarm)
    working.then(resolve, reject)
  })
}
