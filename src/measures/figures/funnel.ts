import { severalNames } from '../common.ts'
import type { Given } from '../measure.ts'
import type { Text } from '../text.ts'
import { type Answer, type Cells, cellsOf, type Derived, ofNoise } from './answer.ts'
import { estimated, figure, ratio, sumOf } from './estimate.ts'
import { one } from './shares.ts'

/** People at a step are its cell and all deeper ones; conversion is one step over the one before. */
export function funnelFigures(answer: Answer, given: Given): Derived | undefined {
  const names = severalNames.flatMap((name) => (given[name] === undefined ? [] : [given[name]]))
  const cells = ordinal(answer, 0, names.length)
  if (!cells || names.length === 0) return undefined
  const { variance } = cells
  const reached = (step: number) => sumOf(cells, (cell) => Number(Number(cell.keys[0]) >= step))
  const last = names.length
  return {
    figures: [
      figure(
        'whole-way',
        {
          en: 'Of those at the first step, share that reached the last',
          de: 'Anteil derer am ersten Schritt, die den letzten erreichten',
        },
        'share',
        ratio(reached(last), reached(1), variance),
      ),
      figure(
        'began',
        { en: 'Of all, share at the first step', de: 'Anteil aller am ersten Schritt' },
        'share',
        ratio(reached(1), sumOf(cells, one), variance),
      ),
      ...names.map((name, at) => {
        const label: Text = { en: `Reached step ${at + 1}: ${name}`, de: `Erreichten Schritt ${at + 1}: ${name}` }
        return figure(`step-${at + 1}`, label, 'people', estimated(reached(at + 1), variance), { drawn: true })
      }),
      ...names.slice(1).map((name, at) => {
        const label: Text = { en: `${names[at]} → ${name}`, de: `${names[at]} → ${name}` }
        return figure(`conversion-${at + 1}`, label, 'share', ratio(reached(at + 2), reached(at + 1), variance))
      }),
    ],
    intervals: ofNoise,
  }
}

/** Still active in a period: the cells of this and all later last periods, over all cells. */
export function retentionFigures(answer: Answer, given: Given): Derived | undefined {
  const periods = Number(given.periods)
  const cells = ordinal(answer, 1, periods)
  if (!cells || !Number.isInteger(periods)) return undefined
  const { variance } = cells
  const all = sumOf(cells, one)
  const active = (period: number) => sumOf(cells, (cell) => Number(Number(cell.keys[0]) >= period))
  const en = given.unit ?? 'period'
  const de = { week: 'Woche', month: 'Monat', quarter: 'Quartal' }[en] ?? 'Abschnitt'
  return {
    figures: [
      figure('cohort', { en: `Active in the first ${en}`, de: `Aktiv: ${de} 1` }, 'people', estimated(all, variance)),
      ...Array.from({ length: periods - 1 }, (_, index) => {
        const period = index + 2
        const label = { en: `Still active in ${en} ${period} or later`, de: `Noch aktiv: ${de} ${period} oder später` }
        return figure(`active-${period}`, label, 'share', ratio(active(period), all, variance), { drawn: true })
      }),
    ],
    intervals: ofNoise,
  }
}

function ordinal(answer: Answer, low: number, high: number): Cells | undefined {
  const cells = cellsOf(answer, 1)
  const inside = (key: string | null | undefined): boolean => {
    const value = Number(key ?? Number.NaN)
    return Number.isInteger(value) && value >= low && value <= high
  }
  return cells?.cells.every(({ keys }) => inside(keys[0])) ? cells : undefined
}
