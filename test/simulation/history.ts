import type { Fault } from '../../src/base/fault.ts'
import { dayOf, microsPerDay, startOfDay } from '../../src/base/instant.ts'
import type { Outcome } from '../../src/base/refusal.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { Instant } from '../../src/base/units.ts'
import { openCounts } from '../../src/privacy/exact.ts'
import type { Books, ChargeRequest, ConsentEvent, ContractEntry, PeriodRequest } from '../../src/release/ports.ts'
import {
  contract,
  leafOf,
  loadEntry,
  maskAt,
  type Open,
  type Opened,
  pagesOf,
  readFor,
  wideCaps,
} from '../store/book-world.ts'
import { batchOf } from '../store/conformance-batches.ts'
import { type Happening, replay } from './person-replay.ts'
import { agree, choicesShown, releaseShown, shown, statementShown } from './shown.ts'
import { buyers, factsOf, type History, limits, persons, purposes, type Step, settings, start } from './steps.ts'
import { Tally } from './tally.ts'

/**
 * Lives one history in several books at once (the memory oracle first). After each step all of them answer alike and agree with a tally kept
 * here; at the end every person's charges are worked out again from the public history and that person's own acts.
 */
export async function live(history: History, opens: readonly Open[]): Promise<void> {
  const houses = await Promise.all(opens.map((open) => open()))
  try {
    const story = new Story(history, houses)
    await story.begin()
    for (const [n, step] of history.steps.entries()) {
      await story.step(step)
      await story.compare(n % 4 === 0 ? houses.length : 1)
    }
    await story.compare(houses.length)
    await story.close()
  } finally {
    await Promise.all(houses.map((house) => house.close()))
  }
}

const microsPerHour = 3_600_000_000n
const caps: ChargeRequest['caps'] = { product: { nano: 85n, days: 3, maxPerRelease: 40n }, house: limits }
const agreement: ContractEntry = { ...contract, purposes: [...purposes] }

class Story {
  private readonly tally = new Tally()
  private readonly happened: Happening[] = []
  private readonly read = new Map<string, readonly string[]>()
  private readonly asked: ChargeRequest[] = []
  private readonly houses: readonly Opened[]
  private readonly history: History
  private books: Books[]
  private now: Instant = start
  private count = 0

  constructor(history: History, houses: readonly Opened[]) {
    this.history = history
    this.houses = houses
    this.books = houses.map((house) => house.books)
  }

  async begin(): Promise<void> {
    await this.all((books) => books.init(settings, this.now, leafOf('init')))
    await this.all((books) => books.applyContract(agreement, this.now, leafOf('contract')))
    this.tally.leaves += 2n
    await this.load(0, 0)
    for (const id of buyers) {
      await this.all((books) => books.addBuyer({ id, name: id }, this.now))
      await this.fund(id, 8_000n)
    }
    for (const purpose of purposes) await this.approve('b0', purpose)
    for (const purpose of purposes.slice(1)) await this.approve('b1', purpose)
    for (const [n, bits] of this.history.yes.entries())
      for (const [bit, purpose] of purposes.entries())
        if ((bits & (1 << bit)) !== 0)
          await this.choose(this.giving(persons[n] as string, purpose, 1 + ((7 * n + bits) % 13), 0))
    await this.openPeriod({ days: 7, rate: 1_000, crash: false })
  }

  async step(step: Step): Promise<void> {
    this.now += 1_000n
    const buyer = 'buyer' in step ? (buyers[step.buyer] as string) : ''
    const purpose = 'purpose' in step ? (purposes[step.purpose] as string) : ''
    const person = 'person' in step ? (persons[step.person] as string) : ''
    if (step.kind === 'time') this.now += BigInt(step.days) * microsPerDay + BigInt(step.hours) * microsPerHour
    else if (step.kind === 'give') await this.choose(this.giving(person, purpose, step.days, step.late))
    else if (step.kind === 'leave') await this.choose(this.leaving(person, purpose, step.status, step.late))
    else if (step.kind === 'ask') {
      if (step.question > 0 && this.tally.openAt(this.now) === undefined)
        await this.openPeriod({ days: 7, rate: 1_000, crash: false })
      await this.ask(this.question(step, buyer, purpose), step.then)
    } else if (step.kind === 'retry') await this.retry(step)
    else if (step.kind === 'fund') await this.fund(buyer, BigInt(step.amount + 1))
    else if (step.kind === 'approve') await this.approve(buyer, purpose)
    else if (step.kind === 'open') await this.openPeriod(step)
    else if (step.kind === 'close') await this.closePeriod()
    else if (step.kind === 'limits') await this.setLimits(person, step)
    else if (step.kind === 'load') await this.load(step.absent, step.shift)
    else if (step.kind === 'batch') await this.batch(step.most)
    else if (step.kind === 'statement') await this.lookAt(person)
    else await this.crash()
  }

