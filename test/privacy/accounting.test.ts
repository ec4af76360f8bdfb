import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rational } from '../../src/base/rational.ts'
import { deltaOf, epsilonOf, epsilonText, epsToRho, nanoOf, rhoToEps, totalLoss } from '../../src/privacy/accounting.ts'
import { exact, vectors } from './vectors.ts'

describe('what a loss in rho means as epsilon and delta', () => {
  it.each(vectors.rho_to_eps)(
    'epsilon of rho $rho at delta $delta is not below the true value, and within 10^-12',
    ({ rho, delta, eps_zcdp }) => {
      const epsilon = rhoToEps(Number(rho), Number(delta))
      expect(epsilon).toBeGreaterThanOrEqual(Number(eps_zcdp))
      expect(epsilon).toBeLessThanOrEqual(Number(eps_zcdp) * (1 + 1e-12))
    },
  )

  it.each(vectors.eps_to_rho)(
    'rho of epsilon $eps at delta $delta is not above the true value, and within 10^-9',
    ({ eps, delta, rho }) => {
      const found = epsToRho(Number(eps), Number(delta))
      expect(found).toBeLessThanOrEqual(Number(rho))
      expect(found).toBeGreaterThanOrEqual(Number(rho) * (1 - 1e-9))
    },
  )

  it.each(vectors.delta_from_rho_eps)(
    'delta of rho $rho and epsilon $eps is not below the true value, and within 10^-9',
    ({ rho, eps, delta }) => {
      const found = deltaOf(Number(rho), Number(eps))
      expect(found).toBeGreaterThanOrEqual(Number(delta))
      expect(found).toBeLessThanOrEqual(Number(delta) * (1 + 1e-9))
    },
  )

  it.each(vectors.published_checks)('agrees with what others published: $what', ({ what, value, computed_here }) => {
    const delta = /cdp_delta\(rho=([^,]+),eps=([^)]+)\)/.exec(what)
    if (delta) {
      const found = deltaOf(Number(delta[1]), Number(delta[2]))
      expect(Math.abs(found / Number(value) - 1)).toBeLessThan(1e-10)
      return
    }
    // The published rho is rounded to two digits, so epsilon agrees only about; with the number computed from that rho, it agrees fully.
    const [, rho] = /rho=([\d.]+)/.exec(what) as RegExpExecArray
    const found = rhoToEps(Number(rho), 1e-10)
    expect(Math.abs(found / Number(value) - 1)).toBeLessThan(0.05)
    expect(Math.abs(found / Number(computed_here) - 1)).toBeLessThan(1e-11)
  })

  it.each(vectors.lifetime_over_windows)(
    '$windows windows at rho $rho_per_window add up to epsilon $eps_1e9 for life',
    (entry) => {
      const window = { nano: nanoOf(exact(entry.rho_per_window)), delta: 0n }
      const total = totalLoss(Array.from({ length: entry.windows }, () => window))
      expect(total.nano).toBe(nanoOf(exact(entry.rho_total)))
      expect(epsilonOf(total).toPrecision(10)).toBe(Number(entry.eps_1e9).toPrecision(10))
    },
  )

  it('epsilon and delta are two readings of one curve: there and back never claims more privacy than there is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 20, noNaN: true }),
        fc.double({ min: 1e-14, max: 1e-5, noNaN: true }),
        (rho, delta) => {
          const epsilon = rhoToEps(rho, delta)
          expect(epsToRho(epsilon, delta)).toBeLessThanOrEqual(rho * (1 + 1e-6))
          expect(deltaOf(rho, epsilon)).toBeLessThanOrEqual(delta * (1 + 1e-6))
          expect(rhoToEps(rho * 1.01, delta)).toBeGreaterThan(epsilon)
          expect(rhoToEps(rho, delta / 2)).toBeGreaterThanOrEqual(epsilon)
          // The classic formula of Bun and Steinke is valid and looser.
          expect(epsilon).toBeLessThan(rho + 2 * Math.sqrt(rho * Math.log(1 / delta)))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('no loss is epsilon 0, and arguments out of range are not answered', () => {
    expect(rhoToEps(0, 1e-9)).toBe(0)
    for (const rho of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => rhoToEps(rho, 1e-9)).toThrow(RangeError)
    for (const delta of [0, 1, -1, Number.NaN]) {
      expect(() => rhoToEps(1, delta)).toThrow(RangeError)
      expect(() => epsToRho(1, delta)).toThrow(RangeError)
    }
    expect(() => epsToRho(-1, 1e-9)).toThrow(RangeError)
    expect(() => deltaOf(0, 1)).toThrow(RangeError)
    expect(() => deltaOf(1, -1)).toThrow(RangeError)
  })

  it('extreme losses give numbers, not nonsense', () => {
    for (const rho of [1e-300, 1e-30, 1e3, 1e9]) {
      expect(rhoToEps(rho, 1e-9)).toBeGreaterThanOrEqual(0)
      expect(Number.isFinite(rhoToEps(rho, 1e-9))).toBe(true)
      expect(deltaOf(rho, 0)).toBeLessThanOrEqual(1)
    }
  })
})

describe('losses in whole nano-rho', () => {
  it('a fraction of a nano-rho is charged as a whole one', () => {
    expect(nanoOf(rational(1n, 2000n))).toBe(500_000n)
    expect(nanoOf(rational(1n, 3n))).toBe(333_333_334n)
    expect(nanoOf(rational(1n, 10n ** 12n))).toBe(1n)
    expect(nanoOf(rational(0n))).toBe(0n)
  })

  it('rho and delta both add up, and a negative loss is a bug', () => {
    const sum = totalLoss([
      { nano: 5n, delta: 1n },
      { nano: 7n, delta: 2n },
    ])
    expect(sum).toEqual({ nano: 12n, delta: 3n })
    expect(totalLoss([])).toEqual({ nano: 0n, delta: 0n })
    expect(() => totalLoss([{ nano: -1n, delta: 0n }])).toThrow('never negative')
  })

  it('epsilon is shown with three digits, never rounded down', () => {
    expect(epsilonText(50_000_000n)).toBe('1.89')
    expect(epsilonText(500_000_000n)).toBe('6.48')
    expect(epsilonText(3_000_000_000n)).toBe('18.0')
    expect(epsilonText(500_000n)).toBe('0.172')
    expect(epsilonText(0n)).toBe('0')
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 11n), (nano) => {
        const epsilon = epsilonOf({ nano, delta: 0n })
        expect(Number(epsilonText(nano))).toBeGreaterThanOrEqual(epsilon)
        expect(Number(epsilonText(nano))).toBeLessThanOrEqual(epsilon * 1.0101)
      }),
      { numRuns: 300 },
    )
  })
})
