import { assert } from '../../base/assert.ts'
import type { Fault } from '../../base/fault.ts'
import type { AccessBooks } from '../../house/access-port.ts'
import type { Books } from '../../release/ports.ts'
import { accessBooks } from './access.ts'
import { exportAll, importAll } from './backup.ts'
import { charge } from './charge.ts'
import { check } from './check.ts'
import { recordChoices } from './choices.ts'
import { consentSlot, newestConsentBatch, sealConsentBatch, unbatchedChoices } from './consent-batches.ts'
import {
  applyContract,
  contracts,
  init,
  notices,
  publishNotice,
  purposesOf,
  readSettings,
  setAnswerRules,
} from './house.ts'
import { checkpoints, leafCount, leaves, newestCheckpoint, saveCheckpoint } from './log.ts'
import { addKey, findKey, keys, quote, revokeKey, saveQuote } from './market.ts'
import { addBuyer, approveBuyer, balances, buyers, fundBuyer } from './money.ts'
import { abandonPeriod, beginPeriod, closePeriod, finishPeriod, periodInForce, periods } from './periods.ts'
import { choices, setLimits, standingChanges } from './persons.ts'
import { loads, recordLoad } from './register.ts'
import {
  burn,
  chargeTotals,
  keyed,
  memo,
  post,
  releaseOf,
  releases,
  saveReceipt,
  spent,
  unfinished,
} from './releases.ts'
import { type Connection, openSessions } from './session.ts'
import { statement } from './statement.ts'
import {
  answerCounts,
  countNoticeStep,
  journal,
  noticeCounts,
  recordRefusal,
  refusalCounts,
  refusals,
  sales,
  spentByDay,
} from './steward.ts'
import type { Law, Opened } from './writing.ts'

/** Books on PostgreSQL. */
export interface PostgresBooks extends Books {
  /** Logins, sessions and links, in the same database. */
  readonly access: AccessBooks
  /** What guards the entries, and that what is committed survives a power cut. */
  durability(): Promise<readonly Protection[]>
  /** Resolves when the connection that owns the books breaks: nothing can be read or recorded any more. */
  readonly lost: Promise<Fault>
  /** Every table, of one moment, as JSON Lines into a folder; exact. */
  exportAll(folder: string): Promise<void>
  /** Reads what exportAll wrote into books without an entry. Throws Faults 'books.initialised' and 'store.backup_unreadable'. */
  importAll(folder: string): Promise<void>
}

/** One protection, whether it is as it should be, and what to do when not. */
export interface Protection {
  readonly what: string
  readonly good: boolean
  readonly words: string
  readonly remedy?: string | undefined
}

export interface PostgresOptions {
  readonly connection: Connection
  readonly law: Law
  /** How long to wait for another owner. Default 10 s. */
  readonly waitMilliseconds?: number
  /** Called at close, while still the owner, when no other session is on the server. */
  readonly whenLast?: () => Promise<void>
}

/**
 * Opens the books of a database as their one owner, bringing the schema up to date. Throws Faults 'home.busy', 'store.not_durable', 'store.schema_newer',
 * and the driver's own error when the server cannot be reached. A book in use throws 'store.failed' when its connection breaks: open it again.
 */
