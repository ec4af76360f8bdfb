import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ensureBuilt, root } from '../../scripts/ready.js'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { House } from '../../src/house/house.ts'
import { initHouse, openHouse } from '../../src/main.ts'
import { answer } from '../../src/release/answer.ts'
import { systemClock } from '../../src/system.ts'
import { type Run, runHere } from '../suite/doors/doors.ts'
import { everything } from '../suite/doors/everything.ts'
import { runChild } from '../suite/doors/real-home.ts'
import { makeSmallWorld, purpose, sql } from '../suite/small-world.ts'

let folder: string
let whole: string
let receipt: string
const ask = ['ask', 'visits', 'SELECT COUNT(*) AS visits FROM visits', '--buyer', 'alpha', '--purpose', purpose]

beforeAll(async () => {
  ensureBuilt()
  folder = await mkdtemp(join(tmpdir(), 'usufruct-damaged-'))
  whole = join(folder, 'whole')
  expectAccepted(
    await initHouse(whole, { name: 'Whole', currency: 'EUR', origin: 'whole.example/log', answerGridMilliseconds: 50 }),
  )
  const house = await openHouse(whole)
  await makeSmallWorld({ ...house, folder } as never, 30)
  const question = { buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined }
  receipt = expectAccepted(await answer(question, {}, house.world)).receipt
  await house.close()
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs commands on a copy of the home that something happened to; the home is opened once and closed at the end. */
async function on(
  name: string,
  happens: (home: string) => Promise<unknown>,
  work: (run: Run, home: string, house: () => Promise<House>) => Promise<void>,
) {
  const home = join(folder, name)
  await cp(whole, home, { recursive: true })
  await happens(home)
  let opened: Promise<House> | undefined
  const house = () => {
    opened ??= openHouse(home)
    return opened
  }
  try {
    await work(runHere(folder, home, systemClock, house), home, house)
  } finally {
    await (await opened?.catch(() => undefined))?.close()
    await rm(home, { recursive: true, force: true })
  }
}

const dataFile = async (home: string) => join(home, 'data', (await readdir(join(home, 'data')))[0] as string)

it.each<[string, (home: string) => Promise<unknown>, string]>([
  ['home.json is cut short', (home) => writeFile(join(home, 'home.json'), '{"format":'), 'home.damaged'],
  ['home.json is of something else', (home) => writeFile(join(home, 'home.json'), '{}'), 'home.damaged'],
  ['the log key is missing', (home) => rm(join(home, 'keys', 'log.key')), 'home.damaged'],
  ['the log key is nonsense', (home) => writeFile(join(home, 'keys', 'log.key'), 'nonsense'), 'home.damaged'],
  ['the books are missing', (home) => rm(join(home, 'postgres'), { recursive: true }), 'home.damaged'],
  [
    'the books are half there',
    (home) => rm(join(home, 'postgres', 'data', 'global'), { recursive: true }),
    'store.start_failed',
  ],
  ['a leaf of the log was changed', (home) => flip(join(home, 'log', 'tile', 'entries'), 30), 'log.damaged'],
])(
  '%s: a fault with a remedy, exit code 3, nothing made',
  async (title, happens, code) => {
    await on(title.replaceAll(' ', '-'), happens, async (run, home) => {
      const before = (await readdir(home)).sort()
      const { exit, out, err } = await run(['status', '--json'])
      expect([exit, JSON.parse(out).fault?.code], err).toEqual([3, code])
      expect(JSON.parse(out).fault.hint, err).toMatch(/\S/)
      expect((await readdir(home)).sort()).toEqual(before)
    })
  },
  90_000,
)

/** Flips one bit of the first file below a folder. */
async function flip(place: string, at: number): Promise<void> {
  const files = (await readdir(place, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())
  const file = join(files[0]?.parentPath as string, files[0]?.name as string)
  const bytes = await readFile(file)
  bytes[at] = (bytes[at] as number) ^ 1
  await writeFile(file, bytes)
}

it('a tile that was deleted is written again from the books, and receipts still verify', async () => {
  await on(
    'tile',
    (home) => rm(join(home, 'log', 'tile'), { recursive: true }),
    async (run, home) => {
      expect((await run(['doctor'])).exit).toBe(0)
      expect(await readdir(join(home, 'log', 'tile'))).toContain('entries')
      expect((await run([...ask, '--json'])).exit).toBe(0)
    },
  )
}, 60_000)

it.each<[string, (home: string) => Promise<unknown>, string]>([
  ['is missing', async (home) => rm(await dataFile(home)), 'engine.file_missing'],
  ['is cut short', async (home) => writeFile(await dataFile(home), 'DUCK'), 'engine.unreadable'],
  ['has a flipped byte in its head', async (home) => flip(join(home, 'data'), 4_100), 'engine.unreadable'],
])(
  'a data file that %s is a fault before anybody is charged; what was answered stays answered',
  async (title, happens, code) => {
    await on(title.replaceAll(' ', '-'), happens, async (run, _, house) => {
      const before = await everything(await house())
      const { exit, out } = await run([...ask, '--json'])
      expect([exit, JSON.parse(out).fault?.code], out).toEqual([3, code])
      expect(await everything(await house())).toEqual(before)
      const again = await run(['ask', 'visits', sql, '--buyer', 'alpha', '--purpose', purpose, '--json'])
      expect([again.exit, again.out]).toEqual([0, receipt])
      expect((await run(['books', 'check'])).exit).toBe(0)
      expect((await run(['doctor'])).exit).toBe(3)
    })
  },
  60_000,
)

it('damage deep inside a data file that only the question meets fails the release: the money goes back, the books agree', async () => {
  const happens = async (home: string) => {
    const file = await open(await dataFile(home), 'r+')
    const { size } = await file.stat()
    // Every block but the heads.
    for (let at = 12_288 + 64; at < size; at += 4_096) await file.write(Buffer.from([0xa5, 0x5a]), 0, 2, at)
    await file.close()
  }
  await on('deep', happens, async (run, _, house) => {
    const prepaid = async () => (await (await house()).world.books.balances())['prepaid:alpha']
    const before = await prepaid()
    const { exit, out } = await run([...ask, '--json'])
    const json = JSON.parse(out)
    expect([1, 3]).toContain(exit)
    expect(json.refused?.code ?? json.fault?.code).toMatch(/^(release\.failed|engine\.unreadable)$/)
    expect(await prepaid()).toBe(before)
    expect((await run(['books', 'check'])).exit).toBe(0)
  })
}, 60_000)

it('a backup restored elsewhere is the same house: books, receipts, log key, data', async () => {
  await on(
    'restored',
    (home) => rm(home, { recursive: true }),
    async (_, home) => {
      const source = await openHouse(whole)
      const copy = join(folder, 'copy')
      const before = await everything(source)
      const made = await runHere(folder, whole, systemClock, async () => source)(['backup', copy, '--json'])
      await source.close()
      expect(made.exit, made.err).toBe(0)
      const restore = runHere(folder, home, systemClock, () => Promise.reject(new Error('not needed')))
      expect(await restore(['restore', join(folder, 'nothing'), '--json'])).toMatchObject({ exit: 1 })
      expect((await restore(['restore', copy, '--json'])).exit).toBe(0)
      expect(await restore(['restore', copy, '--json'])).toMatchObject({
        exit: 1,
        out: expect.stringContaining('home.exists'),
      })
      const house = await openHouse(home)
      const run = runHere(folder, home, systemClock, async () => house)
      try {
        expect(await everything(house)).toEqual(before)
        expect(house.logKey).toBe(source.logKey)
        expect((await run(['books', 'check'])).exit).toBe(0)
        expect((await run(['release', 'receipt', JSON.parse(receipt).answer.release, '--json'])).out).toBe(receipt)
        await writeFile(join(folder, 'receipt.json'), receipt)
        expect((await run(['verify', 'receipt.json', '--key', house.logKey])).exit).toBe(0)
        expect((await run([...ask, '--json'])).exit).toBe(0)
      } finally {
        await house.close()
      }
      await rm(copy, { recursive: true })
    },
  )
}, 90_000)

it('a home in a folder without rights is told so, and so is a place where none can be made', async ({ skip }) => {
  const asRoot = process.getuid?.() === 0
  const nobody = asRoot ? { uid: 65_534, gid: 65_534 } : {}
  const readable = spawnSync('test', ['-r', join(root, 'dist', 'cli', 'main.js')], nobody).status === 0
  skip(!readable, 'nobody may read this clone')
  await on(
    'closed',
    async () => undefined,
    async (_, home) => {
      // Root may enter everything: it becomes nobody first, and stands where nobody may stand.
      if (!asRoot) await chmod(home, 0o000)
      const run = runChild(asRoot ? '/' : folder, {}, nobody)
      const seen = await run(['status', '--json', '--home', home])
      const made = await run(['init', '--name', 'A', '--currency', 'EUR', '--json', '--home', join(home, 'inner')])
      if (!asRoot) await chmod(home, 0o700)
      for (const { exit, out, err } of [seen, made])
        expect([exit, JSON.parse(out || '{}').fault?.code], err).toEqual([3, 'home.unreachable'])
    },
  )
}, 60_000)

it('a disk that is full while loading leaves the old data, the books and no rubbish', async () => {
  const rows = 700_000
  const random = randomBytes(rows * 30)
  const lines = ['visit,person,spent']
  for (let at = 0; at < rows; at++)
    lines.push(
      `${random.subarray(at * 30, at * 30 + 30).toString('base64url')},p${String(at % 30).padStart(4, '0')},1.00`,
    )
  await writeFile(join(folder, 'big.csv'), lines.join('\n'))
  await on(
    'full',
    async () => undefined,
    async (_, home, house) => {
      const argv = ['load', 'visits', '--from', `people=${folder}/first/people.csv`, `visits=${folder}/big.csv`]
      const files = await readdir(join(home, 'data'))
      // 20 MB for any one file: enough for the books' 16 MB segments, not for these data.
      const full = await runChild(folder, { USUFRUCT_HOME: home }, {}, 'ulimit -f 20000')([...argv, '--json'])
      expect([full.exit, JSON.parse(full.out || '{}').fault?.code], full.err.slice(-500)).toEqual([3, 'load.disk_full'])
      expect(await readdir(join(home, 'data'))).toEqual(files)
      const run = runHere(folder, home, systemClock, house)
      expect(await (await house()).world.books.loads('visits')).toHaveLength(1)
      expect((await run(['books', 'check'])).exit).toBe(0)
      expect((await run([...ask, '--json'])).exit).toBe(0)
    },
  )
}, 120_000)
