import { type Clock, microsPerDay, parseInstant } from '../base/instant.ts'
import { systemClock } from '../system.ts'

/** The made-up world's own calendar. Its time never runs backwards. */
export interface MovableClock extends Clock {
  /** Forward only; an instant that is past changes nothing. */
  moveTo(at: bigint): void
}

/** A clock that stands still until it is moved; each look takes a microsecond, so that no two entries fall together. */
export function standingClock(start: bigint): MovableClock {
  let at = start
  return {
    now: () => ++at,
    moveTo: (later) => {
      if (later > at) at = later
    },
  }
}

/** A clock that runs with the machine's from `start` at `since` (the machine's time), and can be set forward. `ahead`: how far it was set already. */
export function runningClock(start: bigint, since: bigint, ahead: bigint): MovableClock & { ahead(): bigint } {
  let forward = ahead
  const now = () => start + systemClock.now() - since + forward
  return {
    now,
    moveTo: (later) => {
      const gap = later - now()
      if (gap > 0n) forward += gap
    },
    ahead: () => forward,
  }
}

/** "2026-03-12T14:03" of the demo's own calendar. */
export function moment(text: string): bigint {
  const at = parseInstant(text)
  if (at === undefined) throw new RangeError(`"${text}" is not a moment`)
  return at
}

/** Days from one instant to the same time of day on the first of the next month. */
export function daysToNextMonth(at: bigint): number {
  const text = new Date(Number(at / 1000n)).toISOString()
  const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(5, 7))]
  const first = (y: number, m: number) => BigInt(Date.UTC(y, m, 1)) * 1000n
  const today = at - (at % microsPerDay)
  return Math.max(1, Number((first(year, month) - today) / microsPerDay))
}
