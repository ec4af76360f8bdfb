import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { approximate } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { type NoisePlan, noisePlan } from '../../src/privacy/budget.ts'
import { sealRows } from '../../src/privacy/exact.ts'
import { addNoise } from '../../src/privacy/noise.ts'
import type { RandomBytes } from '../../src/privacy/random.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { cellsOf, type Query } from '../../src/query/query.ts'
import { cellIndex } from '../../src/release/way/cells.ts'
import { catalogue } from '../query/catalogue.ts'
import { everybody } from '../query/crowds.ts'
import { type Cell, Engine } from '../query/engine.ts'
import { type PathName, pathsOf } from '../query/paths.ts'
import { type Answers, answers, crowdOf } from '../query/removals.ts'
import { movedBy, protectedIntegers } from '../query/sensitivity.ts'
import { seeded } from './seeded.ts'
import { gaussianAudit } from './statistics.ts'

/**
 * The audit of whole answers: from SQL text by the planned statement through a real engine to noisy integers, for the person of a made crowd who moves the
 * question most. The attacker knows everybody else and the salt, weighs all integers of a release as well as can be, and tells the two worlds apart
 * exactly as well as rho says: a release of loss rho is √(2 rho)-Gaussian-DP (differential-privacy.md 9.1).
 */
const seed = process.env.USUFRUCT_SEED ?? 'audit'
const long = process.env.USUFRUCT_LONG === '1'
const nano = 200_000_000n

const questions: readonly (readonly [mechanism: string, path: PathName, sql: string])[] = [
  ['rows', 'records', 'SELECT COUNT(*) FROM basket_lines'],
  ['rows in groups', 'flat', 'SELECT channel, COUNT(*) FROM basket_lines GROUP BY channel'],
  [
    'people in groups',
    'two-level',
    "SELECT DATE_TRUNC('month', bought_on), COUNT(DISTINCT member_id) FROM basket_lines WHERE TRIM(note) <> '' GROUP BY 1",
  ],
  ['people, once each', 'flat', 'SELECT COUNT(DISTINCT member_id) FROM basket_lines WHERE promo'],
  ['a sum', 'records', 'SELECT SUM(spend) FROM basket_lines'],
  ['a sum in groups', 'flat', 'SELECT channel, SUM(spend) FROM basket_lines GROUP BY channel'],
  ['an average', 'records', 'SELECT AVG(quantity) FROM basket_lines'],
  ['a variance', 'two-level', 'SELECT VARIANCE(quantity) FROM basket_lines'],
  ['different values', 'two-level', 'SELECT COUNT(DISTINCT note) FROM basket_lines'],
  [
    'a distribution',
    'two-level',
    'SELECT promo, MEDIAN(LEAST(GREATEST(FLOOR(spend), 0), 3)) FROM basket_lines GROUP BY promo',
  ],
  [
    'several aggregates together',
    'records',
    'SELECT COUNT(*), SUM(spend), AVG(quantity), COUNT(DISTINCT member_id) FROM basket_lines',
  ],
  ['means of people', 'two-level', 'SELECT AVG_PER_PERSON(quantity) FROM basket_lines'],
  ['cells', 'flat', 'SELECT COUNT(*), COUNT(*) FILTER (WHERE newsletter) FROM members'],
  [
    'per-person features',
    'two-level',
    'SELECT AVG(total) FROM (SELECT member_id, SUM(spend) AS total FROM basket_lines GROUP BY member_id) t',
  ],
]

let engine: Engine
const crowd = crowdOf(everybody)
const lines: string[] = []
beforeAll(async () => {
  engine = await Engine.open(catalogue)
  await engine.fill(crowd.data)
  await engine.record()
})
afterAll(() => process.stdout.write(`audit of whole answers, seed ${seed}:\n${lines.join('\n')}\n`))

