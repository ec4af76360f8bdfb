import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fault } from '../../src/base/fault.ts'
import { leafHash, rootOf } from '../../src/tlog/merkle.ts'
import { readSigner, signerKeyText } from '../../src/tlog/note.ts'
import { readBundle, readTile, tilePath } from '../../src/tlog/tile.ts'
import { openLog } from '../../src/tlog/writer.ts'
import { verifyCheckpoint } from '../../src/verify/index.ts'
import { bothOnInclusion } from './both.ts'
import { MemoryDisk } from './memory-disk.ts'
import { FakeBooks, toBase64, vectorLeaf, vectorLeaves, vectors } from './support.ts'

const origin = 'log.example/house'
const signer = readSigner(signerKeyText(origin, new Uint8Array(32).fill(1)))
const at = 0n

async function openedWith(size: number) {
  const books = new FakeBooks()
  const disk = new MemoryDisk()
  books.add(...vectorLeaves(size))
  const parts = { books, disk, directory: '', signer, origin }
  const log = await openLog(parts)
  return { books, disk, log, parts }
}
const rootAt = (size: number): string => toBase64(rootOf(vectorLeaves(size).map(leafHash)))
const codeOf = async (work: Promise<unknown>): Promise<[string, string]> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Fault) return [error.code, error.message]
    throw error
  }
  return ['nothing', '']
}

describe('a log on a real disk', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'usufruct-log-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('publishes the files of the vectors, proves its leaves and opens again', async () => {
    const books = new FakeBooks()
    const log = await openLog({ books, directory, signer, origin })
    books.add(...vectorLeaves(3))
    await log.publish(at)
    expect((await readFile(join(directory, 'tile/entries/000.p/3'))).toString('hex')).toBe(
      vectors.own.entryBundles[0].hex,
    )
    books.add(...Array.from({ length: 997 }, (_, i) => vectorLeaf(i + 3)))
    const { size, root, note } = await log.publish(at)
    expect([size, root]).toEqual([1000n, rootAt(1000)])
    expect(await verifyCheckpoint(note, signer.vkey)).toEqual({ ok: true, origin, size: 1000n, root })
    expect(await readFile(join(directory, 'checkpoint'), 'utf8')).toBe(note)

    const again = await openLog({ books, directory, signer, origin })
    const vector = vectors.own.inclusion.find(
      (v: { index: number; size: number }) => v.index === 511 && v.size === 1000,
    )
    const proof = await again.prove(511n)
    expect(proof.path.map((hash) => Buffer.from(hash, 'base64').toString('hex'))).toEqual(vector.proof)
    expect(proof.checkpoint).toBe(note)
  })
  it('serves only its checkpoint and its tiles, and leaves no temporary file behind', async () => {
    expect((await readdir(directory)).sort()).toEqual(['checkpoint', 'tile'])
    expect((await readdir(join(directory, 'tile/0'))).sort()).toEqual(['000', '001', '002', '003.p'])
  })
  it('says which file on the disk was changed', async () => {
    const books = new FakeBooks()
    books.add(...vectorLeaves(1000))
    books.checkpoints = [
      { size: 1000n, root: rootAt(1000), note: await readFile(join(directory, 'checkpoint'), 'utf8') },
    ]
    const path = join(directory, 'tile/0/001')
    const bytes = await readFile(path)
    bytes[17] = (bytes[17] as number) ^ 1
    await writeFile(path, bytes)
    expect(await codeOf(openLog({ books, directory, signer, origin }))).toEqual([
      'log.damaged',
      expect.stringContaining('tile/0/001'),
    ])
    await rm(path)
    await openLog({ books, directory, signer, origin })
    bytes[17] = (bytes[17] as number) ^ 1
    expect(await readFile(path)).toEqual(bytes)
  })
})

