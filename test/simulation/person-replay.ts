import { dayOf } from '../../src/base/instant.ts'
import { maximum } from '../../src/base/integer.ts'
import type { Instant } from '../../src/base/units.ts'
import type { ConsentEvent, LimitClass, PersonFacts } from '../../src/release/ports.ts'
import { testLaw } from '../store/book-world.ts'
import { limits, purposes } from './steps.ts'

/** What happened, in order. Charges, openings and days are public; choices, limits and register concern one person each. */
export type Happening =
  | { readonly kind: 'choice'; readonly at: Instant; readonly event: ConsentEvent }
  | {
      readonly kind: 'limits'
      readonly at: Instant
      readonly person: string
      readonly class?: LimitClass
      readonly life?: bigint | null
    }
  | { readonly kind: 'register'; readonly at: Instant; readonly present: readonly PersonFacts[] }
  | {
      readonly kind: 'open'
      readonly at: Instant
      readonly release: string
      readonly endsAt: Instant
      readonly nano: bigint
      readonly rate: bigint
    }
  | { readonly kind: 'end'; readonly at: Instant }
  | {
      readonly kind: 'charge'
      readonly at: Instant
      readonly release: string
      readonly purpose: string
      readonly nano: bigint
      readonly delta: bigint
      readonly rate: bigint
    }

export interface Replayed {
  /** Releases charged to the person, oldest first. */
  readonly releases: readonly string[]
  readonly earned: bigint
  readonly nano: bigint
  readonly delta: bigint
}

/**
 * Which releases charge one person, from the public history and that person's own acts alone: nobody else is looked at, which is the condition
 * under which individual limits hold (differential-privacy.md 4.1, i). Loss is kept in a calendar, day by day, and windows are added up from it.
 */
export function replay(person: string, history: readonly Happening[]): Replayed {
  const own: ConsentEvent[] = []
  const calendar = new Map<number, { nano: bigint; delta: bigint }>()
  const releases: string[] = []
  let facts: PersonFacts & { present: boolean } = { person, present: false }
  let size: LimitClass = 'medium'
  let life: bigint | null = null
  let inside = new Set<string>()
  let toldOut: number | undefined
  let period: { endsAt: Instant } | undefined
  let today = -1
  let [earned, nano, delta] = [0n, 0n, 0n]

  const yes = (purpose: string, at: Instant): ConsentEvent | undefined => {
    const acts = own.filter((event) => event.purpose === purpose)
    const last = acts.map((event) => event.at).reduce(maximum, -1n)
    const newest = acts.filter((event) => event.at === last)
    if (newest.length === 0 || newest.some((event) => event.status !== 'given')) return undefined
    const giving = newest.at(-1)
    return giving?.validUntil !== undefined && giving.validUntil > at ? giving : undefined
  }
  const lawful = (purpose: string, at: Instant) => {
    const giving = yes(purpose, at)
    return giving !== undefined && testLaw(facts, at, giving.at) === undefined
  }
  const fits = (day: number, loss: { nano: bigint; delta: bigint }, share: bigint): boolean => {
    const times = (amount: bigint) => (size === 'low' ? amount / 5n : size === 'high' ? amount * 2n : amount)
    const lifeLimit = life !== null && life < times(limits.life.nano) ? life : times(limits.life.nano)
    let holds = nano + loss.nano <= lifeLimit - share && delta + loss.delta <= times(limits.life.delta)
    for (const window of limits.windows) {
      let [n, d] = [loss.nano, loss.delta]
      for (let back = 0; back <= window.days; back += 1) {
        n += calendar.get(day - back)?.nano ?? 0n
        d += calendar.get(day - back)?.delta ?? 0n
      }
      holds &&= n <= times(window.nano) - share && d <= times(window.delta)
    }
    return holds
  }
  const debit = (release: string, day: number, loss: { nano: bigint; delta: bigint; rate: bigint }) => {
    const sofar = calendar.get(day) ?? { nano: 0n, delta: 0n }
    calendar.set(day, { nano: sofar.nano + loss.nano, delta: sofar.delta + loss.delta })
    nano += loss.nano
    delta += loss.delta
    earned += loss.nano * loss.rate
    releases.push(release)
  }
  const newDay = (at: Instant) => {
    if (dayOf(at) <= today) return
    today = dayOf(at)
    for (const purpose of inside) if (!yes(purpose, at)) inside.delete(purpose)
    const open = period !== undefined && at < period.endsAt
    if (toldOut !== undefined && toldOut < today && open && fits(today, { nano: 1n, delta: 0n }, limits.houseShare))
      toldOut = undefined
  }

  for (const happening of history) {
    const { at } = happening
    const day = dayOf(at)
    if (happening.kind !== 'end') newDay(at)
    if (happening.kind === 'choice' && happening.event.person === person) {
      own.push(happening.event)
      if (!yes(happening.event.purpose, at)) inside.delete(happening.event.purpose)
    } else if (happening.kind === 'limits' && happening.person === person) {
      size = happening.class ?? size
      life = happening.life === undefined ? life : happening.life
    } else if (happening.kind === 'register') {
      const found = happening.present.find((one) => one.person === person)
      facts = found === undefined ? { ...facts, present: false } : { ...found, present: true }
      for (const purpose of inside) {
        const act = yes(purpose, at) ?? own.findLast((event) => event.purpose === purpose)
        if (act === undefined || testLaw(facts, at, act.at) !== undefined) inside.delete(purpose)
      }
    } else if (happening.kind === 'open') {
      period = happening
      const loss = { nano: happening.nano, delta: 0n, rate: happening.rate }
      const target = purposes.filter((purpose) => lawful(purpose, at))
      const counted = target.length > 0 && fits(day, loss, 0n)
      inside = new Set(counted ? target : [])
      if (!counted) continue
      debit(happening.release, day, loss)
      if (toldOut !== undefined && toldOut < day && fits(day, { nano: 1n, delta: 0n }, limits.houseShare))
        toldOut = undefined
    } else if (happening.kind === 'end') {
      period = undefined
    } else if (happening.kind === 'charge') {
      for (const purpose of inside) if (!yes(purpose, at)) inside.delete(purpose)
      if (!inside.has(happening.purpose) || toldOut !== undefined) continue
      if (fits(day, happening, limits.houseShare)) debit(happening.release, day, happening)
      else toldOut = day
    }
  }
  return { releases, earned, nano, delta }
}
