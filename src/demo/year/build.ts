import { Fault } from '../../base/fault.ts'
import { instantText, microsPerDay, parseDay } from '../../base/instant.ts'
import type { Day } from '../../base/units.ts'
import type { House } from '../../house/house.ts'
import { type MovableClock, moment } from '../clock.ts'
import { type Member, makeMembers } from '../members.ts'
import { makePrng } from '../prng.ts'
import { defaultLastDay, defaultSeed } from '../world.ts'
import { buyersCome, type Featured, featuredLives, featuredOf, type Happening, limited, shopperOf } from './acts.ts'
import { cardsOfTheYear } from './cards.ts'
import { makeChoicesOfTheYear } from './choices.ts'
import { contractVersions } from './contracts.ts'
import { writeYear } from './files.ts'
import { choiceRecorder, contractComes, emptyTally, monthBegins, noticeComes, question, type Tally } from './live.ts'
import { questionsOfTheYear } from './questions.ts'

/** The house is made, and members are asked from then on. */
export const yearBegins = '2025-02-10T09:00'
/** The last moment that is simulated; from here on time is the visitor's. */
export const yearEnds = '2026-12-01T09:00'
/** Choices come into the books when the register is there. */
const registerIsThere = '2025-12-01T07:05'
const secondNotice = '2026-04-15T10:00'
/** Pay per milli-rho; from October on twice as much. */
const rateOf = (first: string): bigint => (first < '2026-10-01' ? 5_000n : 10_000n)

export interface YearRequest {
  /** For the made-up files. */
  readonly folder: string
  readonly members: number
  readonly seed?: string
  /** Told what happened, month by month. */
  readonly say: (line: string) => void
  /** Asked before each happening; true stops the making. */
  readonly stopped?: () => boolean
}

export interface YearBuilt {
  readonly featured: readonly Featured[]
  /** A member whom nobody has asked yet. */
  readonly shopper: string
  readonly tally: Readonly<Tally>
}

/**
 * Lives twelve months of North Co-op the way any house would live them: contracts, loads, notices, choices with evidence, periods, buyers, questions. Only the
 * clock is moved by hand, and only the people and what they choose and buy are made up. Throws when something goes otherwise than planned.
 */
export async function buildYear(house: House, clock: MovableClock, request: YearRequest): Promise<YearBuilt> {
  const { folder, seed = defaultSeed, say } = request
  const members = makeMembers(seed, request.members, defaultLastDay)
  const lines = await writeYear(folder, seed, members, contractVersions)
  say(
    `${members.length} made-up members, and what they bought in two years: ${lines.join(', ')} basket lines in three loads`,
  )

  const featured = featuredOf(members, day('2025-06-01'), day('2000-01-01'))
  const told = new Set(featured.map((one) => one.id))
  const others = members.filter((member) => !told.has(member.id))
  const versions = contractVersions
  const until = `${yearEnds}:00Z`
  const acts = makeChoicesOfTheYear({ seed, members: others, versions, until, secondNoticeOn: secondNotice })
  const record = choiceRecorder(acts)
  const tally = emptyTally()
  const happenings: readonly Happening[] = [
    noticeComes(yearBegins, '1', 'notice', ['en']),
    noticeComes(secondNotice, '2', 'notice-2', ['de', 'en']),
    ...versions.map((version) => contractComes(version, folder)),
    ...months.map((first) => monthBegins(first, rateOf(first), clock, tally)),
    ...buyersCome,
    ...featuredLives(featured),
    ...limitsOf(seed, others),
    ...questionsOfTheYear.map((asked) => question(asked, clock, tally)),
    ...cardsOfTheYear(seed, acts, secondNotice).filter(({ at }) => at < yearEnds),
    theEnd,
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))

  const tell = monthTeller(tally, say)
  for (const happening of happenings) {
    if (request.stopped?.()) throw new Fault('demo.stopped', 'the making of the demo was stopped')
    tell(happening.at)
    clock.moveTo(moment(happening.at))
    // Whatever was chosen until now is in the books before anybody is counted, so that a withdrawal holds from the very next release.
    if (happening.counts && happening.at > registerIsThere) tally.choices += await record(house, `${happening.at}:00Z`)
    await happening.do(house)
  }
  tell('')
  return { featured, shopper: await shopperOf(house, others, day('2000-01-01')), tally }
}

/** Whoever chose on the last morning is in the books too. */
const theEnd: Happening = { at: yearEnds, counts: true, do: async () => {} }

const day = (text: string): Day => parseDay(text) as Day

/** The firsts of the months, December to December. */
const months: readonly string[] = Array.from({ length: 13 }, (_, at) => {
  const two = String(((at + 11) % 12) + 1).padStart(2, '0')
  return `${at === 0 ? 2025 : 2026}-${two}-01`
})

/** Some members want less of their privacy spent, a few allow more. They are of the register of the first load. */
function limitsOf(seed: string, members: readonly Member[]): readonly Happening[] {
  const draw = makePrng(seed, 'limits')
  const known = members.filter((member) => member.joinedOn < day('2025-11-01'))
  const opening = moment(registerIsThere)
  return Array.from({ length: Math.min(24, known.length) }, (_, at) => {
    const member = known[draw.below(known.length)] as Member
    const on = instantText(opening + BigInt(10 + draw.below(340)) * microsPerDay).slice(0, 10)
    if (at % 4 === 3) return limited(`${on}T18:05`, member.id, { class: 'high' })
    return limited(`${on}T18:05`, member.id, at % 4 === 2 ? { lifeNano: 100_000_000n } : { class: 'low' })
  })
}

/** One line when a month is over. */
function monthTeller(tally: Tally, say: (line: string) => void): (at: string) => void {
  let month = ''
  let before = { ...tally, refusals: 0 }
  const refusals = () => Object.values(tally.refused).reduce((sum, count) => sum + count, 0)
  return (at) => {
    const now = at.slice(0, 7)
    if (now === month) return
    const choices = tally.choices - before.choices
    const answers = tally.answers + tally.again - before.answers - before.again
    const refused = refusals() - before.refusals
    if (month >= '2025-12')
      say(
        `${month}: ${answers} answers, ${refused} refused${tally.burned > before.burned ? ', 1 burned' : ''}, ${choices} choices`,
      )
    month = now
    before = { ...tally, refusals: refusals() }
  }
}
