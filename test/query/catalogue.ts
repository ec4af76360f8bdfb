import { parseDay } from '../../src/base/instant.ts'
import { rational } from '../../src/base/rational.ts'
import type { Catalogue, Column, Table } from '../../src/contract/catalogue.ts'

/** A co-operative's contract, as the query room sees it: members, what they bought, the products, and visits to compare with. */
export const members: Table = {
  name: 'members',
  kind: 'persons',
  personColumn: 'member_id',
  primaryKey: ['member_id'],
  maxRowsPerPerson: 1n,
  columns: [
    column({
      name: 'member_id',
      type: 'text',
      required: true,
      offered: false,
      classification: 'restricted',
      role: 'person',
    }),
    column({ name: 'birth_year', type: 'integer', minimum: 1926n, maximum: 2008n, role: 'birth_year' }),
    column({ name: 'region', type: 'text', required: true, domain: ['north', 'south', 'east', 'west'] }),
    column({ name: 'tier', type: 'text', domain: ['basic', 'gold'], domainHasNull: true }),
    column({ name: 'newsletter', type: 'boolean' }),
    column({ name: 'joined_on', type: 'date' }),
    column({ name: 'email', type: 'text', offered: false, classification: 'restricted' }),
  ],
}

export const basketLines: Table = {
  name: 'basket_lines',
  kind: 'private',
  personColumn: 'member_id',
  primaryKey: [],
  maxRowsPerPerson: 6n,
  columns: [
    column({
      name: 'member_id',
      type: 'text',
      required: true,
      offered: false,
      classification: 'restricted',
      role: 'person',
    }),
    column({
      name: 'product_id',
      type: 'integer',
      required: true,
      references: { table: 'products', column: 'product_id' },
    }),
    column({ name: 'spend', type: 'decimal', scale: 2, minimum: -1_000n, maximum: 20_000n, maxSumPerPerson: 5_000n }),
    column({ name: 'quantity', type: 'integer', minimum: 0n, maximum: 50n }),
    column({ name: 'points', type: 'integer' }),
    column({ name: 'note', type: 'text' }),
    column({ name: 'channel', type: 'text', required: true, domain: ['shop', 'online'] }),
    column({ name: 'promo', type: 'boolean', required: true }),
    column({ name: 'bought_on', type: 'date', required: true }),
    column({ name: 'bought_at', type: 'timestamp' }),
  ],
}

export const visits: Table = {
  name: 'visits',
  kind: 'private',
  personColumn: 'member_id',
  primaryKey: [],
  maxRowsPerPerson: 3n,
  maxGroupsPerPerson: 2n,
  columns: [
    column({
      name: 'member_id',
      type: 'text',
      required: true,
      offered: false,
      classification: 'restricted',
      role: 'person',
    }),
    column({ name: 'minutes', type: 'integer', minimum: 0n, maximum: 240n, maxSumPerPerson: 300n }),
    column({ name: 'shop', type: 'text', required: true, domain: ['a', 'b', 'c'] }),
  ],
}

/** People's rows without any declared number of them. */
export const clicks: Table = {
  name: 'clicks',
  kind: 'private',
  personColumn: 'member_id',
  primaryKey: [],
  columns: [
    column({
      name: 'member_id',
      type: 'text',
      required: true,
      offered: false,
      classification: 'restricted',
      role: 'person',
    }),
    column({ name: 'page', type: 'text', required: true, domain: ['home', 'shop'] }),
    column({ name: 'seconds', type: 'integer', minimum: 0n, maximum: 600n }),
  ],
}

export const products: Table = {
  name: 'products',
  kind: 'public',
  primaryKey: ['product_id'],
  columns: [
    column({ name: 'product_id', type: 'integer', required: true }),
    column({
      name: 'category',
      type: 'text',
      domain: ['bread', 'milk', 'oat drink'],
      references: { table: 'categories', column: 'category' },
    }),
    column({ name: 'brand', type: 'text' }),
    column({ name: 'price', type: 'decimal', scale: 2, minimum: 0n, maximum: 5_000n }),
  ],
}

export const categories: Table = {
  name: 'categories',
  kind: 'public',
  primaryKey: ['category'],
  columns: [column({ name: 'category', type: 'text', required: true }), column({ name: 'food', type: 'boolean' })],
}

export const catalogue: Catalogue = {
  contractId: 'urn:usufruct:north-coop:baskets',
  product: 'baskets',
  version: '1.2.0',
  title: 'North Co-op baskets',
  description: { purpose: 'baskets', usage: 'aggregates', limitations: 'opted-in members only' },
  hash: '00'.repeat(32),
  purposes: ['product-statistics', 'scientific-research'],
  span: { from: day('2025-01-15'), to: day('2025-06-30') },
  budget: { nano: 450_000_000n, days: 365, maxPerRelease: 5_000_000n },
  tariff: {
    fee: 0n,
    floorPerMilliRho: 1n,
    peoplesShare: rational(7n, 10n),
    remainder: { steward: rational(1n, 2n), operator: rational(1n, 4n), reserve: rational(1n, 4n) },
    multiplier: {},
  },
  tables: [members, basketLines, visits, clicks, products, categories],
}

function column(given: Partial<Column> & Pick<Column, 'name' | 'type'>): Column {
  return { scale: 0, required: false, offered: true, classification: 'confidential', description: given.name, ...given }
}

function day(text: string): number {
  const found = parseDay(text)
  if (found === undefined) throw new Error(text)
  return found
}
