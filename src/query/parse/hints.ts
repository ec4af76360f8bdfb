/** Constructs that are not answered: name in the parse tree → what it is, what to write instead, and the keyword where it stands. */
const constructs: Readonly<Record<string, readonly [what: string, hint: string, word?: string]>> = {
  SubLink: [
    'a sub-query that gives a value',
    'of people’s rows it would put people together: ask for it first and write it in; an aggregate of public tables alone is answered, (SELECT MAX(price) FROM products)',
  ],
  'SubSelect.sortClause': [
    'ORDER BY in a sub-query',
    'leave it out, or use ROW_NUMBER() OVER (PARTITION BY <person key> ORDER BY …)',
    'order',
  ],
  'SubSelect.limitCount': [
    'LIMIT in a sub-query',
    'it would look across people; use ROW_NUMBER() OVER (PARTITION BY <person key> ORDER BY …)',
    'limit|fetch',
  ],
  'SubSelect.limitOffset': [
    'OFFSET in a sub-query',
    'it would look across people; use ROW_NUMBER() OVER (PARTITION BY <person key> ORDER BY …)',
    'offset',
  ],
  'SelectStmt.distinctOn': [
    'DISTINCT ON',
    'use ROW_NUMBER() OVER (PARTITION BY <person key> ORDER BY …) = 1',
    'distinct',
  ],
  WithClause: ['WITH RECURSIVE', 'write a sub-query for each step', 'with'],
  'WindowDef.frameOptions': ['a frame of a window', 'leave ROWS and RANGE out'],
  'RangeSubselect.lateral': ['LATERAL', 'join a sub-query that is grouped by the person', 'lateral'],
  'SelectStmt.distinctClause': [
    'SELECT DISTINCT',
    'GROUP BY the columns and count: SELECT region, COUNT(*) … GROUP BY region',
    'distinct',
  ],
  'SelectStmt.lockingClause': ['FOR UPDATE or FOR SHARE', 'leave it out: nothing is locked', 'for'],
  'SelectStmt.windowClause': ['WINDOW', 'aggregate with GROUP BY', 'window'],
  'SelectStmt.intoClause': ['SELECT INTO', 'leave it out: answers are returned', 'into'],
  'SelectStmt.valuesLists': ['VALUES', 'SELECT from a table of the contract', 'values'],
  'SelectStmt.op': [
    'UNION, INTERSECT or EXCEPT',
    'ask one question at a time, or group by CASE',
    'union|intersect|except',
  ],
  'SelectStmt.groupDistinct': ['GROUP BY DISTINCT', 'name each key once', 'group'],
  'SelectStmt.groupByAll': ['GROUP BY ALL', 'name the keys', 'group'],
  GroupingSet: ['ROLLUP, CUBE or GROUPING SETS', 'ask one question for each grouping'],
  GroupingFunc: ['GROUPING()', 'ask one question for each grouping'],
  'FuncCall.over': ['a window function here', 'use it in a sub-query, PARTITION BY the person key'],
  'FuncCall.agg_order': ['ORDER BY inside an aggregate', 'leave it out: counts and sums have no order'],
  'FuncCall.agg_within_group': ['WITHIN GROUP', 'use it with PERCENTILE_DISC'],
  'SortBy.quantile': ['a descending order here', 'turn the share round: QUANTILE(x, 0.1) for the 0.9 from above'],
  'FuncCall.func_variadic': ['VARIADIC', 'write the arguments one by one'],
  'FuncCall.agg_distinct': ['DISTINCT here', 'only COUNT(DISTINCT <person key>) is answered'],
  'FuncCall.agg_filter': ['FILTER here', 'FILTER belongs to an aggregate'],
  RangeFunction: ['a function in FROM', 'name a table of the contract'],
  RangeTableSample: ['TABLESAMPLE', 'leave it out: noise already protects people', 'tablesample'],
  RangeTableFunc: ['a table function', 'name a table of the contract'],
  JsonTable: ['JSON_TABLE', 'name a table of the contract'],
  'RangeVar.schemaname': ['a schema name', "write the table's name alone"],
  'RangeVar.catalogname': ['a catalogue name', "write the table's name alone"],
  'RangeVar.inh': ['ONLY', 'leave it out', 'only'],
  'Alias.colnames': ['renaming columns in FROM', 'name outputs with AS'],
  'JoinExpr.isNatural': ['NATURAL JOIN', 'write USING (column) or ON', 'natural'],
  'JoinExpr.alias': ['an alias of a join', 'give aliases to the tables'],
  'JoinExpr.join_using_alias': ['an alias of USING', 'give aliases to the tables'],
  'JoinExpr.nested': ['a join in parentheses', 'write the joins one after another, left to right'],
  'JoinExpr.jointype': [
    'RIGHT or FULL JOIN after other joins',
    'begin with the table whose rows are all kept and use LEFT JOIN',
    'right|full',
  ],
  'JoinExpr.full': [
    'FULL JOIN on anything but the person',
    'join two relations about people, USING (<person key>) or ON a.<person key> = b.<person key> alone',
    'full',
  ],
  ParamRef: ['a parameter', 'write the value into the question'],
  SQLValueFunction: ['the current date or user', "write the date itself, for example DATE '2026-01-31'"],
  A_ArrayExpr: ['an array', 'use IN (…) with a list of literals'],
  A_Indirection: ['a subscript or field', 'name a column of the contract'],
  RowExpr: ['a row value', 'compare the columns one by one with AND'],
  CollateClause: ['COLLATE', 'leave it out: texts compare by their characters'],
  NamedArgExpr: ['a named argument', 'write the arguments in order'],
  SetToDefault: ['DEFAULT', 'write a value'],
  XmlExpr: ['XML', 'use a column of the contract'],
  JsonFuncExpr: ['a JSON function', 'use a column of the contract'],
  'A_Const.bsval': ['a bit string', 'write a number or a text'],
  AEXPR_OP_ANY: ['= ANY', 'use IN (…) with a list of literals'],
  AEXPR_OP_ALL: ['ALL', 'use NOT IN (…) with a list of literals'],
  AEXPR_DISTINCT: ['IS DISTINCT FROM', 'use = or <> together with IS NULL'],
  AEXPR_NOT_DISTINCT: ['IS NOT DISTINCT FROM', 'use = together with IS NULL'],
  AEXPR_SIMILAR: ['SIMILAR TO', "use LIKE with a literal pattern, for example LIKE 'oat%'"],
  AEXPR_BETWEEN_SYM: ['BETWEEN SYMMETRIC', 'write the lower bound first'],
  AEXPR_NOT_BETWEEN_SYM: ['BETWEEN SYMMETRIC', 'write the lower bound first'],
  'SelectStmt.limitWithTies': ['WITH TIES', 'use LIMIT alone', 'ties'],
  'SortBy.useOp': ['ORDER BY USING', 'use ASC or DESC', 'using'],
  'SortBy.nullsFirst': ['NULLS FIRST', 'leave it out: missing values come last', 'nulls'],
}

