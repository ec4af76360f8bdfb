import { approximate, rational } from '../../src/base/rational.ts'
import { type PathName, pathNames } from './paths.ts'
import type { Moved } from './sensitivity.ts'

/** How often which path computed which aggregate, and how near one person came to what the plan claims. */
export class Tally {
  readonly pairs: Record<PathName, number> = { records: 0, flat: 0, 'two-level': 0 }
  /** question, data and person removed, whichever paths they went. */
  distinctPairs = 0
  private readonly cells = new Map<string, { pairs: number; ratio: number }>()

  add(path: PathName, moved: readonly Moved[]): void {
    this.pairs[path]++
    for (const of of new Set(moved.map((one) => one.of))) {
      const name = `${path}/${of}`
      const cell = this.cells.get(name) ?? { pairs: 0, ratio: 0 }
      const ratios = moved.filter((one) => one.of === of).map(({ squared, claimed }) => ratioOf(squared, claimed))
      this.cells.set(name, { pairs: cell.pairs + 1, ratio: Math.max(cell.ratio, ...ratios) })
    }
  }

  ratio(path: PathName, of: string): number {
    return this.cells.get(`${path}/${of}`)?.ratio ?? 0
  }

  /** Aggregate by path. */
  table(): string {
    const names = [...new Set([...this.cells.keys()].map((name) => name.slice(name.indexOf('/') + 1)))].sort()
    const cell = (path: PathName, of: string): string => {
      const found = this.cells.get(`${path}/${of}`)
      return found ? `${String(found.pairs).padStart(6)} pairs, ${found.ratio.toFixed(4)}` : ''
    }
    const row = (first: string, rest: readonly string[]): string =>
      `${first.padEnd(34)}${rest.map((text) => text.padEnd(24)).join('')}`.trimEnd()
    return [
      row('most moved, of the claim', pathNames),
      ...names.map((of) =>
        row(
          of,
          pathNames.map((path) => cell(path, of)),
        ),
      ),
      row(
        'all',
        pathNames.map((path) => `${String(this.pairs[path]).padStart(6)} pairs`),
      ),
    ].join('\n')
  }
}

/** √squared / √claimed, for the eye. */
const ratioOf = (squared: bigint, claimed: bigint): number => Math.sqrt(approximate(rational(squared, claimed)))
