import { assert } from '../base/assert.ts'
import { emptyRoot, type Hash, leafHash, rootOf } from './merkle.ts'
import { bundleBytes, countAt, type Tile, tileBytes, tileWidth } from './tile.ts'

/** Receives every tile and bundle that growing the tree makes, bundles before the hash tiles over them. */
export type Emit = (tile: Tile, bytes: Uint8Array, parts: readonly Uint8Array[]) => Promise<void>

/**
 * A tree's right edge, growing leaf by leaf: what is not in a full tile yet. It emits each tile once it is full, and `finish` emits the
 * partial ones that have something new. Memory: at most 255 entries and 255 hashes per level.
 */
export interface Growth {
  size(): bigint
  root(): Hash
  append(leaf: Uint8Array): Promise<void>
  finish(): Promise<void>
}

/** The right edge of a tree of `size`: entries of the partial bundle, and hashes of the partial tile of each level. */
export interface Edge {
  readonly size: bigint
  readonly entries: readonly Uint8Array[]
  readonly hashes: readonly (readonly Hash[])[]
}

export const emptyEdge: Edge = { size: 0n, entries: [], hashes: [] }

export function growFrom(edge: Edge, emit: Emit): Growth {
  let size = edge.size
  let entries = [...edge.entries]
  const rows = edge.hashes.map((hashes) => ({ hashes: [...hashes], fresh: false }))
  let freshEntries = false
  assert(entries.length === partialWidth(size, 'entries'), 'the partial bundle has as many entries as the size says')
  rows.forEach((row, level) => {
    assert(row.hashes.length === partialWidth(size, level), 'a partial tile is as wide as the size says')
  })

  const emitEntries = (width: number) =>
    emit({ level: 'entries', index: indexOfLast(size, 'entries'), width }, bundleBytes(entries), entries)

  /** Adds one complete subtree at a level; a full tile is one subtree of the level above. */
  async function add(level: number, hash: Hash): Promise<void> {
    rows[level] ??= { hashes: [], fresh: false }
    const row = rows[level]
    row.hashes.push(hash)
    row.fresh = true
    if (row.hashes.length < tileWidth) return
    const full = row.hashes
    rows[level] = { hashes: [], fresh: false }
    await emit({ level, index: indexOfLast(size, level), width: tileWidth }, tileBytes(full), full)
    await add(level + 1, rootOf(full))
  }

  return {
    size: () => size,
    root: () => rootOfEdge({ size, entries, hashes: rows.map((row) => row.hashes) }),
    append: async (leaf) => {
      size += 1n
      entries.push(leaf)
      freshEntries = true
      if (entries.length === tileWidth) {
        await emitEntries(tileWidth)
        entries = []
        freshEntries = false
      }
      await add(0, leafHash(leaf))
    },
    finish: async () => {
      if (freshEntries) await emitEntries(entries.length)
      freshEntries = false
      for (const [level, row] of rows.entries()) {
        if (!row.fresh) continue
        row.fresh = false
        const tile = { level, index: indexOfLast(size, level), width: row.hashes.length }
        await emit(tile, tileBytes(row.hashes), row.hashes)
      }
    },
  }
}

/** Root of the tree with this right edge: the lower levels together hang as one last, smaller subtree beside the hashes of the next. */
export function rootOfEdge(edge: Edge): Hash {
  let right: Hash | undefined
  for (const hashes of edge.hashes) {
    const row = right === undefined ? hashes : [...hashes, right]
    if (row.length > 0) right = rootOf(row)
  }
  return right ?? emptyRoot
}

/** Width of the partial tile of a level in a tree of `size`; 0 when there is none. */
export const partialWidth = (size: bigint, level: number | 'entries'): number =>
  Number(countAt(size, level) % BigInt(tileWidth))

/** Index of the tile that holds a level's newest hash. */
const indexOfLast = (size: bigint, level: number | 'entries'): bigint => (countAt(size, level) - 1n) / BigInt(tileWidth)
