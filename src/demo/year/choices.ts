import { dayText, parseDay } from '../../base/instant.ts'
import type { Day } from '../../base/units.ts'
import { defaultValidityDays } from '../../consent/event.ts'
import type { Member } from '../members.ts'
import { makePrng, type Prng } from '../prng.ts'
import type { ContractVersion } from './contracts.ts'

/** One generated act, as a line of `usufruct consent import`. */
export interface Act {
  /** "2026-03-12T14:03:07Z"; texts sort as the moments do. */
  readonly at: string
  readonly line: string
}

export interface ChoicesRequest {
  readonly seed: string
  /** Without those whose choices the year tells one by one. */
  readonly members: readonly Member[]
  readonly versions: readonly ContractVersion[]
  /** The last moment of the year. */
  readonly until: string
  /** From this day on the second version of the notice is shown. */
  readonly secondNoticeOn: string
}

/** Of 100 who are asked. A yes to statistics makes one to research likelier. */
const statistics = { yes: 52, no: 24 }
const research = { yesAfterYes: 48, yesElse: 12, no: 20 }

type Status = 'given' | 'refused' | 'withdrawn'

/**
 * The choices of two years, in order of time: most members are asked before the house opens, some during the year; some take their yes back, some of
 * these say yes again; a yes ends after twelve months unless it is renewed. The evidence says that all of it was generated.
 */
export function makeChoicesOfTheYear(request: ChoicesRequest): readonly Act[] {
  const { seed, members, until } = request
  const draw = makePrng(seed, 'choices of the year')
  const acts: Act[] = []
  let number = 0
  for (const member of members) {
    const asked = askedOn(draw, member, request)
    if (asked === undefined) continue
    const say = (purpose: string) => (day: Day, status: Status) => {
      const act = actOf(draw, request, { number: ++number, member: member.id, purpose, day, status })
      if (act.at <= until) acts.push(act)
    }
    const yes = lifeOf(draw, asked, statistics.yes, statistics.no, say('product-statistics'))
    lifeOf(draw, asked, yes ? research.yesAfterYes : research.yesElse, research.no, say('scientific-research'))
  }
  return acts.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

const spread = (draw: Prng, from: Day, to: Day): Day => from + draw.below(Math.max(1, to - from))
const day = (text: string): Day => parseDay(text.slice(0, 10)) as Day

/** Nobody is asked before the register holds them: from the first load that does. */
function askedOn(draw: Prng, member: Member, { versions, until }: ChoicesRequest): Day | undefined {
  const opening = day(versions[0]?.from ?? until)
  const load = versions.find((one) => member.joinedOn <= day(one.days[1]))
  if (!load) return undefined
  const luck = draw.below(100)
  if (load === versions[0] && luck < 62) return spread(draw, Math.max(member.joinedOn, opening - 290), opening - 3)
  return luck < 90 ? spread(draw, day(load.from) + 1, day(until) + 1) : undefined
}

/** First answer, and what becomes of it in two years. True when the first answer is yes. */
function lifeOf(draw: Prng, asked: Day, yes: number, no: number, say: (day: Day, status: Status) => void): boolean {
  const luck = draw.below(100)
  if (luck >= yes + no) return false
  if (luck >= yes) {
    say(asked, 'refused')
    if (draw.oneIn(20)) say(asked + 100 + draw.below(200), 'given')
    return false
  }
  let given = asked
  say(given, 'given')
  for (let years = 0; years < 2; years++) {
    const left = draw.oneIn(25) ? 1 + draw.below(7) : draw.oneIn(14) ? 8 + draw.below(340) : undefined
    if (left !== undefined) {
      say(given + left, 'withdrawn')
      if (!draw.oneIn(3)) break
      given += left + 15 + draw.below(90)
    } else if (draw.percent(84)) given += defaultValidityDays - 20 + draw.below(19)
    else if (draw.oneIn(3)) given += defaultValidityDays + 4 + draw.below(60)
    else break
    say(given, 'given')
  }
  return true
}

function actOf(
  draw: Prng,
  { seed, secondNoticeOn }: ChoicesRequest,
  act: { number: number; member: string; purpose: string; day: Day; status: Status },
): Act {
  const two = (n: number) => String(n).padStart(2, '0')
  const at = `${dayText(act.day)}T${two(7 + draw.below(15))}:${two(draw.below(60))}:${two(draw.below(60))}Z`
  const line = JSON.stringify({
    id: `${seed}-year-${act.number}`,
    record_id: `${act.member}/${act.purpose}`,
    person: act.member,
    purpose: act.purpose,
    status: act.status,
    at,
    notice: { id: 'member-card', version: at < secondNoticeOn ? '1' : '2' },
    entity: 'person',
    evidence: { method: 'generated', reference: `made up for the demo from seed "${seed}"` },
  })
  return { at, line }
}
