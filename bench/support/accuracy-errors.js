// @ts-check
/**
 * How far answers are from the exact ones: of the product's noise (`ours`), of the textbook's (`laplace`), and what the bounds take away (`clipping`). The exact bounded
 * integers are computed once by the product's own statement; then noise is drawn many times by the product's own functions and read by its own arithmetic.
 *
 * Relative error of one cell: |noisy - exact| / |exact|, over the rows and outputs whose exact bounded value is not 0; the error of a question is the median over
 * cells, outputs and repeats.
 *
 * @typedef {Record<'openRows' | 'addNoise' | 'evaluate' | 'cellIndex' | 'cellAt' | 'noisePlan' | 'rhoToEps' | 'timesRoot' | 'rootColumn' | 'squareCentre' | 'expectAccepted', any>} Library
 * @typedef {{ query: any, rows: any }} Exact the question and its sealed integers
 */
import { median } from './bench.js'

const delta = 1e-9

/** Integers of every cell of the domain, as noise would find them: bins of a distribution, not their roots. @param {Library} library @param {Exact} exact */
export function integersOf(library, { query, rows }) {
  const place = library.cellIndex(query.groups)
  const found = new Map(library.openRows(rows).map((/** @type {any} */ row) => [place(row.keys), row.values]))
  const width = query.measures.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + channelsOf(one), 0)
  /** @type {readonly bigint[][]} */
  const cells = Array.from({ length: cellsOf(query) }, (_, cell) => found.get(cell) ?? Array(width).fill(0n))
  return cells
}

/** @param {any} query */
export const cellsOf = (query) =>
  query.groups.reduce((/** @type {number} */ product, /** @type {any} */ group) => product * group.domain.length, 1)

/** @param {any} measure */
const channelsOf = (measure) =>
  measure.kind === 'distribution' ? measure.bins : measure.kind === 'variance' ? 3 : measure.kind === 'average' ? 2 : 1

/** What the product's arithmetic makes of integers. @param {Library} library @param {any} query @param {any} plan @param {readonly (readonly bigint[])[]} values */
function answerOf(library, query, plan, values) {
  const sigma2 = plan.channels.flatMap((/** @type {any} */ one) => Array(one.width ?? 1).fill(one.sigma2))
  const rows = library.evaluate(query, { values, sigma2, halfWidth: () => 0n })
  const isKey = query.outputs.map((/** @type {any} */ output) => output.value.kind === 'group')
  return new Map(
    rows.map((/** @type {any} */ row) => [
      row.cells
        .flatMap((/** @type {any} */ cell, /** @type {number} */ at) => (isKey[at] ? [cell.value] : []))
        .join('|'),
      row.cells.flatMap((/** @type {any} */ cell, /** @type {number} */ at) =>
        isKey[at] ? [] : [cell.value === null ? Number.NaN : Number(cell.value)],
      ),
    ]),
  )
}

/** Bins → what is released of them. @param {Library} library @param {any} query @param {readonly (readonly bigint[])[]} cells */
function rooted(library, query, cells) {
  return cells.map((values) => {
    let next = 0
    return query.measures.flatMap((/** @type {any} */ measure) => {
      const own = values.slice(next, next + channelsOf(measure))
      next += own.length
      return measure.kind === 'distribution' ? library.timesRoot(library.rootColumn(measure.bins), own) : own
    })
  })
}

/** The question without what chooses rows: every cell is there to compare with. @param {any} query */
const everyRow = (query) => ({ ...query, having: undefined, orderBy: [], limit: undefined, offset: 0 })

/** @param {ReadonlyMap<string, number[]>} noisy @param {ReadonlyMap<string, number[]>} exact */
function relative(noisy, exact) {
  return [...noisy].flatMap(([key, values]) =>
    values.flatMap((value, at) => {
      const true_ = exact.get(key)?.[at] ?? Number.NaN
      if (!(Math.abs(true_) > 0)) return []
      // No answer (a division by a noisy nothing) counts as being off by everything.
      return [Number.isNaN(value) ? 1 : Math.abs(value - true_) / Math.abs(true_)]
    }),
  )
}

/**
 * @param {Library} library @param {Exact} exact @param {Exact} unbounded the same question with its bounds out of the way
 * @param {{ nanos: readonly bigint[], repeats: number, budgetNano: bigint, groups: number }} options `groups`: the contract's L0
 */
