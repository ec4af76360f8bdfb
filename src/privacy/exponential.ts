import { assert } from '../base/assert.ts'
import { boundGrid } from '../base/bound-grid.ts'
import { absolute, ceilDiv, ceilSqrt, isqrt, maximum } from '../base/integer.ts'
import { approximate, type Rational, rational } from '../base/rational.ts'
import { type NanoRho, nanoPerRho } from '../base/units.ts'
import { bernoulliExp, uniform } from './discrete-gaussian.ts'
import { openRows } from './exact.ts'
import { pool, type RandomBytes } from './random.ts'

/**
 * The exponential mechanism, exactly: one of a public list comes out with probability proportional to exp(epsilon · utility/2), for utilities that one person
 * moves by at most 1 each. Integers only; nothing is rounded on the way from the exact counts to the choice.
 *
 * Source: McSherry and Talwar 2007. As every utility moves by at most 1, the loss of all outcomes lies in a range of length epsilon ("bounded range"), and
 * epsilon-bounded range implies epsilon²/8-zCDP (Cesar and Rogers 2021): four times less than epsilon-differential privacy alone would cost.
 */

/** Exact results that only the noise opens (exact.ts). */
interface Sealed {
  readonly sealed: true
}

/** What chooses one bound of a public list. */
export interface Choice {
  /** Grid units, rising; the last is the declared bound. */
  readonly edges: readonly bigint[]
  /** How many people should be above the bound. */
  readonly target: bigint
  readonly epsilon: Rational
}

/** Epsilon is a multiple of this. */
const perEpsilon = 2n ** 20n

/**
 * √(8 rho), rounded down to a multiple of 2^-20: then epsilon²/8 <= rho = nano 10^-9. Never 0: one nano-rho gives 93 of them.
 * Throws RangeError unless nano >= 1.
 */
export function exponentialEpsilon(nano: NanoRho): Rational {
  if (nano < 1n) throw new RangeError(`exponentialEpsilon: nano must be at least 1, got ${nano}`)
  return rational(isqrt((8n * nano * perEpsilon ** 2n) / nanoPerRho), perEpsilon)
}

/**
 * With probability at least 1 - beta the chosen utility is below the best of m by at most this: (2/epsilon) ln(m/beta) (McSherry and Talwar 2007). In people,
 * where a utility counts them. For display and for public targets: a double, rounded up.
 */
export const utilityLoss = (epsilon: Rational, m: number, beta: number): number =>
  (2 / approximate(epsilon)) * Math.log(m / beta) * (1 + 1e-12)

/**
 * How many people a bound is to leave above it: about 1/√(2 rho) is what a sum of this loss bears best (less clips less, but the noise grows with the bound),
 * and not less than the mechanism can tell apart on m edges, (2/epsilon) ln m. Public facts alone.
 */
export const targetAbove = (nano: NanoRho, m: number): bigint =>
  maximum(ceilSqrt(ceilDiv(nanoPerRho, 2n * nano)), BigInt(Math.ceil(utilityLoss(exponentialEpsilon(nano), m, 1))))

/** The mechanism for a bound of at most so many grid units, chosen from the public list at this loss. */
export function boundChoice(declared: bigint, nano: NanoRho): Choice {
  const edges = boundGrid(declared)
  return Object.freeze({ edges, target: targetAbove(nano, edges.length), epsilon: exponentialEpsilon(nano) })
}

/**
 * Opens how many people are above each edge and chooses the edge whose number is nearest to the target, by the mechanism above: utility -|above - target|.
 * One person more moves each number by 0 or 1, hence each utility by at most 1. Gives the edge. Nobody's data give every edge nearly the same chance.
 */
export function chooseBound(rows: Sealed, choice: Choice, random?: RandomBytes): bigint {
  const [row, ...others] = openRows(rows)
  assert(others.length === 0, 'a bound is chosen for all people together')
  const above = row?.values ?? choice.edges.map(() => 0n)
  assert(above.length === choice.edges.length, 'there is one number for each edge')
  const utilities = above.map((people) => -absolute(people - choice.target))
  const bytes = pool(random, 64)
  try {
    return choice.edges[exponential(utilities, choice.epsilon, bytes.random)] as bigint
  } finally {
    bytes.wipe()
  }
}

/**
 * The place that is chosen, P(i) proportional to exp(epsilon · utility_i/2), by rejection: a place drawn evenly is accepted with probability
 * exp(-epsilon (best - utility)/2). Expected draws: at most as many as there are places, because the best is always accepted.
 */
export function exponential(utilities: readonly bigint[], epsilon: Rational, random: RandomBytes): number {
  assert(utilities.length > 0 && epsilon.n > 0n, 'something is chosen from, and epsilon is positive')
  const best = utilities.reduce(maximum)
  for (;;) {
    const place = Number(uniform(BigInt(utilities.length), random))
    const short = best - (utilities[place] as bigint)
    if (bernoulliExp(epsilon.n * short, 2n * epsilon.d, random)) return place
  }
}
