import { canonical } from '../../base/canonical.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { Instant } from '../../base/units.ts'
import { consentStatuses } from '../../consent/event.ts'
import type { ConsentEvent } from '../../release/ports.ts'
import { bitOf } from './cohorts.ts'
import { purposesOf } from './house.ts'
import { type EventRow, eventOf } from './persons.ts'
import { leaveTargets, roll } from './roll.ts'
import { jsonText } from './text.ts'
import { type Opened, type Writing, writeOutcome } from './writing.ts'

/** Clocks of other systems may run ahead by this much. */
const toleratedFuture = 300_000_000n
const batch = 20_000

interface Recorded {
  readonly recorded: number
  readonly skipped: number
  readonly sequence: bigint
}

/** Books.recordChoices. */
export function recordChoices(books: Opened, events: readonly ConsentEvent[], at: Instant): Promise<Outcome<Recorded>> {
  return writeOutcome(books, at, async (tx) => {
    const known = await lookUp(tx, events)
    const fresh: ConsentEvent[] = []
    for (const [index, event] of events.entries()) {
      const place = `choice ${index + 1} of ${events.length}`
      const problem = problemOf(known, event, place, at)
      if (problem !== undefined) return problem
      const content = canonical({ ...event })
      const earlier = known.contents.get(event.id)
      if (earlier !== undefined && earlier !== content)
        return refuse(
          'request.idempotency_conflict',
          `${place}: "${event.id}" is recorded already with another content`,
        )
      if (earlier === undefined) fresh.push(event)
      known.contents.set(event.id, content)
    }
    await roll(tx)
    await append(tx, known, fresh)
    return accept({ recorded: fresh.length, skipped: events.length - fresh.length, sequence: tx.newest() })
  })
}

interface Known {
  readonly persons: ReadonlyMap<string, number>
  readonly purposes: ReadonlyMap<string, number>
  /** Canonical content by event id. */
  readonly contents: Map<string, string>
}

async function lookUp(tx: Writing, events: readonly ConsentEvent[]): Promise<Known> {
  const persons = new Map<string, number>()
  const contents = new Map<string, string>()
  const names = await purposesOf(tx)
  for (const part of parts(events)) {
    const found = await tx.rows<{ key: string; no: number }>('select key, no from person where key = any($1::text[])', [
      part.map((event) => event.person).filter(storable),
    ])
    for (const row of found) persons.set(row.key, row.no)
    const rows = await tx.rows<EventRow>(
      'select e.*, p.key from consent_event e join person p on p.no = e.person where e.id = any($1::text[])',
      [part.map((event) => event.id).filter(storable)],
    )
    for (const row of rows) contents.set(row.id, canonical({ ...eventOf(row, names) }))
  }
  return { persons, purposes: new Map(names.map((name, bit) => [name, bit])), contents }
}

/** PostgreSQL keeps no NUL in a text. */
const storable = (text: string): boolean => !text.includes('\0')

function problemOf(known: Known, event: ConsentEvent, place: string, at: Instant) {
  if (!known.persons.has(event.person)) return refuse('person.unknown', `${place}: no person "${event.person}"`)
  if (!known.purposes.has(event.purpose))
    return refuse('consent.purpose_unknown', `${place}: no purpose "${event.purpose}"`)
  const evidence = event.evidence
  if (event.status === 'given' && (typeof evidence !== 'object' || evidence === null || Array.isArray(evidence)))
    return refuse('consent.evidence_missing', `${place}: a giving says how it is known`)
  const invalid = invalidBecause(event, at)
  return invalid === undefined ? undefined : refuse('consent.record_invalid', `${place}: ${invalid}`)
}

function invalidBecause(event: ConsentEvent, at: Instant): string | undefined {
  if (event.id === '' || event.recordId === '' || event.entity === '') return 'id, record and entity are needed'
  const { id = '', version = '', language = '', hash = '' } = event.notice ?? {}
  if (![event.id, event.recordId, event.entity, id, version, language, hash].every(storable))
    return 'a text holds a NUL character'
  if (!consentStatuses.includes(event.status)) return `"${event.status}" is not a status`
  if (event.at > at + toleratedFuture) return 'the act lies in the future'
  if (event.status === 'given' && (event.validUntil === undefined || event.validUntil <= event.at))
    return 'a giving ends after it begins'
  return undefined
}

