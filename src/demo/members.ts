import { dayText } from '../base/instant.ts'
import type { Day } from '../base/units.ts'
import { regions } from './goods.ts'
import { drawingTable, makePrng } from './prng.ts'

/** A member who does not exist. */
export interface Member {
  readonly id: string
  /** Undefined: not given. */
  readonly bornOn: Day | undefined
  /** Place in `regions`. */
  readonly region: number
  readonly joinedOn: Day
  readonly householdSize: number
}

const regionTable = drawingTable([30, 28, 18, 24])
/** Households of 1, 2, … 8 or more. */
const householdTable = drawingTable([30, 33, 15, 13, 5, 2, 1, 1])
/** Ages 18 to 91 in steps of four years. */
const ageTable = drawingTable([3, 6, 8, 9, 10, 10, 10, 10, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1])

/** Members as they are on `lastDay`: about one in eighty is not of age, one in 160 gave no birth date. */
export function makeMembers(seed: string, count: number, lastDay: Day): readonly Member[] {
  const draw = makePrng(seed, 'members')
  return Array.from({ length: count }, (_, index) => {
    const minor = draw.oneIn(80)
    const age = minor ? 14 + draw.below(4) : 18 + 4 * pick(ageTable, draw.next()) + draw.below(4)
    // 365.25 days a year, so that nobody is of another age than meant but by the days of a year.
    const bornOn = lastDay - Math.floor((age * 1461) / 4) - 1 - draw.below(365)
    const memberFor = draw.oneIn(12) ? draw.below(330) : 330 + draw.below(minor ? 600 : 4200)
    return {
      id: `M${String(index + 1).padStart(5, '0')}`,
      bornOn: draw.oneIn(160) ? undefined : bornOn,
      region: pick(regionTable, draw.next()),
      joinedOn: lastDay - 5 - memberFor,
      householdSize: 1 + pick(householdTable, draw.next()),
    }
  })
}

/** The CSV of members; the last rows name regions that the contract does not declare and are left out by a load. */
export function memberLines(members: readonly Member[], faulty: number): string {
  const lines = members.map(
    ({ id, bornOn, region, joinedOn, householdSize }) =>
      `${id},${bornOn === undefined ? '' : dayText(bornOn)},${regions[region]},${dayText(joinedOn)},${householdSize}`,
  )
  for (let at = 1; at <= faulty; at++) lines.push(`X${at},1980-01-01,abroad,2020-01-01,2`)
  return `member_id,birth_date,region,joined_on,household_size\n${lines.join('\n')}\n`
}

const pick = (table: Uint16Array, random: number): number => table[random % table.length] as number
