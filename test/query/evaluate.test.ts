import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rootColumn, rootUnit, timesRoot } from '../../src/base/prefix-sums.ts'
import { rational } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { discreteGaussian } from '../../src/privacy/discrete-gaussian.ts'
import { type AnswerRow, cellAt, channelCount, evaluate } from '../../src/query/evaluate.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { seeded } from '../privacy/seeded.ts'
import { catalogue } from './catalogue.ts'

/** The answer to a question for given noisy integers; each channel has noise of deviation sigma and half-width 2 sigma. */
async function answer(sql: string, values: readonly (readonly bigint[])[], sigma = 10n): Promise<readonly AnswerRow[]> {
  const query = expectAccepted(await parseQuery(sql, catalogue))
  const sigma2 = Array.from({ length: channelCount(query.measures) }, () => rational(sigma * sigma))
  return evaluate(query, { values, sigma2, halfWidth: () => 2n * sigma })
}
const texts = (rows: readonly AnswerRow[]) => rows.map((row) => row.cells.map((cell) => cell.value))

describe('values and their error', () => {
  it('a count or a sum: exact text on its grid, with the interval of its noise', async () => {
    const [row] = await answer('SELECT COUNT(*) AS n, SUM(spend) AS s FROM basket_lines', [[1_000n, 123_456n]])
    expect(row?.cells[0]).toEqual({
      name: 'n',
      value: '1000',
      interval: { low: '980', high: '1020' },
      method: 'exact',
      word: 'solid',
    })
    expect(row?.cells[1]).toMatchObject({
      value: '1234.56',
      interval: { low: '1234.36', high: '1234.76' },
      method: 'exact',
    })
  })

  it('one word for each: solid to 10 %, rough to 50 %, else noise', async () => {
    const word = async (n: bigint) => (await answer('SELECT COUNT(*) FROM basket_lines', [[n]]))[0]?.cells[0]?.word
    expect(await word(200n)).toBe('solid')
    expect(await word(199n)).toBe('rough')
    expect(await word(40n)).toBe('rough')
    expect(await word(39n)).toBe('noise')
    expect(await word(0n)).toBe('noise')
    expect(await word(-500n)).toBe('solid')
  })

  it('an average: centre plus sum over rows, within the declared range, to four decimals more than the grid', async () => {
    // centre 95.00; 1000 rows; S = -9,000,001 cents
    const [row] = await answer('SELECT AVG(spend) FROM basket_lines', [[1_000n, -9_000_001n]])
    expect(row?.cells[0]).toMatchObject({ value: '4.999990', method: 'delta', word: 'rough' })
    const { low, high } = row?.cells[0]?.interval ?? { low: '', high: '' }
    // se² = (10² + 9000²·10²) / 1000² in cents: se = 90.0005 cents
    expect(Number(high) - Number(low)).toBeCloseTo(2 * 1.959964 * 0.900005, 4)
    const [over] = await answer('SELECT AVG(spend) FROM basket_lines', [[1_000n, 99_999_999n]])
    expect(over?.cells[0]?.value).toBe('200.000000')
  })

  it('an average over too few rows is marked insufficient; over none it stays in the range', async () => {
    const [few] = await answer('SELECT AVG(spend) FROM basket_lines', [[25n, 0n]])
    expect(few?.cells[0]).toMatchObject({ insufficient: true, method: 'fieller', word: 'noise' })
    const [none] = await answer('SELECT AVG(spend) FROM basket_lines', [[-3n, 17n]])
    expect(none?.cells[0]).toMatchObject({
      value: '95.170000',
      interval: { low: '-10.000000', high: '200.000000' },
      insufficient: true,
    })
  })

  it('variance and deviation: from three moments, whatever the centre, within what the range allows', async () => {
    const sql = 'SELECT VAR_POP(quantity), VARIANCE(quantity), STDDEV(quantity), AVG(quantity) FROM basket_lines'
    const query = expectAccepted(await parseQuery(sql, catalogue))
    expect(query.measures).toHaveLength(1)
    // centre 25, U = 25, h = 312; 1000 rows, half of them 10 and half 20: d = -15 and -5, S = -10,000, T = 125,000 - 312,000
    const [row] = await answer(sql, [[1_000n, -10_000n, -187_000n]], 1n)
    expect(texts([row as AnswerRow])[0]).toEqual(['25.0000', '25.0250', row?.cells[2]?.value, '15.0000'])
    expect(Number(row?.cells[2]?.value)).toBeCloseTo(Math.sqrt(25.025025), 4)
    expect(row?.cells[0]).toMatchObject({ method: 'delta', word: 'solid' })
    // Slopes: by n -T/n² + 2(S/n)²/n = 0.387, by S -2(S/n)/n = 0.02, by T 0.001.
    const { low, high } = row?.cells[0]?.interval ?? { low: '', high: '' }
    expect(Number(high) - Number(low)).toBeCloseTo(2 * 1.959964 * Math.hypot(0.387, 0.02, 0.001), 3)
    const [few] = await answer(sql, [[2n, 0n, 0n]], 1n)
    expect(few?.cells[0]).toMatchObject({
      interval: { low: '0.0000', high: '625.0000' },
      insufficient: true,
      word: 'noise',
    })
    const [below] = await answer(sql, [[1_000n, 0n, -999_000n]], 1n)
    expect(below?.cells[0]?.value).toBe('0.0000')
  })

  it('quantiles: read off the prefix sums of one release, with an interval that covers, and marked where hardly anybody is', async () => {
    const sql = 'SELECT MEDIAN(quantity) AS m, QUANTILE(quantity, 0.9) AS q, QUANTILE(quantity, 0.1) FROM basket_lines'
    const query = expectAccepted(await parseQuery(sql, catalogue))
    expect(query.measures).toMatchObject([
      { kind: 'distribution', low: 0n, high: 50n, step: 1n, bins: 51, maxGroups: 1n },
    ])
    // 20 people at each of 0 … 50: the 510th of 1,020 is at 25, the 918th at 45, the 102nd at 5.
    const y = timesRoot(
      rootColumn(51),
      Array.from({ length: 51 }, () => 20n),
    )
    const exact = (await answer(sql, [[...y]], 1n))[0]
    expect(texts([exact as AnswerRow])).toEqual([['25', '45', '5']])
    expect(exact?.cells[0]).toMatchObject({ interval: { low: '25', high: '25' }, word: 'solid' })
    let covered = 0
    const sigma = 10n * rootUnit
    for (let run = 0; run < 200; run++) {
      const sample = discreteGaussian(rational(sigma * sigma), seeded(`quantile ${run}`))
      const noisy = y.map((one) => one + sample())
      const cell = (await answer(sql, [noisy], sigma))[0]?.cells[0]
      if (Number(cell?.interval?.low) <= 25 && Number(cell?.interval?.high) >= 25) covered++
    }
    expect(covered).toBeGreaterThanOrEqual(180)
    const few = (
      await answer(sql, [[...timesRoot(rootColumn(51), [1n, ...Array.from({ length: 50 }, () => 0n)])]], sigma)
    )[0]
    expect(few?.cells[0]).toMatchObject({ interval: { low: '0', high: '50' }, insufficient: true, word: 'noise' })
  })

  it('arithmetic is exact; its interval is marked approximate', async () => {
    const [row] = await answer(
      'SELECT SUM(spend) / COUNT(*) AS mean, COUNT(*) * 0.5 AS half, ROUND(SUM(spend), 0) FROM basket_lines',
      [[10_000n, 300n]],
    )
    expect(row?.cells[0]).toMatchObject({ value: '0.33333333', method: 'approximate' })
    expect(row?.cells[1]).toMatchObject({
      value: '150.0',
      method: 'approximate',
      interval: { low: '140.2', high: '159.8' },
    })
    expect(row?.cells[2]?.value).toBe('100')
  })

  it('noise that cancels is not counted twice: a number divided by itself is 1 without error', async () => {
    const [row] = await answer('SELECT COUNT(*) / COUNT(*) FROM basket_lines', [[77n]])
    expect(row?.cells[0]).toMatchObject({ value: '1.000000', interval: { low: '1.000000', high: '1.000000' } })
  })

  it('division by zero gives no value, and no error', async () => {
    const rows = await answer(
      'SELECT SUM(spend) / COUNT(*), COALESCE(SUM(spend) / COUNT(*), 0), NULLIF(COUNT(*), 0) FROM basket_lines',
      [[5n, 0n]],
    )
    expect(texts(rows)).toEqual([[null, '0', null]])
  })

  it('constants, group keys and conditions have no error', async () => {
    const [row] = await answer("SELECT 'x' AS label, 1.50, TRUE, COUNT(*) > 3, GREATEST(1, 2) FROM basket_lines", [
      [5n],
    ])
    expect(row?.cells).toEqual([
      { name: 'label', value: 'x' },
      { name: 'value', value: '1.5' },
      { name: 'value_2', value: 'true' },
      { name: 'value_3', value: 'true' },
      { name: 'greatest', value: '2' },
    ])
  })
})

