import type { Query } from '../../src/query/query.ts'
import { asMap, type Cell } from './engine.ts'

/** Squares of the most that one person may move each channel, L2 over all groups: R, √L0, B; R and R·U for averages. */
export const squaredBounds = (query: Query): readonly bigint[] => query.measures.flatMap(squaredBound)

function squaredBound(measure: Query['measures'][number]): readonly bigint[] {
  switch (measure.kind) {
    case 'rows':
      return [measure.maxRows ** 2n]
    case 'persons':
      return [measure.maxGroups]
    case 'sum':
      return [measure.maxSum ** 2n]
    case 'average':
      return [measure.maxRows ** 2n, (measure.maxRows * measure.halfRange) ** 2n]
    case 'mean':
      return [measure.maxGroups, measure.maxGroups * measure.halfRange ** 2n]
    case 'cells':
      // Each cell by itself; together they are compared in disjoint.test.ts.
      return measure.vectors.map(() => 1n)
    case 'distinct':
      return [measure.maxValues ** 2n]
    case 'distribution':
      // Each bin by itself; together they are compared as C'x in test/privacy.
      return Array.from({ length: measure.bins }, () => measure.maxGroups)
    case 'variance': {
      const square = (measure.halfRange ** 2n + 1n) / 2n
      return [measure.maxRows ** 2n, (measure.maxRows * measure.halfRange) ** 2n, (measure.maxRows * square) ** 2n]
    }
  }
}

/** Squared L2 distance of two answers, channel by channel; a group that is absent counts as zeros. */
export function squaredDistances(a: readonly Cell[], b: readonly Cell[], channels: number): readonly bigint[] {
  const left = asMap(a)
  const right = asMap(b)
  const cells = new Set([...left.keys(), ...right.keys()])
  return Array.from({ length: channels }, (_, channel) => {
    let sum = 0n
    for (const cell of cells) sum += ((left.get(cell)?.[channel] ?? 0n) - (right.get(cell)?.[channel] ?? 0n)) ** 2n
    return sum
  })
}
