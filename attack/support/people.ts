import { areas, jobs } from './contract.ts'
import type { Dice } from './numbers.ts'

/** Made-up people. The first is the one whom the attacker is after; of everybody else the attacker knows every row. */
export interface Person {
  readonly key: string
  readonly born: string
  readonly area: string
  readonly job: string
  /** Unique: what an attacker can single people out by. */
  readonly door: number
  readonly owes: boolean
  readonly nickname: string
}
export interface Visit {
  readonly person: string
  readonly spent: string
  readonly points: string
  readonly day: string
  readonly note: string
}
export interface Rows {
  readonly people: readonly Person[]
  readonly visits: readonly Visit[]
}

/** Texts on which casts, patterns and lengths go wrong in other systems. */
export const hostileNotes = [
  '99999999999999999999999999999999999999',
  'NaN',
  '-Infinity',
  '1e400',
  '0x7fffffff',
  '2026-02-30',
  '',
  "'; DROP TABLE visits; --",
  `${'a'.repeat(4000)}!`,
  'ﷺ‮\u200b𝟗𝟗',
]

/** The target has as many and as large rows as a person may have, and everything hostile. */
export function makeRows(count: number, dice: Dice): Rows {
  const names = ['Kim', 'Lee', 'Max']
  const doors = dice.shuffled(Array.from({ length: 1000 }, (_, door) => door))
  const people = Array.from(
    { length: count },
    (_, index): Person => ({
      key: `p${String(index).padStart(4, '0')}`,
      born: index === 0 ? '1951-02-03' : `19${60 + dice.below(40)}-0${1 + dice.below(9)}-1${dice.below(10)}`,
      area: areas[index % 3] as string,
      // The only judge.
      job: index === 0 ? 'judge' : (jobs[dice.below(4)] as string),
      door: doors[index] as number,
      owes: index === 0 || dice.below(2) === 1,
      nickname: index === 0 ? 'nobody-else-is-called-p0000' : (names[dice.below(3)] as string),
    }),
  )
  const visits = people.flatMap(({ key }, index) =>
    Array.from(
      { length: index === 0 ? 10 : 1 + dice.below(4) },
      (_, nth): Visit => ({
        person: key,
        spent: index === 0 ? '100.00' : `${1 + dice.below(20)}.${10 + dice.below(90)}`,
        points: index === 0 ? (['9000000000000', '-9000000000000', '0'][nth % 3] as string) : `${1 + dice.below(50)}`,
        day: index === 0 ? (['0001-01-01', '9999-12-31', ''][nth % 3] as string) : `2026-0${1 + dice.below(9)}-15`,
        note: index === 0 ? (hostileNotes[nth] as string) : `${1 + dice.below(9)}`,
      }),
    ),
  )
  return { people, visits }
}

const cell = (value: string): string => (/[",\n']/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
const csv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows.map((row) => row.map(cell))].map((row) => row.join(',')).join('\n')

export const peopleCsv = ({ people }: Rows): string =>
  csv(
    ['person', 'born', 'area', 'job', 'door', 'owes', 'nickname'],
    people.map((one) => [one.key, one.born, one.area, one.job, `${one.door}`, `${one.owes}`, one.nickname]),
  )
export const visitsCsv = ({ visits }: Rows): string =>
  csv(
    ['visit', 'person', 'spent', 'points', 'day', 'note'],
    visits.map((one, nth) => [`v${nth}`, one.person, one.spent, one.points, one.day, one.note]),
  )
