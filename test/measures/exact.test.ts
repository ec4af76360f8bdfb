import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { measures } from '../../src/measures/all.ts'
import { compileMeasure } from '../../src/measures/compile.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { printDuckdb } from '../../src/query/print/duckdb.ts'
import type { Query } from '../../src/query/query.ts'
import { catalogue } from '../query/catalogue.ts'
import { type Cell, type Data, Engine, type Row } from '../query/engine.ts'
import { amountOf, type Given, naive, peopleOf, tally } from './naive.ts'

let engine: Engine
beforeAll(async () => {
  engine = await Engine.open(catalogue)
})

const { USUFRUCT_LONG: long, USUFRUCT_SEED: seed } = process.env
const runs = { numRuns: long === '1' ? 200 : 12, ...(seed === undefined ? {} : { seed: Number(seed) }) }
const categories = ['bread', 'milk', 'oat drink']
const products: readonly Row[] = categories.map((category, at) => ({
  product_id: BigInt(at + 1),
  category,
  brand: 'x',
}))

/** At most six lines of a person, as many as the contract lets count, from a few weeks. */
const line = fc.record({
  product: fc.integer({ min: 1, max: 3 }),
  day: fc.integer({ min: 0, max: 69 }),
  hour: fc.integer({ min: 0, max: 9 }),
  spend: fc.option(fc.integer({ min: 0, max: 800 }), { freq: 8 }),
})
const person = fc.record({
  region: fc.constantFrom('north', 'south', 'east'),
  lines: fc.array(line, { maxLength: 6 }),
})
const data: fc.Arbitrary<Data> = fc.array(person, { minLength: 1, maxLength: 12 }).map((people) => ({
  products,
  members: people.map(({ region }, at) => ({ region, member_id: `m${at}`, _person: BigInt(at), _mask: 1n })),
  basket_lines: people.flatMap(({ lines }, at) =>
    lines.map(({ product, day, hour, spend }) => ({
      member_id: `m${at}`,
      product_id: BigInt(product),
      bought_on: dayText(day),
      bought_at: `${dayText(day)} ${10 + hour}:30:00`,
      spend: spend === null ? null : BigInt(spend),
      channel: 'shop',
      promo: false,
      _person: BigInt(at),
      _mask: 1n,
    })),
  ),
}))
const dayText = (day: number): string => new Date(Date.UTC(2025, 1, 20 + day)).toISOString().slice(0, 10)

const member = fc.constantFrom(...categories)
const item = fc.oneof(
  fc.constant({}),
  member.map((is) => ({ item: 'products.category', is })),
)
const dated = fc.constantFrom('bought_on', 'bought_at')
const time = fc.oneof(
  fc.constant({}),
  dated.map((date) => ({ date, from: '2025-03-01' })),
  dated.map((date) => ({ date, to: '2025-03-31' })),
  dated.map((date) => ({ date, from: '2025-03-01', to: '2025-03-31' })),
)
const group = fc.constantFrom({}, { by: 'members.region' })
const several = fc.shuffledSubarray(categories, { minLength: 2 }).map(([first = '', second = '', third]) => ({
  item: 'products.category',
  first,
  second,
  ...(third ? { third } : {}),
}))
const pair = several.map(({ item, first, second }) => ({ item, first, second }))
const arms = fc.constantFrom(
  { arm: 'members.region', test: 'north', control: 'south', assignment: 'random-per-person' },
  { arm: 'members.region', test: 'east', control: 'north', assignment: 'random-per-person' },
)
const all = (...parts: readonly fc.Arbitrary<Given>[]): fc.Arbitrary<Given> =>
  fc.tuple(...parts).map((found) => Object.assign({ events: 'basket_lines' }, ...found))
const text = (low: number, high: number, name: string) =>
  fc.integer({ min: low, max: high }).map((n) => ({ [name]: `${n}` }))

