import { ceilDiv, maximum, minimum } from '../base/integer.ts'
import type { Day, NanoRho } from '../base/units.ts'

/**
 * How much of a public limit is left, when room returns, and when it runs out at the present pace: plain arithmetic on the public ledger, for people to plan
 * with. The charge itself decides in the books.
 */
export interface Meter {
  /** What ordinary releases may spend within the window. */
  readonly limit: NanoRho
  /** Days of the sliding window: today and so many days before it. Undefined: for ever. */
  readonly days: number | undefined
  /** Charges by day, oldest first, as far back as the window reaches. */
  readonly spending: readonly { readonly day: Day; readonly nano: NanoRho }[]
}

/** Spent within the window that ends on `day`, as far as it is known today. */
export const usedOn = (meter: Meter, day: Day): NanoRho =>
  meter.spending.reduce(
    (sum, charge) =>
      charge.day <= day && (meter.days === undefined || charge.day >= day - meter.days) ? sum + charge.nano : sum,
    0n,
  )

/** Never below nothing. */
export const leftOn = (meter: Meter, day: Day): NanoRho => maximum(0n, meter.limit - usedOn(meter, day))

/** How many releases of this cost fit today, one after the other. */
export const questionsLeft = (meters: readonly Meter[], cost: NanoRho, today: Day): bigint =>
  meters.map((meter) => leftOn(meter, today) / cost).reduce(minimum)

/** The next day on which earlier charges leave the window. Undefined: none of them ever does. */
export function roomReturnsOn(meter: Meter, today: Day): Day | undefined {
  const { days, spending } = meter
  if (days === undefined) return undefined
  const oldest = spending.find((charge) => charge.nano > 0n && charge.day >= today - days && charge.day <= today)
  return oldest && oldest.day + days + 1
}

/** The first day from today on which a release of this cost fits, if nothing else is charged. Undefined: never. */
export function fitsOn(meters: readonly Meter[], cost: NanoRho, today: Day): Day | undefined {
  const returns = meters.flatMap(({ days, spending }) =>
    days === undefined ? [] : spending.map((charge) => charge.day + days + 1),
  )
  return [today, ...returns]
    .filter((day) => day >= today)
    .sort((a, b) => a - b)
    .find((day) => meters.every((meter) => leftOn(meter, day) >= cost))
}

/** What was spent lately, as an amount over a number of days. */
export interface Pace {
  readonly nano: NanoRho
  readonly days: number
}

/** The last `days` days; fewer when the first charge is younger. */
export function paceOf(meter: Pick<Meter, 'spending'>, today: Day, days = 30): Pace {
  const from = today - days + 1
  const lately = meter.spending.filter((charge) => charge.day >= from && charge.day <= today)
  const first = meter.spending[0]?.day ?? today
  return {
    nano: lately.reduce((sum, charge) => sum + charge.nano, 0n),
    days: Math.max(1, Math.min(days, today - first + 1)),
  }
}

/** As far as a forecast looks: ten years. */
const horizon = 3_650

/**
 * The first day on which a release of this cost would not fit any more if the pace holds from tomorrow on: charges leave the window as days pass, new ones come.
 * Today when it does not fit now; undefined when it always will, or not within ten years.
 */
export function bindsOn(meter: Meter, pace: Pace, cost: NanoRho, today: Day): Day | undefined {
  const { days, limit } = meter
  // Once the window holds nothing but the pace, it stays as it is.
  const last = days === undefined ? horizon : Math.min(horizon, days + 1)
  for (let ahead = 0; ahead <= last; ahead++) {
    const paced = days === undefined ? ahead : Math.min(ahead, days + 1)
    const expected = ceilDiv(pace.nano * BigInt(paced), BigInt(pace.days))
    if (usedOn(meter, today + ahead) + expected + cost > limit) return today + ahead
  }
  return undefined
}
