/**
 * Questions of the year that came from a measure: as `compileMeasure` writes them of North Co-op's contract, which a test holds.
 * The words stand apart, as those of every question of the plan.
 */
export const measured = {
  oatRepeat: {
    words: 'What share of members with basket lines with brand “brightoat” has them on at least 2 days?',
    sql: `-- measure repeat-rate {"date":"basket_lines.bought_on","events":"basket_lines","is":"brightoat","item":"products.brand","times":"2"}
WITH doers AS (
  SELECT basket_lines.member_id, COUNT(DISTINCT basket_lines.bought_on) AS days
  FROM basket_lines
  JOIN products USING (product_id)
  WHERE products.brand = 'brightoat'
  GROUP BY basket_lines.member_id
)
SELECT
  CASE
    WHEN doers.days IS NULL THEN 'never'
    WHEN doers.days < 2 THEN 'fewer'
    ELSE 'again'
  END AS did_it,
  COUNT(*) AS people
FROM members
LEFT JOIN doers USING (member_id)
GROUP BY 1`,
  },
  oatAffinity: {
    words: 'How often do category “plant drinks” and “cereals” go together among members with basket lines?',
    sql: `-- measure basket-affinity {"events":"basket_lines","first":"plant drinks","item":"products.category","second":"cereals"}
WITH baskets AS (
  SELECT
    basket_lines.member_id,
    BOOL_OR(products.category = 'plant drinks') AS first,
    BOOL_OR(products.category = 'cereals') AS second
  FROM basket_lines
  JOIN products USING (product_id)
  GROUP BY basket_lines.member_id
)
SELECT COALESCE(first, FALSE) AS first, COALESCE(second, FALSE) AS second, COUNT(*) AS people
FROM baskets
GROUP BY 1, 2`,
  },
  vegetablesRetention: {
    words: 'How many of members with basket lines with category “vegetables” stay over 6 months from 2025-12-01?',
    sql: `-- measure retention {"date":"basket_lines.bought_on","events":"basket_lines","from":"2025-12-01","is":"vegetables","item":"products.category","periods":"6","unit":"month"}
WITH active AS (
  SELECT
    basket_lines.member_id,
    MIN(basket_lines.bought_on) AS first_seen,
    MAX(basket_lines.bought_on) AS last_seen
  FROM basket_lines
  JOIN products USING (product_id)
  WHERE products.category = 'vegetables'
    AND basket_lines.bought_on >= DATE '2025-12-01'
    AND basket_lines.bought_on < DATE '2026-06-01'
  GROUP BY basket_lines.member_id
)
SELECT
  CASE
    WHEN last_seen < DATE '2026-01-01' THEN 1
    WHEN last_seen < DATE '2026-02-01' THEN 2
    WHEN last_seen < DATE '2026-03-01' THEN 3
    WHEN last_seen < DATE '2026-04-01' THEN 4
    WHEN last_seen < DATE '2026-05-01' THEN 5
    ELSE 6
  END AS last_period,
  COUNT(*) AS people
FROM active
WHERE first_seen < DATE '2026-01-01'
GROUP BY 1`,
  },
} as const
