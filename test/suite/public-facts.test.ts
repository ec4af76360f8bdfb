import { expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { answer } from '../../src/release/answer.ts'
import { quote } from '../../src/release/quote.ts'
import { openTestHouse } from './house.ts'
import { loadRows, makeSmallWorld, purpose, sql } from './small-world.ts'

const question = { buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined }

it('a quote is the same on the full data, on emptied and on replaced rows in the same period', async () => {
  const house = await openTestHouse()
  try {
    const { people } = await makeSmallWorld(house, 30)
    const full = expectAccepted(await quote(question, house.world))
    await loadRows(house, people.slice(0, 1), 'emptied')
    expect(expectAccepted(await quote(question, house.world))).toEqual(full)
    await loadRows(
      house,
      Array.from({ length: 70 }, (_, index) => `new${index}`),
      'replaced',
    )
    expect(expectAccepted(await quote(question, house.world))).toEqual(full)
  } finally {
    await house.close()
  }
})

it('an answer about nobody is an ordinary answer: every group shown, noise around zero, the same price', async () => {
  const house = await openTestHouse()
  try {
    const { people } = await makeSmallWorld(house, 6)
    const price = expectAccepted(await quote(question, house.world)).price
    for (const person of people)
      expectAccepted(
        await house.world.books.recordChoices(
          [
            {
              id: `no-${person}`,
              recordId: 'r',
              person,
              purpose,
              status: 'withdrawn',
              at: house.world.clock.now(),
              entity: 'person',
            },
          ],
          house.world.clock.now(),
        ),
      )
    const answered = expectAccepted(await answer(question, {}, house.world))
    const { answer: document } = JSON.parse(answered.receipt)
    expect(document.rows.map((row: readonly { value: string }[]) => row[0]?.value)).toEqual(['a', 'b', 'c'])
    expect(document.price).toBe(`${price}`)
  } finally {
    await house.close()
  }
})

it('a failure after the charge is one generic refusal; the charge stays and the money goes back', async () => {
  let broken = false
  const house = await openTestHouse({
    stage: (name) => {
      if (broken && name === 'noise') throw new Error('a person’s name in the message')
    },
  })
  try {
    await makeSmallWorld(house, 9)
    broken = true
    const before = await house.world.books.balances()
    const refused = await answer(question, { idempotencyKey: 'k' }, house.world)
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'release.failed' } })
    expect(JSON.stringify(refused)).not.toContain('name in the message')
    const after = await house.world.books.balances()
    expect(after['prepaid:alpha']).toBe(before['prepaid:alpha'])
    expect((after.pool ?? 0n) > (before.pool ?? 0n)).toBe(true)
    broken = false
    expect(await answer(question, { idempotencyKey: 'k' }, house.world)).toMatchObject({
      ok: false,
      refusal: { code: 'release.failed' },
    })
    expect((await answer(question, { idempotencyKey: 'k2' }, house.world)).ok).toBe(true)
    expect((await house.world.books.check()).failures).toEqual([])
  } finally {
    await house.close()
  }
})
