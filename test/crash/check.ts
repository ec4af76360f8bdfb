import { readdir } from 'node:fs/promises'
import { canonical } from '../../src/base/canonical.ts'
import type { House } from '../../src/house/house.ts'
import { openPeriod } from '../../src/release/period.ts'
import type { ReleaseEntry } from '../../src/release/ports.ts'
import { encodeBase64 } from '../../src/tlog/base64.ts'
import { diskAt, storeOn } from '../../src/tlog/disk.ts'
import { consistencyProof } from '../../src/tlog/merkle.ts'
import { storedHashes } from '../../src/tlog/stored.ts'
import { verifyCheckpoint, verifyConsistencyProof, verifyReceipt } from '../../src/verify/index.ts'
import { askAgain, fundAgain } from './actions.ts'
import { type Line, linesOf, textOf } from './journal.ts'

/**
 * Compares a home, just opened, with everything that was acknowledged before; then repeats every request whose answer never came, with its key, and
 * compares again. Gives what fails, in words. `since`: index of the first line whose receipts and checkpoints were not verified before.
 */
export async function checkHome(
  house: House,
  journal: readonly Line[],
  since: number,
  tell: (line: Line) => void,
): Promise<{ readonly failures: readonly string[]; readonly looked: Readonly<Record<string, number>> }> {
  const failures: string[] = []
  const looked: Record<string, number> = {}
  const expect = (what: string, good: boolean, detail: () => string) => {
    looked[what] = (looked[what] ?? 0) + 1
    if (!good) failures.push(`${what}: ${detail()}`)
  }
  const all = [...journal]
  const also = (line: Line) => {
    all.push(line)
    tell(line)
  }
  const { books } = house.world

  const left = await books.unfinished()
  expect('nothing is left half', left.releases.length + left.begunPeriods.length === 0, () => textOf(left))
  await checkEffects(house, all, expect)
  await checkLog(house, linesOf(all.slice(since), 'published'), expect)
  await checkFiles(house, expect)

  const before = await releasesOf(house)
  await repeat(house, all, also, expect)
  const after = await releasesOf(house)
  await checkReleases(house, all, before, after, expect)
  await checkMoney(house, all, after, expect)
  const known = new Set(linesOf(journal.slice(0, since), 'receipt').map((line) => line.release))
  for (const release of after.filter((one) => one.state === 'released' && !known.has(one.id))) {
    const verdict = await verifyReceipt(release.receipt ?? '', house.logKey)
    expect(
      'receipts verify',
      verdict.valid,
      () => `${release.id}: ${textOf(verdict.checks.filter((one) => !one.holds))}`,
    )
  }
  const checked = await books.check()
  expect('the books agree', checked.failures.length === 0, () => checked.failures.join('; '))
  return { failures, looked }
}

const sqlOf = (release: ReleaseEntry): string => (release.plan as { readonly sql: string }).sql

type Expect = (what: string, good: boolean, detail: () => string) => void

/** All ordinary releases, newest first. */
async function releasesOf(house: House): Promise<readonly ReleaseEntry[]> {
  const all = await house.world.books.releases({ limit: 100_000 })
  return all.filter((release) => release.buyer !== 'house')
}

