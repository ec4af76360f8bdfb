import { randomBytes } from 'node:crypto'
import { appendFile, cp, mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assert } from './base/assert.ts'
import { canonical } from './base/canonical.ts'
import { Fault } from './base/fault.ts'
import type { Clock } from './base/instant.ts'
import { accept, type Outcome, Refused, refuse } from './base/refusal.ts'
import { version } from './base/version.ts'
import { purposeIds } from './consent/purposes.ts'
import type { Catalogue } from './contract/catalogue.ts'
import { lint } from './contract/lint.ts'
import { createDuckDbEngine } from './engines/duckdb/engine.ts'
import { personFacts } from './engines/duckdb/people.ts'
import { hashSources } from './engines/load/hash.ts'
import { load } from './engines/load/load.ts'
import { createKey } from './house/access.ts'
import { changedRules, gridWish } from './house/answers.ts'
import { copiedFolders } from './house/backup.ts'
import { homeExists, unreachable } from './house/exists.ts'
import type { HomePaths, House, Loader } from './house/house.ts'
import { personMayTakePart } from './law/person.ts'
import { defaultLimits } from './privacy/limits.ts'
import { systemRandom } from './privacy/random.ts'
import { defaultAnswerRules } from './release/answer-rules.ts'
import { defaultConsentCapacity } from './release/consent-batch.ts'
import { settingsLeaf } from './release/leaves.ts'
import type { ContractEntry, EngineData, HouseSettings, LoadEntry } from './release/ports.ts'
import { recover } from './release/recover.ts'
import { nobodyLeft, queue, type World } from './release/world.ts'
import type { PostgresBooks } from './store/postgres/books.ts'
import { openBooks } from './store/postgres/open.ts'
import { systemClock, systemTimer } from './system.ts'
import { readSigner, signerKeyText } from './tlog/note.ts'
import { openLog } from './tlog/writer.ts'

/** Where the parts of the house are put together: the one file that names concrete adapters. */

export interface OpenOptions {
  readonly clock?: Clock
  /** For sessions and links; the machine's own clock unless a test moves it. */
  readonly sessionClock?: Clock
  readonly random?: World['random']
  readonly stage?: World['stage']
  /** How long to wait for another command that holds the home. */
  readonly waitMilliseconds?: number
}

interface HomeFile {
  readonly format: 'usufruct-home/v1'
  readonly origin: string
  readonly logKey: string
  /** embedded: PostgreSQL inside the home; external: the server that DATABASE_URL names. */
  readonly books: 'embedded' | 'external'
}

export interface HomeWish {
  readonly name: string
  /** ISO 4217. */
  readonly currency: string
  /** Name of the log. */
  readonly origin?: string | undefined
  /** Answers leave at multiples of so many milliseconds; 0: at once, for tests and benchmarks. Undefined: defaultAnswerRules. */
  readonly answerGridMilliseconds?: number | undefined
}

/** Makes a home: folder, keys, books, first checkpoint. The file that makes it a home is written last. Refuses home.exists and request.invalid. */
export async function initHouse(
  home: string,
  wish: HomeWish,
  clock: Clock = systemClock,
): Promise<Outcome<{ readonly logKey: string; readonly stewardKey: string }>> {
  const checked = checkWish(wish)
  if (!checked.ok) return checked
  return fillHome(home, () => makeHome(home, checked.value, clock))
}

async function makeHome(
  home: string,
  settings: HouseSettings,
  clock: Clock,
): Promise<Outcome<{ readonly logKey: string; readonly stewardKey: string }>> {
  const paths = await makeFolders(home)
  const keyText = signerKeyText(settings.origin, randomBytes(32))
  await writeFile(join(paths.keys, 'log.key'), `${keyText}\n`, { mode: 0o600 })
  const signer = readSigner(keyText)
  const file: HomeFile = {
    format: 'usufruct-home/v1',
    origin: settings.origin,
    logKey: signer.vkey,
    books: process.env.DATABASE_URL ? 'external' : 'embedded',
  }
  const books = await openBooks(bookOptions(home, file, {}))
  try {
    await books.init(settings, clock.now(), settingsLeaf(settings))
    const house = await assemble(paths, file, books, signer, { clock })
    const key = await createKey(house, 'steward', 'steward', 'made by init')
    assert(key.ok, 'a steward key can always be made')
    await house.world.log.publish(clock.now())
    await writeFile(join(home, 'home.json'), `${canonical({ ...file })}\n`, { mode: 0o600 })
    return accept({ logKey: signer.vkey, stewardKey: key.value.secret })
  } finally {
    await books.close()
  }
}

