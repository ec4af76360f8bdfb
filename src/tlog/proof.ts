import { decodeBase64, decodeHash, decodeSize, encodeBase64 } from './base64.ts'
import { maxProofHashes } from './merkle.ts'

/** An offline proof that an entry is in a log, c2sp.org/tlog-proof: index, inclusion proof and checkpoint in one text. */
export interface LogProof {
  /** Opaque and authenticated by nothing; our receipts have none. */
  readonly extra?: Uint8Array | undefined
  readonly index: bigint
  /** Hashes in base64, from the leaf's sibling up. */
  readonly path: readonly string[]
  /** The checkpoint with its signatures, verbatim. */
  readonly checkpoint: string
}

/** The proof's text. Throws RangeError when the parts are not those of a proof. */
export function writeProof(proof: LogProof): string {
  if (proof.index < 0n || !isPath(proof.path)) throw new RangeError('writeProof: not a proof')
  const extra = proof.extra === undefined ? '' : `extra ${encodeBase64(proof.extra)}\n`
  return `${firstLine}\n${extra}index ${proof.index}\n${lines(proof.path)}\n${proof.checkpoint}`
}

/** Reads a proof; undefined when malformed. The checkpoint is not opened here. Hostile input. */
export function parseProof(text: string): LogProof | undefined {
  const end = text.indexOf('\n\n')
  if (end < 0) return undefined
  const path = text.slice(0, end).split('\n')
  if (path.shift() !== firstLine) return undefined
  let extra: Uint8Array | undefined
  if (path[0]?.startsWith('extra ')) {
    extra = decodeBase64((path.shift() as string).slice(6))
    if (extra === undefined) return undefined
  }
  const indexLine = path.shift()
  const index = indexLine?.startsWith('index ') ? decodeSize(indexLine.slice(6)) : undefined
  if (index === undefined || !isPath(path)) return undefined
  return { ...(extra && { extra }), index, path, checkpoint: text.slice(end + 2) }
}

/**
 * Body of a witness's add-checkpoint request, c2sp.org/tlog-witness: the size that the witness knows, the consistency proof from there, and
 * the signed checkpoint. From size 0 the proof is empty.
 */
export function addCheckpointBody(request: {
  readonly oldSize: bigint
  readonly proof: readonly string[]
  readonly checkpoint: string
}): string {
  const { oldSize, proof, checkpoint } = request
  if (oldSize < 0n || !isPath(proof) || (oldSize === 0n && proof.length > 0))
    throw new RangeError('addCheckpointBody: not a consistency proof')
  return `old ${oldSize}\n${lines(proof)}\n${checkpoint}`
}

const firstLine = 'c2sp.org/tlog-proof@v1'
const lines = (path: readonly string[]): string => path.map((hash) => `${hash}\n`).join('')
const isPath = (path: readonly string[]): boolean =>
  path.length <= maxProofHashes && path.every((hash) => decodeHash(hash) !== undefined)
