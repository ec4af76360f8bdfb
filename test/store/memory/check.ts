import type { BooksCheck, Limits } from '../../../src/release/ports.ts'
import { forClass } from './limits.ts'
import { balances, mayBeNegative, pending } from './money.ts'
import { bitsOf, statementOf } from './persons.ts'
import { type OwnCharge, type Person, type State, settingsOf } from './state.ts'

/** Books.check: every invariant of the four books, from the entries up. */
export function check(state: State): BooksCheck {
  const failures: string[] = []
  const checked: { what: string; count: number }[] = []
  const persons = [...state.persons.values()]
  const every = <T>(what: string, things: readonly T[], holds: (thing: T) => boolean, name: (thing: T) => string) => {
    checked.push({ what, count: things.length })
    for (const thing of things) if (!holds(thing)) failures.push(`${what}: ${name(thing)}`)
  }
  const sequences = [
    ...persons.flatMap((p) => p.events.map((e) => e.sequence)),
    ...state.standing.map((c) => c.sequence),
    ...state.releases.map((r) => r.sequence),
    ...state.journal.map((j) => j.sequence),
  ]
  checked.push({ what: 'every entry has its own number in the one sequence', count: sequences.length })
  if (new Set(sequences).size !== sequences.length || sequences.some((s) => s < 1n || s > BigInt(state.entries.length)))
    failures.push('every entry has its own number in the one sequence')

  const sums = balances(state)
  every(
    'no account is below zero unless declared',
    Object.entries(sums),
    ([account, sum]) => sum >= 0n || mayBeNegative.includes(account),
    ([account]) => account,
  )
  every('debits equal credits', [Object.values(sums).reduce((a, b) => a + b, 0n)], (sum) => sum === 0n, String)
  every(
    'a hold is pending while its release is charged, and gone once it is settled',
    state.releases,
    (r) => (sums[pending(r.id)] ?? 0n) === (r.state === 'charged' ? r.price : 0n),
    (r) => r.id,
  )
  every(
    'a settled release has one leaf and at most one settling journal entry',
    state.releases,
    (r) => {
      const settling = state.journal.filter((j) => j.subject === r.id && j.kind !== 'hold' && j.kind !== 'fund')
      return (
        (r.leafIndex === undefined) === (r.state === 'charged') && settling.length <= (r.state === 'charged' ? 0 : 1)
      )
    },
    (r) => r.id,
  )
  const indices = state.releases.map((r) => r.leafIndex).filter((index) => index !== undefined)
  every(
    'no two releases share a leaf',
    [new Set(indices).size],
    (distinct) => distinct === indices.length,
    () => 'a leaf is shared',
  )
  every(
    'pay of a person equals rate times rho, release by release and stint by stint',
    persons,
    (person) => payAgrees(state, person),
    (person) => person.id,
  )
  every(
    'no window and no life limit of a person was passed',
    persons,
    (person) => person.charges.every((_, index) => withinLimits(settingsOf(state).limits, person.charges, index)),
    (person) => person.id,
  )
  const shown = new Map(state.standing.map((change) => [change.person, change.bits]))
  every(
    'the standing that the engine sees is the profile of the person',
    persons,
    (person) => (shown.get(person.id) ?? 0) === bitsOf(state, person),
    (person) => person.id,
  )
  return { entries: BigInt(state.entries.length), failures, checked }
}

function payAgrees(state: State, person: Person): boolean {
  const statement = statementOf(state, person)
  const stints = statement.stints.reduce((sum, stint) => sum + stint.earned, 0n)
  const same = person.charges.every((charge) => {
    const release = state.releases.find((r) => r.id === charge.release)
    return release?.nano === charge.nano && release.rate === charge.rate && release.delta === charge.delta
  })
  return same && stints === statement.earned
}

/** Did this charge, with those before it, stay within the limits that were the person's at that moment? */
function withinLimits(limits: Limits, charges: readonly OwnCharge[], index: number): boolean {
  const last = charges[index] as OwnCharge
  const share = last.house ? 0n : limits.houseShare
  const before = charges.slice(0, index + 1)
  const life = forClass(limits.life.nano, last.limitClass)
  const spans = [
    ...limits.windows,
    {
      days: Number.POSITIVE_INFINITY,
      nano: limits.life.nano,
      delta: limits.life.delta,
    },
  ]
  const own = last.lifeNano !== undefined && last.lifeNano < life ? last.lifeNano : life
  return (
    before.reduce((sum, c) => sum + c.nano, 0n) <= own - share &&
    spans.every((span) => {
      const inside = before.filter((c) => c.day >= last.day - span.days)
      return (
        inside.reduce((sum, c) => sum + c.nano, 0n) <= forClass(span.nano, last.limitClass) - share &&
        inside.reduce((sum, c) => sum + c.delta, 0n) <= forClass(span.delta, last.limitClass)
      )
    })
  )
}
