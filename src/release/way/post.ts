import { assert } from '../../base/assert.ts'
import { commit, freshSalt } from '../../base/hash.ts'
import { leafBytes } from '../../tlog/leaves.ts'
import { answerDocument } from '../document.ts'
import { releaseLeaf } from '../leaves.ts'
import type { World } from '../world.ts'
import type { Noisy } from './run.ts'

/**
 * RELEASED: in one transaction the answer is stored, the money posted, the memo written and the leaf queued for the log. The leaf commits to the
 * answer by a salted hash, so that the log itself tells nobody what came out.
 */
export async function post(question: Noisy, world: World): Promise<void> {
  const at = world.clock.now()
  const settings = await world.books.settings()
  assert(settings, 'the books have settings')
  const answer = answerDocument(question, settings.currency)
  const salt = freshSalt()
  const leaf = releaseLeaf(question, commit('usufruct/result/v1', salt, answer), world)
  await world.books.post(
    question.charged.release.id,
    { answer, leaf: leafBytes(leaf), secret: { salt: salt.toString('hex'), leaf } },
    at,
  )
}
