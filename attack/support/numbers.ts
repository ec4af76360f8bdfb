import { createHash } from 'node:crypto'
import { normalTail } from '../../src/privacy/normal.ts'

/** The attacker's own dice: the same seed throws the same. The house's noise never comes from here. */
export interface Dice {
  /** 0 <= x < 1. */
  unit(): number
  below(n: number): number
  normal(): number
  /** Continuous, in doubles: the noise of systems that this project does not want to be. */
  laplace(scale: number): number
  shuffled<T>(list: readonly T[]): T[]
}

export function diceOf(seed: string): Dice {
  let counter = 0
  let block = Buffer.alloc(0)
  let next = 0
  const unit = (): number => {
    if (next + 6 > block.length) {
      block = createHash('sha512').update(`${seed}/${counter++}`).digest()
      next = 0
    }
    const value = block.readUIntBE(next, 6) / 2 ** 48
    next += 6
    return value
  }
  const below = (n: number): number => Math.floor(unit() * n)
  return {
    unit,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    laplace: (scale) => {
      const u = unit() - 0.5
      return -scale * Math.sign(u) * Math.log(1 - 2 * Math.abs(u))
    },
    shuffled: (list) => {
      const out = [...list]
      for (let i = out.length - 1; i > 0; i--) {
        const j = below(i + 1)
        const kept = out[i] as (typeof out)[number]
        out[i] = out[j] as (typeof out)[number]
        out[j] = kept
      }
      return out
    },
  }
}

/** P(N(0, 1) <= x). */
export const normalBelow = (x: number): number => (x < 0 ? normalTail(-x) : 1 - normalTail(x))

/**
 * The best anybody can do at telling two worlds apart who sees mu-Gaussian-DP output and thinks both equally likely: share of right guesses Φ(mu/2).
 * Dong, Roth, Su 2022 (arXiv 1905.02383), section 2.2.
 */
export const bestAccuracy = (mu: number): number => normalBelow(mu / 2)
/** mu of releases whose rho add up to this. */
export const muOf = (rho: number): number => Math.sqrt(2 * rho)
/** Of the trade-off function of mu-GDP: the largest true-positive rate at a false-positive rate. */
export const bestTruePositive = (falsePositive: number, mu: number): number =>
  normalBelow(normalQuantile(falsePositive) + mu)

export function normalQuantile(p: number): number {
  let [low, high] = [-10, 10]
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (normalBelow(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

export const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length
export const deviation = (values: readonly number[]): number => {
  const m = mean(values)
  return Math.sqrt(values.reduce((sum, one) => sum + (one - m) ** 2, 0) / Math.max(1, values.length - 1))
}
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`

/** Share of right guesses of "the statistic is above the limit: present" over both worlds, and its standard error. */
export function accuracyOf(present: readonly number[], absent: readonly number[], limit: number) {
  const truePositive = present.filter((x) => x > limit).length / present.length
  const falsePositive = absent.filter((x) => x > limit).length / absent.length
  return {
    truePositive,
    falsePositive,
    accuracy: (truePositive + 1 - falsePositive) / 2,
    standardError: 0.5 / Math.sqrt(present.length + absent.length),
  }
}

/** Area under the curve (Mann and Whitney), and its standard error (Hanley and McNeil 1982) at 1/2. */
export function areaUnderCurve(present: readonly number[], absent: readonly number[]) {
  let wins = 0
  for (const a of present) for (const b of absent) wins += a > b ? 1 : a === b ? 0.5 : 0
  const [n, m] = [present.length, absent.length]
  return { area: wins / (n * m), standardError: Math.sqrt((n + m + 1) / (12 * n * m)) }
}
