import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consistencyProof, emptyRoot, inclusionProof, leafHash, rootOf, treeRoot } from '../../src/tlog/merkle.ts'
import { bothOnConsistency, bothOnInclusion, flip } from './both.ts'
import { definedRoot, hex, text, toBase64, toHex, treeOf, vectorLeaves, vectors } from './support.ts'

const { rfc6962eight, own } = vectors

describe('the eight-leaf tree of RFC 6962', () => {
  const leaves = rfc6962eight.leavesHex.map(hex)
  const source = treeOf(leaves.map(leafHash))

  it('has the published leaf hashes and roots, from the empty tree on', async () => {
    expect(leaves.map((leaf: Uint8Array) => toHex(leafHash(leaf)))).toEqual(rfc6962eight.leafHashes)
    for (const [size, root] of rfc6962eight.roots.entries()) {
      expect(toHex(await treeRoot(BigInt(size), source))).toBe(root)
      expect(toHex(rootOf(leaves.slice(0, size).map(leafHash)))).toBe(root)
    }
    expect(toHex(emptyRoot)).toBe(rfc6962eight.roots[0])
  })

  it('gives the published proofs, and both verifiers accept them', async () => {
    for (const vector of rfc6962eight.inclusion) await agreesOnInclusion(vector, source)
    for (const vector of rfc6962eight.consistency) await agreesOnConsistency(vector, source)
  })
})

describe('the tree of 70,000 leaves', () => {
  const hashes = vectorLeaves(70_000).map(leafHash)
  const source = treeOf(hashes)

  it('has the roots that the Go implementation computes', async () => {
    for (const { size, rootHex, rootBase64 } of own.roots) {
      const root = await treeRoot(BigInt(size), source)
      expect(toHex(root)).toBe(rootHex)
      expect(toBase64(root)).toBe(rootBase64)
      expect(toHex(rootOf(hashes.slice(0, size)))).toBe(rootHex)
    }
  })

  it('gives the proofs that the Go implementation gives, and both verifiers accept them', async () => {
    for (const vector of own.inclusion) await agreesOnInclusion(vector, source)
    for (const vector of own.consistency) await agreesOnConsistency(vector, source)
  })
})

describe('any tree up to 300 leaves', () => {
  const leavesUpTo300 = fc.array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 300 })

  it('has the root that the definition gives', async () => {
    await fc.assert(
      fc.asyncProperty(leavesUpTo300, async (leaves) => {
        const defined = toHex(definedRoot(leaves))
        expect(toHex(rootOf(leaves.map(leafHash)))).toBe(defined)
        expect(toHex(await treeRoot(BigInt(leaves.length), treeOf(leaves.map(leafHash))))).toBe(defined)
      }),
      { numRuns: 60 },
    )
  })

  it('proves every leaf to both verifiers, and neither believes a proof with one bit changed', async () => {
    await fc.assert(
      fc.asyncProperty(leavesUpTo300, fc.nat(), fc.nat(), async (leaves, pick, bit) => {
        const hashes = leaves.map(leafHash)
        const size = BigInt(leaves.length)
        const index = BigInt(pick % leaves.length)
        const proof = await inclusionProof(index, size, treeOf(hashes))
        const claim = { leafHash: hashes[Number(index)] as Uint8Array, index, size, proof, root: rootOf(hashes) }
        expect(await bothOnInclusion(claim)).toEqual([true, true])
        const parts = [claim.leafHash, claim.root, ...proof]
        const broken = parts.map((hash, i) => (i === bit % parts.length ? flip(hash, bit) : hash))
        const [leaf, root, ...rest] = broken as [Uint8Array, Uint8Array, ...Uint8Array[]]
        expect(await bothOnInclusion({ ...claim, leafHash: leaf, root, proof: rest })).toEqual([false, false])
      }),
      { numRuns: 150 },
    )
  })

  it('proves to both verifiers that it grew from each smaller one, and neither believes a proof with one bit changed', async () => {
    await fc.assert(
      fc.asyncProperty(leavesUpTo300, fc.nat(), fc.nat(), async (leaves, pick, bit) => {
        const hashes = leaves.map(leafHash)
        const size1 = 1 + (pick % leaves.length)
        const proof = await consistencyProof(BigInt(size1), BigInt(leaves.length), treeOf(hashes))
        const claim = {
          size1: BigInt(size1),
          root1: rootOf(hashes.slice(0, size1)),
          size2: BigInt(leaves.length),
          root2: rootOf(hashes),
          proof,
        }
        expect(await bothOnConsistency(claim)).toEqual([true, true])
        const parts = [claim.root1, claim.root2, ...proof]
        const broken = parts.map((hash, i) => (i === bit % parts.length ? flip(hash, bit) : hash))
        const [root1, root2, ...rest] = broken as [Uint8Array, Uint8Array, ...Uint8Array[]]
        expect(await bothOnConsistency({ ...claim, root1, root2, proof: rest })).toEqual([false, false])
      }),
      { numRuns: 150 },
    )
  })

  it('proves every leaf and every growth of the sizes up to 20, none left out', async () => {
    const hashes = vectorLeaves(20).map(leafHash)
    for (let size = 1; size <= 20; size++) {
      const source = treeOf(hashes.slice(0, size))
      const root = rootOf(hashes.slice(0, size))
      for (let i = 0; i < size; i++) {
        const proof = await inclusionProof(BigInt(i), BigInt(size), source)
        const leaf = hashes[i] as Uint8Array
        expect(await bothOnInclusion({ leafHash: leaf, index: BigInt(i), size: BigInt(size), proof, root })).toEqual([
          true,
          true,
        ])
        const root1 = rootOf(hashes.slice(0, i + 1))
        const growth = await consistencyProof(BigInt(i + 1), BigInt(size), source)
        const claim = { size1: BigInt(i + 1), root1, size2: BigInt(size), root2: root, proof: growth }
        expect(await bothOnConsistency(claim)).toEqual([true, true])
      }
    }
  })
})

describe('proofs that make no sense', () => {
  it('are refused where they are made', async () => {
    const source = treeOf([leafHash(text('one'))])
    await expect(inclusionProof(1n, 1n, source)).rejects.toThrow(RangeError)
    await expect(inclusionProof(-1n, 1n, source)).rejects.toThrow(RangeError)
    await expect(consistencyProof(0n, 1n, source)).rejects.toThrow(RangeError)
    await expect(consistencyProof(2n, 1n, source)).rejects.toThrow(RangeError)
    await expect(treeRoot(1n << 63n, source)).rejects.toThrow(RangeError)
  })
})

// biome-ignore lint/suspicious/noExplicitAny: vectors
async function agreesOnInclusion(vector: any, source: ReturnType<typeof treeOf>): Promise<void> {
  const [index, size] = [BigInt(vector.index), BigInt(vector.size)]
  const proof = await inclusionProof(index, size, source)
  expect(proof.map(toHex)).toEqual(vector.proof)
  const claim = { leafHash: hex(vector.leafHash), index, size, proof, root: hex(vector.root) }
  expect(await bothOnInclusion(claim)).toEqual([true, true])
}

// biome-ignore lint/suspicious/noExplicitAny: vectors
async function agreesOnConsistency(vector: any, source: ReturnType<typeof treeOf>): Promise<void> {
  const [size1, size2] = [BigInt(vector.size1), BigInt(vector.size2)]
  const proof = await consistencyProof(size1, size2, source)
  expect(proof.map(toHex)).toEqual(vector.proof)
  const claim = { size1, size2, proof, root1: hex(vector.root1), root2: hex(vector.root2) }
  expect(await bothOnConsistency(claim)).toEqual([true, true])
}