interface Standing {
  readonly person: number
  readonly purpose: number
  sequence: bigint
  status: string
  at: Instant
  valid_until: Instant | null
  ended: boolean
}

/**
 * Appends, folds, and lets leave. The newest act counts, by the time of the act and not of its recording; of two at the same moment the one that
 * reduces, then the one recorded later. Each act is judged after the ones before it: a withdrawal followed by a new giving leaves, and waits.
 */
async function append(tx: Writing, known: Known, events: readonly ConsentEvent[]): Promise<void> {
  for (const part of parts(events)) {
    const persons = part.map((event) => known.persons.get(event.person) as number)
    const before = tx.reserve(part.length)
    await insertEvents(tx, known, part, persons, before)
    const rows = await tx.rows<Standing>('select * from standing where person = any($1::integer[])', [persons])
    const standing = new Map(rows.map((row) => [`${row.person}:${row.purpose}`, row]))
    const changed = new Set<Standing>()
    const leaving = new Map<number, number>()
    for (const [index, event] of part.entries()) {
      const person = persons[index] as number
      const purpose = known.purposes.get(event.purpose) as number
      const key = `${person}:${purpose}`
      const sequence = before + BigInt(index + 1)
      const newest = standing.get(key)
      const act = { sequence, status: event.status, at: event.at, valid_until: event.validUntil ?? null, ended: false }
      if (newest === undefined || counts(event, newest)) {
        const folded = Object.assign(newest ?? { person, purpose, ...act }, act)
        standing.set(key, folded)
        changed.add(folded)
      }
      if (!inForce(standing.get(key), tx.at)) leaving.set(person, (leaving.get(person) ?? 0) | bitOf(purpose))
    }
    await saveStanding(tx, [...changed])
    if (leaving.size > 0) {
      await tx.run('insert into target (person, profile) select * from unnest($1::integer[], $2::integer[])', [
        [...leaving.keys()],
        [...leaving.values()],
      ])
      await leaveTargets(tx)
    }
  }
}

const counts = (event: ConsentEvent, newest: Standing): boolean =>
  event.at > newest.at || (event.at === newest.at && (event.status !== 'given' || newest.status === 'given'))

const inForce = (standing: Standing | undefined, at: Instant): boolean =>
  standing?.status === 'given' && !standing.ended && (standing.valid_until ?? at) > at

function insertEvents(
  tx: Writing,
  known: Known,
  events: readonly ConsentEvent[],
  persons: readonly number[],
  before: bigint,
): Promise<number> {
  return tx.run(
    `insert into consent_event (sequence, id, record_id, person, purpose, status, at, valid_until, notice_id, notice_version, notice_language, notice_hash, entity, evidence)
     select $1::bigint + place, id, record_id, person, purpose, status, at, valid_until, notice_id, notice_version, notice_language, notice_hash, entity, evidence
     from unnest($2::text[], $3::text[], $4::integer[], $5::smallint[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
     with ordinality e (id, record_id, person, purpose, status, at, valid_until, notice_id, notice_version, notice_language, notice_hash, entity, evidence, place)`,
    [
      before,
      events.map((event) => event.id),
      events.map((event) => event.recordId),
      persons,
      events.map((event) => known.purposes.get(event.purpose)),
      events.map((event) => event.status),
      events.map((event) => event.at),
      events.map((event) => event.validUntil ?? null),
      events.map((event) => event.notice?.id ?? null),
      events.map((event) => event.notice?.version ?? null),
      events.map((event) => event.notice?.language ?? null),
      events.map((event) => event.notice?.hash ?? null),
      events.map((event) => event.entity),
      events.map((event) => (event.evidence === undefined ? null : jsonText(event.evidence))),
    ],
  )
}

function saveStanding(tx: Writing, changed: readonly Standing[]): Promise<number> {
  return tx.run(
    `insert into standing (person, purpose, sequence, status, at, valid_until)
     select * from unnest($1::integer[], $2::smallint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])
     on conflict (person, purpose) do update set sequence = excluded.sequence, status = excluded.status, at = excluded.at,
       valid_until = excluded.valid_until, ended = false`,
    [
      changed.map((row) => row.person),
      changed.map((row) => row.purpose),
      changed.map((row) => row.sequence),
      changed.map((row) => row.status),
      changed.map((row) => row.at),
      changed.map((row) => row.valid_until),
    ],
  )
}

function* parts<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += batch) yield list.slice(start, start + batch)
}
