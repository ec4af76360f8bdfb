import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coverageOf, type OutputCoverage, pooled } from '../../bench/support/coverage.js'
import { prepare } from '../../examples/online-retail/prepare.js'
import { plotOf, purpose, revenueNano, revenueSql, stageOf } from '../../examples/online-retail/story.js'
import { type Country, truthOf } from '../../examples/online-retail/truth.js'
import { canonical } from '../../src/base/canonical.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { setStage } from '../../src/demo/stage.ts'
import { tellStory } from '../../src/demo/story.ts'
import { loadProduct } from '../../src/house/loads.ts'
import { noisePlan } from '../../src/privacy/budget.ts'
import { openRows } from '../../src/privacy/exact.ts'
import { halfWidth, tail } from '../../src/privacy/interval.ts'
import { addNoise } from '../../src/privacy/noise.ts'
import { evaluate } from '../../src/query/evaluate.ts'
import { quote } from '../../src/release/quote.ts'
import { cellIndex } from '../../src/release/way/cells.ts'
import { seeded } from '../privacy/seeded.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { type SealedQuestion, sealedRows } from './small-world.ts'

/** The real data is not part of the repository; examples/online-retail/README.md says where it comes from. */
const source = fileURLToPath(new URL('../../../shared/data/online-retail/online_retail.parquet', import.meta.url))
const present = existsSync(source)
const title = present
  ? 'the gift shop on its real order lines'
  : `the gift shop (SKIPPED: ${source} is not there, so nothing was tested on real order lines)`

/** The first day of the test house's clock. */
const today = '2026-12-01'
const question = {
  buyer: 'lampmaker',
  product: 'orders',
  purpose,
  sql: revenueSql,
  wish: { nano: revenueNano },
}

describe.skipIf(!present)(title, () => {
  let house: TestHouse
  let folder: string
  let sealed: SealedQuestion
  let truth: ReadonlyMap<string, Country>
  beforeAll(async () => {
    house = await openTestHouse()
    folder = join(house.folder, 'files')
    await prepare({ source, out: folder, day: today })
    await setStage(house, stageOf(folder), () => {})
    sealed = await sealedRows(house, 'orders', revenueSql)
    truth = await truthOf(folder, purpose, today)
  })
  afterAll(() => house?.close())

  it('computes exactly the bounded value that plain SQL over the files gives, for every country', () => {
    const exact = new Map(openRows(sealed.rows).map(({ keys, values }) => [keys[0], values]))
    expect(exact.size).toBeGreaterThan(30)
    expect(exact).toEqual(
      new Map(
        [...truth]
          .filter(([, one]) => one.boundedCustomers > 0)
          .map(([country, one]) => [country, [one.bounded, BigInt(one.boundedCustomers)]]),
      ),
    )
  })

  describe('its 95 % intervals, over 1,000 repeats with fresh noise', () => {
    const seed = 'online-retail coverage 1'
    let outputs: readonly OutputCoverage[]
    beforeAll(() => {
      const plan = expectAccepted(noisePlan(sealed.query.measures, revenueNano))
      const library = { openRows, addNoise, halfWidth, tail, evaluate, cellIndex }
      outputs = coverageOf(library, { ...sealed, plan }, 1000, seeded(seed))
    })

    it(`cover the exact bounded value in 95 % ± 0.5 of all cells (seed "${seed}")`, () => {
      expect(outputs.map((one) => one.output)).toEqual(['revenue', 'customers'])
      expect(outputs.flatMap((one) => one.cells)).toHaveLength(2 * 38)
      expect(Math.abs(pooled(outputs) - 0.95)).toBeLessThanOrEqual(0.005)
    })

    it(`cover it in each cell in 95 % ± 3.5 (seed "${seed}")`, () => {
      const away = outputs.flatMap((one) =>
        one.cells.filter(({ covered }) => Math.abs(covered / one.repeats - 0.95) > 0.035),
      )
      expect(away).toEqual([])
    })

    it('cover it as often as the law of the noise says, which is never below 95 %', () => {
      for (const one of outputs) {
        expect(one.expected).toBeGreaterThanOrEqual(0.95)
        const error = Math.sqrt((one.expected * (1 - one.expected)) / (one.repeats * one.cells.length))
        expect(Math.abs(pooled([one]) - one.expected)).toBeLessThan(4 * error)
      }
    })

    it('do not promise the unbounded value: the bias by bounding is real, and larger than the noise', () => {
      const [revenue] = outputs
      const uk = truth.get('United Kingdom') as Country
      expect(uk.revenue - uk.bounded).toBeGreaterThan(revenue?.halfWidth as bigint)
    })
  })

  it('is quoted in the same bytes on the full data, with the rows emptied and with other rows, in one period', async () => {
    const quoted = async () => canonical(expectAccepted(await quote(question, house.world)).shown)
    const full = await quoted()
    const rows = async () => openRows((await sealedRows(house, 'orders', revenueSql)).rows)
    expect((await rows()).length).toBeGreaterThan(30)
    await replaceRows(house, folder, 'emptied', 'LIMIT 1', 'LIMIT 0')
    expect(await rows()).toEqual([])
    expect(await quoted()).toBe(full)
    const strangers = `SELECT * REPLACE ('S' || customer_id AS customer_id, 'Japan' AS country)`
    await replaceRows(
      house,
      folder,
      'replaced',
      '',
      '',
      strangers,
      `SELECT * REPLACE ('S' || customer_id AS customer_id)`,
    )
    expect(await quoted()).toBe(full)
  })

  it('tells the whole story: answer beside bounded and true values, noise by its name, pay, withdrawal, proof', async () => {
    const other = await openTestHouse()
    const lines: string[] = []
    try {
      await setStage(other, stageOf(folder), (line) => lines.push(line))
      await tellStory(other, plotOf(folder, today), {
        chapter: (one) => lines.push(`# ${one}`),
        say: (line) => lines.push(line),
        table: (header, rows) => lines.push(header.join(' | '), ...rows.map((row) => row.join(' | '))),
      })
    } finally {
      await other.close()
    }
    const text = lines.join('\n')
    expect(text).toContain('country | revenue | 95 % |  | bounded | true | bias by bounding')
    for (const small of ['Bahrain', 'Lebanon', 'Saudi Arabia', 'Unspecified'])
      expect(text).toMatch(new RegExp(`^${small} \\| \\S+ \\| .* \\| noise \\|`, 'm'))
    expect(text).toMatch(/^United Kingdom \| \S+ \| .* \| solid \|/m)
    expect(text).toContain('Quote before and after: identical')
    expect(text).toMatch(/found \([a-z ,]+\)/)
  })
})

/** Loads other rows of the same form, made from the prepared ones. */
async function replaceRows(
  house: TestHouse,
  folder: string,
  name: string,
  customers: string,
  lines: string,
  selectCustomers = 'SELECT *',
  selectLines = 'SELECT *',
): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const write = async (table: string, select: string, rest: string) => {
    const path = join(folder, `${table}-${name}.parquet`)
    await connection.run(
      `COPY (${select} FROM read_parquet('${join(folder, `${table}.parquet`)}') ${rest}) TO '${path}' (FORMAT parquet)`,
    )
    return { kind: 'parquet' as const, path }
  }
  try {
    const sources = {
      customers: await write('customers', selectCustomers, customers),
      order_lines: await write('order_lines', selectLines, lines),
    }
    expectAccepted(await loadProduct(house, 'orders', sources, () => {}))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