async function checkEffects(house: House, journal: readonly Line[], expect: Expect): Promise<void> {
  const { books, clock } = house.world
  const now = clock.now()
  const events = new Map<string, ReadonlyMap<string, string>>()
  const eventsOf = async (person: string) => {
    const found = events.get(person)
    if (found) return found
    const choices = await books.choices(person, now)
    const read = new Map(choices.ok ? choices.value.events.map((event) => [event.id, textOf(event)]) : [])
    events.set(person, read)
    return read
  }
  for (const line of linesOf(journal, 'chosen'))
    expect('acknowledged choices are kept', (await eventsOf(line.person)).get(line.id) === line.event, () =>
      textOf(line),
    )
  const imported = new Set(linesOf(journal, 'imported').map((line) => line.ids[0]))
  for (const { person, ids } of linesOf(journal, 'importing')) {
    const found = await eventsOf(person)
    const there = ids.filter((id) => found.has(id)).length
    expect(
      'an import is whole',
      there === ids.length || (there === 0 && !imported.has(ids[0])),
      () => `${there} of ${ids}`,
    )
  }
  for (const line of linesOf(journal, 'quoted')) {
    const shown = (await books.quote(line.id))?.shown
    expect('quotes are kept', shown !== undefined && canonical(shown) === line.shown, () => line.id)
  }
  for (const line of linesOf(journal, 'key'))
    expect('keys are kept', (await books.findKey(line.secretHash)) !== undefined, () => line.secretHash)
  const periods = new Map((await books.periods()).map((period) => [period.id, period]))
  for (const line of linesOf(journal, 'period')) {
    const found = periods.get(line.id)
    expect(
      'periods are kept',
      found !== undefined && textOf({ ...found, closedAt: undefined }) === line.entry,
      () => line.id,
    )
  }
  for (const line of linesOf(journal, 'closed'))
    expect('closed periods stay closed', periods.get(line.id)?.closedAt !== undefined, () => line.id)
  const loads = new Set((await books.loads('visits')).map((load) => load.id))
  for (const line of linesOf(journal, 'loaded')) expect('loads are kept', loads.has(line.id), () => line.id)
}

/** The newest checkpoint extends each that was signed and counted; what the world could have read is among those. */
async function checkLog(
  house: House,
  published: readonly { readonly size: string; readonly root: string; readonly note: string }[],
  expect: Expect,
): Promise<void> {
  const { books, log, clock } = house.world
  expect(
    'every leaf is published',
    (await books.newestCheckpoint())?.size === (await books.leafCount()),
    () => 'not all',
  )
  const newest = await log.publish(clock.now())
  const verdict = await verifyCheckpoint(newest.note, house.logKey)
  expect('the newest checkpoint opens', verdict.ok && verdict.root === newest.root, () => textOf(verdict))
  const store = storeOn(diskAt(house.home.log))
  for (const older of published) {
    const size = BigInt(older.size)
    if (size === 0n) continue
    const proof = size < newest.size ? await consistencyProof(size, newest.size, storedHashes(store, newest.size)) : []
    const extended = await verifyConsistencyProof({
      older: { size, root: older.root },
      newer: newest,
      proof: proof.map(encodeBase64),
    })
    expect('the log only grew', size <= newest.size && extended, () => `${older.size} to ${newest.size}`)
  }
}

/** Nothing in the data folder that no load refers to. */
async function checkFiles(house: House, expect: Expect): Promise<void> {
  const known = new Set((await house.world.books.loads('visits')).map((load) => load.file))
  const names = await readdir(house.home.data)
  for (const name of names)
    expect('no file is left over', known.has(name.replace(/\.wal$/, '')) && !name.includes('.tmp'), () => name)
  for (const file of known) expect('every load has its file', names.includes(file), () => file)
}

