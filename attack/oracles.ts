import { join } from 'node:path'
import { microsPerDay } from '../src/base/instant.ts'
import { expectAccepted } from '../src/base/refusal.ts'
import { type MovableClock, standingClock } from '../src/demo/clock.ts'
import { createKey } from '../src/house/access.ts'
import { backup } from '../src/house/backup.ts'
import type { House } from '../src/house/house.ts'
import { openHouse, restoreHouse } from '../src/main.ts'
import { sealIfDue } from '../src/release/consent-batch.ts'
import { closePeriod, openPeriod } from '../src/release/period.ts'
import { startServer } from '../src/server/start.ts'
import { type Attack, counted } from './attack.ts'
import { product, purpose } from './support/contract.ts'
import { type Door, doorOf } from './support/door.ts'
import type { AttackWorld } from './support/world.ts'

const old = 'SELECT area, COUNT(DISTINCT person) AS n FROM people GROUP BY area'
const fresh = [
  'SELECT job, COUNT(DISTINCT person) AS n, SUM(spent) AS s FROM visits JOIN people USING (person) GROUP BY job',
  "SELECT AVG(spent) AS a FROM visits JOIN people USING (person) WHERE job = 'judge'",
  'SELECT nickname, COUNT(DISTINCT person) AS n FROM people GROUP BY nickname',
]

/** A house with its doors, at an hour that is the same in both worlds. */
interface Twin {
  readonly house: House
  readonly clock: MovableClock
  readonly buyer: Door
  readonly other: Door
  readonly anybody: Door
  readonly neighbour: Door
  readonly target: Door
  close(): Promise<void>
}

export const oracles: Attack = {
  name: 'oracles',
  section: 'differential-privacy.md 4.5; 9.2, price, pool, payout, tree size; quote, memo, receipts',
  knows: 'everything that is public or the buyer’s own, and a neighbour’s statement',
  wants: 'one of them to move when the target leaves',
  async run(world) {
    await world.nextMonth()
    await (await world.buyer('watcher')).ask({ sql: old, rho: '0.001' })
    await world.buyer('watcher-2')
    const folder = join(world.folder, 'backup')
    expectAccepted(await backup(world.house, folder))
    const start = world.clock.now() + 60_000_000n
    const [stays, leaves] = await Promise.all([
      twinOf(world, folder, 'stays', start),
      twinOf(world, folder, 'leaves', start),
    ])
    try {
      const left = await leaves.target.put(`/v1/me/choices/${purpose}`, { status: 'withdrawn' })
      if (left.status !== 200) throw new Error(left.text)
      const [there, here] = await Promise.all([seenOf(stays, start), seenOf(leaves, start)])
      const seen = { stays: there, leaves: here }
      const broken = [...seen.stays].flatMap(([what, text]) => {
        const there = seen.leaves.get(what)
        return there === text ? [] : [`${what}: ${differenceOf(text, there ?? '')}`]
      })
      const naive = await naiveOracles(world)
      return counted(
        {
          number: naive.length,
          words: `with exact head counts ${naive.length} of 5 public numbers move: ${naive.join(', ')}`,
        },
        broken,
        `${seen.stays.size} artefacts in two homes made from one, in one of which the target has left: all equal byte for byte but for noise and what is random anyway`,
        [[...seen.stays.keys()].join('; ')],
      )
    } finally {
      await Promise.all([stays.close(), leaves.close()])
    }
  },
}

async function twinOf(world: AttackWorld, folder: string, name: string, start: bigint): Promise<Twin> {
  const home = join(world.folder, name)
  const clock = standingClock(start)
  expectAccepted(await restoreHouse(home, folder, clock))
  const house = await openHouse(home, { clock })
  const server = await startServer(house, { host: '127.0.0.1', port: 0 })
  const where = { product, purpose }
  const door = async (role: 'buyer' | 'person', subject: string) =>
    doorOf(server.url, expectAccepted(await createKey(house, role, subject, 'twin')).secret, where)
  return {
    house,
    clock,
    buyer: await door('buyer', 'watcher'),
    other: await door('buyer', 'watcher-2'),
    neighbour: await door('person', world.rows.people[1]?.key as string),
    target: await door('person', world.target),
    anybody: doorOf(server.url, undefined, where),
    close: async () => {
      await server.close()
      await house.close()
    },
  }
}

