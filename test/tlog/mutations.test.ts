import { describe, expect, it } from 'vitest'
import { emptyRoot } from '../../src/tlog/merkle.ts'
import { bothOnConsistency, bothOnInclusion, flip } from './both.ts'
import { hex, text, vectors } from './support.ts'

/** The kinds of forged proof in the test data of transparency-dev/merkle, applied to every vector; each must be refused by both implementations. */
type Hash = Uint8Array
interface Inclusion {
  readonly leafHash: Hash
  readonly index: bigint
  readonly size: bigint
  readonly proof: readonly Hash[]
  readonly root: Hash
}
interface Consistency {
  readonly size1: bigint
  readonly size2: bigint
  readonly root1: Hash
  readonly root2: Hash
  readonly proof: readonly Hash[]
}

const garbage = new Uint8Array(32).fill(0x5a)
const none = new Uint8Array()
const kinds = vectors.mutations.kinds as { inclusion: string[]; consistency: string[] }

/** `undefined`: the kind does not apply to this vector (for example, there is no second hash to modify). */
const inclusion: Record<string, (v: Inclusion) => Inclusion | undefined> = {
  'empty leaf': (v) => ({ ...v, leafHash: none }),
  'empty root': (v) => ({ ...v, root: none }),
  'empty root and leaf': (v) => ({ ...v, root: none, leafHash: none }),
  'empty root and random leaf': (v) => ({ ...v, root: none, leafHash: garbage }),
  'inserted component': (v) => ({ ...v, proof: v.proof.toSpliced(v.proof.length >> 1, 0, garbage) }),
  'leafIdx XOR': (v) => ({ ...v, index: v.index ^ 2n }),
  'leafIdx plus': (v) => ({ ...v, index: v.index + 1n }),
  'leafIdx sub': (v) => ({ ...v, index: v.index - 1n }),
  'modified proof[0] bit': (v) => modified(v, 0),
  'modified proof[1] bit': (v) => modified(v, 1),
  'modified proof[2] bit': (v) => modified(v, 2),
  'preceding garbage': (v) => ({ ...v, proof: [garbage, ...v.proof] }),
  'preceding root': (v) => ({ ...v, proof: [v.root, ...v.proof] }),
  'random leaf': (v) => ({ ...v, leafHash: garbage }),
  'random root': (v) => ({ ...v, root: garbage }),
  'removed component': (v) => (v.proof.length > 0 ? { ...v, proof: v.proof.slice(0, -1) } : undefined),
  'trailing garbage': (v) => ({ ...v, proof: [...v.proof, garbage] }),
  'trailing root': (v) => ({ ...v, proof: [...v.proof, v.root] }),
  'treeSize div': (v) => ({ ...v, size: v.size / 2n }),
  'treeSize mul': (v) => ({ ...v, size: v.size * 2n }),
  'wrong leaf': (v) => ({ ...v, leafHash: flip(v.leafHash, 12) }),
}

const proofOf = (v: Consistency): readonly Hash[] => (v.proof.length > 0 ? v.proof : [garbage])
const consistency: Record<string, (v: Consistency) => Consistency | undefined> = {
  'consistency check on empty tree (size1 is zero) is useless': (v) => ({
    ...v,
    size1: 0n,
    root1: emptyRoot,
    root2: emptyRoot,
  }),
  'empty proof': (v) => (v.size1 < v.size2 ? { ...v, proof: [] } : undefined),
  'modified proof': (v) => modified(v, 0),
  'preceding garbage': (v) => ({ ...v, proof: [garbage, ...v.proof] }),
  'preceding proof': (v) => (v.proof[0] ? { ...v, proof: [v.proof[0], ...v.proof] } : undefined),
  'preceding root1': (v) => ({ ...v, proof: [v.root1, ...v.proof] }),
  'preceding root2': (v) => ({ ...v, proof: [v.root2, ...v.proof] }),
  'roots do not match and sizes are zero': (v) => ({
    ...v,
    size1: 0n,
    size2: 0n,
    root1: emptyRoot,
    root2: garbage,
    proof: [],
  }),
  'roots do not not match and sizes are one': (v) => ({
    ...v,
    size1: 1n,
    size2: 1n,
    root1: v.root1,
    root2: garbage,
    proof: [],
  }),
  'size1 XOR': (v) => ({ ...v, size1: v.size1 ^ 2n }),
  'size1 is greater than size2': (v) => ({ ...v, size1: v.size2 + 1n }),
  'size1 is greater than size2 again': (v) => ({ ...v, size1: v.size2 * 2n, proof: [] }),
  'size1 is zero and does not equal size2': (v) => ({ ...v, size1: 0n, proof: [] }),
  'size1 is zero and size2 is not zero': (v) => ({ ...v, size1: 0n, root1: emptyRoot, proof: [] }),
  'size1 plus': (v) => ({ ...v, size1: v.size1 + 1n }),
  'size1 sub': (v) => ({ ...v, size1: v.size1 - 1n }),
  'size2 div': (v) => ({ ...v, size2: v.size2 / 2n }),
  'size2 mul': (v) => ({ ...v, size2: v.size2 * 2n }),
  'sizes are equal (one) but roots are not': (v) => ({ ...v, size1: 1n, size2: 1n, root2: garbage, proof: [] }),
  'sizes are equal (zero) and proof is empty': (v) => ({
    ...v,
    size1: 0n,
    size2: 0n,
    root1: emptyRoot,
    root2: emptyRoot,
    proof: [],
  }),
  'sizes are equal (zero) but roots are not': (v) => ({ ...v, size1: 0n, size2: 0n, root2: garbage, proof: [] }),
  'sizes do not watch and proof is empty': (v) => (v.size1 < v.size2 ? { ...v, root2: v.root1, proof: [] } : undefined),
  'sizes match but proof is not empty and sizes are one': (v) => ({
    ...v,
    size1: 1n,
    size2: 1n,
    root2: v.root1,
    proof: proofOf(v),
  }),
  'sizes match but proof is not empty and sizes are zero': (v) => ({
    ...v,
    size1: 0n,
    size2: 0n,
    root1: emptyRoot,
    root2: emptyRoot,
    proof: proofOf(v),
  }),
  'swapped roots': (v) => (v.size1 < v.size2 ? { ...v, root1: v.root2, root2: v.root1 } : undefined),
  'trailing garbage': (v) => ({ ...v, proof: [...v.proof, garbage] }),
  'trailing root1': (v) => ({ ...v, proof: [...v.proof, v.root1] }),
  'trailing root2': (v) => ({ ...v, proof: [...v.proof, v.root2] }),
  'truncated proof': (v) => (v.proof.length > 0 ? { ...v, proof: v.proof.slice(0, -1) } : undefined),
  'wrong root1': (v) => ({ ...v, root1: flip(v.root1, 100) }),
  'wrong root2': (v) => ({ ...v, root2: flip(v.root2, 100) }),
}