/** Sends every request again whose answer never came. What had happened must be what is answered now. */
async function repeat(house: House, journal: Line[], tell: (line: Line) => void, expect: Expect): Promise<void> {
  if (!(await house.world.books.openPeriod(house.world.clock.now()))) {
    const opened = await openPeriod({}, house.world)
    if (opened.ok) tell({ is: 'period', id: opened.value.id, entry: textOf(opened.value) })
  }
  const bySql = new Map((await releasesOf(house)).map((release) => [sqlOf(release), release]))
  const answered = new Set(
    journal.flatMap((line) =>
      line.is === 'receipt' || line.is === 'failed' || line.is === 'refused' ? [line.key] : [],
    ),
  )
  for (const intent of linesOf(journal, 'intent').filter(({ key }) => !answered.has(key))) {
    const earlier = bySql.get(intent.sql)
    const line = await askAgain({ house, tell }, intent)
    const right =
      earlier === undefined ||
      (earlier.state === 'burned' && line.is === 'failed') ||
      (line.is === 'receipt' && line.release === earlier.id && line.receipt === earlier.receipt)
    expect(
      'a repeated request gives what happened',
      right,
      () => `${textOf(line).slice(0, 200)} for ${textOf(earlier)}`,
    )
  }
  const burned = linesOf(journal, 'failed').at(-1)
  const intent = linesOf(journal, 'intent').find(({ key }) => key === burned?.key)
  if (intent) {
    const line = await askAgain({ house, tell: () => {} }, intent)
    expect('the key of a burned release gives release.failed', line.is === 'failed', () => textOf(line))
  }
  const funded = new Set(linesOf(journal, 'funded').map((line) => line.reference))
  for (const line of linesOf(journal, 'funding').filter(({ reference }) => !funded.has(reference)))
    await fundAgain({ house, tell }, line)
  // One that was acknowledged: it must change nothing, which the sum of the money shows.
  const last = linesOf(journal, 'funded')[0]
  if (last) await fundAgain({ house, tell: () => {} }, last)
}

async function checkReleases(
  house: House,
  journal: readonly Line[],
  before: readonly ReleaseEntry[],
  after: readonly ReleaseEntry[],
  expect: Expect,
): Promise<void> {
  const byId = new Map(after.map((release) => [release.id, release]))
  for (const release of before)
    expect('what is settled stays as it is', textOf(byId.get(release.id)) === textOf(release), () => release.id)
  for (const { release } of linesOf(journal, 'charged')) {
    const { state } = byId.get(release) ?? {}
    expect('charges are kept, and settled', state === 'released' || state === 'burned', () => `${release} ${state}`)
  }
  for (const line of linesOf(journal, 'posted')) {
    const found = byId.get(line.release)
    const same = found?.state === 'released' && JSON.stringify(found.answer) === line.answer
    expect('postings are kept', same, () => line.release)
  }
  for (const { release } of linesOf(journal, 'burned'))
    expect('burned releases stay burned', byId.get(release)?.state === 'burned', () => release)
  for (const line of linesOf(journal, 'receipt'))
    expect('receipts are kept byte by byte', byId.get(line.release)?.receipt === line.receipt, () => line.release)
  const asked = new Map(linesOf(journal, 'intent').map((intent) => [intent.sql, intent]))
  const charged = new Map<string, string>()
  for (const release of after) {
    const sql = sqlOf(release)
    const intent = asked.get(sql)
    expect('every charge was asked for', intent?.buyer === release.buyer, () => `${release.id} ${sql}`)
    expect('no key is charged twice', !charged.has(sql), () => `${intent?.key}: ${release.id}, ${charged.get(sql)}`)
    charged.set(sql, release.id)
  }
  const { releases } = await house.world.books.unfinished()
  expect('nothing is left half', releases.length === 0, () => textOf(releases))
}

/** All that was paid in, less what was answered, is what each buyer has. */
async function checkMoney(
  house: House,
  journal: readonly Line[],
  releases: readonly ReleaseEntry[],
  expect: Expect,
): Promise<void> {
  for (const buyer of await house.world.books.buyers()) {
    const funded = new Map(
      linesOf(journal, 'funded')
        .filter((line) => line.buyer === buyer.id)
        .map((line) => [line.reference, BigInt(line.amount)]),
    )
    const paid = releases.filter((release) => release.buyer === buyer.id && release.state === 'released')
    const wanted =
      [...funded.values()].reduce((sum, amount) => sum + amount, 0n) -
      paid.reduce((sum, release) => sum + release.price, 0n)
    expect(
      'money adds up',
      buyer.prepaid === wanted && buyer.pending === 0n,
      () => `${textOf(buyer)}, wanted ${wanted}`,
    )
  }
}
