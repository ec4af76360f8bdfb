import { beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { questionParts, questionWords } from '../../src/house/views/question.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { catalogue } from '../query/catalogue.ts'

/** What a person is told that a question computes must be true of every question that is answered. */
describe('a question in plain words', () => {
  const canonicalOf = async (sql: string) => expectAccepted(await parseQuery(sql, catalogue)).canonical
  const plain = async (sql: string) => questionWords(sql, await canonicalOf(sql)).plain

  it('says what is measured, also where that is no count, sum or average', async () => {
    expect(await plain('SELECT COUNT(DISTINCT channel) FROM basket_lines')).toBe(
      'How many different values there are of channel in basket_lines?',
    )
    expect(await plain('SELECT VARIANCE(minutes) FROM visits')).toBe('The average and the spread of minutes in visits?')
    expect(await plain('SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY spend) FROM basket_lines')).toBe(
      'How people are spread over the values of spend in basket_lines?',
    )
  })

  it('names the tables that sub-queries read, each once, and says that their conditions filter', async () => {
    const sql =
      'SELECT COUNT(*) FROM visits v WHERE member_id IN (SELECT member_id FROM (SELECT member_id FROM basket_lines WHERE promo) AS b)'
    const { tables } = questionParts(await canonicalOf(sql))
    expect(tables).toEqual(['visits', 'basket_lines'])
    expect(
      await plain('SELECT SUM(spend) FROM (SELECT member_id, spend FROM basket_lines WHERE promo) AS basket_lines'),
    ).toBe('The total of spend in basket_lines, looking only at what the filter names?')
    expect(await plain('SELECT SUM(spend) FROM (SELECT member_id, spend FROM basket_lines) AS b')).toBe(
      'The total of spend in basket_lines?',
    )
  })
})

describe('a relation read twice by each that follows', () => {
  let canonical: string
  beforeAll(() => {
    const relation = (index: number) => ({
      name: `usufruct_d${index}`,
      branches: [0, 1].map(() => ({
        source: [{ table: index === 0 ? 'visits' : `usufruct_d${index - 1}`, alias: 't0' }],
        where: null,
        columns: [],
      })),
    })
    canonical = JSON.stringify({
      derived: Array.from({ length: 60 }, (_, index) => relation(index)),
      source: [{ table: 'usufruct_d59', alias: 't0' }],
      where: null,
      groups: [],
      measures: [{ kind: 'rows' }],
    })
  })
  it('is looked at once', () => {
    expect(questionParts(canonical).tables).toEqual(['visits'])
  })
})
