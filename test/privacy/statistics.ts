/** Chi-square statistic of counts against expected counts, as a normal score (Wilson and Hilferty 1931): beyond 4 in either direction is suspicious. */
export function chiSquareScore(observed: readonly number[], expected: readonly number[]): number {
  const statistic = observed.reduce(
    (sum, count, i) => sum + (count - (expected[i] as number)) ** 2 / (expected[i] as number),
    0,
  )
  const freedom = observed.length - 1
  return (Math.cbrt(statistic / freedom) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom))
}

/** Score of draws against a probability function on the integers; values expected less than 20 times are pooled at both ends. */
export function fitScore(draws: readonly bigint[], probability: (x: number) => number): number {
  let reach = 0
  while (draws.length * probability(reach + 1) >= 20) reach++
  const bins = 2 * reach + 1
  const observed = new Array<number>(bins).fill(0)
  const place = (x: number): number => Math.min(bins - 1, Math.max(0, x + reach))
  for (const x of draws) observed[place(Number(x))] = (observed[place(Number(x))] as number) + 1
  const expected = observed.map((_, i) => draws.length * probability(i - reach))
  const outside = draws.length - expected.reduce((sum, e) => sum + e, 0)
  expected[0] = (expected[0] as number) + outside / 2
  expected[bins - 1] = (expected[bins - 1] as number) + outside / 2
  return chiSquareScore(observed, expected)
}

/** Inverse of the normal distribution function, by halving. */
export function normalQuantile(p: number): number {
  let low = -10
  let high = 10
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (normalBelow(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(N(0, 1) <= x) by Simpson's rule, to about ten digits for |x| <= 6. */
export function normalBelow(x: number): number {
  const steps = 400
  const h = x / steps
  const density = (t: number): number => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
  let sum = density(0) + density(x)
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * density(i * h)
  return 0.5 + (sum * h) / 3
}

/** The law of the discrete Gaussian summed plainly, small terms first; independent of src/privacy/interval.ts. */
export function plainLaw(s2: number): {
  readonly at: (x: number) => number
  readonly within: (w: number) => number
  readonly from: (q: number) => number
} {
  const reach = Math.ceil(12 * Math.sqrt(s2)) + 12
  const weights = Array.from({ length: reach + 1 }, (_, x) => Math.exp(-(x * x) / (2 * s2)))
  const above = new Array<number>(reach + 2).fill(0)
  for (let x = reach; x >= 0; x--) above[x] = (above[x + 1] as number) + (weights[x] as number)
  const total = 2 * (above[1] as number) + 1
  return {
    at: (x) => (weights[Math.abs(x)] ?? 0) / total,
    within: (w) => 1 - (2 * (above[w + 1] ?? 0)) / total,
    from: (q) => (above[q] ?? 0) / total,
  }
}

/**
 * How well two worlds are told apart, as the mu of Gaussian differential privacy: Φ⁻¹(TPR) - Φ⁻¹(FPR) of the best linear statistic Σ shift (y - base)/sigma²,
 * whose threshold lies in the middle. `release`: one release of the world with or without the person.
 */
export function gaussianAudit(
  release: (present: boolean) => readonly bigint[],
  base: readonly bigint[],
  shift: readonly bigint[],
  sigma2: readonly number[],
  releases: number,
): number {
  const weights = shift.map((value, i) => Number(value) / (sigma2[i] as number))
  const middle = shift.reduce((sum, value, i) => sum + Number(value) * (weights[i] as number), 0) / 2
  const above = (present: boolean): number => {
    let count = 0
    for (let i = 0; i < releases; i++) {
      const noisy = release(present)
      let sum = 0
      for (const [j, weight] of weights.entries())
        if (weight !== 0) sum += Number((noisy[j] as bigint) - (base[j] as bigint)) * weight
      if (sum > middle) count++
    }
    return count / releases
  }
  return normalQuantile(above(true)) - normalQuantile(above(false))
}
