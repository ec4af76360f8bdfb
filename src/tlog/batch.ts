import { assert } from '../base/assert.ts'
import { encodeBase64 } from './base64.ts'
import { type Hash, leafHash, nodeHash } from './merkle.ts'

/** Where a commitment lies in its batch, and how that is proved. */
export interface Placed {
  readonly slot: number
  /** Hashes in base64, from the slot's sibling up (RFC 9162 2.1.3). */
  readonly path: readonly string[]
}

export const largestBatch = 65_536
export const isCapacity = (capacity: number): boolean =>
  Number.isSafeInteger(capacity) && capacity >= 2 && capacity <= largestBatch && (capacity & (capacity - 1)) === 0

/**
 * A Merkle tree over exactly `capacity` slots of 32 bytes: the commitments, and for the rest what `filler` gives, which must look the same to
 * whoever holds no salt. Slots are sorted by their bytes: of hashes under secret salts that order is a shuffle, so neither how many of them are real nor who
 * came when can be seen from the batch. Places come in the order of `commitments`.
 */
export function fillBatch(
  commitments: readonly Uint8Array[],
  capacity: number,
  filler: () => Uint8Array,
): { readonly root: Hash; readonly placed: readonly Placed[] } {
  assert(isCapacity(capacity), 'a batch has a power of two of slots')
  assert(commitments.length <= capacity, 'a batch holds no more than its slots')
  const contents = Array.from({ length: capacity }, (_, index) => Buffer.from(commitments[index] ?? filler()))
  assert(
    contents.every((content) => content.length === 32),
    'a slot holds 32 bytes',
  )
  const order = contents.map((_, index) => index)
  order.sort((a, b) => Buffer.compare(contents[a] as Buffer, contents[b] as Buffer))
  const slots = new Array<number>(capacity)
  for (const [slot, index] of order.entries()) slots[index] = slot

  const rows = [order.map((index) => leafHash(contents[index] as Buffer))]
  for (let row = rows[0] as Hash[]; row.length > 1; row = rows.at(-1) as Hash[])
    rows.push(Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i] as Hash, row[2 * i + 1] as Hash)))
  return {
    root: rows.at(-1)?.[0] as Hash,
    placed: commitments.map((_, index) => {
      const slot = slots[index] as number
      const path = rows.slice(0, -1).map((row, level) => encodeBase64(row[(slot >> level) ^ 1] as Hash))
      return { slot, path }
    }),
  }
}
