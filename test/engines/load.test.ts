import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import { quarantineSummary } from '../../src/engines/duckdb/people.ts'
import { openSession } from '../../src/engines/duckdb/session.ts'
import { hashSources } from '../../src/engines/load/hash.ts'
import { type LoadReport, load } from '../../src/engines/load/load.ts'
import type { LoadProgress } from '../../src/engines/load/progress.ts'
import type { Source } from '../../src/engines/load/source.ts'
import { catalogueOf, column, coop, elsewhere, freshFolder, look, members, products, receipts } from './world.ts'

const asOf = 20_000

/** Writes texts as CSV files and loads them. */
async function loadTexts(texts: Record<string, string | Buffer>, catalogue: Catalogue = coop) {
  const directory = freshFolder()
  const sources: Record<string, Source> = {}
  for (const [table, text] of Object.entries(texts)) {
    const path = join(directory, `${table} it's.csv`)
    writeFileSync(path, text)
    sources[table] = { kind: 'csv', path }
  }
  const outcome = await load({ catalogue, sources, directory, fileName: 'one.duckdb', asOf })
  return { outcome, directory, file: join(directory, 'one.duckdb'), sources }
}

async function rowsIn(file: string, sql: string) {
  const session = await openSession(file)
  try {
    return await look(session, sql)
  } finally {
    await session.close()
  }
}

const good = {
  members: 'member,born,region\nm2,2000-02-29,sør\nm1,1990-05-01,north\nm3,,\n',
  receipts:
    'member,product,amount,channel,bought,gift\nm1,1,12.50,shop,2026-01-02 10:11:12,true\nm2,2,-1,web,2026-01-02T10:11:12.5Z,f\nm1,1,0.01,,,\n',
  products: 'id,title\n1,"Bread, white"\n2,"He said ""hi"""\n',
}

describe('a load from CSV', () => {
  it('numbers persons densely in order of key, stores amounts in whole grid units and leaves the key out of fact tables', async () => {
    const { outcome, file } = await loadTexts(good)
    const report = expectAccepted(outcome)
    expect(report).toMatchObject({ persons: 3, rowsRead: 8, rowsAccepted: 8, rowsQuarantined: 0, asOf: '2024-10-04' })
    expect(await rowsIn(file, 'SELECT member, _person, _mask FROM members')).toEqual([
      ['m1', 0n, 0],
      ['m2', 1n, 0],
      ['m3', 2n, 0],
    ])
    expect(await rowsIn(file, 'SELECT _person, product, amount, channel, bought::VARCHAR, gift FROM receipts')).toEqual(
      [
        [0n, 1n, 1250n, 'shop', '2026-01-02 10:11:12', true],
        [0n, 1n, 1n, null, null, null],
        [1n, 2n, -100n, 'web', '2026-01-02 10:11:12.5', false],
      ],
    )
    const columns = await rowsIn(file, "SELECT column_name FROM duckdb_columns() WHERE table_name = 'receipts'")
    expect(columns.flat()).not.toContain('member')
    expect(await rowsIn(file, 'SELECT title FROM products')).toEqual([['Bread, white'], ['He said "hi"']])
  })

  it('reads a byte order mark, semicolons, Windows line ends, quoted line breaks and decomposed accents', async () => {
    const { outcome, file } = await loadTexts({
      ...good,
      members: '\ufeff"member";"born";"region"\r\nm1;;"I\u0302le-de-France"\r\n"m\r\n2";;\r\n',
      receipts: 'member\tproduct\tamount\tchannel\tbought\tgift\n',
    })
    expect(expectAccepted(outcome).rowsQuarantined).toBe(0)
    expect(await rowsIn(file, 'SELECT member, region FROM members')).toEqual([
      ['m\r\n2', null],
      ['m1', '\u00cele-de-France'],
    ])
  })

  it('tells an empty text from a missing one', async () => {
    const { outcome, file } = await loadTexts({ ...good, products: 'id,title\n1,""\n2,\n""," "\n' })
    expect(await rowsIn(file, 'SELECT id, title FROM products')).toEqual([
      [1n, ''],
      [2n, null],
    ])
    expect(tableOf(expectAccepted(outcome), 'products').quarantined).toEqual({ missing: 1 })
  })

  it('reports columns that the contract does not declare and does not read them', async () => {
    const { outcome, file } = await loadTexts({ ...good, products: 'note,id,title,Title\nsecret,1,x,y\n' })
    expect(tableOf(expectAccepted(outcome), 'products').ignoredColumns).toEqual(['note', 'Title'])
    expect(await rowsIn(file, 'SELECT * FROM products')).toEqual([[1n, 'x']])
  })

  it('keeps the rows of one person together and all rows in order of person, also when there are many', async () => {
    const lines = ['member,product,amount,channel,bought,gift']
    const people = ['member,born,region']
    for (let i = 0; i < 30_000; i++) lines.push(`p${(i * 7919) % 1000},1,${i % 50}.5,shop,,`)
    for (let i = 0; i < 1000; i++) people.push(`p${i},,`)
    const { outcome, file } = await loadTexts({
      members: `${people.reverse().slice(0, -1).join('\n')}`.replace(/^/, 'member,born,region\n'),
      receipts: lines.join('\n'),
      products: good.products,
    })
    expect(expectAccepted(outcome).rowsAccepted).toBe(31_002)
    const [[descents, persons, same]] = (await rowsIn(
      file,
      `SELECT count(*) FILTER (_person < previous), count(DISTINCT _person),
        (SELECT bool_and(n = _person) FROM (SELECT _person, row_number() OVER (ORDER BY member) - 1 AS n FROM members))
       FROM (SELECT _person, lag(_person) OVER (ORDER BY rowid) AS previous FROM receipts)`,
    )) as [[unknown, unknown, unknown]]
    expect([descents, persons, same]).toEqual([0n, 1000n, true])
  })

  it('tells its progress by table', async () => {
    const { sources, directory } = await loadTexts(good)
    const seen: LoadProgress[] = []
    const onProgress = (progress: LoadProgress) => seen.push(progress)
    expectAccepted(await load({ catalogue: coop, sources, directory, fileName: 'two.duckdb', asOf, onProgress }))
    expect(seen.filter((at) => at.step === 'done').map((at) => [at.table, at.rows])).toEqual([
      ['members', 3],
      ['receipts', 3],
      ['products', 2],
    ])
  })
})

