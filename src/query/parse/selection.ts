import { cellsOf, type GroupKey, type Measure, type Selection } from '../query.ts'
import { type Measures, maxMeasures } from './aggregates.ts'
import { type Reading, stop } from './ast.ts'

/**
 * Of open keys, the count that decides which groups appear. It is a count of people that the question asks for anyway, if it asks for one without a
 * condition; else one more measure that no output shows. Undefined when every key has a public domain.
 */
export function readSelection(
  groups: readonly GroupKey[],
  measures: Measures,
  reading: Reading,
): Selection | undefined {
  if (cellsOf(groups) !== undefined) return undefined
  const { list, bounds } = measures
  const asked = list.findIndex((measure) => measure.kind === 'persons' && measure.filter === undefined)
  const single = asked >= 0 ? asked : list.findIndex(countsOnce)
  if (single >= 0) {
    const measure = list[single] as Measure
    return { measure: single, maxGroups: measure.kind === 'persons' ? measure.maxGroups : 1n, hidden: false }
  }
  if (list.length === maxMeasures)
    stop(
      'query.too_deep',
      `more than ${maxMeasures} aggregates, the count of people among them by which groups are chosen`,
      reading.places.ofOffset(0),
      'ask several questions',
    )
  list.push({ kind: 'persons', maxGroups: bounds.maxGroups, scale: 0 })
  return { measure: list.length - 1, maxGroups: bounds.maxGroups, hidden: true }
}

/** COUNT(*) of which one row of a person counts: 1 in one group at most, which is a count of people. */
const countsOnce = (measure: Measure): boolean =>
  measure.kind === 'rows' && measure.maxRows === 1n && measure.filter === undefined
