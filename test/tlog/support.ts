import { readFileSync } from 'node:fs'
import type { LogBooks, StoredCheckpoint } from '../../src/tlog/fsck.ts'
import { type Hash, type HashSource, leafHash, rootOf } from '../../src/tlog/merkle.ts'

/** The vectors made with golang.org/x/mod/sumdb and checked by an independent implementation. */
// biome-ignore lint/suspicious/noExplicitAny: a file of many shapes
export const vectors = JSON.parse(readFileSync(new URL('../vectors/tlog.json', import.meta.url), 'utf8')) as any

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
export const text = (words: string): Uint8Array => new TextEncoder().encode(words)

/** Leaf i of the vectors' own tree. */
export const vectorLeaf = (i: number): Uint8Array => text(`usufruct-leaf-${i}`)
export const vectorLeaves = (size: number): Uint8Array[] => Array.from({ length: size }, (_, i) => vectorLeaf(i))

/** Every complete subtree of a list of leaf hashes, in memory. */
export function treeOf(leafHashes: readonly Hash[]): HashSource {
  const rows: (readonly Hash[])[] = [leafHashes]
  for (let below = leafHashes; below.length > 1; ) {
    const row: Hash[] = []
    for (let i = 0; i + 1 < below.length; i += 2) row.push(rootOf(below.slice(i, i + 2)))
    rows.push(row)
    below = row
  }
  return (level, index) => rows[level]?.[Number(index)] as Hash
}

/** The root straight from the definition in RFC 9162 2.1.1, slow and obvious. */
export function definedRoot(leaves: readonly Uint8Array[]): Hash {
  if (leaves.length < 2) return rootOf(leaves.map(leafHash))
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return rootOf([definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k))])
}

/** Books in memory that hold leaves and checkpoints, and nothing else. `step` is called before and after the effect of a write. */
export class FakeBooks implements LogBooks {
  readonly data: Uint8Array[] = []
  checkpoints: StoredCheckpoint[] = []
  step: (name: string) => void = () => {}

  add(...leaves: readonly Uint8Array[]): void {
    this.data.push(...leaves)
  }
  async leaves(from: bigint, limit: number) {
    const page = this.data.slice(Number(from), Number(from) + limit)
    return page.map((data, i) => ({ index: from + BigInt(i), data }))
  }
  async leafCount() {
    return BigInt(this.data.length)
  }
  async saveCheckpoint(size: bigint, root: string, note: string) {
    this.step('before saveCheckpoint')
    const newest = this.checkpoints.at(-1)
    if (newest !== undefined && size <= newest.size) return false
    this.checkpoints.push({ size, root, note })
    this.step('after saveCheckpoint')
    return true
  }
  async newestCheckpoint() {
    return this.checkpoints.at(-1)
  }
}
