import { parseDay } from '../../src/base/instant.ts'
import { later } from '../../src/measures/retention.ts'
import type { Data, Row } from '../query/engine.ts'

/**
 * What each measure counts, computed again person by person in plain loops, without SQL: key of the cell → people. `g` are the parameters as the tests give them:
 * items are products.category, the dates bought_on, all values texts.
 */
export type Given = Readonly<Record<string, string>>
type Person = { readonly row: Row; readonly lines: readonly Line[] }
type Line = { readonly day: string; readonly category: string; readonly spend: number | null; readonly row: Row }

export function peopleOf(data: Data): readonly Person[] {
  const category = new Map((data.products ?? []).map((product) => [product.product_id, product.category as string]))
  return (data.members ?? []).map((row) => ({
    row,
    lines: (data.basket_lines ?? [])
      .filter((line) => line._person === row._person)
      .map((line) => ({
        day: line.bought_on as string,
        category: category.get(line.product_id as bigint) ?? '',
        spend: line.spend === null ? null : Number(line.spend) / 100,
        row: line,
      })),
  }))
}

const counts = (line: Line, g: Given): boolean =>
  (g.is === undefined || line.category === g.is) &&
  (g.from === undefined || line.day >= g.from) &&
  (g.to === undefined || line.day <= g.to)
const linesOf = (person: Person, g: Given): readonly Line[] => person.lines.filter((line) => counts(line, g))

/** The cell of each person, or nothing when the person is in none. */
export const naive: Readonly<Record<string, (person: Person, g: Given) => readonly string[] | undefined>> = {
  penetration: (person, g) => [...by(person, g), linesOf(person, g).length > 0 ? 'yes' : 'no'],
  'repeat-rate': (person, g) => {
    const days = new Set(linesOf(person, g).map((line) => line.day)).size
    return [...by(person, g), days === 0 ? 'never' : days < Number(g.times ?? 2) ? 'fewer' : 'again']
  },
  'reach-frequency': (person, g) => [`${Math.min(linesOf(person, g).length, Number(g.cap ?? 5))}`],
  overlap: (person, g) => members(g).map((member) => `${linesOf(person, g).some((line) => line.category === member)}`),
  'basket-affinity': (person, g) =>
    linesOf(person, g).length === 0
      ? undefined
      : members(g).map((member) => `${linesOf(person, g).some((line) => line.category === member)}`),
  funnel: (person, g) => {
    let since = ''
    let deepest = 0
    for (const member of members(g)) {
      // A column of days knows days, a column of moments knows which of two on one day came first.
      const moments = linesOf(person, g)
        .filter((line) => line.category === member)
        .map((line) => line.row[g.date ?? ''] as string)
        .filter((moment) => moment >= since)
        .sort()
      if (moments[0] === undefined) break
      since = moments[0]
      deepest++
    }
    return [`${deepest}`]
  },
  retention: (person, g) => {
    const start = parseDay(g.from ?? '') ?? 0
    const days = person.lines
      .filter((line) => g.is === undefined || line.category === g.is)
      .map((line) => parseDay(line.day) ?? 0)
    const periods = Number(g.periods)
    const active = Array.from({ length: periods }, (_, at) =>
      days.some((day) => day >= later(start, g.unit ?? 'month', at) && day < later(start, g.unit ?? 'month', at + 1)),
    )
    return active[0] ? [`${active.lastIndexOf(true) + 1}`] : undefined
  },
  'price-bands': (person, g) => {
    const spends = linesOf(person, g).flatMap(({ spend }) => (spend === null ? [] : [spend]))
    if (spends.length === 0) return undefined
    const total = spends.reduce((sum, spend) => sum + Math.round(spend * 100), 0) / 100
    const paid = g.each === 'total' ? total : total / spends.length
    const edges = (g.edges ?? '').split(', ').map(Number)
    const at = edges.filter((edge) => paid >= edge).length
    if (at === 0) return [`below ${edges[0]}`]
    return [at === edges.length ? `${edges[at - 1]} and more` : `${edges[at - 1]} to below ${edges[at]}`]
  },
  lift: (person, g) => {
    const arm = armOf(person, g)
    return arm === undefined ? undefined : [arm, linesOf(person, g).length > 0 ? 'yes' : 'no']
  },
  'last-touch': (person, g) => {
    const converted = linesOf(person, g)
      .map((line) => line.day)
      .sort()[0]
    if (converted === undefined) return undefined
    // Touches are the person's lines themselves; the channel is the category.
    const touches = person.lines.filter((line) => line.day <= converted).sort((a, b) => (a.day < b.day ? -1 : 1))
    const last = touches.filter((line) => line.day === touches.at(-1)?.day)
    const [only] = last
    return only && last.every((line) => line.category === only.category) ? [only.category] : ['several at once']
  },
}

/** The amount of a person in an arm, brought between 0 and the cap, in hundredths. */
export function amountOf(person: Person, g: Given): { readonly arm: string; readonly amount: bigint } | undefined {
  const arm = armOf(person, g)
  if (arm === undefined) return undefined
  const total = linesOf(person, g).reduce((sum, line) => sum + Math.round((line.spend ?? 0) * 100), 0)
  return { arm, amount: BigInt(Math.min(Math.max(total, 0), Number(g.cap) * 100)) }
}

const armOf = (person: Person, g: Given): string | undefined =>
  person.row.region === g.test ? 'test' : person.row.region === g.control ? 'control' : undefined
const by = (person: Person, g: Given): readonly string[] => (g.by === undefined ? [] : [person.row.region as string])
const members = (g: Given): readonly string[] =>
  ['first', 'second', 'third', 'fourth', 'fifth'].flatMap((name) => g[name] ?? [])

export function tally(people: readonly Person[], measure: string, g: Given): Map<string, bigint> {
  const found = new Map<string, bigint>()
  for (const person of people) {
    const cell = naive[measure]?.(person, g)
    if (cell === undefined) continue
    const key = JSON.stringify(cell)
    found.set(key, (found.get(key) ?? 0n) + 1n)
  }
  return found
}
