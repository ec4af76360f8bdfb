import { dayOf, microsPerDay, startOfDay } from '../../base/instant.ts'
import type { Day, Instant, NanoRho, PicoDelta } from '../../base/units.ts'
import type {
  AnswerCount,
  JournalEntry,
  NoticeCount,
  NoticeStep,
  RefusalCount,
  RefusalEntry,
  Sales,
} from '../../release/ports.ts'
import type { Sql } from './session.ts'
import { type Opened, write } from './writing.ts'

/** Books.recordRefusal. */
export function recordRefusal(books: Opened, entry: RefusalEntry, most: number): Promise<void> {
  const { at, position } = entry
  return write(books, at, async (tx) => {
    const kept = await tx.row<{ count: bigint }>(
      'select count(*) as count from refusal_event where buyer = $1 and day = $2',
      [entry.buyer, dayOf(at)],
    )
    if (Number(kept?.count ?? 0n) >= most) {
      await tx.run(
        `insert into refusal_count (day, buyer, code, count) values ($1, $2, $3, 1)
         on conflict (day, buyer, code) do update set count = refusal_count.count + 1`,
        [dayOf(at), entry.buyer, entry.code],
      )
      return
    }
    await tx.run(
      'insert into refusal_event (sequence, at, day, buyer, act, code, product, purpose, place_offset, place_line, place_column) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [
        tx.next(),
        at,
        dayOf(at),
        entry.buyer,
        entry.act,
        entry.code,
        entry.product ?? null,
        entry.purpose ?? null,
        position?.offset ?? null,
        position?.line ?? null,
        position?.column ?? null,
      ],
    )
  })
}

