import type { Figure, Figures } from '../measures/figures/answer.ts'
import { table } from './context.ts'

/** What a measure says of its answer. */
export function figureLines({ title, figures, intervals, reading }: Figures): readonly string[] {
  return [
    `${title.en}:`,
    ...table(
      ['figure', 'value', '95 %', ''],
      figures.map((one) => [
        one.group === undefined ? one.label.en : `${one.label.en}, ${one.group}`,
        one.value === null ? 'too few to say' : figureText(one.value, one.unit),
        one.low === undefined || one.high === undefined
          ? ''
          : `${figureText(one.low, one.unit)} to ${figureText(one.high, one.unit)}`,
        one.word === 'plain' || one.word === 'insufficient' ? '' : one.word,
      ]),
    ),
    '',
    reading.means.en,
    intervals.en,
    ...reading.caveats.map((one) => one.en),
  ]
}

/** 0.1234 as 12.34 %. */
function figureText(text: string, unit: Figure['unit']): string {
  if (unit !== 'share' && unit !== 'points') return text
  const percent = (Number(text) * 100).toFixed(2)
  return unit === 'share' ? `${percent} %` : `${percent} points`
}
