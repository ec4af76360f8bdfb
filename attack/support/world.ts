import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { microsPerDay } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import { type MovableClock, moment, standingClock } from '../../src/demo/clock.ts'
import { createKey } from '../../src/house/access.ts'
import { importChoices, publishNotice } from '../../src/house/choices.ts'
import { applyContract } from '../../src/house/contracts.ts'
import type { House } from '../../src/house/house.ts'
import { loadProduct } from '../../src/house/loads.ts'
import { initHouse, openHouse } from '../../src/main.ts'
import { closePeriod, openPeriod } from '../../src/release/period.ts'
import type { ContractEntry, LoadEntry } from '../../src/release/ports.ts'
import { startServer } from '../../src/server/start.ts'
import { contract, product, purpose } from './contract.ts'
import { type Door, doorOf } from './door.ts'
import { type Dice, diceOf } from './numbers.ts'
import { makeRows, peopleCsv, type Rows, visitsCsv } from './people.ts'
import { openPlain, type Plain } from './plain.ts'
import { openTwins, type Twins } from './twins.ts'

/** A house as it is run: embedded PostgreSQL, DuckDB, server on loopback; and what the attacker is allowed to know of it. */
export interface AttackWorld {
  /** More repeats. */
  readonly long: boolean
  readonly seed: string
  readonly folder: string
  readonly house: House
  readonly clock: MovableClock
  readonly url: string
  readonly rows: Rows
  /** The person whom the attacker is after. */
  readonly target: string
  readonly plain: Plain
  readonly twins: Twins
  readonly catalogue: Catalogue
  /** A dice of the attacker's own, by name. */
  dice(name: string): Dice
  /** A buyer with money and a key; the same name gives the same buyer. `keys` gives several doors of it. */
  buyer(id: string, money?: bigint): Promise<Door>
  session(role: 'buyer' | 'person' | 'steward', subject: string): Promise<Door>
  anybody: Door
  /** 31 days later, in a new period: every limit of 30 days is whole again. */
  nextMonth(): Promise<void>
  close(): Promise<void>
}

export interface WorldWish {
  readonly people: number
  readonly long: boolean
  readonly seed: string
  /** Multiples of so many milliseconds at which answers leave, where the house can do that; 0 is at once. */
  readonly grid?: number
}

export async function openWorld({ people, long, seed, grid = 0 }: WorldWish): Promise<AttackWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-attack-'))
  const clock = standingClock(moment('2026-03-02T08:00'))
  const home = join(folder, 'home')
  const wish = { name: 'Attacked Co-op', currency: 'EUR', origin: 'attack.example/log', answerGridMilliseconds: grid }
  expectAccepted(await initHouse(home, wish, clock))
  const house = await openHouse(home, { clock })
  const rows = makeRows(people, diceOf(`${seed}/people`))
  const files = await writeRows(folder, rows)
  await furnish(house, rows, files)
  const entry = (await house.world.books.contracts())[0] as ContractEntry
  const catalogue = house.world.catalogue(entry)
  const [load] = await house.world.books.loads(product)
  const keys = rows.people.map(({ key }) => key)
  const target = keys[0] as string
  const twins = await openTwins(join(house.home.data, (load as LoadEntry).file), folder, catalogue, keys, target)
  const plain = await openPlain(files.people, files.visits)
  const server = await startServer(house, { host: '127.0.0.1', port: 0 })
  const where = { product, purpose }
  const session: AttackWorld['session'] = async (role, subject) =>
    doorOf(server.url, expectAccepted(await createKey(house, role, subject, 'attack')).secret, where)
  return {
    long,
    seed,
    folder,
    house,
    clock,
    url: server.url,
    rows,
    target,
    plain,
    twins,
    catalogue,
    dice: (name) => diceOf(`${seed}/${name}`),
    session,
    anybody: doorOf(server.url, undefined, where),
    buyer: async (id, money = 1_000_000_000n) => {
      await addBuyer(house, id, money)
      return session('buyer', id)
    },
    nextMonth: async () => {
      expectAccepted(await closePeriod(house.world))
      clock.moveTo(clock.now() + 31n * microsPerDay)
      expectAccepted(await openPeriod({ days: 31 }, house.world))
    },
    close: async () => {
      await server.close()
      await twins.close()
      plain.close()
      await house.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function writeRows(folder: string, rows: Rows) {
  const files = { people: join(folder, 'files', 'people.csv'), visits: join(folder, 'files', 'visits.csv') }
  await mkdir(join(folder, 'files'), { recursive: true })
  await writeFile(files.people, peopleCsv(rows))
  await writeFile(files.visits, visitsCsv(rows))
  return files
}

/** Contract, rows, notice, everybody's yes, a period. */
async function furnish(house: House, rows: Rows, files: { people: string; visits: string }): Promise<void> {
  expectAccepted(await applyContract(house, contract, 'contract'))
  const csv = (path: string) => ({ kind: 'csv' as const, path })
  const sources = { people: csv(files.people), visits: csv(files.visits) }
  const { report } = expectAccepted(await loadProduct(house, product, sources, () => {}))
  for (const table of report?.tables ?? [])
    if (table.accepted !== table.read) throw new Error(`rows of ${table.table} were set aside`)
  const notice = { id: 'n', version: '1', language: 'en', purposes: [purpose, 'scientific-research'], text: 'May we?' }
  expectAccepted(await publishNotice(house, notice))
  const yes = rows.people.map(({ key }) => ({
    id: `yes-${key}`,
    person: key,
    purpose,
    status: 'given',
    at: '2026-03-01',
    validUntil: '2029-01-01',
    evidence: { method: 'made up' },
  }))
  expectAccepted(await importChoices(house, yes.map((one) => JSON.stringify(one)).join('\n'), 'choices'))
  expectAccepted(await openPeriod({ days: 31 }, house.world))
}

async function addBuyer(house: House, id: string, money: bigint): Promise<void> {
  const { books, clock } = house.world
  if ((await books.buyers()).some((one) => one.id === id)) return
  expectAccepted(await books.addBuyer({ id, name: id }, clock.now()))
  expectAccepted(await books.approveBuyer(id, purpose, clock.now()))
  if (money > 0n) expectAccepted(await books.fundBuyer(id, money, `fund-${id}`, clock.now()))
}
