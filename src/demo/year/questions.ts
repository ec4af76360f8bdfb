import type { RefusalCode } from '../../base/refusal.ts'
import type { Question } from '../../release/world.ts'
import { measured } from './measured.ts'

/** One question of the year: when, whose, in words and in SQL. */
export interface Asked {
  readonly at: string
  readonly question: Question
  /** The refusal that the question is to meet; undefined: it is answered. */
  readonly refused?: RefusalCode
  /** The data file cannot be reached while this is answered: the release burns. */
  readonly outage?: true
}

const statistics = 'product-statistics'
const research = 'scientific-research'
const baskets = 'FROM basket_lines JOIN members USING (member_id) JOIN products USING (product_id)'
const lines = 'FROM basket_lines JOIN products USING (product_id)'
const month = "DATE_TRUNC('month', bought_on)"
const household = `CASE WHEN household_size = 1 THEN 'one' WHEN household_size = 2 THEN 'two' ELSE 'three or more' END`

const buyers = (where: string, by = 'region') =>
  `SELECT ${by}, COUNT(DISTINCT member_id) AS buyers\n${baskets}\nWHERE ${where}\nGROUP BY ${by}`
const spend = (where: string, by = 'region') =>
  `SELECT ${by}, SUM(spend_eur) AS spend\n${baskets}\nWHERE ${where}\nGROUP BY ${by}`
const items = (where: string, by: string) =>
  `SELECT ${by}, SUM(quantity) AS items\n${lines}\nWHERE ${where}\nGROUP BY ${by}`
const byMonth = (where: string) =>
  `SELECT ${month} AS month, COUNT(DISTINCT member_id) AS buyers\n${lines}\nWHERE ${where}\nGROUP BY month\nORDER BY month`
const byHousehold = (where: string) =>
  `SELECT ${household} AS household, COUNT(DISTINCT member_id) AS buyers\n${baskets}\nWHERE ${where}\nGROUP BY household`
const reach = (where: string) => `SELECT COUNT(DISTINCT member_id) AS buyers\n${lines}\nWHERE ${where}`
const both = (one: string, other: string) =>
  `SELECT COUNT(DISTINCT CASE WHEN ${one} THEN member_id END) AS first,\n  COUNT(DISTINCT CASE WHEN ${other} THEN member_id END) AS second\n${lines}`
const brand = (name: string) => `brand = '${name}'`
const category = (name: string) => `category = '${name}'`
const product = (name: string) => `name = '${name}'`

/** Tiers of precision: a count to within 62, 28 or 20 people. */
const fine = { nano: 2_500_000n }
const finest = { nano: 5_000_000n }

type More = Omit<Asked, 'at' | 'question'> & { readonly purpose?: string; readonly wish?: Question['wish'] }
/** The question in words is a comment on the first line: kept with the SQL and shown beside it, it changes nothing of the plan. */
const inWords = (words: string, sql: string): string => `-- ${words}\n${sql}`
const ask =
  (buyer: string, usual: string) =>
  (at: string, words: string, sql: string, more: More = {}): Asked => {
    const { purpose = usual, wish, ...rest } = more
    return { at, question: { buyer, product: 'baskets', purpose, sql: inWords(words, sql), wish }, ...rest }
  }
const oat = ask('brightoat', statistics)
const farm = ask('meadowfarm', statistics)
const tea = ask('harbourtea', statistics)
const uni = ask('north-university', research)

const oatBuyers = buyers(brand('brightoat'))
const dairySpend = spend(category('dairy'), 'brand')
const teaBuyers = buyers(`${category('hot drinks')} AND ${brand('harbourtea')}`)

