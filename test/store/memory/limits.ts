import { floorDiv, minimum } from '../../../src/base/integer.ts'
import type { Day, NanoRho, PicoDelta } from '../../../src/base/units.ts'
import type { LimitClass, Limits } from '../../../src/release/ports.ts'
import type { OwnCharge, Person } from './state.ts'

/**
 * The limits of one person, checked by summing that person's own charges and nothing else (money.md 2; Feldman and Zrnic 2021, individual
 * filters). A window of k days on day T covers the days T - k to T, k + 1 calendar days, so that every span of k times 24 hours lies in one.
 */
export interface Loss {
  readonly nano: NanoRho
  readonly delta: PicoDelta
}

/** low is 1/5 (rounded down), medium 1, high 2 times the amount. */
export function forClass(amount: bigint, limitClass: LimitClass): bigint {
  if (limitClass === 'low') return floorDiv(amount, 5n)
  return limitClass === 'high' ? amount * 2n : amount
}

/** What is left for ordinary releases: the least over all windows and life, house share subtracted; may be negative. */
export function remaining(limits: Limits, person: Person, day: Day): Loss {
  const full = fullRemaining(limits, person, day)
  return { nano: full.nano - limits.houseShare, delta: full.delta }
}

/** May this ordinary release be charged to the person? */
export function holdsOrdinary(limits: Limits, person: Person, day: Day, loss: Loss): boolean {
  const left = remaining(limits, person, day)
  return loss.nano <= left.nano && loss.delta <= left.delta
}

/** May this house release be charged to the person? Against the full limits. */
export function holdsHouse(limits: Limits, person: Person, day: Day, loss: Loss): boolean {
  const left = fullRemaining(limits, person, day)
  return loss.nano <= left.nano && loss.delta <= left.delta
}

function fullRemaining(limits: Limits, person: Person, day: Day): Loss {
  const life = total(person.charges)
  const classLife = forClass(limits.life.nano, person.limitClass)
  const ownLife = person.lifeNano === undefined ? classLife : minimum(person.lifeNano, classLife)
  let nano = ownLife - life.nano
  let delta = forClass(limits.life.delta, person.limitClass) - life.delta
  for (const window of limits.windows) {
    const used = total(person.charges.filter((charge) => charge.day >= day - window.days && charge.day <= day))
    nano = minimum(nano, forClass(window.nano, person.limitClass) - used.nano)
    delta = minimum(delta, forClass(window.delta, person.limitClass) - used.delta)
  }
  return { nano, delta }
}

export function total(charges: readonly OwnCharge[]): Loss {
  let nano = 0n
  let delta = 0n
  for (const charge of charges) {
    nano += charge.nano
    delta += charge.delta
  }
  return { nano, delta }
}
