import { Type } from '@sinclair/typebox'
import { exactly, oneOf, optional, text, whole, yesOrNo } from './basics.ts'

/** Words in the languages of the portals. */
const both = exactly({ en: text, de: text })
const Reading = exactly({ means: both, caveats: Type.Array(both) })
const Choices = exactly({
  when: text,
  choices: Type.Array(exactly({ value: text, label: both })),
  more: Type.Optional(whole),
})
const Parameter = exactly({
  name: text,
  type: oneOf(
    'table',
    'date column',
    'number column',
    'item column',
    'group column',
    'person column',
    'value',
    'day',
    'whole number',
    'amount',
    'edges',
    'option',
  ),
  title: both,
  help: Type.Optional(both),
  required: yesOrNo,
  of: optional,
  default: optional,
  minimum: Type.Optional(whole),
  maximum: Type.Optional(whole),
  choices: Type.Optional(Type.Array(Choices)),
})
export const Measures = exactly({
  product: text,
  measures: Type.Array(
    exactly({
      measure: text,
      title: both,
      question: both,
      cells: both,
      reading: Reading,
      parameters: Type.Array(Parameter),
    }),
  ),
})
export const CompiledMeasure = exactly({ measure: text, sql: text, words: text, reading: Reading })

const Figure = exactly({
  id: text,
  label: both,
  group: optional,
  value: Type.Union([text, Type.Null()]),
  low: optional,
  high: optional,
  unit: oneOf('share', 'points', 'people', 'times', 'amount', 'probability', 'band'),
  word: oneOf('solid', 'rough', 'noise', 'insufficient', 'plain'),
  drawn: Type.Optional(yesOrNo),
})
export const MeasureFigures = exactly({
  release: text,
  /** Missing when the question came from no measure. */
  figures: Type.Optional(
    exactly({
      measure: text,
      title: both,
      figures: Type.Array(Figure),
      reading: Reading,
      intervals: both,
    }),
  ),
})
