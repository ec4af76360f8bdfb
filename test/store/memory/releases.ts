import { assert } from '../../../src/base/assert.ts'
import { Fault } from '../../../src/base/fault.ts'
import { dayOf } from '../../../src/base/instant.ts'
import { accept, type Outcome, refuse } from '../../../src/base/refusal.ts'
import type { Day, Instant, Micro, NanoRho, PicoDelta } from '../../../src/base/units.ts'
import type { Charged, ChargeRequest, ChargeTotal, Indices, ReleaseEntry } from '../../../src/release/ports.ts'
import { holdsOrdinary } from './limits.ts'
import { balances, pending, prepaid, write } from './money.ts'
import { expire, move, roll } from './persons.ts'
import { appendLeaf, enter, periodInForce, type Release, type State, settingsOf } from './state.ts'

/** Books.charge: one condition a line, the first that applies decides; a refusal and an earlier release change nothing. */
export function charge(state: State, request: ChargeRequest, at: Instant): Outcome<Charged> {
  const { buyer, purpose, nano, delta, price, caps, shares } = request
  assert(nano > 0n && delta >= 0n && price >= 0n, 'a charge has a positive loss and no negative price')
  assert(
    shares.steward + shares.operator + shares.reserve + request.pool === price,
    'the pool and the shares add up to the price',
  )
  const day = dayOf(at)
  const key = request.idempotency && `${buyer}\n${request.idempotency.key}`
  const used = key === undefined ? undefined : state.idempotency.get(key)
  if (used !== undefined && used.requestHash !== request.idempotency?.requestHash)
    return refuse('request.idempotency_conflict', 'the idempotency key was used with another request')
  if (used !== undefined) return accept({ release: found(state, used.releaseId), existing: true })
  const answered = memo(state, request.memoKey)
  if (answered !== undefined) return accept({ release: entryOf(answered), existing: true })
  if (periodInForce(state, at)?.id !== request.periodId) return refuse('period.not_open', 'the period is not open')
  if (!state.buyers.get(buyer)?.purposes.includes(purpose))
    return refuse('buyer.not_approved', `"${buyer}" is not approved for "${purpose}"`)
  if (nano > caps.product.maxPerRelease || nano > caps.house.maxPerRelease)
    return refuse('privacy.rho_over_release_cap', 'one release may not cost this much privacy')
  if (spent(state, day - caps.product.days, day, request.product) + nano > caps.product.nano)
    return refuse('privacy.budget_used_up', `the budget of "${request.product}" is used up`)
  for (const window of caps.house.windows)
    if (spent(state, day - window.days, day) + nano > window.nano - caps.house.houseShare)
      return refuse('privacy.budget_used_up', `the budget of ${window.days} days is used up`)
  if (spent(state, -Infinity, day) + nano > caps.house.life.nano - caps.house.houseShare)
    return refuse('privacy.budget_used_up', 'the budget for life is used up')
  const deltaSpent = (from: number, of?: string): bigint =>
    state.releases.reduce((sum, one) => {
      const on = dayOf(one.chargedAt)
      return one.purpose !== '' && on >= from && on <= day && (of === undefined || one.product === of)
        ? sum + one.delta
        : sum
    }, 0n)
  if (
    delta > 0n &&
    caps.product.delta !== undefined &&
    deltaSpent(day - caps.product.days, request.product) + delta > caps.product.delta
  )
    return refuse('privacy.budget_used_up', 'the limit of delta is used up')
  const shortest = Math.min(...caps.house.windows.map(({ days }) => days))
  for (const { days, delta: limit } of delta > 0n ? caps.house.windows : []) {
    const most =
      days === shortest && caps.cohortDelta !== undefined && caps.cohortDelta < limit ? caps.cohortDelta : limit
    if (deltaSpent(day - days) + delta > most) return refuse('privacy.budget_used_up', 'the limit of delta is used up')
  }
  if (delta > 0n && deltaSpent(-Infinity) + delta > caps.house.life.delta)
    return refuse('privacy.budget_used_up', 'the limit of delta is used up')
  if ((balances(state)[prepaid(buyer)] ?? 0n) < price)
    return refuse('market.funds_lacking', 'the prepaid balance does not cover the price')

  roll(state, at)
  expire(state, at)
  chargePersons(state, request, at)
  const release = newRelease(state, request, enter(state, 'charge'), at)
  state.releases.push(release)
  if (key !== undefined && request.idempotency !== undefined)
    state.idempotency.set(key, { requestHash: request.idempotency.requestHash, releaseId: release.id })
  write(state, 'hold', release.id, [{ from: prepaid(buyer), to: pending(release.id), amount: price }], at)
  return accept({ release: entryOf(release), existing: false })
}

/** Everybody active for the purpose is charged the same, matched by the question or not; who would pass a limit is moved out instead. */
function chargePersons(state: State, request: ChargeRequest, at: Instant): void {
  const { limits } = settingsOf(state)
  const day = dayOf(at)
  for (const person of state.persons.values()) {
    if (!person.profile.includes(request.purpose) || person.exhaustedOn !== undefined) continue
    if (!holdsOrdinary(limits, person, day, request)) {
      move(state, person, { exhaustedOn: day }, at)
      continue
    }
    person.charges.push({
      release: request.releaseId,
      house: false,
      day,
      nano: request.nano,
      delta: request.delta,
      rate: request.rate,
      stint: person.stints.length - 1,
      limitClass: person.limitClass,
      lifeNano: person.lifeNano,
    })
  }
}

