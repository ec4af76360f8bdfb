import { dayText } from '../base/instant.ts'
import type { Day } from '../base/units.ts'
import { products, regions, wishes } from './goods.ts'
import type { Member } from './members.ts'
import { drawingTable, makePrng, type Prng } from './prng.ts'

/** Lines that a load leaves out, by what is wrong with them. */
export type Flaw = 'no member' | 'unknown member' | 'negative spend' | 'spend too large' | 'no number' | 'no such day'

export interface Baskets {
  readonly columns: string
  /** CSV text in pieces of about a megabyte. */
  readonly pieces: Iterable<string>
  /** What has been made so far; whole when the pieces have been read. */
  readonly counts: { lines: number; readonly faulty: Record<Flaw, number> }
}

const pieceLength = 1 << 20
const monthsOfSeasons = [0, 0, 1, 1, 1, 2, 2, 2, 1, 1, 1, 0]
/** Spend is declared up to 200.00 a line. */
const mostCents = 20_000

/**
 * Basket lines of the days `from` to `to`, about `years` of them. Most members come a few times a year, few come all the time: visits follow a power law of exponent 2,
 * cut at 130 a year. Larger households fill larger baskets; half of what a member buys is of a few favourites.
 */
export function makeBaskets(seed: string, members: readonly Member[], from: Day, to: Day, years = 1): Baskets {
  const counts: Baskets['counts'] = {
    lines: 0,
    faulty: {
      'no member': 0,
      'unknown member': 0,
      'negative spend': 0,
      'spend too large': 0,
      'no number': 0,
      'no such day': 0,
    },
  }
  return {
    columns: 'line_id,member_id,product_id,bought_on,quantity,spend_eur\n',
    pieces: inPieces(lines(makePrng(seed, 'baskets'), members, { from, to, years }, counts)),
    counts,
  }
}

function* lines(
  draw: Prng,
  members: readonly Member[],
  { from, to, years }: { readonly from: Day; readonly to: Day; readonly years: number },
  counts: Baskets['counts'],
) {
  const days = calendar(from, to)
  const shelves = makeShelves()
  for (const member of members) {
    const shelf = shelves[member.region]?.[member.householdSize >= 3 ? 1 : 0] as readonly Uint16Array[]
    const favourites = Array.from({ length: 8 }, () => draw.next() % 4096)
    for (let visit = years * visitsOf(draw); visit > 0; visit--) {
      const day = days.table[draw.below(days.table.length)] as number
      if (from + day < member.joinedOn) continue
      const table = shelf[days.seasons[day] as number] as Uint16Array
      const size = 1 + draw.below(4 + 2 * Math.min(member.householdSize, 5))
      for (let line = 0; line < size; line++) {
        const place = draw.oneIn(2) ? (favourites[draw.below(8)] as number) : draw.below(4096)
        yield oneLine(draw, member, table[place] as number, days, day, counts)
      }
    }
  }
}

function oneLine(
  draw: Prng,
  member: Member,
  product: number,
  days: Calendar,
  day: number,
  counts: Baskets['counts'],
): string {
  const { id, cents, traits } = products[product] as (typeof products)[number]
  const quantity = quantityOf(draw, member.householdSize)
  // Goods by the kilogram weigh a little more or less; one line in six is on offer; prices rise by 3 % after half a year.
  const weighed = traits.includes('k') ? 80 + draw.below(41) : 100
  const offer = draw.oneIn(6) ? 75 + draw.below(16) : 100
  const risen = day > 182 ? 103 : 100
  const spend = Math.min(mostCents, Math.max(1, Math.round((cents * quantity * weighed * offer * risen) / 1_000_000)))
  const number = ++counts.lines
  const flaw = flawOf(number)
  if (flaw) {
    counts.faulty[flaw]++
    return flawedLine(flaw, { number, member: member.id, id, day: days.texts[day] as string })
  }
  return `L${number},${member.id},${id},${days.texts[day]},${quantity},${euros(spend)}\n`
}

function visitsOf(draw: Prng): number {
  const even = (draw.next() + 1) / 4_294_967_296
  return Math.min(130, Math.floor(4.2 / Math.sqrt(even)))
}

/** Mostly one; a party now and then. */
function quantityOf(draw: Prng, householdSize: number): number {
  const luck = draw.below(1000)
  if (luck < 720 - 20 * householdSize) return 1
  if (luck < 930) return 2
  if (luck < 995) return 3 + draw.below(3)
  return 6 + draw.below(25)
}

/** A few wrong lines, at known places: what a till, a copy and a typing error leave behind. */
function flawOf(number: number): Flaw | undefined {
  if (number % 9_001 === 0) return 'no member'
  if (number % 30_011 === 0) return 'unknown member'
  if (number % 40_009 === 0) return 'negative spend'
  if (number % 60_013 === 0) return 'spend too large'
  if (number % 80_021 === 0) return 'no number'
  if (number % 100_003 === 0) return 'no such day'
  return undefined
}

function flawedLine(flaw: Flaw, line: { number: number; member: string; id: string; day: string }): string {
  const { number, member, id, day } = line
  const own = `L${number},${member},${id},${day}`
  if (flaw === 'no member') return `L${number},,${id},${day},1,2.49\n`
  if (flaw === 'unknown member') return `L${number},M99999,${id},${day},1,2.49\n`
  if (flaw === 'negative spend') return `${own},1,-2.49\n`
  if (flaw === 'spend too large') return `${own},50,899.50\n`
  if (flaw === 'no number') return `${own},two,4.98\n`
  return `L${number},${member},${id},2026-02-30,1,2.49\n`
}

interface Calendar {
  readonly texts: readonly string[]
  readonly seasons: readonly number[]
  /** Days as often as baskets fall on them. */
  readonly table: Uint16Array
}

/** Saturdays are full, Sundays quiet, December fuller than February. */
function calendar(from: Day, to: Day): Calendar {
  const texts = Array.from({ length: to - from + 1 }, (_, day) => dayText(from + day))
  const months = texts.map((text) => Number(text.slice(5, 7)) - 1)
  const weights = months.map((month, day) => {
    // Day 0 of all days was a Thursday.
    const weekday = (((from + day + 4) % 7) + 7) % 7
    const ofWeek = [4, 10, 9, 10, 11, 14, 18][weekday] as number
    return ofWeek * (month === 11 ? 1.35 : month === 1 ? 0.9 : month === 6 || month === 7 ? 0.88 : 1)
  })
  return {
    texts,
    seasons: months.map((month) => monthsOfSeasons[month] as number),
    table: drawingTable(weights, 1 << 14),
  }
}

/** By region, household and season. */
const makeShelves = () =>
  regions.map((_, region) =>
    [false, true].map((many) => [0, 1, 2].map((season) => drawingTable(wishes(region, season, many)))),
  )

const euros = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`

function* inPieces(texts: Iterable<string>): Iterable<string> {
  let piece = ''
  for (const text of texts) {
    piece += text
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}
