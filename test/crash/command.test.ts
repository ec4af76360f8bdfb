import { readdirSync } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { openSession } from '../../src/engines/duckdb/session.ts'
import { applyContract } from '../../src/house/contracts.ts'
import { initHouse, openHouse } from '../../src/main.ts'
import { processExists, readPidFile } from '../../src/store/embedded/process.ts'
import { contract, loadRows } from '../suite/small-world.ts'
import { killCommand, runCommand, startCommand } from './command.ts'
import { compileHouse, databaseIsGone, killDatabase } from './process.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 })

let folder: string
let home: string
let compiled: ReturnType<typeof compileHouse>
const run = (...argv: readonly string[]) => runCommand(compiled.cli, home, ...argv)
const start = (...argv: readonly string[]) => startCommand(compiled.cli, home, ...argv)

beforeAll(async () => {
  delete process.env.DATABASE_URL
  compiled = compileHouse()
  folder = await mkdtemp(join(tmpdir(), 'usufruct-crash-home-'))
  home = join(folder, 'home')
  expectAccepted(await initHouse(home, { name: 'Crash Co-op', currency: 'EUR', answerGridMilliseconds: 0 }))
  const house = await openHouse(home)
  expectAccepted(await applyContract(house, contract, 'contract'))
  await loadRows({ ...house, folder }, ['p1', 'p2', 'p3'], 'first')
  await house.close()
})
afterAll(async () => {
  await killDatabase(home)
  await databaseIsGone(home)
  await rm(compiled.folder, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
})

const dataFiles = () => readdirSync(join(home, 'data')).sort()

/** The current load and its visits, after the home was opened and closed again. */
async function current(): Promise<{
  readonly number: number
  readonly visits: number
  readonly files: readonly string[]
}> {
  await run('status')
  const house = await openHouse(home)
  const loads = await house.world.books.loads('visits')
  expect((await house.world.books.check()).failures).toEqual([])
  await house.close()
  const session = await openSession(join(home, 'data', loads[0]?.file ?? ''))
  const visits = await session.work(async (connection) => {
    const counted = await connection.runAndReadAll('SELECT count(*) FROM visits')
    return Number(counted.getRows()[0]?.[0])
  })
  await session.close()
  return { number: loads[0]?.number ?? 0, visits, files: loads.map((load) => load.file).sort() }
}

describe('a load that is killed', () => {
  const visits = 100_000
  /** A load of many rows; another one each time, so that it is not skipped as the same. */
  const startLoad = async (name: string) => {
    const next = join(folder, name)
    await mkdir(next)
    const rows = Array.from({ length: visits }, (_, nth) => `${name}-${nth},p${1 + (nth % 3)},${nth % 90}.00`)
    await writeFile(join(next, 'visits.csv'), ['visit,person,spent', ...rows].join('\n'))
    const people = `people=${join(folder, 'first', 'people.csv')}`
    return start('load', 'visits', '--from', people, `visits=${join(next, 'visits.csv')}`)
  }
  /** Looks into the data folder until the condition holds; false when the command ended before. */
  const until = async (ended: Promise<number>, condition: () => boolean) => {
    let over = false
    void ended.then(() => {
      over = true
    })
    while (!condition() && !over) await pause(1)
    return condition()
  }

  it('while it builds its file leaves the old data current, and what is left over goes at the next opening', async () => {
    const before = dataFiles()
    const load = await startLoad('building')
    expect(await until(load.ended, () => dataFiles().some((name) => name.endsWith('.tmp')))).toBe(true)
    await killCommand(load)
    expect(dataFiles().length).toBeGreaterThan(before.length)
    expect(await current()).toEqual({ number: 1, visits: 9, files: before })
    expect(dataFiles()).toEqual(before)
  })

  it('at the moment its file is whole leaves the old data or the new, and nothing else', async () => {
    const before = dataFiles()
    const load = await startLoad('whole')
    const whole = () => dataFiles().some((name) => name.endsWith('.duckdb') && !before.includes(name))
    expect(await until(load.ended, whole)).toBe(true)
    await killCommand(load)
    const after = await current()
    if (after.number === 1) expect(after).toEqual({ number: 1, visits: 9, files: before })
    else expect(after).toMatchObject({ number: 2, visits })
    expect(dataFiles()).toEqual(after.files)
  })

  it('with the database under it, at random moments, too; and the next load is not disturbed', async () => {
    for (const delay of [300, 700, 1100]) {
      const before = await current()
      const load = await startLoad(`random-${delay}`)
      await pause(delay)
      await killDatabase(home)
      await killCommand(load)
      const after = await current()
      expect([before.number, before.number + 1]).toContain(after.number)
      expect(after.visits).toBe(after.number === 1 ? 9 : visits)
      expect(dataFiles()).toEqual(after.files)
    }
    const before = await current()
    const load = await startLoad('undisturbed')
    expect(await load.ended, load.errors()).toBe(0)
    expect(await current()).toMatchObject({ number: before.number + 1, visits })
  })
})

describe('a server that is killed', () => {
  const database = () => readPidFile(join(home, 'postgres', 'data'))
  const starts = async () =>
    (await readFile(join(home, 'postgres', 'server.log'), 'utf8')).split('starting PostgreSQL').length - 1
  const serve = async () => {
    const server = start('serve', '--port', '0')
    const { url, pid } = JSON.parse(await server.firstLine) as { url: string; pid: number }
    expect(pid).toBe(server.process.pid)
    return { ...server, url }
  }

  it('leaves a home that the next command opens at once, with the database that still runs', async () => {
    const server = await serve()
    expect((await fetch(`${server.url}/openapi.json`).catch(() => undefined))?.status).toBeDefined()
    await run('buyer', 'add', 'gamma', '--name', 'Gamma')
    const [running, started] = [await database(), await starts()]
    await killCommand(server)
    expect(processExists(running?.pid ?? 0)).toBe(true)
    expect((await stat(join(home, 'run', 'commands'))).isSocket()).toBe(true)

    const began = performance.now()
    expect(JSON.stringify(await run('buyer', 'list'))).toContain('gamma')
    expect(performance.now() - began).toBeLessThan(20_000)
    expect(await starts()).toBe(started)
    expect(await databaseIsGone(home)).toBe(true)
  })

  it('by the death of its database ends at once with a fault, and the next command has its database again', async () => {
    const server = await serve()
    await run('buyer', 'add', 'epsilon', '--name', 'Epsilon')
    await killDatabase(home)
    expect(await server.ended).toBe(3)
    expect(server.errors()).toContain('store.failed')
    expect(JSON.stringify(await run('buyer', 'list'))).toContain('epsilon')
  })

  it('with its database leaves a home that is served again, over the socket that was left', async () => {
    const server = await serve()
    await run('buyer', 'add', 'delta', '--name', 'Delta')
    await killDatabase(home)
    await killCommand(server)
    await access(join(home, 'run', 'commands'))
    const again = await serve()
    expect(JSON.stringify(await run('buyer', 'list'))).toContain('delta')
    expect(processExists((await database())?.pid ?? 0)).toBe(true)
    again.process.kill('SIGTERM')
    expect(await again.ended, again.errors()).toBe(0)
    expect(await databaseIsGone(home)).toBe(true)
    expect(await readdir(join(home, 'run'))).toEqual([])
  })
})
