import { assert } from '../../base/assert.ts'
import { Fault } from '../../base/fault.ts'
import { ceilDiv, maximum } from '../../base/integer.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import { type Instant, nanoPerMilliRho } from '../../base/units.ts'
import { sealCounts } from '../../privacy/exact.ts'
import type { BegunPeriod, PeriodEntry, PeriodRequest } from '../../release/ports.ts'
import { bitOf, moveAll } from './cohorts.ts'
import { purposesOf } from './house.ts'
import { refreshThresholds } from './limits.ts'
import { writeJournal } from './money.ts'
import { judgeConsents } from './register.ts'
import { growPublicIndices, settle } from './releases.ts'
import { roll } from './roll.ts'
import type { Sql } from './session.ts'
import { exactText, fromExact, jsonText } from './text.ts'
import { type Opened, settingsOf, type Writing, write, writeOutcome } from './writing.ts'

/** The buyer of head counts. */
const houseBuyer = 'house'

/** Books.beginPeriod. */
export function beginPeriod(books: Opened, request: PeriodRequest, at: Instant): Promise<Outcome<BegunPeriod>> {
  assert(request.headCountNano >= 0n && request.rate >= 0n, 'a head count has no negative loss or rate')
  return writeOutcome(books, at, async (tx): Promise<Outcome<BegunPeriod>> => {
    const states = await periodsWhere(tx, 'true')
    assert(!states.some((period) => period.id === request.id), 'a period id is used once')
    if (states.some((period) => period.state === 'begun') || (await periodInForce(tx, at)) !== undefined)
      return refuse('period.already_open', 'a period is open already, or begun and not finished')
    await roll(tx)
    await judgeConsents(tx)
    await joinAndLeave(tx, request.headCountNano)
    const exact = await counts(tx)
    const sequence = await chargeHeadCount(tx, request)
    return accept({ id: request.id, exact: sealCounts(exact), sequence })
  })
}

/**
 * Brings everybody to the profile in `target`. Whom the full limits (house share included) do not permit the head count has no cohort and stays out until a
 * later opening; who was exhausted on an earlier day and keeps something after the head count returns. After this everybody in a cohort is counted.
 */
async function joinAndLeave(tx: Writing, headCount: bigint): Promise<void> {
  const share = settingsOf(tx).limits.houseShare
  await tx.run('analyze target')
  await tx.run(
    'insert into member (person) select t.person from target t where not exists (select 1 from member m where m.person = t.person)',
  )
  const fits = `m.exhausts_b + ${share} - coalesce(c.b, 0) >= ${headCount} and m.exhausts_d - coalesce(c.d, 0) >= 0`
  await tx.run(
    `insert into suspect (person) select m.person from target t join member m on m.person = t.person left join cohort c on c.no = m.cohort
     where m.cohort is null or m.exhausted_on is not null or not (${fits})`,
  )
  await tx.run('analyze suspect')
  await refreshThresholds(tx)
  await tx.run('delete from suspect')
  await tx.run(
    `update member as known set shut_out = fresh.shut_out from (
       select m.person, t.person is not null and not (${fits}) as shut_out
       from member m left join target t on t.person = m.person left join cohort c on c.no = m.cohort
     ) fresh where fresh.person = known.person and fresh.shut_out <> known.shut_out`,
  )
  await tx.run(
    `insert into mover (person, profile, exhausted, exhausted_on)
     select w.person, w.profile, w.exhausted_on is not null and not w.returns, case when w.profile <> 0 and w.returns then null else w.exhausted_on end
     from (
       select m.person, m.exhausted_on, coalesce(c.profile, 0) as old_profile, coalesce(c.exhausted, false) as old_exhausted,
         case when m.shut_out then 0 else coalesce(t.profile, 0) end as profile,
         coalesce(m.exhausted_on < $1 and m.exhausts_b - coalesce(c.b, 0) - ${headCount} > 0 and m.exhausts_d - coalesce(c.d, 0) >= 0, false) as returns
       from member m left join target t on t.person = m.person left join cohort c on c.no = m.cohort
     ) w
     where w.profile <> w.old_profile or (w.profile <> 0 and (w.exhausted_on is not null and not w.returns) <> w.old_exhausted)`,
    [tx.day],
  )
  await tx.run('delete from target')
  await moveAll(tx)
}

async function counts(sql: Sql): Promise<Record<string, bigint>> {
  const rows = await sql.rows<{ profile: number; n: bigint }>(
    'select c.profile, count(*) as n from member m join cohort c on c.no = m.cohort group by c.profile',
  )
  const names = await purposesOf(sql)
  return Object.fromEntries(
    names.map((name, purpose) => [
      name,
      rows.reduce((sum, row) => ((row.profile & bitOf(purpose)) === 0 ? sum : sum + row.n), 0n),
    ]),
  )
}