describe('rows that break the contract', () => {
  it('are set aside, each for its reason, and counted by table', async () => {
    const { outcome, file } = await loadTexts({
      members: Buffer.concat([
        Buffer.from(
          `member,born,region\nm1,1990-05-01,north\n,1990-05-01,north\n"",1990-05-01,north\nm4,1990-02-30,north\nm5,1990-05-01,south\nm6,,\nm6,,\n${'x'.repeat(257)},,\nm7,,,x\nm8\n`,
        ),
        Buffer.from([0x6d, 0xff, 0x2c, 0x2c, 0x0a]),
      ]),
      receipts: [
        'member,product,amount,channel,bought,gift',
        'm1,1,12.345,shop,,',
        'm1,1,12.3450,shop,,',
        'm1,1,1e3,shop,,',
        'm1,1,"1,000",shop,,',
        'm1,1,1_000,shop,,',
        'm1,1,-100.01,shop,,',
        'm1,1,10000.01,shop,,',
        'm1,1,99999999999999999999999,shop,,',
        'm1,,1,shop,,',
        'm1,1,1,mail,,',
        'm1,1,1,shop,2026-02-30 10:00:00,',
        'm1,1,1,shop,,maybe',
        'm1,1.5,1,shop,,',
        ',1,1,shop,,',
        'm9,1,1,shop,,',
        'm6,1,1,shop,,',
        'm1,1,1.00,shop,,',
      ].join('\n'),
      products: 'id,title\n1,a\n2,b\n2,b\n,c\n01,d\n3,e\n',
    })
    const report = expectAccepted(outcome)
    expect(tableOf(report, 'members').quarantined).toEqual({
      duplicate_key: 2,
      no_person: 2,
      outside_domain: 1,
      too_long: 1,
      unreadable_row: 3,
      wrong_type: 1,
    })
    expect(tableOf(report, 'receipts').quarantined).toEqual({
      missing: 1,
      no_person: 1,
      off_grid: 3,
      out_of_range: 3,
      outside_domain: 1,
      unknown_person: 2,
      wrong_type: 5,
    })
    expect(tableOf(report, 'products').quarantined).toEqual({ duplicate_key: 4, missing: 1 })
    expect(report).toMatchObject({ rowsRead: 34, rowsAccepted: 3, rowsQuarantined: 31 })
    expect(await rowsIn(file, 'SELECT amount FROM receipts')).toEqual([[100n]])
    const [first] = await rowsIn(file, `SELECT * FROM _quarantine WHERE "table" = 'receipts' ORDER BY row_number`)
    expect(first).toEqual([
      'receipts',
      'off_grid',
      'amount',
      1n,
      'm1',
      '{"member":"m1","product":"1","amount":"12.345","channel":"shop","bought":null,"gift":null}',
    ])
  })

  it('are summed up for the steward by table, reason and column', async () => {
    const { file } = await loadTexts({ ...good, receipts: `${good.receipts}m3,1,0.001,shop,,\n` })
    const session = await openSession(file)
    expect(await quarantineSummary(session)).toEqual([
      { table: 'receipts', reason: 'off_grid', column: 'amount', rows: 1 },
    ])
    await session.close()
  })

  it('a domain of thousands of integers is held as well as one of two texts', async () => {
    const domain = Array.from({ length: 5000 }, (_, i) => String(i * 2))
    const { outcome } = await loadTexts(
      { ...good, products: `id,title\n${Array.from({ length: 10_000 }, (_, i) => `${i},x`).join('\n')}` },
      catalogueOf(members, receipts, {
        ...products,
        columns: [column('id', 'integer', { domain }), column('title', 'text')],
      }),
    )
    expect(tableOf(expectAccepted(outcome), 'products')).toMatchObject({
      accepted: 5000,
      quarantined: { outside_domain: 5000 },
    })
  })
})

