import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { Instant, NanoRho } from '../../base/units.ts'
import type { ConsentEvent, ConsentStatus, LimitClass, PersonChoices, StandingChange } from '../../release/ports.ts'
import { bitOf, moveAll } from './cohorts.ts'
import { purposesOf } from './house.ts'
import { classes, refreshThresholds } from './limits.ts'
import { factsOf } from './register.ts'
import { roll } from './roll.ts'
import type { Sql } from './session.ts'
import { fromJson, optional } from './text.ts'
import { type Law, type Opened, writeOutcome } from './writing.ts'

export interface PersonRow {
  readonly no: number
  readonly key: string
  readonly adult_on: number | null
  readonly place: string | null
  readonly present: boolean
  readonly class: number
  readonly life_nano: bigint | null
}

/** PostgreSQL keeps no NUL in a text, so nobody is registered under such a key. */
export const findPerson = async (sql: Sql, key: string): Promise<PersonRow | undefined> =>
  key.includes('\0') ? undefined : sql.row<PersonRow>('select * from person where key = $1', [key])
export const unknownPerson = (key: string) => refuse('person.unknown', `no person "${key}"`)

/** Books.setLimits: takes effect at once; who is exhausted stays so until a later day. */
export function setLimits(
  books: Opened,
  key: string,
  limits: { readonly class?: LimitClass; readonly lifeNano?: NanoRho | null },
  at: Instant,
): Promise<Outcome<void>> {
  return writeOutcome(books, at, async (tx): Promise<Outcome<void>> => {
    const person = await findPerson(tx, key)
    if (person === undefined) return unknownPerson(key)
    await roll(tx)
    const chosen = limits.class === undefined ? person.class : classes.indexOf(limits.class)
    const life = limits.lifeNano === undefined ? person.life_nano : limits.lifeNano
    await tx.run('insert into limits_event (sequence, at, person, class, life_nano) values ($1, $2, $3, $4, $5)', [
      tx.next(),
      at,
      person.no,
      chosen,
      life,
    ])
    await tx.run('update person set class = $2, life_nano = $3 where no = $1', [person.no, chosen, life])
    if (chosen !== person.class) {
      await tx.run(
        'insert into mover (person, profile, exhausted, exhausted_on) select m.person, c.profile, c.exhausted, m.exhausted_on from member m join cohort c on c.no = m.cohort where m.person = $1',
        [person.no],
      )
      await moveAll(tx)
    }
    await tx.run('insert into suspect (person) values ($1)', [person.no])
    await refreshThresholds(tx)
    await tx.run('delete from suspect')
    return accept(undefined)
  })
}

export interface EventRow {
  readonly sequence: bigint
  readonly id: string
  readonly record_id: string
  readonly key: string
  readonly purpose: number
  readonly status: ConsentStatus
  readonly at: bigint
  readonly valid_until: bigint | null
  readonly notice_id: string | null
  readonly notice_version: string | null
  readonly notice_language: string | null
  readonly notice_hash: string | null
  readonly entity: string
  readonly evidence: string | null
}

export const eventOf = (row: EventRow, purposes: readonly string[]): ConsentEvent => ({
  id: row.id,
  recordId: row.record_id,
  person: row.key,
  purpose: purposes[row.purpose] as string,
  status: row.status,
  at: row.at,
  validUntil: optional(row.valid_until, (until) => until),
  notice: optional(row.notice_id, (id) => ({
    id,
    version: row.notice_version ?? '',
    ...(row.notice_language !== null && { language: row.notice_language }),
    ...(row.notice_hash !== null && { hash: row.notice_hash }),
  })),
  entity: row.entity,
  evidence: optional(row.evidence, fromJson),
})

interface StandingRow {
  readonly purpose: number
  readonly status: ConsentStatus
  readonly at: bigint
  readonly valid_until: bigint | null
  readonly ended: boolean
}

/** Books.choices. */
export async function choices(sql: Sql, law: Law, key: string, at: Instant): Promise<Outcome<PersonChoices>> {
  const person = await findPerson(sql, key)
  if (person === undefined) return unknownPerson(key)
  const purposes = await purposesOf(sql)
  const acts = await sql.rows<StandingRow>('select * from standing where person = $1 order by purpose', [person.no])
  const events = await sql.rows<EventRow>(
    'select e.*, p.key from consent_event e join person p on p.no = e.person where e.person = $1 order by e.sequence',
    [person.no],
  )
  const member = await sql.row<{ profile: number | null; exhausted: boolean | null; shut_out: boolean }>(
    'select c.profile, c.exhausted, m.shut_out from member m left join cohort c on c.no = m.cohort where m.person = $1',
    [person.no],
  )
  const standingOf = (act: StandingRow): PersonChoices['standing'][number] => {
    const validUntil = act.status === 'given' ? (act.valid_until ?? undefined) : undefined
    const expired = validUntil !== undefined && (act.ended || validUntil <= at)
    const status = expired ? 'expired' : act.status
    const joined = ((member?.profile ?? 0) & bitOf(act.purpose)) !== 0
    const inForce = status === 'given' && joined && !member?.exhausted
    const whyNot = () =>
      joined || member?.shut_out ? 'limit_reached' : (law(factsOf(person), at, act.at) ?? 'joins_next_period')
    return {
      purpose: purposes[act.purpose] as string,
      status,
      since: expired ? validUntil : act.at,
      validUntil,
      inForce,
      note: status === 'given' && !inForce ? whyNot() : undefined,
    }
  }
  return accept({
    person: key,
    limitClass: classes[person.class] as LimitClass,
    lifeNano: optional(person.life_nano, (nano) => nano),
    standing: acts.map(standingOf),
    events: events.map((row) => ({ ...eventOf(row, purposes), sequence: row.sequence })),
  })
}

const page = 5_000

/** Books.standingChanges: from the beginning the newest change of each person, later on every one. */
export async function* standingChanges(
  read: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>,
  after: bigint,
  upTo: bigint,
): AsyncIterable<readonly StandingChange[]> {
  const inside = 'shown and e.sequence > $1 and e.sequence <= $2'
  const newest = `and not exists (select 1 from membership_event l where l.person = e.person and l.shown and l.sequence > e.sequence and l.sequence <= $2)`
  // Pages by the number of the last change seen: entries never change, so no session is held while the reader works.
  for (let seen = after; ; ) {
    const rows = await read((sql) =>
      sql.rows<StandingChange>(
        `select e.sequence, p.key as person, e.bits from membership_event e join person p on p.no = e.person
         where ${inside} ${after === 0n ? newest : ''} order by e.sequence limit ${page}`,
        [seen, upTo],
      ),
    )
    if (rows.length > 0) yield rows
    if (rows.length < page) return
    seen = (rows.at(-1) as StandingChange).sequence
  }
}
