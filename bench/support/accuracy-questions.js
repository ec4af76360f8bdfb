// @ts-check
/**
 * What an analyst asks of the two real data sets: `unit` is the key that stands for the person there. Every group key is in the output, so that a noisy row can be laid beside
 * the exact one.
 *
 * @typedef {object} Question
 * @property {string} name
 * @property {string} sql
 */

const shop = 'order_lines JOIN customers USING (customer_id)'
const perCustomer = (/** @type {string} */ what, where = '') =>
  `(SELECT customer_id, ${what} FROM order_lines ${where} GROUP BY customer_id)`

/** @type {readonly Question[]} */
export const retailQuestions = [
  { name: 'customers by country', sql: 'SELECT country, COUNT(*) AS customers FROM customers GROUP BY country' },
  { name: 'buyers', sql: 'SELECT COUNT(DISTINCT customer_id) AS buyers FROM order_lines WHERE quantity > 0' },
  {
    name: 'buyers by month',
    sql: "SELECT DATE_TRUNC('month', ordered_at) AS month, COUNT(DISTINCT customer_id) AS buyers FROM order_lines GROUP BY month",
  },
  {
    name: 'lines by hour',
    sql: 'SELECT EXTRACT(hour FROM ordered_at) AS hour, COUNT(*) AS lines FROM order_lines GROUP BY hour',
  },
  {
    name: 'revenue by month',
    sql: "SELECT DATE_TRUNC('month', ordered_at) AS month, SUM(amount) AS revenue FROM order_lines GROUP BY month",
  },
  {
    name: 'revenue and buyers by country',
    sql: `SELECT country, SUM(amount) AS revenue, COUNT(DISTINCT customer_id) AS buyers FROM ${shop} GROUP BY country`,
  },
  {
    name: 'ten countries of the largest revenue',
    sql: `SELECT country, SUM(amount) AS revenue FROM ${shop} GROUP BY country ORDER BY revenue DESC LIMIT 10`,
  },
  {
    name: 'pieces by quarter',
    sql: 'SELECT EXTRACT(quarter FROM ordered_at) AS quarter, SUM(quantity) AS pieces FROM order_lines GROUP BY quarter',
  },
  { name: 'average of a line', sql: 'SELECT AVG(amount) AS mean FROM order_lines WHERE amount BETWEEN 0 AND 100' },
  {
    name: 'average price and pieces',
    sql: 'SELECT AVG(LEAST(unit_price, 20)) AS price, AVG(LEAST(GREATEST(quantity, 0), 100)) AS pieces FROM order_lines',
  },
  {
    name: 'average spend of a customer',
    sql: `SELECT AVG(LEAST(GREATEST(total, 0), 4000)) AS mean FROM ${perCustomer('SUM(amount) AS total')} t`,
  },
  {
    name: 'median spend of a customer',
    sql: `SELECT MEDIAN(LEAST(GREATEST(total, 0), 4000)) AS half FROM ${perCustomer('SUM(amount) AS total')} t`,
  },
  {
    name: 'quartiles of spend',
    sql: `SELECT QUANTILE(spend, 0.25) AS low, QUANTILE(spend, 0.5) AS half, QUANTILE(spend, 0.75) AS high, QUANTILE(spend, 0.9) AS top
      FROM (SELECT customer_id, LEAST(GREATEST(SUM(amount), 0), 4000) AS spend FROM order_lines GROUP BY customer_id) t`,
  },
  {
    name: 'spread of spend',
    sql: `SELECT STDDEV(spend) AS spread FROM (SELECT customer_id, LEAST(GREATEST(SUM(amount), 0), 4000) AS spend FROM order_lines GROUP BY customer_id) t`,
  },
  {
    name: 'repeat rate',
    sql: `SELECT SUM(CASE WHEN orders > 1 THEN 1 ELSE 0 END)::float / COUNT(*) AS rate FROM ${perCustomer('COUNT(DISTINCT invoice_no) AS orders', 'WHERE quantity > 0')} t`,
  },
  {
    name: 'customers by size of spend',
    sql: `SELECT CASE WHEN total < 300 THEN 'small' WHEN total < 1000 THEN 'middle' ELSE 'large' END AS size, COUNT(*) AS customers FROM ${perCustomer('SUM(amount) AS total')} t GROUP BY size`,
  },
  {
    name: 'first orders by month',
    sql: `WITH first_order AS (SELECT customer_id, MIN(ordered_at)::date AS day FROM order_lines GROUP BY customer_id)
      SELECT DATE_TRUNC('month', day) AS cohort, COUNT(*) AS customers FROM first_order GROUP BY cohort`,
  },
  {
    name: 'share of returns',
    sql: 'SELECT COUNT(*) FILTER (WHERE quantity < 0)::float / COUNT(*) AS share FROM order_lines',
  },
  {
    name: 'asleep and active',
    sql: `SELECT CASE WHEN days <= 90 THEN 'active' ELSE 'asleep' END AS state, COUNT(*) AS customers, AVG(LEAST(GREATEST(total, 0), 4000)) AS spend
      FROM ${perCustomer("DATE '2011-12-09' - MAX(ordered_at)::date AS days, SUM(amount) AS total")} r GROUP BY state`,
  },
]

