import { verifyConsistency, verifyInclusion } from '../../src/tlog/merkle.ts'
import { verifyConsistencyProof } from '../../src/verify/checkpoint.ts'
import { includes } from '../../src/verify/merkle.ts'
import { toBase64 } from './support.ts'

/** What each of the two implementations says of one claim. */
export async function bothOnInclusion(claim: Parameters<typeof verifyInclusion>[0]): Promise<[boolean, boolean]> {
  const { size, index } = claim
  const [hash = empty, root = empty, ...path] = [claim.leafHash, claim.root, ...claim.proof].map(
    (h) => new Uint8Array(h),
  )
  return [verifyInclusion(claim), await includes({ size, root }, { hash, index, path })]
}
export async function bothOnConsistency(claim: Parameters<typeof verifyConsistency>[0]): Promise<[boolean, boolean]> {
  const older = { size: claim.size1, root: toBase64(claim.root1) }
  const newer = { size: claim.size2, root: toBase64(claim.root2) }
  return [verifyConsistency(claim), await verifyConsistencyProof({ older, newer, proof: claim.proof.map(toBase64) })]
}

const empty = new Uint8Array()

export function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = new Uint8Array(bytes)
  const at = (bit >> 3) % copy.length
  copy[at] = (copy[at] as number) ^ (1 << (bit & 7))
  return copy
}
