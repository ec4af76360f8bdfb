import { describe, expect, it } from 'vitest'
import { inclusionProof, leafHash, rootOf } from '../../src/tlog/merkle.ts'
import { growTree, verifyInclusionProof } from '../../src/verify/index.ts'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const leaves = Array.from({ length: 70 }, (_, i) => `{"kind":"test","number":"${i}"}`)
const hashes = leaves.map((leaf) => leafHash(Buffer.from(leaf)))
const rootAt = (size: number): string => base64(rootOf(hashes.slice(0, size)))
const source = (level: number, index: bigint) => {
  const width = 1 << level
  return rootOf(hashes.slice(Number(index) * width, (Number(index) + 1) * width))
}

describe('the verifier computes a tree from its leaves', () => {
  it('gives the root that the log signs, at every size', async () => {
    const tree = growTree()
    expect(await tree.root()).toBeUndefined()
    for (const [i, leaf] of leaves.entries()) {
      await tree.append(leaf)
      expect(tree.size).toBe(BigInt(i + 1))
      expect(await tree.root()).toBe(rootAt(i + 1))
    }
  })

  it('gives another root when one leaf differs in one character', async () => {
    const tree = growTree()
    for (const leaf of leaves) await tree.append(leaf.replace('"33"', '"34"'))
    expect(await tree.root()).not.toBe(rootAt(70))
  })
})

describe('the verifier checks that a leaf is in a tree', () => {
  it('holds for the leaf, its index and its tree, and for nothing else', async () => {
    const proof = (await inclusionProof(33n, 70n, source)).map(base64)
    const claim = { leaf: leaves[33] as string, index: 33n, tree: { size: 70n, root: rootAt(70) }, proof }
    expect(await verifyInclusionProof(claim)).toBe(true)
    expect(await verifyInclusionProof({ ...claim, leaf: leaves[34] as string })).toBe(false)
    expect(await verifyInclusionProof({ ...claim, index: 32n })).toBe(false)
    expect(await verifyInclusionProof({ ...claim, tree: { size: 70n, root: rootAt(69) } })).toBe(false)
    expect(await verifyInclusionProof({ ...claim, tree: { size: 64n, root: rootAt(70) } })).toBe(false)
    expect(await verifyInclusionProof({ ...claim, proof: proof.slice(1) })).toBe(false)
    expect(await verifyInclusionProof({ ...claim, proof: ['not base64', ...proof.slice(1)] })).toBe(false)
  })
})
