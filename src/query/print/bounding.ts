import { assert } from '../../base/assert.ts'
import type { Measure } from '../query.ts'
import { huge } from './expression.ts'

export interface Bounding {
  /** Names of the group keys' texts. */
  readonly keys: readonly string[]
  /** True when each person is in one group at most: no key, or keys that are attributes of the person. */
  readonly single: boolean
  /** How many groups there are. */
  readonly cells: bigint
  /** Nearly everybody here is above a bound: nobody is looked at for being light. The integers are the same. */
  readonly heavy?: boolean | undefined
}

export interface Bounded {
  readonly steps: readonly [name: string, body: string][]
  /** Columns of the last step, in the order of channels. */
  readonly channels: readonly string[]
  /** The last step. */
  readonly from: string
}

/**
 * Bounds each person's whole record, for each measure on its own (differential-privacy.md 3.5). Input: step `named` with _person, the keys, v_j
 * (rows, presence, amount), s_j (an average's sum) and w_j (a variance's squares). For every person, over all groups:
 *  - rows: groups in salted-hash order while the running Σv² <= R²; the rest give 0. So ‖v‖₂ <= R.
 *  - mean: as persons; |s_g| <= U in each group that counts, so ‖s‖₂ <= U·√L0.
 *  - cells: one group, and one cell of it; the rest is counting.
 *  - distribution: as persons, with the bin of the person's value in s_j.
 *  - persons: the first L0 groups in which the person is present give 1. So ‖v‖₂ <= √L0.
 *  - average, variance: as rows; a dropped group drops all its sums. |s_g| <= n_g·U, so ‖s‖₂ <= U·‖n‖₂ <= R·U; |w_g| <= n_g·⌈U²/2⌉ likewise.
 *  - sum: |v_g| first clamped to P = preClamp; if Σv² <= B² unchanged, else sign·floor(|v|·B/r) with an integer r >= ‖v‖₂. So
 *    Σ(|v|·B/r)² <= B². With one group that is the plain clamp to ±B.
 * With more than one group per person, whose sizes stay within every bound is "light": nothing above would change any of it, so it is taken as it is,
 * and only the others, few where bounds are well chosen, take the way over their ordered groups. Who is neither light nor not light is in neither.
 * What a person adds depends on that person's rows and the salt alone, so adding or removing somebody moves each channel by at most its bound.
 */
export function boundedChannels(measures: readonly Measure[], bounding: Bounding): Bounded {
  if (bounding.single) return oneGroup(measures)
  const [only] = measures
  const presence = measures.length === 1 && only?.kind === 'persons' && only.maxGroups <= fewGroups
  return bounding.heavy && presence ? firstGroups(bounding.keys, only.maxGroups) : manyGroups(measures, bounding)
}

/** As many groups as the engine keeps in a list for each person without ordering all of them. */
const fewGroups = 64n

/** Presence alone: the first groups in salted-hash order, of those in which the person is present, kept in one list a person. */
function firstGroups(keys: readonly string[], maxGroups: bigint): Bounded {
  // A list leaves missing keys out, but not what holds one.
  const group = `{${keys.map((key) => `${key}: ${key}`).join(', ')}}`
  return {
    steps: [
      ['placed', `SELECT _person, ${group} AS _group, ${placeOf(keys)} AS _place FROM named WHERE v0 = 1`],
      ['kept', `SELECT unnest(arg_min(_group, _place, ${maxGroups})) AS _group FROM placed GROUP BY _person`],
      ['bounded', `SELECT ${[...keys.map((key) => `_group.${key} AS ${key}`), '1 AS b0'].join(', ')} FROM kept`],
    ],
    channels: ['b0'],
    from: 'bounded',
  }
}

/** Where a group of a person stands in the salted-hash order. One concat is quicker than a chain of ||, and no part of it is ever missing. */
const placeOf = (keys: readonly string[]): string =>
  `md5(concat(${["$salt, '|', CAST(_person AS VARCHAR), '|'", ...keys.map(lengthPrefixed)].join(', ')}))`

function oneGroup(measures: readonly Measure[]): Bounded {
  const channels = measures.flatMap((measure, j) => {
    if (measure.kind === 'sum') return [`GREATEST(LEAST(v${j}, ${huge(measure.maxSum)}), ${huge(-measure.maxSum)})`]
    return columns(measure, j)
  })
  return { steps: [], channels, from: 'named' }
}

/** What is carried of a measure: its number or amount, and the centred sums that go with a number of rows. */
export const columns = (measure: Measure, j: number): readonly string[] => {
  const few = measure.kind === 'variance' ? 3 : ['average', 'mean', 'distribution'].includes(measure.kind) ? 2 : 1
  return ['v', 's', 'w'].slice(0, few).map((letter) => `${letter}${j}`)
}

