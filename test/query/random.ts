import fc from 'fast-check'
import type { Data, Row } from './engine.ts'

const extremes = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 10n ** 12n]

/** One person and the rows of that person. */
export interface Someone {
  readonly member: Row
  readonly lines: readonly Row[]
  readonly visits: readonly Row[]
  readonly clicks: readonly Row[]
  readonly mask: bigint
}

/** People who exceed every bound: many rows, huge and negative amounts, missing values, all groups; some are not in force. */
export const anybody: fc.Arbitrary<Someone> = fc.record({
  member: member(),
  lines: fc.array(line(), { maxLength: 14 }),
  visits: fc.array(visit(), { maxLength: 5 }),
  clicks: fc.array(click(), { maxLength: 4 }),
  mask: fc.constantFrom(1n, 1n, 1n, 3n, 2n, 0n),
})

export const worldOf = (people: readonly Someone[]): Data => ({
  members: people.map(({ member: row, mask }, index) => owned(row, index, mask)),
  basket_lines: people.flatMap(({ lines, mask }, index) => lines.map((row) => owned(row, index, mask))),
  visits: people.flatMap(({ visits: rows, mask }, index) => rows.map((row) => owned(row, index, mask))),
  clicks: people.flatMap(({ clicks: rows, mask }, index) => rows.map((row) => owned(row, index, mask))),
  products: [
    { product_id: 1n, category: 'bread', brand: "O'Neill", price: 250n },
    { product_id: 2n, category: 'milk', brand: 'é€😀', price: 99_999n },
    { product_id: 3n, category: null, brand: null, price: null },
  ],
  categories: [
    { category: 'bread', food: true },
    { category: 'milk', food: null },
  ],
})

/** Small worlds of such people. */
export const worlds: fc.Arbitrary<Data> = fc.array(anybody, { minLength: 1, maxLength: 5 }).map(worldOf)

/** Worlds in which nobody exceeds a bound of the fixture's contract in any question below. */
export const calmWorlds: fc.Arbitrary<Data> = worlds.map((data) => ({
  ...data,
  basket_lines: firstOfEach(data.basket_lines ?? []).map((row) => ({
    ...row,
    spend: row.spend === null ? null : 300n,
    quantity: 2n,
  })),
  visits: firstOfEach(data.visits ?? []),
}))

