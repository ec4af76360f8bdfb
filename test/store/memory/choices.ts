import { canonical } from '../../../src/base/canonical.ts'
import { accept, type Outcome, refuse } from '../../../src/base/refusal.ts'
import type { Instant } from '../../../src/base/units.ts'
import type { ConsentEvent, ConsentStatus } from '../../../src/release/ports.ts'
import { givingInForce, leave, roll } from './persons.ts'
import { enter, type State } from './state.ts'

/** Clocks of other systems may run ahead by this much. */
const toleratedFuture = 300_000_000n

const statuses: readonly ConsentStatus[] = ['given', 'refused', 'withdrawn', 'revoked', 'expired']

/** Books.recordChoices. */
export function recordChoices(
  state: State,
  events: readonly ConsentEvent[],
  at: Instant,
): Outcome<{ readonly recorded: number; readonly skipped: number; readonly sequence: bigint }> {
  const contents = new Map<string, string>()
  for (const [index, event] of events.entries()) {
    const problem = problemOf(state, event, `choice ${index + 1} of ${events.length}`, at)
    if (problem !== undefined) return problem
    const content = canonical({ ...event })
    const known = state.events.get(event.id) ?? contents.get(event.id)
    if (known !== undefined && known !== content)
      return refuse(
        'request.idempotency_conflict',
        `choice ${index + 1} of ${events.length}: "${event.id}" is recorded already with another content`,
      )
    contents.set(event.id, content)
  }

  roll(state, at)
  let recorded = 0
  for (const event of events) {
    if (state.events.has(event.id)) continue
    append(state, event, at)
    recorded += 1
  }
  return accept({ recorded, skipped: events.length - recorded, sequence: BigInt(state.entries.length) })
}

/** A giving waits for the next period opening; whatever is not in force any more leaves at once. */
function append(state: State, event: ConsentEvent, at: Instant): void {
  const person = state.persons.get(event.person)
  if (person === undefined) return
  state.events.set(event.id, canonical({ ...event }))
  person.events.push({ ...event, sequence: enter(state, 'consent') })
  leave(state, person, (purpose) => purpose !== event.purpose || givingInForce(person, purpose, at) !== undefined, at)
}

function problemOf(state: State, event: ConsentEvent, place: string, at: Instant) {
  if (!state.persons.has(event.person)) return refuse('person.unknown', `${place}: no person "${event.person}"`)
  if (!state.purposes.includes(event.purpose))
    return refuse('consent.purpose_unknown', `${place}: no purpose "${event.purpose}"`)
  const evidence = event.evidence
  if (event.status === 'given' && (typeof evidence !== 'object' || evidence === null || Array.isArray(evidence)))
    return refuse('consent.evidence_missing', `${place}: a giving says how it is known`)
  const invalid = invalidBecause(event, at)
  return invalid === undefined ? undefined : refuse('consent.record_invalid', `${place}: ${invalid}`)
}

function invalidBecause(event: ConsentEvent, at: Instant): string | undefined {
  if (event.id === '' || event.recordId === '' || event.entity === '') return 'id, record and entity are needed'
  if (!statuses.includes(event.status)) return `"${event.status}" is not a status`
  if (event.at > at + toleratedFuture) return 'the act lies in the future'
  if (event.status === 'given' && (event.validUntil === undefined || event.validUntil <= event.at))
    return 'a giving ends after it begins'
  return undefined
}
