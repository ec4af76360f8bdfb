import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/base/hash.ts'
import { decodeHash } from '../../src/tlog/base64.ts'
import { fillBatch } from '../../src/tlog/batch.ts'
import { leafHash, rootOf, verifyInclusion } from '../../src/tlog/merkle.ts'

const commitments = (count: number) => Array.from({ length: count }, (_, i) => sha256(`act ${i}`))
const fillers = () => {
  let next = 0
  return () => sha256(`filler ${next++}`)
}

describe('a batch of acts', () => {
  it('proves every act under its root, at the act’s own slot and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.nat(), (height, some) => {
        const capacity = 2 ** height
        const acts = commitments(some % (capacity + 1))
        const { root, placed } = fillBatch(acts, capacity, fillers())
        for (const [i, { slot, path }] of placed.entries()) {
          const proof = path.map((hash) => decodeHash(hash) as Uint8Array)
          const claim = { leafHash: leafHash(acts[i] as Buffer), size: BigInt(capacity), proof, root }
          expect(verifyInclusion({ ...claim, index: BigInt(slot) })).toBe(true)
          expect(verifyInclusion({ ...claim, index: BigInt(slot ^ 1) })).toBe(false)
        }
        expect(new Set(placed.map(({ slot }) => slot)).size).toBe(acts.length)
      }),
      { numRuns: 60 },
    )
  })

  it('is the tree of all its slots in the order of their bytes, so that the order of coming is gone', () => {
    const acts = commitments(5)
    const fill = fillers()
    const all = [...acts, ...Array.from({ length: 11 }, fill)].sort(Buffer.compare)
    const { root } = fillBatch(acts, 16, fillers())
    expect(Buffer.from(root)).toEqual(Buffer.from(rootOf(all.map(leafHash))))
    expect(fillBatch(acts.toReversed(), 16, fillers()).root).toEqual(root)
  })

  it('holds no more than its slots, of a power of two', () => {
    expect(() => fillBatch(commitments(5), 4, fillers())).toThrow(/no more than its slots/)
    for (const capacity of [0, 1, 3, 4095, 2 ** 17])
      expect(() => fillBatch([], capacity, fillers())).toThrow(/power of two/)
    expect(() => fillBatch([], 4, () => new Uint8Array(31))).toThrow(/32 bytes/)
  })
})
