import { accept, type Outcome } from '../../base/refusal.ts'
import type { PersonStatement } from '../../release/ports.ts'
import { bitOf } from './cohorts.ts'
import { purposesOf } from './house.ts'
import { findPerson, unknownPerson } from './persons.ts'
import type { Sql } from './session.ts'

interface Stint {
  readonly sequence: bigint
  readonly until: bigint | null
  readonly from: bigint
  readonly to: bigint | null
  readonly profile: number
  readonly exhausted: boolean
}

interface ChargeRow {
  readonly sequence: bigint
  readonly release: string
  readonly at: bigint
  readonly buyer: string
  readonly product: string
  readonly purpose: number | null
  readonly nano: bigint
  readonly delta: bigint
  readonly rate: bigint
}

/**
 * Books.statement, from the entries alone: a release was for the person iff its number lies within a stint whose cohort it touched. A house release touches
 * every cohort; any other those that hold its purpose and are not exhausted.
 */
export async function statement(sql: Sql, key: string): Promise<Outcome<PersonStatement>> {
  const person = await findPerson(sql, key)
  if (person === undefined) return unknownPerson(key)
  const stints = await sql.rows<Stint>(
    `select * from (
       select e.sequence, lead(e.sequence) over w as until, e.at as "from", lead(e.at) over w as "to", e.cohort
       from membership_event e where e.person = $1 window w as (order by e.sequence)
     ) s join cohort c on c.no = s.cohort order by s.sequence`,
    [person.no],
  )
  const charges = await sql.rows<ChargeRow>(
    'select sequence, release, at, buyer, product, purpose, nano, delta, rate from charge where sequence > $1 order by sequence desc',
    [stints[0]?.sequence ?? 0n],
  )
  const names = await purposesOf(sql)
  const own = stints.map((stint) => charges.filter((charge) => within(charge, stint)))
  const all = own.flat()
  const mine = new Set(all)
  const sum = (list: readonly ChargeRow[], of: (charge: ChargeRow) => bigint) =>
    list.reduce((total, charge) => total + of(charge), 0n)
  const pay = (charge: ChargeRow) => charge.rate * charge.nano
  return accept({
    person: key,
    earned: sum(all, pay),
    spentNano: sum(all, (charge) => charge.nano),
    spentDelta: sum(all, (charge) => charge.delta),
    stints: stints.map((stint, place) => ({
      purposes: names.filter((_, purpose) => (stint.profile & bitOf(purpose)) !== 0),
      from: stint.from,
      to: stint.to ?? undefined,
      earned: sum(own[place] ?? [], pay),
      spentNano: sum(own[place] ?? [], (charge) => charge.nano),
    })),
    releases: charges
      .filter((charge) => mine.has(charge))
      .map((charge) => ({
        id: charge.release,
        at: charge.at,
        buyer: charge.buyer,
        product: charge.product,
        purpose: charge.purpose === null ? '' : (names[charge.purpose] as string),
        nano: charge.nano,
        rate: charge.rate,
        earned: pay(charge),
      })),
  })
}

function within(charge: ChargeRow, stint: Stint): boolean {
  if (charge.sequence < stint.sequence || (stint.until !== null && charge.sequence > stint.until)) return false
  return charge.purpose === null || (!stint.exhausted && (stint.profile & bitOf(charge.purpose)) !== 0)
}
