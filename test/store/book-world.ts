import { microsPerDay, startOfDay } from '../../src/base/instant.ts'
import { expectAccepted, type Outcome } from '../../src/base/refusal.ts'
import type { Instant } from '../../src/base/units.ts'
import type { AccessBooks } from '../../src/house/access-port.ts'
import type {
  Books,
  Charged,
  ChargeRequest,
  ConsentEvent,
  ContractEntry,
  HouseSettings,
  Limits,
  LoadEntry,
  PeriodEntry,
  PersonFacts,
  PersonStatement,
} from '../../src/release/ports.ts'

type BooksWithAccess = Books & { readonly access: AccessBooks }

/** What a suite needs of an implementation; `reopen` gives books over the same state, as after a restart. */
export interface Opened {
  readonly books: BooksWithAccess
  reopen(): Promise<BooksWithAccess>
  close(): Promise<void>
}
/** Fresh books whose law is `testLaw`. */
export type Open = () => Promise<Opened>

export const firstDay = 20_000
/** Noon of the n-th day of the story, and so many microseconds. */
export const onDay = (n: number, micros = 0n): Instant => startOfDay(firstDay + n) + microsPerDay / 2n + micros
export const minutes = (n: number): bigint => BigInt(n) * 60_000_000n
export const leafOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The law of the tests: present in the register, and of age now and at the choice. */
export function testLaw(facts: PersonFacts & { readonly present: boolean }, at: Instant, given: Instant) {
  if (!facts.present) return 'absent'
  if (facts.adultOn === undefined) return 'age_unknown'
  if (at < startOfDay(facts.adultOn)) return 'not_adult'
  return given < startOfDay(facts.adultOn) ? 'chosen_as_minor' : undefined
}
export const adult = (person: string): PersonFacts => ({ person, adultOn: 10_000, place: 'somewhere' })

/** The published defaults. */
export const defaultLimits: Limits = {
  windows: [
    { days: 30, nano: 50_000_000n, delta: 100_000n },
    { days: 365, nano: 500_000_000n, delta: 1_000_000n },
  ],
  life: { nano: 3_000_000_000n, delta: 1_000_000n },
  houseShare: 3_000_000n,
  maxPerRelease: 5_000_000n,
  headCount: 500_000n,
}
/** Public caps that are never in the way. */
export const wideCaps: ChargeRequest['caps'] = {
  product: { nano: 10n ** 15n, days: 30, maxPerRelease: 10n ** 15n },
  house: {
    ...defaultLimits,
    windows: [{ days: 30, nano: 10n ** 15n, delta: 10n ** 15n }],
    life: { nano: 10n ** 15n, delta: 10n ** 15n },
    maxPerRelease: 10n ** 15n,
  },
}
export const settingsWith = (limits: Limits): HouseSettings => ({
  name: 'Test house',
  currency: 'EUR',
  origin: 'house.example/usufruct',
  limits,
  periodDays: 7,
  rateLadder: [1_000n, 2_000n],
})
export const contract: ContractEntry = {
  product: 'baskets',
  version: '1.0.0',
  hash: 'ab'.repeat(32),
  yaml: 'apiVersion: v3.1.0',
  purposes: ['research', 'statistics'],
  budget: { nano: 47_000_000n, days: 30, maxPerRelease: 5_000_000n },
  appliedAt: onDay(0),
}
export const loadEntry = (id: string, at: Instant): Omit<LoadEntry, 'number'> => ({
  id,
  product: 'baskets',
  contractVersion: '1.0.0',
  file: `${id}.db`,
  sourceHash: 'cd'.repeat(32),
  report: { rows: 3 },
  loadedAt: at,
})
export async function* pagesOf(...pages: readonly PersonFacts[][]): AsyncIterable<readonly PersonFacts[]> {
  for (const page of pages) yield page
}

/** A small house in which a story can be told: persons p1 … p4, buyers b1 and b2, rate 1000 micro-units per milli-rho. */
export class World {
  books: BooksWithAccess
  readonly opened: Opened
  private count = 0

  constructor(opened: Opened) {
    this.opened = opened
    this.books = opened.books
  }

  async begin(limits: Limits = defaultLimits): Promise<this> {
    const at = onDay(0)
    await this.books.init(settingsWith(limits), at, leafOf('init'))
    expectAccepted(await this.books.applyContract(contract, at, leafOf('contract')))
    await this.load(['p1', 'p2', 'p3', 'p4'].map(adult), at)
    for (const id of ['b1', 'b2']) {
      expectAccepted(await this.books.addBuyer({ id, name: `Buyer ${id}` }, at))
      expectAccepted(await this.books.fundBuyer(id, 1_000_000_000n, `first-${id}`, at))
      for (const purpose of contract.purposes) expectAccepted(await this.books.approveBuyer(id, purpose, at))
    }
    return this
  }

