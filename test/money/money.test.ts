import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ceilDiv } from '../../src/base/integer.ts'
import { parseRational, rational } from '../../src/base/rational.ts'
import type { Tariff } from '../../src/contract/catalogue.ts'
import { amountText, parseAmount, parseLimit, parseRho, payText, rhoText } from '../../src/money/amount.ts'
import { payFor, poolFor, priceOf, rateFor } from '../../src/money/tariff.ts'

const tariff: Tariff = {
  fee: 1_000_000n,
  floorPerMilliRho: 500_000n,
  peoplesShare: rational(7n, 10n),
  remainder: { steward: rational(2n, 3n), operator: rational(1n, 6n), reserve: rational(1n, 6n) },
  multiplier: { 'product-statistics': rational(3n, 2n) },
}
const nano = fc.bigInt({ min: 1n, max: 5_000_000n })
const people = fc.bigInt({ min: 0n, max: 10_000_000n })
const rate = fc.bigInt({ min: 0n, max: 10_000n })
const purpose = fc.constantFrom('product-statistics', 'scientific-research')

describe('price and pay', () => {
  it('add up to the last micro-unit: pool and shares are the price', () => {
    fc.assert(
      fc.property(nano, people, rate, purpose, (loss, bound, posted, use) => {
        const { price, pool, shares } = priceOf(tariff, use, bound, posted, loss)
        expect(pool + shares.steward + shares.operator + shares.reserve).toBe(price)
        expect(shares.steward >= 0n && shares.operator >= 0n && shares.reserve >= 0n).toBe(true)
      }),
    )
  })
  it('cover what everybody up to the published bound is owed', () => {
    fc.assert(
      fc.property(nano, people, rate, purpose, (loss, bound, posted, use) => {
        const { pool, rate: effective } = priceOf(tariff, use, bound, posted, loss)
        expect(pool * 1_000_000n >= bound * payFor(effective, loss)).toBe(true)
      }),
    )
  })
  it('never reward buying in parts: k parts cost at least as much as the whole', () => {
    fc.assert(
      fc.property(
        fc.array(nano, { minLength: 1, maxLength: 6 }),
        people,
        rate,
        purpose,
        (parts, bound, posted, use) => {
          const whole = priceOf(
            tariff,
            use,
            bound,
            posted,
            parts.reduce((sum, one) => sum + one, 0n),
          ).price
          const split = parts.reduce((sum, one) => sum + priceOf(tariff, use, bound, posted, one).price, 0n)
          expect(split >= whole).toBe(true)
        },
      ),
    )
  })
  it('never pay a person more for the same loss bought in parts', () => {
    fc.assert(
      fc.property(
        nano,
        nano,
        rate,
        (a, b, posted) => void expect(payFor(posted, a) + payFor(posted, b)).toBe(payFor(posted, a + b)),
      ),
    )
  })
  it('rise with the bound, the rate and the loss', () => {
    fc.assert(
      fc.property(nano, people, rate, purpose, (loss, bound, posted, use) => {
        const { price } = priceOf(tariff, use, bound, posted, loss)
        expect(priceOf(tariff, use, bound + 1n, posted, loss).price >= price).toBe(true)
        expect(priceOf(tariff, use, bound, posted + 1n, loss).price >= price).toBe(true)
        expect(priceOf(tariff, use, bound, posted, loss + 1n).price >= price).toBe(true)
      }),
    )
  })
  it('leave the people their share of the base price', () => {
    const { pool, price, fee } = priceOf(
      { ...tariff, floorPerMilliRho: 0n },
      'scientific-research',
      7_000n,
      10n,
      500_000n,
    )
    expect(pool).toBe(35_000n)
    expect(price - fee).toBe(50_000n)
  })
  it('ask the floor where few people would make an answer too cheap', () => {
    expect(priceOf(tariff, 'scientific-research', 1n, 1n, 1_000_000n).price).toBe(1_500_000n)
    expect(priceOf(tariff, 'product-statistics', 1n, 1n, 1_000_000n).price).toBe(1_750_000n)
  })
  it('let the rate rise with the multiplier, rounded down, and the pool be rounded up', () => {
    expect(rateFor(3n, rational(3n, 2n))).toBe(4n)
    expect(poolFor(3n, 1n, 1n)).toBe(1n)
  })
})

describe('the linear price of the vectors', () => {
  const { vectors } = JSON.parse(readFileSync(new URL('../vectors/dp.json', import.meta.url), 'utf8'))
  for (const one of vectors.price_linear)
    it(`is ${one.price_micro} for ${one.rho_nano} nano-rho at ${one.rate_micro_per_milli_rho} and ${one.multiplier}`, () => {
      const multiplier = parseRational(one.multiplier) ?? rational(1n)
      // One person and a share of one make the base price the linear rule of the vector.
      const linear: Tariff = {
        ...tariff,
        fee: BigInt(one.fee_micro),
        floorPerMilliRho: BigInt(one.rate_micro_per_milli_rho),
        peoplesShare: rational(1n),
        multiplier: { p: multiplier },
      }
      const expected =
        BigInt(one.fee_micro) +
        ceilDiv(BigInt(one.rate_micro_per_milli_rho) * BigInt(one.rho_nano) * multiplier.n, 1_000_000n * multiplier.d)
      expect(priceOf(linear, 'p', 0n, 0n, BigInt(one.rho_nano)).price).toBe(expected)
      expect(expected).toBe(BigInt(one.price_micro))
    })
})

describe('amounts as texts', () => {
  it('are read and written exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 18n }),
        (amount) => void expect(parseAmount(amountText(amount))).toEqual({ ok: true, value: amount }),
      ),
    )
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        (loss) => void expect(parseRho(rhoText(loss))).toEqual({ ok: true, value: loss }),
      ),
    )
  })
  it('take a limit of nothing, which is no amount', () => {
    for (const text of ['0', '0.00', '0.000000']) expect(parseLimit(text)).toEqual({ ok: true, value: 0n })
    expect(parseLimit('12.50')).toEqual({ ok: true, value: 12_500_000n })
    for (const text of ['-0', '0.0000000', '', 'x']) expect(parseLimit(text)).toMatchObject({ ok: false })
  })
  it('refuse zero, signs, exponents and fractions of a micro-unit', () => {
    for (const text of ['0', '-1', '1e3', '', 'x', '1.0000001'])
      expect(parseAmount(text)).toMatchObject({ ok: false, refusal: { code: 'market.amount_invalid' } })
    for (const text of ['0', '-1', '1e-3', '0.0000000001'])
      expect(parseRho(text)).toMatchObject({ ok: false, refusal: { code: 'privacy.rho_out_of_range' } })
  })
  it('show small pay to the last digit that counts', () => {
    expect([payText(5_000_000n), payText(3_000_000_000_000n), amountText(12_500_000n)]).toEqual([
      '0.000005',
      '3.00',
      '12.50',
    ])
  })
})
