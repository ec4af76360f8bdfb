import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { approximate, multiply, type Rational, rational } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { nanoPerRho } from '../../src/base/units.ts'
import { priceOf } from '../../src/money/tariff.ts'
import { noisePlan, sigma2Of } from '../../src/privacy/budget.ts'
import { halfWidth, tail, threshold } from '../../src/privacy/interval.ts'
import { normalTail } from '../../src/privacy/normal.ts'
import { exact } from './vectors.ts'

/**
 * The reference numbers of dp.json that no single room owns, and the account of all of them: each section is compared with the product in some test, or is named
 * here with the reason why it is not.
 */
const tests = join(import.meta.dirname, '..')
const { vectors } = JSON.parse(readFileSync(join(tests, 'vectors/dp.json'), 'utf8')) as { vectors: Sections }
interface Sections {
  readonly [section: string]: unknown
  readonly z95: string
  readonly avg_split: { readonly minimax: string }
  readonly threshold_continuous_published: readonly {
    l0: number
    linf: string
    sigma: string
    threshold_delta: string
    computed_here: string
  }[]
  readonly threshold_opendp_published: readonly {
    sigma: string
    threshold: number
    l0: number
    linf: number
    rho: string
    delta: string
  }[]
  readonly tau_weighted_gaussian: readonly {
    l0: number
    delta: string
    sigma: string
    tau: string
    argmax_k: number
  }[]
  readonly arbitrage_checks: readonly { target_variance: string; k: number; rho_bundle: string; rho_direct: string }[]
}

/** Sections about parts that the product does not have. A part that comes takes its line away and brings its test. */
const without: Readonly<Record<string, string>> = {
  magic_partition_selection_published:
    'groups appear by a threshold on the noisy count alone, which is zCDP; this selection is (epsilon, delta)-DP',
  price_scarcity_integral: 'the tariff has no price that rises with the budget used: linear in rho, whenever one buys',
  shapley_games: 'nothing attributes revenue to categories of data',
  knn_shapley: 'nothing values single records: paying by it would be a release of its own',
}

describe('the reference numbers', () => {
  const texts = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(tests, path), 'utf8'))
  const reads = (section: string): RegExp => new RegExp(`vectors\\.${section}\\b|vectors\\.vectors\\.${section}\\b`)

  it.each(Object.keys(vectors))('%s is compared with the product, or it is said why not', (section) => {
    const read = texts.some((text) => reads(section).test(text))
    expect(read || section in without).toBe(true)
  })

  it('nothing is excused that the file does not have', () => {
    for (const section of Object.keys(without)) expect(Object.keys(vectors)).toContain(section)
  })
})

/** 1 - (1 - delta)^(1/k). */
const each = (delta: number, k: number): number => -Math.expm1(Math.log1p(-delta) / k)
const near = (value: number, expected: number, relative: number): void =>
  expect(Math.abs(value / expected - 1)).toBeLessThan(relative)

describe('the continuous normal tail', () => {
  it('is that of the thresholds that others published', () => {
    for (const { l0, linf, sigma, threshold_delta, computed_here } of vectors.threshold_continuous_published)
      near(normalTail((Number(computed_here) - Number(linf)) / Number(sigma)), each(Number(threshold_delta), l0), 1e-10)
  })

  it('is that of the thresholds of weighted people, at the number of groups that asks most', () => {
    for (const { l0, delta, sigma, tau, argmax_k } of vectors.tau_weighted_gaussian) {
      const passed = (k: number): number => normalTail((Number(tau) - 1 / Math.sqrt(k)) / Number(sigma))
      near(passed(argmax_k), each(Number(delta), argmax_k), 1e-8)
      for (let k = 1; k <= l0; k++) expect(passed(k)).toBeLessThanOrEqual(each(Number(delta), k) * (1 + 1e-8))
    }
  })
})

it('the thresholds of the discrete law keep what OpenDP’s coarse bounds promise', () => {
  for (const { sigma, threshold: at, l0, linf, rho, delta } of vectors.threshold_opendp_published) {
    const sigma2 = multiply(exact(sigma), exact(sigma))
    // Who adds up to linf to one group: the loss, and how often a group with nobody else shows.
    expect(sigma2Of(BigInt(l0 * linf * linf), nanoOf(exact(rho)))).toEqual(sigma2)
    expect(tail(sigma2, BigInt(at - linf))).toBeLessThanOrEqual(Number(delta))
    if (linf === 1) expect(threshold(sigma2, l0, Number(delta))).toBeLessThanOrEqual(BigInt(at))
  }
})

it('the 95 % quantile is the one of the widths, to the last of its digits', () => {
  // At sigma = 10^16 the least w with 2w + 1 >= 2 z sigma; the text of z has sixteen decimals.
  const scaled = BigInt(vectors.z95.replace('.', ''))
  const width = halfWidth(rational(10n ** 32n), 95)
  expect([scaled - 1n, scaled]).toContain(width)
})

it('an average gives half of its loss to the rows and half to the sum', () => {
  expect(vectors.avg_split.minimax).toContain('1:1')
  const plan = expectAccepted(noisePlan([{ kind: 'average', maxRows: 7n, halfRange: 50n }], 1_000_000n))
  expect(plan.channels.map(({ nano }) => nano)).toEqual([500_000n, 500_000n])
})

it('averaging several cheap answers costs what one as good costs, in loss and in money', () => {
  for (const { target_variance, k, rho_bundle, rho_direct } of vectors.arbitrage_checks) {
    const direct = nanoOf(exact(rho_direct))
    expect(nanoOf(exact(rho_bundle))).toBe(direct)
    expect(sigma2Of(1n, direct)).toEqual(exact(target_variance))
    const part = direct / BigInt(k)
    // k independent answers of k times the variance each: their mean has the variance of the direct one, up to rho in whole nano.
    near(approximate(sigma2Of(1n, part)) / k, approximate(sigma2Of(1n, direct)), 1e-5)
    const priced = (nano: bigint): bigint => priceOf(tariff, 'p', 20_000n, 7n, nano).price
    expect(BigInt(k) * priced(part) + 1n).toBeGreaterThanOrEqual(priced(part * BigInt(k)))
    expect(BigInt(k) * priced(part) - priced(part * BigInt(k))).toBeLessThan(BigInt(k))
  }
})

const nanoOf = (rho: Rational): bigint => (rho.n * nanoPerRho) / rho.d

const tariff = {
  fee: 0n,
  floorPerMilliRho: 1n,
  peoplesShare: rational(7n, 10n),
  remainder: { steward: rational(1n), operator: rational(0n), reserve: rational(0n) },
  multiplier: {},
}