/** Opens a home and finishes what a crash left. Throws Refused home.missing; Fault home.damaged, home.busy, and those of store and log. */
export async function openHouse(home: string, options: OpenOptions = {}): Promise<House> {
  const file = await readHomeFile(home)
  const paths = await makeFolders(home)
  const keyText = await readFile(join(paths.keys, 'log.key'), 'utf8').catch((cause) => {
    throw damaged(home, 'keys/log.key cannot be read', cause)
  })
  const signer = readKey(home, keyText)
  if (signer.vkey !== file.logKey) throw damaged(home, 'keys/log.key is not the key of this log')
  // A server that finds no database would make a new one, and an empty house is no house.
  if (file.books === 'embedded' && !(await isThere(join(home, 'postgres', 'data', 'PG_VERSION'))))
    throw damaged(home, 'the books (postgres/data) are missing')
  const books = await openBooks(bookOptions(home, file, options))
  try {
    if (!(await books.settings())) throw damaged(home, 'the books are empty')
    const house = await assemble(paths, file, books, signer, options)
    await forgetUnfinishedLoads(house)
    await recover(house.world)
    return house
  } catch (cause) {
    await books.close()
    throw cause
  }
}

/** Makes a home from a backup. Refuses home.exists and request.invalid (no complete backup). */
export async function restoreHouse(
  home: string,
  folder: string,
  clock: Clock = systemClock,
): Promise<Outcome<{ readonly entries: bigint }>> {
  if (!(await isThere(join(folder, 'backup.json'))))
    return refuse('request.invalid', `${folder} is no complete backup`, {
      hint: 'a backup that was interrupted has no backup.json',
    })
  return fillHome(home, () => restoreInto(home, folder, clock))
}

async function restoreInto(home: string, folder: string, clock: Clock): Promise<Outcome<{ readonly entries: bigint }>> {
  const paths = await makeFolders(home)
  for (const name of copiedFolders) await cp(join(folder, name), join(home, name), { recursive: true })
  const backedUp = await readHomeFile(folder)
  const file: HomeFile = { ...backedUp, books: process.env.DATABASE_URL ? 'external' : 'embedded' }
  const books = await openBooks(bookOptions(home, file, {}))
  try {
    await books.importAll(join(folder, 'books'))
    const house = await assemble(
      paths,
      file,
      books,
      readKey(home, await readFile(join(paths.keys, 'log.key'), 'utf8')),
      { clock },
    )
    await writeFile(join(home, 'home.json'), `${canonical({ ...file })}\n`, { mode: 0o600 })
    return accept({ entries: await house.world.books.sequence() })
  } finally {
    await books.close()
  }
}

/** Fills a new or empty folder, whole or not at all: what a failure left half made is taken away again. Refuses home.exists. */
async function fillHome<T>(home: string, fill: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const entries = await readdir(home).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw unreachable(home, cause)
  })
  if (entries && entries.length > 0)
    return refuse('home.exists', `${home} is not empty`, { hint: 'name another folder with --home' })
  try {
    return await fill()
  } catch (cause) {
    for (const name of await readdir(home).catch(() => []))
      await rm(join(home, name), { recursive: true, force: true }).catch(() => undefined)
    if (entries === undefined) await rmdir(home).catch(() => undefined)
    throw cause
  }
}

async function assemble(
  paths: HomePaths,
  file: HomeFile,
  books: PostgresBooks,
  signer: ReturnType<typeof readSigner>,
  options: OpenOptions,
): Promise<House> {
  const incident: World['incident'] = (id, cause) => {
    const text =
      cause instanceof Error
        ? `${cause.stack}\n${cause.cause instanceof Error ? `caused by ${cause.cause.stack}\n` : ''}`
        : `${String(cause)}\n`
    void appendFile(join(paths.incidents, `${id}.txt`), text, { mode: 0o600 }).catch(() => undefined)
  }
  const engine = createDuckDbEngine({ onIncident: (detail) => incident('engine', detail) })
  const open = new Map<string, { readonly load: string; readonly data: Promise<EngineData> }>()
  const closeData = async (): Promise<void> => {
    const all = [...open.values()]
    open.clear()
    for (const one of all) await (await one.data.catch(() => undefined))?.close()
  }
  const world: World = {
    books,
    log: await openLog({ books, directory: paths.log, signer, origin: file.origin }),
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    catalogue: catalogues(),
    data: async (current: LoadEntry) => {
      const opened = open.get(current.product)
      if (opened?.load === current.id) return opened.data
      await (await opened?.data)?.close()
      const data = engine.open(join(paths.data, current.file))
      open.set(current.product, { load: current.id, data })
      data.catch(() => open.delete(current.product))
      return data
    },
    inTurn: queue(),
    timer: systemTimer,
    left: nobodyLeft(),
    code: version,
    incident,
    stage: options.stage,
  }
  return {
    world,
    access: books.access,
    sessionClock: options.sessionClock ?? systemClock,
    home: paths,
    loader,
    logKey: signer.vkey,
    durability: () => books.durability(),
    lost: books.lost,
    exportBooks: (directory) => books.exportAll(directory),
    closeData,
    close: async () => {
      await closeData()
      await books.close()
    },
  }
}