export function errorsOf(library, exact, unbounded, { nanos, repeats, budgetNano, groups }) {
  const { query } = exact
  const integers = integersOf(library, exact)
  const planAt = (/** @type {bigint} */ nano) => library.expectAccepted(library.noisePlan(query.measures, nano))
  const truth = answerOf(library, everyRow(query), planAt(nanos[0] ?? 0n), rooted(library, query, integers))
  const whole = answerOf(
    library,
    everyRow(unbounded.query),
    planAt(nanos[0] ?? 0n),
    rooted(library, query, integersOf(library, unbounded)),
  )
  const read = (/** @type {any} */ plan, /** @type {readonly (readonly bigint[])[]} */ values) =>
    relative(answerOf(library, query, plan, values), truth)
  const repeated = (/** @type {() => readonly number[]} */ draw) => median(Array.from({ length: repeats }, draw).flat())
  const place = library.cellIndex(query.groups)
  const levels = nanos.map((nano) => {
    const plan = planAt(nano)
    const epsilon = library.rhoToEps(Number(nano) / 1e9, delta)
    // As many questions of this rho as a person's limit allows, and each one's share of the limit's epsilon: pure losses add up.
    const shared = library.rhoToEps(Number(budgetNano) / 1e9, delta) / (Number(budgetNano) / Number(nano))
    const textbook = (/** @type {number} */ each, /** @type {boolean} */ groupwise) =>
      repeated(() =>
        read(plan, rooted(library, query, laplace(library, query, integers, each, groupwise ? groups : 1))),
      )
    return {
      nano: Number(nano),
      epsilon,
      sharedEpsilon: shared,
      ours: repeated(() => read(plan, library.addNoise(exact.rows, plan, integers.length, place))),
      laplaceAlone: textbook(epsilon, true),
      laplaceShared: textbook(shared, true),
      laplaceWholeRecordAlone: textbook(epsilon, false),
      laplaceWholeRecordShared: textbook(shared, false),
    }
  })
  const clipped = relative(truth, whole)
  return {
    cells: [...truth.values()].flat().filter((value) => Math.abs(value) > 0).length,
    clipping: median(clipped),
    levels,
  }
}

/**
 * The textbook's way: epsilon split evenly over aggregates (an average is a sum and a count, a variance two sums and a count, a quantile a histogram), Laplace noise on
 * each, of scale sensitivity/epsilon. One person is in so many groups with up to the whole bound in each, so the sensitivity in L1 is L0 times the bound, which is what libraries
 * with a bound of groups and a bound of contribution do. With 1: the bound holds for the whole record in L1, the tightest that could be said for it.
 * Sums are not centred. @param {Library} library @param {any} query @param {readonly (readonly bigint[])[]} cells @param {number} epsilon @param {number} most
 */
function laplace(library, query, cells, epsilon, most) {
  const aggregates = query.measures.reduce(
    (/** @type {number} */ sum, /** @type {any} */ one) => sum + (one.kind === 'distribution' ? 1 : channelsOf(one)),
    0,
  )
  const single = query.groups.every((/** @type {any} */ group) => group.perPerson)
  const groups = single ? 1 : Math.min(most, cellsOf(query))
  const noisy = (/** @type {bigint} */ value, /** @type {number} */ bound, /** @type {number} */ times = groups) =>
    value + BigInt(Math.round(drawLaplace((bound * times * aggregates) / epsilon)))
  return cells.map((values) => {
    let next = 0
    return query.measures.flatMap((/** @type {any} */ measure) => {
      /** @type {readonly bigint[]} */
      const own = values.slice(next, next + channelsOf(measure))
      next += own.length
      const [n = 0n, s = 0n, w = 0n] = own
      switch (measure.kind) {
        case 'rows':
          return [noisy(n, Number(measure.maxRows))]
        case 'persons':
          return [noisy(n, 1, Number(measure.maxGroups))]
        case 'distinct':
          return [noisy(n, Number(measure.maxValues), 1)]
        case 'sum':
          return [noisy(n, Number(measure.maxSum))]
        case 'distribution':
          return own.map((/** @type {bigint} */ count) => noisy(count, 1, Number(measure.maxGroups)))
        default: {
          /** @type {{ centre: bigint, halfRange: bigint }} */
          const { centre: c, halfRange } = measure
          const rows = Number(measure.maxRows)
          const most = Math.max(Math.abs(Number(measure.minimum)), Math.abs(Number(measure.maximum)))
          const count = noisy(n, rows)
          const sum = noisy(s + c * n, rows * most) - c * count
          if (measure.kind === 'average') return [count, sum]
          /** @type {bigint} */
          const h = library.squareCentre(halfRange)
          // Σx² = Σ(d² - h) + h n + 2c Σd + c² n, and back.
          const squares = noisy(w + h * n + 2n * c * s + c * c * n, rows * most * most)
          return [count, sum, squares - h * count - 2n * c * sum - c * c * count]
        }
      }
    })
  })
}

/** @param {number} scale */
function drawLaplace(scale) {
  const u = Math.random() - 0.5
  return -scale * Math.sign(u) * Math.log(1 - 2 * Math.abs(u))
}

/**
 * The same question with bounds that nobody reaches: what is left out by the load stays left out. @param {any} query
 */
export function unboundedQuery(query) {
  const rows = 1_000_000n
  const lifted = query.measures.map((/** @type {any} */ measure) => ({
    ...measure,
    ...('maxRows' in measure ? { maxRows: rows } : {}),
    ...('maxGroups' in measure ? { maxGroups: rows } : {}),
    ...('maxValues' in measure ? { maxValues: rows } : {}),
    ...('maxSum' in measure ? { maxSum: 2n ** 53n } : {}),
  }))
  const far = (/** @type {any} */ column) =>
    column.minimum === undefined && column.maximum === undefined
      ? column
      : { ...column, minimum: -(2n ** 50n), maximum: 2n ** 50n }
  const derived = query.derived?.map((/** @type {any} */ one) => ({
    ...one,
    table: { ...one.table, columns: one.table.columns.map(far) },
  }))
  return { ...query, measures: lifted, ...(derived ? { derived } : {}) }
}