export function hintFor(name: string): { what: string; hint: string; word: string | undefined } {
  const known = constructs[name]
  if (known) return { what: known[0], hint: known[1], word: known[2] }
  const owner = constructs[name.split('.')[0] ?? '']
  if (owner) return { what: owner[0], hint: owner[1], word: owner[2] }
  return { what: 'this construct', hint: 'see the list of what is answered in docs/sql.md', word: undefined }
}

const aggregates = 'COUNT, COUNT(DISTINCT <person key>), SUM, AVG, MEDIAN, QUANTILE, VARIANCE and STDDEV are answered'
const extremes = "an extreme is one person's value; ask for a quantile instead: QUANTILE(x, 0.99), or QUANTILE(x, 0.01)"
const middles = 'use MEDIAN(x) or QUANTILE(x, 0.9); for texts, group by them and count'
const rowsShown = `rows are never shown; ${aggregates}`
const clock = "the answer may not depend on the clock; write the date itself, for example DATE '2026-01-31'"
const chance = 'an answer must be repeatable; leave it out'

/** Functions that are not answered: name → what to write instead. */
const functions: Readonly<Record<string, string>> = {
  min: extremes,
  max: extremes,
  mode: middles,
  approx_quantile: middles,
  corr: 'ask for the averages of x, y and x * y',
  array_agg: rowsShown,
  string_agg: rowsShown,
  json_agg: rowsShown,
  jsonb_agg: rowsShown,
  any_value: rowsShown,
  first_value: rowsShown,
  last_value: rowsShown,
  bool_and: 'use SUM(CASE WHEN … THEN 1 ELSE 0 END)',
  bool_or: 'use COUNT(DISTINCT <person key>) with a condition',
  every: 'use SUM(CASE WHEN … THEN 1 ELSE 0 END)',
  approx_count_distinct: 'use COUNT(DISTINCT <person key>)',
  row_number: 'use it in a sub-query, OVER (PARTITION BY <person key> ORDER BY …)',
  rank: 'use it in a sub-query, OVER (PARTITION BY <person key> ORDER BY …)',
  now: clock,
  clock_timestamp: clock,
  statement_timestamp: clock,
  transaction_timestamp: clock,
  age: clock,
  timezone: 'times are in UTC; use the column as it is',
  random: chance,
  gen_random_uuid: chance,
  nextval: chance,
  setseed: chance,
  pg_sleep: 'leave it out',
  regexp_matches: "use LIKE with a literal pattern, for example LIKE 'oat%'",
  regexp_replace: "use LIKE with a literal pattern, for example LIKE 'oat%'",
  regexp_like: "use LIKE with a literal pattern, for example LIKE 'oat%'",
  like_escape: 'leave ESCAPE out; % and _ are wildcards',
  sqrt: 'use + - * / ABS ROUND POWER on numbers',
  ln: 'use + - * / ABS ROUND POWER on numbers',
  exp: 'use + - * / ABS ROUND POWER on numbers',
  count: 'aggregates belong in SELECT, HAVING and ORDER BY, not inside another aggregate, WHERE, JOIN or GROUP BY',
  sum: 'aggregates belong in SELECT, HAVING and ORDER BY, not inside another aggregate, WHERE, JOIN or GROUP BY',
  avg: 'aggregates belong in SELECT, HAVING and ORDER BY, not inside another aggregate, WHERE, JOIN or GROUP BY',
}

export const functionHint = (name: string): string =>
  functions[name] ??
  `${aggregates}; in conditions the functions that docs/sql.md lists, for example ABS, ROUND, COALESCE, LOWER, SUBSTRING, DATE_TRUNC`
