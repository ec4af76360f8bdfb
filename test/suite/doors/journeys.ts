import { expect } from 'vitest'
import { verifyCombined, verifyReceipt } from '../../../src/verify/index.ts'
import { sql } from '../small-world.ts'
import type { Door, Said, Wish } from './doors.ts'

/**
 * The journeys, written once. `every`: all doors are asked, in turn, beginning with another one in each round, and must say the same. `one`: one
 * door does it, because it changes something; then every door is asked to look.
 */
export interface Step {
  readonly title: string
  readonly wish: (seen: Seen) => Wish
  readonly who: 'every' | 'one'
  readonly refused?: string
  readonly look?: Wish
  readonly after?: (said: Said, seen: Seen, logKey: string) => Promise<void> | void
}
/** What earlier steps saw. */
export interface Seen {
  receipt?: string
  quote?: string
  afterWithdrawal?: string
  price?: string
}

const alpha = { buyer: 'alpha', purpose: 'product-statistics' } as const
const question = { ...alpha, sql }
const count = { ...alpha, sql: 'SELECT COUNT(*) AS visits FROM visits' }
const open = { ...alpha, sql: 'SELECT spent AS amount, COUNT(DISTINCT person) AS people FROM visits GROUP BY spent' }
const contentOf = (said: Said): Record<string, unknown> => {
  if (!('value' in said)) throw new Error(`refused: ${JSON.stringify(said)}`)
  return (typeof said.value === 'string' ? JSON.parse(said.value) : said.value) as Record<string, unknown>
}
const refusedSql = (title: string, text: string, refused: string): Step[] =>
  (['quote', 'ask'] as const).map((verb) => ({
    title: `${verb}: ${title}`,
    who: 'every',
    wish: () => ({ do: verb, ...alpha, sql: text }),
    refused,
  }))

