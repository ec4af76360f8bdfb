import { assert } from '../base/assert.ts'
import { canonical, type Json } from '../base/canonical.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { consentReceiptFormat } from '../consent/receipt.ts'
import { nextBatchAt } from '../release/consent-batch.ts'
import { writeProof } from '../tlog/proof.ts'
import type { House } from './house.ts'
import type { MyProof } from './views/proof.ts'
import { timeText } from './views/time.ts'

/** Everything there is to check, with the addresses of the receipts. Refuses person.unknown. */
export async function ownProof(house: House, person: string): Promise<Outcome<MyProof>> {
  const { books, clock } = house.world
  const at = clock.now()
  const choices = await books.choices(person, at)
  if (!choices.ok) return choices
  const statement = await books.statement(person, at)
  if (!statement.ok) return statement
  return accept({
    logKey: house.logKey,
    origin: (await books.settings())?.origin ?? '',
    checkpoint: (await books.newestCheckpoint())?.note,
    releases: statement.value.releases
      .filter((one) => one.buyer !== 'house')
      .map((one) => ({ release: one.id, at: timeText(one.at), url: `/v1/me/uses/${encodeURIComponent(one.id)}` })),
    choices: choices.value.events.toReversed().map((event) => ({
      act: event.id,
      purpose: event.purpose,
      status: event.status,
      at: timeText(event.at),
      url: `/v1/me/choices/${encodeURIComponent(event.id)}/receipt`,
    })),
  })
}

/** The receipt's text, or when the next batch may hold the act. */
export type ConsentProof = { readonly receipt: string } | { readonly pendingUntil: string }

/** The proof of one own act. Refuses person.unknown, and request.not_found for an act that is not this person's. */
export async function consentReceipt(house: House, person: string, act: string): Promise<Outcome<ConsentProof>> {
  const { books, log, clock } = house.world
  const choices = await books.choices(person, clock.now())
  if (!choices.ok) return choices
  if (!choices.value.events.some((event) => event.id === act))
    return refuse('request.not_found', 'you did no such act', { hint: 'GET /v1/me/choices lists yours' })
  const found = await books.consentSlot(act)
  const published = (await books.newestCheckpoint())?.size ?? 0n
  if (found === undefined || found.batch.leafIndex >= published)
    return accept({ pendingUntil: timeText(await nextBatchAt(house.world)) })
  const [leaf] = await books.leaves(found.batch.leafIndex, 1)
  assert(leaf, 'a batch has its leaf')
  const receipt: Json = {
    format: consentReceiptFormat,
    origin: (await books.settings())?.origin ?? '',
    consent: JSON.parse(found.receipt) as Json,
    salt: found.salt,
    slot: `${found.slot}`,
    path: found.path,
    batch: JSON.parse(Buffer.from(leaf.data).toString('utf8')) as Json,
    proof: writeProof(await log.prove(found.batch.leafIndex)),
  }
  return accept({ receipt: `${canonical(receipt)}\n` })
}