const froms: readonly { readonly from: string; readonly names: readonly string[]; readonly optional?: boolean }[] = [
  { from: 'members m', names: ['m'] },
  { from: 'basket_lines b', names: ['b'] },
  { from: 'basket_lines b JOIN members m USING (member_id)', names: ['b', 'm'] },
  { from: 'basket_lines b LEFT JOIN members m ON m.member_id = b.member_id', names: ['b', 'm'] },
  { from: 'members m LEFT JOIN basket_lines b USING (member_id)', names: ['b', 'm'] },
  { from: 'basket_lines b JOIN products p USING (product_id)', names: ['b', 'p'] },
  { from: 'products p JOIN basket_lines b ON b.product_id = p.product_id', names: ['b', 'p'] },
  {
    from: 'basket_lines b JOIN members m USING (member_id) LEFT JOIN products p USING (product_id) LEFT JOIN categories c USING (category)',
    names: ['b', 'm', 'p', 'c'],
  },
  { from: 'basket_lines b JOIN visits v USING (member_id)', names: ['b', 'v'] },
  {
    from: 'basket_lines b LEFT JOIN visits v ON b.member_id = v.member_id AND v.minutes > b.quantity',
    names: ['b', 'v'],
  },
  { from: 'basket_lines b LEFT JOIN members m ON m.member_id = b.member_id AND b.promo', names: ['b', 'm'] },
  { from: 'visits v RIGHT JOIN members m USING (member_id)', names: ['v', 'm'] },
  { from: 'basket_lines b FULL JOIN visits v ON b.member_id = v.member_id', names: ['b', 'v'] },
  {
    from: 'categories c JOIN products p USING (category) JOIN basket_lines b ON b.product_id = p.product_id',
    names: ['b', 'p', 'c'],
  },
  {
    from: 'members m JOIN basket_lines b ON b.promo AND m.member_id = b.member_id AND m.newsletter IS NOT FALSE',
    names: ['m', 'b'],
  },
  {
    from: 'basket_lines b LEFT JOIN visits v ON b.member_id = v.member_id JOIN members m ON m.member_id = b.member_id',
    names: ['b', 'v', 'm'],
  },
]
/** Relations that a question makes of its own, with what may be asked of them. */
const made: readonly (readonly [
  from: string,
  wheres: readonly string[],
  keys: readonly string[],
  aggregates: readonly string[],
])[] = [
  [
    '(SELECT member_id, COUNT(*) AS n, SUM(spend) AS total, AVG(quantity) AS pieces, MAX(note) AS note, COUNT(DISTINCT channel) AS ways, MIN(points) AS least FROM basket_lines WHERE promo OR quantity > 1 GROUP BY member_id) f',
    ['n > 2', 'total > 10.5', "note <> 'ab'", 'pieces < 3.5', 'least % 2 = 0'],
    ['n', 'ways', "CASE WHEN total > 50 THEN 'much' WHEN total > 0 THEN 'some' END", 'n > 3', 'FLOOR(pieces)'],
    [
      'COUNT(*)',
      'COUNT(DISTINCT member_id)',
      'SUM(total)',
      'AVG(total)',
      'AVG(pieces)',
      'SUM(n)',
      'STDDEV(n)',
      'SUM(total / n)',
      'COUNT(*) FILTER (WHERE n > 2)',
      'SUM(CASE WHEN total > 10 AND n > 2 THEN 1 ELSE 0 END)',
    ],
  ],
  [
    "(SELECT member_id, channel, DATE_TRUNC('month', bought_on) AS m, SUM(spend) AS total, BOOL_OR(promo) AS promoted, COUNT(note) FILTER (WHERE quantity > 1) AS notes FROM basket_lines GROUP BY 1, 2, 3 HAVING COUNT(*) > 1) f JOIN members me USING (member_id)",
    ['promoted', 'total < 100', "me.region <> 'west'"],
    ['channel', 'm', 'me.region', 'promoted', 'notes'],
    ['COUNT(*)', 'COUNT(DISTINCT f.member_id)', 'SUM(total)', 'AVG(total)', 'SUM(notes)'],
  ],
  [
    '(SELECT b.*, ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY bought_on, spend DESC) AS nr, LAG(quantity) OVER (PARTITION BY member_id, channel ORDER BY bought_at) AS before, SUM(spend) OVER (PARTITION BY member_id ORDER BY bought_on) AS so_far, RANK() OVER (PARTITION BY member_id ORDER BY points DESC) AS r, DENSE_RANK() OVER (PARTITION BY member_id ORDER BY channel) AS dr, FIRST_VALUE(note) OVER (PARTITION BY member_id ORDER BY bought_on DESC) AS last_note, COUNT(*) OVER (PARTITION BY member_id) AS lines FROM basket_lines b WHERE quantity > 0) f',
    ['nr = 1', 'nr <= 3', 'before < quantity', 'so_far > 3', "last_note = 'ab'", 'r = dr', 'lines > 2'],
    ['nr', 'channel', 'before IS NULL', 'lines', 'dr'],
    ['COUNT(*)', 'COUNT(DISTINCT member_id)', 'SUM(spend)', 'AVG(so_far)', 'SUM(LEAST(nr, 4))'],
  ],
  [
    '(SELECT member_id, MIN(product_id) AS product_id, COUNT(*) AS n FROM basket_lines GROUP BY member_id) f JOIN products p USING (product_id)',
    ['n > 1', "p.category = 'bread'"],
    ['p.category', 'p.price > 3', 'n'],
    ['COUNT(*)', 'COUNT(*) FILTER (WHERE n > 2)', 'COUNT(DISTINCT member_id)', 'AVG(p.price)', 'SUM(n)'],
  ],
  [
    '(SELECT member_id, SUM(minutes) FROM visits GROUP BY member_id ORDER BY 2) v (member_id, total) FULL JOIN (SELECT member_id, COUNT(*) AS n FROM clicks GROUP BY member_id) c USING (member_id)',
    ['n IS NULL', 'total > 60', 'c.member_id IS NOT NULL'],
    ['n IS NULL', 'total IS NULL'],
    [
      'COUNT(*)',
      'COUNT(DISTINCT member_id)',
      'COUNT(v.member_id)',
      'COUNT(DISTINCT COALESCE(c.member_id, v.member_id))',
      'SUM(total)',
    ],
  ],
  [
    'visits f LEFT JOIN (SELECT DISTINCT member_id, page AS shop FROM clicks) g USING (member_id, shop)',
    ['minutes > 10'],
    ['shop'],
    ['COUNT(*)', 'COUNT(DISTINCT f.member_id)', 'COUNT(g.member_id)', 'SUM(minutes)'],
  ],
  [
    '(SELECT member_id, spend, NTILE(3) OVER w AS tile, AVG(spend) OVER (w ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving, LAST_VALUE(quantity) OVER (PARTITION BY member_id ORDER BY bought_on ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last, SUM(quantity) OVER (PARTITION BY member_id ORDER BY quantity DESC NULLS LAST ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS next, PERCENT_RANK() OVER (PARTITION BY member_id ORDER BY points) AS pr, CUME_DIST() OVER (PARTITION BY member_id, channel ORDER BY spend) AS cd, COUNT(*) OVER (PARTITION BY member_id ORDER BY note NULLS FIRST ROWS 1 PRECEDING) AS c FROM basket_lines WINDOW w AS (PARTITION BY member_id ORDER BY bought_at, spend)) f',
    ['tile <= 2', 'moving > 3', 'last > 1', 'pr > 0.25', 'cd <= 0.5', 'next IS NULL'],
    ['tile', 'c', 'FLOOR(pr * 4)', 'cd > 0.4'],
    ['COUNT(*)', 'COUNT(DISTINCT member_id)', 'SUM(spend)', 'AVG(moving)', 'AVG(pr)', 'SUM(LEAST(last, 9))'],
  ],
  [
    '(SELECT member_id, channel, SUM(spend) AS total, ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY SUM(spend) DESC) AS nr, SUM(COUNT(*)) OVER (PARTITION BY member_id) AS lines, LAG(SUM(spend)) OVER (PARTITION BY member_id ORDER BY channel) AS before, COUNT(*) * 4 - RANK() OVER (PARTITION BY member_id ORDER BY COUNT(*)) AS odd FROM basket_lines GROUP BY member_id, channel HAVING SUM(quantity) > 1) f',
    ['nr = 1', 'before < total', 'lines > 2', 'odd > 5'],
    ['channel', 'nr', 'before IS NULL'],
    ['COUNT(*)', 'COUNT(DISTINCT member_id)', 'SUM(total)', 'SUM(lines)', 'AVG(total)'],
  ],
  [
    'basket_lines f JOIN products p USING (product_id) LEFT JOIN (SELECT category, COUNT(*) AS n, AVG(price) AS mean, COUNT(brand) FILTER (WHERE price > 3) AS brands FROM products GROUP BY category HAVING COUNT(*) > 0) g ON g.category = p.category',
    [
      'g.n > 0',
      'p.price > (SELECT AVG(price) FROM products)',
      "p.price < (SELECT MAX(price) FROM products WHERE category = 'none')",
      'g.mean > 3',
    ],
    ['g.category', 'g.n IS NULL', 'g.brands > 0'],
    ['COUNT(*)', 'COUNT(DISTINCT member_id)', 'SUM(f.spend)', 'SUM(LEAST(g.brands, 3))'],
  ],
  [
    "basket_lines f CROSS JOIN (SELECT DATE '2025-03-01' AS day, -2 AS least) q JOIN (VALUES ('shop', 'in town', 1.5), ('online', 'far', NULL)) v (way, place, weight) ON v.way = f.channel",
    ['f.bought_on >= q.day', 'f.quantity > q.least', "f.note IN (VALUES ('a'), ('ab'))", 'f.quantity < v.weight'],
    ['v.place', 'v.weight IS NULL'],
    ['COUNT(*)', 'COUNT(DISTINCT member_id)', 'SUM(f.spend)', 'SUM(v.weight)', 'AVG(v.weight * f.quantity)'],
  ],
  [
    "(SELECT member_id, 'line' AS what, quantity AS amount FROM basket_lines UNION ALL SELECT member_id, 'visit', minutes / 10 FROM visits) f",
    ['amount > 1'],
    ['what', 'amount IS NULL'],
    ['COUNT(*)', 'COUNT(DISTINCT member_id)', 'SUM(amount)', 'AVG(amount)'],
  ],
  [
    '(SELECT DISTINCT member_id, channel, promo FROM basket_lines UNION SELECT member_id, shop, TRUE FROM visits) f LEFT JOIN members me ON me.member_id = f.member_id',
    ['promo', 'f.member_id IN (SELECT member_id FROM visits WHERE minutes > 50)'],
    ['channel', 'me.tier'],
    ['COUNT(*)', 'COUNT(DISTINCT f.member_id)', 'SUM(CASE WHEN promo THEN 1 ELSE 0 END)'],
  ],
  [
    "basket_lines f LEFT JOIN (SELECT product_id, price, CASE WHEN price > 3 THEN 'dear' ELSE 'cheap' END AS class FROM products WHERE category <> 'oat drink' OR category IS NULL) p ON f.product_id = p.product_id",
    [
      'price > 2',
      "product_id IN (SELECT product_id FROM products WHERE category IN ('bread', 'milk'))".replace(
        'product_id',
        'f.product_id',
      ),
      'NOT f.product_id IN (SELECT product_id FROM products WHERE brand IS NULL)',
      'EXISTS (SELECT 1 FROM visits v WHERE v.member_id = f.member_id AND v.minutes > 20)',
      'NOT EXISTS (SELECT 1 FROM clicks c WHERE c.member_id = f.member_id)',
      'EXISTS (SELECT * FROM clicks c WHERE c.member_id = f.member_id AND c.page = f.channel AND c.seconds > 20)',
      'NOT EXISTS (SELECT 1 FROM products q WHERE q.product_id = f.product_id AND q.price > 3)',
      'EXISTS (SELECT 1 FROM categories k WHERE k.category = f.note AND k.category = f.channel)',
      'f.quantity >= (SELECT AVG(g.quantity) FROM basket_lines g WHERE g.member_id = f.member_id AND g.promo)',
      '(SELECT COUNT(*) FROM visits v WHERE f.member_id = v.member_id AND v.minutes > 30) > 0',
      'f.member_id NOT IN (SELECT member_id FROM members WHERE newsletter)',
    ],
    ['class', 'channel', 'EXISTS (SELECT 1 FROM clicks c WHERE c.member_id = f.member_id)'],
    ['COUNT(*)', 'COUNT(DISTINCT member_id)', 'SUM(f.spend)', 'AVG(p.price)'],
  ],
  [
    '(SELECT b.member_id, p.category, b.spend, v.minutes FROM products p, visits v, basket_lines b WHERE b.member_id = v.member_id AND b.product_id = p.product_id AND v.minutes < 200) f JOIN members me ON me.member_id = f.member_id',
    ['minutes > 10', 'me.newsletter'],
    ['category', 'me.region'],
    ['COUNT(*)', 'COUNT(DISTINCT f.member_id)', 'SUM(spend)', 'AVG(minutes)'],
  ],
  [
    '(SELECT c.member_id, n, total FROM (SELECT member_id, COUNT(*) AS n FROM clicks WHERE seconds > 10 GROUP BY member_id) c LEFT JOIN (SELECT member_id, SUM(minutes) AS total FROM visits GROUP BY member_id) v USING (member_id)) f',
    ['total > 60', 'n > 1'],
    ['total IS NULL', 'n > 2'],
    ['COUNT(*)', 'SUM(total)', 'AVG(total)', 'SUM(LEAST(n, 9))'],
  ],
]

