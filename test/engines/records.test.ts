import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createDuckDbEngine, type DuckDbData } from '../../src/engines/duckdb/engine.ts'
import { load } from '../../src/engines/load/load.ts'
import { openRows } from '../../src/privacy/exact.ts'
import {
  catalogueOf,
  change,
  column,
  elsewhere,
  freshFolder,
  look,
  members,
  pages,
  products,
  receipts,
} from './world.ts'

const largest = 2n ** 63n - 1n
const purchases = {
  ...receipts,
  columns: [
    ...receipts.columns.filter((one) => one.name !== 'amount' && one.name !== 'channel'),
    column('amount', 'decimal', { scale: 2, maxSumPerPerson: 10_000n }),
    column('channel', 'text', { domain: ['shop', 'web', 'phone'], domainHasNull: true }),
  ],
}
const catalogue = catalogueOf(members, purchases, products)
const amount = purchases.columns.findIndex((one) => one.name === 'amount')
const channel = purchases.columns.findIndex((one) => one.name === 'channel')

type Line = readonly [person: string, amount: bigint | null, channel: string | null]
const text = (units: bigint): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(3, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

async function loaded(lines: readonly Line[], directory = freshFolder()): Promise<DuckDbData> {
  const rows = lines.map(
    ([person, units, where]) => `${person},1,,,${units === null ? '' : text(units)},${where ?? ''}`,
  )
  writeFileSync(join(directory, 'm.csv'), 'member,born,region\na,,north\nb,,north\nc,,north\n')
  writeFileSync(join(directory, 'r.csv'), `member,product,bought,gift,amount,channel\n${rows.join('\n')}\n`)
  writeFileSync(join(directory, 'p.csv'), 'id,title\n1,bread\n')
  const csv = (name: string) => ({ kind: 'csv', path: join(directory, name) }) as const
  const sources = { members: csv('m.csv'), receipts: csv('r.csv'), products: csv('p.csv') }
  expectAccepted(await load({ catalogue, sources, directory, fileName: 'data.duckdb', asOf: 20_000 }))
  return createDuckDbEngine().open(join(directory, 'data.duckdb'))
}

const columns = [
  'rows',
  `a${amount}`,
  `t${amount}`,
  `p${amount}`,
  `g${channel}`,
  `r${channel}`,
  `r${channel}_${amount}`,
]
const records = (data: DuckDbData) =>
  look(
    data.session,
    `SELECT _person, ${columns.map((one) => `${one}::HUGEINT`).join(', ')} FROM _records_receipts ORDER BY _person`,
  )

describe('whole records', () => {
  it('are what each person’s rows add up to, at the ends of BIGINT and with missing values too', async () => {
    const lines: readonly Line[] = [
      ['a', 300n, 'shop'],
      ['a', -500n, 'web'],
      ['a', null, 'web'],
      ['a', 100n, null],
      ['b', -largest, 'shop'],
      ['b', -largest, 'shop'],
      ['b', -1n, 'phone'],
    ]
    const data = await loaded(lines)
    expect(await records(data)).toEqual([
      [0n, 4n, 900n, -100n, 3n, 3n, 3n, 592n],
      [1n, 3n, 2n * largest + 1n, -2n * largest - 1n, 3n, 2n, 3n, expect.anything()],
    ])
    // The roots of 6, 350,000 and 5 rounded up; that of what was cut is no less than the cut, and hardly more.
    const cut = (await records(data))[1]?.at(-1) as bigint
    expect(cut >= 2n ** 54n && cut < 2n ** 54n + 2n ** 16n).toBe(true)
    await data.close()
  })

  it('are added up by member of a declared column too, a missing value being one; they carry the mask of the rows', async () => {
    const data = await loaded([
      ['a', 300n, 'shop'],
      ['a', -500n, 'shop'],
      ['a', null, null],
      ['b', -largest, 'web'],
      ['b', -2n, 'web'],
    ])
    const groups = () =>
      look(
        data.session,
        `SELECT _person, _mask, channel, _rows, _t${amount}::HUGEINT, _p${amount} FROM _groups_receipts_${channel} ORDER BY _person, channel`,
      )
    await data.applyStanding(pages([change(1n, 'a', 3), change(2n, 'b', 1)]), 2n)
    const expected = [
      [0n, 3, 'shop', 2n, -200n, 2n],
      [0n, 3, null, 1n, 0n, 0n],
      [1n, 1, 'web', 2n, -largest - 2n, 2n],
    ]
    expect(await groups()).toEqual(expected)
    await data.applyStanding(pages([change(3n, 'a', 0)]), 3n)
    expect(await groups()).toEqual(expected.map((row) => (row[0] === 0n ? [0n, 0, ...row.slice(2)] : row)))
    await data.close()
  })

  it('carry the mask of the rows; withdrawing changes nothing else of them', async () => {
    const data = await loaded([
      ['a', 300n, 'shop'],
      ['b', 200n, 'web'],
    ])
    const before = await records(data)
    const masks = () => look(data.session, 'SELECT _person, _mask FROM _records_receipts ORDER BY _person')
    await data.applyStanding(pages([change(1n, 'a', 3), change(2n, 'b', 1)]), 2n)
    expect(await masks()).toEqual([
      [0n, 3],
      [1n, 1],
    ])
    await data.applyStanding(pages([change(3n, 'a', 0)]), 3n)
    expect(await masks()).toEqual([
      [0n, 0],
      [1n, 1],
    ])
    expect(await records(data)).toEqual(before)
    expect(await data.recordsOf()).toBe(catalogue.hash)
    await data.close()
  })

  it('are made anew by every load', async () => {
    const directory = freshFolder()
    await (await loaded([['a', 300n, 'shop']], directory)).close()
    const again = await loaded(
      [
        ['a', 300n, 'shop'],
        ['a', 300n, 'shop'],
        ['c', 1n, 'web'],
      ],
      directory,
    )
    expect((await records(again)).map(([person, rows, total]) => [person, rows, total])).toEqual([
      [0n, 2n, 600n],
      [2n, 1n, 1n],
    ])
    await again.close()
  })

  it('count for nothing in a file that does not say they are of its load', async () => {
    for (const statement of [
      "DELETE FROM _meta WHERE key = 'records'",
      "UPDATE _meta SET value = 'usufruct-records/2 ' || repeat('0', 64) WHERE key = 'records'",
      "UPDATE _meta SET value = replace(value, 'records/2', 'records/1') WHERE key = 'records'",
      `UPDATE _meta SET value = '${'0'.repeat(64)}' WHERE key = 'source_hash'`,
    ]) {
      const directory = freshFolder()
      const data = await loaded([['a', 300n, 'shop']], directory)
      expect(await data.recordsOf()).toBe(catalogue.hash)
      await data.close()
      await elsewhere(`ATTACH '${join(directory, 'data.duckdb')}' AS f`, 'USE f', statement)
      const changed = await createDuckDbEngine().open(join(directory, 'data.duckdb'))
      expect(await changed.recordsOf()).toBe(undefined)
      await changed.close()
    }
  })
})

describe('a statement with another of the same integers', () => {
  it('is run unless its condition is true', async () => {
    const data = await loaded([['a', 300n, 'shop']])
    const run = async (when: string) =>
      openRows(
        await data.run({
          text: 'SELECT 1::HUGEINT AS c',
          otherwise: { when, text: 'SELECT 2::HUGEINT AS c' },
          parameters: {},
          groupKeys: 0,
          channels: 1,
        }),
      )[0]?.values
    expect(await run('SELECT SUM(rows) > 1 FROM _records_receipts')).toEqual([1n])
    expect(await run('SELECT SUM(rows) > 0 FROM _records_receipts')).toEqual([2n])
    expect(await run('SELECT NULL::BOOLEAN')).toEqual([1n])
    await data.close()
  })
})
