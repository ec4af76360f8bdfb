import type { Given } from '../measure.ts'
import type { Text } from '../text.ts'
import { type Answer, type Cells, cellsOf, type Derived, ofNoise } from './answer.ts'
import { estimated, figure, ratio, sumOf } from './estimate.ts'

type Cell = Cells['cells'][number]

/** Share of "yes" among yes and no; apart for each value of the attribute where one was named. */
export function penetrationFigures(answer: Answer, given: Given): Derived | undefined {
  const cells = keyed(answer, given, ['no', 'yes'])
  if (!cells) return undefined
  const yes = (cell: Cell) => Number(cell.keys.at(-1) === 'yes')
  const all = {
    people: figure('people', people, 'people', estimated(sumOf(cells, yes), cells.variance)),
    share: figure('penetration', penetration, 'share', ratio(sumOf(cells, yes), sumOf(cells, one), cells.variance)),
  }
  const apart = groupsOf(cells, given).map((group) => {
    const within = (cell: Cell) => Number(cell.keys[0] === group)
    const share = ratio(
      sumOf(cells, (cell) => yes(cell) * within(cell)),
      sumOf(cells, within),
      cells.variance,
    )
    return figure('penetration', penetration, 'share', share, { group: group ?? '—', drawn: true })
  })
  return { figures: [all.share, all.people, ...apart], intervals: ofNoise }
}

/** Share of "again" among all who did it; apart for each value of the attribute where one was named. */
export function repeatFigures(answer: Answer, given: Given): Derived | undefined {
  const cells = keyed(answer, given, ['never', 'fewer', 'again'])
  if (!cells) return undefined
  const again = (cell: Cell) => Number(cell.keys.at(-1) === 'again')
  const did = (cell: Cell) => Number(cell.keys.at(-1) !== 'never')
  const { variance } = cells
  const apart = groupsOf(cells, given).map((group) => {
    const within = (cell: Cell) => Number(cell.keys[0] === group)
    const rate = ratio(
      sumOf(cells, (cell) => again(cell) * within(cell)),
      sumOf(cells, (cell) => did(cell) * within(cell)),
      variance,
    )
    return figure('repeat-rate', repeat, 'share', rate, { group: group ?? '—', drawn: true })
  })
  return {
    figures: [
      figure('repeat-rate', repeat, 'share', ratio(sumOf(cells, again), sumOf(cells, did), variance)),
      figure('penetration', penetration, 'share', ratio(sumOf(cells, did), sumOf(cells, one), variance)),
      figure(
        'did',
        { en: 'Did it at all', de: 'Taten es überhaupt' },
        'people',
        estimated(sumOf(cells, did), variance),
      ),
      figure(
        'again',
        { en: 'Did it again', de: 'Taten es wieder' },
        'people',
        estimated(sumOf(cells, again), variance),
      ),
      ...apart,
    ],
    intervals: ofNoise,
  }
}

function keyed(answer: Answer, given: Given, names: readonly string[]): Cells | undefined {
  const cells = cellsOf(answer, given.by === undefined ? 1 : 2)
  return cells?.cells.every(({ keys }) => names.includes(keys.at(-1) ?? '')) ? cells : undefined
}

const groupsOf = ({ cells }: Cells, given: Given): readonly (string | null)[] =>
  given.by === undefined ? [] : [...new Set(cells.map(({ keys }) => keys[0] ?? null))]

export const one = (): number => 1
const people: Text = { en: 'People who did it', de: 'Menschen, die es taten' }
const penetration: Text = { en: 'Penetration', de: 'Reichweite' }
const repeat: Text = { en: 'Repeat rate', de: 'Wiederkaufrate' }
