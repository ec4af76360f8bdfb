// @ts-check
/**
 * Fifteen questions over support/tpch.js: five of TPC-H with the customer as the person, and ten of a retailer. `sql` is what a buyer asks; `plain` is what an
 * analyst would run on the same stored tables without any protection, over everybody: amounts are stored in hundredths, and the person as `_person`.
 *
 * @typedef {object} Question
 * @property {string} name
 * @property {'tpch' | 'summary' | 'retail' | 'ad hoc'} kind
 * @property {string} sql
 * @property {string} plain
 */

const withCustomers = 'lines JOIN customers USING (customer)'
const withPersons = 'lines JOIN customers USING (_person)'
const joins =
  'lines l JOIN customers c USING (customer) JOIN suppliers s ON s.supplier = l.supplier JOIN nations n ON n.nation = s.nation'
const net = 'price * (1 - discount)'
const storedNet = 'price * (100 - discount)'
const nineteen = [
  ["'Brand#12'", "'SM CASE', 'SM BOX', 'SM PACK', 'SM PKG'", 1, 5],
  ["'Brand#23'", "'MED BAG', 'MED BOX', 'MED PKG', 'MED PACK'", 10, 10],
  ["'Brand#34'", "'LG CASE', 'LG BOX'", 20, 15],
]
  .map(
    ([brand, containers, quantity, size]) =>
      `(p.brand = ${brand} AND p.container IN (${containers}) AND l.quantity BETWEEN ${quantity} AND ${Number(quantity) + 10} AND p.size BETWEEN 1 AND ${size})`,
  )
  .join(' OR ')
const nineteenWhere = `WHERE (${nineteen}) AND l.mode IN ('AIR', 'AIR REG') AND l.instructions = 'DELIVER IN PERSON'`
const between = (/** @type {string} */ column, /** @type {string} */ from, /** @type {string} */ to) =>
  `${column} >= DATE '${from}' AND ${column} < DATE '${to}'`
/** The same text on both sides. @param {string} sql */
const same = (sql) => ({ sql, plain: sql })