describe('publishing', () => {
  it('in any portions gives the tree of all leaves, and tiles from which a stranger recomputes it', async () => {
    const portions = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(portions, async (sizes) => {
        const { books, disk, log } = await openedWith(0)
        for (const size of sizes) {
          books.add(...Array.from({ length: size }, (_, i) => vectorLeaf(books.data.length + i)))
          const { root } = await log.publish(at)
          expect(root).toBe(rootAt(books.data.length))
        }
        await recomputedByAStranger(disk, books.data.length)
      }),
      { numRuns: 15 },
    )
  })
  it('again without new leaves changes nothing and signs nothing', async () => {
    const { books, disk, log } = await openedWith(10)
    const first = await log.publish(at)
    const files = new Map(disk.files)
    expect(await log.publish(at)).toEqual(first)
    expect(books.checkpoints).toHaveLength(1)
    expect(disk.files).toEqual(files)
  })
  it('of an empty log signs the empty tree, which every tree extends', async () => {
    const { log, disk, books } = await openedWith(0)
    const { size, root, note } = await log.publish(at)
    expect([size, root]).toEqual([0n, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='])
    expect(Buffer.from((await disk.read('checkpoint')) as Uint8Array).toString()).toBe(note)
    books.add(vectorLeaf(0))
    expect((await log.publish(at)).root).toBe(rootAt(1))
  })
  it('removes partial tiles once the full one is published, and keeps those that an older checkpoint may need', async () => {
    const { books, disk, log } = await openedWith(250)
    await log.publish(at)
    books.add(...Array.from({ length: 2 }, (_, i) => vectorLeaf(250 + i)))
    await log.publish(at)
    expect([disk.files.has('tile/0/000.p/250'), disk.files.has('tile/0/000.p/252')]).toEqual([true, true])
    books.add(...Array.from({ length: 8 }, (_, i) => vectorLeaf(252 + i)))
    await log.publish(at)
    expect([...disk.files.keys()].sort()).toEqual(
      [
        'checkpoint',
        'tile/0/000',
        'tile/0/001.p/4',
        'tile/1/000.p/1',
        'tile/entries/000',
        'tile/entries/001.p/4',
      ].sort(),
    )
  })
  it('twice at once gives one chain of checkpoints', async () => {
    const { books, log, parts } = await openedWith(5)
    const other = await openLog(parts)
    const both = await Promise.all([log.publish(at), other.publish(at), log.publish(at)])
    expect(new Set(both.map(({ note }) => note)).size).toBe(1)
    expect(books.checkpoints).toHaveLength(1)
  })
  it('that loses the race against another publisher goes on from the other’s checkpoint', async () => {
    const { books, disk, log, parts } = await openedWith(5)
    const other = await openLog(parts)
    let raced = false
    books.step = (name) => {
      if (name !== 'before saveCheckpoint' || raced) return
      raced = true
      // The other one publishes six leaves while this one is about to store five.
      books.checkpoints.push(ahead)
    }
    books.add(vectorLeaf(5))
    const ahead = await (async () => {
      const trial = await openedWith(6)
      return (await trial.log.publish(at)) as { size: bigint; root: string; note: string }
    })()
    expect((await log.publish(at)).size).toBe(6n)
    expect((await other.publish(at)).root).toBe(rootAt(6))
    expect(Buffer.from((await disk.read('checkpoint')) as Uint8Array).toString()).toBe(ahead.note)
  })
  it('gives up, without showing anything, when the books never take its checkpoint', async () => {
    const { books, disk, log } = await openedWith(5)
    books.saveCheckpoint = async () => false
    expect(await codeOf(log.publish(at))).toEqual(['log.busy', expect.anything()])
    expect(disk.files.has('checkpoint')).toBe(false)
  })
})

describe('a proof', () => {
  it('of every published leaf verifies against the checkpoint that comes with it', async () => {
    const { log } = await openedWith(600)
    const { size } = await log.publish(at)
    const root = rootOf(vectorLeaves(600).map(leafHash))
    for (const index of [0n, 1n, 255n, 256n, 300n, 511n, 512n, 598n, 599n]) {
      const { path } = await log.prove(index)
      const proof = path.map((hash) => new Uint8Array(Buffer.from(hash, 'base64')))
      const claim = { leafHash: leafHash(vectorLeaf(Number(index))), index, size, proof, root }
      expect(await bothOnInclusion(claim)).toEqual([true, true])
    }
  })
  it('is given of published leaves only', async () => {
    const { books, log } = await openedWith(2)
    expect(await codeOf(log.prove(0n))).toEqual(['log.not_published', expect.anything()])
    await log.publish(at)
    books.add(vectorLeaf(2))
    expect(await codeOf(log.prove(2n))).toEqual(['log.not_published', expect.anything()])
    expect(await codeOf(log.prove(-1n))).toEqual(['log.not_published', expect.anything()])
  })
  it('is not given from a damaged tile, and the fault names the tile', async () => {
    const { disk, log } = await openedWith(300)
    await log.publish(at)
    flipByte(disk, 'tile/0/000', 40)
    expect(await codeOf(log.prove(3n))).toEqual(['log.damaged', expect.stringContaining('tile/0/000 ')])
  })
})

describe('a log that would fork', () => {
  it('signs nothing when the tiles do not give the root that was signed', async () => {
    const { books, disk, parts } = await openedWith(300)
    const signed = spySignatures()
    const log = await openLog({ ...parts, signer: signed.signer })
    await log.publish(at)
    flipByte(disk, 'tile/0/001.p/44', 5)
    books.add(vectorLeaf(300))
    expect(await codeOf(log.publish(at))).toEqual(['log.damaged', expect.stringContaining('tile/0/001.p/44')])
    expect(books.checkpoints).toHaveLength(1)
    expect(signed.texts).toHaveLength(1)
  })
  it('signs nothing when a disk wrote a tile wrongly, so that what is served does not extend what was signed', async () => {
    const { books, disk, parts } = await openedWith(300)
    const signed = spySignatures()
    const log = await openLog({ ...parts, signer: signed.signer })
    await log.publish(at)
    const write = disk.write.bind(disk)
    disk.write = (path, bytes) =>
      write(path, bytes.length === 45 * 32 ? bytes.map((byte, i) => (i === 70 ? byte ^ 1 : byte)) : bytes)
    books.add(vectorLeaf(300))
    expect((await codeOf(log.publish(at)))[0]).toBe('log.damaged')
    expect(signed.texts).toHaveLength(1)
    disk.write = write
    expect((await log.publish(at)).root).toBe(rootAt(301))
  })
  it('does not open when the books are an older copy than the published checkpoint', async () => {
    const { books, log, parts } = await openedWith(10)
    await log.publish(at)
    const older = [...books.checkpoints]
    books.add(vectorLeaf(10))
    await log.publish(at)
    books.data.pop()
    books.checkpoints = older
    expect((await codeOf(openLog(parts)))[0]).toBe('log.forked')
  })
  it('does not publish when the books lost leaves that were signed', async () => {
    const { books, log, parts } = await openedWith(10)
    await log.publish(at)
    books.data.pop()
    expect((await codeOf(log.publish(at)))[0]).toBe('log.forked')
    expect(await codeOf(openLog(parts))).toEqual(['log.damaged', expect.stringContaining('leaf 9')])
  })
  it('does not open when a leaf in the books is another than the one that was signed', async () => {
    const { books, log, parts } = await openedWith(300)
    await log.publish(at)
    books.data[260] = vectorLeaf(0)
    expect(await codeOf(openLog(parts))).toEqual(['log.damaged', expect.stringContaining('tile/entries/001.p/44')])
  })
  it('does not rebuild lost tiles from books that hold another leaf than the one that was signed', async () => {
    const { books, disk, log, parts } = await openedWith(300)
    await log.publish(at)
    books.data[260] = vectorLeaf(0)
    for (const path of [...disk.files.keys()]) if (path.startsWith('tile/')) disk.files.delete(path)
    expect(await codeOf(openLog(parts))).toEqual([
      'log.damaged',
      expect.stringContaining('the books and the checkpoint'),
    ])
    expect([...disk.files.keys()]).toEqual(['checkpoint'])
  })
  it('does not begin again where a checkpoint is published and the books know of none', async () => {
    const { log, parts } = await openedWith(3)
    await log.publish(at)
    const emptied = new FakeBooks()
    emptied.add(...vectorLeaves(3))
    expect((await codeOf(openLog({ ...parts, books: emptied })))[0]).toBe('log.forked')
  })
  it('does not open with another key, and takes no key of another name', async () => {
    const { log, parts } = await openedWith(3)
    await log.publish(at)
    const stranger = readSigner(signerKeyText(origin, new Uint8Array(32).fill(2)))
    parts.disk.files.delete('checkpoint')
    expect((await codeOf(openLog({ ...parts, signer: stranger })))[0]).toBe('log.key_mismatch')
    await expect(openLog({ ...parts, origin: 'another.example' })).rejects.toThrow(RangeError)
  })
})

describe('opening', () => {
  it('finds a flipped bit in any tile, bundle or checkpoint, and names the file', async () => {
    const { books, disk, log, parts } = await openedWith(200)
    await log.publish(at)
    books.add(...Array.from({ length: 320 }, (_, i) => vectorLeaf(200 + i)))
    await log.publish(at)
    books.add(...vectorLeaves(1).map(() => vectorLeaf(520)))
    await log.publish(at)
    const paths = [...disk.files.keys()].sort()
    expect(paths).toContain('tile/0/002.p/8')
    expect(paths).toContain('tile/entries/002.p/9')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), async (path, bit) => {
        const file = disk.files.get(path)
        if (file === undefined) return expect.unreachable()
        const good = file.bytes
        const bad = new Uint8Array(good)
        const place = (bit >> 3) % bad.length
        bad[place] = (bad[place] as number) ^ (1 << (bit & 7))
        file.bytes = bad
        const fault = await codeOf(openLog(parts))
        file.bytes = good
        expect(fault).toEqual(['log.damaged', expect.stringContaining(`: ${path} `)])
      }),
      { numRuns: 100 },
    )
    await openLog(parts)
  })
  it('finds a file that was cut short or made longer', async () => {
    const { disk, log, parts } = await openedWith(260)
    await log.publish(at)
    for (const [path, file] of disk.files) {
      const good = file.bytes
      for (const bad of [good.slice(0, -1), new Uint8Array([...good, 0]), new Uint8Array()]) {
        file.bytes = bad
        expect(await codeOf(openLog(parts)), path).toEqual(['log.damaged', expect.stringContaining(`: ${path} `)])
      }
      file.bytes = good
    }
  })
  it('finds a file that was torn at any byte, signs nothing over it, and rebuilds it when it is deleted', async () => {
    const { books, disk, log, parts } = await openedWith(5)
    await log.publish(at)
    books.add(vectorLeaf(5))
    const signed = books.checkpoints.length
    for (const [path, file] of [...disk.files]) {
      const good = file.bytes
      for (let length = 0; length < good.length; length++) {
        file.bytes = good.slice(0, length)
        expect(await codeOf(openLog(parts)), `${path} ${length}`).toEqual([
          'log.damaged',
          expect.stringContaining(path),
        ])
      }
      expect(books.checkpoints).toHaveLength(signed)
      disk.files.delete(path)
      await openLog(parts)
      expect(disk.files.get(path)?.bytes).toEqual(good)
    }
    expect((await (await openLog(parts)).publish(at)).size).toBe(6n)
  })
  it('rebuilds any missing files from the books, byte for byte', async () => {
    const { disk, log, parts } = await openedWith(520)
    await log.publish(at)
    const whole = new Map([...disk.files].map(([path, { bytes }]) => [path, toBase64(bytes)]))
    const paths = [...whole.keys()]
    await fc.assert(
      fc.asyncProperty(fc.subarray(paths), async (missing) => {
        for (const path of missing) disk.files.delete(path)
        const again = await openLog(parts)
        expect(new Map([...disk.files].map(([path, { bytes }]) => [path, toBase64(bytes)]))).toEqual(whole)
        await again.prove(519n)
      }),
      { numRuns: 20 },
    )
  })
})