  /**
   * After each step: accounts, leaves and the open period are those of the tally, in the first so many books. The others are looked at every few steps and at
   * the end: what differs stays different, and every act is answered by all of them.
   */
  async compare(first: number): Promise<void> {
    const { balances, leaves, open } = await this.all(
      async (books) => ({
        balances: Object.fromEntries(
          Object.entries(await books.balances())
            .filter(([, n]) => n !== 0n)
            .sort(),
        ),
        leaves: await books.leafCount(),
        open: (await books.openPeriod(this.now))?.id,
      }),
      this.books.slice(0, first),
    )
    agree(balances, this.tally.balances(), 'money in the books')
    const sum = Object.values(balances).reduce((all, amount) => all + amount, 0n)
    agree(sum, 0n, 'debits equal credits')
    agree(leaves, this.tally.leaves, 'one leaf for each settlement')
    agree(open, this.tally.openAt(this.now), 'the open period')
  }

  /** At the end: each person from the public history and the own acts alone, each release once, and the books' own check. */
  async close(): Promise<void> {
    for (const person of persons) await this.lookAt(person)
    const releases = await this.all(async (books) => (await books.releases({ limit: 999 })).map(releaseShown))
    const charges = this.happened.filter((one) => 'release' in one)
    agree(releases.length, charges.length, 'each charge is one release')
    for (const books of this.books) await this.oneOfEach(books)
    await this.all((books) => books.buyers())
    await this.all((books) => books.periods())
    await this.all((books) => books.chargeTotals(0, dayOf(this.now)))
    for (const one of this.happened)
      if (one.kind === 'choice') await this.all((books) => books.consentSlot(one.event.id))
    for (const books of this.books) agree((await books.check()).failures, [], 'the books check themselves')
  }

  /** Per release one charge, per settlement one leaf, which is the release's own, and one receipt where there is an answer. */
  private async oneOfEach(books: Books): Promise<void> {
    const releases = await books.releases({ limit: 999 })
    const ids = releases.map((release) => release.id)
    agree(new Set(ids).size, ids.length, 'a release is charged once')
    const leaves = (await books.leaves(0n, 9_999)).map((leaf) => Buffer.from(leaf.data).toString())
    agree(BigInt(leaves.length), this.tally.leaves, 'all leaves are read')
    const settled = releases.flatMap(({ leafIndex }) => (leafIndex === undefined ? [] : [leafIndex]))
    agree(new Set(settled).size, settled.length, 'no leaf belongs to two releases')
    for (const { id, state, buyer, leafIndex, receipt } of releases) {
      agree(leafIndex === undefined, state === 'charged', `the leaf of ${id}, which is ${state}`)
      if (buyer === 'house') continue
      const own = leaves.filter((leaf) => leaf === id)
      agree(own.length, leafIndex === undefined ? 0 : 1, `leaves of ${id}`)
      if (leafIndex !== undefined) agree(leaves[Number(leafIndex)], id, `the leaf of ${id}`)
      agree(receipt, state === 'released' ? `receipt of ${id}` : undefined, `the receipt of ${id}`)
    }
  }

