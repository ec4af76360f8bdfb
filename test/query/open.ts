import fc from 'fast-check'

const recorded = 'basket_lines b JOIN members m USING (member_id)'

/** Relations with keys that have no public domain, with public keys to mix them with, and what may be asked of them. */
const froms: readonly {
  readonly from: string
  readonly open: readonly string[]
  readonly closed: readonly string[]
  readonly wheres: readonly string[]
  readonly aggregates: readonly string[]
}[] = [
  {
    from: 'basket_lines b',
    open: [
      'b.note',
      'b.bought_on',
      'b.spend',
      'b.points',
      'b.bought_at',
      'b.quantity',
      "CONCAT(b.note, '\\u0301')",
      'UPPER(b.note)',
      'b.spend / 2',
      'b.spend * b.quantity',
      "CASE WHEN b.promo THEN b.note ELSE 'x' END",
      "b.bought_at - INTERVAL '1 month'",
      'b.bought_on + b.points',
      `CASE WHEN b.quantity > 1 THEN b.note || '${'x'.repeat(255)}' ELSE b.note END`,
      'b.product_id',
    ],
    closed: ['b.channel', "DATE_TRUNC('month', b.bought_on)", 'b.promo', 'b.spend > 5'],
    wheres: ['b.quantity > 1', 'b.note IS NOT NULL', 'b.promo', "b.bought_on < '2025-03-01'"],
    aggregates: [
      'SUM(b.spend)',
      'AVG(b.spend)',
      'COUNT(DISTINCT b.member_id)',
      'COUNT(DISTINCT b.member_id) FILTER (WHERE b.promo)',
      'COUNT(*)',
      'COUNT(*) FILTER (WHERE b.promo)',
      'SUM(b.quantity)',
      'VARIANCE(b.quantity)',
      'COUNT(DISTINCT b.product_id)',
      'MEDIAN(b.quantity)',
      'AVG_PER_PERSON(b.spend)',
    ],
  },
  {
    from: 'basket_lines b JOIN members m USING (member_id) LEFT JOIN products p USING (product_id)',
    open: ['m.joined_on', 'm.birth_year', 'p.brand', 'p.price', 'm.birth_year::text || p.brand', 'b.note'],
    closed: ['m.region', 'm.tier', 'p.category'],
    wheres: ["m.region <> 'west'", 'p.price > 2', 'b.quantity > 0'],
    aggregates: ['COUNT(*)', 'COUNT(DISTINCT m.member_id)', 'SUM(b.spend)', 'AVG(m.birth_year)', 'SUM(p.price)'],
  },
  {
    from: 'members m',
    open: [
      'EXTRACT(doy FROM m.joined_on) * m.birth_year',
      'm.joined_on - m.birth_year',
      'm.joined_on - 1',
      'LOWER(m.region)',
    ],
    closed: ['m.region', 'm.newsletter'],
    wheres: ['m.newsletter IS NOT FALSE'],
    aggregates: [
      'COUNT(*)',
      'COUNT(DISTINCT m.member_id)',
      'AVG(m.birth_year)',
      'COUNT(*) FILTER (WHERE m.newsletter)',
    ],
  },
  {
    from: recorded,
    open: ['EXTRACT(doy FROM m.joined_on) * m.birth_year', 'm.joined_on + m.birth_year'],
    closed: ['m.region', 'm.tier'],
    wheres: ['m.newsletter'],
    aggregates: ['COUNT(*)', 'COUNT(DISTINCT m.member_id)', 'SUM(b.spend)', 'AVG(b.quantity)'],
  },
  {
    from: 'visits v LEFT JOIN members m ON m.member_id = v.member_id',
    open: ['v.minutes', 'v.minutes % 7 * m.birth_year', 'm.joined_on'],
    closed: ['v.shop', 'm.region'],
    wheres: ['v.minutes < 200'],
    aggregates: ['COUNT(*)', 'COUNT(DISTINCT v.member_id)', 'SUM(v.minutes)', 'STDDEV(v.minutes)'],
  },
  {
    from: 'visits v FULL JOIN clicks c USING (member_id)',
    open: ['c.seconds', 'v.minutes', 'c.seconds + v.minutes'],
    closed: ['c.page', 'v.shop'],
    wheres: ['v.minutes > 10'],
    aggregates: [
      'COUNT(DISTINCT member_id)',
      'COUNT(DISTINCT member_id) FILTER (WHERE c.seconds > 3)',
      'AVG_PER_PERSON(c.seconds)',
    ],
  },
  {
    from: 'clicks c JOIN visits v USING (member_id)',
    open: ['c.seconds', 'c.seconds * v.minutes'],
    closed: ['c.page'],
    wheres: ['v.minutes > 10'],
    aggregates: ['COUNT(DISTINCT c.member_id)', 'COUNT(DISTINCT v.member_id) FILTER (WHERE c.seconds > 3)'],
  },
  {
    from: '(SELECT member_id, SUM(spend) AS total, MAX(note) AS note, MIN(bought_on) AS since FROM basket_lines GROUP BY member_id) f JOIN visits v USING (member_id)',
    open: ['total', 'f.note', 'since', 'total / 3', 'v.minutes'],
    closed: ['v.shop', 'total > 3'],
    wheres: ['total < 100', "f.note <> 'ab'"],
    aggregates: ['COUNT(*)', 'COUNT(DISTINCT f.member_id)', 'SUM(v.minutes)', 'AVG(total)'],
  },
]

/** Questions with at least one open key. */
export const openQuestions: fc.Arbitrary<string> = fc
  // What stored records answer, more often.
  .constantFrom(
    ...froms,
    ...froms.filter(({ from }) => from === recorded),
    ...froms.filter(({ from }) => from === recorded),
  )
  .chain(({ from, open, closed, wheres, aggregates }) =>
    fc
      .record({
        open: fc.subarray([...open], { minLength: 1, maxLength: 2 }),
        closed: fc.subarray([...closed], { maxLength: 1 }),
        where: fc.subarray([...wheres], { maxLength: 1 }),
        asked: fc.subarray([...aggregates], { minLength: 1, maxLength: Math.min(3, aggregates.length) }),
      })
      .map(({ open: keys, closed: others, where, asked }) => {
        const condition = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`
        return `SELECT ${asked.join(', ')} FROM ${from}${condition} GROUP BY ${[...keys, ...others].join(', ')}`
      }),
  )