  fresh(prefix: string): string {
    this.count += 1
    return `${prefix}-${this.count}`
  }

  load(persons: readonly PersonFacts[], at: Instant): Promise<LoadEntry> {
    return this.books.recordLoad(loadEntry(this.fresh('load'), at), pagesOf([...persons]), at, leafOf('load'))
  }

  event(person: string, purpose: string, at: Instant, more: Partial<ConsentEvent> = {}): ConsentEvent {
    const id = this.fresh('event')
    const base = { id, recordId: `record-${person}`, person, purpose, at, entity: 'person' }
    const status = more.status ?? 'given'
    if (status !== 'given') return { ...base, ...more, status }
    return { ...base, status, validUntil: at + 3650n * microsPerDay, evidence: { method: 'portal' }, ...more }
  }

  async give(persons: readonly string[], at: Instant, purposes: readonly string[] = ['research']): Promise<void> {
    const events = persons.flatMap((person) => purposes.map((purpose) => this.event(person, purpose, at)))
    expectAccepted(await this.books.recordChoices(events, at))
  }

  async withdraw(person: string, at: Instant, purpose = 'research'): Promise<void> {
    expectAccepted(await this.books.recordChoices([this.event(person, purpose, at, { status: 'withdrawn' })], at))
  }

  async period(
    at: Instant,
    more: { days?: number; nano?: bigint; rate?: bigint; id?: string } = {},
  ): Promise<PeriodEntry> {
    const id = more.id ?? this.fresh('period')
    const endsAt = at + BigInt(more.days ?? 3650) * microsPerDay
    const request = { id, endsAt, rate: more.rate ?? 1_000n, headCountNano: more.nano ?? 500_000n }
    expectAccepted(await this.books.beginPeriod(request, at))
    return this.books.finishPeriod(id, { research: 100n, statistics: 50n }, at, leafOf(`period ${id}`))
  }

  /** A request of b1 for research that is in nobody's way: pool 500 and shares 300 + 100 + 100 of a price of 1000. */
  async request(at: Instant, more: Partial<ChargeRequest> = {}): Promise<ChargeRequest> {
    const releaseId = this.fresh('release')
    return {
      releaseId,
      buyer: 'b1',
      product: 'baskets',
      purpose: 'research',
      nano: 1_000_000n,
      delta: 0n,
      price: 1_000n,
      rate: 1_000n,
      pool: 500n,
      shares: { steward: 300n, operator: 100n, reserve: 100n },
      periodId: (await this.books.openPeriod(at))?.id ?? 'none',
      loadId: 'load-1',
      memoKey: `memo of ${releaseId}`,
      plan: { sql: 'select count(*)' },
      caps: wideCaps,
      ...more,
    }
  }

  async ask(at: Instant, more: Partial<ChargeRequest> = {}): Promise<Outcome<Charged>> {
    return this.books.charge(await this.request(at, more), at)
  }

  /** Asks and expects a fresh release. */
  async charged(at: Instant, more: Partial<ChargeRequest> = {}): Promise<Charged['release']> {
    const { release, existing } = expectAccepted(await this.ask(at, more))
    if (existing) throw new Error('the release was expected to be new')
    return release
  }

  post(id: string, at: Instant) {
    return this.books.post(id, { answer: { rows: [7] }, leaf: leafOf(`leaf ${id}`), secret: { salt: '00' } }, at)
  }

  /** Who is read for a purpose at a sequence, as the engine's mask would have it. */
  async read(sequence?: bigint, purpose = 'research'): Promise<string[]> {
    return readFor(await maskAt(this.books, sequence), await this.books.purposeBits(), purpose)
  }

  async statement(person: string, at: Instant): Promise<PersonStatement> {
    return expectAccepted(await this.books.statement(person, at))
  }

  async note(person: string, at: Instant, purpose = 'research') {
    const { standing } = expectAccepted(await this.books.choices(person, at))
    return standing.find((one) => one.purpose === purpose)
  }
}

export async function maskAt(books: Books, sequence?: bigint): Promise<Map<string, number>> {
  const mask = new Map<string, number>()
  for await (const page of books.standingChanges(0n, sequence ?? (await books.sequence())))
    for (const change of page) mask.set(change.person, change.bits)
  return mask
}

export const readFor = (
  mask: ReadonlyMap<string, number>,
  bits: Readonly<Record<string, number>>,
  purpose: string,
): string[] =>
  [...mask]
    .filter(([, own]) => (own & (1 << (bits[purpose] as number))) !== 0)
    .map(([person]) => person)
    .sort()

/** The code of a refusal; 'accepted' when there is none. */
export const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'accepted' : outcome.refusal.code)
