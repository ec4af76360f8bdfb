import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { isLess } from '../decimal.ts'
import type { Shown } from './cells.ts'

/** The answer in one sentence, with its uncertainty. */
export function useSentence(shown: Shown): string {
  const words = useText(text)
  const format = useFormat()
  if (shown.rows.length === 0) return words.empty
  const cells = shown.rows.flatMap((row) =>
    shown.values.flatMap(({ name, at }) => {
      const cell = row.cells[at]
      if (!cell || cell.value === null || cell.low === undefined || cell.high === undefined) return []
      const { value, low, high, word } = cell
      return [{ label: row.label, name, value, low, high, word }]
    }),
  )
  const spread = (one: (typeof cells)[number]): string =>
    words.between(format.number(one.value), format.number(one.low), format.number(one.high))
  const [first] = cells
  if (first === undefined) return words.nothing
  if (shown.rows.length === 1)
    return cells.map((one) => words.single(one.name, spread(one), one.word === 'noise')).join(' ')
  const ofFirst = cells.filter((one) => one.name === first.name)
  const solid = ofFirst.filter((one) => one.word !== 'noise')
  if (solid.length === 0) return words.allNoise(first.name, format.number(ofFirst.length))
  const most = solid.reduce((best, one) => (isLess(best.value, one.value) ? one : best))
  const noise = ofFirst.length - solid.length
  return words.most(most.name, most.label, spread(most), noise === 0 ? '' : format.number(noise), ofFirst.length)
}

const text = texts({
  en: {
    between: (value: string, low: string, high: string) =>
      `${value}, and with 95 % certainty the value without noise lies between ${low} and ${high}`,
    single: (name: string, spread: string, noise: boolean) =>
      `“${name}” is about ${spread}${noise ? '; that is too uncertain to build on' : ''}.`,
    most: (name: string, label: string, spread: string, noise: string, all: number) =>
      `“${name}” is largest for ${label}: ${spread}.${noise === '' ? '' : ` ${noise} of ${all} values are mostly noise.`}`,
    allNoise: (name: string, n: string) =>
      `All ${n} values of “${name}” are mostly noise: this answer says that they are small, and not which is larger.`,
    nothing: 'The answer holds no value with an interval.',
    empty:
      'No group appears: none has enough people by the noisy count, or the question left none over. That is the answer.',
  },
  de: {
    between: (value: string, low: string, high: string) =>
      `${value}, und mit 95 % Sicherheit liegt der Wert ohne Rauschen zwischen ${low} und ${high}`,
    single: (name: string, spread: string, noise: boolean) =>
      `„${name}“ ist etwa ${spread}${noise ? '; das ist zu unsicher, um darauf zu bauen' : ''}.`,
    most: (name: string, label: string, spread: string, noise: string, all: number) =>
      `„${name}“ ist am größten bei ${label}: ${spread}.${noise === '' ? '' : ` ${noise} von ${all} Werten sind vor allem Rauschen.`}`,
    allNoise: (name: string, n: string) =>
      `Alle ${n} Werte von „${name}“ sind vor allem Rauschen: Diese Antwort sagt, dass sie klein sind, und nicht, welcher größer ist.`,
    nothing: 'Die Antwort enthält keinen Wert mit einem Intervall.',
    empty:
      'Keine Gruppe erscheint: Keine hat nach der verrauschten Zahl genug Personen, oder die Frage ließ keine übrig. Das ist die Antwort.',
  },
})