describe('a load is refused', () => {
  const refusal = async (texts: Record<string, string>) => {
    const { outcome, directory } = await loadTexts(texts)
    expect(readdirSync(directory).filter((name) => name.startsWith('one'))).toEqual([])
    if (outcome.ok) throw new Error('the load was accepted')
    return outcome.refusal
  }

  it('when a declared column is missing, naming it, the table and the columns there are', async () => {
    const { code, message, hint } = await refusal({ ...good, receipts: 'member,Product,amount,channel,bought,gift\n' })
    expect(code).toBe('load.column_missing')
    expect(message).toBe('the source of table receipts lacks the declared column product')
    expect(hint).toBe('It has: member, Product, amount, channel, bought, gift.')
  })
  it('when a source is an empty file, is not there, or mixes line ends', async () => {
    expect((await refusal({ ...good, receipts: '' })).code).toBe('load.column_missing')
    const { products: _, ...without } = good
    expect((await refusal(without)).message).toContain('table products')
    expect((await refusal({ ...good, products: 'id,title\n1,a\r\n2,b\n3,c\r\n' })).code).toBe('load.source_unreadable')
    const { outcome } = await loadTexts(good)
    expect(outcome.ok).toBe(true)
  })
  it('when a source names a column twice or a table is unknown', async () => {
    expect((await refusal({ ...good, products: 'id,title,id\n1,a,1\n' })).message).toContain('the column id twice')
    expect((await refusal({ ...good, people: 'a\n' })).message).toContain('no table people')
  })
  it('when no person could be accepted', async () => {
    const { code, hint } = await refusal({ ...good, members: 'member,born,region\n,,\n' })
    expect(code).toBe('load.no_person_rows')
    expect(hint).toBe('Rows left out, by reason: no_person 1.')
  })
  it('when the file does not exist', async () => {
    const { sources, directory } = await loadTexts(good)
    const missing = { ...sources, products: { kind: 'parquet', path: join(directory, 'nothing.parquet') } as const }
    const outcome = await load({ catalogue: coop, sources: missing, directory, fileName: 'x', asOf })
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'load.source_unreadable' } })
    expect(existsSync(join(directory, 'x.tmp'))).toBe(false)
  })
})

describe('a load from Parquet', () => {
  it('takes every type to the same stored values, exactly', async () => {
    const directory = freshFolder()
    const path = (name: string) => join(directory, `${name}.parquet`)
    await elsewhere(
      "SET TimeZone = 'America/New_York'",
      `COPY (SELECT 'm1' AS member, TIMESTAMP '1990-05-01 00:00:00' AS born, 'I\u0302le-de-France' AS region) TO '${path('members')}'`,
      `COPY (SELECT 'm1' AS member, product::INTEGER AS product, amount, channel, bought, gift FROM (VALUES
        (1, 12.5000::DECIMAL(18,4), 'web', TIMESTAMPTZ '2026-01-02 10:11:12+02', true),
        (2, 12.3456::DECIMAL(18,4), 'web', NULL, NULL)) t(product, amount, channel, bought, gift)) TO '${path('receipts')}'`,
      `COPY (SELECT id, NULL::VARCHAR AS title FROM (VALUES (3.0::DOUBLE), (0.1::DOUBLE * 3 * 10), (4.5), ('nan'), ('inf'), (1e300)) t(id)) TO '${path('products')}'`,
    )
    const sources = Object.fromEntries(
      coop.tables.map(({ name }) => [name, { kind: 'parquet', path: path(name) } as const]),
    )
    const catalogue = catalogueOf(members, receipts, {
      ...products,
      columns: [column('id', 'decimal', { scale: 1 }), column('title', 'text')],
    })
    const report = expectAccepted(await load({ catalogue, sources, directory, fileName: 'one.duckdb', asOf }))
    expect(tableOf(report, 'receipts').quarantined).toEqual({ off_grid: 1 })
    // 0.1 * 3 * 10 is 3.0000000000000004: the grid point 3.0, and so a second row of that key.
    expect(tableOf(report, 'products').quarantined).toEqual({ duplicate_key: 2, out_of_range: 1, wrong_type: 2 })
    const file = join(directory, 'one.duckdb')
    expect(await rowsIn(file, 'SELECT born::VARCHAR, region FROM members')).toEqual([
      ['1990-05-01', '\u00cele-de-France'],
    ])
    expect(await rowsIn(file, 'SELECT amount, bought::VARCHAR FROM receipts')).toEqual([[1250n, '2026-01-02 08:11:12']])
    expect(await rowsIn(file, 'SELECT id FROM products')).toEqual([[45n]])
  })
})

