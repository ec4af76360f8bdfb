import { createHash } from 'node:crypto'
import type { RandomBytes } from '../../src/privacy/random.ts'

/** A deterministic byte stream for tests: SHA-256(seed || counter), counter = 0, 1, 2, … */
export function seeded(seed: string): RandomBytes {
  let block = Buffer.alloc(0)
  let next = 0
  let counter = 0
  return (buffer) => {
    for (let i = 0; i < buffer.length; i++) {
      if (next === block.length) {
        block = createHash('sha256').update(`${seed}/${counter++}`).digest()
        next = 0
      }
      buffer[i] = block[next++] as number
    }
  }
}
