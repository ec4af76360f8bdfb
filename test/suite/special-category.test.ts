import { expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { applyContract } from '../../src/house/contracts.ts'
import { answer } from '../../src/release/answer.ts'
import { quote } from '../../src/release/quote.ts'
import { openTestHouse } from './house.ts'
import { contract, makeSmallWorld, purpose } from './small-world.ts'

it('a question that touches a special category is refused by the law, with its citation, and nothing is charged', async () => {
  const house = await openTestHouse()
  try {
    await makeSmallWorld(house, 6)
    const withDiet = contract
      .replace('version: 1.0.0', 'version: 1.1.0')
      .replace(
        '      - { name: area,',
        '      - { name: diet, logicalType: string, classification: health }\n      - { name: area,',
      )
    expectAccepted(await applyContract(house, withDiet, 'contract'))
    const sql = `SELECT COUNT(DISTINCT person) AS n FROM people WHERE diet = 'vegan'`
    const question = { buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined }
    const before = await house.world.books.balances()
    for (const refused of [await quote(question, house.world), await answer(question, {}, house.world)])
      expect(refused).toMatchObject({
        ok: false,
        refusal: {
          code: 'law.forbidden',
          reasons: [{ rule: 'house.special-category', citation: expect.stringContaining('GDPR Art. 9(1)') }],
        },
      })
    expect(await house.world.books.balances()).toEqual(before)
  } finally {
    await house.close()
  }
})
