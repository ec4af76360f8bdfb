import { sha256 } from '../base/hash.ts'

/**
 * Repeatable numbers for the made-up world: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021),
 * started from SHA-256 of the seed's text. For made-up data only: noise and salts never come from here (privacy/random.ts).
 */
export interface Prng {
  /** An integer of 32 bits, 0 to 2^32 - 1. */
  next(): number
  /** An integer from 0 to n - 1; n at most 2^20. Even to within n / 2^32. */
  below(n: number): number
  /** True once in n times. */
  oneIn(n: number): boolean
  /** True in `percent` of 100 cases. */
  percent(percent: number): boolean
}

/** The same seed and stream name give the same numbers on every machine. */
export function makePrng(seed: string, stream: string): Prng {
  const start = sha256(`usufruct/demo/v1\n${stream}\n${seed}`)
  let a = start.readInt32LE(0)
  let b = start.readInt32LE(4)
  let c = start.readInt32LE(8)
  let d = start.readInt32LE(12)

  const next = () => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }
  const below = (n: number) => Math.floor((next() * n) / 4_294_967_296)
  return { next, below, oneIn: (n) => below(n) === 0, percent: (percent) => below(100) < percent }
}

/**
 * A drawing table: entry i stands in it as often as its weight says, so that one draw costs one look. Weights are relative, not negative,
 * and not all 0.
 */
export function drawingTable(weights: readonly number[], size = 4096): Uint16Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const table = new Uint16Array(size)
  let filled = 0
  let reached = 0
  for (const [index, weight] of weights.entries()) {
    reached += weight
    const end = Math.round((reached / total) * size)
    table.fill(index, filled, end)
    filled = end
  }
  return table
}
