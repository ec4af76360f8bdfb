import { afterAll, beforeAll, expect, it } from 'vitest'
import { boundGrid } from '../../src/base/bound-grid.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { openRows } from '../../src/privacy/exact.ts'
import { answer } from '../../src/release/answer.ts'
import type { AnswerDocument } from '../../src/release/document.ts'
import { quote } from '../../src/release/quote.ts'
import { verifyReceipt } from '../../src/verify/index.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { makeSmallWorld, purpose, sealedRows } from './small-world.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
  await makeSmallWorld(house, 60)
})
afterAll(() => house.close())

const sql = 'SELECT SUM_BOUND(spent) FROM visits'
const ask = (text: string) => ({ buyer: 'alpha', product: 'visits', purpose, sql: text, wish: undefined })

it('a bound is quoted, chosen from the public list, and its receipt verifies', async () => {
  const quoted = expectAccepted(await quote(ask(sql), house.world))
  expect(quoted.shown.accuracy).toMatchObject([{ kind: 'expected', words: expect.stringContaining('public bounds') }])
  const { receipt } = expectAccepted(await answer(ask(sql), {}, house.world))
  expect(await verifyReceipt(receipt, house.logKey)).toMatchObject({ valid: true })
  const { answer: document } = JSON.parse(receipt) as { readonly answer: AnswerDocument }
  expect(document.method).toMatchObject([{ part: 'bound', mechanism: 'exponential', sigma2: '0' }])
  // Declared: 200.00 in cents.
  const list = boundGrid(20_000n).map((edge) => (Number(edge) / 100).toFixed(2))
  expect(list).toContain(document.rows[0]?.[0]?.value)
  expect(document.rows[0]?.[0]).not.toHaveProperty('low')
})

it('the engine counts the people above each edge, and everybody once', async () => {
  const { rows } = await sealedRows(house, 'visits', sql)
  const [row] = openRows(rows)
  const totals = openRows((await sealedRows(house, 'visits', 'SELECT SUM(spent) FROM visits')).rows)
  expect(row?.values).toHaveLength(boundGrid(20_000n).length)
  expect(row?.values.at(0)).toBe(60n)
  expect(row?.values.at(-1)).toBe(0n)
  // The area under "how many are above" is what the steps of the list let through of the total.
  expect(totals[0]?.values[0]).toBeGreaterThan(0n)
  for (const [i, above] of (row?.values ?? []).entries())
    if (i > 0) expect(above <= (row?.values[i - 1] ?? 0n)).toBe(true)
})

it.each([
  'SELECT SUM_BOUND(spent), COUNT(*) FROM visits',
  'SELECT SUM_BOUND(spent) FROM visits WHERE spent > 5',
  'SELECT area, SUM_BOUND(spent) FROM visits JOIN people USING (person) GROUP BY area',
  'SELECT SUM_BOUND(spent) + 1 FROM visits',
  'SELECT SUM_BOUND(spent) FROM visits HAVING SUM_BOUND(spent) > 3',
  'SELECT SUM_BOUND(spent) FROM (SELECT person, spent FROM visits) v',
])('%s is refused: a bound is asked for alone', async (text) => {
  expect(await quote(ask(text), house.world)).toMatchObject({ ok: false, refusal: { code: 'query.not_supported' } })
})
