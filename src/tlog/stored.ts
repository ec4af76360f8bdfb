import { assert } from '../base/assert.ts'
import { Fault } from '../base/fault.ts'
import type { Disk } from './disk.ts'
import { type Edge, partialWidth } from './growth.ts'
import { type Hash, type HashSource, rootOf } from './merkle.ts'
import { countAt, readBundle, readTile, type Tile, tileIn, tilePath, tileWidth } from './tile.ts'

/** A published tree read back from its tiles. Everything throws Fault 'log.damaged', naming the file, where a tile is missing or too short. */

/** The hashes of complete subtrees in a stored tree of `size`. Keeps the tiles it has read: make a new one for each proof. */
export function storedHashes(disk: Disk, size: bigint): HashSource {
  const tiles = new Map<string, Promise<readonly Hash[]>>()
  return async (level, index) => {
    const tileLevel = Math.floor(level / 8)
    const span = 1n << BigInt(level % 8)
    const first = index * span
    const tile = tileIn(size, tileLevel, first / BigInt(tileWidth))
    assert(tile !== undefined, 'a proof asks for subtrees inside the tree only')
    const path = tilePath(tile)
    const hashes = tiles.get(path) ?? readParts(disk, tile, readTile)
    tiles.set(path, hashes)
    const offset = Number(first % BigInt(tileWidth))
    return rootOf((await hashes).slice(offset, offset + Number(span)))
  }
}

/** The right edge of a stored tree, from which it can grow. */
export async function storedEdge(disk: Disk, size: bigint): Promise<Edge> {
  const hashes: (readonly Hash[])[] = []
  for (let level = 0; countAt(size, level) > 0n; level++) hashes.push(await lastParts(disk, size, level, readTile))
  return { size, entries: await lastParts(disk, size, 'entries', readBundle), hashes }
}

/** The fault of a file that does not say what it must. */
export const damaged = (path: string, what: string): Fault =>
  new Fault('log.damaged', `the log is damaged: ${path} ${what}`, {
    hint: 'Nothing was signed. Restore the named file from a copy, or delete it: what the books can rebuild is rebuilt at the next start.',
  })

type Reader = (bytes: Uint8Array, width: number) => Uint8Array[] | undefined

/** What the partial tile of a level holds; nothing when the level ends with a full tile. */
async function lastParts(
  disk: Disk,
  size: bigint,
  level: Tile['level'],
  reader: Reader,
): Promise<readonly Uint8Array[]> {
  const width = partialWidth(size, level)
  if (width === 0) return []
  return readParts(disk, { level, index: countAt(size, level) / BigInt(tileWidth), width }, reader)
}

async function readParts(disk: Disk, tile: Tile, reader: Reader): Promise<readonly Uint8Array[]> {
  const path = tilePath(tile)
  const bytes = await disk.read(path)
  if (bytes !== undefined) {
    const parts = reader(bytes, tile.width)
    if (parts === undefined) throw damaged(path, 'does not have its length')
    return parts
  }
  // A partial tile may be gone once the full one is there, and begins it.
  const full = tile.width < tileWidth ? await disk.read(tilePath({ ...tile, width: tileWidth })) : undefined
  const parts = full && reader(full, tileWidth)
  if (parts === undefined) throw damaged(path, 'is missing')
  return parts.slice(0, tile.width)
}
