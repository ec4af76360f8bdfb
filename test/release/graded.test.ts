import { describe, expect, it } from 'vitest'
import { rational } from '../../src/base/rational.ts'
import { answerCsv } from '../../src/house/views/answer.ts'
import { halfWidth } from '../../src/privacy/interval.ts'
import type { AnswerDocument } from '../../src/release/document.ts'
import { columnNoise, gradedCell } from '../../src/release/graded.ts'
import { parseCsv } from '../server/csv.ts'

const method: AnswerDocument['method'] = [
  { measure: 0, part: 'persons', mechanism: 'discrete Gaussian', sensitivitySquared: '1', sigma2: '1000' },
  { measure: 1, part: 'count', mechanism: 'discrete Gaussian', sensitivitySquared: '1', sigma2: '5' },
  { measure: 1, part: 'centred', mechanism: 'discrete Gaussian', sensitivitySquared: '1', sigma2: '7' },
  { measure: 2, part: 'sum', mechanism: 'discrete Gaussian', sensitivitySquared: '1', sigma2: '12345/2' },
]
const plan = {
  measures: [{ kind: 'persons' }, { kind: 'average', scale: 2 }, { kind: 'sum', scale: 2 }],
  outputs: [
    { name: 'area', value: ['group', 0] },
    { name: 'people', value: ['measure', 0] },
    { name: 'mean', value: ['measure', 1] },
    { name: 'spent', value: ['measure', 2] },
    { name: 'both', value: ['+', ['measure', 0], ['measure', 2]] },
  ],
}

describe('graded intervals', () => {
  it('know the noise of a column that shows one count or one sum, and of no other', () => {
    expect(columnNoise(plan, method)).toEqual([
      undefined,
      { sigma2: '1000', scale: 0 },
      undefined,
      { sigma2: '12345/2', scale: 2 },
      undefined,
    ])
  })

  it('do not take the noise of a distribution for that of a quantile, nor of a part that is not known', () => {
    const one = (part: string, value: readonly unknown[]) =>
      columnNoise({ measures: [{ scale: 2 }], outputs: [{ value }] }, [
        { measure: 0, part, mechanism: 'discrete Gaussian', sensitivitySquared: '1', sigma2: '9' },
      ])
    expect(one('distinct', ['measure', 0])).toEqual([{ sigma2: '9', scale: 2 }])
    expect(one('distribution', ['measure', 0, '0.5'])).toEqual([undefined])
    expect(one('of tomorrow', ['measure', 0])).toEqual([undefined])
  })

  it('of a sum are those of the discrete law, in the unit of the column', () => {
    const noise = { sigma2: '12345/2', scale: 2 }
    const graded = gradedCell({ value: '-3.07', low: '-4.61', high: '-1.53', interval: 'exact' }, noise)
    const sigma2 = rational(12_345n, 2n)
    expect(halfWidth(sigma2, 95)).toBe(154n)
    expect(graded?.intervals[2]).toEqual({ level: 95, low: '-4.61', high: '-1.53' })
    const half = Number(halfWidth(sigma2, 50))
    expect(graded?.intervals[0]).toEqual({
      level: 50,
      low: ((-307 - half) / 100).toFixed(2),
      high: ((-307 + half) / 100).toFixed(2),
    })
  })

  it('of an average are the 95 % interval, scaled side by side as the normal law would; never narrower', () => {
    const graded = gradedCell({ value: '10.0', low: '9.0', high: '12.5', interval: 'fieller' }, undefined)
    expect(graded?.method).toBe('approximate')
    expect(graded?.intervals).toEqual([
      { level: 50, low: '9.6', high: '10.9' },
      { level: 80, low: '9.3', high: '11.7' },
      { level: 95, low: '9.0', high: '12.5' },
    ])
  })

  it('are none for a group key or a missing value', () => {
    expect(gradedCell({ value: 'north' }, undefined)).toBeUndefined()
    expect(gradedCell({ value: null, low: '1', high: '2' }, undefined)).toBeUndefined()
  })
})

const beside = (name: string) =>
  ['low', 'high', 'word', 'rho', 'epsilon', 'delta', 'mechanism', 'sigma'].map((end) => `${name}_${end}`)
/** In an answer of an earlier program, too: it does not say what its columns are made of. */
const nothing = (count: number) => Array.from({ length: count }, () => '')

describe('an answer as CSV', () => {
  it('keeps commas, quotes and line ends of group keys, and names every column once', () => {
    const answer = {
      columns: [
        { name: 'area, all', kind: 'group' },
        { name: 'x', kind: 'value' },
        { name: 'x_low', kind: 'value' },
      ],
      rows: [
        [{ value: 'say "no"\nnever' }, { value: '1', low: '0', high: '2', word: 'rough' }, { value: '7' }],
        [{ value: null }, { value: null }, { value: null }],
      ],
    } as unknown as AnswerDocument
    expect(parseCsv(answerCsv(answer))).toEqual([
      ['area, all', 'x', 'x_low_', ...beside('x').slice(1), 'x_low', ...beside('x_low')],
      ['say "no"\nnever', '1', '0', '2', 'rough', ...nothing(5), '7', ...nothing(8)],
      nothing(19),
    ])
  })

  it('gives a spreadsheet no formula: in names and group keys, never in numbers', () => {
    const formulas = ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("x","y")']
    const answer = {
      columns: [
        { name: '=name', kind: 'group' },
        { name: '-value', kind: 'value' },
      ],
      rows: [...formulas, 'a=b', '-5', 'ab'].map((value) => [{ value }, { value: '-3.50', low: '-7', high: '0' }]),
    } as unknown as AnswerDocument
    const [header, ...rows] = parseCsv(answerCsv(answer))
    expect(header).toEqual(["'=name", "'-value", ...beside("'-value")])
    expect(rows.map((row) => row[0])).toEqual([...formulas.map((one) => `'${one}`), 'a=b', '-5', 'ab'])
    for (const row of rows) expect(row.slice(1)).toEqual(['-3.50', '-7', '0', ...nothing(6)])
  })
})