/** Everything that somebody else can see, in the same order at the same time: before the next day, on it, and in the next period. */
async function seenOf({ house, clock, buyer, other, anybody, neighbour }: Twin, start: bigint) {
  const seen = new Map<string, string>()
  const see = (what: string, reply: { status: number; text: string }) =>
    seen.set(what, `${reply.status} ${withoutNoise(reply.text)}`)
  const look = async (when: string) => {
    for (const path of ['/v1/account', '/v1/releases', `/v1/products/${product}`, '/v1/products'])
      see(`${when}: buyer ${path}`, await buyer.get(path))
    for (const path of ['/v1/period', '/v1/products', '/log/checkpoint', '/v1/audit/claims', '/v1/notices'])
      see(`${when}: anybody ${path}`, await anybody.get(path))
    for (const path of ['/v1/me', '/v1/me/statement', '/v1/me/money', '/v1/me/limits'])
      see(`${when}: neighbour ${path}`, await neighbour.get(path))
    seen.set(`${when}: leaves of the log`, `${await house.world.books.leafCount()}`)
    seen.set(`${when}: balances`, withoutNoise(balancesText(await house.world.books.balances())))
  }
  clock.moveTo(start + 3_600_000_000n)
  for (const sql of [old, ...fresh]) see(`quote ${sql}`, await buyer.quote({ sql, rho: '0.001' }))
  see('preview', await buyer.post('/v1/quotes/preview', { product, purpose, sql: fresh[0], rho: '0.001' }))
  // Asked before the target left: the very same bytes, free.
  seen.set('memo', (await buyer.ask({ sql: old, rho: '0.001' })).text)
  for (const sql of fresh) see(`answer ${sql.slice(0, 40)}`, await buyer.ask({ sql, rho: '0.001' }))
  see('answer to another buyer', await other.ask({ sql: old, rho: '0.001' }))
  see('too dear', await other.ask({ sql: fresh[1] as string, rho: '0.001', maxPrice: '0.000001' }))
  see('too precise', await other.quote({ sql: old, rho: '0.006' }))
  await look('same day')
  clock.moveTo(start + 2n * microsPerDay)
  await sealIfDue(house.world)
  await look('after the day’s batch')
  clock.moveTo(start + 5n * microsPerDay)
  expectAccepted(await closePeriod(house.world))
  await look('period closed')
  expectAccepted(await openPeriod({ days: 31 }, house.world))
  seen.set('next period: leaves of the log', `${await house.world.books.leafCount()}`)
  return seen
}

const balancesText = (balances: Readonly<Record<string, bigint>>): string =>
  Object.entries(balances)
    .map(([account, amount]) => `${account}: ${amount}`)
    .sort()
    .join('\n')

/** Noisy values, random ids, salts, hashes and signatures become signs; everything else, every length of list included, stays. */
function withoutNoise(text: string): string {
  return text
    .replace(
      /"(value|low|high|word|insufficient|interval)":("[^"]*"|null|true|false)/g,
      (all, name: string, value: string) => (name === 'value' && /"[a-zA-Z]/.test(value) ? all : `"${name}":~`),
    )
    .replace(/\b(rel|req|per|quo|evt|key|load)_[A-Za-z0-9]+/g, '$1_~')
    .replace(/[A-Za-z0-9+/=_-]{43,}/g, '#')
    .replace(/[0-9a-f]{32,}/g, '#')
    .replace(/(T\d\d:\d\d:\d\d)\.\d+Z/g, '$1Z')
    .replace(/"path":\[[^\]]*\]/g, '"path":[~]')
}

function differenceOf(a: string, b: string): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return `…${a.slice(Math.max(0, at - 80), at + 80)} | …${b.slice(Math.max(0, at - 80), at + 80)}`
}

/** What systems commonly show that is made of exact counts. */
async function naiveOracles({ plain, target }: AttackWorld): Promise<readonly string[]> {
  const people = (without: readonly string[]) => plain.number('SELECT COUNT(*) FROM people', without)
  const [all, less] = [await people([]), await people([target])]
  const numbers: Readonly<Record<string, (n: number, acts: number) => number>> = {
    'the price per head': (n) => n * 5,
    'the number of payouts': (n) => n,
    'participants on the product page': (n) => n,
    'the size of a log with a leaf for each act': (_, acts) => 1000 + acts,
    'the cache, emptied when the cohort changes': (_, acts) => acts,
  }
  return Object.entries(numbers).flatMap(([name, of]) => (of(all, 0) !== of(less, 1) ? [name] : []))
}
