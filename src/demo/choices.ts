import { dayText } from '../base/instant.ts'
import type { Day } from '../base/units.ts'
import { defaultValidityDays } from '../consent/event.ts'
import type { Member } from './members.ts'
import { makePrng, type Prng } from './prng.ts'

/** Lines of consent events as `usufruct consent import` reads them, and the yeses that nothing proves, apart: a file with one such is refused. */
export interface Choices {
  readonly events: readonly string[]
  readonly withoutEvidence: readonly string[]
  /** People whose newest event is a yes, by purpose, of age or not. */
  readonly given: Readonly<Record<string, number>>
}

export interface Notice {
  readonly id: string
  readonly version: string
}

/** Of 100 members: how many say yes and no; the others never answered. A yes to statistics makes one to research likelier. */
const statistics = { yes: 38, no: 16 }
const research = { yesAfterYes: 44, yesElse: 10, no: 12 }

/** Choices made in the ten months before `lastDay`, still valid then. The evidence says that they were generated. */
export function makeChoices(seed: string, members: readonly Member[], lastDay: Day, notice: Notice): Choices {
  const draw = makePrng(seed, 'choices')
  const events: string[] = []
  const withoutEvidence: string[] = []
  const given: Record<string, number> = { 'product-statistics': 0, 'scientific-research': 0 }
  const record = (member: Member, purpose: string, yesPercent: number, noPercent: number): boolean => {
    const luck = draw.below(100)
    const status = luck < yesPercent ? 'given' : luck < yesPercent + noPercent ? 'refused' : undefined
    if (!status) return false
    const first = Math.max(member.joinedOn, lastDay - 300)
    const day = first + draw.below(lastDay - 30 - first)
    const lost = status === 'given' && draw.oneIn(200)
    const target = lost ? withoutEvidence : events
    const place = { number: events.length + withoutEvidence.length + 1, seed, member, purpose, notice }
    target.push(event(draw, place, status, day, !lost))
    if (lost || status === 'refused') return false
    if (draw.oneIn(25)) {
      events.push(event(draw, { ...place, number: place.number + 1 }, 'withdrawn', day + 1 + draw.below(25), true))
      return false
    }
    given[purpose] = (given[purpose] as number) + 1
    return true
  }
  for (const member of members) {
    // Who joined in the last two months has not been asked yet.
    if (member.joinedOn > lastDay - 60) continue
    const yes = record(member, 'product-statistics', statistics.yes, statistics.no)
    record(member, 'scientific-research', yes ? research.yesAfterYes : research.yesElse, research.no)
  }
  return { events, withoutEvidence, given }
}

function event(
  draw: Prng,
  place: { number: number; seed: string; member: Member; purpose: string; notice: Notice },
  status: 'given' | 'refused' | 'withdrawn',
  day: Day,
  withEvidence: boolean,
): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const time = `${two(7 + draw.below(15))}:${two(draw.below(60))}:${two(draw.below(60))}Z`
  const { number, seed, member, purpose, notice } = place
  return JSON.stringify({
    id: `${seed}-choice-${number}`,
    record_id: `${member.id}/${purpose}`,
    person: member.id,
    purpose,
    status,
    at: `${dayText(day)}T${time}`,
    ...(status === 'given' ? { valid_until: `${dayText(day + defaultValidityDays)}T${time}` } : {}),
    notice,
    entity: 'person',
    ...(withEvidence
      ? { evidence: { method: 'generated', reference: `made up for the demo from seed "${seed}"` } }
      : {}),
  })
}
