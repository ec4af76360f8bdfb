import { assert } from '../../base/assert.ts'
import { cellsOf, type GroupKey } from '../../query/query.ts'

type Keys = readonly (string | null)[]

/** Row-major place of a combination of group keys in the product of the declared domains; undefined when it is outside. */
export function cellIndex(groups: readonly GroupKey[]): (keys: Keys) => number | undefined {
  assert(cellsOf(groups) !== undefined, 'open keys have no cells')
  const places = placesOf(groups)
  return (keys) => {
    let index = 0
    for (const [at, { domain }] of groups.entries()) {
      const place = places[at]?.get(keys[at] ?? null)
      if (place === undefined) return undefined
      index = index * (domain?.length ?? 1) + place
    }
    return index
  }
}

/** Whether keys can be a group of a question with open keys: those with a domain are in it. */
export function isOpenKey(groups: readonly GroupKey[]): (keys: Keys) => boolean {
  const places = placesOf(groups)
  return (keys) =>
    keys.length === groups.length && places.every((place, at) => place === undefined || place.has(keys[at] ?? null))
}

/**
 * The public order of open groups, key by key: declared members as declared, numbers by size, texts by their characters, a missing key last. It follows
 * from the keys alone.
 */
export function keyOrder(groups: readonly GroupKey[]): (a: Keys, b: Keys) => number {
  const places = placesOf(groups)
  return (a, b) => {
    for (const [at, group] of groups.entries()) {
      const [left, right] = [a[at] ?? null, b[at] ?? null]
      if (left === right) continue
      const place = places[at]
      if (place) return (place.get(left) ?? 0) - (place.get(right) ?? 0)
      if (left === null || right === null) return left === null ? 1 : -1
      const numeric = group.type === 'integer' || group.type === 'decimal'
      return (numeric ? BigInt(left) < BigInt(right) : left < right) ? -1 : 1
    }
    return 0
  }
}

const placesOf = (groups: readonly GroupKey[]): readonly (ReadonlyMap<string | null, number> | undefined)[] =>
  groups.map(({ domain }) => domain && new Map(domain.map((member, index) => [member, index])))