const asked: Readonly<Record<string, fc.Arbitrary<Given>>> = {
  penetration: all(item, time, group),
  'repeat-rate': all(item, fc.constant({ date: 'bought_on' }), time, text(2, 4, 'times'), group),
  'reach-frequency': all(item, time, text(2, 7, 'cap')),
  overlap: all(several, time),
  'basket-affinity': all(pair, time),
  funnel: all(
    several,
    dated.map((date) => ({ date })),
    time,
  ),
  retention: all(
    item,
    dated.map((date) => ({ date })),
    fc.constantFrom({ from: '2025-02-20', unit: 'week' }, { from: '2025-02-28', unit: 'month' }),
    text(2, 8, 'periods'),
  ),
  'price-bands': all(
    fc.constantFrom({ each: 'average' }, { each: 'total' }),
    fc.constant({ amount: 'spend', edges: '0.5, 2, 3.25, 7' }),
    item,
    time,
  ),
  lift: all(arms, item, time),
  'last-touch': all(
    fc.constant({ touches: 'basket_lines', channel: 'products.category', touched: 'bought_on' }),
    item,
    fc.constant({ date: 'bought_on' }),
    time,
  ),
}

async function computed(measure: string, given: Given, rows: Data): Promise<{ query: Query; cells: readonly Cell[] }> {
  const { sql } = expectAccepted(compileMeasure(measure, given, catalogue))
  const query = expectAccepted(await parseQuery(sql, catalogue))
  await engine.fill(rows)
  return { query, cells: await engine.run(printDuckdb(query, catalogue, { purposeBit: 0 })) }
}

describe('what the engine counts without noise is what a loop over people counts', () => {
  it.each(Object.keys(asked))(
    '%s is counted as it should be',
    async (measure) => {
      await fc.assert(
        fc.asyncProperty(data, asked[measure] as fc.Arbitrary<Given>, async (rows, given) => {
          const expected = tally(peopleOf(rows), measure, given)
          // Of several touches at the same time any one may be taken.
          const tied = expected.get('["several at once"]') ?? 0n
          const { cells } = await computed(measure, given, rows)
          const found = new Map(
            cells.filter((cell) => cell.values[0] !== 0n).map((cell) => [JSON.stringify(cell.keys), cell.values[0]]),
          )
          if (tied === 0n) expect(found).toEqual(expected)
          else
            expect([...found.values()].reduce((sum, n) => (sum ?? 0n) + (n ?? 0n), 0n)).toBe(
              [...expected.values()].reduce((sum, n) => sum + n, 0n),
            )
        }),
        runs,
      )
    },
    60_000,
  )

  it('revenue lift: people, and the moments of the capped amounts', async () => {
    const given = all(arms, fc.constant({ amount: 'spend', cap: '12.5' }), item, time)
    await fc.assert(
      fc.asyncProperty(data, given, async (rows, parameters) => {
        const { query, cells } = await computed('revenue-lift', parameters, rows)
        const moments = query.measures.find((one) => one.kind === 'variance')
        if (moments?.kind !== 'variance') throw new Error('no moments')
        const { centre, halfRange } = moments
        expect([centre, halfRange]).toEqual([625n, 625n])
        const amounts = peopleOf(rows).flatMap((one) => amountOf(one, parameters) ?? [])
        for (const arm of ['test', 'control']) {
          const off = amounts.filter((one) => one.arm === arm).map(({ amount }) => amount - centre)
          const n = BigInt(off.length)
          const sum = off.reduce((total, one) => total + one, 0n)
          const squares = off.reduce((total, one) => total + one * one - (halfRange * halfRange) / 2n, 0n)
          const found = cells.find(({ keys }) => keys[0] === arm)?.values ?? [0n, 0n, 0n, 0n]
          expect(found).toEqual([n, n, sum, squares])
        }
      }),
      runs,
    )
  }, 60_000)

  it('every measure is compared', () => {
    expect([...Object.keys(asked), 'revenue-lift'].sort()).toEqual(measures.map(({ id }) => id).sort())
    expect([...Object.keys(naive), 'revenue-lift'].sort()).toEqual(measures.map(({ id }) => id).sort())
  })
})
