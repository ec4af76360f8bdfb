import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absolute, ceilSqrt, minimum } from '../../src/base/integer.ts'
import { rootColumn, timesRoot } from '../../src/base/prefix-sums.ts'
import { channelsOf, type MeasureBound } from '../../src/privacy/sensitivity.ts'
import type { Measure } from '../../src/query/query.ts'

/** One person's record: by group, in the order in which groups are kept, the rows' values. */
type Record = readonly (readonly bigint[])[]
const records = (largest: bigint): fc.Arbitrary<Record> =>
  fc.array(fc.array(fc.bigInt(-largest, largest), { maxLength: 12 }), { maxLength: 10 })

const squared = (vector: readonly bigint[]): bigint => vector.reduce((sum, v) => sum + v * v, 0n)
const channel = (bound: MeasureBound, index = 0): bigint => channelsOf(bound)[index]?.sensitivitySquared as bigint

/** Each group counts at most maxRows; groups are kept in order while the squares of what they count stay within maxRows², the rest count nothing. */
function keptRows(record: Record, maxRows: bigint): bigint[] {
  let used = 0n
  return record.map((rows) => {
    const counted = minimum(BigInt(rows.length), maxRows)
    used += counted * counted
    return used <= maxRows * maxRows ? counted : 0n
  })
}

describe('what one person can change, when the whole record is bounded', () => {
  it('rows: at most maxRows over all groups together, as the root of the squares', () => {
    fc.assert(
      fc.property(records(1n), fc.bigInt(1n, 30n), (record, maxRows) => {
        expect(squared(keptRows(record, maxRows))).toBeLessThanOrEqual(channel({ kind: 'rows', maxRows }))
      }),
      { numRuns: 300 },
    )
  })

  it('persons: 1 in each of at most maxGroups groups, so √maxGroups and not 1', () => {
    fc.assert(
      fc.property(records(1n), fc.bigInt(1n, 8n), (record, maxGroups) => {
        const groups = record.filter((rows) => rows.length > 0).slice(0, Number(maxGroups))
        expect(squared(groups.map(() => 1n))).toBeLessThanOrEqual(channel({ kind: 'persons', maxGroups }))
      }),
      { numRuns: 300 },
    )
    expect(channel({ kind: 'persons', maxGroups: 9n })).toBe(9n)
  })

  it('sums: scaled down as a whole when their norm passes maxSum, and untouched when it does not', () => {
    fc.assert(
      fc.property(records(1_000_000n), fc.bigInt(1n, 3_000_000n), (record, maxSum) => {
        const sums = record.map((rows) => rows.reduce((sum, v) => sum + v, 0n))
        const norm = ceilSqrt(squared(sums))
        const scaled =
          squared(sums) <= maxSum ** 2n ? sums : sums.map((v) => (v < 0n ? -1n : 1n) * ((absolute(v) * maxSum) / norm))
        expect(squared(scaled)).toBeLessThanOrEqual(channel({ kind: 'sum', maxSum }))
      }),
      { numRuns: 500 },
    )
  })

  it('averages: the rows kept, and the centred sums of as many rows, each within half the range', () => {
    fc.assert(
      fc.property(records(50n), fc.bigInt(1n, 30n), (record, maxRows) => {
        const halfRange = 50n
        const counts = keptRows(record, maxRows)
        const sums = record.map((rows, i) => {
          if (rows.length === 0) return 0n
          const whole = rows.reduce((sum, v) => sum + v, 0n)
          return (whole * (counts[i] as bigint)) / BigInt(rows.length)
        })
        const bound = { kind: 'average', maxRows, halfRange } as const
        expect(squared(counts)).toBeLessThanOrEqual(channel(bound, 0))
        expect(squared(sums)).toBeLessThanOrEqual(channel(bound, 1))
      }),
      { numRuns: 500 },
    )
  })

  it('variances: the centred squares of the rows kept, each within half of the largest square', () => {
    fc.assert(
      fc.property(records(51n), fc.bigInt(1n, 30n), (record, maxRows) => {
        const halfRange = 51n
        const counts = keptRows(record, maxRows)
        const sums = record.map((rows, i) => {
          if (rows.length === 0) return 0n
          const whole = rows.reduce((sum, v) => sum + v * v - (halfRange * halfRange) / 2n, 0n)
          return (whole * (counts[i] as bigint)) / BigInt(rows.length)
        })
        const bound = { kind: 'variance', maxRows, halfRange } as const
        expect(squared(counts)).toBeLessThanOrEqual(channel(bound, 0))
        expect(squared(sums)).toBeLessThanOrEqual(channel(bound, 2))
      }),
      { numRuns: 500 },
    )
    const bound = { kind: 'variance', maxRows: 6n, halfRange: 51n } as const
    expect(channel(bound, 2)).toBe((6n * (51n * 51n - 1300n)) ** 2n)
  })

  it('distributions: a bin in each of at most maxGroups groups, as the root of the prefix sums has it', () => {
    const [maxGroups, bins] = [3n, 20]
    const bound = { kind: 'distribution', maxGroups, bins } as const
    const moved = (place: number) =>
      timesRoot(
        rootColumn(bins),
        Array.from({ length: bins }, (_, i) => (i === place ? 1n : 0n)),
      )
    fc.assert(
      fc.property(fc.array(fc.nat(bins - 1), { maxLength: Number(maxGroups) }), (places) => {
        expect(squared(places.flatMap((place) => [...moved(place)]))).toBeLessThanOrEqual(channel(bound))
      }),
    )
    expect(squared([0, 0, 0].flatMap((place) => [...moved(place)]))).toBe(channel(bound))
  })

  it('each bound is reached by some person: less noise would break the promise', () => {
    const largest = Array.from({ length: 6 }, () => 50n)
    expect(squared(keptRows([largest], 6n))).toBe(channel({ kind: 'rows', maxRows: 6n }))
    expect(squared([1n, 1n, 1n, 1n])).toBe(channel({ kind: 'persons', maxGroups: 4n }))
    expect(squared([300n, -400n])).toBe(channel({ kind: 'sum', maxSum: 500n }))
    expect(squared([largest.reduce((sum, v) => sum + v, 0n)])).toBe(
      channel({ kind: 'average', maxRows: 6n, halfRange: 50n }, 1),
    )
  })

  it('every measure of a query has channels, in the order in which the engine gives them', () => {
    const parts = (measure: Measure): string[] => channelsOf(measure).map(({ part }) => part)
    const of = { type: 'integer', scale: 0, kind: 'literal', value: '1' } as const
    const range = { maxRows: 10n, centre: 50n, halfRange: 50n, minimum: 0n, maximum: 100n }
    expect(parts({ kind: 'rows', maxRows: 10n, scale: 0 })).toEqual(['rows'])
    expect(parts({ kind: 'persons', maxGroups: 4n, scale: 0 })).toEqual(['persons'])
    expect(parts({ kind: 'sum', of, maxSum: 10n, scale: 2 })).toEqual(['sum'])
    expect(parts({ kind: 'average', of, ...range, scale: 2 })).toEqual(['count', 'centred'])
  })
})