const households = 'transactions JOIN demographics USING (household_id)'
const goods = 'transactions JOIN products USING (product_id)'
const perHousehold = (/** @type {string} */ what) =>
  `(SELECT household_id, ${what} FROM transactions GROUP BY household_id)`

/** @type {readonly Question[]} */
export const journeyQuestions = [
  {
    name: 'households by size',
    sql: 'SELECT household_size, COUNT(*) AS households FROM demographics GROUP BY household_size',
  },
  { name: 'buyers', sql: 'SELECT COUNT(DISTINCT household_id) AS buyers FROM transactions' },
  {
    name: 'buyers by department',
    sql: `SELECT department, COUNT(DISTINCT household_id) AS buyers FROM ${goods} GROUP BY department`,
  },
  {
    name: 'sales by department',
    sql: `SELECT department, SUM(sales_value) AS sales FROM ${goods} GROUP BY department`,
  },
  {
    name: 'three departments of the largest sales',
    sql: `SELECT department, SUM(sales_value) AS sales FROM ${goods} GROUP BY department ORDER BY sales DESC LIMIT 3`,
  },
  {
    name: 'pieces and sales by brand',
    sql: `SELECT brand, SUM(quantity) AS pieces, SUM(sales_value) AS sales FROM ${goods} GROUP BY brand`,
  },
  { name: 'sales by week', sql: 'SELECT week, SUM(sales_value) AS sales FROM transactions GROUP BY week' },
  {
    name: 'buyers and sales by month',
    sql: "SELECT DATE_TRUNC('month', transaction_ts) AS month, COUNT(DISTINCT household_id) AS buyers, SUM(sales_value) AS sales FROM transactions WHERE transaction_ts < DATE '2018-01-01' GROUP BY month",
  },
  {
    name: 'lines by hour',
    sql: 'SELECT EXTRACT(hour FROM transaction_ts) AS hour, COUNT(*) AS lines FROM transactions GROUP BY hour',
  },
  {
    name: 'average line by income',
    sql: `SELECT income, AVG(LEAST(sales_value, 20)) AS mean FROM ${households} GROUP BY income`,
  },
  {
    name: 'sales of a household by ownership',
    sql: `SELECT home_ownership, SUM(sales_value) / NULLIF(COUNT(DISTINCT household_id), 0) AS each FROM ${households} GROUP BY home_ownership`,
  },
  {
    name: 'average and spread of spend',
    sql: `SELECT AVG(spend) AS mean, STDDEV(spend) AS spread FROM (SELECT household_id, LEAST(SUM(sales_value), 250) AS spend FROM transactions GROUP BY household_id) t`,
  },
  {
    name: 'quartiles of spend',
    sql: `SELECT QUANTILE(spend, 0.25) AS low, QUANTILE(spend, 0.5) AS half, QUANTILE(spend, 0.75) AS high
      FROM (SELECT household_id, LEAST(SUM(sales_value), 250) AS spend FROM transactions GROUP BY household_id) t`,
  },
  {
    name: 'median spend by age',
    sql: `SELECT age, MEDIAN(spend) AS half FROM (SELECT household_id, LEAST(SUM(sales_value), 250) AS spend FROM transactions GROUP BY household_id) t
      JOIN demographics USING (household_id) GROUP BY age`,
  },
  {
    name: 'reach by type of campaign',
    sql: 'SELECT campaign_type, COUNT(DISTINCT household_id) AS reached FROM campaigns JOIN campaign_descriptions USING (campaign_id) GROUP BY campaign_type',
  },
  { name: 'letters by campaign', sql: 'SELECT campaign_id, COUNT(*) AS letters FROM campaigns GROUP BY campaign_id' },
  {
    name: 'households by number of campaigns',
    sql: 'SELECT n, COUNT(*) AS households FROM (SELECT household_id, COUNT(*) AS n FROM campaigns GROUP BY household_id) f GROUP BY n',
  },
  {
    name: 'redeemers of summer',
    sql: "SELECT COUNT(DISTINCT household_id) AS redeemers FROM coupon_redemptions WHERE redemption_date BETWEEN '2017-06-01' AND '2017-08-31'",
  },
  {
    name: 'repeat rate',
    sql: `SELECT SUM(CASE WHEN baskets > 1 THEN 1 ELSE 0 END)::float / COUNT(*) AS rate FROM ${perHousehold('COUNT(DISTINCT basket_id) AS baskets')} t`,
  },
  {
    name: 'households by spend',
    sql: `SELECT CASE WHEN total < 50 THEN 'below 50' WHEN total < 100 THEN '50 to 100' ELSE '100 and more' END AS band, COUNT(*) AS households FROM ${perHousehold('SUM(sales_value) AS total')} t GROUP BY band`,
  },
]