/** Everything that is asked from December 2025 to November 2026, in order of time. All buyers are made up. */
export const questionsOfTheYear: readonly Asked[] = [
  oat('2025-12-02T09:12', 'How many members buy something of ours, by region?', oatBuyers),
  oat('2025-12-02T09:40', 'How many members buy something of ours, by region?', oatBuyers),
  farm('2025-12-04T10:05', 'What do members spend on dairy, by brand?', dairySpend, { wish: fine }),
  farm('2025-12-09T15:20', 'How many members buy whole milk, by household size?', byHousehold(product('whole milk'))),
  oat(
    '2025-12-11T11:31',
    'Which members bought oat drink barista?',
    `SELECT member_id\n${lines}\nWHERE ${product('oat drink barista')}`,
    { refused: 'query.person_exposed' },
  ),
  oat(
    '2025-12-11T11:48',
    'How many members bought oat drink barista, by region?',
    buyers(product('oat drink barista')),
  ),
  oat('2025-12-16T14:02', 'How many members buy plant drinks, month by month?', byMonth(category('plant drinks')), {
    wish: finest,
  }),

  farm('2026-01-06T09:30', 'How many members buy butter, by region?', buyers(product('butter'))),
  oat('2026-01-08T10:44', 'How many members buy porridge oats, month by month?', byMonth(product('porridge oats')), {
    wish: fine,
  }),
  oat('2026-01-13T16:10', 'What do members spend on cereals, by brand?', spend(category('cereals'), 'brand'), {
    wish: fine,
  }),
  farm(
    '2026-01-20T13:05',
    'What is the most that anybody spends on cheese?',
    `SELECT MAX(spend_eur) AS most\n${lines}\nWHERE ${product('hard cheese')}`,
    { refused: 'query.function_not_allowed' },
  ),
  farm(
    '2026-01-20T13:22',
    'What is the average price paid for a line of hard cheese?',
    `SELECT AVG(spend_eur) AS average\n${lines}\nWHERE ${product('hard cheese')}`,
    { wish: fine },
  ),
  oat(
    '2026-01-27T09:55',
    'How many members buy oat drink, and how many soy drink?',
    both(product('oat drink'), product('soy drink')),
  ),

  uni('2026-02-03T10:00', 'How many members buy vegetables, by region?', buyers(category('vegetables')), {
    refused: 'market.funds_lacking',
  }),
  uni('2026-02-05T10:15', 'How many members buy vegetables, by region?', buyers(category('vegetables')), {
    wish: fine,
  }),
  uni('2026-02-05T14:48', 'How many members buy fruit, by household size?', byHousehold(category('fruit')), {
    wish: fine,
  }),
  farm('2026-02-10T11:11', 'How many members buy plain yoghurt, by region?', buyers(product('plain yoghurt'))),
  oat('2026-02-12T09:19', 'How many households buy oat bread, by size?', byHousehold(product('oat bread'))),
  oat('2026-02-18T15:37', 'How many members buy what we make, for a study?', oatBuyers, {
    purpose: research,
    refused: 'buyer.not_approved',
  }),
  uni(
    '2026-02-24T16:25',
    'How many items of snacks are bought, month by month?',
    `SELECT ${month} AS month, SUM(quantity) AS items\n${lines}\nWHERE ${category('snacks')}\nGROUP BY month\nORDER BY month`,
    { wish: finest },
  ),

  tea('2026-03-03T09:02', 'How many members buy our teas, by region?', teaBuyers, { refused: 'market.funds_lacking' }),
  tea('2026-03-04T09:30', 'How many members buy our teas, by region?', teaBuyers),
  tea(
    '2026-03-04T10:01',
    'How many members buy tea, by kind?',
    `SELECT CASE WHEN ${product('black tea')} THEN 'black' WHEN ${product('green tea')} THEN 'green' WHEN ${product('herbal tea')} THEN 'herbal' ELSE 'others' END AS tea, COUNT(DISTINCT member_id) AS buyers\n${lines}\nWHERE ${category('hot drinks')}\nGROUP BY tea`,
    { wish: fine },
  ),
  oat('2026-03-10T13:13', 'How many members buy vanilla oat drink, by region?', buyers(product('oat drink vanilla'))),
  farm('2026-03-12T10:40', 'How many members buy fresh cheese, by region?', buyers(product('fresh cheese'))),
  farm(
    '2026-03-17T17:05',
    'How many members buy ice cream of ours, month by month?',
    byMonth(product('vanilla ice cream')),
    { wish: fine, outage: true, refused: 'release.failed' },
  ),
  farm(
    '2026-03-18T08:50',
    'How many members buy ice cream of ours, month by month?',
    byMonth(product('vanilla ice cream')),
    { wish: fine },
  ),
  uni('2026-03-25T11:20', 'How many members buy meat or fish, by region?', buyers(category('meat and fish')), {
    wish: fine,
  }),

  oat(
    '2026-04-02T09:45',
    'What do members spend on plant drinks, by brand?',
    spend(category('plant drinks'), 'brand'),
    { wish: fine },
  ),
  tea('2026-04-08T10:12', 'How many members buy iced tea, month by month?', byMonth(product('iced tea')), {
    wish: fine,
  }),
  tea(
    '2026-04-08T10:30',
    'How many members buy iced tea, by region and household size?',
    `SELECT region, household_size, COUNT(DISTINCT member_id) AS buyers\n${baskets}\nWHERE ${product('iced tea')}\nGROUP BY region, household_size`,
  ),
  farm('2026-04-14T14:20', 'How many members buy goat cheese, by region?', buyers(product('goat cheese'))),
  uni('2026-04-21T15:55', 'How many members buy lentils, by household size?', byHousehold(product('lentils'))),

  oat('2026-05-05T09:20', 'How many members buy something of ours, by region?', oatBuyers, { wish: fine }),
  farm('2026-05-07T11:04', 'What do members spend on dairy, by brand?', dairySpend, { wish: fine }),
  farm(
    '2026-05-12T16:40',
    'How many people are in the east in all, for our advertisements?',
    `SELECT COUNT(*) AS members\nFROM members\nWHERE region = 'east'`,
    { purpose: 'service-improvement', refused: 'consent.purpose_unknown' },
  ),
  tea(
    '2026-05-19T10:10',
    'How many items of breakfast tea are bought, by region?',
    `SELECT region, SUM(quantity) AS items\n${baskets}\nWHERE ${product('breakfast tea')}\nGROUP BY region`,
  ),
  uni('2026-05-27T13:30', 'How many members buy household goods, month by month?', byMonth(category('household'))),

  oat('2026-06-03T09:33', 'How many members buy something of ours, by region, in the new data?', oatBuyers, {
    wish: fine,
  }),
  farm('2026-06-09T10:25', 'What do members spend on dairy, by region, in the new data?', spend(category('dairy')), {
    wish: fine,
  }),
  farm(
    '2026-06-11T10:50',
    'How many lactose-free members buy milk, by region?',
    buyers(`diet = 'lactose-free' AND ${product('whole milk')}`),
    { refused: 'law.forbidden' },
  ),
  tea('2026-06-16T15:15', 'How many members buy our teas, by region?', teaBuyers, { wish: fine }),
  uni(
    '2026-06-23T11:45',
    'What do members spend on vegetables, by household size?',
    `SELECT ${household} AS household, SUM(spend_eur) AS spend\n${baskets}\nWHERE ${category('vegetables')}\nGROUP BY household`,
    { wish: finest },
  ),

  oat(
    '2026-07-02T10:10',
    'How many members buy oat drink barista, month by month?',
    byMonth(product('oat drink barista')),
    { wish: fine },
  ),
  tea('2026-07-08T09:50', 'How many members buy cold drinks, by region?', buyers(category('cold drinks'))),
  farm(
    '2026-07-14T13:40',
    'How many members buy strawberries and cream?',
    both(product('strawberries'), product('cream')),
  ),
  oat(
    '2026-07-21T11:00',
    'How many members bought oat drink after an advertisement?',
    `SELECT COUNT(DISTINCT member_id) AS buyers\n${lines}\nWHERE ${product('oat drink')} AND saw_advertisement`,
    { refused: 'query.unknown_column' },
  ),
  uni('2026-07-28T14:35', 'How many members buy frozen food, by household size?', byHousehold(category('frozen'))),

  farm('2026-08-04T10:20', 'What do members spend on frozen food, by brand?', spend(category('frozen'), 'brand')),
  oat('2026-08-11T09:40', 'How many members buy oat biscuits, by region?', buyers(product('oat biscuits'))),
  tea(
    '2026-08-13T16:05',
    'How many items of cold drinks are bought, by brand?',
    items(category('cold drinks'), 'brand'),
  ),
  uni('2026-08-20T11:30', 'How many members buy bread, by region?', buyers(category('bread and bakery')), {
    wish: fine,
  }),

  uni('2026-09-02T09:00', 'How many members buy fruit, month by month?', byMonth(category('fruit')), { wish: finest }),
  uni('2026-09-03T09:00', 'How many members buy vegetables, month by month?', byMonth(category('vegetables')), {
    wish: finest,
  }),
  uni('2026-09-04T09:00', 'How many members buy snacks, month by month?', byMonth(category('snacks')), {
    wish: finest,
  }),
  uni('2026-09-07T09:00', 'How many members buy meat or fish, month by month?', byMonth(category('meat and fish')), {
    wish: finest,
  }),
  oat('2026-09-08T10:30', 'How many members buy muesli, by region?', buyers(product('muesli')), { wish: finest }),
  uni('2026-09-09T09:00', 'How many members buy cereals, month by month?', byMonth(category('cereals')), {
    wish: finest,
  }),
  uni('2026-09-10T09:00', 'How many members buy dairy, month by month?', byMonth(category('dairy')), { wish: finest }),
  farm(
    '2026-09-14T15:10',
    'What do members spend on dairy, month by month?',
    `SELECT ${month} AS month, SUM(spend_eur) AS spend\n${lines}\nWHERE ${category('dairy')}\nGROUP BY month\nORDER BY month`,
    { wish: finest },
  ),
  uni('2026-09-16T09:00', 'How many members buy cold drinks, month by month?', byMonth(category('cold drinks')), {
    wish: finest,
    refused: 'privacy.budget_used_up',
  }),
  tea('2026-09-22T10:40', 'How many members buy our teas, by region?', teaBuyers),

  tea('2026-10-06T09:25', 'How many members buy herbal tea, month by month?', byMonth(product('herbal tea'))),
  oat(
    '2026-10-08T10:55',
    'How many members buy oat cooking cream, and how many cream?',
    both(product('oat cooking cream'), product('cream')),
  ),
  farm('2026-10-13T14:15', 'How many members buy butter, by household size?', byHousehold(product('butter'))),
  farm('2026-10-20T11:35', 'What do members spend on what we make, to the last cent?', spend(brand('meadowfarm')), {
    wish: { nano: 20_000_000n },
    refused: 'privacy.rho_over_release_cap',
  }),
  uni('2026-10-27T15:00', 'How many members buy tofu, by region?', buyers(product('tofu')), { wish: fine }),

  oat('2026-11-03T09:10', 'How many members buy something of ours, by region?', oatBuyers, { wish: fine }),
  tea('2026-11-05T10:05', 'What do members spend on hot drinks, by brand?', spend(category('hot drinks'), 'brand'), {
    wish: fine,
  }),
  farm('2026-11-10T13:25', 'How many members buy hard cheese, by region?', buyers(product('hard cheese'))),
  oat('2026-11-12T09:30', measured.oatRepeat.words, measured.oatRepeat.sql, { wish: fine }),
  // Product names have no declared domain: which of them appear is decided by noisy counts.
  uni(
    '2026-11-12T09:50',
    'How many members buy each dairy product, where enough of them do?',
    `SELECT name, COUNT(DISTINCT member_id) AS buyers\n${lines}\nWHERE ${category('dairy')}\nGROUP BY name\nORDER BY buyers DESC`,
    { wish: finest },
  ),
  oat('2026-11-13T09:45', measured.oatAffinity.words, measured.oatAffinity.sql, { wish: fine }),
  uni('2026-11-16T10:15', measured.vegetablesRetention.words, measured.vegetablesRetention.sql, { wish: fine }),
  uni(
    '2026-11-17T10:30',
    'How many members buy chocolate, month by month?',
    byMonth(`name IN ('chocolate bar', 'dark chocolate')`),
    { wish: fine },
  ),
  tea('2026-11-24T16:45', 'How many members buy rooibos tea at all?', reach(product('rooibos tea')), {
    wish: { within: '20' },
  }),
  oat('2026-11-27T11:15', 'How many members buy granola, by region?', buyers(product('granola'))),
]
