import { canonical } from '../base/canonical.ts'
import type { Instant } from '../base/units.ts'
import type { Leaf } from '../tlog/leaves.ts'
import { type CheckName, verifyReceipt } from '../verify/index.ts'
import type { House } from './house.ts'
import { promises } from './promises.ts'
import type { Claim, Claims } from './views/audit.ts'
import { timeText } from './views/time.ts'

const restMicros = 60_000_000n

/** The results of the last run, and one run a minute at most: who asks earlier, or meanwhile, gets the same. */
export interface Auditor {
  claims(): Claims
  run(): Promise<Claims>
}

export function createAuditor(house: House): Auditor {
  const { clock } = house.world
  let last: { readonly at: Instant; readonly found: Found } | undefined
  let running: Promise<Claims> | undefined
  const shown = (): Claims => ({
    claims: promises.map((promise) => claimOf(promise, last?.found)),
    ranAt: last && timeText(last.at),
    nextRunFrom: last && timeText(last.at + restMicros),
  })
  const look = async (): Promise<Claims> => {
    const at = clock.now()
    last = { at, found: await lookAtEverything(house) }
    return shown()
  }
  return {
    claims: shown,
    async run() {
      if (last !== undefined && clock.now() < last.at + restMicros) return shown()
      running ??= look().finally(() => {
        running = undefined
      })
      return running
    },
  }
}

/** What a run saw. Counts are of public things alone: how many entries the books have would tell when somebody chose. */
export interface Found {
  readonly releases: number
  readonly leaves: number
  readonly batches: number
  /** The books' own check of every invariant, from the entries up. */
  readonly books: boolean
  /** The log recomputed against everything that was signed. */
  readonly log: boolean
  /** Receipts of all releases, each check that failed on any of them. */
  readonly failedChecks: ReadonlySet<CheckName>
  /** Releases without a leaf or a receipt. */
  readonly unproved: number
  /** No two answers to the same question of the same buyer in one period. */
  readonly onceEach: boolean
  /** Every release follows a contract, a period and a notice for its purpose in the log, and names the rules that judged it. */
  readonly lawful: boolean
  /** The settings in force are those in the log's newest settings leaf. */
  readonly settings: boolean
}

async function lookAtEverything(house: House): Promise<Found> {
  const { books, log } = house.world
  const intact = await log.check().then(
    () => true,
    () => false,
  )
  const seen = await walkLog(house)
  const receipts = await walkReleases(house)
  const check = await books.check()
  const inForce = await books.settings()
  return {
    ...receipts,
    leaves: Number(seen.leaves),
    batches: seen.batches,
    books: check.failures.length === 0,
    log: intact,
    lawful: seen.lawful,
    settings: inForce !== undefined && seen.settings === canonical(JSON.parse(canonical(inForce as never))),
  }
}

/** In the log's order: what a release needs must be there before it. */
async function walkLog({ world }: House) {
  const { books } = world
  const contracts = new Map<string, readonly string[]>()
  const noticed = new Set<string>()
  const periods = new Set<string>()
  let [leaves, batches, lawful] = [0n, 0, true]
  let settings: string | undefined
  const size = (await books.newestCheckpoint())?.size ?? 0n
  while (leaves < size) {
    const page = await books.leaves(leaves, 512)
    if (page.length === 0) break
    for (const { data } of page) {
      const leaf = JSON.parse(Buffer.from(data).toString('utf8')) as Leaf
      if (leaf.kind === 'contract') contracts.set(leaf.hash, leaf.purposes)
      if (leaf.kind === 'notice') for (const purpose of leaf.purposes) noticed.add(purpose)
      if (leaf.kind === 'period' && leaf.event === 'open') periods.add(leaf.id)
      if (leaf.kind === 'period' && leaf.event === 'close') periods.delete(leaf.id)
      if (leaf.kind === 'consent-batch') batches++
      if (leaf.kind === 'settings') settings = canonical(leaf.settings)
      if (leaf.kind === 'release')
        lawful &&=
          contracts.get(leaf.contractHash)?.includes(leaf.purpose) === true &&
          noticed.has(leaf.purpose) &&
          periods.has(leaf.period) &&
          leaf.packs.length > 0
    }
    leaves += BigInt(page.length)
  }
  return { leaves: leaves < size ? leaves : size, batches, lawful, settings }
}

async function walkReleases(house: House) {
  const { books } = house.world
  const failedChecks = new Set<CheckName>()
  const questions = new Set<string>()
  let [releases, unproved, onceEach] = [0, 0, true]
  for (let before: string | undefined; ; ) {
    const page = await books.releases({ state: 'released', limit: 200, ...(before === undefined ? {} : { before }) })
    for (const release of page) {
      before = release.id
      if (release.buyer === 'house') continue
      releases++
      onceEach &&= !questions.has(release.memoKey)
      questions.add(release.memoKey)
      if (release.receipt === undefined || release.leafIndex === undefined) {
        unproved++
        continue
      }
      const { checks } = await verifyReceipt(release.receipt, house.logKey)
      for (const check of checks) if (!check.holds) failedChecks.add(check.name)
    }
    if (page.length < 200) return { releases, unproved, onceEach, failedChecks }
  }
}

function claimOf(promise: (typeof promises)[number], found: Found | undefined): Claim {
  const { number, words, how, beyond, holds, scope, counts } = promise
  const made = { number, words, how, beyond }
  if (holds === undefined) return { ...made, result: 'not checked here' }
  if (found === undefined) return { ...made, result: 'not run yet' }
  return { ...made, result: holds(found) ? 'holds' : 'fails', scope: scope?.(found), counts: counts?.(found) }
}
