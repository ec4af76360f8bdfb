import { microsPerDay, startOfDay } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { purposeIds } from '../../src/consent/purposes.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import { lint } from '../../src/contract/lint.ts'
import { systemRandom } from '../../src/privacy/random.ts'
import { answer } from '../../src/release/answer.ts'
import { openPeriod } from '../../src/release/period.ts'
import type { Books, LogWriter, ReleaseEntry } from '../../src/release/ports.ts'
import { recover } from '../../src/release/recover.ts'
import { nobodyLeft, type Question, queue, type World } from '../../src/release/world.ts'
import { systemTimer } from '../../src/system.ts'
import { readSigner, signerKeyText } from '../../src/tlog/note.ts'
import { openLog } from '../../src/tlog/writer.ts'
import { verifyReceipt } from '../../src/verify/index.ts'
import {
  adult,
  defaultLimits,
  firstDay,
  leafOf,
  loadEntry,
  type Open,
  type Opened,
  pagesOf,
  settingsWith,
} from '../store/book-world.ts'
import { contract } from '../suite/small-world.ts'
import { MemoryDisk } from '../tlog/memory-disk.ts'
import { agree } from './shown.ts'
import { StandInEngine } from './stand-in-engine.ts'
import {
  type Fate,
  failing,
  nanos,
  questions,
  stages,
  type WayStep,
  wayBuyers,
  wayPersons,
  wayPurposes,
} from './whole-way-steps.ts'

const settings = { ...settingsWith(defaultLimits), rateLadder: [1_000n] }
const signer = readSigner(signerKeyText(settings.origin, new Uint8Array(32).fill(9)))
const catalogue = lint(contract, 'contract', { knownPurposes: purposeIds }).catalogue as Catalogue
/** What may be answered before a charge; nothing of it depends on anybody's records or limits. */
const beforeTheCharge = ['period.not_open', 'buyer.not_approved', 'privacy.budget_used_up', 'market.funds_lacking']

/**
 * Lives one history through the whole way of a query: real books, real log, real noise, real receipts; only the computation stands in, and it remembers whom
 * it read. Every receipt is verified with the public key alone, and again after bits were flipped in it.
 */
export async function liveTheWholeWay(steps: readonly WayStep[], open: Open): Promise<{ readonly receipts: number }> {
  const opened = await open()
  try {
    const story = new WholeWay(opened)
    await story.begin()
    for (const step of steps) await story.step(step)
    return await story.close()
  } finally {
    await opened.close()
  }
}

class WholeWay {
  private readonly opened: Opened
  private readonly engine = new StandInEngine()
  private readonly disk = new MemoryDisk()
  /** By release: whom the engine read for it. */
  private readonly read = new Map<string, readonly string[]>()
  private readonly receipts = new Map<string, string>()
  private readonly asked: { readonly question: Question; readonly nano: bigint }[] = []
  private now = startOfDay(firstDay)
  private count = 0
  private dead = false
  private fate: Fate = { kind: 'none' }
  private diskSteps = 0
  private world!: World

  constructor(opened: Opened) {
    this.opened = opened
    this.disk.step = () => {
      if (this.fate.kind === 'crash of the disk' && this.diskSteps++ >= this.fate.at) this.dead = true
      if (this.dead) throw new Error('the power is gone')
    }
  }

  async begin(): Promise<void> {
    const { books } = this.opened
    await books.init(settings, this.now, leafOf('init'))
    const { product, version, hash, purposes, budget } = catalogue
    const entry = { product, version, hash, yaml: contract, purposes, budget, appliedAt: this.now }
    expectAccepted(await books.applyContract(entry, this.now, leafOf('contract')))
    const notice = { id: 'n', version: '1', language: 'en', purposes: [...wayPurposes], text: 'May we count you?' }
    expectAccepted(await books.publishNotice({ ...notice, hash: 'ab', publishedAt: this.now }, this.now, leafOf('n')))
    const load = { ...loadEntry('load', this.now), product }
    await books.recordLoad(load, pagesOf(wayPersons.map(adult)), this.now, leafOf('load'))
    for (const [n, id] of wayBuyers.entries()) {
      expectAccepted(await books.addBuyer({ id, name: id }, this.now))
      for (const purpose of wayPurposes) expectAccepted(await books.approveBuyer(id, purpose, this.now))
      expectAccepted(await books.fundBuyer(id, n === 0 ? 1_000_000_000n : 300_000n, `first ${id}`, this.now))
    }
    for (const [n, person] of wayPersons.entries())
      if (n % 4 !== 3) await this.choose(person, wayPurposes[n % 2] as string, true)
    await this.start(books)
    expectAccepted(await openPeriod({}, this.world))
  }

