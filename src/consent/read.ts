import type { Json } from '../base/canonical.ts'
import { microsPerDay, parseInstant } from '../base/instant.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { unstorable } from '../base/text.ts'
import type { Instant } from '../base/units.ts'
import { type ConsentEvent, type ConsentStatus, consentStatuses, defaultValidityDays } from './event.ts'

/**
 * Reads existing choices, one event a line. Hostile or careless input: every line is checked before any is recorded.
 * JSON Lines: {"id","record_id","person","purpose","status","at","valid_until","notice":{"id","version"},"entity","evidence":{"method","reference"}}.
 * CSV with a header: the same names, notice_id, notice_version, evidence_method, evidence_reference.
 * Refuses consent.record_invalid and consent.evidence_missing, naming the line.
 */
export function readEvents(text: string, fileName: string): Outcome<readonly ConsentEvent[]> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const first = lines.findIndex((line) => line.trim() !== '')
  if (first < 0)
    return refuse('consent.record_invalid', `${fileName} holds no choices`, { hint: 'write one choice a line' })
  return (lines[first] as string).trimStart().startsWith('{')
    ? readJsonLines(lines, fileName)
    : readCsv(lines, first, fileName)
}

/** Checks one event given as plain JSON with the names above. `place` is named in the refusal. */
export function readEvent(raw: unknown, place: string): Outcome<ConsentEvent> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return invalid(place, 'a choice is an object')
  const flaw = unstorable(raw)
  if (flaw !== undefined) return invalid(place, `it ${flaw}`)
  const record = raw as Record<string, unknown>
  for (const name of ['id', 'person', 'purpose', 'status', 'at']) {
    const value = record[name]
    if (typeof value !== 'string' || value.trim() === '' || value.length > 200)
      return invalid(place, `"${name}" is missing or not a short text`)
  }
  const { id, person, purpose, status } = record as Record<string, string>
  if (!consentStatuses.includes(status as ConsentStatus))
    return invalid(place, `status "${status}" is none of ${consentStatuses.join(', ')}`)
  const at = parseInstant(record.at as string)
  if (at === undefined) return invalid(place, `"at" is not an ISO 8601 time: "${String(record.at).slice(0, 40)}"`)
  const validUntil = readValidity(record.valid_until, at, status as ConsentStatus)
  if (validUntil === 'wrong') return invalid(place, '"valid_until" is not an ISO 8601 time after "at"')
  const notice = readNotice(record.notice)
  if (notice === 'wrong') return invalid(place, '"notice" needs "id" and "version"')
  const evidence = record.evidence
  if (status === 'given' && !hasEvidence(evidence))
    return refuse('consent.evidence_missing', `${place}: a yes of "${person}" has no evidence`, {
      hint: 'say how it is known: {"method": "…", "reference": "…"}; without evidence a person is not eligible',
    })
  return accept(
    Object.freeze({
      id: id as string,
      recordId: typeof record.record_id === 'string' ? record.record_id : `${person}/${purpose}`,
      person: person as string,
      purpose: purpose as string,
      status: status as ConsentStatus,
      at,
      validUntil,
      notice,
      entity: typeof record.entity === 'string' && record.entity !== '' ? record.entity : 'person',
      evidence: evidence === undefined || evidence === null ? undefined : (withoutFractions(evidence) as Json),
    }),
  )
}

function readJsonLines(lines: readonly string[], fileName: string): Outcome<readonly ConsentEvent[]> {
  const events: ConsentEvent[] = []
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const place = `${fileName} line ${index + 1}`
    let raw: unknown
    try {
      raw = JSON.parse(line)
    } catch {
      return invalid(place, 'this is not JSON')
    }
    const event = readEvent(raw, place)
    if (!event.ok) return event
    events.push(event.value)
  }
  return accept(events)
}

function readCsv(lines: readonly string[], headerLine: number, fileName: string): Outcome<readonly ConsentEvent[]> {
  const header = cells(lines[headerLine] as string).map((name) => name.trim())
  const missing = ['id', 'person', 'purpose', 'status', 'at'].filter((name) => !header.includes(name))
  if (missing.length > 0) return invalid(`${fileName} line ${headerLine + 1}`, `the header lacks ${missing.join(', ')}`)
  const events: ConsentEvent[] = []
  for (const [index, line] of lines.entries()) {
    if (index <= headerLine || line.trim() === '') continue
    const place = `${fileName} line ${index + 1}`
    const values = cells(line)
    if (values.length !== header.length)
      return invalid(place, `${values.length} cells, but the header has ${header.length}`)
    const row = Object.fromEntries(header.map((name, at) => [name, values[at] as string]))
    const event = readEvent(fromCsvRow(row), place)
    if (!event.ok) return event
    events.push(event.value)
  }
  return accept(events)
}

function fromCsvRow(row: Record<string, string>): Record<string, unknown> {
  const evidence = { method: row.evidence_method, reference: row.evidence_reference }
  return {
    ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')),
    notice: row.notice_id ? { id: row.notice_id, version: row.notice_version ?? '' } : undefined,
    evidence: evidence.method ? evidence : undefined,
  }
}

/** One CSV line (RFC 4180 section 2 without line breaks inside a cell). */
function cells(line: string): string[] {
  const found: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/gy
  for (;;) {
    const m = cell.exec(line)
    if (!m) return [...found, line.slice(cell.lastIndex)]
    found.push(m[1] === undefined ? (m[2] ?? '') : m[1].replaceAll('""', '"'))
    if (m[3] === '') return found
  }
}

function readValidity(value: unknown, at: Instant, status: ConsentStatus): Instant | undefined | 'wrong' {
  if (status !== 'given') return undefined
  if (value === undefined || value === null || value === '') return at + BigInt(defaultValidityDays) * microsPerDay
  const until = typeof value === 'string' ? parseInstant(value) : undefined
  return until !== undefined && until > at ? until : 'wrong'
}

function readNotice(value: unknown): ConsentEvent['notice'] | 'wrong' {
  if (value === undefined || value === null) return undefined
  const { id, version } = value as Record<string, unknown>
  return typeof id === 'string' && typeof version === 'string' ? { id, version } : 'wrong'
}

const hasEvidence = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { method?: unknown }).method === 'string'

/** Evidence is hashed and stored as canonical JSON, which knows no fractions: such numbers become texts. */
function withoutFractions(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(withoutFractions)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutFractions(member)]))
  return value
}

const invalid = (place: string, what: string) =>
  refuse('consent.record_invalid', `${place}: ${what}`, { hint: 'see docs/consent.md for the form of a choice' })
