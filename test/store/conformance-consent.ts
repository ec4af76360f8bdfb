import { expect } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { ConsentEvent, StandingChange } from '../../src/release/ports.ts'
import { adult, codeOf, maskAt, minutes, onDay, type World } from './book-world.ts'
import type { Case } from './conformance.ts'

export function consentCases(inFreshHouse: Case): void {
  inFreshHouse('a yes waits for the next period opening', async (world) => {
    await world.give(['p1'], onDay(0))
    expect(await world.read()).toEqual([])
    expect(await world.note('p1', onDay(0))).toMatchObject({ inForce: false, note: 'joins_next_period' })
    await world.period(onDay(1))
    await world.give(['p2'], onDay(1, 1n))
    expect(await world.read()).toEqual(['p1'])
    expect(await world.note('p1', onDay(1))).toMatchObject({ status: 'given', inForce: true, note: undefined })
    await world.charged(onDay(2))
    expect((await world.statement('p2', onDay(2))).releases).toEqual([])
  })

  for (const status of ['withdrawn', 'refused', 'revoked', 'expired'] as const)
    inFreshHouse(`a consent that is ${status} leaves the cohort in the same instant`, async (world) => {
      await world.give(['p1', 'p2'], onDay(0))
      await world.period(onDay(1))
      const first = await world.charged(onDay(2))
      const left = await world.books.recordChoices(
        [world.event('p1', 'research', onDay(2, 1n), { status })],
        onDay(2, 1n),
      )
      expect(expectAccepted(left)).toMatchObject({ recorded: 1, skipped: 0 })
      expect(await world.read()).toEqual(['p2'])
      const second = await world.charged(onDay(2, 2n))
      expect((await world.statement('p1', onDay(2, 2n))).releases.map((r) => r.id)).not.toContain(second.id)
      expect((await world.statement('p1', onDay(2, 2n))).releases[0]?.id).toBe(first.id)
      expect(await world.note('p1', onDay(2, 2n))).toMatchObject({ status, inForce: false, since: onDay(2, 1n) })
    })

  inFreshHouse('what was charged and earned before a withdrawal stays', async (world) => {
    await world.give(['p1'], onDay(0))
    await world.period(onDay(1))
    await world.charged(onDay(2))
    const before = await world.statement('p1', onDay(2))
    await world.withdraw('p1', onDay(3))
    const after = await world.statement('p1', onDay(3))
    expect(after).toMatchObject({ earned: before.earned, spentNano: 1_500_000n, releases: before.releases })
    expect(after.stints).toMatchObject([{ purposes: ['research'], from: onDay(1), to: onDay(3) }])
  })

  inFreshHouse('leaving one purpose leaves the other in force, and pay counts each release once', async (world) => {
    await world.give(['p1'], onDay(0), ['research', 'statistics'])
    await world.period(onDay(1))
    await world.charged(onDay(2))
    await world.withdraw('p1', onDay(3))
    expect(await world.read(undefined, 'statistics')).toEqual(['p1'])
    const other = await world.charged(onDay(4), { purpose: 'statistics', rate: 3_000n, nano: 7n })
    const statement = await world.statement('p1', onDay(4))
    expect(statement.stints.map((stint) => stint.purposes)).toEqual([['research', 'statistics'], ['statistics']])
    expect(statement.releases[0]).toMatchObject({ id: other.id, purpose: 'statistics', earned: 21_000n })
    expect(statement.earned).toBe(statement.stints.reduce((sum, stint) => sum + stint.earned, 0n))
  })

  inFreshHouse('a withdrawal and a new yes in one list leave at once and join with the next period', async (world) => {
    await world.give(['p1'], onDay(0))
    await world.period(onDay(1), { days: 3 })
    const out = world.event('p1', 'research', onDay(2), { status: 'withdrawn' })
    const back = world.event('p1', 'research', onDay(2, 1n))
    expectAccepted(await world.books.recordChoices([out, back], onDay(2, 2n)))
    expect(await world.read()).toEqual([])
    await world.period(onDay(5))
    expect(await world.read()).toEqual(['p1'])
  })

  inFreshHouse('a consent ends to the microsecond by itself', async (world) => {
    const until = onDay(2, 500n)
    expectAccepted(
      await world.books.recordChoices([world.event('p1', 'research', onDay(0), { validUntil: until })], onDay(0)),
    )
    await world.period(onDay(1))
    const last = await world.charged(until - 1n)
    expect(await world.note('p1', until - 1n)).toMatchObject({ status: 'given', inForce: true, validUntil: until })
    const next = await world.charged(until)
    expect(await world.read(last.sequence)).toEqual(['p1'])
    expect(await world.read(next.sequence)).toEqual([])
    expect((await world.statement('p1', until)).releases.map((r) => r.id)).not.toContain(next.id)
    expect(await world.note('p1', until)).toMatchObject({ status: 'expired', inForce: false })
  })

  inFreshHouse('the first activity of a new day takes out consents that have ended', async (world) => {
    const until = onDay(2)
    expectAccepted(
      await world.books.recordChoices([world.event('p1', 'research', onDay(0), { validUntil: until })], onDay(0)),
    )
    await world.period(onDay(1))
    expect(await world.read()).toEqual(['p1'])
    await world.give(['p2'], onDay(3))
    expect(await world.read()).toEqual([])
  })

  inFreshHouse('an act recorded late takes its place in time', async (world) => {
    await world.give(['p1', 'p2'], onDay(2))
    await world.period(onDay(3))
    // An old refusal of p1, before the yes, says nothing now; one of p2, after the yes, does.
    const old = world.event('p1', 'research', onDay(1), { status: 'refused' })
    const newer = world.event('p2', 'research', onDay(2, 1n), { status: 'withdrawn' })
    expectAccepted(await world.books.recordChoices([old, newer], onDay(4)))
    expect(await world.read()).toEqual(['p1'])
    // A yes older than the withdrawal does not bring p2 back at the next opening.
    expectAccepted(await world.books.recordChoices([world.event('p2', 'research', onDay(1))], onDay(5)))
    expectAccepted(await world.books.closePeriod(onDay(6), new Uint8Array([1])))
    await world.period(onDay(7))
    expect(await world.read()).toEqual(['p1'])
  })

  inFreshHouse(
    'of two acts at the same moment the one that reduces wins, in whatever order they arrive',
    async (world) => {
      const at = onDay(0)
      const yes = (person: string) => world.event(person, 'research', at)
      const no = (person: string) => world.event(person, 'research', at, { status: 'refused' })
      expectAccepted(await world.books.recordChoices([yes('p1'), no('p1'), no('p2'), yes('p2')], at))
      await world.period(onDay(1))
      expect(await world.read()).toEqual([])
      expect((await world.note('p2', onDay(1)))?.status).toBe('refused')
    },
  )

  inFreshHouse('events come back oldest first, with their sequence', async (world) => {
    await world.give(['p1'], onDay(0))
    await world.withdraw('p1', onDay(1))
    const { events, limitClass, lifeNano } = expectAccepted(await world.books.choices('p1', onDay(1)))
    expect(events.map((event) => event.status)).toEqual(['given', 'withdrawn'])
    expect(events[0]).toMatchObject({ recordId: 'record-p1', entity: 'person', evidence: { method: 'portal' } })
    expect((events[0] as { sequence: bigint }).sequence < (events[1] as { sequence: bigint }).sequence).toBe(true)
    expect([limitClass, lifeNano]).toEqual(['medium', undefined])
  })

  refusalCases(inFreshHouse)
  lawCases(inFreshHouse)
  standingCases(inFreshHouse)
}

