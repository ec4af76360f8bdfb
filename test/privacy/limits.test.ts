import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chargesByDay,
  classLimit,
  cohortDelta,
  defaultLimits,
  deltaLimits,
  exhaustsAt,
  firstDayOf,
  fits,
  rhoLimits,
  type Stint,
} from '../../src/privacy/limits.ts'
import type { Limits } from '../../src/release/ports.ts'

describe('the limits of one person', () => {
  it('by default are 0.05 in any 30 days, 0.5 in any 365 and 3 for life', () => {
    const limits: Limits = defaultLimits
    expect(limits).toEqual({
      windows: [
        { days: 30, nano: 50_000_000n, delta: 100_000n },
        { days: 365, nano: 500_000_000n, delta: 1_000_000n },
      ],
      life: { nano: 3_000_000_000n, delta: 1_000_000n },
      houseShare: 3_000_000n,
      maxPerRelease: 5_000_000n,
      headCount: 500_000n,
    })
  })

  it('low is a fifth, rounded down, medium once, high twice', () => {
    expect(classLimit(50_000_004n, 'low')).toBe(10_000_000n)
    expect(classLimit(50_000_004n, 'medium')).toBe(50_000_004n)
    expect(classLimit(50_000_004n, 'high')).toBe(100_000_008n)
  })

  it('ordinary releases see each limit less the house share; the house’s own see it whole', () => {
    expect(rhoLimits(defaultLimits, 'low', 'ordinary')).toEqual({
      windows: [
        { days: 30, limit: 7_000_000n },
        { days: 365, limit: 97_000_000n },
      ],
      life: 597_000_000n,
    })
    expect(rhoLimits(defaultLimits, 'medium', 'house')).toEqual({
      windows: [
        { days: 30, limit: 50_000_000n },
        { days: 365, limit: 500_000_000n },
      ],
      life: 3_000_000_000n,
    })
    expect(deltaLimits(defaultLimits, 'high')).toEqual({
      windows: [
        { days: 30, limit: 200_000n },
        { days: 365, limit: 2_000_000n },
      ],
      life: 2_000_000n,
    })
  })

  it('among many people the shortest window of the public ledger holds less delta: with the 10^-9 of the statement 1/(10 N^)', () => {
    expect([1n, 100_000n, 1_000_000n, 50_000_000n, 100_000_000n, 10n ** 12n].map(cohortDelta)).toEqual([
      99_999_999_000n,
      999_000n,
      99_000n,
      1_000n,
      0n,
      0n,
    ])
    const windows = (people: bigint) =>
      deltaLimits(defaultLimits, 'medium', cohortDelta(people)).windows.map(({ limit }) => limit)
    expect(windows(10_000n)).toEqual([100_000n, 1_000_000n])
    expect(windows(2_000_000n)).toEqual([49_000n, 1_000_000n])
    // A hundred releases of 10^-9 fit among a million people less one, as the specification says of 10^-7.
    expect(windows(1_000_000n)[0]).toBe(99_000n)
  })

  it('a person may lower the life limit, never raise it', () => {
    expect(rhoLimits(defaultLimits, 'medium', 'house', 100n).life).toBe(100n)
    expect(rhoLimits(defaultLimits, 'low', 'house', 10n ** 12n).life).toBe(600_000_000n)
    expect(rhoLimits(defaultLimits, 'medium', 'ordinary', 0n).life).toBe(-3_000_000n)
  })

  it('a window of 30 days is today and the 30 days before, so that it covers every span of 30 times 24 hours', () => {
    expect(firstDayOf(30, 100)).toBe(70)
  })
})

/** A person's life, told twice: by the cohort's indices, and by a plain list of the person's own charges. */
const life = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('release' as const), amount: fc.bigInt(0n, 30n) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave or join' as const) }) },
  ),
  { minLength: 30, maxLength: 150 },
)

