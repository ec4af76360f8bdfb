import { maximum, minimum } from '../base/integer.ts'
import { decimalText } from '../base/rational.ts'
import { amountText, rhoText } from '../money/amount.ts'
import type { Accuracy } from './accuracy.ts'
import type { Weighed } from './quote.ts'
import type { ChosenPart } from './way/choose.ts'

/** What a quote says of bounds that are not the declared ones. Decimal texts throughout. */
export type QuotedBounds = {
  readonly mode: 'auto' | 'named'
  readonly sums: readonly {
    /** "table.column" */
    readonly sum: string
    /** What one person adds to it at most. Missing while it has to be chosen: then at most the declared amount. */
    readonly bound?: string | undefined
    readonly declared?: string | undefined
    /** The question that chooses it, and what that costs now; missing once the bound is known: then it is free. */
    readonly sql?: string | undefined
    readonly price?: string | undefined
    readonly rho?: string | undefined
  }[]
  readonly words: string
}

export function boundsDescribed({ priced, parts, missing }: Weighed): { readonly bounds?: QuotedBounds } {
  if (priced.question.bounds === undefined) return {}
  if (priced.question.bounds !== 'auto') {
    const sums = priced.narrowed.map(({ name, bound }) => ({ sum: name, bound }))
    return { bounds: { mode: 'named', sums, words: 'what one person adds is bounded as you say' } }
  }
  const sums = parts.map(({ sum, priced: choice, bound }) => ({
    sum: sum.name,
    declared: decimalText(sum.declared, sum.scale),
    ...(bound === undefined
      ? { sql: sum.sql, price: amountText(choice.price.price), rho: rhoText(choice.nano) }
      : { bound: decimalText(minimum(bound, sum.declared), sum.scale) }),
  }))
  return { bounds: { mode: 'auto', sums, words: words(parts, missing, priced.upperBound) } }
}

function words(parts: readonly ChosenPart[], missing: readonly ChosenPart[], upperBound: bigint): string {
  if (parts.length === 0) return 'no sum here has a bound that could be chosen; the declared bounds hold'
  if (missing.length === 0)
    return 'the bounds were chosen by an earlier release of this period and cost nothing more; people above them count with the bound'
  const first =
    'a release of its own chooses the bounds first, for a tenth of the loss; it serves everybody until the period ends'
  const targets = missing.map(({ priced }) => priced.noise.channels[0]?.choice?.target ?? 0n)
  const most = targets.reduce(maximum, 0n)
  // What the mechanism can tell apart at this loss, against N^: public facts, both.
  return 4n * most < upperBound
    ? first
    : `${first}. With about ${upperBound} people or fewer it can hardly tell bounds apart (about ${most} people are left above one): name bounds yourself, or more precision`
}

/** Widths that are not promised: while bounds have to be chosen, and of two answers together. */
export const accuracyWithin = (accuracy: readonly Accuracy[], { priced, missing }: Weighed): readonly Accuracy[] => {
  const why =
    missing.length > 0
      ? 'where a bound is chosen, the width follows from it and is at most as with the declared one'
      : priced.topUp
        ? 'of both answers together; rounding may add one unit'
        : undefined
  if (why === undefined) return accuracy
  return accuracy.map((one) => ({
    ...one,
    kind: one.kind === 'guaranteed' ? 'expected' : one.kind,
    words: `${one.words}; ${why}`,
  }))
}