describe('the path of a source', () => {
  it('is that of one file, whatever its name and its folder look like', async () => {
    const folder = join(freshFolder(), 'region=north')
    mkdirSync(folder)
    const path = (name: string) => join(folder, name)
    writeFileSync(path('a*.csv'), 'member,born,region\nstar,,\n')
    writeFileSync(path('ab.csv'), 'member,born,region\nother,,\n')
    await elsewhere(
      `COPY (SELECT 'm' AS member, NULL::DATE AS born, 'sør' AS region) TO '${path('m.parquet')}'`,
      `COPY (SELECT 'm' AS member, NULL::DATE AS born) TO '${path('n.parquet')}'`,
    )
    const outcomeOf = (kind: 'csv' | 'parquet', name: string) => {
      const sources = { members: { kind, path: path(name) } }
      return load({ catalogue: catalogueOf(members), sources, directory: folder, fileName: 'one.duckdb', asOf })
    }
    expectAccepted(await outcomeOf('csv', 'a*.csv'))
    expect(await rowsIn(path('one.duckdb'), 'SELECT member FROM members')).toEqual([['star']])
    expectAccepted(await outcomeOf('parquet', 'm.parquet'))
    expect(await rowsIn(path('one.duckdb'), 'SELECT region FROM members')).toEqual([['sør']])
    expect(await outcomeOf('parquet', 'n.parquet')).toMatchObject({ refusal: { code: 'load.column_missing' } })
  })
})

describe('the hash of a load', () => {
  it('is the same for the same bytes under the same contract, and known before loading', async () => {
    const { outcome, sources } = await loadTexts(good)
    const hash = expectAccepted(await hashSources(coop, sources))
    expect(expectAccepted(outcome).sourceHash).toBe(hash)
    expect(expectAccepted((await loadTexts(good)).outcome).sourceHash).toBe(hash)
    expect(expectAccepted(await hashSources({ ...coop, hash: 'cd'.repeat(32) }, sources))).not.toBe(hash)
    const other = await loadTexts({ ...good, products: `${good.products}\n` })
    expect(expectAccepted(other.outcome).sourceHash).not.toBe(hash)
  })
})

describe('the new file', () => {
  it('replaces an older one of its name only when it is finished', async () => {
    const { sources, directory, file } = await loadTexts(good)
    const bad = { ...sources, products: { kind: 'csv', path: join(directory, 'none.csv') } as const }
    expect((await load({ catalogue: coop, sources: bad, directory, fileName: 'one.duckdb', asOf })).ok).toBe(false)
    expect(await rowsIn(file, 'SELECT count(*) FROM members')).toEqual([[3n]])
    writeFileSync(join(directory, 'products.csv'), 'id,title\n9,new\n')
    const next = { ...sources, products: { kind: 'csv', path: join(directory, 'products.csv') } as const }
    expectAccepted(await load({ catalogue: coop, sources: next, directory, fileName: 'one.duckdb', asOf }))
    expect(await rowsIn(file, 'SELECT id FROM products')).toEqual([[9n]])
    expect(readdirSync(directory).filter((name) => name.startsWith('one.'))).toEqual(['one.duckdb'])
  })

  it('is not made while the file of its name is open in this process', async () => {
    const { sources, directory, file } = await loadTexts(good)
    const session = await openSession(file)
    const again = load({ catalogue: coop, sources, directory, fileName: 'one.duckdb', asOf })
    await expect(again).rejects.toMatchObject({ code: 'engine.already_open' })
    await session.close()
  })
})

function tableOf(report: LoadReport, table: string) {
  const found = report.tables.find((t) => t.table === table)
  if (!found) throw new Error(`no table ${table}`)
  return found
}
