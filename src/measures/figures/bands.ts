import type { Given } from '../measure.ts'
import { type Answer, type Cells, cellsOf, type Derived, type Figure, ofNoise } from './answer.ts'
import { estimated, figure, ratio, sumOf } from './estimate.ts'
import { one } from './shares.ts'

/** The share of each band, the shares below each edge, and the band in which the middle person is. */
export function bandFigures(answer: Answer, given: Given): Derived | undefined {
  const cells = cellsOf(answer, 1)
  const edges = (given.edges ?? '').split(',').map((edge) => edge.trim())
  if (!cells || cells.cells.length !== edges.length + 1) return undefined
  const { variance } = cells
  const all = sumOf(cells, one)
  const upTo = (index: number) => sumOf(cells, (cell) => Number(cells.cells.indexOf(cell) < index))
  const below = edges.map((edge, index) => {
    const share = ratio(upTo(index + 1), all, variance)
    return figure(`below-${index + 1}`, { en: `Below ${edge}`, de: `Unter ${edge}` }, 'share', share)
  })
  return { figures: [middle(cells), ...shares(cells), ...below], intervals: ofNoise }
}

/** People who converted, and the share of each channel. */
export function lastTouchFigures(answer: Answer): Derived | undefined {
  const cells = cellsOf(answer, 1)
  if (!cells) return undefined
  const all = estimated(sumOf(cells, one), cells.variance)
  return {
    figures: [
      figure('converted', { en: 'People who converted', de: 'Menschen, die konvertierten' }, 'people', all),
      ...shares(cells),
    ],
    intervals: ofNoise,
  }
}

function shares(cells: Cells): readonly Figure[] {
  const all = sumOf(cells, one)
  return cells.cells.map((of, index) => {
    const name = of.keys[0] ?? '—'
    const share = ratio(
      sumOf(cells, (cell) => Number(cell === of)),
      all,
      cells.variance,
    )
    return figure(`share-${index + 1}`, { en: name, de: name }, 'share', share, { drawn: true })
  })
}

/** The band in which the cumulated people pass half of all. */
function middle({ cells, variance }: Cells): Figure {
  const label = {
    en: 'Half of the people are in or below the band',
    de: 'Die Hälfte der Menschen ist in oder unter der Klasse',
  }
  const all = estimated(sumOf({ cells, variance }, one), variance)
  if (all.low <= 0) return { id: 'middle', label, unit: 'band', value: null, word: 'insufficient' }
  let sum = 0
  const found = cells.find(({ people }) => {
    sum += people
    return sum >= all.value / 2
  })
  return { id: 'middle', label, unit: 'band', value: found?.keys[0] ?? null, word: found ? 'plain' : 'insufficient' }
}
