import { type Clock, parseInstant, type Timer } from '../../src/base/instant.ts'

interface Waiting {
  readonly at: bigint
  readonly call: () => void
  /** Deadlines lie in wait: time does not run to them of its own, only past them. */
  readonly moves: boolean
}

/**
 * Time that passes only while something sleeps or waits for a tick: then it jumps to the next moment. What is really computed meanwhile (the engine, the
 * books) takes no time, so a test says itself how long it took.
 */
export interface FakeTime {
  readonly clock: Clock
  readonly timer: Timer
  /** How long something takes, microseconds. */
  sleep(micros: bigint): Promise<void>
  /** To whatever is next, be it a deadline. */
  jump(): void
  /** Lets time run until the work is done. */
  until<T>(work: Promise<T>): Promise<T>
}

/** A wait for a tick is shorter than this, a deadline longer. */
const longestTick = 30_000_000n

export function fakeTime(from = '2026-12-01T08:00:00Z'): FakeTime {
  let now = parseInstant(from) as bigint
  const waiting = new Set<Waiting>()
  const wait = (micros: bigint, moves: boolean, call: () => void) => {
    const one = { at: now + micros, call, moves }
    waiting.add(one)
    return () => void waiting.delete(one)
  }
  const jump = (evenDeadlines = false) => {
    const due = [...waiting].sort((a, b) => (a.at < b.at ? -1 : 1))
    const [first] = due
    if (!first || !(evenDeadlines || due.some((one) => one.moves))) return
    waiting.delete(first)
    if (first.at > now) now = first.at
    first.call()
  }
  return {
    clock: { now: () => now },
    timer: (micros, call) => wait(micros, micros <= longestTick, call),
    sleep: (micros) => new Promise((resume) => wait(micros, true, resume)),
    jump: () => jump(true),
    async until(work) {
      let done = false
      const ended = work.finally(() => {
        done = true
      })
      ended.catch(() => undefined)
      while (!done) {
        await new Promise((resume) => setImmediate(resume))
        jump()
      }
      return ended
    },
  }
}
