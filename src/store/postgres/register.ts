import type { Instant } from '../../base/units.ts'
import type { LoadEntry, PersonFacts } from '../../release/ports.ts'
import { bitOf } from './cohorts.ts'
import { leaveTargets, roll } from './roll.ts'
import type { Sql } from './session.ts'
import { exactText, fromExact, optional } from './text.ts'
import { type Opened, type Writing, write } from './writing.ts'

const batch = 20_000

/** Books.recordLoad. The person table is read before the lock is taken, so a long load holds nobody up. */
export function recordLoad(
  books: Opened,
  entry: Omit<LoadEntry, 'number'>,
  persons: AsyncIterable<readonly PersonFacts[]>,
  at: Instant,
  leaf: Uint8Array,
): Promise<LoadEntry> {
  return write(
    books,
    at,
    async (tx) => {
      await roll(tx)
      const load = await appendLoad(tx, entry)
      await tx.leaf(leaf)
      await bringUpToDate(tx)
      await leaveWhomTheLawNoLongerPermits(tx)
      return load
    },
    (sql) => stage(sql, persons),
  )
}

/** Books.loads: newest first. */
export async function loads(sql: Sql, product: string): Promise<LoadEntry[]> {
  const rows = await sql.rows<LoadRow>('select * from load where product = $1 order by number desc', [product])
  return rows.map((row) => ({
    id: row.id,
    product: row.product,
    number: row.number,
    contractVersion: row.contract_version,
    file: row.file,
    sourceHash: row.source_hash,
    report: fromExact(row.report),
    loadedAt: row.loaded_at,
  }))
}

interface LoadRow {
  readonly id: string
  readonly product: string
  readonly number: number
  readonly contract_version: string
  readonly file: string
  readonly source_hash: string
  readonly report: string
  readonly loaded_at: bigint
}

async function stage(sql: Sql, persons: AsyncIterable<readonly PersonFacts[]>): Promise<void> {
  let place = 0
  for await (const page of persons)
    for (let start = 0; start < page.length; start += batch) {
      const part = page.slice(start, start + batch)
      await sql.run(
        'insert into staged (place, key, adult_on, region) select $1::bigint + no, key, adult_on, region from unnest($2::text[], $3::integer[], $4::text[]) with ordinality u (key, adult_on, region, no)',
        [place, part.map((p) => p.person), part.map((p) => p.adultOn ?? null), part.map((p) => p.place ?? null)],
      )
      place += part.length
    }
  await sql.run('analyze staged')
}

async function appendLoad(tx: Writing, entry: Omit<LoadEntry, 'number'>): Promise<LoadEntry> {
  const newest = await tx.row<{ number: number }>(
    'select coalesce(max(number), 0) as number from load where product = $1',
    [entry.product],
  )
  const load: LoadEntry = { ...entry, number: (newest?.number ?? 0) + 1 }
  await tx.run(
    'insert into load (sequence, id, product, number, contract_version, file, source_hash, report, loaded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [
      tx.next(),
      load.id,
      load.product,
      load.number,
      load.contractVersion,
      load.file,
      load.sourceHash,
      exactText(load.report),
      load.loadedAt,
    ],
  )
  return load
}

/** Persons not in the new table stay registered, but absent. Of several rows of one person the last counts. */
async function bringUpToDate(tx: Writing): Promise<void> {
  await tx.run(
    'update person set present = false where present and not exists (select 1 from staged s where s.key = person.key)',
  )
  await tx.run(
    `insert into person (no, key, adult_on, place, present)
     select (select coalesce(max(no), 0) from person) + row_number() over (order by n.place), n.key, n.adult_on, n.region, true
     from (select distinct on (key) * from staged order by key, place desc) n
     where not exists (select 1 from person p where p.key = n.key)`,
  )
  await tx.run(
    `update person p set adult_on = n.adult_on, place = n.region, present = true
     from (select distinct on (key) * from staged order by key, place desc) n
     where p.key = n.key and (p.adult_on is distinct from n.adult_on or p.place is distinct from n.region or not p.present)`,
  )
}

async function leaveWhomTheLawNoLongerPermits(tx: Writing): Promise<void> {
  await judge(
    tx,
    `select p.no, p.key, p.adult_on, p.place, p.present, string_agg(s.purpose || ':' || s.at, ',') as givings
     from member m join cohort c on c.no = m.cohort join person p on p.no = m.person
     join standing s on s.person = m.person and (c.profile >> s.purpose) & 1 = 1 group by p.no`,
    'forbidden',
  )
  await leaveTargets(tx)
}

/** Fills `target` with everybody's purposes in force that the law permits. */
export async function judgeConsents(tx: Writing): Promise<void> {
  await judge(
    tx,
    `select p.no, p.key, p.adult_on, p.place, p.present, string_agg(s.purpose || ':' || s.at, ',') as givings
     from standing s join person p on p.no = s.person
     where s.status = 'given' and not s.ended and s.valid_until > ${tx.at} group by p.no`,
    'permitted',
  )
}

interface JudgedRow {
  readonly no: number
  readonly key: string
  readonly adult_on: number | null
  readonly place: string | null
  readonly present: boolean
  readonly givings: string
}

/** Puts the purposes of each row that the law permits (or forbids) into `target`. The law is a function of one person: rows pass through in pages. */
async function judge(tx: Writing, text: string, wanted: 'permitted' | 'forbidden'): Promise<void> {
  await tx.run(`declare judged no scroll cursor for ${text}`)
  for (;;) {
    const rows = await tx.rows<JudgedRow>(`fetch ${batch} from judged`)
    if (rows.length === 0) break
    const persons: number[] = []
    const profiles: number[] = []
    for (const row of rows) {
      const bits = judgedBits(tx, row, wanted)
      if (bits === 0) continue
      persons.push(row.no)
      profiles.push(bits)
    }
    if (persons.length > 0)
      await tx.run('insert into target (person, profile) select * from unnest($1::integer[], $2::integer[])', [
        persons,
        profiles,
      ])
  }
  await tx.run('close judged')
}

function judgedBits(tx: Writing, row: JudgedRow, wanted: 'permitted' | 'forbidden'): number {
  const facts = factsOf(row)
  let bits = 0
  for (const giving of row.givings.split(',')) {
    const [purpose = '', given = ''] = giving.split(':')
    const permitted = tx.law(facts, tx.at, BigInt(given)) === undefined
    if (permitted === (wanted === 'permitted')) bits |= bitOf(Number(purpose))
  }
  return bits
}

export const factsOf = (row: Pick<JudgedRow, 'key' | 'adult_on' | 'place' | 'present'>) => ({
  person: row.key,
  adultOn: optional(row.adult_on, (day) => day),
  place: optional(row.place, (place) => place),
  present: row.present,
})