  private async lookAt(person: string): Promise<void> {
    const statements = await Promise.all(this.books.map((books) => books.statement(person, this.now)))
    const [first, ...others] = statements.map(expectAccepted)
    if (first === undefined) throw new Error('there are books')
    for (const other of others) agree(shown(statementShown(other)), shown(statementShown(first)), person)
    await this.all(async (books) => choicesShown(expectAccepted(await books.choices(person, this.now))))

    const own = replay(person, this.happened)
    agree(first.releases.map((one) => one.id).reverse(), own.releases, `charges of ${person}`)
    agree([first.earned, first.spentNano, first.spentDelta], [own.earned, own.nano, own.delta], `sums of ${person}`)
    const stints = first.stints.reduce((all, stint) => all + stint.earned, 0n)
    agree(stints, first.earned, `pay of ${person}, stint by stint`)
    for (const one of first.releases) agree(one.earned, one.rate * one.nano, 'pay is rate times rho')
    const charged = new Set(first.releases.map((one) => one.id))
    for (const [release, read] of this.read)
      agree(read.includes(person), charged.has(release), `${person} is read in ${release} exactly when charged`)
  }

  private async choose(event: ConsentEvent): Promise<void> {
    const outcome = await this.all(async (books) => {
      const { recorded, skipped } = expectAccepted(await books.recordChoices([event], this.now))
      return { recorded, skipped }
    })
    agree(outcome, { recorded: 1, skipped: 0 }, 'one act is recorded')
    this.happened.push({ kind: 'choice', at: this.now, event })
  }

  /** Acts recorded late are known to the day only; one of them bears the very time of the act before it. */
  private actTime(person: string, purpose: string, late: number): Instant {
    const same = (one: Happening) =>
      one.kind === 'choice' && one.event.person === person && one.event.purpose === purpose
    const before = late === 6 ? this.happened.findLast(same) : undefined
    if (before?.kind === 'choice') return before.event.at
    return late === 0 ? this.now : startOfDay(dayOf(this.now) - late)
  }

  private giving(person: string, purpose: string, days: number, late: number): ConsentEvent {
    const at = this.actTime(person, purpose, late)
    const validUntil = at + BigInt(days) * microsPerDay + 4n * microsPerHour + 7n
    const base = { id: this.fresh('event'), recordId: `record of ${person}`, person, purpose, at }
    return { ...base, status: 'given', validUntil, entity: 'person', evidence: { method: 'portal' } }
  }

  private leaving(person: string, purpose: string, status: number, late: number): ConsentEvent {
    const at = this.actTime(person, purpose, late)
    const statuses = ['withdrawn', 'refused', 'revoked', 'expired'] as const
    const base = { id: this.fresh('event'), recordId: `record of ${person}`, person, purpose, at }
    return { ...base, status: statuses[status] ?? 'withdrawn', entity: 'person' }
  }

  private question(step: Step & { kind: 'ask' }, buyer: string, purpose: string): ChargeRequest {
    const releaseId = this.fresh('release')
    const price = BigInt(step.price)
    const pool = (price * 7n) / 10n
    const operator = (price - pool) / 4n
    const periodId = this.tally.period?.id ?? 'none'
    return {
      releaseId,
      buyer,
      product: 'baskets',
      purpose,
      nano: BigInt(step.nano),
      delta: BigInt(step.delta),
      price,
      rate: 1_000n + BigInt(step.purpose),
      pool,
      shares: { steward: price - pool - 2n * operator, operator, reserve: operator },
      periodId,
      loadId: 'load',
      memoKey: [buyer, purpose, step.nano, step.question, periodId].join(' '),
      plan: { question: step.question },
      caps: this.history.wideCaps ? wideCaps : caps,
      ...(step.keyed ? { idempotency: { key: `key of ${releaseId}`, requestHash: releaseId } } : {}),
    }
  }