function refusalCases(inFreshHouse: Case): void {
  inFreshHouse('a choice is refused in a fixed order, and the refusal names its place in the list', async (world) => {
    const good = world.event('p1', 'research', onDay(0))
    const noEvidence = { evidence: undefined, validUntil: onDay(0) }
    const refused = async (event: ConsentEvent, at = onDay(0)) => {
      const outcome = await world.books.recordChoices([good, good, event], at)
      if (!outcome.ok) expect(outcome.refusal.message).toMatch(/\b[23]\b/)
      return codeOf(outcome)
    }
    expect(await refused(world.event('p9', 'nothing', onDay(0), noEvidence))).toBe('person.unknown')
    expect(await refused(world.event('p1', 'nothing', onDay(0), noEvidence))).toBe('consent.purpose_unknown')
    expect(await refused(world.event('p1', 'research', onDay(0), noEvidence))).toBe('consent.evidence_missing')
    expect(await refused(world.event('p1', 'research', onDay(0), { evidence: 'hearsay' }))).toBe(
      'consent.evidence_missing',
    )
    expect(await refused(world.event('p1', 'research', onDay(0), { validUntil: onDay(0) }))).toBe(
      'consent.record_invalid',
    )
    expect(await refused(world.event('p1', 'research', onDay(0) + minutes(5) + 1n))).toBe('consent.record_invalid')
    expect(await refused({ ...good, entity: 'guardian' })).toBe('request.idempotency_conflict')
    expect(expectAccepted(await world.books.choices('p1', onDay(0))).events).toEqual([])
    expect(await refused(world.event('p1', 'research', onDay(0) + minutes(5)))).toBe('accepted')
  })

  inFreshHouse(
    'the same event again is skipped; with another content it is refused and nothing is recorded',
    async (world) => {
      const event = world.event('p1', 'research', onDay(0))
      expect(expectAccepted(await world.books.recordChoices([event], onDay(0)))).toMatchObject({
        recorded: 1,
        skipped: 0,
      })
      const again = expectAccepted(await world.books.recordChoices([event, event], onDay(9)))
      expect(again).toMatchObject({ recorded: 0, skipped: 2 })
      const other = world.event('p2', 'research', onDay(0))
      const conflict = { ...event, validUntil: onDay(7) }
      expect(codeOf(await world.books.recordChoices([other, conflict], onDay(1)))).toBe('request.idempotency_conflict')
      expect(expectAccepted(await world.books.choices('p2', onDay(1))).events).toEqual([])
    },
  )

  inFreshHouse('nobody unknown has choices, limits or a statement', async ({ books }) => {
    expect(codeOf(await books.choices('p9', onDay(0)))).toBe('person.unknown')
    expect(codeOf(await books.setLimits('p9', { class: 'low' }, onDay(0)))).toBe('person.unknown')
    expect(codeOf(await books.statement('p9', onDay(0)))).toBe('person.unknown')
  })
}

