import { severalNames } from '../common.ts'
import type { Given } from '../measure.ts'
import { type Answer, type Cells, cellsOf, type Derived, ofNoise } from './answer.ts'
import { type Estimate, estimated, figure, ratio, type Sum, sumOf, z95 } from './estimate.ts'
import { one } from './shares.ts'

type Cell = Cells['cells'][number]

/** Sizes, deduplicated reach, what each adds to the others, and each pair: sums of cells. */
export function overlapFigures(answer: Answer, given: Given): Derived | undefined {
  const names = severalNames.flatMap((name) => (given[name] === undefined ? [] : [given[name]]))
  const cells = flagged(answer, names.length)
  if (!cells || names.length < 2) return undefined
  const { variance } = cells
  const has = (cell: Cell, at: number) => cell.keys[at] === 'true'
  const any = sumOf(cells, (cell) => Number(cell.keys.includes('true')))
  const sizes = names.map((name, at) => {
    const size = sumOf(cells, (cell) => Number(has(cell, at)))
    return figure(`size-${at + 1}`, { en: name, de: name }, 'people', estimated(size, variance), { drawn: true })
  })
  const added = names.map((name, at) => {
    const only = sumOf(cells, (cell) => Number(has(cell, at) && cell.keys.filter((key) => key === 'true').length === 1))
    const label = { en: `Only ${name}: what it adds to the others`, de: `Nur ${name}: was es zu den anderen hinzufügt` }
    return figure(`only-${at + 1}`, label, 'people', estimated(only, variance))
  })
  const pairs = names.flatMap((a, i) =>
    names.slice(i + 1).flatMap((b, offset) => {
      const j = i + 1 + offset
      const both = sumOf(cells, (cell) => Number(has(cell, i) && has(cell, j)))
      const either = sumOf(cells, (cell) => Number(has(cell, i) || has(cell, j)))
      const label = { en: `Both ${a} and ${b}`, de: `Sowohl ${a} als auch ${b}` }
      const share = { en: `… of those with ${a} or ${b}`, de: `… derer mit ${a} oder ${b}` }
      return [
        figure(`both-${i + 1}-${j + 1}`, label, 'people', estimated(both, variance), { drawn: true }),
        figure(`overlap-${i + 1}-${j + 1}`, share, 'share', ratio(both, either, variance)),
      ]
    }),
  )
  const reach = { en: 'At least one of them, each person once', de: 'Mindestens eines, jeder Mensch einmal' }
  const share = { en: '… as a share of all', de: '… als Anteil aller' }
  return {
    figures: [
      figure('any', reach, 'people', estimated(any, variance)),
      figure('any-share', share, 'share', ratio(any, sumOf(cells, one), variance)),
      ...sizes,
      ...pairs,
      ...added,
    ],
    intervals: ofNoise,
  }
}

/** lift = both·all / (first·second), confidence = both / first, support = both / all. */
export function affinityFigures(answer: Answer, given: Given): Derived | undefined {
  const cells = flagged(answer, 2)
  const { first: a, second: b } = given
  if (!cells || a === undefined || b === undefined) return undefined
  const { variance } = cells
  const count = (holds: (first: boolean, second: boolean) => boolean) =>
    sumOf(cells, ({ keys }) => Number(holds(keys[0] === 'true', keys[1] === 'true')))
  const both = count((first, second) => first && second)
  const first = count((has) => has)
  const second = count((_, has) => has)
  const all = sumOf(cells, one)
  const share = (label: string, de: string, id: string, n: Sum, d: Sum) =>
    figure(id, { en: label, de }, 'share', ratio(n, d, variance))
  return {
    figures: [
      figure(
        'affinity',
        { en: 'Lift (1: by chance)', de: 'Lift (1: wie zufällig)' },
        'times',
        liftOf(cells, both, first, second, all),
      ),
      share(
        `Share of those with ${a} who have ${b} too`,
        `Anteil derer mit ${a}, die auch ${b} haben`,
        'confidence',
        both,
        first,
      ),
      share(`Share of all who have ${b}`, `Anteil aller, die ${b} haben`, 'expected', second, all),
      share(`Share of all who have both`, `Anteil aller, die beides haben`, 'support', both, all),
      figure('both', { en: 'Both', de: 'Beides' }, 'people', estimated(both, variance)),
    ],
    intervals: ofNoise,
  }
}

/** Delta method on the logarithm: the four sums share cells, whose noise is independent. Undefined when one of them may be 0. */
function liftOf({ cells, variance }: Cells, both: Sum, first: Sum, second: Sum, all: Sum): Estimate | undefined {
  if ([both, first, second, all].some((sum) => estimated(sum, variance).low <= 0)) return undefined
  const value = (both.value * all.value) / (first.value * second.value)
  const slopes = cells.map((_, at) => {
    const of = (sum: Sum): number => (sum.weights[at] ?? 0) / sum.value
    return of(both) + of(all) - of(first) - of(second)
  })
  const spread = z95 * Math.sqrt(variance * slopes.reduce((sum, slope) => sum + slope * slope, 0))
  return { value, low: value * Math.exp(-spread), high: value * Math.exp(spread) }
}

function flagged(answer: Answer, keys: number): Cells | undefined {
  const cells = cellsOf(answer, keys)
  return cells?.cells.every((cell) => cell.keys.every((key) => key === 'true' || key === 'false')) ? cells : undefined
}