  async step(step: WayStep): Promise<void> {
    this.now += 1_000_000n
    const { books } = this.world
    if (step.kind === 'join' || step.kind === 'leave')
      await this.choose(wayPersons[step.person] as string, wayPurposes[step.purpose] as string, step.kind === 'join')
    else if (step.kind === 'low limits')
      expectAccepted(await books.setLimits(wayPersons[step.person] as string, { class: 'low' }, this.now))
    else if (step.kind === 'fund')
      expectAccepted(
        await books.fundBuyer(
          wayBuyers[step.buyer] as string,
          BigInt(step.amount + 1),
          this.fresh('transfer'),
          this.now,
        ),
      )
    else if (step.kind === 'days') this.now += BigInt(step.days) * microsPerDay
    else if (step.kind === 'open') {
      const opened = await openPeriod({}, this.world)
      if (!opened.ok) agree(opened.refusal.code, 'period.already_open', 'one period at a time')
    } else if (step.kind === 'ask') {
      const question: Question = {
        buyer: wayBuyers[step.buyer] as string,
        product: catalogue.product,
        purpose: wayPurposes[step.purpose] as string,
        sql: questions[step.question] as string,
        wish: { nano: nanos[step.nano] as bigint },
      }
      this.asked.push({ question, nano: nanos[step.nano] as bigint })
      await this.ask(question, step.fate)
    } else {
      const earlier = this.asked[step.index % Math.max(1, this.asked.length)]
      if (earlier !== undefined) await this.ask(earlier.question, { kind: 'none' })
    }
    const balances = Object.values(await this.world.books.balances())
    agree(
      balances.reduce((sum, amount) => sum + amount, 0n),
      0n,
      'debits equal credits',
    )
  }

  /** At the end: one of everything per release, people read are people charged and paid, and the log stands. */
  async close(): Promise<{ readonly receipts: number }> {
    await this.crash(0)
    const { books } = this.world
    const releases = (await books.releases({ limit: 999 })).filter((release) => release.buyer !== 'house')
    agree(
      releases.some((release) => release.state === 'charged'),
      false,
      'everything is settled',
    )
    const leaves = releases.map((release) => release.leafIndex)
    agree(new Set(leaves).size, releases.length, 'one leaf per release')
    for (const release of releases) {
      agree(release.receipt !== undefined, release.state === 'released', `a receipt of ${release.state} ${release.id}`)
      if (release.receipt === undefined) continue
      await this.verify(release.id, release.receipt)
    }
    for (const person of wayPersons) {
      const statement = expectAccepted(await books.statement(person, this.now))
      for (const one of statement.releases) agree(one.earned, one.rate * one.nano, 'pay is rate times rho')
      const charged = new Set(statement.releases.map((one) => one.id))
      for (const [release, read] of this.read)
        agree(read.includes(person), charged.has(release), `${person} is read in ${release} exactly when charged`)
    }
    agree((await books.check()).failures, [], 'the books check themselves')
    agree((await books.newestCheckpoint())?.size, await books.leafCount(), 'every leaf is under a signed checkpoint')
    return { receipts: this.receipts.size }
  }

  private async ask(question: Question, fate: Fate): Promise<void> {
    const before = await this.standing(question.buyer)
    this.engine.purposeBit = (await this.world.books.purposeBits())[question.purpose as string] as number
    this.engine.read = undefined
    this.fate = fate
    this.diskSteps = 0
    const outcome = await answer(question, { idempotencyKey: this.fresh('key') }, this.world).catch((cause: Error) => {
      agree(this.dead, true, `only a crash throws: ${cause.stack}`)
      return undefined
    })
    this.fate = { kind: 'none' }
    if (this.dead) await this.crash(fate.kind === 'crash of the disk' ? fate.keeps : 255)
    const after = await this.standing(question.buyer)
    const fresh = after.releases.filter(({ id }) => !before.releases.some((known) => known.id === id))
    const refused = outcome !== undefined && !outcome.ok ? outcome.refusal.code : undefined
    const again = outcome?.ok === true && outcome.value.again
    if (again || beforeTheCharge.includes(refused ?? ''))
      agree(fresh.length, 0, `nothing is charged when ${refused ?? 'asked again'}`)
    else if (outcome !== undefined) agree(fresh.length, 1, `one charge for ${refused ?? 'an answer'}`)
    agree(after.leaves - before.leaves, BigInt(fresh.length), 'one leaf per release')

    const [release] = fresh
    const burned = release?.state === 'burned'
    if (refused !== undefined)
      agree([...beforeTheCharge, burned ? 'release.failed' : ''].includes(refused), true, refused)
    if (refused === 'release.failed') agree(fate.kind, 'failure', 'a release fails when something broke')
    agree(
      before.prepaid - after.prepaid,
      release?.state === 'released' ? release.price : 0n,
      'who gets an answer pays, once',
    )
    if (release !== undefined && this.engine.read !== undefined) this.read.set(release.id, this.engine.read)
    if (outcome?.ok) await this.verify(outcome.value.release, outcome.value.receipt)
    if (again) {
      const earlier = await this.world.books.release(outcome.value.release)
      const period = await this.world.books.openPeriod(this.now)
      agree(earlier?.periodId, period?.id, 'an answer is served again within its period only')
    }
  }