function lawCases(inFreshHouse: Case): void {
  inFreshHouse('whom the law does not permit does not join, and the note says why', async (world) => {
    const minor = { person: 'p5', adultOn: 20_003, place: 'somewhere' }
    await world.load([adult('p1'), minor, { person: 'p6' }], onDay(0))
    await world.give(['p1', 'p4', 'p5', 'p6'], onDay(0))
    await world.period(onDay(1), { days: 3 })
    expect(await world.read()).toEqual(['p1'])
    expect((await world.note('p4', onDay(1)))?.note).toBe('absent')
    expect((await world.note('p5', onDay(1)))?.note).toBe('not_adult')
    expect((await world.note('p6', onDay(1)))?.note).toBe('age_unknown')
    // Of age now, but the yes of a child is none; a new yes joins.
    await world.period(onDay(4), { days: 3 })
    expect(await world.read()).toEqual(['p1'])
    await world.give(['p5'], onDay(5))
    await world.period(onDay(8))
    expect(await world.read()).toEqual(['p1', 'p5'])
  })

  inFreshHouse('who is missing from a new load leaves at once and comes back with a period only', async (world) => {
    await world.give(['p1', 'p2'], onDay(0))
    await world.period(onDay(1), { days: 5 })
    await world.load([adult('p2')], onDay(2))
    expect(await world.read()).toEqual(['p2'])
    await world.load([adult('p1'), adult('p2')], onDay(3))
    expect(await world.read()).toEqual(['p2'])
    expect((await world.note('p1', onDay(3)))?.note).toBe('joins_next_period')
    await world.period(onDay(6))
    expect(await world.read()).toEqual(['p1', 'p2'])
  })
}

function standingCases(inFreshHouse: Case): void {
  inFreshHouse('standing from the beginning is folded per person; later it is told change by change', async (world) => {
    await world.give(['p1', 'p2'], onDay(0), ['research', 'statistics'])
    await world.period(onDay(1))
    const opened = await world.books.sequence()
    await world.withdraw('p1', onDay(2), 'research')
    await world.withdraw('p1', onDay(3), 'statistics')
    const end = await world.books.sequence()
    expect(Object.fromEntries(await maskAt(world.books, opened))).toEqual({ p1: 3, p2: 3 })
    expect((await changes(world, 0n, end)).map((c) => [c.person, c.bits])).toEqual([
      ['p2', 3],
      ['p1', 0],
    ])
    expect((await changes(world, opened, end)).map((c) => [c.person, c.bits])).toEqual([
      ['p1', 2],
      ['p1', 0],
    ])
    expect(await changes(world, end, end)).toEqual([])
  })

  inFreshHouse('the sequence of a charge is not below the standing changes made with it', async (world) => {
    await world.give(['p1', 'p2'], onDay(0))
    expectAccepted(await world.books.setLimits('p1', { class: 'low' }, onDay(0)))
    await world.period(onDay(1))
    const before = await world.books.sequence()
    const release = await world.charged(onDay(1), { nano: 9_000_000n })
    const made = await changes(world, before, await world.books.sequence())
    expect(made).toMatchObject([{ person: 'p1', bits: 0 }])
    expect(made.every((change) => change.sequence <= release.sequence)).toBe(true)
    expect(await world.read(release.sequence)).toEqual(['p2'])
  })
}

async function changes(world: World, after: bigint, upTo: bigint): Promise<StandingChange[]> {
  const all: StandingChange[] = []
  for await (const page of world.books.standingChanges(after, upTo)) all.push(...page)
  return all
}
