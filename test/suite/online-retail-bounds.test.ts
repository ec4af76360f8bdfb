import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import { sealRows } from '../../src/privacy/exact.ts'
import { boundChoice, chooseBound } from '../../src/privacy/exponential.ts'
import { splitLoss } from '../../src/release/way/bounds.ts'
import { seeded } from '../privacy/seeded.ts'

/** The real data is not part of the repository; examples/online-retail/README.md says where it comes from. */
const source = fileURLToPath(new URL('../../../shared/data/online-retail/online_retail.parquet', import.meta.url))
const present = existsSync(source)
const title = present
  ? 'what real customers spent, under bounds of one person that are chosen'
  : `what real customers spent (SKIPPED: ${source} is not there, so no bound was chosen on real data)`

describe.skipIf(!present)(title, () => {
  /** Each customer's whole spending, tenths of a penny. */
  let spent: readonly bigint[]
  beforeAll(async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const rows = await connection.runAndReadAll(
      `SELECT SUM((quantity * unit_price * 1000)::BIGINT)::BIGINT FROM '${source}'
       WHERE customer_id IS NOT NULL AND quantity > 0 GROUP BY customer_id ORDER BY customer_id`,
    )
    spent = rows.getRows().map(([total]) => BigInt(total as bigint))
  })

  /** |bias| by cutting off, and sigma, in pounds: what the bound and the loss of the sum make of it. */
  const errorOf = (bound: bigint, nano: bigint): number => {
    const cut = spent.reduce((sum, total) => sum + (total > bound ? total - bound : 0n), 0n)
    return (Number(cut) + Number(bound) / Math.sqrt((2 * Number(nano)) / 1e9)) / 1000
  }

  // A steward who does not know the data declares a million pounds.
  const declared = 1_000_000_000n
  it.each([
    { nano: 500_000n, times: 5 },
    { nano: 5_000_000n, times: 2.5 },
    { nano: 50_000_000n, times: 1.2 },
  ])(
    'at $nano nano-rho the whole error is $times times smaller, the tenth for the choice counted',
    ({ nano, times }) => {
      const { own, each } = splitLoss(nano, 1)
      const choice = boundChoice(declared, each)
      const above = choice.edges.map((edge) => BigInt(spent.filter((total) => total > edge).length))
      const random = seeded(`online retail bounds ${nano}`)
      const errors = Array.from({ length: 400 }, () =>
        errorOf(chooseBound(sealRows([{ keys: [], values: above }]), choice, random), own),
      ).sort((a, b) => a - b)
      const median = errors[200] as number
      const before = errorOf(declared, nano)
      const better = errors.filter((error) => error < before).length / errors.length
      process.stdout.write(
        `chosen bounds at ${nano} nano-rho: median error ${Math.round(median)} pounds, declared ${Math.round(before)}; smaller in ${Math.round(better * 100)} of 100 choices\n`,
      )
      expect(before / median).toBeGreaterThan(times)
      expect(better).toBeGreaterThan(0.9)
    },
  )
})
