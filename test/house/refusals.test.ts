import { expect, it } from 'vitest'
import { dayOf, microsPerDay } from '../../src/base/instant.ts'
import { refuse } from '../../src/base/refusal.ts'
import { mostRefusalsADay, noteRefusal } from '../../src/house/refusals.ts'
import { refusalsView } from '../../src/house/views/refusal.ts'
import { openTestHouse } from '../suite/house.ts'

it('a flood of refused questions is counted and does not grow the books', async () => {
  const house = await openTestHouse()
  const { world } = house
  try {
    const flood = async (buyer: string, times: number) => {
      const question = { buyer, product: 'nothing', purpose: undefined, sql: 'x', wish: undefined }
      for (let nth = 0; nth < times; nth++)
        await noteRefusal(world, 'quote', question, refuse('product.unknown', 'there is no such data product'))
    }
    const before = await world.books.sequence()
    await flood('alpha', mostRefusalsADay + 500)
    await flood('beta', 3)
    expect((await world.books.sequence()) - before).toBe(BigInt(mostRefusalsADay) + 3n)
    const today = dayOf(world.clock.now())
    const view = await refusalsView(world, { from: today, to: today }, { before: undefined, limit: 2 })
    expect(view.byBuyer).toEqual([
      { buyer: 'alpha', count: mostRefusalsADay + 500 },
      { buyer: 'beta', count: 3 },
    ])
    house.advance(microsPerDay)
    await flood('alpha', 1)
    expect((await world.books.sequence()) - before).toBe(BigInt(mostRefusalsADay) + 4n)
    expect((await world.books.check()).failures).toEqual([])
  } finally {
    await house.close()
  }
})
