/**
 * Questions that break engines on some rows: as they would be asked here, and as somebody would write them in plain SQL. The target has the rows on which plain
 * SQL breaks (people.ts).
 */
export interface Hostile {
  readonly sql: string
  readonly plain: string
  /** Where the question is a count under one condition: that. */
  readonly condition?: string
}

const of = (expression: string, plain = expression): Hostile => ({
  sql: `SELECT COUNT(*) AS n FROM visits WHERE ${expression}`,
  plain: `SELECT COUNT(*) AS n FROM visits WHERE ${plain}`,
  condition: expression,
})
const sum = (expression: string, plain = expression): Hostile => ({
  sql: `SELECT SUM(${expression}) AS s FROM visits`,
  plain: `SELECT SUM(${plain}) AS s FROM visits`,
})

export const hostile: readonly Hostile[] = [
  // casts
  of('note::integer > 5'),
  of('CAST(note AS INTEGER) + 1 > 5'),
  of("note::date > DATE '2026-01-01'"),
  of('note::numeric > 5', 'note::DECIMAL(18,3) > 5'),
  of('note::float > 5', 'note::DOUBLE > 5'),
  of('note::boolean', 'note::BOOLEAN'),
  of("day::text = ''", "day::VARCHAR = ''"),
  sum('LEAST(GREATEST(note::integer, 0), 10)', 'LEAST(GREATEST(note::INTEGER, 0), 10)'),
  // overflow
  of('points * points > 0'),
  of('points * points * points > 0'),
  of('points * points * points * points * points > 0'),
  of('points + 9000000000000000000 > 0', 'points + 9223372036854775807 > 0'),
  of('points + 9223372036854775807 > 0'),
  of('power(points, 8) > 1', 'CAST(power(points, 8)::HUGEINT AS BIGINT) > 1'),
  of('ABS(points) * 10000000 > 1', '(ABS(points) * 10000000)::BIGINT > 1'),
  of('points::integer > 0', 'points::INTEGER > 0'),
  of('spent::integer > 0'),
  sum('points'),
  sum('LEAST(GREATEST(points, -100), 100)'),
  sum('points * points'),
  // division, roots, logarithms
  of('10 / points > 0', 'CASE WHEN points = 0 THEN error(note) ELSE true END'),
  of('10 % points > 0', 'CASE WHEN points = 0 THEN error(note) ELSE true END'),
  of('MOD(10, points) > 0', 'CASE WHEN points = 0 THEN error(note) ELSE true END'),
  of('10 / (spent - 100) > 0', 'CASE WHEN spent = 100 THEN error(note) ELSE true END'),
  of('LN(points) > 0', 'LN(points) > 0'),
  of('SQRT(points) > 0', 'SQRT(points) > 0'),
  sum('LEAST(GREATEST(spent / (100 - spent), 0), 10)', 'CASE WHEN spent = 100 THEN error(note) ELSE 1 END'),
  // dates at both ends
  of("day + INTERVAL '1 year' > DATE '2026-01-01'", "(day + INTERVAL '2000000 years')::DATE > DATE '2026-01-01'"),
  of("day + 3000000 > DATE '2026-01-01'", "day + 2147483647 > DATE '2026-01-01'"),
  of("day - 3000000 > DATE '2026-01-01'"),
  of('EXTRACT(year FROM day) = 9999'),
  of("DATE_TRUNC('year', day) = DATE '9999-01-01'"),
  // texts
  of("note ~ '^(a+)+$'"),
  of("note SIMILAR TO '(a|aa)+'"),
  of("note LIKE '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%!!'"),
  of("note ILIKE '%A%a%A%a%A%a%A%a%A%a%A%a%b'", "LEFT(note, 20) ILIKE '%A%a%b'"),
  // Within the number of signs that a pattern may have here. Plain SQL gets the first 48 characters: on 4,000 it would take years, and no interrupt ends it.
  of("note ILIKE '%A%A%a%a%a%a%a%!!'", "LEFT(note, 48) ILIKE '%A%A%a%a%a%a%a%!!'"),
  of("note LIKE '%a_%a%a%a%a%a%a%!!'", "LEFT(note, 48) LIKE '%a_%a%a%a%a%a%a%!!'"),
  of('LENGTH(CONCAT(note, note, note, note, note, note, note, note)) > 30000'),
  of("LENGTH(REPLACE(note, 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')) > 100000"),
  of('SUBSTRING(note FROM -5 FOR 2147483647) = note'),
  of('LEFT(note, -4000) = note'),
  of('UPPER(note) = LOWER(note)'),
  // sub-queries
  of('points > (SELECT MAX(points) FROM visits)', 'points > (SELECT points FROM visits WHERE points = 9000000000000)'),
  of('note IN (SELECT note FROM visits WHERE note::integer > 0)'),
  // groups
  {
    sql: 'SELECT note::integer AS k, COUNT(*) AS n FROM visits GROUP BY 1',
    plain: 'SELECT note::INTEGER AS k, COUNT(*) AS n FROM visits GROUP BY 1',
  },
  {
    sql: 'SELECT 10 / points AS k, COUNT(*) AS n FROM visits GROUP BY 1',
    plain: 'SELECT CASE WHEN points = 0 THEN error(note) END AS k, COUNT(*) AS n FROM visits GROUP BY 1',
  },
  // answers
  {
    sql: 'SELECT COUNT(*) / SUM(spent) AS r FROM visits WHERE spent = 100',
    plain: 'SELECT CASE WHEN SUM(spent) > 0 THEN error(CAST(SUM(spent) AS VARCHAR)) END FROM visits WHERE spent = 100',
  },
  {
    sql: 'SELECT SQRT(SUM(spent) - 100000) AS r FROM visits',
    plain: 'SELECT SQRT(SUM(spent) - 100000) AS r FROM visits',
  },
  {
    sql: `SELECT COUNT(*) AS n FROM visits WHERE ${'NOT ('.repeat(140)}spent > 1${')'.repeat(140)}`,
    plain: 'SELECT COUNT(*) AS n FROM visits',
  },
  {
    sql: `SELECT COUNT(*) AS n FROM visits WHERE spent > 1${' OR spent > 1'.repeat(600)}`,
    plain: 'SELECT COUNT(*) AS n FROM visits',
  },
]

/** Counts under one condition are asked eight at a time, each in a filter of its own: the same expressions in a shorter time. */
export function inFewQuestions(all: readonly Hostile[]): readonly string[] {
  const counts = all.flatMap(({ condition }) => condition ?? [])
  const others = all.flatMap(({ sql, condition }) => (condition === undefined ? [sql] : []))
  const eights = Array.from({ length: Math.ceil(counts.length / 8) }, (_, nth) => counts.slice(8 * nth, 8 * nth + 8))
  const filtered = (condition: string, nth: number) => `COUNT(*) FILTER (WHERE ${condition}) AS n${nth}`
  return [...eights.map((eight) => `SELECT ${eight.map(filtered).join(', ')} FROM visits`), ...others]
}
