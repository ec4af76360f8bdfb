import { type Answer, type Cells, cellsOf, type Derived, ofNoise } from './answer.ts'
import { type Estimate, estimated, figure, ratio, sumOf } from './estimate.ts'
import { one } from './shares.ts'

type Cell = Cells['cells'][number]
const times = (cell: Cell): number => Number(cell.keys[0])

/** reach(k+) are sums of the cells from k on; the average frequency is contacts over people reached (capped). */
export function reachFigures(answer: Answer): Derived | undefined {
  const cells = cellsOf(answer, 1)
  if (!cells?.cells.every((cell) => Number.isInteger(times(cell)) && times(cell) >= 0)) return undefined
  const { variance } = cells
  const cap = Math.max(...cells.cells.map(times))
  const from = (k: number) => sumOf(cells, (cell) => Number(times(cell) >= k))
  return {
    figures: [
      figure('reach', { en: 'Reach', de: 'Reichweite' }, 'share', ratio(from(1), sumOf(cells, one), variance)),
      figure(
        'average-frequency',
        { en: 'Average frequency of those reached', de: 'Mittlere Häufigkeit der Erreichten' },
        'times',
        between(ratio(sumOf(cells, times), from(1), variance), 1, cap),
      ),
      ...Array.from({ length: cap }, (_, index) => {
        const k = index + 1
        const label = {
          en: k === 1 ? 'Reached at all' : `Reached ${k} times or more`,
          de: k === 1 ? 'Überhaupt erreicht' : `${k} Mal oder öfter erreicht`,
        }
        return figure(`reach-${k}`, label, 'people', estimated(from(k), variance), { drawn: true })
      }),
    ],
    intervals: ofNoise,
  }
}

/** Whoever was reached was reached once at least, and counts with the cap at most: what the noise says beyond that is not so. */
function between(estimate: Estimate | undefined, least: number, most: number): Estimate | undefined {
  if (estimate === undefined) return undefined
  const clamp = (value: number): number => Math.min(most, Math.max(least, value))
  return { value: clamp(estimate.value), low: clamp(estimate.low), high: clamp(estimate.high) }
}
