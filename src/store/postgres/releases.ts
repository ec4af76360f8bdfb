import type { Json } from '../../base/canonical.ts'
import { Fault } from '../../base/fault.ts'
import type { Day, Instant, NanoRho, PicoDelta } from '../../base/units.ts'
import type { ChargeTotal, Indices, KeyedRelease, ReleaseEntry, ReleaseState } from '../../release/ports.ts'
import { purposesOf } from './house.ts'
import { pending, prepaid, writeJournal } from './money.ts'
import type { Sql } from './session.ts'
import { exactText, fromExact, fromJson, jsonText, optional } from './text.ts'
import { type Opened, type Writing, write } from './writing.ts'

/** Books.post. */
export function post(
  books: Opened,
  id: string,
  result: { readonly answer: Json; readonly leaf: Uint8Array; readonly secret: Json },
  at: Instant,
): Promise<ReleaseEntry> {
  return write(books, at, async (tx) => {
    const release = await charged(tx, id)
    const { steward, operator, reserve } = release.shares
    await settle(tx, release, 'released', release.pool, result.leaf, { answer: result.answer, secret: result.secret })
    const from = pending(id)
    await writeJournal(tx, 'post', id, [
      { from, to: 'pool', amount: release.pool },
      { from, to: 'steward', amount: steward },
      { from, to: 'operator', amount: operator },
      { from, to: 'reserve', amount: reserve },
    ])
    return (await releaseOf(tx, id)) as ReleaseEntry
  })
}

/** Books.burn: charge and pay of the people stay. */
export function burn(books: Opened, id: string, reason: string, at: Instant, leaf: Uint8Array): Promise<ReleaseEntry> {
  return write(books, at, async (tx) => {
    const release = await charged(tx, id)
    await settle(tx, release, 'burned', release.pool, leaf, { reason })
    await writeJournal(tx, 'burn', id, [
      { from: pending(id), to: prepaid(release.buyer), amount: release.price },
      { from: 'steward', to: 'pool', amount: release.pool },
    ])
    return (await releaseOf(tx, id)) as ReleaseEntry
  })
}

/** Writes the one settlement of a release and its leaf. */
export async function settle(
  tx: Writing,
  release: Pick<ReleaseEntry, 'id'>,
  state: 'released' | 'burned',
  pool: bigint,
  leaf: Uint8Array,
  more: { readonly answer?: Json; readonly secret?: Json; readonly reason?: string },
): Promise<void> {
  const sequence = tx.next()
  const index = await tx.leaf(leaf)
  await tx.run(
    'insert into settlement (sequence, release, state, at, pool, answer, secret, reason, leaf) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [
      sequence,
      release.id,
      state,
      tx.at,
      pool,
      more.answer === undefined ? null : jsonText(more.answer),
      more.secret === undefined ? null : jsonText(more.secret),
      more.reason ?? null,
      index,
    ],
  )
  await tx.run('update release_state set state = $2 where release = $1', [release.id, state])
}

/** House releases are settled with their period only. */
async function charged(tx: Writing, id: string): Promise<ReleaseEntry> {
  const release = await releaseOf(tx, id)
  if (release?.state !== 'charged' || release.purpose === '')
    throw new Fault('release.state', `the release "${id}" is not charged, or settled already`)
  return release
}

/** Books.saveReceipt: the first bytes stay. */
export function saveReceipt(books: Opened, id: string, receipt: string): Promise<string> {
  // A receipt has no moment of its own; nothing here depends on the day.
  return write(books, 0n, async (tx) => {
    const release = await releaseOf(tx, id)
    if (release === undefined) throw new Fault('release.state', `no release "${id}"`)
    if (release.receipt !== undefined) return release.receipt
    await tx.run('insert into receipt (sequence, release, receipt) values ($1, $2, $3)', [tx.next(), id, receipt])
    return receipt
  })
}

/** Books.spent: ordinary releases, burned ones included. `from` undefined: since ever. */
export const spent = (sql: Sql, from: Day | undefined, to: Day, product?: string): Promise<NanoRho> =>
  addedUp('nano', sql, from, to, product)

/** Delta of ordinary releases in those days, over all products or of one. */
export const spentDelta = (sql: Sql, from: Day | undefined, to: Day, product?: string): Promise<PicoDelta> =>
  addedUp('delta', sql, from, to, product)

async function addedUp(
  loss: 'nano' | 'delta',
  sql: Sql,
  from: Day | undefined,
  to: Day,
  product: string | undefined,
): Promise<bigint> {
  const row = await sql.row<{ sum: bigint }>(
    `select coalesce(sum(${loss}), 0) as sum from charge where purpose is not null and day <= $1
     and ($2::integer is null or day >= $2) and ($3::text is null or product = $3)`,
    [to, from ?? null, product ?? null],
  )
  return row?.sum ?? 0n
}

/** Books.chargeTotals. */
export async function chargeTotals(sql: Sql, from: Day, to: Day): Promise<ChargeTotal[]> {
  const rows = await sql.rows<{ purpose: string; releases: bigint; nano: bigint; pay: bigint }>(
    `select coalesce(p.name, '') as purpose, count(*) as releases, sum(c.nano) as nano, sum(c.rate * c.nano) as pay
     from charge c left join purpose p on p.bit = c.purpose where c.day between $1 and $2 group by 1`,
    [from, to],
  )
  rows.sort((a, b) => (a.purpose < b.purpose ? -1 : 1))
  return rows.map((row) => ({ ...row, releases: Number(row.releases) }))
}

