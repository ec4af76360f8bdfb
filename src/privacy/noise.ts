import { assert } from '../base/assert.ts'
import { ceilDiv, ceilSqrt, maximum } from '../base/integer.ts'
import { rootColumn, timesRoot } from '../base/prefix-sums.ts'
import type { NanoRho } from '../base/units.ts'
import { type NoisePlan, sigma2Of, widthOf } from './budget.ts'
import { discreteGaussian } from './discrete-gaussian.ts'
import { openCounts, openRows } from './exact.ts'
import { pool, type RandomBytes } from './random.ts'

/**
 * Exact bounded integers become noisy ones here and nowhere else. Whatever is computed from the results is post-processing.
 */

/** Exact results that only the noise opens (exact.ts). */
interface Sealed {
  readonly sealed: true
}

/**
 * Noisy integers, cell by cell, channel by channel: every cell of the public domain gets fresh, independent noise on every channel, also a cell of which
 * the engine returned nothing. So which cells hold anybody shows nowhere.
 * Promise: if the rows are bounded as the plan's sensitivities say, the result is rho-zCDP with rho = plan.nano 10^-9 (see noisePlan).
 * `cellOf`: place of a combination of group keys, from 0 to cells - 1; undefined when it is outside the domain.
 * A row outside the domain, two rows of one cell, or a row of another width is a Bug. Its message names no key: keys are data.
 */
export function addNoise(
  rows: Sealed,
  plan: NoisePlan,
  cells: number,
  cellOf: (keys: readonly (string | null)[]) => number | undefined,
  random?: RandomBytes,
): readonly (readonly bigint[])[] {
  assert(Number.isSafeInteger(cells) && cells >= 1, 'a public domain has at least one cell')
  assert(plan.selection === undefined, 'open groups are released by their own mechanism')
  const released = widthOf(plan)
  const exact = new Map<number, readonly bigint[]>()
  for (const { keys, values } of openRows(rows)) {
    const cell = cellOf(keys)
    assert(
      cell !== undefined && Number.isSafeInteger(cell) && cell >= 0 && cell < cells,
      'every row is in the public domain',
    )
    assert(!exact.has(cell), 'every cell has one row')
    assert(values.length === released, 'every row has one value per channel')
    exact.set(cell, values)
  }
  return withPool(random, cells * released, (bytes) => {
    const samplers = samplersOf(plan, bytes)
    const roots = rootsOf(plan)
    return Object.freeze(
      Array.from({ length: cells }, (_, cell) => {
        const found = exact.get(cell)
        const values = found && rooted(found, plan, roots)
        return Object.freeze(samplers.map((sample, channel) => (values?.[channel] ?? 0n) + sample()))
      }),
    )
  })
}

/** A group of open keys that is released: its keys, and its noisy integers channel by channel. */
export interface OpenGroup {
  readonly keys: readonly (string | null)[]
  readonly values: readonly bigint[]
}

/**
 * Which groups of open keys appear, and their noisy integers: thresholding. A group is released if at least one person counts in it and its noisy count of people
 * is at least the plan's threshold; then with that very noisy count, and with fresh noise on every other channel. What is not released leaves no trace:
 * neither the group nor how many there were.
 * Promise: if the rows are bounded as the plan's sensitivities say, and each person counts 1 in at most selection.maxGroups groups, the result is
 * delta-approximate rho-zCDP with the plan's rho and delta. Argument: ./threshold.proof.md
 * `isKey` says whether keys can be such at all (public keys among them are in their domains); `order` is the public order in which groups are released.
 * Two rows of one group, keys that are none, or a row of another width is a Bug. Its message names no key: keys are data.
 */
