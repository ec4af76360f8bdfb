import type { Day, Instant } from './units.ts'

/** The one source of time; doors inject a real one, tests and the demo one that they move by hand. */
export interface Clock {
  now(): Instant
}
/** Calls back after so many microseconds; what it gives prevents that. */
export type Timer = (micros: bigint, call: () => void) => () => void

export const microsPerDay = 86_400_000_000n

/** The day that holds an instant. */
export const dayOf = (at: Instant): Day =>
  Number(at >= 0n ? at / microsPerDay : -((-at + microsPerDay - 1n) / microsPerDay))
/** The first instant of a day. */
export const startOfDay = (day: Day): Instant => BigInt(day) * microsPerDay

/** "2026-11-24T10:15:30.123456Z": always six decimals, always UTC. */
export function instantText(at: Instant): string {
  const micros = ((at % 1_000_000n) + 1_000_000n) % 1_000_000n
  const date = new Date(Number((at - micros) / 1000n))
  return `${date.toISOString().slice(0, 19)}.${micros.toString().padStart(6, '0')}Z`
}

/** "2026-11-24". */
export const dayText = (day: Day): string => instantText(startOfDay(day)).slice(0, 10)

const form = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** Reads an ISO 8601 date or date-time (no zone means UTC); undefined when it is not one or names no real day. */
export function parseInstant(text: string): Instant | undefined {
  const m = form.exec(text)
  if (!m) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = m
  const millis = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  if (!Number.isFinite(millis)) return undefined
  const back = new Date(millis).toISOString()
  if (back.slice(0, 19) !== `${year}-${month}-${day}T${hour}:${minute}:${second}`) return undefined
  const offset =
    zone === 'Z' ? 0n : BigInt(zone[0] === '-' ? -1 : 1) * (BigInt(zone.slice(1, 3)) * 60n + BigInt(zone.slice(4, 6)))
  return BigInt(millis) * 1000n + BigInt(fraction.padEnd(6, '0') || '0') - offset * 60_000_000n
}

/** Reads "2026-11-24" as a day; undefined otherwise. */
export function parseDay(text: string): Day | undefined {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseInstant(text) : undefined
  return at === undefined ? undefined : dayOf(at)
}