describe('rows', () => {
  const byRegion = 'SELECT region, COUNT(*) AS n FROM members GROUP BY region'
  const counts = [[5n], [-2n], [9n], [5n]]

  it('every declared group is shown, in declared order', async () => {
    expect(texts(await answer(byRegion, counts))).toEqual([
      ['north', '5'],
      ['south', '-2'],
      ['east', '9'],
      ['west', '5'],
    ])
  })

  it('HAVING keeps what is true; what is not known is not true', async () => {
    expect(texts(await answer(`${byRegion} HAVING COUNT(*) >= 5`, counts)).map(([region]) => region)).toEqual([
      'north',
      'east',
      'west',
    ])
    expect(
      texts(await answer(`${byRegion} HAVING NOT (1 / (COUNT(*) - 5) > 0)`, counts)).map(([region]) => region),
    ).toEqual(['south'])
    expect(
      texts(await answer(`${byRegion} HAVING region = 'west' OR 1 / (COUNT(*) - 5) > 0`, counts)).map(
        ([region]) => region,
      ),
    ).toEqual(['east', 'west'])
  })

  it('ORDER BY is stable, puts missing values last both ways, and LIMIT and OFFSET follow it', async () => {
    expect(texts(await answer(`${byRegion} ORDER BY n DESC`, counts)).map(([region]) => region)).toEqual([
      'east',
      'north',
      'west',
      'south',
    ])
    expect(texts(await answer(`${byRegion} ORDER BY n, region DESC`, counts)).map(([region]) => region)).toEqual([
      'south',
      'west',
      'north',
      'east',
    ])
    expect(
      texts(await answer(`${byRegion} ORDER BY 1 / (COUNT(*) - 5) DESC`, counts)).map(([region]) => region),
    ).toEqual(['east', 'south', 'north', 'west'])
    expect(texts(await answer(`${byRegion} ORDER BY 1 / (COUNT(*) - 5)`, counts)).map(([region]) => region)).toEqual([
      'south',
      'east',
      'north',
      'west',
    ])
    expect(
      texts(await answer(`${byRegion} ORDER BY n DESC LIMIT 2 OFFSET 1`, counts)).map(([region]) => region),
    ).toEqual(['north', 'west'])
    expect(texts(await answer(`${byRegion} LIMIT 0`, counts))).toEqual([])
  })

  it('cells are numbered with the first key slowest', async () => {
    const query = expectAccepted(await parseQuery('SELECT COUNT(*) FROM members GROUP BY region, tier', catalogue))
    expect(cellAt(query.groups, 0)).toEqual(['north', 'basic'])
    expect(cellAt(query.groups, 2)).toEqual(['north', null])
    expect(cellAt(query.groups, 11)).toEqual(['west', null])
  })

  it('any integers give an answer whose value lies in its interval', async () => {
    const query = expectAccepted(
      await parseQuery(
        'SELECT AVG(spend), SUM(spend), COUNT(*), SUM(spend) / COUNT(*), ABS(SUM(spend)) - 2 * COUNT(*) FROM basket_lines',
        catalogue,
      ),
    )
    await fc.assert(
      fc.property(
        fc.array(fc.bigInt(-(2n ** 70n), 2n ** 70n), { minLength: 4, maxLength: 4 }),
        fc.bigInt(1n, 2n ** 40n),
        (values, sigma) => {
          const sigma2 = Array.from({ length: 4 }, () => rational(sigma * sigma, 7n))
          const [row] = evaluate(query, { values: [values], sigma2, halfWidth: () => sigma })
          for (const cell of row?.cells ?? []) {
            if (cell.value === null || !cell.interval) continue
            const [low, value, high] = [cell.interval.low, cell.value, cell.interval.high].map(Number) as [
              number,
              number,
              number,
            ]
            const slack = Math.abs(value) * 1e-9 + 1e-6
            expect(low <= value + slack && value <= high + slack).toBe(true)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
