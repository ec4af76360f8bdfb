import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bindsOn,
  fitsOn,
  leftOn,
  type Meter,
  paceOf,
  questionsLeft,
  roomReturnsOn,
  usedOn,
} from '../../src/privacy/room.ts'

const today = 20_000
const meter = (limit: bigint, days: number | undefined, ...spending: (readonly [number, bigint])[]): Meter => ({
  limit,
  days,
  spending: spending.map(([ago, nano]) => ({ day: today - ago, nano })),
})

describe('room under public limits', () => {
  it('a window of 30 days is today and the 30 days before it', () => {
    const one = meter(100n, 30, [31, 7n], [30, 20n], [0, 3n])
    expect(usedOn(one, today)).toBe(23n)
    expect(leftOn(one, today)).toBe(77n)
    expect(usedOn(one, today + 1)).toBe(3n)
    expect(roomReturnsOn(one, today)).toBe(today + 1)
    expect(usedOn(meter(100n, undefined, [4000, 7n], [0, 3n]), today)).toBe(10n)
    expect(roomReturnsOn(meter(100n, undefined, [1, 7n]), today)).toBeUndefined()
    expect(roomReturnsOn(meter(100n, 30, [40, 7n]), today)).toBeUndefined()
  })

  it('counts questions under the tightest limit, and says on which day one fits again', () => {
    const tight = meter(20n, 30, [10, 12n], [5, 8n])
    const wide = meter(1_000n, 365, [10, 12n], [5, 8n])
    expect(questionsLeft([wide], 10n, today)).toBe(98n)
    expect(questionsLeft([tight, wide], 10n, today)).toBe(0n)
    expect(fitsOn([tight, wide], 10n, today)).toBe(today + 21)
    expect(fitsOn([tight, wide], 15n, today)).toBe(today + 26)
    expect(fitsOn([tight], 21n, today)).toBeUndefined()
    expect(fitsOn([wide], 10n, today)).toBe(today)
    expect(fitsOn([meter(20n, undefined, [10, 12n])], 10n, today)).toBeUndefined()
  })

  it('never says more or less than playing the days through', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.bigInt({ min: 1n, max: 30n })), { maxLength: 8 }),
        fc.bigInt({ min: 1n, max: 200n }),
        fc.integer({ min: 1, max: 40 }),
        fc.bigInt({ min: 1n, max: 20n }),
        (charges, limit, days, cost) => {
          const one = meter(limit, days, ...charges.sort((a, b) => b[0] - a[0]))
          // Day by day: everything ever charged, and the pace from tomorrow on, one charge a day.
          const pace = paceOf(one, today)
          let played: number | undefined
          for (let ahead = 0; ahead <= 120 && played === undefined; ahead++) {
            const day = today + ahead
            let used = one.spending.reduce((sum, c) => (c.day >= day - days && c.day <= day ? sum + c.nano : sum), 0n)
            let paced = 0n
            for (let d = today + 1; d <= day; d++) if (d >= day - days) paced += pace.nano
            used += (paced + BigInt(pace.days) - 1n) / BigInt(pace.days)
            if (used + cost > limit) played = day
          }
          expect(bindsOn(one, pace, cost, today)).toBe(played)
          const fits = fitsOn([one], cost, today)
          for (let day = today; day < (fits ?? today + 100); day++) expect(leftOn(one, day)).toBeLessThan(cost)
          if (fits !== undefined) expect(leftOn(one, fits)).toBeGreaterThanOrEqual(cost)
        },
      ),
    )
  })

  it('a pace is of the last 30 days, or since the first charge', () => {
    expect(paceOf(meter(1n, 365, [100, 50n], [29, 3n], [1, 4n]), today)).toEqual({ nano: 7n, days: 30 })
    expect(paceOf(meter(1n, 365, [4, 5n]), today)).toEqual({ nano: 5n, days: 5 })
    expect(paceOf(meter(1n, 365), today)).toEqual({ nano: 0n, days: 1 })
    expect(bindsOn(meter(100n, undefined, [0, 10n]), { nano: 10n, days: 1 }, 10n, today)).toBe(today + 9)
    expect(bindsOn(meter(100n, 30, [0, 10n]), { nano: 1n, days: 1 }, 10n, today)).toBeUndefined()
  })
})
