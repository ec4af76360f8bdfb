import type { Text } from '../text.ts'
import { type Answer, type Cells, cellsOf, type Derived, type Figure, ofChanceAndNoise } from './answer.ts'
import { decimal, type Estimate, estimated, figure, ratio, sumOf, z95 } from './estimate.ts'
import { twoSided } from './normal.ts'

type Cell = Cells['cells'][number]

/** lift = p_t - p_c; se² = Σ p(1-p)/n + Σ variance of p by the noise; two-sided p-value of the normal law. */
export function liftFigures(answer: Answer): Derived | undefined {
  const cells = cellsOf(answer, 2)
  const known = cells?.cells.every(({ keys }) => isArm(keys[0]) && (keys[1] === 'yes' || keys[1] === 'no'))
  if (!cells || !known) return undefined
  const { variance } = cells
  const armOf = (name: string) => {
    const inside = (cell: Cell) => Number(cell.keys[0] === name)
    const n = sumOf(cells, inside)
    const yes = sumOf(cells, (cell) => inside(cell) * Number(cell.keys[1] === 'yes'))
    return { n: estimated(n, variance), yes, rate: ratio(yes, n, variance) }
  }
  const [test, control] = [armOf('test'), armOf('control')]
  const compared =
    test.rate && control.rate && test.n.low > 0 && control.n.low > 0
      ? difference(
          test.rate.value - control.rate.value,
          [test, control].reduce((sum, { n, yes }) => sum + varianceOfRate(yes.value, n.value, variance), 0),
        )
      : undefined
  return {
    figures: [
      figure('lift', { en: 'Lift (points)', de: 'Lift (Punkte)' }, 'points', compared?.estimate),
      probability(compared?.p),
      figure('rate-test', { en: 'Rate in the test arm', de: 'Rate im Testarm' }, 'share', test.rate, { drawn: true }),
      figure('rate-control', { en: 'Rate in the control arm', de: 'Rate im Kontrollarm' }, 'share', control.rate, {
        drawn: true,
      }),
      figure('people-test', { en: 'People in the test arm', de: 'Menschen im Testarm' }, 'people', test.n),
      figure('people-control', { en: 'People in the control arm', de: 'Menschen im Kontrollarm' }, 'people', control.n),
    ],
    intervals: ofChanceAndNoise,
  }
}

/** p(1-p)/n, and what the noise v on "yes" and on "no" does to p = yes/(yes + no): v((no/n²)² + (yes/n²)²). */
export function varianceOfRate(yes: number, n: number, variance: number): number {
  const p = Math.min(1, Math.max(0, yes / n))
  return (p * (1 - p)) / n + (variance * ((n - yes) ** 2 + yes ** 2)) / n ** 4
}

/** Means of both arms, with s²/n for chance and what their intervals say of the noise. */
export function revenueLiftFigures(answer: Answer): Derived | undefined {
  const { columns, rows } = answer
  const names = columns.map(({ name }) => name).join()
  if (names !== 'arm,people,mean,variance' || rows.length !== 2) return undefined
  const armOf = (name: string) => {
    const row = rows.find(([arm]) => arm?.value === name)
    const [people, mean, variance] = [estimateOf(row?.[1]), estimateOf(row?.[2]), estimateOf(row?.[3])]
    if (!people || !mean || people.low <= 0) return { people, mean, error: undefined }
    const noise = (mean.high - mean.low) / 2 / z95
    return { people, mean, error: Math.max(0, variance?.value ?? Number.NaN) / people.value + noise * noise }
  }
  if (!rows.every(([arm]) => isArm(arm?.value))) return undefined
  const [test, control] = [armOf('test'), armOf('control')]
  const compared =
    test.mean && control.mean && test.error !== undefined && control.error !== undefined
      ? difference(test.mean.value - control.mean.value, test.error + control.error)
      : undefined
  const of = (en: string, de: string): Text => ({ en, de })
  return {
    figures: [
      figure('revenue-lift', of('Lift per person', 'Lift je Person'), 'amount', compared?.estimate),
      probability(compared?.p),
      figure('mean-test', of('Mean in the test arm', 'Mittel im Testarm'), 'amount', test.mean, { drawn: true }),
      figure('mean-control', of('Mean in the control arm', 'Mittel im Kontrollarm'), 'amount', control.mean, {
        drawn: true,
      }),
      figure('people-test', of('People in the test arm', 'Menschen im Testarm'), 'people', test.people),
      figure('people-control', of('People in the control arm', 'Menschen im Kontrollarm'), 'people', control.people),
    ],
    intervals: ofChanceAndNoise,
  }
}

function difference(value: number, variance: number): { readonly estimate: Estimate; readonly p: number } | undefined {
  if (!(variance > 0)) return undefined
  const error = Math.sqrt(variance)
  return {
    estimate: { value, low: value - z95 * error, high: value + z95 * error },
    p: twoSided(value / error),
  }
}

/** How often a lift this large would show if there were none, by chance and noise. */
function probability(p: number | undefined): Figure {
  const label = { en: 'p-value, noise included', de: 'p-Wert, mit Rauschen' }
  if (p === undefined) return { id: 'p-value', label, unit: 'probability', value: null, word: 'insufficient' }
  return { id: 'p-value', label, unit: 'probability', value: decimal(p, 4), word: 'plain' }
}

const isArm = (name: string | null | undefined): boolean => name === 'test' || name === 'control'

function estimateOf(cell: Answer['rows'][number][number] | undefined): Estimate | undefined {
  const { value, low, high } = cell ?? {}
  if (value === null || value === undefined || low === undefined || high === undefined) return undefined
  return { value: Number(value), low: Number(low), high: Number(high) }
}
