import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { answer } from '../../src/release/answer.ts'
import type { AnswerDocument } from '../../src/release/document.ts'
import { quote } from '../../src/release/quote.ts'
import { verifyReceipt } from '../../src/verify/index.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { makeSmallWorld, purpose } from './small-world.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
  await makeSmallWorld(house, 60)
})
afterAll(() => house.close())

const questions = [
  'SELECT COUNT(DISTINCT spent) AS amounts, COUNT(DISTINCT area) AS areas FROM visits JOIN people USING (person)',
  'SELECT MEDIAN(spent) AS m, QUANTILE(spent, 0.9) AS q, COUNT(*) AS n FROM visits',
  'SELECT area, PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY total) AS q FROM (SELECT person, SUM(spent) AS total FROM visits GROUP BY person) t JOIN people USING (person) GROUP BY area',
  'SELECT area, VARIANCE(spent) AS v, STDDEV(spent) AS sd, AVG(spent) AS a FROM visits JOIN people USING (person) GROUP BY area',
  "WITH t AS (SELECT person, COUNT(*) AS n FROM visits GROUP BY person) SELECT n, COUNT(*) FROM t WHERE person IN (SELECT person FROM people WHERE area <> 'c') GROUP BY n",
]

describe('the whole way', () => {
  it.each(questions)('%s', async (sql) => {
    const question = { buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined }
    const quoted = expectAccepted(await quote(question, house.world))
    expect(quoted.shown.accuracy.length).toBeGreaterThan(0)
    const { receipt } = expectAccepted(await answer(question, {}, house.world))
    expect((await verifyReceipt(receipt, house.logKey)).valid).toBe(true)
    const { answer: document } = JSON.parse(receipt) as { readonly answer: AnswerDocument }
    for (const row of document.rows)
      for (const [column, cell] of row.entries())
        if (document.columns[column]?.kind === 'value')
          expect(cell).toMatchObject({ value: expect.any(String), low: expect.any(String), word: expect.any(String) })
    expect(document.method.every(({ sigma2 }) => sigma2 !== '')).toBe(true)
  })
})
