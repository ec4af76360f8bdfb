import { type Channel, greatestCommonDivisor, readChannels, readFacts } from './facts.ts'
import type { ObjectValue } from './json.ts'

/**
 * What must hold between the public numbers of a release. Each function gives the words for what holds, or throws Broken with the words for what
 * does not (or Unreadable, when a number is not there). docs/receipt.md states the same relations.
 */
export class Broken extends Error {
  override readonly name = 'Broken'
}

const million = 1_000_000n

/** sigma^2 = Delta^2 * 10^9 / (2 * nano) for each channel (zero-concentrated differential privacy), and the channels' losses add up. */
export function noiseFollows(release: ObjectValue): string {
  const { nano, channels } = readChannels(release)
  let sum = 0n
  for (const [i, channel] of channels.entries()) {
    if (channel.nano === 0n) throw new Broken(`Channel ${i + 1} was released without any charge.`)
    sum += channel.nano
    if (channel.epsilon) {
      choiceFollows(i, channel)
      continue
    }
    const n = channel.sensitivitySquared * 1_000_000_000n
    const d = 2n * channel.nano
    const g = greatestCommonDivisor(n, d)
    if (channel.sigma2.n !== n / g || channel.sigma2.d !== d / g)
      throw new Broken(
        `Channel ${i + 1}: a charge of ${channel.nano} nano-rho means variance ${n / g}/${d / g}, not what is stated.`,
      )
  }
  if (sum !== nano)
    throw new Broken(`The channels' charges add up to ${sum} nano-rho, the release was charged ${nano}.`)
  const parts = channels.length === 1 ? 'one channel' : `${channels.length} channels`
  return `The noise follows from the privacy charge: ${nano} nano-rho over ${parts}.`
}

/** A choice by the exponential mechanism: epsilon is the largest multiple of 2^-20 with epsilon²/8 <= nano 10^-9, and no noise is added. */
function choiceFollows(i: number, { nano, sensitivitySquared, sigma2, epsilon }: Channel): void {
  const unit = 1n << 20n
  const k = epsilon && (epsilon.n * unit) / epsilon.d
  const cost = (steps: bigint): bigint => steps * steps * 1_000_000_000n
  const charged = 8n * nano * unit * unit
  const follows =
    epsilon && k !== undefined && k * epsilon.d === epsilon.n * unit && cost(k) <= charged && cost(k + 1n) > charged
  if (!follows || sigma2.n !== 0n || sensitivitySquared !== 1n)
    throw new Broken(`Channel ${i + 1}: a charge of ${nano} nano-rho does not mean this choice.`)
}

/** Rate, pool and price from N^, tariff and charge; the parts add up to the whole. */
export function priceFollows(release: ObjectValue): string {
  const facts = readFacts(release)
  const { nano, upperBound, rate, price, fee, pool, peoplesShare, multiplier } = facts
  if (peoplesShare.n === 0n || peoplesShare.n > peoplesShare.d)
    throw new Broken("The people's share is not above 0 and at most 1.")
  if (multiplier.n < multiplier.d) throw new Broken('The multiplier is below 1.')
  const paid = (facts.postedRate * multiplier.n) / multiplier.d
  if (rate !== paid) throw new Broken(`The posted rate times the multiplier is ${paid}, the release pays ${rate}.`)

  const forPeople = upperBound * rate * nano
  const owed = ceiling(forPeople, million)
  if (pool !== owed)
    throw new Broken(`${upperBound} people at ${rate} for ${nano} nano-rho make ${owed}, the pool got ${pool}.`)

  // Both over 10^6: the people's part grossed up by their share, and the least price.
  const grossed = { n: forPeople * peoplesShare.d, d: million * peoplesShare.n }
  const least = { n: facts.floorPerMilliRho * multiplier.n * nano, d: million * multiplier.d }
  const base = grossed.n * least.d >= least.n * grossed.d ? grossed : least
  const expected = fee + ceiling(base.n, base.d)
  if (price !== expected) throw new Broken(`The tariff makes the price ${expected}, the release cost ${price}.`)

  const parts = facts.shares.reduce((sum, share) => sum + share, pool)
  if (parts !== price) throw new Broken(`Pool and shares add up to ${parts}, the price is ${price}.`)
  return `Price ${price}, pool ${pool} and shares (in millionths) follow from the tariff, the public bound ${upperBound} and the charge.`
}

/** The public indices contain this release: pay A >= rate * nano, loss B >= nano, D >= delta. */
export function payFollows(release: ObjectValue): string {
  const { purpose, nano, delta, rate, index } = readFacts(release)
  if (index.b < nano)
    throw new Broken(`The index of privacy loss for ${purpose} is ${index.b}, below this charge alone.`)
  if (index.d < delta) throw new Broken(`The index of delta for ${purpose} is ${index.d}, below this charge alone.`)
  if (index.a < rate * nano)
    throw new Broken(
      `The index of pay for ${purpose} is ${index.a}, below the pay for this release alone, ${rate * nano}.`,
    )
  return `Everybody in it was credited ${rate * nano} (in 10^-12): the public indices for ${purpose} contain this release.`
}

const ceiling = (n: bigint, d: bigint): bigint => (n + d - 1n) / d
