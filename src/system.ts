import type { Clock, Timer } from './base/instant.ts'

/** The machine's own clock; never runs backwards within one process. The one place that reads it. */
export const systemClock: Clock = (() => {
  const origin = BigInt(Math.round(performance.timeOrigin * 1000))
  let last = 0n
  return {
    now: () => {
      const at = origin + BigInt(Math.round(performance.now() * 1000))
      last = at > last ? at : last + 1n
      return last
    },
  }
})()

/** The machine's own timer; rounds up to milliseconds. */
export const systemTimer: Timer = (micros, call) => {
  const waiting = setTimeout(call, Number((micros + 999n) / 1_000n))
  return () => clearTimeout(waiting)
}