/** The house release: charged to everybody counted, the exhausted too, from the house share. */
async function chargeHeadCount(tx: Writing, request: PeriodRequest): Promise<bigint> {
  const { id, rate, headCountNano: nano } = request
  const release = `head-count:${id}`
  await tx.run('update cohort set a = a + $1::numeric, b = b + $2::numeric', [rate * nano, nano])
  const indices = await growPublicIndices(tx, undefined, { rate, nano, delta: 0n })
  const sequence = tx.next()
  await tx.run(
    `insert into charge (sequence, release, at, day, buyer, product, purpose, nano, delta, price, rate, pool, steward, operator, reserve, period, load, memo_key, plan, indices)
     values ($1, $2, $3, $4, $5, '', null, $6, 0, 0, $7, 0, 0, 0, 0, $8, '', '', $9, $10)`,
    [
      sequence,
      release,
      tx.at,
      tx.day,
      houseBuyer,
      nano,
      rate,
      id,
      jsonText({ kind: 'head-count', period: id }),
      indices,
    ],
  )
  await tx.run(
    `insert into release_state (release, sequence, buyer, state, memo_key) values ($1, $2, $3, 'charged', null)`,
    [release, sequence, houseBuyer],
  )
  await tx.run(
    `insert into period_event (sequence, kind, period, at, ends_at, rate, head_count, release) values ($1, 'begun', $2, $3, $4, $5, $6, $7)`,
    [tx.next(), id, tx.at, request.endsAt, rate, nano, release],
  )
  return sequence
}

/** Books.finishPeriod. */
export function finishPeriod(
  books: Opened,
  id: string,
  upperBounds: Readonly<Record<string, bigint>>,
  at: Instant,
  leaf: Uint8Array,
): Promise<PeriodEntry> {
  return write(books, at, async (tx) => {
    const period = await begun(tx, id)
    const largest = Object.values(upperBounds).reduce(maximum, 0n)
    const pool = ceilDiv(largest * period.rate * period.headCountNano, nanoPerMilliRho)
    const shown = Object.fromEntries(Object.entries(upperBounds).map(([name, bound]) => [name, bound.toString()]))
    await settle(tx, { id: period.release }, 'released', pool, leaf, { answer: { upperBounds: shown } })
    await tx.run(
      `insert into period_event (sequence, kind, period, at, upper_bounds) values ($1, 'finished', $2, $3, $4)`,
      [tx.next(), id, at, exactText(upperBounds)],
    )
    await writeJournal(tx, 'head-count', period.release, [{ from: 'steward', to: 'pool', amount: pool }])
    return entryOf({ ...period, upperBounds })
  })
}

/** Books.abandonPeriod: N^ is unknown, so nothing is posted; what the people earned by the head count stays owed and is borne by the unallocated part. */
export function abandonPeriod(books: Opened, id: string, at: Instant, leaf: Uint8Array): Promise<void> {
  return write(books, at, async (tx) => {
    const period = await begun(tx, id)
    await settle(tx, { id: period.release }, 'burned', 0n, leaf, { reason: 'the opening was interrupted' })
    await event(tx, 'abandoned', id)
  })
}

/** Books.closePeriod. */
export function closePeriod(books: Opened, at: Instant, leaf: Uint8Array): Promise<Outcome<PeriodEntry>> {
  return writeOutcome(books, at, async (tx): Promise<Outcome<PeriodEntry>> => {
    const period = await periodInForce(tx, at)
    if (period === undefined) return refuse('period.not_open', 'no period is open')
    await event(tx, 'closed', period.id)
    await tx.leaf(leaf)
    return accept({ ...period, closedAt: at })
  })
}

/** The finished, not closed, not ended period. */
export async function periodInForce(sql: Sql, at: Instant): Promise<PeriodEntry | undefined> {
  const open = (await periodsWhere(sql, 'b.ends_at > $1', [at])).find((period) => period.state === 'finished')
  return open && entryOf(open)
}

/** Books.periods: newest first. */
export const periods = async (sql: Sql): Promise<PeriodEntry[]> =>
  (await periodsWhere(sql, 'true'))
    .filter((period) => period.state === 'finished' || period.state === 'closed')
    .map(entryOf)
    .toReversed()

interface Period extends PeriodEntry {
  readonly state: 'begun' | 'finished' | 'abandoned' | 'closed'
  readonly release: string
}

const entryOf = ({ state: _, release: __, ...entry }: Period): PeriodEntry => entry

async function periodsWhere(sql: Sql, condition: string, values: readonly unknown[] = []): Promise<Period[]> {
  const rows = await sql.rows<
    Omit<Period, 'upperBounds' | 'closedAt'> & { upper: string | null; closed: bigint | null }
  >(
    `select b.period as id, b.at as "openedAt", b.ends_at as "endsAt", b.rate, b.head_count as "headCountNano", b.release,
       f.upper_bounds as upper, c.at as closed,
       case when c.at is not null then 'closed' when f.at is not null then 'finished' when a.at is not null then 'abandoned' else 'begun' end as state
     from period_event b
     left join period_event f on f.period = b.period and f.kind = 'finished'
     left join period_event c on c.period = b.period and c.kind = 'closed'
     left join period_event a on a.period = b.period and a.kind = 'abandoned'
     where b.kind = 'begun' and ${condition} order by b.sequence`,
    values,
  )
  return rows.map(({ upper, closed, ...row }) => ({
    ...row,
    closedAt: closed ?? undefined,
    upperBounds: upper === null ? {} : fromExact<Record<string, bigint>>(upper),
  }))
}

async function begun(tx: Writing, id: string): Promise<Period> {
  const period = (await periodsWhere(tx, 'b.period = $1', [id]))[0]
  if (period?.state !== 'begun') throw new Fault('period.state', `the period "${id}" is not begun, or settled already`)
  return period
}

const event = (tx: Writing, kind: 'abandoned' | 'closed', id: string): Promise<number> =>
  tx.run('insert into period_event (sequence, kind, period, at) values ($1, $2, $3, $4)', [tx.next(), kind, id, tx.at])
