import { describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { compileMeasure } from '../../src/measures/compile.ts'
import type { Answer, Figure } from '../../src/measures/figures/answer.ts'
import { ratio, sumOf } from '../../src/measures/figures/estimate.ts'
import { varianceOfRate } from '../../src/measures/figures/lift.ts'
import { twoSided } from '../../src/measures/figures/normal.ts'
import { figuresOf } from '../../src/measures/figures.ts'
import { catalogue } from '../query/catalogue.ts'

const given = { events: 'basket_lines' }
const sqlOf = (measure: string, parameters: Record<string, string>): string =>
  expectAccepted(compileMeasure(measure, { ...given, ...parameters }, catalogue)).sql

/** An answer of one count for each combination of keys. */
function answer(sql: string, rows: readonly (readonly [...keys: string[], people: number])[], sigma2 = '100'): Answer {
  const keys = (rows[0]?.length ?? 1) - 1
  return {
    sql,
    columns: Array.from({ length: keys + 1 }, (_, at) => ({ name: `c${at}`, kind: at < keys ? 'group' : 'value' })),
    rows: rows.map((row) => row.map((value) => ({ value: `${value}` }))),
    method: [{ sigma2 }],
  }
}
const of = (found: Answer, id: string): Figure => {
  const figure = figuresOf(found)?.figures.find((one) => one.id === id)
  if (!figure) throw new Error(`no ${id}`)
  return figure
}
const number = (text: string | null | undefined): number => Number(text)

describe('derived figures', () => {
  it('penetration is yes over both, with Fieller’s interval of the noise', () => {
    const found = answer(sqlOf('penetration', {}), [
      ['no', 6_000],
      ['yes', 4_000],
    ])
    expect(of(found, 'penetration')).toMatchObject({ value: '0.4000', word: 'solid', unit: 'share' })
    // The delta method gives ±1.96·10·√(0.6² + 0.4²)/10,000 = 0.0014; Fieller's is the same to four places here.
    expect(number(of(found, 'penetration').high) - number(of(found, 'penetration').low)).toBeCloseTo(0.0028, 4)
    expect(of(found, 'people')).toMatchObject({ value: '4000', low: '3980', high: '4020' })
  })

  it('apart for each attribute, and too few to say where the numbers are within the noise', () => {
    const found = answer(sqlOf('penetration', { by: 'region' }), [
      ['north', 'no', 600],
      ['north', 'yes', 400],
      ['south', 'no', 3],
      ['south', 'yes', -8],
    ])
    const apart = figuresOf(found)?.figures.filter((one) => one.group !== undefined)
    expect(apart?.map(({ group, value, word }) => [group, value, word])).toEqual([
      ['north', '0.4000', 'solid'],
      ['south', null, 'insufficient'],
    ])
  })

  it('repeat rate, reach and frequency, funnel, retention and bands add up cells', () => {
    const again = answer(sqlOf('repeat-rate', { date: 'bought_on' }), [
      ['never', 500],
      ['fewer', 300],
      ['again', 200],
    ])
    expect(of(again, 'repeat-rate').value).toBe('0.4000')
    expect(of(again, 'penetration').value).toBe('0.5000')
    const contacts = answer(sqlOf('reach-frequency', { cap: '3' }), [
      ['0', 1_000],
      ['1', 500],
      ['2', 300],
      ['3', 200],
    ])
    expect(['reach', 'average-frequency', 'reach-1', 'reach-2', 'reach-3'].map((id) => of(contacts, id).value)).toEqual(
      ['0.5000', '1.70', '1000', '500', '200'],
    )
    const all = answer(sqlOf('reach-frequency', { cap: '2' }), [
      ['0', 0],
      ['1', -9],
      ['2', 500],
    ])
    // By the cells alone 2.02: nobody counts with more than the cap.
    expect(of(all, 'average-frequency')).toMatchObject({ value: '2.00', high: '2.00' })
    const way = answer(
      sqlOf('funnel', {
        item: 'products.category',
        first: 'bread',
        second: 'milk',
        third: 'oat drink',
        date: 'bought_on',
      }),
      [
        ['3', 100],
        ['2', 200],
        ['1', 300],
        ['0', 400],
      ],
    )
    expect(
      ['step-1', 'step-2', 'step-3', 'conversion-1', 'conversion-2', 'whole-way', 'began'].map(
        (id) => of(way, id).value,
      ),
    ).toEqual(['600', '300', '100', '0.5000', '0.3333', '0.1667', '0.6000'])
    const stay = answer(sqlOf('retention', { date: 'bought_on', from: '2025-02-01', periods: '3' }), [
      ['1', 500],
      ['2', 300],
      ['3', 200],
    ])
    expect(['cohort', 'active-2', 'active-3'].map((id) => of(stay, id).value)).toEqual(['1000', '0.5000', '0.2000'])
    const bands = answer(sqlOf('price-bands', { amount: 'spend', edges: '1, 2' }), [
      ['below 1', 100],
      ['1 to below 2', 500],
      ['2 and more', 400],
    ])
    expect(['middle', 'below-1', 'below-2', 'share-3'].map((id) => of(bands, id).value)).toEqual([
      '1 to below 2',
      '0.1000',
      '0.6000',
      '0.4000',
    ])
  })

  it('overlap and affinity: sums of combinations, and a lift of 1 where the two are independent', () => {
    const cells = [
      ['true', 'true', 200],
      ['true', 'false', 300],
      ['false', 'true', 200],
      ['false', 'false', 300],
    ] as const
    const both = { item: 'products.category', first: 'bread', second: 'milk' }
    const overlap = answer(sqlOf('overlap', both), cells)
    expect(['any', 'size-1', 'size-2', 'both-1-2', 'overlap-1-2', 'only-1'].map((id) => of(overlap, id).value)).toEqual(
      ['700', '500', '400', '200', '0.2857', '300'],
    )
    const affinity = answer(sqlOf('basket-affinity', both), cells)
    expect(['affinity', 'confidence', 'expected', 'support'].map((id) => of(affinity, id).value)).toEqual([
      '1.00',
      '0.4000',
      '0.4000',
      '0.2000',
    ])
  })

  it('lift: the published example of an aspirin trial, without noise and with it', () => {
    // Physicians' Health Study (New England Journal of Medicine 318, 1988): 104 of 11,037 against 189 of 11,034; z = 5.00, p below 10^-6.
    const arms = { arm: 'region', test: 'north', control: 'south', assignment: 'random-per-person' }
    const trial = (sigma2: string) =>
      answer(
        sqlOf('lift', arms),
        [
          ['test', 'yes', 104],
          ['test', 'no', 10_933],
          ['control', 'yes', 189],
          ['control', 'no', 10_845],
        ],
        sigma2,
      )
    const plain = of(trial('1/1000000'), 'lift')
    expect([plain.value, plain.low, plain.high]).toEqual(['-0.0077', '-0.0107', '-0.0047'])
    expect(of(trial('1/1000000'), 'p-value').value).toBe('0.0000')
    // sigma 60 on each count: the error of each rate grows from 0.0009 to about 0.0055.
    expect(number(of(trial('3600'), 'p-value').value)).toBeCloseTo(
      twoSided(0.0077053 / Math.sqrt(0.00154 ** 2 + 2 * (60 / 11_035) ** 2 * 0.9737)),
      2,
    )
    expect(number(of(trial('3600'), 'p-value').value)).toBeGreaterThan(0.2)
  })

  it('revenue lift: the difference of means over their errors', () => {
    const arms = { arm: 'region', test: 'north', control: 'south', assignment: 'random-per-person' }
    const cell = (value: string, half: number) => ({
      value,
      low: `${Number(value) - half}`,
      high: `${Number(value) + half}`,
    })
    const found: Answer = {
      sql: sqlOf('revenue-lift', { ...arms, amount: 'spend', cap: '50' }),
      columns: [
        { name: 'arm', kind: 'group' },
        ...['people', 'mean', 'variance'].map((name) => ({ name, kind: 'value' as const })),
      ],
      rows: [
        [{ value: 'test' }, cell('1000', 20), cell('12', 0.196), cell('100', 5)],
        [{ value: 'control' }, cell('1000', 20), cell('10', 0.196), cell('100', 5)],
      ],
      method: [],
    }
    // se² = 2·(100/1000 + 0.1²) = 0.22: z = 2/0.469 = 4.264.
    expect(of(found, 'revenue-lift')).toMatchObject({ value: '2.00', low: '1.08', high: '2.92' })
    expect(of(found, 'p-value').value).toBe('0.0000')
  })

  it('an answer of another shape, or SQL without the line of a measure, gives no figures', () => {
    const sql = sqlOf('penetration', {})
    expect(figuresOf(answer(sql, [['maybe', 4]]))).toBeUndefined()
    expect(figuresOf(answer(sql, [['a', 'yes', 4]]))).toBeUndefined()
    expect(figuresOf(answer('SELECT 1', [['yes', 4]]))).toBeUndefined()
    expect(figuresOf(answer('-- x\n-- measure nothing {}\nSELECT', [['yes', 4]]))).toBeUndefined()
    expect(figuresOf({ ...answer(sql, [['yes', 4]]), method: [{ sigma2: 'x' }] })).toBeUndefined()
  })
})

describe('the statistics', () => {
  it.each([
    [0, 1],
    [0.5, 0.6170750774519738],
    [1, 0.31731050786291415],
    [1.959963984540054, 0.05],
    [2.5758293035489004, 0.01],
    [3, 0.0026997960632601866],
    [5, 5.733031437583878e-7],
    [8, 1.2441921148543639e-15],
  ])('P(|Z| > %s) is %s', (z, p) => {
    expect(Math.abs(twoSided(z) - p)).toBeLessThan(p * 1e-9)
    expect(twoSided(-z)).toBe(twoSided(z))
  })

  it('Fieller’s interval holds the true share in 95 of 100 draws of the noise, the rate’s variance is that of the draws', () => {
    const normal = normals(20_260_301)
    const [draws, sigma, truth] = [4_000, 30, { yes: 400, no: 600 }]
    let inside = 0
    const rates: number[] = []
    for (let at = 0; at < draws; at++) {
      const cells = [
        { keys: ['yes'], people: truth.yes + sigma * normal() },
        { keys: ['no'], people: truth.no + sigma * normal() },
      ]
      const counted = { cells, variance: sigma * sigma }
      const found = ratio(
        sumOf(counted, ({ keys }) => Number(keys[0] === 'yes')),
        sumOf(counted, () => 1),
        sigma * sigma,
      )
      if (found && found.low <= 0.4 && found.high >= 0.4) inside++
      rates.push(found?.value ?? 0)
    }
    // 95 % of 4,000 is 3,800; four standard deviations are 55.
    expect(Math.abs(inside - 3_800), 'seed 20260301').toBeLessThan(56)
    const mean = rates.reduce((sum, one) => sum + one, 0) / draws
    const variance = rates.reduce((sum, one) => sum + (one - mean) ** 2, 0) / draws
    const expected = varianceOfRate(400, 1_000, sigma * sigma) - 0.24 / 1_000
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.1)
  })
})

/** Standard normal numbers by Box and Muller's method from a small generator (mulberry32), the same for the same seed. */
function normals(seed: number): () => number {
  let state = seed
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}
