import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '../../src/base/canonical.ts'
import { dayOf, dayText, instantText, parseDay, parseInstant, startOfDay } from '../../src/base/instant.ts'
import { ceilDiv, floorDiv, gcd, isqrt } from '../../src/base/integer.ts'
import {
  add,
  ceiling,
  compare,
  decimalText,
  floor,
  parseRational,
  rational,
  rationalText,
} from '../../src/base/rational.ts'
import { positionAt, refusals } from '../../src/base/refusal.ts'

const big = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
const positive = fc.bigInt({ min: 1n, max: 10n ** 30n })

describe('exact integers', () => {
  it('rounds down and up on the side that the name says, for every sign', () => {
    fc.assert(
      fc.property(big, positive, (n, d) => {
        expect(floorDiv(n, d) * d <= n && (floorDiv(n, d) + 1n) * d > n).toBe(true)
        expect(ceilDiv(n, d) * d >= n && (ceilDiv(n, d) - 1n) * d < n).toBe(true)
      }),
    )
  })
  it('gives the floor of a square root exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 60n }), (n) => {
        const root = isqrt(n)
        expect(root * root <= n && (root + 1n) * (root + 1n) > n).toBe(true)
      }),
    )
  })
  it('refuses a divisor that is not positive and a root of a negative number', () => {
    expect(() => ceilDiv(1n, 0n)).toThrow(RangeError)
    expect(() => floorDiv(1n, -1n)).toThrow(RangeError)
    expect(() => isqrt(-1n)).toThrow(RangeError)
    expect(gcd(0n, 0n)).toBe(0n)
  })
})

describe('exact fractions', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(
        big,
        positive,
        (n, d) => void expect(parseRational(rationalText(rational(n, d)))).toEqual(rational(n, d)),
      ),
    )
  })
  it('reads decimals exactly and nothing else', () => {
    expect(parseRational('-0.25')).toEqual({ n: -1n, d: 4n })
    for (const text of ['', '1e3', '0x10', '1.', '.5', '1/0', ' 1', 'NaN', '9'.repeat(61)])
      expect(parseRational(text)).toBeUndefined()
  })
  it('orders, adds and rounds exactly', () => {
    fc.assert(
      fc.property(big, positive, big, positive, (a, b, c, d) => {
        const sum = add(rational(a, b), rational(c, d))
        expect(compare(sum, rational(a * d + c * b, b * d))).toBe(0)
        expect(floor(sum) <= ceiling(sum)).toBe(true)
      }),
    )
  })
  it('writes scaled integers as decimals', () => {
    expect([decimalText(-1234n, 2), decimalText(5n, 3), decimalText(0n, 2), decimalText(7n, 0)]).toEqual([
      '-12.34',
      '0.005',
      '0.00',
      '7',
    ])
  })
})

describe('instants', () => {
  it('reads what it writes, to the microsecond', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -2_000_000_000_000_000n, max: 4_000_000_000_000_000n }),
        (at) => void expect(parseInstant(instantText(at))).toBe(at),
      ),
    )
  })
  it('knows no 30th of February and reads zones', () => {
    expect(parseInstant('2026-02-30')).toBeUndefined()
    expect(parseInstant('2026-11-24T10:00:00+02:00')).toBe(parseInstant('2026-11-24T08:00:00Z'))
    expect(parseInstant('yesterday')).toBeUndefined()
  })
  it('puts an instant into the day that holds it, also before 1970', () => {
    expect(dayText(dayOf(-1n))).toBe('1969-12-31')
    expect(startOfDay(parseDay('2026-11-24') as number)).toBe(parseInstant('2026-11-24'))
  })
})

describe('canonical JSON', () => {
  it('gives one text whatever the order of members', () => {
    expect(canonical({ b: 1, a: [true, null, 'é'], c: undefined })).toBe('{"a":[true,null,"é"],"b":1}')
    expect(canonical({ amount: 12n })).toBe('{"amount":"12"}')
  })
  it('refuses fractions and what is no JSON', () => {
    expect(() => canonical(0.5)).toThrow(TypeError)
    expect(() => canonical((() => 1) as never)).toThrow(TypeError)
  })
  it('is read back by an ordinary parser', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false } as never), (value) => {
        const whole = JSON.parse(
          JSON.stringify(value, (_, one) => (typeof one === 'number' && !Number.isSafeInteger(one) ? 0 : one)),
        )
        expect(JSON.parse(canonical(whole))).toEqual(JSON.parse(JSON.stringify(whole)))
      }),
    )
  })
})

describe('refusals', () => {
  it('have a status that says whose turn it is, and a sentence', () => {
    for (const [code, [status, meaning]] of Object.entries(refusals)) {
      expect(code).toMatch(/^[a-z]+\.[a-z_]+$/)
      expect(status >= 400 && status <= 500).toBe(true)
      expect(meaning.endsWith('.')).toBe(true)
    }
  })
  it('say the place in UTF-16 units, with line and column from 1', () => {
    expect(positionAt('é€😀\nab', 5)).toEqual({ offset: 5, line: 2, column: 1 })
    expect(positionAt('ab', 99)).toEqual({ offset: 2, line: 1, column: 3 })
  })
})
