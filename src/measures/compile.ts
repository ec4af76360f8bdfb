import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import { findMeasure, measures } from './all.ts'
import { markLine } from './mark.ts'
import type { Compiled, Given } from './measure.ts'
import { offerOf } from './offer.ts'
import { readParameters } from './parameters.ts'
import { type Language, onOneLine } from './text.ts'

/**
 * A measure with its parameters → SQL, the question in words, and how to read the answer. Pure: depends on the contract and the parameters alone. The SQL is asked like
 * any other (quote, ask); that the engine answers it is held by tests, for every contract of theirs.
 * Refuses measure.unknown, measure.not_offered, measure.parameter_unknown, measure.parameter_missing, measure.parameter_invalid.
 */
export function compileMeasure(
  id: string,
  given: Given,
  catalogue: Catalogue,
  language: Language = 'en',
): Outcome<Compiled> {
  const measure = findMeasure(id)
  if (measure === undefined)
    return refuse('measure.unknown', `there is no measure ${JSON.stringify(id.slice(0, 60))}`, {
      hint: `one of: ${measures.map((one) => one.id).join(', ')}`,
    })
  if (offerOf(measure, catalogue) === undefined)
    return refuse('measure.not_offered', `${measure.id} cannot be asked of ${catalogue.product}`, {
      hint: 'the contract declares no table with the columns that it needs',
    })
  const read = readParameters(measure.parameters, given, catalogue)
  if (!read.ok) return read
  const made = measure.compile(read.value.values, catalogue, language)
  if (!made.ok) return made
  const words = onOneLine(made.value.words)
  return accept({
    measure: measure.id,
    sql: `-- ${words}\n${markLine(measure.id, read.value.written)}\n${made.value.sql}`,
    words,
    reading: { means: measure.means, caveats: measure.caveats },
  })
}
