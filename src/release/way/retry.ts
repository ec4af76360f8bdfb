import { hashOf, sha256 } from '../../base/hash.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { ReleaseEntry } from '../ports.ts'
import type { World } from '../world.ts'
import type { Lawful } from './law.ts'
import type { Acceptance } from './market.ts'
import { lossOf } from './privacy.ts'

/**
 * The release that this buyer's idempotency key made, looked up before anything that passes with time: a retry finds it also when the period or the quote is
 * over and prices have moved. Undefined: the key is new, or there is none. Refuses request.idempotency_conflict, as Books.charge does.
 */
export async function retried(
  question: Lawful,
  { idempotencyKey }: Acceptance,
  world: World,
): Promise<Outcome<ReleaseEntry | undefined>> {
  const used = idempotencyKey && (await world.books.keyed(question.question.buyer, idempotencyKey))
  if (!used) return accept(undefined)
  const hash = requestHash(question)
  if (!hash.ok) return hash
  return used.requestHash === hash.value
    ? accept(used.release)
    : refuse('request.idempotency_conflict', 'the idempotency key was used with another request')
}

/** What makes two requests the same under one key: the plan and the whole loss, never the wording; who asks is kept beside it. */
export function requestHash(question: Lawful): Outcome<string> {
  const { asked, purpose, catalogue } = question
  const { topUpOf } = question.question
  const nano = lossOf(question)
  if (!nano.ok) return nano
  const plan = sha256(asked).toString('hex')
  return accept(
    hashOf({
      plan,
      purpose,
      product: catalogue.product,
      nano: nano.value,
      ...(topUpOf === undefined ? {} : { topUpOf }),
    }),
  )
}