const conditions: Readonly<Record<string, readonly string[]>> = {
  m: [
    "m.region <> 'west'",
    'm.birth_year BETWEEN 1950 AND 1999',
    'm.newsletter IS NOT TRUE',
    'm.tier IS NULL',
    "m.joined_on >= '2025-02-01'",
    '2025 - m.birth_year > 40',
  ],
  b: [
    'b.spend > 1.505',
    'b.spend * b.quantity - 1 < 99999',
    "b.note LIKE 'a%_'",
    "b.note ILIKE '%É%'",
    'b.promo OR b.quantity IN (1, 2, 3)',
    'EXTRACT(month FROM b.bought_on) < 5',
    "b.bought_at < DATE '2025-04-01'",
    'b.points * b.quantity > 4',
    '-b.points + 1 > b.points',
    'b.spend / b.quantity > 2.5',
    'ABS(b.points) >= 1',
    'LENGTH(b.note) = 2 OR LOWER(b.note) = UPPER(b.note)',
    "NOT (b.bought_at BETWEEN TIMESTAMP '2025-02-01 10:00:00' AND '2025-05-01')",
    'COALESCE(b.quantity, 1) > NULLIF(b.points, 3)',
    'b.points % 3 = 1 OR MOD(b.spend, b.quantity) > 0.5',
    'ROUND(b.spend, 1) > 1.5 AND FLOOR(b.spend) < CEIL(b.spend / 3) + 9 AND TRUNC(-b.spend) <= SIGN(b.points)',
    "TRIM(b.note) || '!' = 'ab!' OR SUBSTRING(b.note FROM 2 FOR 1) = 'b' OR LEFT(b.note, 1) = RIGHT(b.note, 1)",
    "POSITION('€' IN b.note) = 2 OR REPLACE(b.note, 'a', 'xy') = 'xyb' OR STARTS_WITH(b.note, 'é')",
    "b.bought_on + 30 > DATE '2025-02-28' + INTERVAL '1 month' AND b.bought_on - DATE '2025-01-01' < 100",
    "b.bought_at - INTERVAL '1 month' < TIMESTAMP '2025-04-01 10:00:00' OR b.bought_on + b.points > DATE '2025-03-01'",
    'b.note::integer IS NULL AND b.quantity::text <> b.note AND b.promo::integer < 2 AND b.spend::integer > b.spend::numeric(8,1) - 1',
    "CASE b.points + 1 WHEN 1 THEN TRUE ELSE b.bought_at::date = DATE '2025-02-10' END",
    "b.note IS DISTINCT FROM 'ab' AND b.points BETWEEN SYMMETRIC b.quantity AND -2",
    "b.channel = ANY (ARRAY['shop', 'online']) AND b.quantity IS NOT DISTINCT FROM b.points + 1",
    "(b.note || '7.25')::decimal(8,1) = 7.3 OR b.note::numeric > 0.5 OR (b.points::text || '.5')::float > 2",
    "b.spend::text LIKE '-%.5_' OR LPAD(b.note, 3, 'xy') = 'xab' OR SPLIT_PART(b.note, 'b', 1) = 'a' OR RPAD(b.note, 1) = 'é'",
    "EXTRACT(EPOCH FROM b.bought_at - b.bought_on) > 3600 OR EXTRACT(DAY FROM b.bought_at - TIMESTAMP '2025-03-01 09:00:00') < -5",
    'DIV(b.spend, b.quantity) > 1 OR IF(b.promo, b.points, b.quantity) = 2 OR IFNULL(b.points, 3) = 3',
    "TO_CHAR(b.bought_on, 'FMDay DD.MM.YY') LIKE 'T%2_' OR TO_CHAR(b.bought_at, 'Mon HH24 Q') = 'Feb 10 1'",
    "CONCAT(b.note, '-', b.channel) <> 'ab-shop' AND RTRIM(LTRIM(b.note, 'aé'), '😀') <> '€'",
  ],
  v: ["v.shop IN ('a', 'c')", 'v.minutes < 100'],
  p: ["p.category = 'bread'", "p.brand = 'O''Neill'", 'p.price > 2'],
  c: ['c.food'],
}
const keys: Readonly<Record<string, readonly string[]>> = {
  m: [
    'm.region',
    'm.tier',
    'm.newsletter',
    "CASE WHEN m.birth_year < 1970 THEN 'old' WHEN m.birth_year >= 1970 THEN 'young' END",
    'm.birth_year > 1980',
    'm.birth_year - m.birth_year % 20',
    "UPPER(m.region) || '-' || COALESCE(m.tier, 'none')",
  ],
  b: [
    "DATE_TRUNC('month', b.bought_on)",
    "DATE_TRUNC('week', b.bought_at)",
    "DATE_TRUNC('quarter', b.bought_on)",
    'EXTRACT(month FROM b.bought_on)',
    'EXTRACT(year FROM b.bought_at)',
    'EXTRACT(dow FROM b.bought_at)',
    'b.channel',
    'b.promo',
    'b.spend > 5',
    "COALESCE(NULLIF(b.channel, 'shop'), 'other')",
    'CASE WHEN b.quantity > 2 THEN 2 WHEN b.quantity > 1 THEN 1 ELSE 0 END',
    'FLOOR(b.quantity / 10) * 10',
    'WIDTH_BUCKET(b.spend, -5, 100, 7)',
    'b.points % 4 + 1',
    'POWER(ROUND(b.spend / 100), 1)',
    "TO_CHAR(b.bought_on, 'YYYY-MM')",
    "TO_CHAR(b.bought_at, 'FMDay')",
    'LEFT(b.channel, 2)',
    'LEAST(b.quantity, 3)',
    "CASE WHEN b.channel IN ('shop') THEN b.channel ELSE 'other' END",
    'EXTRACT(YEAR FROM b.bought_on) * 100 + EXTRACT(MONTH FROM b.bought_on)',
  ],
  v: ['v.shop'],
  p: ['p.category'],
  c: ['c.food IS NULL'],
}
const aggregates: Readonly<Record<string, readonly string[]>> = {
  m: [
    'AVG(m.birth_year)',
    'COUNT(m.tier)',
    'COUNT(DISTINCT m.member_id)',
    'SUM(CASE WHEN m.newsletter THEN 1 ELSE 0 END)',
  ],
  b: [
    'SUM(b.spend)',
    'AVG(b.spend)',
    'SUM(b.spend * b.quantity)',
    'SUM(CASE WHEN b.promo THEN b.spend ELSE 0 END)',
    'SUM(-b.spend) FILTER (WHERE b.quantity > 1)',
    'AVG(b.quantity) FILTER (WHERE b.promo)',
    'COUNT(*) FILTER (WHERE b.promo)',
    'COUNT(DISTINCT b.member_id) FILTER (WHERE b.quantity > 3)',
    'COUNT(DISTINCT CASE WHEN b.promo THEN b.member_id END)',
    'SUM(LEAST(GREATEST(b.points, -3), 3))',
    'SUM(b.spend / b.quantity)',
    'COUNT(b.note)',
    'AVG(b.spend / 3)',
    'SUM(b.quantity - 10)',
    'SUM(FLOOR(b.spend))',
    'AVG(ROUND(b.spend, 1))',
    'SUM(POWER(b.quantity, 2))',
    'SUM(LEAST(GREATEST(b.bought_at - b.bought_on, 0), 30))',
    'AVG(b.promo::integer)',
    'MEDIAN(b.spend)',
    'AVG_PER_PERSON(b.spend)',
    'AVG_PER_PERSON(b.promo::integer) FILTER (WHERE b.quantity > 1)',
    'PERCENT_BELOW(b.spend, 5)',
    'COUNT(DISTINCT b.product_id)',
    'COUNT(DISTINCT b.note) FILTER (WHERE b.quantity > 1)',
    'COUNT(DISTINCT CASE WHEN b.promo THEN b.bought_on END)',
    'QUANTILE(b.quantity, 0.9)',
    'VARIANCE(b.spend)',
    'STDDEV_POP(b.quantity) FILTER (WHERE b.promo)',
    'VAR_SAMP(LEAST(GREATEST(b.points, -3), 4))',
  ],
  v: ['AVG_PER_PERSON(v.minutes)', 'SUM(v.minutes)', 'AVG(v.minutes)', 'STDDEV(v.minutes)'],
  p: ['SUM(p.price)', 'AVG(p.price - b.spend)'],
  c: ['SUM(CASE WHEN c.food THEN 1 END)'],
}

