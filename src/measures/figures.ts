import { findMeasure } from './all.ts'
import type { Answer, Figures } from './figures/answer.ts'
import { markOf } from './mark.ts'

/**
 * What a measure says of its answer: derived figures with intervals. From released numbers alone, so it costs no privacy and a page computes it itself.
 * Undefined when the SQL does not come from a measure, or the answer no longer has that measure's shape because the SQL was changed.
 */
export function figuresOf(answer: Answer): Figures | undefined {
  const mark = markOf(answer.sql)
  const measure = mark && findMeasure(mark.measure)
  const derived = measure?.figures(answer, mark?.parameters ?? {})
  if (!measure || !derived) return undefined
  return {
    measure: measure.id,
    title: measure.title,
    figures: derived.figures,
    intervals: derived.intervals,
    reading: { means: measure.means, caveats: measure.caveats },
  }
}
