import { beforeAll, describe, expect, it } from 'vitest'
import { rootColumn, timesRoot } from '../../src/base/prefix-sums.ts'
import { rational } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { channelsOf } from '../../src/privacy/sensitivity.ts'
import { channelCount, evaluate } from '../../src/query/evaluate.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { printDuckdb } from '../../src/query/print/duckdb.ts'
import type { Measure, Query } from '../../src/query/query.ts'
import { catalogue } from './catalogue.ts'
import { Engine } from './engine.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(catalogue)
})
const parsed = async (sql: string): Promise<Query> => expectAccepted(await parseQuery(sql, catalogue))
const shown = (query: Query, values: readonly bigint[], sigma2 = 1n) =>
  evaluate(query, {
    values: [values],
    sigma2: Array.from({ length: channelCount(query.measures) }, () => rational(sigma2)),
    halfWidth: () => 1n,
  })[0]?.cells ?? []

describe('AVG_PER_PERSON', () => {
  it('is the mean of means, bounded by people and half the range, without a declared number of rows', async () => {
    const query = await parsed('SELECT AVG_PER_PERSON(seconds) AS own FROM clicks')
    const [measure] = query.measures as [Extract<Measure, { kind: 'mean' }>]
    expect(measure).toMatchObject({ kind: 'mean', maxGroups: 1n, scale: 4, centre: 3_000_000n, halfRange: 3_000_000n })
    expect(channelsOf(measure).map(({ sensitivitySquared }) => sensitivitySquared)).toEqual([1n, 3_000_000n ** 2n])
    const click = (person: bigint, seconds: bigint) => ({
      member_id: `m${person}`,
      _person: person,
      _mask: 1n,
      page: 'home',
      seconds,
    })
    // Ten rows of one person weigh as much as one of another: (1 + 2)/2 twice, and 10.
    await engine.fill({ clicks: [...[1n, 2n, 1n, 2n, 1n, 2n].map((one) => click(0n, one)), click(1n, 10n)] })
    const [cell] = await engine.run(printDuckdb(query, catalogue, { purposeBit: 0 }))
    expect(cell?.values).toEqual([2n, 15_000n + 100_000n - 6_000_000n])
    expect(shown(query, cell?.values ?? [])[0]?.value).toBe('5.7500')
  })
})

describe('many quantiles at once', () => {
  it('are one release, and so are the shares of people below a value', async () => {
    const query = await parsed(
      'SELECT PERCENTILE_DISC(ARRAY[0.1, 0.25, 0.999]) WITHIN GROUP (ORDER BY quantity) AS q, MEDIAN(quantity), PERCENT_BELOW(quantity, 9), COUNT_BELOW(quantity, 9), COUNT_BELOW(quantity, -1), PERCENT_BELOW(quantity, 50) FROM basket_lines',
    )
    expect(query.outputs.map(({ name }) => name)).toEqual([
      'q_10',
      'q_25',
      'q_99_9',
      'median',
      'percent_below',
      'count_below',
      'count_below_2',
      'percent_below_2',
    ])
    expect(query.measures).toHaveLength(1)
    const [measure] = query.measures as [Extract<Measure, { kind: 'distribution' }>]
    // A thousand people at each of 0 to 9, four times as many at 40.
    const counts = Array.from({ length: measure.bins }, (_, bin) => (bin < 10 ? 1_000n : bin === 40 ? 40_000n : 0n))
    const cells = shown(query, timesRoot(rootColumn(measure.bins), counts), 100n * 2n ** 40n)
    expect(cells.map(({ value }) => value)).toEqual(['4', '40', '40', '40', '20.0000', '10000', '0', '100.0000'])
    expect(cells[4]?.method).toBe('delta')
    expect(Number(cells[5]?.interval?.high)).toBeGreaterThan(10_000)
  })

  it('the deviation of a number of people below is that of its prefix sum', async () => {
    const query = await parsed('SELECT COUNT_BELOW(quantity, 9) FROM basket_lines')
    const [measure] = query.measures as [Extract<Measure, { kind: 'distribution' }>]
    const c = rootColumn(measure.bins)
    const unit = Number(c[0])
    const sigma = 1_000n * (c[0] as bigint)
    const [cell] = shown(
      query,
      timesRoot(
        c,
        c.map(() => 100n),
      ),
      sigma * sigma,
    )
    const spread = Math.sqrt(c.slice(0, 10).reduce((sum, one) => sum + (Number(one) / unit) ** 2, 0))
    const half = (Number(cell?.interval?.high) - Number(cell?.interval?.low)) / 2
    expect(half / (1.959964 * 1_000 * spread)).toBeCloseTo(1, 3)
  })

  it('a limit is a literal on the grid of what is compared with it', async () => {
    for (const [call, code] of [
      ['PERCENT_BELOW(quantity, 1.5)', 'query.type_mismatch'],
      ['PERCENT_BELOW(quantity, points)', 'query.type_mismatch'],
      ['PERCENT_BELOW(note, 1)', 'query.type_mismatch'],
      ['COUNT_BELOW(points, 1)', 'privacy.bound_missing'],
      ['AVG_PER_PERSON(points)', 'privacy.bound_missing'],
      ['AVG_PER_PERSON(note)', 'query.type_mismatch'],
    ] as const) {
      const outcome = await parseQuery(`SELECT ${call} FROM basket_lines`, catalogue)
      expect(outcome.ok ? 'accepted' : outcome.refusal.code, call).toBe(code)
    }
  })
})
