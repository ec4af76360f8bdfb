import { type Bytes, fromDecimal } from './bytes.ts'
import { hashOf } from './checkpoint.ts'

/** A parsed c2sp.org/tlog-proof. */
export interface Proof {
  readonly index: bigint
  readonly path: readonly Bytes[]
  readonly checkpoint: string
}

/**
 * Takes the text of a proof apart; words when it is not well formed. Every line must be spelled the one way there is, and there must be no
 * "extra" line: nothing signs it, so a receipt must not carry it.
 */
export function readProof(text: string): Proof | string {
  const end = text.indexOf('\n\n')
  if (end < 0) return 'it has no empty line before the checkpoint'
  const [format, indexLine = '', ...hashes] = text.slice(0, end).split('\n')
  if (format !== 'c2sp.org/tlog-proof@v1') return 'its first line is not c2sp.org/tlog-proof@v1'
  if (indexLine.startsWith('extra ')) return 'it carries extra data that nothing signs'
  const index = indexLine.startsWith('index ') ? fromDecimal(indexLine.slice(6)) : undefined
  if (index === undefined) return 'it does not say at which index the leaf is'
  if (hashes.length > 63) return 'it has more hashes than a tree can be high'
  const path = hashes.map(hashOf)
  if (!path.every((hash) => hash !== undefined)) return 'a line is not one SHA-256 hash in base64'
  return { index, path, checkpoint: text.slice(end + 2) }
}
