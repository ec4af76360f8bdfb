import { dayOf } from '../../../src/base/instant.ts'
import type { Instant } from '../../../src/base/units.ts'
import type {
  ConsentEvent,
  ConsentStatus,
  LimitClass,
  PersonChoices,
  PersonFacts,
  PersonStatement,
} from '../../../src/release/ports.ts'
import { remaining, total } from './limits.ts'
import { begunPeriod, enter, type Law, type Person, periodInForce, type State, settingsOf } from './state.ts'

/** Somebody new in the register: no choice, no charge, medium class. */
export const newPerson = (facts: PersonFacts): Person => ({
  id: facts.person,
  facts,
  present: true,
  limitClass: 'medium',
  lifeNano: undefined,
  events: [],
  profile: [],
  exhaustedOn: undefined,
  out: false,
  stints: [],
  charges: [],
})

/**
 * The newest act for a purpose: by the time of the act, not of its recording. Of two acts at the same moment the one that reduces wins, then
 * the one recorded later.
 */
export function newestAct(person: Person, purpose: string): ConsentEvent | undefined {
  let newest: ConsentEvent | undefined
  for (const event of person.events) {
    if (event.purpose !== purpose) continue
    if (newest === undefined || event.at > newest.at) newest = event
    else if (event.at === newest.at && (event.status !== 'given' || newest.status === 'given')) newest = event
  }
  return newest
}

/** The giving that is in force for a purpose at an instant; undefined when none is. */
export function givingInForce(person: Person, purpose: string, at: Instant): ConsentEvent | undefined {
  const act = newestAct(person, purpose)
  if (act?.status !== 'given') return undefined
  return act.validUntil !== undefined && act.validUntil <= at ? undefined : act
}

/** Purposes whose consent is in force and which the law permits, in order of registration. */
export function targetProfile(state: State, law: Law, person: Person, at: Instant): string[] {
  return state.purposes.filter((purpose) => {
    const giving = givingInForce(person, purpose, at)
    return giving !== undefined && permitted(law, person, at, giving.at) === undefined
  })
}

export const permitted = (law: Law, person: Person, at: Instant, given: Instant): string | undefined =>
  law({ ...person.facts, present: person.present }, at, given)

/** What the engine's mask shows for a person: the purposes of the profile, or nothing when exhausted. */
export function bitsOf(state: State, person: Person): number {
  if (person.exhaustedOn !== undefined) return 0
  return person.profile.reduce((bits, purpose) => bits | (1 << state.purposes.indexOf(purpose)), 0)
}

/** Changes who and what a person is for the books, and keeps the two traces of it: the standing changes and the stints. */
export function move(
  state: State,
  person: Person,
  to: Partial<Pick<Person, 'profile' | 'exhaustedOn' | 'limitClass'>>,
  at: Instant,
): void {
  const before = bitsOf(state, person)
  Object.assign(person, to)
  const bits = bitsOf(state, person)
  if (bits !== before) state.standing.push({ sequence: enter(state, 'standing'), person: person.id, bits })

  const stint = person.stints.at(-1)
  const open = stint !== undefined && stint.to === undefined ? stint : undefined
  const exhausted = person.exhaustedOn !== undefined
  const unbroken =
    open !== undefined &&
    open.purposes.join(' ') === person.profile.join(' ') &&
    open.limitClass === person.limitClass &&
    open.exhausted === exhausted
  if (unbroken) return
  if (open !== undefined) open.to = at
  if (person.profile.length > 0)
    person.stints.push({
      purposes: person.profile,
      limitClass: person.limitClass,
      exhausted,
      from: at,
      to: undefined,
    })
}

/** Takes a person out of the cohorts of some purposes; charges and pay stay. */
export function leave(state: State, person: Person, stays: (purpose: string) => boolean, at: Instant): void {
  if (person.profile.every(stays)) return
  move(state, person, { profile: person.profile.filter(stays) }, at)
}

/** Consents whose time is over leave. */
export function expire(state: State, at: Instant): void {
  for (const person of state.persons.values())
    leave(state, person, (purpose) => givingInForce(person, purpose, at) !== undefined, at)
}

/**
 * The first activity of a new day: expired consents leave; then, while a period is open, who was exhausted on an earlier day and has something left
 * returns. Who has no cohort any more is no longer exhausted either: limits are a matter of charges, not of consents.
 */
export function roll(state: State, at: Instant): void {
  const day = dayOf(at)
  if (state.rolledOn !== undefined && day <= state.rolledOn) return
  state.rolledOn = day
  expire(state, at)
  const period = begunPeriod(state) ?? periodInForce(state, at)
  if (period === undefined) return
  for (const person of state.persons.values())
    if (mayReturn(state, person, at, 0n)) move(state, person, { exhaustedOn: undefined }, at)
}

/** Exhausted on an earlier day, and with some of every limit left after `due`, which is about to be charged. */
export function mayReturn(state: State, person: Person, at: Instant, due: bigint): boolean {
  if (person.exhaustedOn === undefined || person.exhaustedOn >= dayOf(at)) return false
  const left = remaining(settingsOf(state).limits, person, dayOf(at))
  return left.nano - due > 0n && left.delta >= 0n
}

export function choicesOf(state: State, law: Law, person: Person, at: Instant): PersonChoices {
  const decided = state.purposes.filter((purpose) => newestAct(person, purpose) !== undefined)
  return {
    person: person.id,
    limitClass: person.limitClass,
    lifeNano: person.lifeNano,
    standing: decided.map((purpose) => standingOf(law, person, purpose, at)),
    events: [...person.events],
  }
}

function standingOf(law: Law, person: Person, purpose: string, at: Instant): PersonChoices['standing'][number] {
  const act = newestAct(person, purpose) as ConsentEvent
  const until = act.status === 'given' ? act.validUntil : undefined
  const expired = until !== undefined && until <= at
  const status: ConsentStatus = expired ? 'expired' : act.status
  const since = expired ? until : act.at
  const joined = person.profile.includes(purpose)
  const inForce = status === 'given' && joined && person.exhaustedOn === undefined
  const why = () => {
    if (joined || person.out) return 'limit_reached'
    return permitted(law, person, at, act.at) ?? 'joins_next_period'
  }
  return {
    purpose,
    status,
    since,
    validUntil: until,
    inForce,
    note: status === 'given' && !inForce ? why() : undefined,
  }
}

export function statementOf(state: State, person: Person): PersonStatement {
  const all = total(person.charges)
  const earned = (charges: Person['charges']) => charges.reduce((sum, c) => sum + c.rate * c.nano, 0n)
  return {
    person: person.id,
    earned: earned(person.charges),
    spentNano: all.nano,
    spentDelta: all.delta,
    stints: person.stints.map((stint, index) => {
      const own = person.charges.filter((charge) => charge.stint === index)
      return {
        purposes: [...stint.purposes],
        from: stint.from,
        to: stint.to,
        earned: earned(own),
        spentNano: total(own).nano,
      }
    }),
    releases: person.charges.toReversed().map((charge) => {
      const release = state.releases.find((r) => r.id === charge.release) as State['releases'][number]
      return {
        id: release.id,
        at: release.chargedAt,
        buyer: release.buyer,
        product: release.product,
        purpose: release.purpose,
        nano: charge.nano,
        rate: charge.rate,
        earned: charge.rate * charge.nano,
      }
    }),
  }
}

export const limitClasses: readonly LimitClass[] = ['low', 'medium', 'high']
