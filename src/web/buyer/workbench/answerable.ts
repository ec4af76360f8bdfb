import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'

/** The words and functions of PostgreSQL that are answered here (docs/sql.md): what is offered is not refused afterwards. */
const words = [
  'SELECT FROM JOIN LEFT ON USING WHERE GROUP BY HAVING ORDER LIMIT AS AND OR NOT IN BETWEEN IS NULL LIKE ILIKE CASE WHEN THEN ELSE END',
  'FILTER DISTINCT ASC DESC DATE TIMESTAMP TRUE FALSE',
]
  .join(' ')
  .split(' ')
const functions: readonly (readonly [name: string, apply: string])[] = [
  ['COUNT(*)', 'COUNT(*)'],
  ['COUNT(DISTINCT person)', 'COUNT(DISTINCT '],
  ['SUM', 'SUM('],
  ['AVG', 'AVG('],
  ['ROUND', 'ROUND('],
  ['ABS', 'ABS('],
  ['COALESCE', 'COALESCE('],
  ['NULLIF', 'NULLIF('],
  ['GREATEST', 'GREATEST('],
  ['LEAST', 'LEAST('],
  ['LOWER', 'LOWER('],
  ['UPPER', 'UPPER('],
  ['LENGTH', 'LENGTH('],
  ["DATE_TRUNC('month', …)", "DATE_TRUNC('month', "],
  ['EXTRACT(year FROM …)', 'EXTRACT(year FROM '],
]
const options: readonly Completion[] = [
  ...functions.map(([label, apply]) => ({ label, apply, type: 'function', boost: 1 })),
  ...words.map((label) => ({ label, type: 'keyword' })),
]

export function answerable(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/\w+/)
  if (word === null && !context.explicit) return null
  return { from: word?.from ?? context.pos, options: [...options], validFor: /^\w*$/ }
}
