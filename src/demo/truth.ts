import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { parseDay } from '../base/instant.ts'
import { minimum } from '../base/integer.ts'
import type { Day } from '../base/units.ts'
import type { WorldReport } from './world.ts'

/** What is true of the made-up world, counted from its own files; only a world that nobody lives in may be counted like this. */
export interface Truth {
  /** Members who bought something of it, by region: all members, and those whose yes counts today. */
  readonly buyers: Readonly<Record<string, { all: number; optedIn: number }>>
  /** Cents spent on it, by region; `bounded`: of those whose yes counts, with each of them at no more than the bound. */
  readonly cents: Readonly<Record<string, { all: bigint; optedIn: bigint; bounded: bigint }>>
}

export interface TruthRequest {
  /** Undefined: everything. */
  readonly brand: string | undefined
  readonly purpose: string
  /** Decides who is of age. */
  readonly today: Day
  /** The most cents that one member adds to an answer, as the contract says. */
  readonly boundCents: bigint
}

/** Counts buyers of and spending on one brand, by region. */
export async function truthOf(world: WorldReport, request: TruthRequest): Promise<Truth> {
  const { brand, purpose, today, boundCents } = request
  const goods = new Set(
    (await rowsOf(world.tables.products)).filter((row) => brand === undefined || row[3] === brand).map((row) => row[0]),
  )
  const given = await givenIn(world.choices, purpose)
  const members = new Map(
    (await rowsOf(world.tables.members)).map((row) => [
      row[0],
      { region: row[2] as string, in: given.has(row[0] as string) && isAdult(row[1] as string, today) },
    ]),
  )
  const buyers: Record<string, { all: number; optedIn: number }> = {}
  const cents: Record<string, { all: bigint; optedIn: bigint; bounded: bigint }> = {}
  const seen = new Set<string>()
  const spentBy = new Map<string, bigint>()
  for await (const line of createInterface({ input: createReadStream(world.tables.basket_lines) })) {
    const [, memberId = '', productId = '', , , spend = ''] = line.split(',')
    const member = members.get(memberId)
    const euros = /^(\d{1,3})\.(\d\d)$/.exec(spend)
    if (!member || !goods.has(productId) || !euros || BigInt(`${euros[1]}${euros[2]}`) > 20_000n) continue
    buyers[member.region] ??= { all: 0, optedIn: 0 }
    cents[member.region] ??= { all: 0n, optedIn: 0n, bounded: 0n }
    const people = buyers[member.region] as { all: number; optedIn: number }
    const money = cents[member.region] as { all: bigint; optedIn: bigint; bounded: bigint }
    const amount = BigInt(`${euros[1]}${euros[2]}`)
    money.all += amount
    if (member.in) {
      const before = spentBy.get(memberId) ?? 0n
      spentBy.set(memberId, before + amount)
      money.optedIn += amount
      money.bounded += minimum(before + amount, boundCents) - minimum(before, boundCents)
    }
    if (seen.has(memberId)) continue
    seen.add(memberId)
    people.all++
    if (member.in) people.optedIn++
  }
  return { buyers, cents }
}

async function givenIn(path: string, purpose: string): Promise<ReadonlySet<string>> {
  const newest = new Map<string, { at: string; status: string }>()
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    if (line === '') continue
    const event = JSON.parse(line) as { person: string; purpose: string; status: string; at: string }
    if (event.purpose !== purpose) continue
    const before = newest.get(event.person)
    if (!before || event.at >= before.at) newest.set(event.person, event)
  }
  return new Set([...newest].filter(([, event]) => event.status === 'given').map(([person]) => person))
}

const rowsOf = async (path: string): Promise<readonly (readonly string[])[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))

/** 18 years before today, by calendar; the 29th of February counts as the 1st of March. */
function isAdult(bornOn: string, today: Day): boolean {
  const [year = '', rest = ''] = [bornOn.slice(0, 4), bornOn.slice(4)]
  const birthday = parseDay(`${Number(year) + 18}${rest}`) ?? parseDay(`${Number(year) + 18}-03-01`)
  return bornOn !== '' && birthday !== undefined && birthday <= today
}
