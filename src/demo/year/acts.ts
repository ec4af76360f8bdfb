import { Fault } from '../../base/fault.ts'
import { expectAccepted } from '../../base/refusal.ts'
import type { ConsentStatus } from '../../consent/event.ts'
import { choose } from '../../house/choices.ts'
import type { House } from '../../house/house.ts'
import type { LimitClass } from '../../privacy/limits.ts'
import type { Member } from '../members.ts'

/** Something that happens at a moment of the year. */
export interface Happening {
  readonly at: string
  /** True when it depends on who has said yes: then every choice until now is recorded first. */
  readonly counts?: true
  readonly do: (house: House) => Promise<void>
}

/** Who asks: three supplier brands and a university, all made up. */
export const buyersOfTheYear = [
  { id: 'brightoat', name: 'Brightoat', purpose: 'product-statistics' },
  { id: 'meadowfarm', name: 'Meadowfarm', purpose: 'product-statistics' },
  { id: 'harbourtea', name: 'Harbourtea', purpose: 'product-statistics' },
  { id: 'north-university', name: 'North University', purpose: 'scientific-research' },
] as const

const euros = (amount: bigint) => amount * 1_000_000n

const added = (at: string, id: (typeof buyersOfTheYear)[number]['id']): Happening => ({
  at,
  do: async ({ world }) => {
    const buyer = buyersOfTheYear.find((one) => one.id === id)
    if (!buyer) throw new Fault('demo.plan', `no buyer ${id}`)
    expectAccepted(await world.books.addBuyer({ id, name: buyer.name }, world.clock.now()))
    expectAccepted(await world.books.approveBuyer(id, buyer.purpose, world.clock.now()))
  },
})

const paidIn = (at: string, id: string, amount: bigint): Happening => ({
  at,
  do: async ({ world }) => {
    const reference = `bank transfer ${id} ${at.slice(0, 10)}`
    expectAccepted(await world.books.fundBuyer(id, euros(amount), reference, world.clock.now()))
  },
})

/** The buyers come one after the other, and pay in before they ask. */
export const buyersCome: readonly Happening[] = [
  added('2025-12-01T09:00', 'brightoat'),
  paidIn('2025-12-01T09:30', 'brightoat', 1_000n),
  added('2025-12-03T14:00', 'meadowfarm'),
  paidIn('2025-12-03T16:00', 'meadowfarm', 1_500n),
  added('2026-02-02T10:00', 'north-university'),
  paidIn('2026-02-04T09:00', 'north-university', 2_000n),
  added('2026-03-02T11:00', 'harbourtea'),
  paidIn('2026-03-03T15:30', 'harbourtea', 1_200n),
  paidIn('2026-04-01T09:00', 'brightoat', 1_000n),
  paidIn('2026-05-04T10:00', 'meadowfarm', 1_500n),
  paidIn('2026-08-24T09:00', 'north-university', 3_000n),
  paidIn('2026-09-01T10:00', 'brightoat', 2_000n),
  paidIn('2026-09-01T11:00', 'meadowfarm', 2_000n),
  paidIn('2026-10-01T09:30', 'harbourtea', 2_000n),
  paidIn('2026-10-26T12:00', 'north-university', 1_500n),
]

/** Four members whose year is told one by one; the demo signs in as them. */
export interface Featured {
  readonly id: string
  readonly story: string
}
const stories = [
  'said yes to both uses in the first week, and renewed it',
  'said yes, took it back in March, said yes again in June',
  'said yes, and set lower limits in January',
  'said no, and yes to product statistics this morning: joins in the next period',
] as const

/** The first four adults who have been members from before the first load. */
export function featuredOf(members: readonly Member[], joinedBefore: number, bornBefore: number): readonly Featured[] {
  const fit = members.filter(
    (one) => one.joinedOn < joinedBefore && one.bornOn !== undefined && one.bornOn < bornBefore,
  )
  return stories.map((story, at) => {
    const member = fit[at]
    if (!member) throw new Fault('demo.too_small', 'the made-up world needs a few adult members')
    return { id: member.id, story }
  })
}

/** Whom the shop of this world knows: an adult member whom nobody has asked yet, so that the consent card there asks for the first time. */
export async function shopperOf(house: House, members: readonly Member[], bornBefore: number): Promise<string> {
  const { books, clock } = house.world
  for (const { id, bornOn } of members) {
    if (bornOn === undefined || bornOn >= bornBefore) continue
    const choices = await books.choices(id, clock.now())
    if (choices.ok && choices.value.events.length === 0) return id
  }
  throw new Fault('demo.too_small', 'the made-up world needs an adult member whom nobody has asked')
}

const statistics = 'product-statistics'
const research = 'scientific-research'

export function featuredLives([first, second, third, fourth]: readonly Featured[]): readonly Happening[] {
  const says = (at: string, member: Featured | undefined, purpose: string, status: ConsentStatus): Happening => ({
    at,
    counts: true,
    do: async (house) => {
      const evidence = { method: 'generated', reference: 'made up for the demo' }
      expectAccepted(await choose(house, { person: member?.id ?? '', purpose, status, entity: 'person', evidence }))
    },
  })
  return [
    says('2025-12-01T07:20', first, statistics, 'given'),
    says('2025-12-01T07:21', first, research, 'given'),
    says('2026-11-19T19:02', first, statistics, 'given'),
    says('2026-11-19T19:03', first, research, 'given'),
    says('2025-12-01T07:31', second, statistics, 'given'),
    says('2026-03-12T14:03', second, statistics, 'withdrawn'),
    says('2026-06-20T18:45', second, statistics, 'given'),
    says('2026-06-20T18:46', second, research, 'refused'),
    says('2025-12-01T07:40', third, statistics, 'given'),
    says('2025-12-14T20:11', third, research, 'given'),
    limited('2026-01-10T21:15', third?.id ?? '', { class: 'low' }),
    says('2026-11-21T08:12', third, statistics, 'given'),
    says('2026-02-08T17:30', fourth, statistics, 'refused'),
    says('2026-02-08T17:31', fourth, research, 'refused'),
    says('2026-12-01T08:40', fourth, statistics, 'given'),
  ]
}

export const limited = (
  at: string,
  member: string,
  limits: { readonly class?: LimitClass; readonly lifeNano?: bigint },
): Happening => ({
  at,
  do: async ({ world }) => {
    expectAccepted(await world.books.setLimits(member, limits, world.clock.now()))
  },
})
