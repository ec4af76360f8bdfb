import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { compileMeasure } from '../../src/measures/compile.ts'
import { offers } from '../../src/measures/offer.ts'
import { boundedSums, withSumBounds } from '../../src/query/bounded-sums.ts'
import { parseQuery } from '../../src/query/parse.ts'
import type { Query } from '../../src/query/query.ts'
import { fittings } from '../measures/fittings.ts'
import { catalogue } from './catalogue.ts'
import { crowds, everybody, wildCrowds } from './crowds.ts'
import { asMap, type Data, Engine } from './engine.ts'
import { recordQuestions, shortQuestions, withinBounds } from './loaded.ts'
import { openQuestions } from './open.ts'
import { type Path, type PathName, pathNames, pathsOf } from './paths.ts'
import { questions } from './random.ts'
import { answers, type Crowd, crowdOf } from './removals.ts'
import { breachesOf, claimOf, movedBy } from './sensitivity.ts'
import { Tally } from './tally.ts'

/**
 * Exact-sensitivity fuzzing (differential-privacy.md 9.1): random accepted questions over random data with people made to reach every bound, each of them
 * removed in turn, on every path. No statistics: the integers that the noise is added to, and what the plan claims of them.
 */
const long = process.env.USUFRUCT_LONG === '1'
const seed = Number(process.env.USUFRUCT_SEED ?? randomInt(2 ** 31))
/** Pairs of question, data and person removed: of all paths together, and on each of them. */
const least = long ? { all: 20_000, path: 20_000 } : { all: 2_000, path: 400 }

/** Questions by which somebody of the made people comes near each claim. */
const tight: Readonly<Record<PathName, readonly string[]>> = {
  records: [
    'SELECT region, COUNT(*), COUNT(DISTINCT b.member_id), SUM(spend), AVG(quantity) FROM basket_lines b JOIN members m USING (member_id) GROUP BY region',
    'SELECT COUNT(*), COUNT(DISTINCT b.member_id), SUM(spend), AVG(quantity) FROM basket_lines b JOIN members m USING (member_id) GROUP BY EXTRACT(doy FROM m.joined_on) * m.birth_year',
  ],
  flat: [
    'SELECT COUNT(*), COUNT(*) FILTER (WHERE newsletter) FROM members',
    'SELECT channel, promo, COUNT(*), SUM(spend), AVG(quantity) FROM basket_lines GROUP BY channel, promo',
    'SELECT shop, COUNT(DISTINCT member_id), SUM(minutes) FROM visits WHERE minutes < 200 GROUP BY shop',
    'SELECT note, COUNT(*), COUNT(DISTINCT member_id), SUM(spend), AVG(quantity) FROM basket_lines GROUP BY note',
  ],
  'two-level': [
    'SELECT SUM_BOUND(spend) FROM basket_lines',
    'SELECT AVG_PER_PERSON(quantity) FROM basket_lines',
    'SELECT COUNT(DISTINCT member_id), COUNT(DISTINCT member_id) FILTER (WHERE promo) FROM basket_lines',
    "SELECT DATE_TRUNC('month', bought_on), channel, COUNT(*), COUNT(DISTINCT member_id), SUM(spend), AVG(quantity) FROM basket_lines GROUP BY 1, 2",
    "SELECT DATE_TRUNC('month', bought_on), COUNT(DISTINCT note), VARIANCE(quantity) FROM basket_lines GROUP BY 1",
    'SELECT EXTRACT(month FROM bought_on), MEDIAN(LEAST(GREATEST(points, -3), 4)) FROM basket_lines GROUP BY 1',
    'SELECT note, promo, COUNT(*), COUNT(DISTINCT member_id), SUM(spend), AVG(spend), VARIANCE(quantity) FROM basket_lines GROUP BY 1, 2',
    'SELECT note, COUNT(DISTINCT bought_on) FROM basket_lines GROUP BY note',
    'SELECT note, MEDIAN(LEAST(GREATEST(FLOOR(spend), -10), -3)) FROM basket_lines WHERE LENGTH(note) < 4 GROUP BY note',
  ],
}
const common = ['rows', 'persons', 'sum', 'average, count', 'average, centred']
const alone = ['distinct', 'distribution', 'variance, count', 'variance, centred', 'variance, squares']
const inGroups = (names: readonly string[]): readonly string[] => [...names, ...names.map((of) => `${of}, open groups`)]
const aggregatesOf: Readonly<Record<PathName, readonly string[]>> = {
  records: inGroups(common),
  flat: [...inGroups(common), 'cells'],
  'two-level': [...inGroups([...common, ...alone]), 'bound', 'cells', 'mean, count', 'mean, centred'],
}

/** What buyers ask without writing SQL. */
const inWords = offers(catalogue).flatMap((offer) =>
  fittings(offer).map((given) => expectAccepted(compileMeasure(offer.measure, given, catalogue)).sql),
)

/** Which bound suits, as `auto` asks for it. */
const choosing = ['SELECT SUM_BOUND(spend) FROM basket_lines', 'SELECT SUM_BOUND(minutes) FROM visits']

let engine: Engine
const tally = new Tally()
beforeAll(async () => {
  engine = await Engine.open(catalogue)
})
afterAll(() => process.stdout.write(`seed ${seed}: ${tally.distinctPairs} pairs\n${tally.table()}\n`))

const read = async (sql: string): Promise<Query> => expectAccepted(await parseQuery(sql, catalogue))

