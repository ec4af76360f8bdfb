import fc from 'fast-check'
import type { Data, Row } from './engine.ts'
import { anybody, type Someone, worldOf } from './random.ts'

/** People made to reach the bounds of the fixture's contract, or to stand just on either side of what a stored record proves. */

const member = (row: Row = {}): Row => ({
  birth_year: 2008n,
  region: 'north',
  tier: 'gold',
  newsletter: true,
  joined_on: '2025-03-31',
  email: 'a@example.org',
  ...row,
})
const line = (row: Row = {}): Row => ({
  product_id: 1n,
  spend: 20_000n,
  quantity: 50n,
  points: 4n,
  note: 'ab',
  channel: 'shop',
  promo: true,
  bought_on: '2025-02-28',
  bought_at: '2025-02-10 10:30:00',
  ...row,
})
const visit = (minutes: bigint | null, shop: string): Row => ({ minutes, shop })
const many = <T>(count: number, of: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => of(i))

/** One row in each of so many groups: months, channels, weekdays, numbers and notes all differ. */
const scattered = (count: number, spend: bigint): readonly Row[] =>
  many(count, (i) => {
    const on = `2025-0${1 + (Math.floor(i / 2) % 6)}-${i < 12 ? '16' : '28'}`
    return line({
      spend,
      quantity: BigInt(i % 51),
      points: BigInt(i % 4),
      note: many(i % 5, () => 'é').join(''),
      channel: i % 2 === 0 ? 'shop' : 'online',
      promo: i % 3 === 0,
      product_id: BigInt(1 + (i % 4)),
      bought_on: on,
      bought_at: `${on} 12:00:00`,
    })
  })

/** Six rows, as many as count, whose amounts add up to `total`: 5,000 is the most that counts. */
const adding = (total: bigint): readonly Row[] =>
  many(6, (i) =>
    line({ spend: i === 0 ? total - 5n * (total / 6n) : total / 6n, channel: i % 2 === 0 ? 'shop' : 'online' }),
  )

const record = (
  lines: readonly Row[],
  visits: readonly Row[],
  more: Row = {},
  clicks: readonly Row[] = [],
): Someone => ({
  member: member(more),
  lines,
  visits,
  clicks,
  mask: 1n,
})

const clicksOf = (seconds: bigint): readonly Row[] => many(3, () => ({ page: 'home', seconds }))

/** All within the declared bounds of a row. */
export const archetypes: Readonly<Record<string, Someone>> = {
  'everything at the upper ends in one group': record(
    many(60, () => line()),
    many(9, () => visit(240n, 'a')),
    {},
    clicksOf(600n),
  ),
  'as many rows as count, at the upper ends': record(
    many(6, () => line()),
    many(3, () => visit(240n, 'a')),
  ),
  'everything at the lower ends': record(
    many(12, () => line({ spend: -1_000n, quantity: 0n, points: -3n, promo: false, bought_at: null })),
    many(4, () => visit(0n, 'b')),
    { birth_year: 1926n, tier: 'basic', newsletter: false },
    clicksOf(0n),
  ),
  'in as many groups as count': record(scattered(4, 2_500n), [visit(150n, 'a'), visit(150n, 'b')]),
  'in five groups more than count': record(
    scattered(9, 20_000n),
    ['a', 'b', 'c'].flatMap((shop) => many(3, () => visit(100n, shop))),
  ),
  'in every group, always with the lowest value': record(
    scattered(24, -1_000n),
    ['a', 'b', 'c'].map((shop) => visit(0n, shop)),
  ),
  'just light by amount and by rows': record(adding(5_000n), [visit(100n, 'a'), visit(100n, 'b'), visit(100n, 'a')]),
  'just heavy by amount': record(adding(5_001n), [visit(101n, 'a'), visit(100n, 'b'), visit(100n, 'a')]),
  'just heavy by rows': record(
    [...adding(5_000n), line({ spend: 0n })],
    many(4, () => visit(75n, 'c')),
  ),
  'light by the squares over groups alone': record([], [visit(212n, 'a'), visit(212n, 'b')]),
  'amounts that cancel out': record(
    many(12, (i) => line({ spend: i % 2 === 0 ? 1_000n : -1_000n })),
    [],
  ),
  'nothing but missing values': record(
    many(8, () => line({ spend: null, quantity: null, points: null, note: null, bought_at: null })),
    many(3, () => visit(null, 'a')),
    { birth_year: null, tier: null, newsletter: null, joined_on: null },
  ),
  'the only one of a group': record(
    many(6, () => line({ product_id: 2n, bought_on: '2025-06-30', bought_at: '2025-06-30 23:59:59.999999' })),
    many(2, () => visit(150n, 'c')),
    { region: 'west', tier: null },
  ),
  'with values that nobody else has': record(
    many(9, (i) => line({ note: `v${i}`, spend: 100n })),
    [],
  ),
  'on days that nobody else has': record(
    many(6, (i) => line({ bought_on: `2025-05-0${i + 1}`, spend: 0n })),
    [],
  ),
  'no row at all': record([], []),
}

const huge = [10n ** 18n, -(10n ** 18n), 2n ** 63n - 1n, -(2n ** 63n)]
/** Values that a load would set aside, should one get past it. */
const wild: readonly Someone[] = huge.map((value) =>
  record(
    many(8, (i) => line({ spend: value, quantity: value, points: value, channel: i % 2 === 0 ? 'shop' : 'online' })),
    many(4, () => visit(value, 'a')),
    { birth_year: value },
  ),
)

/** At least five people in force, some of them random, some made. */
const people = (made: readonly Someone[]): fc.Arbitrary<readonly Someone[]> =>
  fc
    .tuple(
      fc.array(fc.constantFrom(...made), { minLength: 4, maxLength: 5 }),
      fc.array(anybody, { minLength: 1, maxLength: 2 }).map((list) => list.map((one) => ({ ...one, mask: 1n }))),
      fc.array(anybody, { maxLength: 1 }),
    )
    .chain((parts) => fc.shuffledSubarray(parts.flat(), { minLength: parts.flat().length }))

export const crowds: fc.Arbitrary<Data> = people(Object.values(archetypes)).map(worldOf)
export const wildCrowds: fc.Arbitrary<Data> = people([...Object.values(archetypes), ...wild]).map(worldOf)

/** All of the made ones. */
export const everybody: Data = worldOf(Object.values(archetypes))
