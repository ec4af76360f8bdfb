import fc from 'fast-check'
import { catalogue } from './catalogue.ts'
import type { Data, Row } from './engine.ts'
import { selectOf, worlds } from './random.ts'

/** A world as a load would let it in: rows outside their declared bounds are set aside, people keep theirs without the value. */
export const withinBounds = (data: Data): Data =>
  Object.fromEntries(
    Object.entries(data).map(([name, rows]) => {
      const table = catalogue.tables.find((one) => one.name === name)
      const within = (row: Row): boolean =>
        (table?.columns ?? []).every(({ name: column, minimum, maximum }) => {
          const value = row[column]
          return typeof value !== 'bigint' || !((minimum ?? value) > value || (maximum ?? value) < value)
        })
      const missing = (row: Row): Row => ({ ...row, birth_year: null })
      return [name, name === 'members' ? rows.map((row) => (within(row) ? row : missing(row))) : rows.filter(within)]
    }),
  )

/** Every other person spends little. */
const calmer = (data: Data): Data => ({
  ...data,
  basket_lines: (data.basket_lines ?? []).map((row) =>
    (row._person as bigint) % 2n === 0n && typeof row.spend === 'bigint' ? { ...row, spend: row.spend / 40n } : row,
  ),
})

export const loaded: fc.Arbitrary<Data> = worlds.map((data) => withinBounds(calmer(data)))

/** Stored sums by person and one column answer these. */
export const grainedQuestions = [
  'SELECT shop, COUNT(DISTINCT member_id) FROM visits GROUP BY shop',
  "SELECT shop, tier, COUNT(DISTINCT CASE WHEN shop <> 'b' OR newsletter THEN member_id END) FROM members JOIN visits USING (member_id) GROUP BY shop, tier",
  'SELECT shop, COUNT(DISTINCT member_id), COUNT(*), SUM(minutes), AVG(minutes), COUNT(minutes) FROM visits GROUP BY shop',
  'SELECT channel, COUNT(DISTINCT member_id), SUM(spend), AVG(quantity), COUNT(*) FROM basket_lines GROUP BY channel',
  "SELECT region, COUNT(DISTINCT v.member_id), SUM(minutes), AVG(minutes) FROM visits v JOIN members m USING (member_id) WHERE shop IN ('a', 'b') GROUP BY region",
  "SELECT shop, tier, COUNT(*) FILTER (WHERE shop <> 'a'), COUNT(DISTINCT CASE WHEN shop = 'b' OR newsletter THEN v.member_id END) FROM members m JOIN visits v USING (member_id) GROUP BY shop, tier",
  "SELECT CASE WHEN shop = 'a' THEN 'first' ELSE 'other' END, COUNT(DISTINCT member_id), COUNT(*), AVG(minutes) FROM visits WHERE shop IS NOT NULL GROUP BY 1",
  "SELECT COUNT(DISTINCT CASE WHEN channel = 'online' THEN member_id END), SUM(quantity) FROM basket_lines b LEFT JOIN members m USING (member_id) WHERE channel = 'online' OR newsletter",
  "SELECT COUNT(DISTINCT member_id), SUM(spend) FROM basket_lines WHERE channel = 'shop'",
] as const

/** Questions of which the random ones have too few: those that stored records answer, those that they prove, those on which no bound acts. */
export const shortQuestions = fc.constantFrom(
  'SELECT region, COUNT(*), SUM(spend), AVG(spend), COUNT(quantity) FROM basket_lines JOIN members USING (member_id) GROUP BY region',
  "SELECT COUNT(*), SUM(minutes), AVG(minutes), COUNT(DISTINCT v.member_id) FROM visits v JOIN members m USING (member_id) WHERE m.tier = 'gold'",
  'SELECT SUM(spend), COUNT(DISTINCT member_id) FROM basket_lines',
  'SELECT tier, COUNT(*) FILTER (WHERE newsletter), SUM(quantity) FROM basket_lines b LEFT JOIN members m USING (member_id) GROUP BY tier',
  "SELECT channel, SUM(spend * quantity), COUNT(*) FROM basket_lines WHERE bought_on < '2025-04-01' GROUP BY channel",
  'SELECT shop, COUNT(DISTINCT member_id), SUM(minutes), AVG(minutes) FROM visits WHERE minutes < 200 GROUP BY shop',
  "SELECT DATE_TRUNC('month', bought_on), SUM(CASE WHEN promo THEN -spend ELSE 0 END), AVG(spend) FROM basket_lines GROUP BY 1",
  'SELECT region, COUNT(DISTINCT m.member_id), SUM(b.spend), COUNT(*) FROM members m LEFT JOIN basket_lines b USING (member_id) WHERE promo OR promo IS NULL GROUP BY region',
  'SELECT shop, COUNT(*), SUM(minutes) FROM visits GROUP BY shop',
  'SELECT SUM(spend * quantity) FROM basket_lines WHERE promo',
  'SELECT COUNT(*), SUM(spend), SUM(minutes) FROM basket_lines b JOIN visits v USING (member_id)',
  'SELECT region, COUNT(*), AVG(birth_year) FROM members GROUP BY region',
  'SELECT channel, COUNT(DISTINCT member_id) FROM basket_lines WHERE promo GROUP BY channel',
  ...grainedQuestions,
)

const personal = {
  wheres: [
    "m.region <> 'west'",
    'm.birth_year BETWEEN 1950 AND 2008',
    'm.newsletter IS NOT TRUE',
    'm.tier IS NULL',
    "m.joined_on >= '2025-02-01'",
    '2025 - m.birth_year > 40',
  ],
  keys: ['m.region', 'm.tier', 'm.newsletter', "CASE WHEN m.birth_year < 1970 THEN 'old' ELSE 'young' END"],
}
const ofRecords: readonly (readonly [from: string, aggregates: readonly string[]])[] = [
  [
    'basket_lines r JOIN members m USING (member_id)',
    ['SUM(r.spend)', 'AVG(r.spend)', 'SUM(r.quantity)', 'AVG(r.quantity)', 'COUNT(r.quantity)', 'COUNT(r.points)'],
  ],
  ['visits r JOIN members m ON m.member_id = r.member_id', ['SUM(r.minutes)', 'AVG(r.minutes)', 'COUNT(r.minutes)']],
]

/** Questions that stored whole records answer. */
export const recordQuestions: fc.Arbitrary<string> = fc.constantFrom(...ofRecords).chain(([from, aggregates]) =>
  fc
    .record({
      wheres: fc.subarray(personal.wheres, { maxLength: 2 }),
      groups: fc.subarray(personal.keys, { maxLength: 2 }),
      measures: fc.subarray(
        [
          ...aggregates,
          'COUNT(*)',
          'COUNT(DISTINCT r.member_id)',
          'COUNT(*) FILTER (WHERE m.newsletter)',
          "COUNT(DISTINCT r.member_id) FILTER (WHERE m.tier = 'gold')",
        ],
        { minLength: 1, maxLength: 4 },
      ),
    })
    .map(({ wheres, groups, measures }) => selectOf(from, wheres, groups, measures)),
)
