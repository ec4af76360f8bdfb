import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalText, rational } from '../../src/base/rational.ts'
import { durationDays, onGrid, parseExact, placesOf, windowsOf } from '../../src/contract/exact.ts'

describe('exact numbers of a contract', () => {
  it('reads decimals, exponents and fractions without a float', () => {
    expect(parseExact('0.0005')).toEqual(rational(5n, 10_000n))
    expect(parseExact('1e-4')).toEqual(rational(1n, 10_000n))
    expect(parseExact('+2.50E+2')).toEqual(rational(250n))
    expect(parseExact('.5')).toEqual(rational(1n, 2n))
    expect(parseExact('3/2')).toEqual(rational(3n, 2n))
    expect(parseExact('9007199254740993.000000001')).toEqual(rational(9007199254740993000000001n, 1_000_000_000n))
  })

  it('reads nothing else as a number', () => {
    for (const text of [
      '',
      '.',
      '0x10',
      '0o7',
      '.inf',
      '.nan',
      '1_000',
      '1,5',
      '1/0',
      '1e999',
      '--1',
      '1 2',
      'e5',
      '9'.repeat(70),
    ])
      expect(parseExact(text), text).toBeUndefined()
  })

  it('gives back every decimal that it reads, on its grid', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(9), (units, scale) => {
        const exact = parseExact(decimalText(units, scale))
        expect(exact && onGrid(exact, scale)).toBe(units)
      }),
      { numRuns: 300 },
    )
  })

  it('knows the powers of ten that are a grid', () => {
    expect(placesOf(rational(1n))).toBe(0)
    expect(placesOf(rational(1n, 100n))).toBe(2)
    expect(placesOf(rational(1n, 10n ** 9n))).toBe(9)
    for (const step of [rational(10n), rational(1n, 10n ** 10n), rational(1n, 20n), rational(0n)])
      expect(placesOf(step)).toBeUndefined()
  })
})

describe('windows of time', () => {
  it('counts the shortest months and years for bounds, the longest for budgets', () => {
    expect(durationDays('P28D', 'shortest')).toBe(28)
    expect(durationDays('P4W', 'shortest')).toBe(28)
    expect(durationDays('P1M', 'shortest')).toBe(28)
    expect(durationDays('P1Y', 'shortest')).toBe(365)
    expect(durationDays('P1Y1M1W1D', 'shortest')).toBe(401)
    expect(durationDays('P1M', 'longest')).toBe(31)
    expect(durationDays('P1Y', 'longest')).toBe(366)
    for (const text of ['P', 'P0D', '28', 'PT4H', 'P1DT4H', 'P1.5D', 'p1d', '-P1D', 'P1D1M'])
      expect(durationDays(text, 'shortest'), text).toBeUndefined()
  })

  it('gives 15 windows of 28 days to a year, and 2 to a span of one window', () => {
    expect(windowsOf(365, 28)).toBe(15n)
    expect(windowsOf(28, 28)).toBe(2n)
    expect(windowsOf(1, 365)).toBe(2n)
  })

  it('never counts fewer windows than a span can touch, wherever the first one begins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(400),
        (span, per, offset) => {
          const first = Math.floor(offset / per)
          const last = Math.floor((offset + span - 1) / per)
          expect(windowsOf(span, per)).toBeGreaterThanOrEqual(BigInt(last - first + 1))
        },
      ),
      { numRuns: 500 },
    )
  })
})
