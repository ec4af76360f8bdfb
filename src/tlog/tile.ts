import { type Hash, hashBytes } from './merkle.ts'

/** Tiles and entry bundles, c2sp.org/tlog-tiles: the tree as immutable files of up to 256 hashes or entries. */
export interface Tile {
  /** 0 to 63, or 'entries' for a bundle of the entries themselves. */
  readonly level: number | 'entries'
  readonly index: bigint
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number
}

/** Hashes in a full tile: height 8. */
export const tileWidth = 256
/** An entry's length is written in 16 bits. */
export const maxEntryBytes = 65_535

/** Path below the log's address, e.g. "tile/0/x001/067.p/12". */
export function tilePath(tile: Tile): string {
  const { level, index, width } = tile
  if (index < 0n || index >= 1n << 63n) throw new RangeError(`tilePath: index ${index} is out of range`)
  if (level !== 'entries' && !(Number.isInteger(level) && level >= 0 && level <= 63))
    throw new RangeError(`tilePath: level ${level} is out of range`)
  if (!(Number.isInteger(width) && width >= 1 && width <= tileWidth))
    throw new RangeError(`tilePath: width ${width} is out of range`)
  const digits = index.toString()
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? []
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${name}${width < tileWidth ? `.p/${width}` : ''}`
}

/** The tile that a path names; undefined unless it is spelled as tilePath spells it. Hostile input: safe to look up as a file. */
export function parseTilePath(path: string): Tile | undefined {
  const m = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,6}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path)
  if (m === null) return undefined
  const tile: Tile = {
    level: m[1] === 'entries' ? 'entries' : Number(m[1]),
    index: BigInt((m[2] as string).replace(/[x/]/g, '')),
    width: m[3] === undefined ? tileWidth : Number(m[3]),
  }
  if (tile.width < 1 || tile.width > tileWidth || (tile.level !== 'entries' && tile.level > 63)) return undefined
  return tile.index < 1n << 63n && tilePath(tile) === path ? tile : undefined
}

/** How many hashes a tree of `size` has at a level: floor(size / 256^level). Level 'entries' counts as 0. */
export const countAt = (size: bigint, level: number | 'entries'): bigint =>
  size >> (level === 'entries' ? 0n : 8n * BigInt(level))

/** The tile of this level and index in a tree of `size`, full or partial; undefined when the tree has none there. */
export function tileIn(size: bigint, level: number | 'entries', index: bigint): Tile | undefined {
  const left = countAt(size, level) - index * BigInt(tileWidth)
  if (left <= 0n) return undefined
  return { level, index, width: left >= BigInt(tileWidth) ? tileWidth : Number(left) }
}

/** A tile's bytes. */
export const tileBytes = (hashes: readonly Hash[]): Uint8Array => new Uint8Array(Buffer.concat(hashes))

/** A tile's hashes; undefined unless there are `width` of them. */
export function readTile(bytes: Uint8Array, width: number): Hash[] | undefined {
  if (bytes.length !== width * hashBytes) return undefined
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * hashBytes, (i + 1) * hashBytes))
}

/** An entry bundle's bytes: each entry after its length in two bytes, big-endian. Throws RangeError for an entry over 65,535 bytes. */
export function bundleBytes(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    if (entry.length > maxEntryBytes) throw new RangeError(`bundleBytes: an entry of ${entry.length} bytes is too long`)
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 255), entry)
  }
  return new Uint8Array(Buffer.concat(parts))
}

/** A bundle's entries; undefined unless it holds exactly `width`. Hostile input. */
export function readBundle(bytes: Uint8Array, width: number): Uint8Array[] | undefined {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length && entries.length < width) {
    const end = at + 2 + (((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0))
    if (at + 2 > bytes.length || end > bytes.length) return undefined
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return at === bytes.length && entries.length === width ? entries : undefined
}
