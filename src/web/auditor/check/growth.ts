import { verifyCheckpoint, verifyConsistencyProof } from '../../../verify/index.ts'
import { type Consistency, readConsistency } from '../api.ts'

/** What two signed checkpoints say of each other. */
export type Growth =
  /** The older or the newer note is not the log's. `words` are the verifier's. */
  | { readonly found: 'not signed'; readonly which: 'older' | 'newer'; readonly words: string }
  | { readonly found: 'same'; readonly size: bigint }
  /** Two roots for one size, both signed: two histories. */
  | { readonly found: 'split'; readonly size: bigint }
  | { readonly found: 'grew'; readonly from: bigint; readonly to: bigint }
  /** Both are signed, and no proof joins them. */
  | { readonly found: 'rewritten'; readonly from: bigint; readonly to: bigint }

/**
 * Checks, with nothing but the key, whether one note's log only added to the other's; they may come in either order. `prove` fetches the proof: it is
 * checked, not believed.
 */
export async function compareNotes(
  one: string,
  other: string,
  key: string,
  prove: (from: string, to: string) => Promise<Consistency> = readConsistency,
): Promise<Growth> {
  const [first, second] = [await verifyCheckpoint(one, key), await verifyCheckpoint(other, key)]
  if (!first.ok) return { found: 'not signed', which: 'older', words: first.words }
  if (!second.ok) return { found: 'not signed', which: 'newer', words: second.words }
  const [older, newer] = first.size <= second.size ? [first, second] : [second, first]
  if (older.size === newer.size) return { found: older.root === newer.root ? 'same' : 'split', size: older.size }
  // The empty tree is the beginning of every tree; nothing is left to prove.
  if (older.size === 0n) return { found: 'grew', from: 0n, to: newer.size }
  const { path } = await prove(`${older.size}`, `${newer.size}`)
  const holds = await verifyConsistencyProof({ older, newer, proof: path })
  return { found: holds ? 'grew' : 'rewritten', from: older.size, to: newer.size }
}