/** Books.refusalCounts. */
export async function refusalCounts(sql: Sql, from: Day, to: Day): Promise<RefusalCount[]> {
  const rows = await sql.rows<Omit<RefusalCount, 'count'> & { readonly count: bigint }>(
    `select day, code, buyer, sum(count)::bigint as count from (
       select day, code, buyer, 1 as count from refusal_event where day between $1 and $2
       union all select day, code, buyer, count from refusal_count where day between $1 and $2) as refusal
     group by day, code, buyer order by day desc, code collate "C", buyer collate "C"`,
    [from, to],
  )
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

interface RefusalRow {
  readonly sequence: bigint
  readonly at: bigint
  readonly buyer: string
  readonly act: 'quote' | 'ask'
  readonly code: string
  readonly product: string | null
  readonly purpose: string | null
  readonly place_offset: number | null
  readonly place_line: number | null
  readonly place_column: number | null
}

/** Books.refusals. */
export async function refusals(
  sql: Sql,
  filter: { readonly before?: bigint; readonly limit: number },
): Promise<(RefusalEntry & { readonly sequence: bigint })[]> {
  const rows = await sql.rows<RefusalRow>(
    `select * from refusal_event where $1::bigint is null or sequence < $1 order by sequence desc limit ${Math.trunc(filter.limit)}`,
    [filter.before ?? null],
  )
  return rows.map((row) => ({
    sequence: row.sequence,
    at: row.at,
    buyer: row.buyer,
    act: row.act,
    code: row.code,
    product: row.product ?? undefined,
    purpose: row.purpose ?? undefined,
    position:
      row.place_offset === null || row.place_line === null || row.place_column === null
        ? undefined
        : { offset: row.place_offset, line: row.place_line, column: row.place_column },
  }))
}

/** Books.countNoticeStep. */
export function countNoticeStep(
  books: Opened,
  notice: { readonly id: string; readonly version: string; readonly language: string },
  step: NoticeStep,
  at: Instant,
  times = 1,
): Promise<void> {
  return write(books, at, async (tx) => {
    await tx.run(
      `insert into notice_count (notice, version, language, day, step, count) values ($1, $2, $3, $4, $5, $6)
       on conflict (day, notice, version, language, step) do update set count = notice_count.count + excluded.count`,
      [notice.id, notice.version, notice.language, dayOf(at), step, times],
    )
  })
}

/** Books.noticeCounts. */
export async function noticeCounts(sql: Sql, from: Day, to: Day): Promise<NoticeCount[]> {
  const rows = await sql.rows<{
    notice: string
    version: string
    language: string
    day: number
    step: NoticeStep
    count: bigint
  }>(
    `select * from notice_count where day between $1 and $2
     order by day desc, notice collate "C", version collate "C", language collate "C", step collate "C"`,
    [from, to],
  )
  return rows.map(({ notice, version, language, day, step, count }) => ({
    notice: { id: notice, version },
    language,
    day,
    step,
    count: Number(count),
  }))
}

/** Books.answerCounts. */
export async function answerCounts(sql: Sql, from: Day, to: Day): Promise<AnswerCount[]> {
  const rows = await sql.rows<{
    notice_id: string | null
    notice_version: string | null
    day: bigint
    given: bigint
    refused: bigint
    withdrawn: bigint
    within: bigint
  }>(
    `select e.notice_id, e.notice_version, e.at / ${microsPerDay} as day,
       count(*) filter (where e.status = 'given') as given, count(*) filter (where e.status = 'refused') as refused,
       count(*) filter (where e.status = 'withdrawn') as withdrawn,
       count(*) filter (where e.status = 'given' and exists (
         select 1 from consent_event w where w.person = e.person and w.purpose = e.purpose and w.status = 'withdrawn'
           and w.at >= e.at and w.at <= e.at + ${7n * microsPerDay})) as within
     from consent_event e where e.at >= $1 and e.at < $2 and e.status in ('given', 'refused', 'withdrawn')
     group by 1, 2, 3 order by 3 desc, e.notice_id collate "C" nulls last, e.notice_version collate "C" nulls last`,
    [startOfDay(Math.max(0, from)), startOfDay(to + 1)],
  )
  return rows.map((row) => ({
    notice: row.notice_id === null ? undefined : { id: row.notice_id, version: row.notice_version ?? '' },
    day: Number(row.day),
    given: Number(row.given),
    refused: Number(row.refused),
    withdrawn: Number(row.withdrawn),
    withdrawnWithin7Days: Number(row.within),
  }))
}

/** Books.spentByDay. */
export function spentByDay(
  sql: Sql,
  from: Day,
  to: Day,
  product?: string,
): Promise<{ day: Day; nano: NanoRho; delta: PicoDelta }[]> {
  return sql.rows(
    `select day, sum(nano) as nano, sum(delta) as delta from charge where purpose is not null and day between $1 and $2
     and ($3::text is null or product = $3) group by day order by day`,
    [from, to, product ?? null],
  )
}

/** Books.sales. */
export async function sales(
  sql: Sql,
  filter: {
    readonly buyer?: string
    readonly period?: string
    readonly from?: Instant
    readonly to?: Instant
  },
): Promise<Sales> {
  const row = await sql.row<{ releases: bigint; price: bigint; nano: bigint }>(
    `select count(*) as releases, coalesce(sum(c.price), 0) as price, coalesce(sum(c.nano), 0) as nano
     from charge c join settlement f on f.release = c.release
     where c.purpose is not null and f.state = 'released' and ($1::text is null or c.buyer = $1) and ($2::text is null or c.period = $2)
     and ($3::bigint is null or f.at >= $3) and ($4::bigint is null or f.at < $4)`,
    [filter.buyer ?? null, filter.period ?? null, filter.from ?? null, filter.to ?? null],
  )
  return { releases: Number(row?.releases ?? 0n), price: row?.price ?? 0n, nano: row?.nano ?? 0n }
}

/** Books.journal. */
export async function journal(
  sql: Sql,
  filter: { readonly before?: bigint; readonly limit: number },
): Promise<JournalEntry[]> {
  const entries = await sql.rows<Omit<JournalEntry, 'postings'>>(
    `select sequence, kind, subject, at from journal_entry where $1::bigint is null or sequence < $1
     order by sequence desc limit ${Math.trunc(filter.limit)}`,
    [filter.before ?? null],
  )
  const postings = await sql.rows<{ entry: bigint; account: string; amount: bigint }>(
    'select entry, account, amount from posting where entry = any($1::bigint[]) order by entry, line',
    [entries.map((entry) => entry.sequence)],
  )
  return entries.map((entry) => ({
    ...entry,
    postings: postings
      .filter((one) => one.entry === entry.sequence)
      .map(({ account, amount }) => ({ account, amount })),
  }))
}
