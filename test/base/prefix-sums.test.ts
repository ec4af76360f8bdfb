import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rootColumn, rootUnit, timesRoot } from '../../src/base/prefix-sums.ts'

const vectors = JSON.parse(readFileSync(new URL('../vectors/dp.json', import.meta.url), 'utf8')) as {
  readonly vectors: { readonly cdf_release: readonly { n: number; sqrt_factorisation_max_sd_times_sqrt2rho: string }[] }
}

describe('the square root of the matrix of prefix sums', () => {
  it('its square is the matrix of prefix sums', () => {
    const c = rootColumn(200).map((one) => Number(one) / Number(rootUnit))
    for (let i = 0; i < 200; i++) {
      const entry = c.slice(0, i + 1).reduce((sum, value, k) => sum + value * (c[i - k] as number), 0)
      expect(entry).toBeCloseTo(1, 4)
    }
  })

  it('releases every prefix sum with the published deviation', () => {
    for (const { n, sqrt_factorisation_max_sd_times_sqrt2rho: published } of vectors.vectors.cdf_release) {
      // A column's length times a row's: both are the first column's.
      const squares = rootColumn(n).reduce((sum, c) => sum + Number(c * c), 0) / Number(rootUnit * rootUnit)
      expect(squares).toBeCloseTo(Number(published), 3)
    }
  })

  it('is multiplied exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 1_000n), { minLength: 1, maxLength: 30 }), (x) => {
        const column = rootColumn(x.length)
        const plain = x.map((_, i) => x.reduce((sum, v, j) => (j <= i ? sum + v * (column[i - j] as bigint) : sum), 0n))
        expect(timesRoot(column, x)).toEqual(plain)
      }),
    )
  })
})
