import { assert } from '../../../src/base/assert.ts'
import { Fault } from '../../../src/base/fault.ts'
import { dayOf } from '../../../src/base/instant.ts'
import { ceilDiv, maximum } from '../../../src/base/integer.ts'
import { accept, type Outcome, refuse } from '../../../src/base/refusal.ts'
import { type Instant, nanoPerMilliRho } from '../../../src/base/units.ts'
import { sealCounts } from '../../../src/privacy/exact.ts'
import type { BegunPeriod, PeriodEntry, PeriodRequest } from '../../../src/release/ports.ts'
import { holdsHouse } from './limits.ts'
import { write } from './money.ts'
import { mayReturn, move, roll, targetProfile } from './persons.ts'
import { indicesAfter } from './releases.ts'
import {
  appendLeaf,
  begunPeriod,
  enter,
  type Law,
  type Period,
  type Person,
  periodInForce,
  type Release,
  type State,
  settingsOf,
} from './state.ts'

export const houseBuyer = 'house'

/** Books.beginPeriod. */
export function beginPeriod(state: State, law: Law, request: PeriodRequest, at: Instant): Outcome<BegunPeriod> {
  if (begunPeriod(state) !== undefined || periodInForce(state, at) !== undefined)
    return refuse('period.already_open', 'a period is open already, or begun and not finished')
  assert(!state.periods.some((period) => period.id === request.id), 'a period id is used once')

  roll(state, at)
  const release = `head-count:${request.id}`
  const counted = [...state.persons.values()].filter((person) => countIn(state, law, person, request, release, at))
  const sequence = enter(state, 'charge')
  state.releases.push(houseRelease(state, request, release, sequence, at))
  enter(state, 'period')
  state.periods.push({
    id: request.id,
    openedAt: at,
    endsAt: request.endsAt,
    rate: request.rate,
    headCountNano: request.headCountNano,
    release,
    state: 'begun',
    closedAt: undefined,
    upperBounds: {},
  })
  const exact = Object.fromEntries(
    state.purposes.map((purpose) => [purpose, BigInt(counted.filter((p) => p.profile.includes(purpose)).length)]),
  )
  return accept({ id: request.id, exact: sealCounts(exact), sequence })
}

/** Joins, moves or leaves out one person; true when counted, and then charged with the house release. */
function countIn(
  state: State,
  law: Law,
  person: Person,
  request: PeriodRequest,
  release: string,
  at: Instant,
): boolean {
  const day = dayOf(at)
  const target = targetProfile(state, law, person, at)
  const fits = holdsHouse(settingsOf(state).limits, person, day, { nano: request.headCountNano, delta: 0n })
  const counted = target.length > 0 && fits
  person.out = target.length > 0 && !fits
  if (!counted) {
    move(state, person, { profile: [] }, at)
    return false
  }
  const returns = mayReturn(state, person, at, request.headCountNano)
  move(state, person, { profile: target, exhaustedOn: returns ? undefined : person.exhaustedOn }, at)
  person.charges.push({
    release,
    house: true,
    day,
    nano: request.headCountNano,
    delta: 0n,
    rate: request.rate,
    stint: person.stints.length - 1,
    limitClass: person.limitClass,
    lifeNano: person.lifeNano,
  })
  return true
}

function houseRelease(state: State, request: PeriodRequest, id: string, sequence: bigint, at: Instant): Release {
  const { rate, headCountNano: nano } = request
  return {
    id,
    state: 'charged',
    buyer: houseBuyer,
    product: '',
    purpose: '',
    nano,
    delta: 0n,
    price: 0n,
    rate,
    pool: 0n,
    shares: { steward: 0n, operator: 0n, reserve: 0n },
    periodId: request.id,
    loadId: '',
    memoKey: '',
    plan: { kind: 'head-count', period: request.id },
    sequence,
    chargedAt: at,
    indices: indicesAfter(state, undefined, { rate, nano, delta: 0n }),
    answer: undefined,
    secret: undefined,
    leafIndex: undefined,
    receipt: undefined,
    settledAt: undefined,
  }
}

/** Books.finishPeriod. */
export function finishPeriod(
  state: State,
  id: string,
  upperBounds: Readonly<Record<string, bigint>>,
  at: Instant,
  leaf: Uint8Array,
): PeriodEntry {
  const { period, release } = begun(state, id)
  enter(state, 'settlement')
  period.state = 'finished'
  period.upperBounds = { ...upperBounds }
  const largest = Object.values(upperBounds).reduce(maximum, 0n)
  release.state = 'released'
  release.pool = ceilDiv(largest * release.rate * release.nano, nanoPerMilliRho)
  release.answer = { upperBounds: { ...upperBounds } }
  release.settledAt = at
  release.leafIndex = appendLeaf(state, leaf)
  write(state, 'head-count', release.id, [{ from: 'steward', to: 'pool', amount: release.pool }], at)
  return periodEntry(period)
}

/** Books.abandonPeriod. */
export function abandonPeriod(state: State, id: string, at: Instant, leaf: Uint8Array): void {
  const { period, release } = begun(state, id)
  enter(state, 'settlement')
  period.state = 'abandoned'
  release.state = 'burned'
  release.settledAt = at
  release.leafIndex = appendLeaf(state, leaf)
}

/** Books.closePeriod. */
export function closePeriod(state: State, at: Instant, leaf: Uint8Array): Outcome<PeriodEntry> {
  const period = periodInForce(state, at)
  if (period === undefined) return refuse('period.not_open', 'no period is open')
  period.closedAt = at
  appendLeaf(state, leaf)
  return accept(periodEntry(period))
}

export const periodEntry = (period: Period): PeriodEntry => ({
  id: period.id,
  openedAt: period.openedAt,
  endsAt: period.endsAt,
  closedAt: period.closedAt,
  rate: period.rate,
  headCountNano: period.headCountNano,
  upperBounds: { ...period.upperBounds },
})

function begun(state: State, id: string): { period: Period; release: Release } {
  const period = state.periods.find((p) => p.id === id)
  if (period?.state !== 'begun') throw new Fault('period.state', `the period "${id}" is not begun, or settled already`)
  const release = state.releases.find((r) => r.id === period.release)
  assert(release, 'a begun period has its house release')
  return { period, release }
}
