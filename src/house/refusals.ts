import type { Outcome, Refusal } from '../base/refusal.ts'
import type { Question, World } from '../release/world.ts'

/** So many of one buyer and day are entries; a flood beyond them is counted, by code, and does not grow the books. */
export const mostRefusalsADay = 1_000

/**
 * A buyer's question that was refused, kept for the steward to see: who, when, for what, the code and the place in the text; never the text. A release that failed
 * after its charge is no refusal and stands among the releases. Gives the outcome on.
 */
export async function noteRefusal<T>(
  world: World,
  act: 'quote' | 'ask',
  question: Question,
  outcome: Outcome<T>,
): Promise<Outcome<T>> {
  if (!outcome.ok && outcome.refusal.code !== 'release.failed') await keep(world, act, question, outcome.refusal)
  return outcome
}

async function keep(world: World, act: 'quote' | 'ask', question: Question, refusal: Refusal): Promise<void> {
  const contract = (await world.books.contracts()).find((entry) => entry.product === question.product)
  const asked = question.purpose ?? (contract?.purposes.length === 1 ? contract.purposes[0] : undefined)
  await world.books.recordRefusal(
    {
      at: world.clock.now(),
      buyer: question.buyer,
      act,
      code: refusal.code,
      // Names that are not in the books are a stranger's text, which is not kept.
      product: contract?.product,
      purpose: contract?.purposes.find((purpose) => purpose === asked),
      position: refusal.position && { ...refusal.position },
    },
    mostRefusalsADay,
  )
}
