import { expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { House } from '../../src/house/house.ts'
import { commandLineDoor, httpDoor, libraryDoor, runInProcess } from './doors/doors.ts'
import { everything } from './doors/everything.ts'
import { journeys, walk } from './doors/journeys.ts'
import { realHome } from './doors/real-home.ts'
import { openTestHouse } from './house.ts'
import { makeSmallWorld, purpose } from './small-world.ts'

const stages = new Set([
  'query.unknown_column',
  'query.too_long',
  'consent.purpose_unknown',
  'privacy.rho_over_release_cap',
  'request.idempotency_conflict',
  'market.funds_lacking',
  'period.not_open',
])

async function withPoorBuyer(house: House): Promise<void> {
  const { books, clock } = house.world
  expectAccepted(await books.addBuyer({ id: 'poor', name: 'poor' }, clock.now()))
  expectAccepted(await books.approveBuyer('poor', purpose, clock.now()))
}

it('library, HTTP and command line say the same, to the byte, over books in memory', async () => {
  const house = await openTestHouse()
  let at = ''
  const http = await httpDoor(house)
  try {
    await makeSmallWorld(house, 30)
    await withPoorBuyer(house)
    const doors = [libraryDoor(house), http, commandLineDoor(runInProcess(house))]
    for (const buyer of ['alpha', 'poor']) await http.keyOf('buyer', buyer)
    for (const person of ['p0001', 'p0002']) await http.keyOf('person', person)
    await walk(
      doors,
      house.logKey,
      () => everything(house),
      (title) => {
        at = title
      },
    )
    expect((await house.world.books.check()).failures).toEqual([])
    expect(house.incidents).toEqual([])
  } catch (cause) {
    throw new Error(`at: ${at}`, { cause })
  } finally {
    await http.close()
    await house.close()
  }
}, 120_000)

it('the same on PostgreSQL, with true child processes that reach the server of the home', async () => {
  const real = await realHome()
  let at = ''
  const http = await httpDoor(real.house)
  try {
    await makeSmallWorld(real.house as never, 30)
    await withPoorBuyer(real.house)
    for (const buyer of ['alpha', 'poor']) await http.keyOf('buyer', buyer)
    for (const person of ['p0001', 'p0002']) await http.keyOf('person', person)
    const doors = [commandLineDoor(real.run), libraryDoor(real.house), http]
    await walk(
      doors,
      real.house.logKey,
      () => everything(real.house),
      (title) => {
        at = title
      },
      // A child process takes most of a second: of the refusals one of each stage of the way.
      journeys.filter(
        ({ title, refused }) => refused === undefined || (stages.has(refused) && !title.startsWith('quote')),
      ),
    )
    expect((await real.house.world.books.check()).failures).toEqual([])
  } catch (cause) {
    throw new Error(`at: ${at}`, { cause })
  } finally {
    await http.close()
    await real.close()
  }
}, 240_000)
