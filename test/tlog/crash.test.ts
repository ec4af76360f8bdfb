import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leafHash, rootOf, treeRoot } from '../../src/tlog/merkle.ts'
import { readSigner, signerKeyText } from '../../src/tlog/note.ts'
import { storedHashes } from '../../src/tlog/stored.ts'
import { openLog } from '../../src/tlog/writer.ts'
import { MemoryDisk } from './memory-disk.ts'
import { FakeBooks, toBase64, vectorLeaf, vectorLeaves } from './support.ts'

const origin = 'log.example/house'
const key = readSigner(signerKeyText(origin, new Uint8Array(32).fill(1)))
const portions = [2, 252, 1, 6]
const at = 0n

const leaves = vectorLeaves(261)
const hashes = leaves.map(leafHash)
const roots = new Map<number, string>()
function rootAt(size: number): string {
  const root = roots.get(size) ?? toBase64(rootOf(hashes.slice(0, size)))
  roots.set(size, root)
  return root
}

const full = ['tile/0/000', 'tile/entries/000']
const filesOf261 = ['checkpoint', ...full, 'tile/0/001.p/5', 'tile/1/000.p/1', 'tile/entries/001.p/5']

class PowerFailure extends Error {}

/** A house whose power fails before the n-th step of a disk or of the books. It remembers everything that it ever signed or showed. */
function house() {
  const books = new FakeBooks()
  const disk = new MemoryDisk()
  const signed: string[] = []
  const shown: string[] = []
  const line = (text: string) => {
    signed.push(text)
    return key.line(text)
  }
  const signer = { ...key, line }
  let left = Number.POSITIVE_INFINITY
  const step = () => {
    const checkpoint = disk.files.get('checkpoint')
    if (checkpoint !== undefined) shown.push(Buffer.from(checkpoint.bytes).toString())
    if (--left < 0) throw new PowerFailure()
  }
  books.step = step
  disk.step = step
  return {
    books,
    disk,
    signed,
    shown,
    parts: { books, disk, directory: '', signer, origin },
    fuse: (n: number) => (left = n),
  }
}

/** The whole life of a log, to be interrupted. Leaves are added once each, however often it is started again. */
async function life(world: ReturnType<typeof house>): Promise<void> {
  const log = await openLog(world.parts)
  let wanted = 0
  for (const portion of portions) {
    wanted += portion
    while (world.books.data.length < wanted) world.books.add(leaves[world.books.data.length] as Uint8Array)
    await log.publish(at)
  }
}

/** Runs until the power fails before step n; false when the life ended before. */
async function failsAt(world: ReturnType<typeof house>, n: number): Promise<boolean> {
  world.fuse(n)
  try {
    await life(world)
    return false
  } catch (error) {
    if (error instanceof PowerFailure) return true
    throw error
  } finally {
    world.fuse(Number.POSITIVE_INFINITY)
  }
}

/** Everything ever signed or shown is the beginning of one list of leaves, and the log is whole. */
async function isOneLog(world: ReturnType<typeof house>): Promise<void> {
  for (const text of new Set([...world.signed, ...world.shown])) {
    const [, size, root] = text.split('\n')
    expect(root).toBe(rootAt(Number(size)))
  }
  const total = portions.reduce((sum, portion) => sum + portion, 0)
  expect(world.books.checkpoints.at(-1)?.size).toBe(BigInt(total))
  expect(Buffer.from((await world.disk.read('checkpoint')) as Uint8Array).toString()).toBe(
    world.books.checkpoints.at(-1)?.note,
  )
  for (const path of filesOf261) expect(world.disk.files.has(path), path).toBe(true)
}

/** What strangers can read before the house starts again: the checkpoint that they see stands on tiles and bundles that are there. */
async function standsOnTiles(world: ReturnType<typeof house>): Promise<void> {
  const checkpoint = world.disk.files.get('checkpoint')
  if (checkpoint === undefined) return
  const [, text, root] = Buffer.from(checkpoint.bytes).toString().split('\n')
  const size = Number(text)
  if (size === 0) return
  expect(toBase64(await treeRoot(BigInt(size), storedHashes(world.disk, BigInt(size))))).toBe(root)
  for (let first = 0; first < size; first += 256) {
    const path = `tile/entries/00${first / 256}`
    const whole = world.disk.files.has(path) || world.disk.files.has(`${path}.p/${size - first}`)
    expect(whole, `${path} of ${size}`).toBe(true)
  }
}

describe('a power failure between any two steps', () => {
  // Every step where it matters most; every third where little differs.
  const cases: [string, number, ((path: string) => boolean) | undefined][] = [
    ['and it was the program only that was killed', 1, undefined],
    ['and everything not made sure of is lost', 1, () => false],
    ['and everything happens to survive', 3, () => true],
    ['and only files keep, not names of the checkpoint', 3, (path) => path !== 'checkpoint'],
  ]
  it.each(cases)('never forks the log, which is whole after the next start (%s)', async (_, stride, keep) => {
    let n = 0
    for (; ; n += stride) {
      const world = house()
      if (!(await failsAt(world, n))) break
      if (keep !== undefined) world.disk.crash(keep)
      await standsOnTiles(world)
      await life(world)
      await isOneLog(world)
      // What was published stays, whatever happens next.
      world.disk.crash(() => false)
      await isOneLog(world)
    }
    // As many steps as there are writes: the loop has seen every one of them.
    expect(n).toBeGreaterThan(100)
  })
  it('again and again, with parts lost at random or only the program killed, never forks the log', async () => {
    const failures = fc.array(fc.tuple(fc.nat({ max: 120 }), fc.boolean(), fc.infiniteStream(fc.boolean())), {
      minLength: 1,
      maxLength: 5,
    })
    await fc.assert(
      fc.asyncProperty(failures, async (list) => {
        const world = house()
        for (const [n, power, luck] of list) {
          if ((await failsAt(world, n)) && power) world.disk.crash(() => luck.next().value === true)
          await standsOnTiles(world)
        }
        await life(world)
        await isOneLog(world)
        world.disk.crash(() => false)
        await isOneLog(world)
      }),
      { numRuns: 30 },
    )
  })
})

describe('an operation that fails without a crash', () => {
  it('leaves the log as it was, and the next publication carries on', async () => {
    for (let n = 0; n < 60; n++) {
      const world = house()
      const log = await openLog(world.parts)
      world.books.add(vectorLeaf(0), vectorLeaf(1))
      world.fuse(n)
      await log.publish(at).catch(() => undefined)
      world.fuse(Number.POSITIVE_INFINITY)
      expect((await log.publish(at)).size).toBe(2n)
      await openLog(world.parts)
    }
  })
})
