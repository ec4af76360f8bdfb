// @ts-check
/**
 * How often the 95 % intervals of an answer cover the exact bounded value: one engine run, then noise and intervals many times over by the library's own
 * functions. Only a benchmark or a test on data that may be looked at does this; a house has no way to.
 *
 * @typedef {object} Library from src/ or from dist/
 * @property {typeof import('../../src/privacy/exact.ts').openRows} openRows
 * @property {typeof import('../../src/privacy/noise.ts').addNoise} addNoise
 * @property {typeof import('../../src/privacy/interval.ts').halfWidth} halfWidth
 * @property {typeof import('../../src/privacy/interval.ts').tail} tail
 * @property {typeof import('../../src/query/evaluate.ts').evaluate} evaluate
 * @property {typeof import('../../src/release/way/cells.ts').cellIndex} cellIndex
 *
 * @typedef {object} Exact
 * @property {import('../../src/query/query.ts').Query} query one group key; counts and sums only
 * @property {import('../../src/privacy/budget.ts').NoisePlan} plan
 * @property {{ readonly sealed: true }} rows
 *
 * @typedef {object} OutputCoverage
 * @property {string} output
 * @property {number} repeats
 * @property {number} expected what the law of the noise says, a share
 * @property {bigint} halfWidth grid units
 * @property {number} scale
 * @property {readonly { group: string, exact: bigint, covered: number }[]} cells
 */

/**
 * @param {Library} library @param {Exact} exact @param {number} repeats
 * @param {import('../../src/privacy/random.ts').RandomBytes} [random]
 * @returns {readonly OutputCoverage[]} one for each count or sum
 */
export function coverageOf(library, { query, plan, rows }, repeats, random) {
  const [group] = query.groups
  const { domain } = group ?? {}
  if (query.groups.length !== 1 || !domain) throw new RangeError('coverage is counted over one declared group key')
  const place = library.cellIndex(query.groups)
  const exact = new Map(library.openRows(rows).map(({ keys, values }) => [place(keys), values]))
  const widths = plan.channels.map((channel) => library.halfWidth(channel.sigma2, 95))
  const sigma2 = plan.channels.map((channel) => channel.sigma2)
  const outputs = query.outputs.flatMap((output, at) => {
    const { value } = output
    if (value.kind !== 'measure') return []
    const channel = plan.channels.findIndex((one) => one.measure === value.index)
    return [{ name: output.name, at, channel, scale: query.measures[value.index]?.scale ?? 0 }]
  })
  const covered = outputs.map(() => domain.map(() => 0))
  for (let repeat = 0; repeat < repeats; repeat++) {
    const values = library.addNoise(rows, plan, domain.length, place, random)
    const answer = library.evaluate(query, { values, sigma2, halfWidth: (channel) => widths[channel] ?? 0n })
    for (const [which, output] of outputs.entries())
      for (const [cell, row] of answer.entries()) {
        const interval = row.cells[output.at]?.interval
        if (!interval) throw new RangeError('every count and sum has an interval')
        const value = exact.get(cell)?.[output.channel] ?? 0n
        const counts = /** @type {number[]} */ (covered[which])
        if (units(interval.low) <= value && value <= units(interval.high)) counts[cell] = (counts[cell] ?? 0) + 1
      }
  }
  return outputs.map((output, which) => {
    const width = /** @type {bigint} */ (widths[output.channel])
    const law = /** @type {(typeof sigma2)[number]} */ (sigma2[output.channel])
    return {
      output: output.name,
      repeats,
      expected: 1 - 2 * library.tail(law, width + 1n),
      halfWidth: width,
      scale: output.scale,
      cells: domain.map((key, cell) => ({
        group: String(key),
        exact: exact.get(cell)?.[output.channel] ?? 0n,
        covered: covered[which]?.[cell] ?? 0,
      })),
    }
  })
}

/** Share of all intervals of these outputs that cover. @param {readonly OutputCoverage[]} outputs */
export function pooled(outputs) {
  const cells = outputs.flatMap((one) => one.cells.map((cell) => ({ covered: cell.covered, repeats: one.repeats })))
  return cells.reduce((sum, one) => sum + one.covered, 0) / cells.reduce((sum, one) => sum + one.repeats, 0)
}

/** Decimal text of a fixed scale as whole grid units. @param {string} text */
const units = (text) => BigInt(text.replace('.', ''))