export const journeys: readonly Step[] = [
  { title: 'the list of products', who: 'every', wish: () => ({ do: 'products' }) },
  { title: 'one product', who: 'every', wish: () => ({ do: 'product', name: 'visits' }) },
  {
    title: 'a product that is not there',
    who: 'every',
    wish: () => ({ do: 'product', name: 'Wörter €' }),
    refused: 'product.unknown',
  },
  { title: 'the open period', who: 'every', wish: () => ({ do: 'period' }) },
  { title: 'a second period', who: 'every', wish: () => ({ do: 'open period' }), refused: 'period.already_open' },
  {
    title: 'a quote',
    who: 'every',
    wish: () => ({ do: 'quote', ...question }),
    after: (said, seen) => {
      seen.quote = contentOf(said).quote as string
      seen.price = contentOf(said).price as string
    },
  },
  {
    title: 'how it would be answered: nothing is kept and nothing paid',
    who: 'every',
    wish: () => ({ do: 'explain', ...question, sql: `explain privacy ${question.sql}` }),
    after: (said) => {
      const { plan, channels, suggestions } = contentOf(said) as Record<string, readonly { subject?: string }[]>
      expect(plan).toMatchObject({ path: expect.any(String), words: expect.any(String) })
      expect(channels).toHaveLength(2)
      expect(suggestions?.map(({ subject }) => subject)).toEqual(['spent', 'people', 'spent', 'area'])
    },
  },
  {
    title: 'EXPLAIN PRIVACY of what is no question, at its place in the text',
    who: 'every',
    wish: () => ({ do: 'explain', ...alpha, sql: 'EXPLAIN PRIVACY SELECT spent FROM visits' }),
    refused: 'query.not_aggregate',
  },
  {
    title: 'the question: answered by one door, again by the others, to the byte',
    who: 'every',
    wish: (seen) => ({ do: 'ask', ...question, maxPrice: '100', key: 'retry-1', quote: seen.quote as string }),
    after: async (said, seen, logKey) => {
      if (!('value' in said)) throw new Error(JSON.stringify(said))
      seen.receipt = said.value as string
      expect((await verifyReceipt(seen.receipt, logKey)).valid).toBe(true)
      const flipped = seen.receipt.replace('"value":"a"', '"value":"b"')
      expect((await verifyReceipt(flipped, logKey)).valid).toBe(false)
    },
  },
  {
    title: 'the same again for nothing: what was asked before is within every limit',
    who: 'every',
    wish: () => ({ do: 'ask', ...question, maxPrice: '0' }),
    after: (said, seen) => {
      expect('value' in said ? said.value : said).toBe(seen.receipt)
    },
  },
  {
    title: 'its receipt',
    who: 'every',
    wish: (seen) => ({ do: 'receipt', id: JSON.parse(seen.receipt as string).answer.release }),
    after: (said, seen) => expect(said).toEqual({ value: seen.receipt }),
  },
  {
    title: 'a quote for groups that nobody declared: what appears is decided by noisy counts',
    who: 'every',
    wish: () => ({ do: 'quote', ...open }),
    after: (said) => {
      const { groups, privacy } = contentOf(said) as Record<string, Record<string, unknown>>
      expect(groups).toMatchObject({ keys: ['amount'], open: ['amount'], selection: { maxGroups: '4', hidden: false } })
      expect(groups).not.toHaveProperty('count')
      expect(privacy).toMatchObject({ delta: '1000', epsilonAtDelta: '0.000000002' })
    },
  },
  {
    title: 'its answer: too few people for any group, which is an answer like another',
    who: 'every',
    wish: () => ({ do: 'ask', ...open }),
    after: async (said, _, logKey) => {
      const { answer } = contentOf(said) as { readonly answer: { readonly rows: unknown; readonly selection: unknown } }
      expect(answer).toMatchObject({ rows: [], selection: { delta: '0.000000001' } })
      expect((await verifyReceipt((said as { readonly value: string }).value, logKey)).valid).toBe(true)
    },
  },
  {
    title: 'the receipt of nothing',
    who: 'every',
    wish: () => ({ do: 'receipt', id: 'rel_nothing' }),
    refused: 'release.unknown',
  },
  { title: 'the releases of a buyer', who: 'every', wish: () => ({ do: 'releases', buyer: 'alpha' }) },
  ...(['quote', 'ask'] as const).map(
    (verb): Step => ({
      title: `${verb}: a bound that the buyer names`,
      who: 'every',
      wish: () => ({ do: verb, ...alpha, sql: 'SELECT SUM(spent) FROM visits', bounds: { 'visits.spent': '12.5' } }),
      after: (said) => expect(JSON.stringify(contentOf(said))).toContain(`${1250n ** 2n}`),
    }),
  ),
  {
    title: 'bounds that are chosen: quoted alike, and chosen once',
    who: 'every',
    wish: () => ({ do: 'quote', ...question, bounds: 'auto' }),
    after: (said) => expect(contentOf(said).bounds).toMatchObject({ mode: 'auto', sums: [{ sum: 'visits.spent' }] }),
  },
  {
    title: 'bounds that are chosen: one door asks, the others get the same bytes',
    who: 'every',
    wish: () => ({ do: 'ask', ...question, bounds: 'auto' }),
    after: async (said, _, logKey) => {
      if (!('value' in said)) throw new Error(JSON.stringify(said))
      expect((await verifyReceipt(said.value as string, logKey)).valid).toBe(true)
    },
  },
  ...(['quote', 'ask'] as const).map(
    (verb): Step => ({
      title: `${verb}: the first answer made more precise`,
      who: 'every',
      wish: (seen) => ({
        do: verb,
        ...question,
        rho: '0.001',
        topUpOf: JSON.parse(seen.receipt as string).answer.release,
      }),
      after: async (said, seen, logKey) => {
        if (verb === 'quote') return expect(contentOf(said).topUp).toMatchObject({ owned: '0.0005', total: '0.001' })
        const receipts = [seen.receipt as string, 'value' in said ? (said.value as string) : '']
        expect(await verifyCombined(receipts, logKey)).toMatchObject({ valid: true })
      },
    }),
  ),
  {
    title: 'more precision for another question',
    who: 'every',
    wish: (seen) => ({ do: 'ask', ...count, topUpOf: JSON.parse(seen.receipt as string).answer.release, rho: '0.001' }),
    refused: 'release.not_combinable',
  },
  {
    title: 'a bound of something that is not summed',
    who: 'every',
    wish: () => ({ do: 'quote', ...count, bounds: { 'visits.spent': '5' } }),
    refused: 'request.invalid',
  },
  {
    title: 'the same key with another question',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, key: 'retry-1' }),
    refused: 'request.idempotency_conflict',
  },
  {
    title: 'a maximum that is too low',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, maxPrice: '0.000001' }),
    refused: 'market.price_over_limit',
  },
  {
    title: 'a maximum that is no amount',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, maxPrice: 'cheap' }),
    refused: 'market.amount_invalid',
  },
  {
    title: 'a quote that nobody gave',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, quote: 'quo_0' }),
    refused: 'market.quote_unknown',
  },
  {
    title: 'rho of nothing',
    who: 'every',
    wish: () => ({ do: 'quote', ...count, rho: '0' }),
    refused: 'privacy.rho_out_of_range',
  },
  {
    title: 'rho over the cap',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, rho: '0.1' }),
    refused: 'privacy.rho_over_release_cap',
  },
  {
    title: 'a purpose that does not exist',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, purpose: 'mind-reading' }),
    refused: 'consent.purpose_unknown',
  },
  {
    title: 'no purpose where there are several',
    who: 'every',
    wish: () => ({ do: 'ask', buyer: 'alpha', sql }),
    refused: 'consent.purpose_unknown',
  },
  {
    title: 'a purpose that the buyer is not approved for',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, purpose: 'scientific-research' }),
    refused: 'buyer.not_approved',
  },
  {
    title: 'no funds',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, buyer: 'poor' }),
    refused: 'market.funds_lacking',
  },
  {
    title: 'a question about another product',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, product: 'nothing' }),
    refused: 'product.unknown',
  },
  ...refusedSql('no text', '', 'query.empty'),
  ...refusedSql('two statements', `${sql}; ${sql}`, 'query.several_statements'),
  ...refusedSql('rows instead of sums', 'SELECT spent FROM visits', 'query.not_aggregate'),
  ...refusedSql(
    'the place after é, € and emoji',
    'SELECT COUNT(*) AS "é€😀", nope FROM visits',
    'query.unknown_column',
  ),
  ...refusedSql('a change of data', 'DELETE FROM visits', 'query.not_select'),
  ...refusedSql('NUL', 'SELECT COUNT(*)\u0000 FROM visits', 'query.unreadable'),
  ...refusedSql('a megabyte', `SELECT COUNT(*) FROM visits WHERE area = '${'x'.repeat(1_048_576)}'`, 'query.too_long'),
  ...refusedSql(
    '50,000 parentheses',
    `SELECT ${'('.repeat(25_000)}COUNT(*)${')'.repeat(25_000)} FROM visits`,
    'query.too_deep',
  ),
  ...refusedSql('a sum of 200,000 terms', `SELECT SUM(${'1+'.repeat(200_000)}spent) FROM visits`, 'query.too_long'),
  ...refusedSql('a sum of 20,000 terms', `SELECT SUM(${'1+'.repeat(20_000)}spent) FROM visits`, 'query.too_deep'),
  { title: 'choices of a person', who: 'every', wish: () => ({ do: 'choices', person: 'p0001' }) },
  {
    title: 'choices of nobody',
    who: 'every',
    wish: () => ({ do: 'choices', person: 'nobody é' }),
    refused: 'person.unknown',
  },
  { title: 'a statement', who: 'every', wish: () => ({ do: 'statement', person: 'p0001' }) },
  {
    title: 'a statement of nobody',
    who: 'every',
    wish: () => ({ do: 'statement', person: 'nobody' }),
    refused: 'person.unknown',
  },
  {
    title: 'a withdrawal',
    who: 'one',
    wish: () => ({ do: 'choose', person: 'p0001', purpose: 'product-statistics', choice: 'no' }),
    look: { do: 'choices', person: 'p0001' },
    after: (said) => expect(contentOf(said).standing).toMatchObject([{ status: 'withdrawn', inForce: false }]),
  },
  {
    title: 'the same question after a withdrawal: the same bytes',
    who: 'every',
    wish: () => ({ do: 'ask', ...question }),
    after: (said, seen) => expect(said).toEqual({ value: seen.receipt }),
  },
  {
    title: 'another question after a withdrawal',
    who: 'every',
    wish: () => ({ do: 'ask', ...count }),
    after: (said, seen) => {
      seen.afterWithdrawal = contentOf(said).resultSalt as string
    },
  },
  {
    title: 'the person who left is not in it, and keeps the pay from before',
    who: 'every',
    wish: () => ({ do: 'statement', person: 'p0001' }),
    after: (said) => {
      // The head count, a chosen bound, and five answers.
      expect((contentOf(said).releases as unknown[]).length).toBe(7)
      expect(contentOf(said)).toMatchObject({ spentDelta: '0.000000001', epsilonAtDelta: '0.000000002' })
    },
  },
  {
    title: 'a yes again',
    who: 'one',
    wish: () => ({ do: 'choose', person: 'p0001', purpose: 'product-statistics', choice: 'yes' }),
    look: { do: 'choices', person: 'p0001' },
    after: (said) =>
      expect(contentOf(said).standing).toMatchObject([{ status: 'given', inForce: false, note: 'joins_next_period' }]),
  },
  {
    title: 'a yes to a purpose without notice or meaning',
    who: 'every',
    wish: () => ({ do: 'choose', person: 'p0002', purpose: 'mind-reading', choice: 'yes' }),
    refused: 'consent.purpose_unknown',
  },
  {
    title: 'the period ends',
    who: 'one',
    wish: () => ({ do: 'close period' }),
    look: { do: 'period' },
    after: (said) => expect(said).toEqual({ value: { open: false } }),
  },
  { title: 'no period to close', who: 'every', wish: () => ({ do: 'close period' }), refused: 'period.not_open' },
  {
    title: 'a quote without a period',
    who: 'every',
    wish: () => ({ do: 'quote', ...question }),
    refused: 'period.not_open',
  },
  {
    title: 'a question without a period',
    who: 'every',
    wish: () => ({ do: 'ask', ...question }),
    refused: 'period.not_open',
  },
  {
    title: 'a retry without a period still gives the first bytes, because of its key, and with a quote that is over',
    who: 'every',
    wish: (seen) => ({ do: 'ask', ...question, key: 'retry-1', quote: seen.quote as string, maxPrice: '0.000001' }),
    after: (said, seen) => expect(said).toEqual({ value: seen.receipt }),
  },
  {
    title: 'the same key with another question, without a period',
    who: 'every',
    wish: () => ({ do: 'ask', ...count, key: 'retry-1' }),
    refused: 'request.idempotency_conflict',
  },
  { title: 'the next period', who: 'one', wish: () => ({ do: 'open period' }), look: { do: 'period' } },
  {
    title: 'a retry in the next period still gives the first bytes, because of its key',
    who: 'every',
    wish: () => ({ do: 'ask', ...question, key: 'retry-1' }),
    after: (said, seen) => expect(said).toEqual({ value: seen.receipt }),
  },
]

