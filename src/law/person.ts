import { startOfDay } from '../base/instant.ts'
import type { Day, Instant } from '../base/units.ts'
import { housePack } from './house-pack.ts'
import { type Facts, type RulePack, rule } from './rule.ts'

/** What the law needs to know of a person; what is not known stays undefined, and unknown means no. */
export interface PersonCase {
  /** The 18th birthday. */
  readonly adultOn?: Day | undefined
  readonly place?: string | undefined
  /** In the person table of the current load. */
  readonly present: boolean
}

/** The packs in force. */
export const packsInForce: readonly RulePack[] = [housePack]

/**
 * May this person's records be used at `at`, given a yes of the moment `given`? Undefined when permitted; otherwise the id of the first rule that
 * denies. Pure: depends on this person alone, so that membership in a cohort is a function of one's own record (differential-privacy.md 4.1).
 */
export function personMayTakePart(person: PersonCase, at: Instant, given: Instant): string | undefined {
  const ruling = rule(packsInForce, personFacts(person, at, given))
  return ruling.permitted ? undefined : (ruling.rules[0]?.rule.id ?? 'house.no-rule-permits')
}

const personFacts = (person: PersonCase, at: Instant, given: Instant): Facts => ({
  case: 'person',
  choice: 'given',
  age: ageAt(person.adultOn, at),
  ageAtChoice: ageAt(person.adultOn, given),
  place: person.place === undefined || person.place === '' ? 'unknown' : 'known',
  register: person.present ? 'present' : 'absent',
})

const ageAt = (adultOn: Day | undefined, at: Instant): 'adult' | 'minor' | 'unknown' =>
  adultOn === undefined ? 'unknown' : at >= startOfDay(adultOn) ? 'adult' : 'minor'