export const releaseOf = async (sql: Sql, id: string): Promise<ReleaseEntry | undefined> =>
  (await releasesWhere(sql, 'c.release = $1', [id]))[0]

/** Books.memo: the charged or released release of a memo key. */
export const memo = async (sql: Sql, key: string): Promise<ReleaseEntry | undefined> =>
  (await releasesWhere(sql, `s.memo_key = $1 and s.state <> 'burned'`, [key]))[0]

/** Books.keyed. */
export async function keyed(sql: Sql, buyer: string, key: string): Promise<KeyedRelease | undefined> {
  const used = await sql.row<{ request_hash: string; release: string }>(
    'select request_hash, release from idempotency where buyer = $1 and key = $2',
    [buyer, key],
  )
  const release = used && (await releaseOf(sql, used.release))
  return release && { requestHash: used.request_hash, release }
}

/** Books.releases: newest first. */
export async function releases(
  sql: Sql,
  filter: { readonly buyer?: string; readonly state?: ReleaseState; readonly before?: string; readonly limit: number },
): Promise<ReleaseEntry[]> {
  return releasesWhere(
    sql,
    `($1::text is null or c.buyer = $1) and ($2::text is null or s.state = $2)
     and ($3::text is null or c.sequence < (select x.sequence from charge x where x.release = $3))`,
    [filter.buyer ?? null, filter.state ?? null, filter.before ?? null],
    `desc limit ${Math.trunc(filter.limit)}`,
  )
}

/** Books.unfinished. */
export async function unfinished(sql: Sql) {
  const open = await releasesWhere(
    sql,
    `c.purpose is not null and s.state <> 'burned' and (s.state = 'charged' or not exists (select 1 from receipt r where r.release = c.release))`,
    [],
  )
  const begun = await sql.rows<{ period: string }>(
    `select period from period_event b where kind = 'begun'
     and not exists (select 1 from period_event e where e.period = b.period and e.kind in ('finished', 'abandoned')) order by sequence`,
  )
  return { releases: open, begunPeriods: begun.map((row) => row.period) }
}

interface ReleaseRow {
  readonly release: string
  readonly state: ReleaseState
  readonly buyer: string
  readonly product: string
  readonly purpose: number | null
  readonly nano: bigint
  readonly delta: bigint
  readonly price: bigint
  readonly rate: bigint
  readonly pool: bigint
  readonly steward: bigint
  readonly operator: bigint
  readonly reserve: bigint
  readonly period: string
  readonly load: string
  readonly memo_key: string
  readonly plan: string
  readonly sequence: bigint
  readonly at: bigint
  readonly indices: string
  readonly answer: string | null
  readonly secret: string | null
  readonly leaf: bigint | null
  readonly receipt: string | null
  readonly settled_at: bigint | null
}

async function releasesWhere(
  sql: Sql,
  condition: string,
  values: readonly unknown[],
  order = '',
): Promise<ReleaseEntry[]> {
  const rows = await sql.rows<ReleaseRow>(
    `select c.*, s.state, coalesce(f.pool, c.pool) as pool, f.answer, f.secret, f.leaf, f.at as settled_at, r.receipt
     from charge c join release_state s on s.release = c.release
     left join settlement f on f.release = c.release left join receipt r on r.release = c.release
     where ${condition} order by c.sequence ${order}`,
    values,
  )
  if (rows.length === 0) return []
  const purposes = await purposesOf(sql)
  return rows.map((row) => entryOf(row, purposes))
}

const entryOf = (row: ReleaseRow, purposes: readonly string[]): ReleaseEntry => ({
  id: row.release,
  state: row.state,
  buyer: row.buyer,
  product: row.product,
  purpose: row.purpose === null ? '' : (purposes[row.purpose] as string),
  nano: row.nano,
  delta: row.delta,
  price: row.price,
  rate: row.rate,
  pool: row.pool,
  shares: { steward: row.steward, operator: row.operator, reserve: row.reserve },
  periodId: row.period,
  loadId: row.load,
  memoKey: row.memo_key,
  plan: fromJson(row.plan),
  sequence: row.sequence,
  chargedAt: row.at,
  indices: fromExact<Record<string, Indices>>(row.indices),
  answer: optional(row.answer, fromJson),
  secret: optional(row.secret, fromJson),
  leafIndex: optional(row.leaf, (leaf) => leaf),
  receipt: optional(row.receipt, (receipt) => receipt),
  settledAt: optional(row.settled_at, (at) => at),
})

/** Grows the public indices by a release and gives all of them, as text to be kept with it. Purpose undefined: a house release, which touches each. */
export async function growPublicIndices(
  tx: Writing,
  purpose: number | undefined,
  by: { readonly rate: bigint; readonly nano: bigint; readonly delta: bigint },
): Promise<string> {
  await tx.run(
    'update public_index set a = a + $2::numeric, b = b + $3::numeric, d = d + $4::numeric where $1::smallint is null or purpose = $1',
    [purpose ?? null, by.rate * by.nano, by.nano, by.delta],
  )
  const rows = await tx.rows<{ name: string } & Indices>(
    'select p.name, i.a, i.b, i.d from public_index i join purpose p on p.bit = i.purpose order by p.bit',
  )
  return exactText(Object.fromEntries(rows.map(({ name, a, b, d }) => [name, { a, b, d }])))
}
