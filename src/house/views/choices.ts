import type { Json } from '../../base/canonical.ts'
import { rhoText } from '../../money/amount.ts'
import type { PersonChoices } from '../../release/ports.ts'
import { time, timeText } from './time.ts'

export const choicesJson = (choices: PersonChoices): Json => ({
  person: choices.person,
  limitClass: choices.limitClass,
  lifeRho: choices.lifeNano === undefined ? undefined : rhoText(choices.lifeNano),
  standing: choices.standing.map((one) => ({
    purpose: one.purpose,
    status: one.status,
    since: timeText(one.since),
    validUntil: time(one.validUntil),
    inForce: one.inForce,
    note: one.note,
  })),
  events: choices.events.map((event) => ({
    id: event.id,
    purpose: event.purpose,
    status: event.status,
    at: timeText(event.at),
    entity: event.entity,
    notice: event.notice && { ...event.notice },
    evidence: event.evidence,
  })),
})