/** Of made-up questions with open keys some have a public domain that is too large. `bound`: one that the buyer names, or that was chosen, for every sum that may have one. */
async function readMadeUp(sql: string, bound: bigint | undefined): Promise<Query | undefined> {
  const parsed = await parseQuery(sql, catalogue)
  if (!parsed.ok && parsed.refusal.code === 'query.too_many_groups') return undefined
  const query = expectAccepted(parsed)
  if (bound === undefined) return query
  return withSumBounds(query, new Map(boundedSums(query, catalogue).map(({ measure }) => [measure, bound])))
}

/** Everybody removed in turn, on every path: what is wrong. */
async function wrongs(query: Query, crowd: Crowd, stored: boolean): Promise<readonly string[]> {
  const plan = claimOf(query)
  // A distribution of hundreds of bins takes the engine a tenth of a second.
  const count = plan.channels.some(({ width = 1 }) => width > 64) ? 2 : crowd.people.length
  const found: string[] = []
  const [first, ...others] = pathsOf(query, catalogue, stored) as [Path, ...Path[]]
  const one = await answers(engine, first.print, count)
  tally.distinctPairs += count
  for (const [place, without] of one.without.entries()) {
    found.push(...breachesOf(query, one.whole, without, `person ${crowd.people[place]}`))
    tally.add(first.name, movedBy(query, plan, one.whole, without).channels)
  }
  for (const path of others) {
    const other = await answers(engine, path.print, count)
    if (!alike(one.whole, other.whole)) found.push(`${path.name} gives other integers than ${first.name}`)
    for (const [place, without] of other.without.entries()) {
      if (!alike(one.without[place] ?? [], without))
        found.push(`${path.name} gives other integers than ${first.name} without person ${crowd.people[place]}`)
      tally.add(path.name, movedBy(query, plan, other.whole, without).channels)
    }
  }
  return found
}

type Cells = Parameters<typeof asMap>[0]
const alike = (a: Cells, b: Cells): boolean => {
  const [left, right] = [asMap(a), asMap(b)]
  return left.size === right.size && [...left].every(([key, values]) => String(right.get(key)) === String(values))
}

async function fill(data: Data, stored: boolean): Promise<Crowd> {
  const crowd = crowdOf(stored ? withinBounds(data) : data)
  await engine.fill(crowd.data)
  if (stored) await engine.record()
  return crowd
}

const enough = (): boolean =>
  tally.distinctPairs >= least.all && pathNames.every((path) => tally.pairs[path] >= least.path)

describe('removing anybody', () => {
  it(
    'moves no channel by more than the plan claims, nor all of them together, and all paths give the same integers',
    async () => {
      const tries = fc.oneof(
        { weight: 3, arbitrary: fc.record({ stored: fc.constant(true), data: crowds }) },
        { weight: 1, arbitrary: fc.record({ stored: fc.constant(false), data: wildCrowds }) },
      )
      const four = (of: fc.Arbitrary<string>) => fc.array(of, { minLength: 4, maxLength: 4 })
      const any = four(
        fc.oneof(questions, shortQuestions, recordQuestions, openQuestions, fc.constantFrom(...inWords, ...choosing)),
      )
      const seldom = four(recordQuestions)
      const tighter = fc.constantFrom(undefined, undefined, 1n, 700n, 4_000n)
      for (let round = 0; !enough() && round < 20_000; round++) {
        if (long && round % 200 === 199) process.stdout.write(`${tally.table()}\n`)
        const asked = tally.distinctPairs < least.all ? any : seldom
        await fc.assert(
          fc.asyncProperty(tries, asked, tighter, async ({ stored, data }, sqls, bound) => {
            const crowd = await fill(data, stored)
            for (const sql of sqls) {
              const query = await readMadeUp(sql, bound)
              if (query) expect({ sql, wrong: await wrongs(query, crowd, stored) }).toEqual({ sql, wrong: [] })
            }
          }),
          { numRuns: 5, seed: seed + round, endOnFailure: process.env.USUFRUCT_SHRINK === '0' },
        )
      }
      expect(enough()).toBe(true)
    },
    long ? 7_200_000 : 300_000,
  )

  it('reaches nine tenths of the claim for each aggregate on each path, by people made for it', async () => {
    const crowd = await fill(everybody, true)
    const found = new Tally()
    for (const [path, sqls] of Object.entries(tight) as [PathName, readonly string[]][])
      for (const sql of sqls) {
        const query = await read(sql)
        const plan = claimOf(query)
        const taken = pathsOf(query, catalogue, true).find((one) => one.name === path)
        if (!taken) throw new Error(`${path} is no way for ${sql}`)
        const { whole, without } = await answers(engine, taken.print, crowd.people.length)
        for (const [place, cells] of without.entries()) {
          expect(breachesOf(query, whole, cells, `person ${crowd.people[place]}: ${sql}`)).toEqual([])
          const { channels } = movedBy(query, plan, whole, cells)
          for (const one of [found, tally]) one.add(path, channels)
        }
      }
    for (const [path, aggregates] of Object.entries(aggregatesOf) as [PathName, readonly string[]][])
      for (const of of aggregates)
        expect({ path, of, near: found.ratio(path, of) >= 0.9 }).toEqual({ path, of, near: true })
  }, 120_000)

  it('by the mask is the same as taking all rows out', async () => {
    const crowd = await fill(everybody, true)
    for (const sql of Object.values(tight).flat()) {
      const query = await read(sql)
      for (const { print } of pathsOf(query, catalogue, true))
        for (const [index, person] of crowd.people.slice(0, 5).entries())
          expect(alike(await engine.run(print(index + 1)), await engine.runWithout(person, print(0)))).toBe(true)
    }
  }, 120_000)
})
