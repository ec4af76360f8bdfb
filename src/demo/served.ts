import { instantText } from '../base/instant.ts'
import { expectAccepted } from '../base/refusal.ts'
import type { House } from '../house/house.ts'
import { closePeriod, openPeriod } from '../release/period.ts'
import { queue } from '../release/world.ts'
import { daysToNextMonth, type MovableClock } from './clock.ts'
import { type DemoLogin, demoLogins, memberLinks } from './sign-ins.ts'
import type { Featured } from './year/acts.ts'

/** What the demo says of itself at GET /v1/demo. */
export type DemoFacts = {
  readonly name: string
  readonly madeUp: string
  /** The made-up world's time. */
  readonly now: string
  /** When the open period ends and the next begins: who says yes today joins then. */
  readonly nextPeriodAt: string
  readonly logins: readonly DemoLogin[]
  /** Paths that sign in once each. */
  readonly members: readonly { readonly person: string; readonly link: string; readonly story: string }[]
}

/** A made-up world that is being served: what a server needs to tell of it, and to move its clock. */
export interface Demo {
  /** The member whom the shop of this world knows. */
  readonly shopper: string
  facts(): Promise<DemoFacts>
  /** Ends the open period at its end and opens the next: whoever said yes meanwhile joins. */
  nextPeriod(): Promise<DemoFacts>
}

const minute = 60_000_000n

/** `keep`: writes down how far the clock was set, before anything happens at the new time. */
export function serveDemo(
  house: House,
  clock: MovableClock,
  told: { readonly featured: readonly Featured[]; readonly shopper: string },
  keep: () => Promise<void>,
): Demo {
  const { books } = house.world
  const links = memberLinks(house, told.featured)
  // Two presses of the button are two periods, one after the other.
  const inTurn = queue()
  const facts = async (): Promise<DemoFacts> => {
    const now = clock.now()
    const open = await books.openPeriod(now)
    return {
      name: (await books.settings())?.name ?? '',
      madeUp: 'Nobody in this world exists. People, purchases and choices are generated; everything else is real.',
      now: instantText(now),
      nextPeriodAt: instantText(open?.endsAt ?? now),
      logins: demoLogins,
      members: await links(),
    }
  }
  const moveTo = async (at: bigint) => {
    clock.moveTo(at)
    await keep()
  }
  return {
    shopper: told.shopper,
    facts: () => inTurn(facts),
    nextPeriod: () =>
      inTurn(async () => {
        const open = await books.openPeriod(clock.now())
        if (open) {
          await moveTo(open.endsAt - minute)
          expectAccepted(await closePeriod(house.world))
          await moveTo(open.endsAt)
        }
        await beginPeriod(house, clock)
        return facts()
      }),
  }
}

/** A demo that nobody looked at for a month goes on with a new period. */
export async function ensurePeriod(house: House, clock: MovableClock): Promise<void> {
  if (!(await house.world.books.openPeriod(clock.now()))) await beginPeriod(house, clock)
}

/** Until the first of the next month, at the rate of the period before. */
async function beginPeriod(house: House, clock: MovableClock): Promise<void> {
  const [newest] = await house.world.books.periods()
  expectAccepted(await openPeriod({ rate: newest?.rate, days: daysToNextMonth(clock.now()) }, house.world))
}
