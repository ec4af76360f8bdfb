import { isArray, isObject, member, type ObjectValue, type Value } from './json.ts'

/** The numbers of a release as bigint and fractions, read strictly from their texts. */
export interface Facts {
  readonly purpose: string
  readonly nano: bigint
  readonly delta: bigint
  readonly upperBound: bigint
  readonly rate: bigint
  readonly price: bigint
  readonly fee: bigint
  readonly pool: bigint
  readonly shares: readonly bigint[]
  readonly peoplesShare: Fraction
  readonly floorPerMilliRho: bigint
  readonly multiplier: Fraction
  readonly postedRate: bigint
  /** Of the release's own purpose, right after its charge. */
  readonly index: { readonly a: bigint; readonly b: bigint; readonly d: bigint }
}
export interface Channel {
  readonly nano: bigint
  readonly sensitivitySquared: bigint
  readonly sigma2: Fraction
  /** Of a choice by the exponential mechanism, which adds no noise. */
  readonly epsilon: Fraction | undefined
}
/** In lowest terms, d at least 1. */
export interface Fraction {
  readonly n: bigint
  readonly d: bigint
}

/** Says which member of the release is missing or misspelled. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/** Reads what price and pay depend on. Throws Unreadable. */
export function readFacts(release: ObjectValue): Facts {
  const tariff = member(release, 'tariff')
  const shares = member(release, 'shares')
  const purpose = text(release, 'purpose')
  const index = member(member(release, 'indices'), purpose)
  return {
    purpose,
    nano: whole(release, 'nano'),
    delta: whole(release, 'delta'),
    upperBound: whole(release, 'upperBound'),
    rate: whole(release, 'rate'),
    price: whole(release, 'price'),
    fee: whole(release, 'fee'),
    pool: whole(release, 'pool'),
    shares: ['steward', 'operator', 'reserve'].map((name) => whole(shares, name)),
    peoplesShare: fraction(tariff, 'peoplesShare'),
    floorPerMilliRho: whole(tariff, 'floorPerMilliRho'),
    multiplier: fraction(tariff, 'multiplier'),
    postedRate: whole(tariff, 'postedRate'),
    index: { a: whole(index, 'a'), b: whole(index, 'b'), d: whole(index, 'd') },
  }
}

/** Reads the noisy channels and the privacy loss that they share. Throws Unreadable. */
export function readChannels(release: ObjectValue): { readonly nano: bigint; readonly channels: readonly Channel[] } {
  const channels = member(release, 'channels')
  if (!isArray(channels) || channels.length === 0) throw new Unreadable('The release names no noisy channel.')
  return {
    nano: whole(release, 'nano'),
    channels: channels.map((channel) => ({
      nano: whole(channel, 'nano'),
      sensitivitySquared: whole(channel, 'sensitivitySquared'),
      sigma2: fraction(channel, 'sigma2'),
      epsilon: member(channel, 'epsilon') === undefined ? undefined : fraction(channel, 'epsilon'),
    })),
  }
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

// Bounded length: arithmetic on hostile digits must stay fast.
const wholeForm = /^(0|[1-9][0-9]{0,99})$/

function text(parent: Value | undefined, name: string): string {
  const value = member(parent, name)
  if (typeof value !== 'string') throw new Unreadable(`The release's member "${name}" is missing or is not a text.`)
  return value
}

function whole(parent: Value | undefined, name: string): bigint {
  const value = isObject(parent) ? text(parent, name) : ''
  if (!wholeForm.test(value))
    throw new Unreadable(`The release's member "${name}" is missing or is not a whole number in a text.`)
  return BigInt(value)
}

function fraction(parent: Value | undefined, name: string): Fraction {
  const [n = '', d = '1', ...more] = text(parent, name).split('/')
  const value = wholeForm.test(n) && wholeForm.test(d) ? { n: BigInt(n), d: BigInt(d) } : undefined
  if (value === undefined || more.length > 0 || value.d === 0n || greatestCommonDivisor(value.n, value.d) !== 1n)
    throw new Unreadable(`The release's member "${name}" is not a fraction in lowest terms.`)
  return value
}
