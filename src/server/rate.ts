import type { FastifyReply } from 'fastify'
import type { Clock } from '../base/instant.ts'
import { maximum } from '../base/integer.ts'
import { Refused, refuse } from '../base/refusal.ts'

/** How many at once, and how long until one more is free again. */
export interface Rate {
  readonly burst: number
  readonly microsEach: bigint
}

/** So many keys are remembered; the one that was seen longest ago is forgotten first. */
const mostKeys = 10_000

/**
 * A bucket for each key, in memory alone: gives undefined while there is room, else the whole seconds to wait. Keys are addresses of strangers: they are kept no
 * longer than the bucket needs to be full again, and never written anywhere.
 */
export function rateLimit(clock: Clock, { burst, microsEach }: Rate): (key: string) => bigint | undefined {
  /** The moment from which on the bucket is full again. */
  const fullAt = new Map<string, bigint>()
  return (key) => {
    const now = clock.now()
    const before = fullAt.get(key) ?? now
    const free = maximum(before, now) + microsEach
    const wait = free - now - BigInt(burst) * microsEach
    if (wait > 0n) return (wait + 999_999n) / 1_000_000n
    fullAt.delete(key)
    fullAt.set(key, free)
    for (const [oldest, full] of fullAt) {
      if (fullAt.size <= mostKeys && full > now) break
      fullAt.delete(oldest)
    }
    return undefined
  }
}

/** Refuses request.too_many with Retry-After. */
export function within(limit: ReturnType<typeof rateLimit>, key: string, reply: FastifyReply): void {
  const seconds = limit(key)
  if (seconds === undefined) return
  reply.header('retry-after', `${seconds}`)
  throw new Refused(
    refuse('request.too_many', 'too many requests in a short time', { hint: `try again in ${seconds} s` }).refusal,
  )
}
