import { type Bytes, fromBase64, fromDecimal, toBase64, utf8 } from './bytes.ts'
import { appendLeaf, emptyForest, extendsTree, type Forest, forestRoot, includes, leafHash } from './merkle.ts'
import { openNote, readLogKey } from './note.ts'

/** Checkpoints (c2sp.org/tlog-checkpoint) and what an auditor does with two of them. */

export type CheckpointVerdict =
  | { readonly ok: true; readonly origin: string; readonly size: bigint; readonly root: string }
  | { readonly ok: false; readonly words: string }

/**
 * Opens a checkpoint with the log's public key ("name+keyid+base64"). `origin`: what its first line must be; the key's name if not given.
 * `root` is base64.
 */
export async function verifyCheckpoint(note: string, logKey: string, origin?: string): Promise<CheckpointVerdict> {
  const key = await readLogKey(logKey)
  if (key === undefined) return { ok: false, words: 'the log key cannot be read' }
  const opened = await openNote(note, key)
  if (!opened.ok) return opened
  const lines = opened.text.split('\n')
  const [first = '', second = '', third = ''] = lines
  const size = fromDecimal(second)
  const root = hashOf(third)
  if (lines.length !== 4 || first === '' || size === undefined || root === undefined)
    return { ok: false, words: 'the signed text is not origin, size and root' }
  const expected = origin ?? key.name
  if (first !== expected) return { ok: false, words: `it is a checkpoint of ${first}, not of ${expected}` }
  return { ok: true, origin: first, size, root: toBase64(root) }
}

/** A tree as verifyCheckpoint gives it. */
export interface SignedTree {
  readonly size: bigint
  /** Base64. */
  readonly root: string
}

/** Whether the newer tree only added to the older one. `proof`: base64 hashes, RFC 9162 2.1.4. From the empty tree nothing is proved: false. */
export async function verifyConsistencyProof(claim: {
  readonly older: SignedTree
  readonly newer: SignedTree
  readonly proof: readonly string[]
}): Promise<boolean> {
  const [olderRoot, newerRoot] = [hashOf(claim.older.root), hashOf(claim.newer.root)]
  const path = claim.proof.map(hashOf)
  if (olderRoot === undefined || newerRoot === undefined || !path.every((hash) => hash !== undefined)) return false
  return extendsTree({ size: claim.older.size, root: olderRoot }, { size: claim.newer.size, root: newerRoot }, path)
}

/** Whether this leaf, exactly this text, is entry `index` of the tree. `proof`: base64 hashes from the leaf's sibling up, RFC 9162 2.1.3. */
export async function verifyInclusionProof(claim: {
  readonly leaf: string
  readonly index: bigint
  readonly tree: SignedTree
  readonly proof: readonly string[]
}): Promise<boolean> {
  const root = hashOf(claim.tree.root)
  const path = claim.proof.map(hashOf)
  if (root === undefined || !path.every((hash) => hash !== undefined)) return false
  const hash = await leafHash(utf8(claim.leaf))
  return includes({ size: claim.tree.size, root }, { hash, index: claim.index, path })
}

/** A tree computed from its leaves alone, in order: nothing that anybody says of it is believed. */
export interface GrowingTree {
  readonly size: bigint
  append(leaf: string): Promise<void>
  /** Base64; undefined for the empty tree. */
  root(): Promise<string | undefined>
}
export function growTree(): GrowingTree {
  let forest: Forest = emptyForest
  return {
    get size() {
      return forest.size
    },
    async append(leaf) {
      forest = await appendLeaf(forest, await leafHash(utf8(leaf)))
    },
    async root() {
      const root = await forestRoot(forest)
      return root && toBase64(root)
    },
  }
}

/** One SHA-256 hash in base64. */
export function hashOf(text: string): Bytes | undefined {
  const bytes = fromBase64(text)
  return bytes?.length === 32 ? bytes : undefined
}