export async function openPostgresBooks(options: PostgresOptions): Promise<PostgresBooks> {
  const sessions = await openSessions(options.connection, options.waitMilliseconds ?? 10_000)
  const { read } = sessions
  const settings = await read(readSettings).catch(async (cause) => {
    await sessions.close()
    throw cause
  })
  const books: Opened = { sessions, law: options.law, settings }
  return {
    access: accessBooks(books),
    init: (settings, at, leaf) => init(books, settings, at, leaf),
    settings: async () => books.settings,
    setAnswerRules: (rules, at, leaf) => setAnswerRules(books, rules, at, leaf),
    sequence: async () =>
      (await read((sql) => sql.row<{ sequence: bigint }>('select sequence from progress')))?.sequence ?? 0n,

    applyContract: (entry, at, leaf) => applyContract(books, entry, at, leaf),
    contracts: () => read(contracts),
    publishNotice: (entry, at, leaf) => publishNotice(books, entry, at, leaf),
    notices: () => read(notices),
    recordLoad: (entry, persons, at, leaf) => recordLoad(books, entry, persons, at, leaf),
    loads: (product) => read((sql) => loads(sql, product)),

    recordChoices: (events, at) => recordChoices(books, events, at),
    setLimits: (person, limits, at) => setLimits(books, person, limits, at),
    choices: (person, at) => read((sql) => choices(sql, books.law, person, at)),
    standingChanges: (after, upTo) => standingChanges(read, after, upTo),
    purposeBits: async () => Object.fromEntries((await read(purposesOf)).map((purpose, bit) => [purpose, bit])),
    unbatchedChoices: (limit) => read((sql) => unbatchedChoices(sql, limit)),
    sealConsentBatch: (batch, at, leaf) => sealConsentBatch(books, batch, at, leaf),
    newestConsentBatch: () => read(newestConsentBatch),
    consentSlot: (event) => read((sql) => consentSlot(sql, event)),

    beginPeriod: (request, at) => beginPeriod(books, request, at),
    finishPeriod: (id, upperBounds, at, leaf) => finishPeriod(books, id, upperBounds, at, leaf),
    abandonPeriod: (id, at, leaf) => abandonPeriod(books, id, at, leaf),
    closePeriod: (at, leaf) => closePeriod(books, at, leaf),
    openPeriod: (at) => read((sql) => periodInForce(sql, at)),
    periods: () => read(periods),

    addBuyer: (buyer, at) => addBuyer(books, buyer, at),
    approveBuyer: (id, purpose, at) => approveBuyer(books, id, purpose, at),
    fundBuyer: (id, amount, reference, at) => fundBuyer(books, id, amount, reference, at),
    buyers: () => read((sql) => buyers(sql)),
    addKey: (key, at) => addKey(books, key, at),
    revokeKey: (id, at) => revokeKey(books, id, at),
    findKey: (secretHash) => read((sql) => findKey(sql, secretHash)),
    keys: () => read(keys),

    saveQuote: (entry) => saveQuote(books, entry),
    quote: (id) => read((sql) => quote(sql, id)),
    spent: (from, to, product) => read((sql) => spent(sql, from, to, product)),
    chargeTotals: (from, to) => read((sql) => chargeTotals(sql, from, to)),
    charge: (request, at) => charge(books, request, at),
    post: (id, result, at) => post(books, id, result, at),
    burn: (id, reason, at, leaf) => burn(books, id, reason, at, leaf),
    saveReceipt: (id, receipt) => saveReceipt(books, id, receipt),
    release: (id) => read((sql) => releaseOf(sql, id)),
    memo: (key) => read((sql) => memo(sql, key)),
    keyed: (buyer, key) => read((sql) => keyed(sql, buyer, key)),
    unfinished: () => read(unfinished),
    releases: (filter) => read((sql) => releases(sql, filter)),

    balances: () => read(balances),
    statement: (person) => read((sql) => statement(sql, person)),
    check: () => read((sql) => check(sql)),

    recordRefusal: (entry, most) => recordRefusal(books, entry, most),
    refusalCounts: (from, to) => read((sql) => refusalCounts(sql, from, to)),
    refusals: (filter) => read((sql) => refusals(sql, filter)),
    countNoticeStep: (notice, step, at, times) => countNoticeStep(books, notice, step, at, times),
    noticeCounts: (from, to) => read((sql) => noticeCounts(sql, from, to)),
    answerCounts: (from, to) => read((sql) => answerCounts(sql, from, to)),
    spentByDay: (from, to, product) => read((sql) => spentByDay(sql, from, to, product)),
    sales: (filter) => read((sql) => sales(sql, filter)),
    journal: (filter) => read((sql) => journal(sql, filter)),

    leaves: (from, limit) => read((sql) => leaves(sql, from, limit)),
    leafCount: () => read(leafCount),
    saveCheckpoint: (size, root, note, at) => saveCheckpoint(books, size, root, note, at),
    newestCheckpoint: () => read(newestCheckpoint),
    checkpoints: (upTo, limit) => read((sql) => checkpoints(sql, upTo, limit)),

    lost: sessions.lost,
    durability: () => durability(books),
    exportAll: (folder) => read((sql) => exportAll(sql, folder)),
    async importAll(folder) {
      await sessions.write((sql) => importAll(sql, folder))
      books.settings = await read(readSettings)
    },
    close: () => sessions.close(options.whenLast),
  }
}

async function durability(books: Opened): Promise<Protection[]> {
  const shown = await books.sessions.read((sql) =>
    sql.row<Record<'server' | 'fsync' | 'pages' | 'commit' | 'checksums', string>>(
      `select current_setting('server_version') as server, current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
       current_setting('synchronous_commit') as commit, current_setting('data_checksums') as checksums`,
    ),
  )
  assert(shown, 'the server tells its settings')
  const { guardedByRights } = books.sessions
  return [
    {
      what: 'durability',
      // Asserted at every opening: Fault 'store.not_durable'.
      good: true,
      words: `PostgreSQL ${shown.server}: fsync ${shown.fsync}, full_page_writes ${shown.pages}, synchronous_commit ${shown.commit}`,
    },
    {
      what: 'page checksums',
      good: shown.checksums === 'on',
      words: `data_checksums ${shown.checksums}`,
      remedy: shown.checksums === 'on' ? undefined : 'switch them on with pg_checksums while the server is stopped',
    },
    {
      what: 'append-only entries',
      good: guardedByRights,
      words: guardedByRights ? 'guarded by triggers and by rights' : 'guarded by triggers alone',
      remedy: guardedByRights
        ? undefined
        : 'let the role of DATABASE_URL create roles, or create the role usufruct_books and grant it to that role',
    },
  ]
}