const loader: Loader = {
  hashSources: (sources, catalogue) => hashSources(catalogue, sources),
  load,
  personFacts: (path, catalogue) => personFacts(path, catalogue),
}

/** A contract's text becomes the same frozen catalogue every time. */
function catalogues(): (entry: ContractEntry) => Catalogue {
  const known = new Map<string, Catalogue>()
  return (entry) => {
    const before = known.get(entry.hash)
    if (before) return before
    const { catalogue } = lint(entry.yaml, `${entry.product} ${entry.version}`, { knownPurposes: purposeIds })
    assert(catalogue, 'a contract that was applied still passes the lint')
    known.set(entry.hash, catalogue)
    return catalogue
  }
}

/** A crash between building a load's file and its row in the books leaves a file that nothing refers to. */
async function forgetUnfinishedLoads(house: House): Promise<void> {
  const known = new Set<string>()
  for (const contract of await house.world.books.contracts())
    for (const one of await house.world.books.loads(contract.product)) known.add(one.file)
  for (const name of await readdir(house.home.data)) {
    const file = name.replace(/\.duckdb.*$/, '.duckdb')
    if (file.endsWith('.duckdb') && !known.has(file))
      await rm(join(house.home.data, name), { recursive: true, force: true })
  }
}

async function makeFolders(root: string): Promise<HomePaths> {
  const paths: HomePaths = {
    root,
    data: join(root, 'data'),
    log: join(root, 'log'),
    keys: join(root, 'keys'),
    incidents: join(root, 'incidents'),
  }
  try {
    for (const path of Object.values(paths)) await mkdir(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw unreachable(root, cause as NodeJS.ErrnoException)
  }
  return paths
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function readHomeFile(home: string): Promise<HomeFile> {
  if (!(await homeExists(home)))
    throw new Refused(
      refuse('home.missing', `there is no home in ${home}`, {
        hint: 'usufruct init makes one; --home or USUFRUCT_HOME names it',
      }).refusal,
    )
  try {
    const file = JSON.parse(await readFile(join(home, 'home.json'), 'utf8')) as HomeFile
    if (file.format === 'usufruct-home/v1' && typeof file.origin === 'string' && typeof file.logKey === 'string')
      return file
  } catch (cause) {
    throw damaged(home, 'home.json cannot be read', cause)
  }
  throw damaged(home, 'home.json is not of this version')
}

function readKey(home: string, text: string): ReturnType<typeof readSigner> {
  try {
    return readSigner(text.trim())
  } catch (cause) {
    throw damaged(home, 'keys/log.key is not a signing key', cause)
  }
}

const damaged = (home: string, what: string, cause?: unknown): Fault =>
  new Fault('home.damaged', `${home} is damaged: ${what}`, { hint: 'restore a backup; nothing was changed', cause })

const bookOptions = (home: string, file: HomeFile, options: OpenOptions) => ({
  home,
  databaseUrl: file.books === 'external' ? (process.env.DATABASE_URL ?? '') : undefined,
  law: personMayTakePart,
  waitMilliseconds: options.waitMilliseconds ?? 15_000,
})

function checkWish(wish: HomeWish): Outcome<HouseSettings> {
  if (wish.name.trim() === '' || wish.name.length > 100)
    return refuse('request.invalid', 'a house needs a name of at most 100 characters')
  if (!/^[A-Z]{3}$/.test(wish.currency))
    return refuse('request.invalid', `"${wish.currency.slice(0, 10)}" is not a currency`, {
      hint: 'three capitals of ISO 4217, e.g. EUR',
    })
  const origin =
    wish.origin ??
    `usufruct.invalid/${
      wish.name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '') || 'house'
    }`
  if (!/^[A-Za-z0-9.-]+(\/[A-Za-z0-9._/-]+)?$/.test(origin) || origin.length > 200)
    return refuse('request.invalid', `"${origin.slice(0, 60)}" cannot name a log`, {
      hint: 'a host name and a path, e.g. coop.example/usufruct',
    })
  const rules = changedRules(defaultAnswerRules, gridWish(wish.answerGridMilliseconds), 0n)
  if (!rules.ok) return rules
  return accept({
    name: wish.name,
    currency: wish.currency,
    origin,
    limits: defaultLimits,
    periodDays: 7,
    rateLadder: [1_000n, 2_500n, 5_000n, 10_000n, 25_000n],
    consentCapacity: defaultConsentCapacity,
    answers: rules.value,
  })
}