/** Questions over sub-queries. */
export const nestedQuestions: fc.Arbitrary<string> = fc.constantFrom(...made).chain(([from, wheres, keyed, asked]) =>
  fc
    .record({
      where: fc.subarray([...wheres], { maxLength: Math.min(2, wheres.length) }),
      groups: fc.subarray([...keyed], { maxLength: Math.min(2, keyed.length) }),
      measures: fc.subarray([...asked], { minLength: 1, maxLength: 3 }),
    })
    .map((parts) => selectOf(from, parts.where, parts.groups, parts.measures)),
)

export const selectOf = (
  from: string,
  wheres: readonly string[],
  groups: readonly string[],
  measures: readonly string[],
): string => {
  const where = wheres.length > 0 ? ` WHERE ${wheres.map((condition) => `(${condition})`).join(' AND ')}` : ''
  const group = groups.length > 0 ? ` GROUP BY ${groups.join(', ')}` : ''
  return `SELECT ${measures.join(', ')} FROM ${from}${where}${group}`
}

/** Questions that are answered. */
export const flatQuestions: fc.Arbitrary<string> = fc.constantFrom(...froms).chain(({ from, names }) => {
  const pool = (of: Readonly<Record<string, readonly string[]>>): readonly string[] =>
    names.flatMap((name) => of[name] ?? [])
  return fc
    .record({
      wheres: fc.subarray([...pool(conditions)], { maxLength: 2 }),
      groups: fc.subarray([...pool(keys)], { maxLength: 2 }),
      measures: fc.subarray([...pool(aggregates), 'COUNT(*)', `COUNT(DISTINCT ${names[0]}.member_id)`], {
        minLength: 1,
        maxLength: 3,
      }),
    })
    .map(({ wheres, groups, measures }) => selectOf(from, wheres, groups, measures))
})