interface Asked {
  readonly path: PathName | undefined
  readonly query: Query
  readonly plan: NoisePlan
  readonly answered: Answers
  /** What each person of the crowd loses by it, rho. */
  readonly losses: readonly number[]
}

async function ask(sql: string): Promise<Asked> {
  const query = expectAccepted(await parseQuery(sql, catalogue))
  const [way] = pathsOf(query, catalogue, true)
  const answered = await answers(engine, (way as NonNullable<typeof way>).print, crowd.people.length)
  const plan = expectAccepted(noisePlan(query.measures, nano))
  const losses = answered.without.map((cells) => approximate(movedBy(query, plan, answered.whole, cells).loss))
  return { path: way?.name, query, plan, answered, losses }
}

/** What the attacker sees and knows of one answer, the person at this place being in question. */
function seen({ query, plan, answered }: Asked, place: number, bytes: RandomBytes) {
  const cellOf = cellIndex(query.groups)
  const cells = cellsOf(query.groups) as number
  const absent = answered.without[place] as readonly Cell[]
  const [base, present] = [absent, answered.whole].map((rows) => protectedIntegers(plan, cells, cellOf, rows)) as [
    bigint[],
    bigint[],
  ]
  const variances = plan.channels.flatMap(({ sigma2, width = 1 }) =>
    Array.from({ length: width }, () => approximate(sigma2)),
  )
  const [within, without] = [sealRows(answered.whole), sealRows(absent)]
  return {
    release: (here: boolean) => addNoise(here ? within : without, plan, cells, cellOf, bytes).flat(),
    base,
    shift: present.map((value, i) => value - (base[i] as bigint)),
    sigma2: Array.from({ length: cells }, () => variances).flat(),
  }
}

/** Audits the answers to one or several questions together, for the person who loses most by them. */
function audit(name: string, how: string, asked: readonly Asked[]): void {
  const total = crowd.people.map((_, place) => asked.reduce((sum, { losses }) => sum + (losses[place] as number), 0))
  const most = total.indexOf(Math.max(...total))
  const charged = (asked.length * Number(nano)) / 1e9
  const loss = total[most] as number
  // No more than the plans claim, and nearly as much: the pair is tight.
  expect(loss).toBeLessThanOrEqual(charged * (1 + 1e-12))
  expect(loss).toBeGreaterThan(charged * 0.98)

  const bytes = seeded(`${seed} ${name}`)
  const all = asked.map((one) => seen(one, most, bytes))
  const sigma2 = all.flatMap((one) => one.sigma2)
  const releases = long || sigma2.length === 1 ? 100_000 : 20_000
  const found = gaussianAudit(
    (here) => all.flatMap((one) => one.release(here)),
    all.flatMap((one) => one.base),
    all.flatMap((one) => one.shift),
    sigma2,
    releases,
  )
  const promised = Math.sqrt(2 * loss)
  const error = 4 * Math.sqrt(Math.PI / releases)
  lines.push(
    `  ${name.padEnd(28)} ${how.padEnd(10)} mu ${found.toFixed(4)}, promised ${promised.toFixed(4)} ± ${error.toFixed(4)}, loss ${(loss / charged).toFixed(4)} of what is charged, ${releases} releases of either world`,
  )
  expect(Math.abs(found - promised)).toBeLessThan(error)
}

describe('an attacker who looks for the person who moves an answer most', () => {
  it.each(questions)(
    'by %s (%s) tells the worlds apart as well as rho says',
    async (mechanism, path, sql) => {
      const asked = await ask(sql)
      expect(asked.path).toBe(path)
      audit(mechanism, path, [asked])
    },
    600_000,
  )

  it('by two questions, one after the other, tells them apart as well as both rho together say', async () => {
    const asked = [
      await ask('SELECT COUNT(*) FROM basket_lines WHERE promo'),
      await ask("SELECT SUM(spend) FROM basket_lines WHERE channel = 'shop'"),
    ]
    audit('two questions', 'flat', asked)
  }, 600_000)
})
