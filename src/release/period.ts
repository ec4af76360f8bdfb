import { freshId } from '../base/id.ts'
import { microsPerDay } from '../base/instant.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Micro } from '../base/units.ts'
import { amountText } from '../money/amount.ts'
import { noisyUpperBounds } from '../privacy/noise.ts'
import { sealDue } from './consent-batch.ts'
import { periodLeaf } from './leaves.ts'
import type { PeriodEntry } from './ports.ts'
import type { World } from './world.ts'

/**
 * Opens a period: new choices join, the head counts are charged and released once as noisy upper bounds N^ (differential-privacy.md 4.5), and the
 * posted rate is fixed. Every public number uses N^ until the period ends. Refuses period.already_open, product.unknown (no contract yet) and
 * request.invalid (rate not on the published ladder).
 */
export async function openPeriod(
  wish: { readonly rate?: Micro | undefined; readonly days?: number | undefined },
  world: World,
): Promise<Outcome<PeriodEntry>> {
  return world.inTurn(async () => {
    const settings = await world.books.settings()
    if (!settings) return refuse('home.missing', 'the books have no settings')
    if (Object.keys(await world.books.purposeBits()).length === 0)
      return refuse('product.unknown', 'no contract is applied yet, so there is no purpose to count for', {
        hint: 'apply a contract first',
      })
    const rate = wish.rate ?? settings.rateLadder[Math.floor(settings.rateLadder.length / 2)]
    if (rate === undefined || !settings.rateLadder.includes(rate))
      return refuse('request.invalid', 'the rate is not on the published ladder', {
        hint: `one of ${settings.rateLadder.map(amountText).join(', ')} per milli-rho`,
      })
    const days = wish.days ?? settings.periodDays
    if (!Number.isSafeInteger(days) || days < 1 || days > 92)
      return refuse('request.invalid', 'a period lasts 1 to 92 days', { hint: 'a week is the default' })
    await sealDue(world)
    const at = world.clock.now()
    const request = {
      id: freshId('per'),
      endsAt: at + BigInt(days) * microsPerDay,
      rate,
      headCountNano: settings.limits.headCount,
    }
    const begun = await world.books.beginPeriod(request, at)
    if (!begun.ok) return begun
    await world.stage?.('head count')
    const purposes = Object.keys(await world.books.purposeBits()).sort()
    const upperBounds = noisyUpperBounds(begun.value.exact, purposes, request.headCountNano, world.random)
    const period = await world.books.finishPeriod(
      request.id,
      upperBounds,
      world.clock.now(),
      periodLeaf('open', { ...request, upperBounds }, at),
    )
    await world.log.publish(world.clock.now())
    return accept(period)
  })
}

/** Ends the open period now. Refuses period.not_open. */
export async function closePeriod(world: World): Promise<Outcome<PeriodEntry>> {
  return world.inTurn(async () => {
    await sealDue(world)
    const at = world.clock.now()
    const open = await world.books.openPeriod(at)
    if (!open) return refuse('period.not_open', 'no period is open')
    const closed = await world.books.closePeriod(at, periodLeaf('close', open, at))
    if (closed.ok) await world.log.publish(at)
    return closed
  })
}