  /** Whoever asks again gets the same bytes; they verify with the public key alone, and with any bit flipped they do not. */
  private async verify(id: string, receipt: string): Promise<void> {
    const known = this.receipts.get(id)
    if (known !== undefined) {
      agree(receipt, known, `the receipt of ${id} stays the same`)
      return
    }
    this.receipts.set(id, receipt)
    const verdict = await verifyReceipt(receipt, signer.vkey)
    agree(
      verdict.checks.filter((check) => !check.holds),
      [],
      `the receipt of ${id} verifies`,
    )
    agree(verdict.valid, true, `the receipt of ${id} is valid`)
    agree(verdict.release?.id, id, 'the receipt is of its release')
    for (let n = 0; n < 4; n++) {
      const bytes = Buffer.from(receipt)
      const [place = 0] = systemNumbers()
      const bit = place % (8 * bytes.length)
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      const flipped = await verifyReceipt(bytes.toString('utf8'), signer.vkey)
      agree(flipped.valid, false, `bit ${bit} of a receipt flipped is noticed: ${receipt}`)
    }
  }

  private async standing(buyer: string): Promise<{
    readonly releases: readonly ReleaseEntry[]
    readonly leaves: bigint
    readonly prepaid: bigint
  }> {
    const { books } = this.world
    const prepaid = (await books.balances())[`prepaid:${buyer}`] ?? 0n
    return { releases: await books.releases({ buyer, limit: 999 }), leaves: await books.leafCount(), prepaid }
  }

  /** Power fails, comes back, and what was under way is settled before anything is shown. */
  private async crash(keeps: number): Promise<void> {
    this.dead = false
    let name = 0
    this.disk.crash(() => (keeps & (1 << (name++ % 8))) !== 0)
    await this.start(await this.opened.reopen())
    await recover(this.world)
    const { releases, begunPeriods } = await this.world.books.unfinished()
    agree([releases.length, begunPeriods.length], [0, 0], 'after a restart nothing is unfinished')
  }

  private async start(real: Books): Promise<void> {
    const books = mortal(real, () => this.dead)
    const log: LogWriter = await openLog({ books, directory: '', disk: this.disk, signer, origin: settings.origin })
    this.world = {
      books,
      log,
      clock: { now: () => ++this.now },
      random: systemRandom,
      catalogue: () => catalogue,
      data: async () => this.engine,
      inTurn: queue(),
      timer: systemTimer,
      left: nobodyLeft(),
      code: 'test',
      incident: () => undefined,
      stage: (name) => this.reach(name),
    }
  }

  private reach(stage: string): void {
    const { fate } = this
    if (fate.kind === 'failure' && failing[fate.at] === stage) throw new Error('something broke')
    if (fate.kind !== 'crash' || stages[fate.at] !== stage) return
    this.dead = true
    throw new Error('the power is gone')
  }

  private async choose(person: string, purpose: string, joins: boolean): Promise<void> {
    const base = { id: this.fresh('event'), recordId: person, person, purpose, at: this.now, entity: 'person' }
    const validUntil = this.now + 20n * microsPerDay
    const event = joins
      ? { ...base, status: 'given' as const, validUntil, evidence: { method: 'portal' } }
      : { ...base, status: 'withdrawn' as const }
    const books = this.world?.books ?? this.opened.books
    expectAccepted(await books.recordChoices([event], this.now))
  }

  private fresh(prefix: string): string {
    this.count += 1
    return `${prefix}-${this.count}`
  }
}

/** After death nothing reaches the books. */
const mortal = (books: Books, dead: () => boolean): Books =>
  new Proxy(books, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...values: unknown[]) => {
        if (dead()) throw new Error('the power is gone')
        return member.apply(target, values)
      }
    },
  })

function systemNumbers(): Uint32Array {
  const bytes = new Uint8Array(4)
  systemRandom(bytes)
  return new Uint32Array(bytes.buffer)
}
