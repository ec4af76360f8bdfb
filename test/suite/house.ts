import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../src/base/instant.ts'
import { parseInstant } from '../../src/base/instant.ts'
import { purposeIds } from '../../src/consent/purposes.ts'
import { lint } from '../../src/contract/lint.ts'
import { createDuckDbEngine } from '../../src/engines/duckdb/engine.ts'
import { personFacts } from '../../src/engines/duckdb/people.ts'
import { hashSources } from '../../src/engines/load/hash.ts'
import { load } from '../../src/engines/load/load.ts'
import type { House } from '../../src/house/house.ts'
import { personMayTakePart } from '../../src/law/person.ts'
import { defaultLimits } from '../../src/privacy/limits.ts'
import { systemRandom } from '../../src/privacy/random.ts'
import { settingsLeaf } from '../../src/release/leaves.ts'
import type { EngineData, HouseSettings } from '../../src/release/ports.ts'
import { nobodyLeft, queue, type World } from '../../src/release/world.ts'
import { systemTimer } from '../../src/system.ts'
import { readSigner, signerKeyText } from '../../src/tlog/note.ts'
import { openLog } from '../../src/tlog/writer.ts'
import { openMemoryBooks } from '../store/memory/books.ts'

/** A house whose books are in memory and whose clock the test moves; engine, log and everything else are real. */
export interface TestHouse extends House {
  readonly folder: string
  readonly incidents: unknown[]
  advance(micros: bigint): void
  /** The open engine data of a product, for tests that read what nobody may. */
  engineData(product: string): Promise<EngineData>
}

export async function openTestHouse(
  options: {
    readonly stage?: World['stage']
    readonly random?: World['random']
    readonly clock?: Clock
    readonly consentCapacity?: number
    readonly timer?: World['timer']
    readonly answers?: HouseSettings['answers']
  } = {},
): Promise<TestHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-test-'))
  const home = {
    root: folder,
    data: join(folder, 'data'),
    log: join(folder, 'log'),
    keys: join(folder, 'keys'),
    incidents: join(folder, 'incidents'),
  }
  for (const path of Object.values(home)) await mkdir(path, { recursive: true, mode: 0o700 })
  let now = parseInstant('2026-12-01T08:00:00Z') as bigint
  const clock: Clock = options.clock ?? { now: () => ++now }
  const settings: HouseSettings = {
    name: 'Test Co-op',
    currency: 'EUR',
    origin: 'test.example/log',
    limits: defaultLimits,
    periodDays: 7,
    rateLadder: [1_000n, 5_000n, 10_000n],
    consentCapacity: options.consentCapacity,
    answers: options.answers,
  }
  const books = openMemoryBooks({ law: personMayTakePart })
  await books.init(settings, clock.now(), settingsLeaf(settings))
  const signer = readSigner(signerKeyText(settings.origin, new Uint8Array(32).fill(7)))
  const engine = createDuckDbEngine()
  const open = new Map<string, Promise<EngineData>>()
  const incidents: unknown[] = []
  const world: World = {
    books,
    log: await openLog({ books, directory: home.log, signer, origin: settings.origin }),
    clock,
    random: options.random ?? systemRandom,
    catalogue: (entry) => {
      const { catalogue } = lint(entry.yaml, entry.product, { knownPurposes: purposeIds })
      if (!catalogue) throw new Error('the contract does not lint')
      return catalogue
    },
    data: (current) => {
      const known = open.get(current.id) ?? engine.open(join(home.data, current.file))
      open.set(current.id, known)
      known.catch(() => open.delete(current.id))
      return known
    },
    inTurn: queue(),
    timer: options.timer ?? systemTimer,
    left: nobodyLeft(),
    code: 'test',
    incident: (_, cause) => incidents.push(cause),
    stage: options.stage,
  }
  const closeData = async () => {
    for (const one of open.values()) await (await one).close()
    open.clear()
  }
  return {
    folder,
    incidents,
    world,
    access: books.access,
    sessionClock: clock,
    home,
    loader: {
      load,
      hashSources: (sources, catalogue) => hashSources(catalogue, sources),
      personFacts: (path, catalogue) => personFacts(path, catalogue),
    },
    logKey: signer.vkey,
    durability: async () => [],
    lost: new Promise(() => {}),
    exportBooks: async () => {},
    closeData,
    advance: (micros) => {
      now += micros
    },
    engineData: async (product) => {
      const [current] = await books.loads(product)
      if (!current) throw new Error('no load')
      return world.data(current)
    },
    close: async () => {
      await closeData()
      await books.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