export function releaseOpenGroups(
  rows: Sealed,
  plan: NoisePlan,
  isKey: (keys: readonly (string | null)[]) => boolean,
  order: (a: readonly (string | null)[], b: readonly (string | null)[]) => number,
  random?: RandomBytes,
): readonly OpenGroup[] {
  const { selection } = plan
  assert(selection, 'open groups are chosen by a count of people')
  const released = widthOf(plan)
  const place = plan.channels.slice(0, selection.channel).reduce((sum, { width = 1 }) => sum + width, 0)
  const exact = openRows(rows)
  const seen = new Set<string>()
  for (const { keys, values } of exact) {
    assert(isKey(keys), 'every row has keys of the question')
    assert(values.length === released, 'every row has one value per channel')
    const name = JSON.stringify(keys)
    assert(!seen.has(name), 'every group has one row')
    seen.add(name)
  }
  return withPool(random, exact.length + released, (bytes) => {
    const samplers = samplersOf(plan, bytes)
    const count = samplers[place]
    assert(count, 'the count has its noise')
    const roots = rootsOf(plan)
    const passed = exact.flatMap(({ keys, values }) => {
      const people = values[place] as bigint
      // Groups in which nobody counts get no noise: others' absence must not make a group appear.
      if (people <= 0n) return []
      const noisy = people + count()
      return noisy >= selection.threshold ? [{ keys, values, noisy }] : []
    })
    // In the order of the keys, whatever the engine's was.
    return Object.freeze(
      passed
        .sort((a, b) => order(a.keys, b.keys))
        .map(({ keys, values, noisy }) => {
          const bounded = rooted(values, plan, roots)
          const numbers = samplers.map((sample, at) => (at === place ? noisy : (bounded[at] as bigint) + sample()))
          return Object.freeze({ keys: Object.freeze([...keys]), values: Object.freeze(numbers) })
        }),
    )
  })
}

/** One sampler for each released number of a group. */
const samplersOf = (plan: NoisePlan, bytes: RandomBytes): readonly (() => bigint)[] =>
  plan.channels.flatMap(({ sigma2, width = 1 }) => {
    const sample = discreteGaussian(sigma2, bytes)
    return Array.from({ length: width }, () => sample)
  })

const rootsOf = (plan: NoisePlan): ReadonlyMap<number, readonly bigint[]> =>
  new Map(plan.channels.map(({ width = 1 }) => [width, rootColumn(width)]))

/** Counts of bins become C'x, in exact integers; everything else stays as the engine gave it. */
function rooted(
  values: readonly bigint[],
  plan: NoisePlan,
  roots: ReadonlyMap<number, readonly bigint[]>,
): readonly bigint[] {
  let next = 0
  return plan.channels.flatMap(({ part, width = 1 }) => {
    const own = values.slice(next, next + width)
    next += width
    return part === 'distribution' ? timesRoot(roots.get(width) ?? [], own) : own
  })
}

/**
 * N^: for each purpose an upper bound of the people in force, as one release of the vector of counts. One person is counted once for each of at most P
 * purposes, so the sensitivity² is P and sigma² = P 10^9/(2 nano); rho = nano 10^-9 whatever P is (differential-privacy.md 4.5).
 * N^ = the noisy count plus ⌈3.72 sigma⌉, at least 1, rounded up to three significant digits. The margin makes N^ >= N with probability at least 0.9999
 * for each purpose: P(Z < -3.72 sigma) < 10^-4; what follows only raises it. At least 1, because a price must not become nothing by chance; nothing of
 * the noise is clipped before the margin, so the bound stays tight for small cohorts.
 * A purpose without a count counts 0 people and gets noise like the others. A count of a purpose not asked for is a Bug.
 */
export function noisyUpperBounds(
  counts: Sealed,
  purposes: readonly string[],
  nano: NanoRho,
  random?: RandomBytes,
): Readonly<Record<string, bigint>> {
  const exact = openCounts(counts)
  assert(new Set(purposes).size === purposes.length, 'every purpose is counted once')
  assert(
    Object.keys(exact).every((purpose) => purposes.includes(purpose)),
    'only declared purposes are counted',
  )
  if (purposes.length === 0) return Object.freeze({})
  const sigma2 = sigma2Of(BigInt(purposes.length), nano)
  const margin = ceilSqrt(ceilDiv(372n * 372n * sigma2.n, 10_000n * sigma2.d))
  return withPool(random, purposes.length, (bytes) => {
    const sample = discreteGaussian(sigma2, bytes)
    return Object.freeze(
      Object.fromEntries(
        purposes.map((purpose) => {
          const count = Object.hasOwn(exact, purpose) ? (exact[purpose] as bigint) : 0n
          return [purpose, roundUpThreeDigits(maximum(1n, count + sample() + margin))]
        }),
      ),
    )
  })
}

/** The least number with three significant digits that is not below n, for n >= 1. */
function roundUpThreeDigits(n: bigint): bigint {
  const unit = 10n ** BigInt(Math.max(0, n.toString().length - 3))
  return ceilDiv(n, unit) * unit
}

/** Bytes fetched in pieces that fit the number of draws, and wiped afterwards whatever happens. */
function withPool<T>(source: RandomBytes | undefined, draws: number, work: (bytes: RandomBytes) => T): T {
  const bytes = pool(source, draws * bytesPerDraw)
  try {
    return work(bytes.random)
  } finally {
    bytes.wipe()
  }
}

/** About what one draw of usual scale takes. */
const bytesPerDraw = 64
