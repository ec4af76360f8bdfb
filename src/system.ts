import type { Clock } from './base/instant.ts'

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