function newRelease(state: State, request: ChargeRequest, sequence: bigint, at: Instant): Release {
  assert(!state.releases.some((r) => r.id === request.releaseId), 'a release id is used once')
  return {
    id: request.releaseId,
    state: 'charged',
    buyer: request.buyer,
    product: request.product,
    purpose: request.purpose,
    nano: request.nano,
    delta: request.delta,
    price: request.price,
    rate: request.rate,
    pool: request.pool,
    shares: { ...request.shares },
    periodId: request.periodId,
    loadId: request.loadId,
    memoKey: request.memoKey,
    plan: request.plan,
    sequence,
    chargedAt: at,
    indices: indicesAfter(state, request.purpose, request),
    answer: undefined,
    secret: undefined,
    leafIndex: undefined,
    receipt: undefined,
    settledAt: undefined,
  }
}

/**
 * The public indices once one more release is charged: per purpose the sums over the releases since its registration that touch it. A house
 * release (purpose undefined) touches every purpose.
 */
export function indicesAfter(
  state: State,
  purpose: string | undefined,
  release: { readonly rate: Micro; readonly nano: NanoRho; readonly delta: PicoDelta },
): Record<string, Indices> {
  const indices: Record<string, Indices> = {}
  for (const name of state.purposes) {
    let { a, b, d } = { a: 0n, b: 0n, d: 0n }
    const touching = state.releases.filter((r) => name in r.indices && (r.purpose === '' || r.purpose === name))
    for (const one of purpose === undefined || purpose === name ? [...touching, release] : touching) {
      a += one.rate * one.nano
      b += one.nano
      d += one.delta
    }
    indices[name] = { a, b, d }
  }
  return indices
}

/** Ordinary releases charged in days [from, to], burned ones included; all products or one. */
export const spent = (state: State, from: Day, to: Day, product?: string): NanoRho =>
  state.releases
    .filter((r) => r.purpose !== '' && (product === undefined || r.product === product))
    .filter((r) => dayOf(r.chargedAt) >= from && dayOf(r.chargedAt) <= to)
    .reduce((sum, r) => sum + r.nano, 0n)

/** What everybody in force was charged and paid in days [from, to]. */
export function chargeTotals(state: State, from: Day, to: Day): ChargeTotal[] {
  const charged = state.releases.filter((r) => dayOf(r.chargedAt) >= from && dayOf(r.chargedAt) <= to)
  return [...new Set(charged.map((r) => r.purpose))].sort().map((purpose) => {
    const own = charged.filter((r) => r.purpose === purpose)
    const sum = (of: (release: Release) => bigint) => own.reduce((all, release) => all + of(release), 0n)
    return { purpose, releases: own.length, nano: sum((r) => r.nano), pay: sum((r) => r.rate * r.nano) }
  })
}

/** The charged or released release of a memo key. */
export const memo = (state: State, memoKey: string): Release | undefined =>
  state.releases.find((r) => r.purpose !== '' && r.memoKey === memoKey && r.state !== 'burned')

/** Books.post. */
export function post(
  state: State,
  releaseId: string,
  result: { readonly answer: Release['answer']; readonly leaf: Uint8Array; readonly secret: Release['secret'] },
  at: Instant,
): ReleaseEntry {
  const release = charged(state, releaseId)
  const from = pending(releaseId)
  enter(state, 'settlement')
  release.state = 'released'
  release.answer = result.answer
  release.secret = result.secret
  release.settledAt = at
  release.leafIndex = appendLeaf(state, result.leaf)
  const { steward, operator, reserve } = release.shares
  write(
    state,
    'post',
    releaseId,
    [
      { from, to: 'pool', amount: release.pool },
      { from, to: 'steward', amount: steward },
      { from, to: 'operator', amount: operator },
      { from, to: 'reserve', amount: reserve },
    ],
    at,
  )
  return entryOf(release)
}

/** Books.burn: charge and pay of the people stay. */
export function burn(state: State, releaseId: string, reason: string, at: Instant, leaf: Uint8Array): ReleaseEntry {
  const release = charged(state, releaseId)
  enter(state, `settlement: ${reason}`)
  release.state = 'burned'
  release.settledAt = at
  release.leafIndex = appendLeaf(state, leaf)
  write(
    state,
    'burn',
    releaseId,
    [
      { from: pending(releaseId), to: prepaid(release.buyer), amount: release.price },
      { from: 'steward', to: 'pool', amount: release.pool },
    ],
    at,
  )
  return entryOf(release)
}

/** A copy: what was shown once does not change under the reader's eyes. */
export const entryOf = (release: Release): ReleaseEntry => ({ ...release })

function found(state: State, id: string): ReleaseEntry {
  const release = state.releases.find((r) => r.id === id)
  assert(release, 'an idempotency key names a release')
  return entryOf(release)
}

/** House releases are settled with their period only. */
function charged(state: State, id: string): Release {
  const release = state.releases.find((r) => r.id === id)
  if (release?.state !== 'charged' || release.purpose === '')
    throw new Fault('release.state', `the release "${id}" is not charged, or settled already`)
  return release
}
