import type { GroupKey } from '../../query/query.ts'

/** Row-major place of a combination of group keys in the product of the declared domains; undefined when it is outside. */
export function cellIndex(groups: readonly GroupKey[]): (keys: readonly (string | null)[]) => number | undefined {
  const places = groups.map((group) => new Map(group.domain.map((member, index) => [member, index])))
  return (keys) => {
    let index = 0
    for (const [at, group] of groups.entries()) {
      const place = places[at]?.get(keys[at] ?? null)
      if (place === undefined) return undefined
      index = index * group.domain.length + place
    }
    return index
  }
}
