import { incidentLeaf, periodLeaf } from './leaves.ts'
import { giveReceipt } from './way/receipt.ts'
import type { World } from './world.ts'

/**
 * After a crash: what was charged and not released is burned (charge and pay stay, the money goes back), what was released is rolled forward to
 * its receipt, a period whose head count was charged but not published is abandoned. Idempotent; nothing is shown to anybody before it has run.
 */
export async function recover(
  world: World,
): Promise<{ readonly burned: number; readonly finished: number; readonly abandoned: number }> {
  const { releases, begunPeriods } = await world.books.unfinished()
  let burned = 0
  let finished = 0
  for (const release of releases.filter((one) => one.state === 'charged' && one.buyer !== 'house')) {
    await world.books.burn(release.id, 'interrupted', world.clock.now(), incidentLeaf(release, world))
    burned++
  }
  for (const id of begunPeriods) {
    const at = world.clock.now()
    await world.books.abandonPeriod(
      id,
      at,
      periodLeaf('abandon', { id, endsAt: at, rate: 0n, headCountNano: 0n, upperBounds: {} }, at),
    )
  }
  await world.log.publish(world.clock.now())
  for (const release of releases.filter((one) => one.state === 'released' && one.buyer !== 'house')) {
    await giveReceipt(release.id, world)
    finished++
  }
  return { burned, finished, abandoned: begunPeriods.length }
}
