import { sha256 } from '../base/hash.ts'

/**
 * The Merkle tree of RFC 9162 section 2.1 over SHA-256: a tree over n leaves splits at the largest power of two below n.
 * Sizes and indices are bigint, below 2^63. What proofs verify is public; nothing here is secret or timing-sensitive.
 */

/** 32 bytes. */
export type Hash = Uint8Array

/** MTH(D[index * 2^level : (index + 1) * 2^level]), the hash of a complete subtree. */
export type HashSource = (level: number, index: bigint) => Hash | Promise<Hash>

export const hashBytes = 32
/** A proof in a tree of fewer than 2^63 leaves has at most this many hashes. */
export const maxProofHashes = 63

/** SHA256(0x00 || data), RFC 9162 2.1.1. */
export const leafHash = (data: Uint8Array): Hash => sha256(leafPrefix, data)
/** SHA256(0x01 || left || right). */
export const nodeHash = (left: Hash, right: Hash): Hash => sha256(nodePrefix, left, right)
/** Root of the tree without leaves: SHA256(""). */
export const emptyRoot: Hash = sha256()

/** Root of the tree whose leaves (or complete subtrees of one size) have these hashes, in order. */
export function rootOf(hashes: readonly Hash[]): Hash {
  if (hashes.length === 0) return emptyRoot
  let row = hashes
  while (row.length > 1) {
    const above: Hash[] = []
    for (let i = 0; i + 1 < row.length; i += 2) above.push(nodeHash(row[i] as Hash, row[i + 1] as Hash))
    // An unpaired last hash moves up unchanged: it is the right part of a split at a power of two.
    if (row.length % 2 === 1) above.push(row.at(-1) as Hash)
    row = above
  }
  return row[0] as Hash
}

/** Root of the first `size` leaves. */
export async function treeRoot(size: bigint, source: HashSource): Promise<Hash> {
  checkSize('size', size)
  return size === 0n ? emptyRoot : rangeRoot(0n, size, source)
}

/** PATH(index, D[size]), RFC 9162 2.1.3.1: from the leaf's sibling up. Throws RangeError unless index < size. */
export async function inclusionProof(index: bigint, size: bigint, source: HashSource): Promise<Hash[]> {
  checkSize('size', size)
  if (index < 0n || index >= size) throw new RangeError(`inclusionProof: no leaf ${index} in a tree of ${size}`)
  const path: Hash[] = []
  let [low, high] = [0n, size]
  while (high - low > 1n) {
    const middle = low + splitOf(high - low)
    if (index < middle) {
      path.push(await rangeRoot(middle, high, source))
      high = middle
    } else {
      path.push(await rangeRoot(low, middle, source))
      low = middle
    }
  }
  return path.reverse()
}

/** PROOF(size1, D[size2]), RFC 9162 2.1.4.1. Throws RangeError unless 0 < size1 <= size2: an empty tree proves nothing. */
export async function consistencyProof(size1: bigint, size2: bigint, source: HashSource): Promise<Hash[]> {
  checkSize('size2', size2)
  if (size1 <= 0n || size1 > size2) throw new RangeError(`consistencyProof: cannot go from ${size1} to ${size2}`)
  const path: Hash[] = []
  let [low, high] = [0n, size2]
  // Down to the subtree that ends where the older tree ended.
  while (size1 < high) {
    const middle = low + splitOf(high - low)
    if (size1 <= middle) {
      path.push(await rangeRoot(middle, high, source))
      high = middle
    } else {
      path.push(await rangeRoot(low, middle, source))
      low = middle
    }
  }
  // The older root itself is known to the verifier and left out.
  if (low > 0n) path.push(await rangeRoot(low, high, source))
  return path.reverse()
}

/** RFC 9162 2.1.3.2. Every argument may be hostile. */
export function verifyInclusion(claim: {
  readonly leafHash: Hash
  readonly index: bigint
  readonly size: bigint
  readonly proof: readonly Hash[]
  readonly root: Hash
}): boolean {
  const { index, size, proof, root } = claim
  if (index < 0n || index >= size || size >= sizeLimit) return false
  if (proof.length > maxProofHashes || ![claim.leafHash, root, ...proof].every(isHash)) return false
  let fn = index
  let sn = size - 1n
  let r = claim.leafHash
  for (const p of proof) {
    if (sn === 0n) return false
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r)
      while (!isOdd(fn) && fn !== 0n) {
        fn >>= 1n
        sn >>= 1n
      }
    } else {
      r = nodeHash(r, p)
    }
    fn >>= 1n
    sn >>= 1n
  }
  return sn === 0n && sameHash(r, root)
}

/** RFC 9162 2.1.4.2. Every argument may be hostile. A claim about the empty tree (size1 = 0) proves nothing and is false. */
export function verifyConsistency(claim: {
  readonly size1: bigint
  readonly root1: Hash
  readonly size2: bigint
  readonly root2: Hash
  readonly proof: readonly Hash[]
}): boolean {
  const { size1, size2, root1, root2, proof } = claim
  if (size1 <= 0n || size1 > size2 || size2 >= sizeLimit) return false
  if (proof.length > maxProofHashes || ![root1, root2, ...proof].every(isHash)) return false
  if (size1 === size2) return proof.length === 0 && sameHash(root1, root2)
  const path = (size1 & (size1 - 1n)) === 0n ? [root1, ...proof] : proof
  const first = path[0]
  if (first === undefined) return false
  let fn = size1 - 1n
  let sn = size2 - 1n
  while (isOdd(fn)) {
    fn >>= 1n
    sn >>= 1n
  }
  let fr = first
  let sr = first
  for (const c of path.slice(1)) {
    if (sn === 0n) return false
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(c, fr)
      sr = nodeHash(c, sr)
      while (!isOdd(fn) && fn !== 0n) {
        fn >>= 1n
        sn >>= 1n
      }
    } else {
      sr = nodeHash(sr, c)
    }
    fn >>= 1n
    sn >>= 1n
  }
  return sn === 0n && sameHash(fr, root1) && sameHash(sr, root2)
}

export const sameHash = (a: Hash, b: Hash): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)
const sizeLimit = 1n << 63n

const isOdd = (n: bigint): boolean => (n & 1n) === 1n
const isHash = (hash: Hash): boolean => hash.length === hashBytes

function checkSize(name: string, size: bigint): void {
  if (size < 0n || size >= sizeLimit) throw new RangeError(`${name} must be from 0 to 2^63 - 1, got ${size}`)
}

/** The largest power of two below n, for n > 1. */
const splitOf = (n: bigint): bigint => 1n << BigInt((n - 1n).toString(2).length - 1)

/** MTH(D[low:high]) for a range that a split of the tree can give: low is a multiple of the power of two not below high - low. */
async function rangeRoot(low: bigint, high: bigint, source: HashSource): Promise<Hash> {
  const n = high - low
  if ((n & (n - 1n)) === 0n) return source(n.toString(2).length - 1, low / n)
  const middle = low + splitOf(n)
  return nodeHash(await rangeRoot(low, middle, source), await rangeRoot(middle, high, source))
}
