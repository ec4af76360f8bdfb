import { assert } from '../base/assert.ts'
import { type Rational, rationalText } from '../base/rational.ts'
import type { NanoRho } from '../base/units.ts'
import { rhoText } from '../money/amount.ts'
import { epsilonText } from '../privacy/accounting.ts'
import { type NoisePlan, sigma2Of } from '../privacy/budget.ts'
import { combine, combinedHalfWidth } from '../privacy/combine.ts'
import type { Priced } from './way/market.ts'
import type { Budgeted } from './way/privacy.ts'
import type { Noisy } from './way/run.ts'
import type { TopUp } from './way/top-up.ts'

/** A release together with the earlier ones that it makes more precise: public arithmetic on what was released. */
export interface Combined {
  readonly values: readonly (readonly bigint[])[]
  /** Of each released integer of a group. */
  readonly sigma2: readonly Rational[]
  /** Of one value, or of the sum of so many that have the same noise. */
  readonly halfWidth: (value: number, count?: number) => bigint
}

/** What the answer says of it; whoever has all receipts can recompute it (verify/combined.ts). */
export type CombinedView = {
  /** Release ids, the first answer first, this one last. */
  readonly of: readonly string[]
  /** The loss of all of them. */
  readonly nano: string
  readonly rho: string
  readonly epsilon: string
  /** Of each channel: its charges added up, the variance that follows, and how many integers of a group it is. */
  readonly channels: readonly { readonly nano: string; readonly sigma2: string; readonly width: number }[]
  /** The combined integers, as `released`. */
  readonly values: readonly (readonly string[])[]
}

export type QuotedTopUp = {
  readonly of: string
  /** What the buyer has, and what both together will have. */
  readonly owned: string
  readonly total: string
  readonly words: string
}

/** Counts, sums and what is made of them, in groups that are always the same: noise of one law on the same cells. */
export const canBeAddedTo = ({ noise, keys }: Noisy): boolean =>
  keys === undefined && noise.selection === undefined && noise.channels.every(({ choice }) => choice === undefined)

/** The noise of all releases together, as if it were one of the whole loss. */
export function combinedPlan({ noise, topUp }: Budgeted): NoisePlan {
  if (!topUp) return noise
  const channels = noise.channels.map((channel, index) => {
    const nano = chargesOf(index, channel.nano, topUp).reduce((sum, one) => sum + one, 0n)
    return { ...channel, nano, sigma2: sigma2Of(channel.sensitivitySquared, nano) }
  })
  return { ...noise, nano: noise.nano + topUp.owned, channels }
}

export function combinedOf(question: Noisy, topUp: TopUp): Combined {
  const { noise } = question
  assert(
    topUp.earlier.every(
      ({ channels, values }) => channels.length === noise.channels.length && values.length === question.values.length,
    ),
    'the releases have the same channels and cells',
  )
  const plan = combinedPlan(question)
  // The channel of each integer of a group.
  const channelOf = noise.channels.flatMap(({ width = 1 }, index) => Array.from({ length: width }, () => index))
  const parts = noise.channels.map((channel, index) =>
    chargesOf(index, channel.nano, topUp).map((nano) => ({ nano, sigma2: sigma2Of(channel.sensitivitySquared, nano) })),
  )
  const halfWidths = parts.map((part) => combinedHalfWidth(part))
  const values = question.values.map((own, cell) =>
    own.map((value, at) => {
      const charges = parts[channelOf[at] as number] as readonly { readonly nano: NanoRho }[]
      const released = [...topUp.earlier.map((one) => one.values[cell]?.[at]), value]
      return combine(
        released.map((one, index) => {
          assert(one !== undefined, 'each release has every value')
          return { value: one, nano: charges[index]?.nano ?? 0n }
        }),
      )
    }),
  )
  return {
    values,
    sigma2: channelOf.map((index) => plan.channels[index]?.sigma2 as Rational),
    halfWidth: (value, count = 1) => {
      const channel = channelOf[value] as number
      return count === 1 ? (halfWidths[channel] as bigint) : combinedHalfWidth(parts[channel] ?? [], count)
    },
  }
}

export function combinedView(question: Noisy, { values }: Combined): CombinedView {
  const { topUp } = question
  assert(topUp, 'there is something to combine with')
  const plan = combinedPlan(question)
  return {
    of: [...topUp.earlier.map(({ id }) => id), question.charged.release.id],
    nano: `${plan.nano}`,
    rho: rhoText(plan.nano),
    epsilon: epsilonText(plan.nano),
    channels: plan.channels.map(({ nano, sigma2, width = 1 }) => ({
      nano: `${nano}`,
      sigma2: rationalText(sigma2),
      width,
    })),
    values: values.map((cell) => cell.map(String)),
  }
}

export function topUpDescribed({ topUp, nano }: Priced): { readonly topUp?: QuotedTopUp } {
  if (!topUp) return {}
  return {
    topUp: {
      of: topUp.of,
      owned: rhoText(topUp.owned),
      total: rhoText(topUp.owned + nano),
      words:
        'the difference in loss and price; combined with what you have by precision. People may have left in between',
    },
  }
}

/** What each release was charged for a channel, oldest first, the new one last. */
const chargesOf = (channel: number, own: NanoRho, { earlier }: TopUp): readonly NanoRho[] => [
  ...earlier.map(({ channels }) => {
    const nano = channels[channel]
    assert(nano !== undefined, 'the releases have the same channels')
    return nano
  }),
  own,
]
