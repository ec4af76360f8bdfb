import { randomFillSync } from 'node:crypto'

/** Fills the whole buffer with independent, uniformly distributed, unpredictable bytes. */
export type RandomBytes = (buffer: Uint8Array) => void

/** The operating system's generator through OpenSSL. */
export const systemRandom: RandomBytes = (buffer) => {
  randomFillSync(buffer)
}

export interface RandomPool {
  readonly random: RandomBytes
  /** Zeroes what was fetched and not used. The pool can be used again: it fetches anew. */
  wipe(): void
}

/** 64 KiB. */
const largestPool = 65_536

/**
 * Fetches bytes in large pieces and hands them out in small ones; every byte is handed out once and zeroed in the pool as it leaves.
 * A pool lives for one release only: a machine restored twice from the same snapshot must not find unused bytes waiting, because
 * the same noise on two true answers reveals their difference.
 */
export function pool(source: RandomBytes = systemRandom, size = largestPool): RandomPool {
  const bytes = new Uint8Array(Math.max(1, Math.min(size, largestPool)))
  let next = bytes.length
  return {
    random(buffer) {
      let filled = 0
      while (filled < buffer.length) {
        if (next === bytes.length) {
          source(bytes)
          next = 0
        }
        const take = Math.min(buffer.length - filled, bytes.length - next)
        for (let i = 0; i < take; i++) {
          buffer[filled + i] = bytes[next + i] as number
          bytes[next + i] = 0
        }
        filled += take
        next += take
      }
    },
    wipe() {
      bytes.fill(0)
      next = bytes.length
    },
  }
}