function manyGroups(measures: readonly Measure[], { keys, cells, heavy = false }: Bounding): Bounded {
  const others = (columns: readonly string[]): string => ['_person', ...keys, ...columns].join(', ')
  const carried = measures.flatMap(columns)
  const clamped = measures.flatMap((measure, j) => {
    if (measure.kind === 'sum') return [`${within(`v${j}`, preClamp(measure.maxSum, cells))} AS v${j}`]
    return columns(measure, j)
  })
  const order = `(PARTITION BY _person ORDER BY _place, ${keys.join(', ')} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`
  const sizes = measures.map((measure, j) =>
    measure.kind === 'sum'
      ? `SUM(${size(measure, j)}) OVER (PARTITION BY _person) AS q${j}`
      : `SUM(${size(measure, j)}) OVER ${order} AS q${j}`,
  )
  const sums = measures.flatMap((measure, j) => (measure.kind === 'sum' ? [j] : []))
  const bounded = measures.flatMap((measure, j) => {
    if (measure.kind === 'sum') return [scaled(j, measure.maxSum)]
    const kept = (column: string): string => `(CASE WHEN q${j} <= ${huge(most(measure))} THEN ${column} ELSE 0 END)`
    return columns(measure, j).map(kept)
  })
  const under = measures.map((measure, j) => `SUM(${size(measure, j)}) <= ${huge(most(measure))}`)
  const lightness: [string, string][] = heavy
    ? []
    : [['persons', `SELECT _person, ${under.join(' AND ')} AS light FROM clamped GROUP BY _person`]]
  const channels = carried.map((_, index) => `b${index}`)
  const output = (values: readonly string[]): string =>
    [...keys, ...values.map((value, index) => `${value} AS b${index}`)].join(', ')
  return {
    steps: [
      ['clamped', `SELECT ${others(clamped)} FROM named`],
      ...lightness,
      [
        'placed',
        `SELECT ${others(carried)}, ${placeOf(keys)} AS _place FROM clamped${heavy ? '' : ' JOIN persons USING (_person) WHERE NOT light'}`,
      ],
      ['sized', `SELECT ${others(carried)}, ${sizes.join(', ')} FROM placed`],
      ['rooted', `SELECT *${sums.map((j) => `, ${newton(`q${j}`)} AS r${j}`).join('')} FROM sized`],
      [
        'bounded',
        `SELECT ${output(bounded)} FROM rooted${heavy ? '' : ` UNION ALL SELECT ${output(carried)} FROM clamped JOIN persons USING (_person) WHERE light`}`,
      ],
    ],
    channels,
    from: 'bounded',
  }
}

/** What a group adds to the size of a person's record; `most` is what the sizes may add up to. */
const size = (measure: Measure, j: number): string => ('maxGroups' in measure ? `v${j}` : `v${j} * v${j}`)

function most(measure: Measure): bigint {
  // Counted in a step of its own: here it is 0 for everybody.
  if (measure.kind === 'distinct') return 0n
  // Alone in its question, which has one group: nothing is bounded, each person counts once.
  if (measure.kind === 'bound') return 0n
  assert(measure.kind !== 'cells', 'people are pooled only where nobody is in two groups')
  if ('maxGroups' in measure) return measure.maxGroups
  return measure.kind === 'sum' ? measure.maxSum * measure.maxSum : measure.maxRows * measure.maxRows
}

/**
 * P: B·2^20, or less where squares would not fit: cells · P² < 2^126 must hold, for cells <= 2^17 and B < 2^54 (parse/bounds.ts) P >= B always.
 * A person this far above the bound keeps the proportions only up to P; the bound holds whatever P is.
 */
export function preClamp(bound: bigint, cells: bigint): bigint {
  for (let shift = 20n; shift > 0n; shift--) {
    const most = bound << shift
    if (most * most * cells < 2n ** 126n) return most
  }
  return bound
}

const within = (value: string, most: bigint): string =>
  `GREATEST(LEAST(CAST(${value} AS HUGEINT), ${huge(most)}), ${huge(-most)})`

/**
 * One integer Newton step from the engine's square root: r = (x + q // x) // 2 with x >= 1. By the inequality of the means
 * (x + q/x)/2 >= √q for every x > 0, so r >= floor(√q) however inexact x is; for x within 2^-40 of √q and q < 2^126 it exceeds √q by less than 1,
 * so r is floor(√q) or floor(√q) + 1. In both cases the result does not depend on the rounding of the engine's floating point: see `ceiling`.
 */
const newton = (q: string): string => {
  const x = `GREATEST(CAST(SQRT(CAST(${q} AS DOUBLE)) AS HUGEINT), ${huge(1n)})`
  return `((${x} + ${q} // ${x}) // 2)`
}

/** The least integer whose square is at least q, from r as above; never below √q, because r + 1 >= floor(√q) + 1 > √q. */
const ceiling = (q: string, r: string): string =>
  `(CASE WHEN (${r} - 1) * (${r} - 1) >= ${q} THEN ${r} - 1 WHEN ${r} * ${r} >= ${q} THEN ${r} ELSE ${r} + 1 END)`

function scaled(j: number, bound: bigint): string {
  const shrunk = `(CAST(SIGN(v${j}) AS HUGEINT) * ((ABS(v${j}) * ${huge(bound)}) // ${ceiling(`q${j}`, `r${j}`)}))`
  return `(CASE WHEN q${j} <= ${huge(bound * bound)} THEN v${j} ELSE ${shrunk} END)`
}

/** No two lists of keys have one text: a missing key is "n", any other its length, a colon and itself. */
export const lengthPrefixed = (key: string): string => `COALESCE(CAST(length(${key}) AS VARCHAR) || ':' || ${key}, 'n')`
