import { type Bytes, fromBase64, fromDecimal, toBase64 } from './bytes.ts'
import { extendsTree } from './merkle.ts'
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

/** One SHA-256 hash in base64. */
export function hashOf(text: string): Bytes | undefined {
  const bytes = fromBase64(text)
  return bytes?.length === 32 ? bytes : undefined
}