/** Walks the journeys; `step` is told before each, so that a failure has a name. */
export async function walk(
  doors: readonly Door[],
  logKey: string,
  untouched: () => Promise<unknown>,
  step: (title: string) => void,
  steps = journeys,
): Promise<void> {
  const seen: Seen = {}
  for (const [at, journey] of steps.entries()) {
    const inTurn = doors.map((_, index) => doors[(at + index) % doors.length] as Door)
    const asked = journey.who === 'every' ? inTurn : inTurn.slice(0, 1)
    const before = journey.refused === undefined ? undefined : await untouched()
    let said: Said | undefined
    for (const door of asked) {
      step(`${journey.title} (${door.name})`)
      const now = await door.act(journey.wish(seen))
      if (journey.refused !== undefined) expect(now).toMatchObject({ refused: { code: journey.refused } })
      if (said) expect(now).toEqual(said)
      said = now
    }
    if (before !== undefined) expect(await untouched()).toEqual(before)
    if (journey.look)
      for (const door of inTurn) {
        step(`${journey.title}, seen by ${door.name}`)
        const now = await door.act(journey.look)
        if (door !== inTurn[0]) expect(now).toEqual(said)
        said = now
      }
    step(journey.title)
    await journey.after?.(said as Said, seen, logKey)
  }
}
