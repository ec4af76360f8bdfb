import { readFileSync } from 'node:fs'
import { parseRational, type Rational } from '../../src/base/rational.ts'

/** Reference numbers: computed with 50 digits, or published; see the file's own description. */
interface Vectors {
  readonly rho_to_eps: readonly { rho: string; delta: string; eps_zcdp: string }[]
  readonly eps_to_rho: readonly { eps: string; delta: string; rho: string }[]
  readonly delta_from_rho_eps: readonly { rho: string; eps: string; delta: string }[]
  readonly published_checks: readonly { what: string; value: string; computed_here: string }[]
  readonly tau_discrete_gaussian: readonly {
    rho_select: string
    l0: number
    delta: string
    sigma2: string
    keep_if_noisy_count_at_least: number
    tau_continuous: string
  }[]
  readonly discrete_gaussian: readonly {
    sigma2: string
    norm_const: string
    pmf: Readonly<Record<string, string>>
    variance: string
  }[]
  readonly count_error: readonly {
    rho: string
    l0: number
    linf: number
    sigma: string
    pm95: string
    mean_abs: string
  }[]
  readonly accuracy_to_rho: readonly { l2_sensitivity: string; pm95: string; rho: string }[]
  readonly multi_aggregate_split: readonly {
    weights: number[]
    l2: number[]
    rho: string
    rho_split: number[]
    sigma2: number[]
  }[]
  readonly exp_mech: readonly {
    rho: string
    eps_em: string
    rank_error_95_m1024: string
    rank_error_95_m1024_monotone: string
  }[]
  readonly exact_sigma2_from_nano_rho: readonly { rho_nano: number; delta2_squared_int: string; sigma2_exact: string }[]
  readonly lifetime_over_windows: readonly {
    rho_per_window: string
    windows: number
    rho_total: string
    eps_1e9: string
  }[]
}

export const vectors: Vectors = JSON.parse(readFileSync(new URL('../vectors/dp.json', import.meta.url), 'utf8')).vectors

/** Reads "1/4" or "0.05" exactly. */
export function exact(text: string): Rational {
  const value = parseRational(text)
  if (!value) throw new Error(`not a rational: ${text}`)
  return value
}
