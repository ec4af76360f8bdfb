import { maximum } from '../../src/base/integer.ts'
import { rootColumn, timesRoot } from '../../src/base/prefix-sums.ts'
import { add, compare, multiply, type Rational, rational } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { nanoPerRho } from '../../src/base/units.ts'
import { type NoisePlan, noisePlan, widthOf } from '../../src/privacy/budget.ts'
import { channelsIn } from '../../src/query/moments.ts'
import type { PrintedSql } from '../../src/query/print/duckdb.ts'
import type { Query } from '../../src/query/query.ts'
import { asMap, type Cell, type Data, type Engine } from './engine.ts'

/** What the product itself claims of a question: sensitivities, and the noise that follows from them. The loss is odd, so that it does not split evenly. */
export const claimOf = (query: Query): NoisePlan =>
  expectAccepted(noisePlan(query.measures, 4_999_999n, query.selection))

/** What one person moved of one channel: the square of the L2 distance over all groups, of the integers that the noise is added to (of a distribution C'x). */
export interface Moved {
  /** Kind of the measure and part of it, and whether the groups are open. */
  readonly of: string
  readonly squared: bigint
  readonly claimed: bigint
}

/**
 * Channel by channel, and Σ |Δq|²/(2 sigma²) over the channels, exactly. A group that is absent counts as zeros; of open keys those alone count that are in both
 * answers (src/privacy/threshold.proof.md), and the others are looked at below.
 */
export function movedBy(
  query: Query,
  plan: NoisePlan,
  a: readonly Cell[],
  b: readonly Cell[],
): { readonly channels: readonly Moved[]; readonly loss: Rational } {
  const width = [...a, ...b][0]?.values.length ?? 0
  const differences = differencesOf(a, b, width, query.selection !== undefined)
  let next = 0
  let loss = rational(0n)
  const channels = plan.channels.map((channel): Moved => {
    const { part, sensitivitySquared, sigma2 } = channel
    const kind: string = (query.measures[channel.measure] as Query['measures'][number]).kind
    const first = next
    // A bound is asked for alone: all numbers are about it.
    next += kind === 'bound' ? width : (channel.width ?? 1)
    const column = part === 'distribution' ? rootColumn(next - first) : []
    let squared = 0n
    for (const difference of differences) {
      const own = difference.slice(first, next)
      // What is chosen from wants each number to move by little, not all of them together.
      for (const value of part === 'distribution' ? timesRoot(column, own) : own)
        squared = kind === 'bound' ? maximum(squared, value * value) : squared + value * value
    }
    if (kind !== 'bound') loss = add(loss, multiply(rational(squared), rational(sigma2.d, 2n * sigma2.n)))
    const of = `${kind === part ? kind : `${kind}, ${part}`}${query.selection ? ', open groups' : ''}`
    return { of, squared, claimed: sensitivitySquared }
  })
  return { channels, loss }
}

/** Cell by cell, channel by channel, the integers that the noise is added to; of a distribution C'x. */
export function protectedIntegers(
  plan: NoisePlan,
  cells: number,
  cellOf: (keys: readonly (string | null)[]) => number | undefined,
  rows: readonly Cell[],
): readonly bigint[] {
  const width = widthOf(plan)
  const dense = Array.from({ length: cells }, () => Array.from({ length: width }, () => 0n))
  for (const { keys, values } of rows) dense[cellOf(keys) as number] = [...values]
  return dense.flatMap((values) => {
    let next = 0
    return plan.channels.flatMap(({ part, width: own = 1 }) => {
      next += own
      const integers = values.slice(next - own, next)
      return part === 'distribution' ? timesRoot(rootColumn(own), integers) : integers
    })
  })
}

/** What of it is more than the plan claims, in words. */
export function breachesOf(query: Query, a: readonly Cell[], b: readonly Cell[], who: string): readonly string[] {
  const plan = claimOf(query)
  const { channels, loss } = movedBy(query, plan, a, b)
  const found = channels.flatMap(({ of, squared, claimed }) =>
    squared > claimed ? [`${who} moves ${of} by √${squared}, allowed √${claimed}`] : [],
  )
  const passed = compare(loss, rational(plan.nano, nanoPerRho)) > 0
  return [
    ...found,
    ...(passed ? [`${who} moves all channels together by ${loss.n}/${loss.d} rho`] : []),
    ...loneBreaches(query, a, b).map((what) => `${who} ${what}`),
  ]
}

/** The same for everybody in a world, each taken out of the tables. The engine holds the world already. */
export async function breaches(
  engine: Engine,
  query: Query,
  statement: PrintedSql,
  data: Data,
): Promise<readonly string[]> {
  const whole = await engine.run(statement)
  const found: string[] = []
  for (const person of (data.members ?? []).map((row) => row._person as bigint))
    found.push(...breachesOf(query, whole, await engine.runWithout(person, statement), `person ${person}`))
  return found
}

function differencesOf(
  a: readonly Cell[],
  b: readonly Cell[],
  width: number,
  inBoth: boolean,
): readonly (readonly bigint[])[] {
  const [left, right] = [asMap(a), asMap(b)]
  const cells = [...new Set([...left.keys(), ...right.keys()])]
  return cells
    .filter((cell) => !inBoth || (left.has(cell) && right.has(cell)))
    .map((cell) => {
      const [x, y] = [left.get(cell), right.get(cell)]
      return Array.from({ length: width }, (_, i) => (x?.[i] ?? 0n) - (y?.[i] ?? 0n))
    })
}

/** Of open keys: no group appears when somebody leaves, and those that only the leaver is in count 1 and are as many as count. */
function loneBreaches(query: Query, whole: readonly Cell[], without: readonly Cell[]): readonly string[] {
  const { selection } = query
  if (!selection) return []
  const place = query.measures.slice(0, selection.measure).reduce((sum, measure) => sum + channelsIn(measure), 0)
  const [left, right] = [asMap(whole), asMap(without)]
  const lone = [...left].filter(([key]) => !right.has(key))
  return [
    ...(lone.length > Number(selection.maxGroups) ? [`is alone in ${lone.length} groups`] : []),
    ...lone.filter(([, values]) => values[place] !== 1n).map(([key]) => `is alone in ${key} and does not count 1`),
    ...[...right.keys()].filter((key) => !left.has(key)).map((key) => `makes ${key} appear by leaving`),
  ]
}