/** @type {readonly Question[]} */
export const questions = [
  {
    name: 'TPC-H 1, pricing summary',
    kind: 'tpch',
    sql: `SELECT returned, status, SUM(quantity) AS quantity, SUM(price) AS base, SUM(${net}) AS net, SUM(${net} * (1 + tax)) AS charge, AVG(quantity) AS quantity_each, AVG(price) AS price_each, AVG(discount) AS discount_each, COUNT(*) AS lines
      FROM lines WHERE shipped_on <= DATE '1998-09-02' GROUP BY returned, status`,
    plain: `SELECT returned, status, SUM(quantity) AS quantity, SUM(price) AS base, SUM(${storedNet}) AS net, SUM(${storedNet} * (100 + tax)) AS charge, AVG(quantity) AS quantity_each, AVG(price) AS price_each, AVG(discount) AS discount_each, COUNT(*) AS lines
      FROM lines WHERE shipped_on <= DATE '1998-09-02' GROUP BY returned, status`,
  },
  {
    name: 'TPC-H 5, local suppliers',
    kind: 'tpch',
    sql: `SELECT s.nation, SUM(l.price * (1 - l.discount)) AS net FROM ${joins}
      WHERE c.nation = s.nation AND n.region = 'ASIA' AND ${between('l.ordered_on', '1994-01-01', '1995-01-01')} GROUP BY s.nation`,
    plain: `SELECT s.nation, SUM(l.price * (100 - l.discount)) AS net FROM ${joins.replace('USING (customer)', 'USING (_person)')}
      WHERE c.nation = s.nation AND n.region = 'ASIA' AND ${between('l.ordered_on', '1994-01-01', '1995-01-01')} GROUP BY s.nation`,
  },
  {
    name: 'TPC-H 6, forecast',
    kind: 'tpch',
    sql: `SELECT SUM(price * discount) AS revenue FROM lines WHERE ${between('shipped_on', '1994-01-01', '1995-01-01')} AND discount BETWEEN 0.05 AND 0.07 AND quantity < 24`,
    plain: `SELECT SUM(price * discount) AS revenue FROM lines WHERE ${between('shipped_on', '1994-01-01', '1995-01-01')} AND discount BETWEEN 5 AND 7 AND quantity < 24`,
  },
  {
    name: 'TPC-H 14, promotion',
    kind: 'tpch',
    sql: `SELECT 100 * SUM(CASE WHEN p.type LIKE 'PROMO%' THEN l.price * (1 - l.discount) ELSE 0 END) / SUM(l.price * (1 - l.discount)) AS share
      FROM lines l JOIN parts p USING (part) WHERE ${between('l.shipped_on', '1995-09-01', '1995-10-01')}`,
    plain: `SELECT 100 * SUM(CASE WHEN p.type LIKE 'PROMO%' THEN l.price * (100 - l.discount) ELSE 0 END) / SUM(l.price * (100 - l.discount)) AS share
      FROM lines l JOIN parts p USING (part) WHERE ${between('l.shipped_on', '1995-09-01', '1995-10-01')}`,
  },
  {
    name: 'TPC-H 19, discounted revenue',
    kind: 'tpch',
    sql: `SELECT SUM(l.price * (1 - l.discount)) AS revenue FROM lines l JOIN parts p USING (part) ${nineteenWhere}`,
    plain: `SELECT SUM(l.price * (100 - l.discount)) AS revenue FROM lines l JOIN parts p USING (part) ${nineteenWhere}`,
  },
  {
    name: 'spend and buyers by segment',
    kind: 'summary',
    sql: `SELECT segment, SUM(price) AS spend, COUNT(DISTINCT customer) AS buyers FROM ${withCustomers} GROUP BY segment`,
    plain: `SELECT segment, SUM(price) AS spend, COUNT(DISTINCT _person) AS buyers FROM ${withPersons} GROUP BY segment`,
  },
  {
    name: 'lines and average price by nation',
    kind: 'summary',
    sql: `SELECT nation, COUNT(*) AS lines, AVG(price) AS price FROM ${withCustomers} GROUP BY nation`,
    plain: `SELECT nation, COUNT(*) AS lines, AVG(price) AS price FROM ${withPersons} GROUP BY nation`,
  },
  {
    name: 'all lines, pieces and spend',
    kind: 'summary',
    ...same('SELECT COUNT(*) AS lines, SUM(quantity) AS pieces, SUM(price) AS spend FROM lines'),
  },
  {
    name: 'spend by way of shipping',
    kind: 'retail',
    ...same('SELECT mode, SUM(price) AS spend FROM lines GROUP BY mode'),
  },
  {
    name: 'buyers by way of shipping',
    kind: 'retail',
    sql: 'SELECT mode, COUNT(DISTINCT customer) AS buyers FROM lines GROUP BY mode',
    plain: 'SELECT mode, COUNT(DISTINCT _person) AS buyers FROM lines GROUP BY mode',
  },
  {
    name: 'one month above 20,000, by way of shipping',
    kind: 'ad hoc',
    sql: `SELECT mode, SUM(price) AS spend, COUNT(*) AS lines FROM lines WHERE ${between('ordered_on', '1996-03-01', '1996-04-01')} AND price > 20000 GROUP BY mode`,
    plain: `SELECT mode, SUM(price) AS spend, COUNT(*) AS lines FROM lines WHERE ${between('ordered_on', '1996-03-01', '1996-04-01')} AND price > 2000000 GROUP BY mode`,
  },
  {
    name: 'large lines of two years, by segment',
    kind: 'ad hoc',
    sql: `SELECT segment, COUNT(*) AS lines, SUM(price) AS spend FROM ${withCustomers} WHERE ${between('ordered_on', '1995-01-01', '1997-01-01')} AND quantity >= 30 GROUP BY segment`,
    plain: `SELECT segment, COUNT(*) AS lines, SUM(price) AS spend FROM ${withPersons} WHERE ${between('ordered_on', '1995-01-01', '1997-01-01')} AND quantity >= 30 GROUP BY segment`,
  },
  {
    name: 'buyers of a quarter above 50,000, by segment',
    kind: 'ad hoc',
    sql: `SELECT segment, COUNT(DISTINCT customer) AS buyers FROM ${withCustomers} WHERE ${between('ordered_on', '1997-04-01', '1997-07-01')} AND price > 50000 GROUP BY segment`,
    plain: `SELECT segment, COUNT(DISTINCT _person) AS buyers FROM ${withPersons} WHERE ${between('ordered_on', '1997-04-01', '1997-07-01')} AND price > 5000000 GROUP BY segment`,
  },
  {
    name: 'discounted spend of 1997 by month',
    kind: 'ad hoc',
    sql: `SELECT DATE_TRUNC('month', ordered_on) AS month, SUM(${net}) AS net FROM lines WHERE ${between('ordered_on', '1997-01-01', '1998-01-01')} AND discount >= 0.05 GROUP BY 1`,
    plain: `SELECT DATE_TRUNC('month', ordered_on) AS month, SUM(${storedNet}) AS net FROM lines WHERE ${between('ordered_on', '1997-01-01', '1998-01-01')} AND discount >= 5 GROUP BY 1`,
  },
  {
    name: 'average price of half a year by brand, from 5 pieces on',
    kind: 'ad hoc',
    ...same(
      `SELECT p.brand, AVG(l.price) AS price, COUNT(*) AS lines FROM lines l JOIN parts p USING (part) WHERE ${between('l.shipped_on', '1996-01-01', '1996-07-01')} AND l.quantity >= 5 GROUP BY p.brand`,
    ),
  },
]
