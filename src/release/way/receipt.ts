import { assert } from '../../base/assert.ts'
import type { Json } from '../../base/canonical.ts'
import type { ReleaseLeaf } from '../../tlog/leaves.ts'
import { writeProof } from '../../tlog/proof.ts'
import { receiptText } from '../../tlog/receipt.ts'
import type { World } from '../world.ts'

/**
 * Publishes the leaf and gives the receipt, which is stored once: whoever asks again gets the same bytes. An answer is shown only after its leaf
 * is under a signed checkpoint. Idempotent, so a release that was interrupted here is rolled forward by calling it again.
 */
export async function giveReceipt(releaseId: string, world: World): Promise<string> {
  await world.log.publish(world.clock.now())
  const release = await world.books.release(releaseId)
  assert(release?.state === 'released' && release.leafIndex !== undefined, 'a receipt is given for a released release')
  await world.stage?.('receipt')
  const settings = await world.books.settings()
  assert(settings, 'the books have settings')
  const { salt, leaf } = release.secret as { readonly salt: string; readonly leaf: Json }
  const { canonical: plan } = release.plan as { readonly canonical: string }
  const text = receiptText({
    origin: settings.origin,
    release: leaf as unknown as ReleaseLeaf,
    plan,
    answer: release.answer ?? null,
    resultSalt: salt,
    proof: writeProof(await world.log.prove(release.leafIndex)),
  })
  return world.books.saveReceipt(releaseId, text)
}