function spySignatures() {
  const texts: string[] = []
  const line = (text: string) => {
    texts.push(text)
    return signer.line(text)
  }
  return { texts, signer: { ...signer, line } }
}

function flipByte(disk: MemoryDisk, path: string, at: number): void {
  const file = disk.files.get(path)
  if (file === undefined) throw new Error(`no file ${path}`)
  file.bytes = file.bytes.map((byte, i) => (i === at ? byte ^ 0x10 : byte))
}

/** Reads nothing but files, as a monitor would: entries hash to the level 0 tiles, full tiles to the level above, and all to the root. */
async function recomputedByAStranger(disk: MemoryDisk, size: number): Promise<void> {
  const leaves: Uint8Array[] = []
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - index * 256)
    const bundle = await disk.read(tilePath({ level: 'entries', index: BigInt(index), width }))
    const entries = readBundle(bundle as Uint8Array, width) ?? []
    const tile = readTile((await disk.read(tilePath({ level: 0, index: BigInt(index), width }))) as Uint8Array, width)
    expect(tile?.map(toBase64)).toEqual(entries.map((entry) => toBase64(leafHash(entry))))
    leaves.push(...entries)
  }
  const full = Math.floor(size / 256)
  if (full > 0) {
    const above = (await disk.read(tilePath({ level: 1, index: 0n, width: full }))) as Uint8Array
    const roots = Array.from({ length: full }, (_, i) => rootOf(leaves.slice(i * 256, i * 256 + 256).map(leafHash)))
    expect(readTile(above, full)?.map(toBase64)).toEqual(roots.map(toBase64))
  }
  expect(leaves.map(toBase64)).toEqual(vectorLeaves(size).map(toBase64))
}
