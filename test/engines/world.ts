import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import { afterAll } from 'vitest'
import { rational } from '../../src/base/rational.ts'
import type { Catalogue, Column, Table } from '../../src/contract/catalogue.ts'
import type { Session } from '../../src/engines/duckdb/session.ts'
import { rowsOf } from '../../src/engines/duckdb/sql.ts'
import type { StandingChange } from '../../src/release/ports.ts'

/** A small co-operative: members, receipts, products. */

export const column = (name: string, type: Column['type'], more: Partial<Column> = {}): Column => ({
  name,
  type,
  scale: 0,
  required: false,
  offered: true,
  classification: 'internal',
  description: '',
  ...more,
})

export const members: Table = {
  name: 'members',
  kind: 'persons',
  personColumn: 'member',
  primaryKey: ['member'],
  columns: [
    column('member', 'text', { required: true, role: 'person', offered: false }),
    column('born', 'date', { role: 'birth_date' }),
    column('region', 'text', { domain: ['north', 'sør', 'Île-de-France'], role: 'place' }),
  ],
  maxRowsPerPerson: 1n,
}

export const receipts: Table = {
  name: 'receipts',
  kind: 'private',
  personColumn: 'member',
  primaryKey: [],
  columns: [
    column('member', 'text', { required: true }),
    column('product', 'integer', { required: true, references: { table: 'products', column: 'id' } }),
    column('amount', 'decimal', { scale: 2, required: true, minimum: -10_000n, maximum: 1_000_000n }),
    column('channel', 'text', { domain: ['shop', 'web'] }),
    column('bought', 'timestamp'),
    column('gift', 'boolean'),
  ],
  maxRowsPerPerson: 100n,
}

export const products: Table = {
  name: 'products',
  kind: 'public',
  primaryKey: ['id'],
  columns: [column('id', 'integer', { required: true }), column('title', 'text')],
}

export const catalogueOf = (...tables: readonly Table[]): Catalogue => ({
  contractId: 'urn:usufruct:north-coop:baskets',
  product: 'baskets',
  version: '1.0.0',
  title: 'Baskets',
  description: { purpose: '', usage: '', limitations: '' },
  hash: 'ab'.repeat(32),
  purposes: ['research'],
  budget: { nano: 1_000_000_000n, days: 365, maxPerRelease: 100_000_000n },
  tariff: {
    fee: 0n,
    floorPerMilliRho: 0n,
    peoplesShare: rational(7n, 10n),
    remainder: { steward: rational(1n, 2n), operator: rational(1n, 4n), reserve: rational(1n, 4n) },
    multiplier: {},
  },
  tables,
})

export const coop = catalogueOf(members, receipts, products)

const folders: string[] = []

/** A folder of the test's own; it goes when the test file ends. */
export function freshFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'usufruct-engines-')))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Rows of a statement in an open data file. */
export const look = (session: Session, sql: string): Promise<DuckDBValue[][]> =>
  session.work((connection) => rowsOf(connection, sql))

/** Runs statements in an engine of their own, to make sources. */
export async function elsewhere(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

export async function* pages(
  ...list: readonly (readonly StandingChange[])[]
): AsyncIterable<readonly StandingChange[]> {
  for (const page of list) yield page
}
export const change = (sequence: bigint, person: string, bits: number): StandingChange => ({ sequence, person, bits })