describe('where a cohort’s index exhausts a person', () => {
  const limits = {
    windows: [
      { days: 3, limit: 60n },
      { days: 10, limit: 130n },
    ],
    life: 220n,
  }

  it('says of every release whether it fits exactly as a sum over the person’s own charges does', () => {
    let refused = 0
    fc.assert(
      fc.property(life, (events) => {
        let today = 0
        let index = 0n
        const openings = new Map<number, bigint>([[0, 0n]])
        const openingOf = (day: number): bigint => openings.get(day) ?? 0n
        const own: { day: number; amount: bigint }[] = []
        const carry: { day: number; amount: bigint }[] = []
        let spentBefore = 0n
        let current: { joinedAt: bigint; joinedOn: number } | undefined
        const leave = (): void => {
          if (!current) return
          for (const charge of chargesByDay({ ...current, index, today }, openingOf)) {
            carry.push(charge)
            spentBefore += charge.amount
          }
          current = undefined
        }
        for (const event of events) {
          if (event.kind === 'days') {
            for (let i = 0; i < event.days; i++) openings.set(++today, index)
          } else if (event.kind === 'leave or join') {
            if (current) leave()
            else current = { joinedAt: index, joinedOn: today }
          } else {
            if (current) {
              const stint: Stint = { joinedAt: current.joinedAt, spentBefore, carry }
              const sum = (from: number): bigint =>
                own.reduce((total, charge) => (charge.day >= from ? total + charge.amount : total), 0n)
              const plainly =
                limits.windows.every((w) => sum(today - w.days) + event.amount <= w.limit) &&
                sum(Number.NEGATIVE_INFINITY) + event.amount <= limits.life
              expect(fits(index, event.amount, exhaustsAt(limits, stint, today, openingOf))).toBe(plainly)
              if (plainly) own.push({ day: today, amount: event.amount })
              else {
                refused++
                leave()
              }
            }
            index += event.amount
          }
        }
        leave()
        expect(spentBefore).toBe(own.reduce((total, charge) => total + charge.amount, 0n))
      }),
      { numRuns: 500 },
    )
    expect(refused).toBeGreaterThan(100)
  })

  it('a charge leaves the window on the first day that lies wholly behind it', () => {
    const stint: Stint = { joinedAt: 0n, spentBefore: 0n, carry: [] }
    const one = { windows: [{ days: 30, limit: 50n }], life: 1000n }
    // Charged 50 on day 0: B opened day 0 with 0 and every later day with 50.
    const openingOf = (day: number): bigint => (day <= 0 ? 0n : 50n)
    expect(fits(50n, 1n, exhaustsAt(one, stint, 30, openingOf))).toBe(false)
    expect(fits(50n, 50n, exhaustsAt(one, stint, 31, openingOf))).toBe(true)
    expect(fits(50n, 51n, exhaustsAt(one, stint, 31, openingOf))).toBe(false)
  })

  it('somebody who joins late has spent nothing of what was charged before', () => {
    const late: Stint = { joinedAt: 900n, spentBefore: 0n, carry: [] }
    const limit = { windows: [{ days: 30, limit: 50n }], life: 60n }
    expect(exhaustsAt(limit, late, 5, () => 0n)).toBe(950n)
  })

  it('the life limit counts earlier stints too, however long ago', () => {
    const again: Stint = { joinedAt: 5000n, spentBefore: 950n, carry: [] }
    const limit = { windows: [{ days: 30, limit: 500n }], life: 1000n }
    expect(exhaustsAt(limit, again, 900, () => 0n)).toBe(5050n)
  })

  it('leaving and coming back on the same day brings nothing back', () => {
    const back: Stint = { joinedAt: 40n, spentBefore: 40n, carry: [{ day: 7, amount: 40n }] }
    const limit = { windows: [{ days: 30, limit: 50n }], life: 1000n }
    expect(exhaustsAt(limit, back, 7, () => 0n)).toBe(50n)
  })

  it('what a stint was charged, by day, adds up to its whole', () => {
    const openings: Record<number, bigint> = { 3: 10n, 4: 10n, 5: 25n }
    const charges = chargesByDay({ joinedAt: 7n, joinedOn: 2, index: 31n, today: 5 }, (day) => openings[day] ?? 0n)
    expect(charges).toEqual([
      { day: 2, amount: 3n },
      { day: 4, amount: 15n },
      { day: 5, amount: 6n },
    ])
    expect(() => chargesByDay({ joinedAt: 9n, joinedOn: 2, index: 8n, today: 2 }, () => 0n)).toThrow(
      'indices only grow',
    )
  })
})