  private async ask(request: ChargeRequest, then: 'post' | 'burn' | 'crash' | 'wait'): Promise<void> {
    const expected = this.tally.expected(request, this.now)
    const outcomes = await Promise.all(this.books.map((books) => books.charge(request, this.now)))
    for (const outcome of outcomes) agree(answerOf(outcome, request), expected, 'answer to a charge')
    this.asked.push(request)
    if (expected !== 'new') return
    this.tally.charged(request, this.now)
    const { releaseId: release, purpose, nano, delta, rate } = request
    this.happened.push({ kind: 'charge', at: this.now, release, purpose, nano, delta, rate })
    const read = await this.all(async (books, index) => {
      const outcome = outcomes[index] as Extract<(typeof outcomes)[number], { ok: true }>
      const mask = await maskAt(books, outcome.value.release.sequence)
      const bits = await books.purposeBits()
      return { mask: [...mask].filter(([, own]) => own !== 0).sort(), people: readFor(mask, bits, purpose) }
    })
    this.read.set(release, read.people)
    if (then === 'post') await this.post(release)
    if (then === 'burn') await this.burn(release)
    if (then === 'crash') await this.crash()
  }

  private async retry(step: Step & { kind: 'retry' }): Promise<void> {
    const earlier = this.asked[step.index % Math.max(1, this.asked.length)]
    if (earlier === undefined) return
    const again = { ...earlier, releaseId: this.fresh('release') }
    if (step.how === 'memo')
      await this.ask({ ...again, idempotency: { key: again.releaseId, requestHash: 'memo' } }, 'wait')
    else if (step.how === 'same' || earlier.idempotency === undefined) await this.ask(again, 'post')
    else await this.ask({ ...again, idempotency: { ...earlier.idempotency, requestHash: 'other' } }, 'burn')
  }

  private async post(release: string): Promise<void> {
    const result = { answer: { of: release }, leaf: leafOf(release), secret: { salt: release } }
    await this.all(async (books) => releaseShown(await books.post(release, result, this.now)))
    this.tally.posted(release)
    for (const books of this.books) {
      const twice = await books.post(release, result, this.now).catch((fault: Fault) => fault.code)
      agree<unknown>(twice, 'release.state', 'a release is posted once')
      const receipt = `receipt of ${release}`
      agree(await books.saveReceipt(release, receipt), receipt, 'the receipt is stored')
      agree(await books.saveReceipt(release, 'another'), receipt, 'there is one receipt')
    }
  }

  private async burn(release: string): Promise<void> {
    await this.all(async (books) => releaseShown(await books.burn(release, 'it failed', this.now, leafOf(release))))
    this.tally.burned(release)
  }

  /** Everything open is found again and settled: charged releases burn, a begun period is given up. */
  private async crash(): Promise<void> {
    this.books = await Promise.all(this.houses.map((house) => house.reopen()))
    const open = await this.all(async (books) => {
      const { releases, begunPeriods } = await books.unfinished()
      return { releases: releases.map((release) => [release.id, release.state]), begunPeriods }
    })
    const waiting = this.tally.charges.filter((charge) => charge.state === 'charged')
    const found = waiting.map((charge) => [charge.request.releaseId, 'charged'])
    agree<unknown>(open.releases, found, 'what a restart finds')
    for (const charge of waiting) await this.burn(charge.request.releaseId)
    for (const id of open.begunPeriods) {
      await this.all((books) => books.abandonPeriod(id, this.now, leafOf(id)))
      this.tally.leaves += 1n
      this.tally.period = undefined
      this.happened.push({ kind: 'end', at: this.now })
    }
  }

  /** The day's batch holds the next acts; a second one on the same day is refused. */
  private async batch(most: number): Promise<void> {
    const newest = await this.all((books) => books.newestConsentBatch())
    const events = await this.all(async (books) => await books.unbatchedChoices(most))
    const { batch, leaf } = batchOf((newest?.number ?? 0) + 1, this.now, events)
    const due = newest === undefined || batch.day > newest.day
    const sealed = await this.all((books) =>
      books.sealConsentBatch(batch, this.now, leaf).then(
        () => 'sealed',
        (fault: Fault) => fault.code,
      ),
    )
    agree(sealed, due ? 'sealed' : 'books.batch_out_of_order', 'one batch a day')
    if (due) this.tally.leaves += 1n
  }

  private async fund(buyer: string, amount: bigint): Promise<void> {
    const reference = this.fresh('transfer')
    await this.all((books) => books.fundBuyer(buyer, amount, reference, this.now))
    await this.all((books) => books.fundBuyer(buyer, amount, reference, this.now))
    this.tally.move('external', `prepaid:${buyer}`, amount)
  }