export const questions: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: flatQuestions },
  { weight: 1, arbitrary: nestedQuestions },
)

function owned(row: Row, index: number, mask: bigint): Row {
  return { ...row, member_id: `m${index}`, _person: BigInt(index), _mask: mask }
}

function firstOfEach(rows: readonly Row[]): readonly Row[] {
  const seen = new Set<unknown>()
  return rows.filter((row) => !seen.has(row._person) && seen.add(row._person))
}

function member(): fc.Arbitrary<Row> {
  return fc.record({
    birth_year: fc.constantFrom(1926n, 1955n, 1988n, 2008n, null, 5n, 2n ** 63n - 1n),
    region: fc.constantFrom('north', 'south', 'east', 'west', 'moon'),
    tier: fc.constantFrom('basic', 'gold', null, 'x'),
    newsletter: fc.constantFrom(true, false, null),
    joined_on: fc.constantFrom('2025-01-01', '2025-03-31', null),
    email: fc.constant('a@example.org'),
  })
}

function line(): fc.Arbitrary<Row> {
  return fc.record({
    product_id: fc.constantFrom(1n, 2n, 3n, 4n),
    spend: fc.oneof(fc.bigInt(-1_500n, 21_000n), fc.constantFrom(null, ...extremes)),
    quantity: fc.oneof(fc.bigInt(0n, 5n), fc.constantFrom(null, ...extremes)),
    points: fc.oneof(fc.bigInt(-5n, 5n), fc.constantFrom(null, ...extremes)),
    note: fc.constantFrom('ab', 'É', 'a', '', null, 'é€😀'),
    channel: fc.constantFrom('shop', 'online', 'phone'),
    promo: fc.boolean(),
    bought_on: fc.constantFrom(
      '2025-01-14',
      '2025-01-15',
      '2025-02-28',
      '2025-03-01',
      '2025-06-30',
      '2025-07-01',
      '2024-02-29',
    ),
    bought_at: fc.constantFrom(
      '2025-01-15 00:00:00',
      '2025-02-10 10:30:00',
      '2025-05-01 00:00:00',
      '2025-06-30 23:59:59.999999',
      '2025-07-01 00:00:00',
      null,
    ),
  })
}

function visit(): fc.Arbitrary<Row> {
  return fc.record({
    minutes: fc.oneof(fc.bigInt(0n, 240n), fc.constantFrom(null, ...extremes)),
    shop: fc.constantFrom('a', 'b', 'c'),
  })
}

function click(): fc.Arbitrary<Row> {
  return fc.record({ page: fc.constantFrom('home', 'shop'), seconds: fc.bigInt(0n, 600n) })
}
