import { afterEach, expect, it } from 'vitest'
import { microsPerDay } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { choose } from '../../src/house/choices.ts'
import { consentReceipt } from '../../src/house/person-proof.ts'
import { sealIfDue } from '../../src/release/consent-batch.ts'
import { startServer } from '../../src/server/start.ts'
import { verifyConsentReceipt } from '../../src/verify/index.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { makeSmallWorld, purpose } from './small-world.ts'

let house: TestHouse
afterEach(() => house.close())

const receiptOf = async (person: string) => expectAccepted(await consentReceipt(house, person, `yes-${person}`))
const leafOf = async () => {
  const [leaf] = await house.world.books.leaves((await house.world.books.leafCount()) - 1n, 1)
  return JSON.parse(Buffer.from(leaf?.data ?? []).toString())
}

it('acts that do not fit wait for the next day’s batch, and the batches look alike', async () => {
  house = await openTestHouse({ consentCapacity: 16 })
  const { people } = await makeSmallWorld(house, 40)
  const looks = []
  for (const held of [16, 32, 40, 40]) {
    const proofs = await Promise.all(people.map(receiptOf))
    expect(proofs.filter((proof) => 'receipt' in proof)).toHaveLength(held)
    for (const proof of proofs.slice(0, 3).concat(proofs.slice(held - 2, held)))
      expect('receipt' in proof && (await verifyConsentReceipt(proof.receipt, house.logKey)).valid).toBe(true)
    house.advance(microsPerDay)
    await sealIfDue(house.world)
    const { number, day, root, ...same } = await leafOf()
    looks.push({ ...same, root: /^[0-9a-f]{64}$/.test(root) })
  }
  expect(new Set(looks.map((look) => JSON.stringify(look)))).toEqual(
    new Set([JSON.stringify({ capacity: '16', kind: 'consent-batch', root: true })]),
  )
})

it('the same acts on the same day give another root: nobody can try out who is in it', async () => {
  const roots = new Set<string>()
  for (let time = 0; time < 2; time++) {
    house = await openTestHouse({ consentCapacity: 16 })
    await makeSmallWorld(house, 3)
    roots.add((await house.world.books.newestConsentBatch())?.root ?? '')
    if (time === 0) await house.close()
  }
  expect(roots.size).toBe(2)
})

it('the server seals the day’s batch by its clock when it starts, and a choice through it seals none', async () => {
  house = await openTestHouse({ consentCapacity: 16 })
  await makeSmallWorld(house, 3)
  house.advance(microsPerDay)
  const server = await startServer(house, { host: '127.0.0.1', port: 0 })
  await house.world.inTurn(async () => undefined)
  expect((await house.world.books.newestConsentBatch())?.number).toBe(2)
  const evidence = { method: 'test', reference: '' }
  await choose(house, { person: 'p0000', purpose, status: 'withdrawn', entity: 'person', evidence })
  await server.close()
  expect((await house.world.books.newestConsentBatch())?.number).toBe(2)
  expect(await house.world.books.leafCount()).toBe((await house.world.books.newestCheckpoint())?.size)
  expect(house.incidents).toEqual([])
})