describe('every known kind of forged inclusion proof is refused by both implementations', () => {
  it('and none of the kinds is left out', () => {
    expect(Object.keys(inclusion).sort()).toEqual([...kinds.inclusion].sort())
  })
  it.each(kinds.inclusion)('%s', async (kind) => {
    const forged = inclusionVectors.flatMap((vector) => forge(inclusion, kind, vector))
    expect(forged.length).toBeGreaterThan(10)
    for (const claim of forged) expect(await bothOnInclusion(claim), describeClaim(claim)).toEqual([false, false])
  })
})

describe('every known kind of forged consistency proof is refused by both implementations', () => {
  it('and none of the kinds is left out', () => {
    expect(Object.keys(consistency).sort()).toEqual([...kinds.consistency].sort())
  })
  it.each(kinds.consistency)('%s', async (kind) => {
    const forged = consistencyVectors.flatMap((vector) => forge(consistency, kind, vector))
    expect(forged.length).toBeGreaterThan(10)
    for (const claim of forged) expect(await bothOnConsistency(claim), describeClaim(claim)).toEqual([false, false])
  })
})

describe('claims that no tree can make', () => {
  it('are refused by both implementations', async () => {
    const long = Array.from({ length: 70 }, () => garbage)
    const huge = { leafHash: garbage, index: 0n, size: 1n << 70n, proof: long, root: garbage }
    expect(await bothOnInclusion(huge)).toEqual([false, false])
    expect(
      await bothOnInclusion({ ...huge, size: 1n, proof: [], root: text('short'), leafHash: text('short') }),
    ).toEqual([false, false])
    const growth = { size1: 1n, size2: 1n << 70n, root1: garbage, root2: garbage, proof: long }
    expect(await bothOnConsistency(growth)).toEqual([false, false])
  })
})

type InclusionText = { leafHash: string; index: number; size: number; proof: string[]; root: string }
type ConsistencyText = { size1: number; size2: number; root1: string; root2: string; proof: string[] }
const { rfc6962eight, own } = vectors
const inclusionTexts: InclusionText[] = [...rfc6962eight.inclusion, ...own.inclusion]
const inclusionVectors: Inclusion[] = inclusionTexts.map((v) => ({
  leafHash: hex(v.leafHash),
  index: BigInt(v.index),
  size: BigInt(v.size),
  proof: v.proof.map(hex),
  root: hex(v.root),
}))
const consistencyTexts: ConsistencyText[] = [...rfc6962eight.consistency, ...own.consistency]
const consistencyVectors: Consistency[] = consistencyTexts.map((v) => ({
  size1: BigInt(v.size1),
  size2: BigInt(v.size2),
  root1: hex(v.root1),
  root2: hex(v.root2),
  proof: v.proof.map(hex),
}))

function forge<T>(table: Record<string, (v: T) => T | undefined>, kind: string, vector: T): T[] {
  const forged = table[kind]?.(vector)
  return forged === undefined ? [] : [forged]
}

function modified<T extends { readonly proof: readonly Hash[] }>(v: T, at: number): T | undefined {
  const hash = v.proof[at]
  return hash && { ...v, proof: v.proof.with(at, flip(hash, 4)) }
}

const describeClaim = (claim: object): string =>
  Object.entries(claim)
    .map(([name, value]) => `${name} ${typeof value === 'bigint' ? value : ''}`)
    .join(', ')
