import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { approximate } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { noisePlan } from '../../src/privacy/budget.ts'
import { sealRows } from '../../src/privacy/exact.ts'
import { addNoise } from '../../src/privacy/noise.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { cellsOf } from '../../src/query/query.ts'
import { cellIndex } from '../../src/release/way/cells.ts'
import { catalogue } from '../query/catalogue.ts'
import { everybody } from '../query/crowds.ts'
import { type Cell, Engine } from '../query/engine.ts'
import { type PathName, pathsOf } from '../query/paths.ts'
import { answers, crowdOf } from '../query/removals.ts'
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
const promised = Math.sqrt((2 * Number(nano)) / 1e9)

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

describe('an attacker who looks for the person who moves an answer most', () => {
  it.each(questions)(
    'by %s (%s) tells the worlds apart as well as rho says',
    async (mechanism, path, sql) => {
      const query = expectAccepted(await parseQuery(sql, catalogue))
      const [way] = pathsOf(query, catalogue, true)
      expect(way?.name).toBe(path)
      const { whole, without } = await answers(engine, (way as NonNullable<typeof way>).print, crowd.people.length)
      const plan = expectAccepted(noisePlan(query.measures, nano))
      const losses = without.map((cells) => approximate(movedBy(query, plan, whole, cells).loss))
      const most = losses.indexOf(Math.max(...losses))
      const loss = (losses[most] as number) / (Number(nano) / 1e9)
      // No more than the plan claims, and nearly as much: the pair is tight.
      expect(loss).toBeLessThanOrEqual(1 + 1e-12)
      expect(loss).toBeGreaterThan(0.98)

      const cellOf = cellIndex(query.groups)
      const cells = cellsOf(query.groups) as number
      const absent = without[most] as readonly Cell[]
      const [base, present] = [absent, whole].map((rows) => protectedIntegers(plan, cells, cellOf, rows)) as [
        bigint[],
        bigint[],
      ]
      const shift = present.map((value, i) => value - (base[i] as bigint))
      const variances = plan.channels.flatMap(({ sigma2, width = 1 }) =>
        Array.from({ length: width }, () => approximate(sigma2)),
      )
      const sigma2 = Array.from({ length: cells }, () => variances).flat()
      const releases = long || sigma2.length === 1 ? 100_000 : 20_000
      const [within, outside] = [sealRows(whole), sealRows(absent)]
      const bytes = seeded(`${seed} ${mechanism}`)
      const release = (here: boolean) => addNoise(here ? within : outside, plan, cells, cellOf, bytes).flat()
      const found = gaussianAudit(release, base, shift, sigma2, releases)
      const error = Math.sqrt(Math.PI / releases)
      lines.push(
        `  ${mechanism.padEnd(28)} ${path.padEnd(10)} mu ${found.toFixed(4)}, promised ${promised.toFixed(4)} ± ${(4 * error).toFixed(4)}, loss ${loss.toFixed(4)} rho, ${releases} releases of either world`,
      )
      expect(Math.abs(found - promised * Math.sqrt(loss))).toBeLessThan(4 * error)
    },
    600_000,
  )
})
