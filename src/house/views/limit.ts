import { dayText } from '../../base/instant.ts'
import { ceilDiv } from '../../base/integer.ts'
import type { Day, NanoRho } from '../../base/units.ts'
import { rhoText } from '../../money/amount.ts'
import { bindsOn, leftOn, paceOf, roomReturnsOn, usedOn } from '../../privacy/room.ts'
import { percentText } from '../../release/preview.ts'
import type { Limit } from '../../release/room.ts'

/** One public limit: how much is used, what is left, when room returns, and when it binds at the present pace. Public facts alone. */
export type LimitView = {
  readonly of: 'product' | 'house'
  /** Days of the sliding window; undefined: for ever. */
  readonly days: number | undefined
  /** What is published, and of it what ordinary releases may spend: the house keeps a share for its own. */
  readonly published: string
  readonly limit: string
  readonly used: string
  readonly left: string
  readonly usedPercent: string
  readonly roomReturnsOn: string | undefined
  /** Privacy loss a day over the last 30 days, or since the first release if that is younger. */
  readonly perDay: string
  /** The first day on which a question of the cheapest tier would not fit any more; undefined: not within ten years. */
  readonly bindsOn: string | undefined
  readonly words: string
}

export function limitView(limit: Limit, cost: NanoRho, today: Day): LimitView {
  const pace = paceOf(limit, today)
  const used = usedOn(limit, today)
  const binds = bindsOn(limit, pace, cost, today)
  const span = limit.days === undefined ? 'for ever' : `in any ${limit.days} days`
  const whose = limit.of === 'product' ? 'This product' : 'All products together'
  const end =
    binds === undefined
      ? 'at the present pace it does not run out within ten years'
      : binds === today
        ? 'no further question fits today'
        : `at the present pace it runs out on ${dayText(binds)}`
  return {
    of: limit.of,
    days: limit.days,
    published: rhoText(limit.published),
    limit: rhoText(limit.limit),
    used: rhoText(used),
    left: rhoText(leftOn(limit, today)),
    usedPercent: percentText(used, limit.limit),
    roomReturnsOn: dateText(roomReturnsOn(limit, today)),
    perDay: rhoText(ceilDiv(pace.nano, BigInt(pace.days))),
    bindsOn: dateText(binds),
    words: `${whose} may spend rho ${rhoText(limit.limit)} ${span}; ${rhoText(used)} is used, and ${end}.`,
  }
}

export const dateText = (day: Day | undefined): string | undefined => (day === undefined ? undefined : dayText(day))