  private async approve(buyer: string, purpose: string): Promise<void> {
    await this.all((books) => books.approveBuyer(buyer, purpose, this.now))
    this.tally.approvals.add(`${buyer} ${purpose}`)
  }

  private async openPeriod(step: {
    readonly days: number
    readonly rate: number
    readonly crash: boolean
  }): Promise<void> {
    const id = this.fresh('period')
    const endsAt = this.now + BigInt(step.days) * microsPerDay
    const nano = settings.limits.headCount
    const request: PeriodRequest = { id, endsAt, rate: BigInt(step.rate), headCountNano: nano }
    const counts = await this.all(async (books) => {
      const outcome = await books.beginPeriod(request, this.now)
      if (!outcome.ok) return outcome.refusal.code
      const mask = await maskAt(books, outcome.value.sequence)
      return { exact: openCounts(outcome.value.exact), mask: [...mask].filter(([, own]) => own !== 0).sort() }
    })
    if (typeof counts === 'string') {
      agree([counts, this.tally.openAt(this.now) !== undefined], ['period.already_open', true], 'one period at a time')
      return
    }
    agree(this.tally.openAt(this.now), undefined, 'one period at a time')
    const [house] = await (this.books[0] as Books).releases({ buyer: 'house', limit: 1 })
    this.happened.push({ kind: 'open', at: this.now, release: house?.id ?? '', endsAt, nano, rate: request.rate })
    if (step.crash) return this.crash()
    // Any public bound will do; it must not follow the exact count.
    const bounds = { research: 9n, statistics: 12n, quality: 5n }
    await this.all((books) => books.finishPeriod(id, bounds, this.now, leafOf(id)))
    this.tally.headCountPaid(12n, request.rate, nano)
    this.tally.period = { id, endsAt }
  }

  private async closePeriod(): Promise<void> {
    const open = this.tally.openAt(this.now)
    const outcome = await this.all(async (books) => {
      const closed = await books.closePeriod(this.now, leafOf('closed'))
      return closed.ok ? closed.value.id : closed.refusal.code
    })
    agree(outcome, open ?? 'period.not_open', 'only an open period closes')
    if (open === undefined) return
    this.tally.leaves += 1n
    this.tally.period = undefined
    this.happened.push({ kind: 'end', at: this.now })
  }

  private async setLimits(person: string, step: Step & { kind: 'limits' }): Promise<void> {
    const life = step.to === 'life' ? BigInt(step.life) : null
    const toLife = step.to === 'life' || step.to === 'no life'
    const to = toLife ? { lifeNano: life } : { class: step.to as 'low' | 'medium' | 'high' }
    await this.all((books) => books.setLimits(person, to, this.now))
    const change = toLife ? { life } : { class: step.to as 'low' | 'medium' | 'high' }
    this.happened.push({ kind: 'limits', at: this.now, person, ...change })
  }

  private async load(absent: number, shift: number): Promise<void> {
    const present = persons.filter((_, n) => (absent & (1 << n) & 0b1001_0010_0101) === 0).map((p) => factsOf(p, shift))
    const id = this.fresh('load')
    await this.all((books) => books.recordLoad(loadEntry(id, this.now), pagesOf(present), this.now, leafOf(id)))
    this.tally.leaves += 1n
    this.happened.push({ kind: 'register', at: this.now, present })
  }

  /** The same act in all books, with the same answer. */
  private async all<T>(act: (books: Books, index: number) => Promise<T>, of = this.books): Promise<T> {
    const answers = await Promise.all(of.map(act))
    const [first, ...others] = answers
    for (const other of others) agree(shown(other), shown(first), 'the books answer alike')
    return first as T
  }

  private fresh(prefix: string): string {
    this.count += 1
    return `${prefix}-${this.count}`
  }
}

function answerOf(outcome: Outcome<{ existing: boolean; release: { id: string } }>, request: ChargeRequest): string {
  if (!outcome.ok) return outcome.refusal.code
  const { existing, release } = outcome.value
  return existing ? `earlier ${release.id}` : release.id === request.releaseId ? 'new' : `another ${release.id}`
}
