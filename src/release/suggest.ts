import { isqrt, minimum } from '../base/integer.ts'
import { decimalText } from '../base/rational.ts'
import type { Channel } from '../privacy/budget.ts'
import { cellsOf, type NoisyExpression, type Query } from '../query/query.ts'
import { type Change, variantsOf } from '../query/variants.ts'
import { type Accuracy, expectedAccuracy } from './accuracy.ts'
import { expectedErrors } from './expected.ts'
import { measuresIn } from './made-of.ts'
import type { Priced } from './way/market.ts'
import { noiseOf } from './way/privacy.ts'

/**
 * A change that makes a question more precise at the same rho and price, or gives more for them. Everything in it was computed: the changed question was read
 * over the contract and its noise planned. Texts, so that a page can say it in the reader's language. (A type: only those are assignable to Json.)
 */
export type Suggestion = {
  readonly kind: Change['kind']
  /** The key or the output that it is about. */
  readonly subject: string
  /** What a row is cut off at. */
  readonly at?: string | undefined
  /** The question with it, where only a part of the text changes. */
  readonly sql?: string | undefined
  readonly outputs: readonly {
    readonly output: string
    /** 95 % half-widths where they are known beforehand. */
    readonly before?: string | undefined
    readonly after?: string | undefined
    /** The noise is so many times smaller, two decimals, rounded down. Outputs whose noise stays as it was are left out. */
    readonly times?: string | undefined
  }[]
  /** Groups that are shown. */
  readonly groups?: { readonly before: number; readonly after: number } | undefined
  readonly words: string
}

/** From contract and question alone; the ones that help most come first. */
export async function suggestionsFor(question: Priced): Promise<readonly Suggestion[]> {
  const { query, catalogue, nano } = question
  // The near questions are read with the contract's own bounds; where others are in force, numbers would not compare.
  if (question.narrowed.length > 0 || question.choices.length > 0 || question.topUp) return []
  const crowded = expectedErrors(question).some(({ warning }) => warning !== undefined)
  const before = { query, noise: question.noise }
  const found = (await variantsOf(query, catalogue)).flatMap(({ change, query: changed }) => {
    const noise = noiseOf({ query: changed, catalogue }, nano)
    return noise.ok ? suggestion(change, before, { query: changed, noise: noise.value }, crowded) : []
  })
  return found.sort((a, b) => best(b) - best(a))
}

type Planned = Pick<Priced, 'query' | 'noise'>

function suggestion(change: Change, before: Planned, after: Planned, crowded: boolean): readonly Suggestion[] {
  const subject = change.kind === 'without-group' ? change.group : change.output
  const free = change.kind === 'another-quantile' || change.kind === 'average-too'
  if (free)
    return before.noise.channels.length === after.noise.channels.length && sameNoise(before, after)
      ? [made(change, subject, [], undefined)]
      : []
  const outputs = compared(before, after)
  const helps =
    outputs.some(({ times }) => times !== undefined && Number(times) > 1) ||
    (change.kind === 'sum-instead' && outputs.length > 0)
  const groups = cellsChange(before.query, after.query)
  if (!helps && !(change.kind === 'without-group' && crowded && groups !== undefined)) return []
  return [made(change, subject, outputs, groups)]
}

function made(
  change: Change,
  subject: string,
  outputs: Suggestion['outputs'],
  groups: Suggestion['groups'],
): Suggestion {
  return {
    kind: change.kind,
    subject,
    ...(change.kind === 'clamp' ? { at: change.at, sql: change.sql } : {}),
    outputs,
    groups,
    words: wordsOf(change, subject, outputs, groups),
  }
}

const best = ({ outputs, groups }: Suggestion): number =>
  Math.max(groups ? groups.before / groups.after / 1000 : 0, ...outputs.map(({ times }) => Number(times ?? 0)))

const sameNoise = (before: Planned, after: Planned): boolean =>
  before.noise.channels.every(({ sigma2 }, at) => {
    const now = after.noise.channels[at]?.sigma2
    return now?.n === sigma2.n && now.d === sigma2.d
  })

/** Outputs that both questions have, by name. An average that became a sum has no earlier width to compare with. */
function compared(before: Planned, after: Planned): Suggestion['outputs'] {
  const [widthsBefore, widthsAfter] = [before, after].map(
    (one) => new Map(expectedAccuracy(one).map((accuracy) => [accuracy.output, widthOf(accuracy)])),
  ) as [Map<string, string | undefined>, Map<string, string | undefined>]
  return after.query.outputs.flatMap(({ name, value }) => {
    const was = before.query.outputs.find((one) => one.name === name)
    if (!was || value.kind === 'group') return []
    const times = timesLess(channelsOf(was.value, before), channelsOf(value, after))
    if (times === '1' || (times === undefined && widthsAfter.get(name) === undefined)) return []
    return [{ output: name, before: times && widthsBefore.get(name), after: widthsAfter.get(name), times }]
  })
}

/** Of an average the width in a group of 10,000 rows. */
const widthOf = ({ halfWidth95 }: Accuracy): string | undefined =>
  typeof halfWidth95 === 'object' ? halfWidth95.at10000Rows : halfWidth95

const channelsOf = (value: NoisyExpression, { noise }: Planned): readonly Channel[] => {
  const measures = new Set(measuresIn(value))
  return noise.channels.filter(({ measure }) => measures.has(measure))
}

/** √(sigma² before / sigma² after), the least over the channels; undefined when they are not the same kinds of numbers. */
function timesLess(before: readonly Channel[], after: readonly Channel[]): string | undefined {
  if (before.length === 0 || before.length !== after.length) return undefined
  const hundredths = before.map(({ part, sigma2 }, at) => {
    const now = after[at]
    if (now?.part !== part) return undefined
    return isqrt((10_000n * sigma2.n * now.sigma2.d) / (sigma2.d * now.sigma2.n))
  })
  if (hundredths.includes(undefined)) return undefined
  const least = (hundredths as bigint[]).reduce(minimum)
  return decimalText(least, 2).replace(/\.?0+$/, '')
}

function cellsChange(before: Query, after: Query): Suggestion['groups'] {
  const [now, then] = [cellsOf(before.groups), cellsOf(after.groups)]
  return now === undefined || then === undefined || now === then ? undefined : { before: now, after: then }
}

function wordsOf(
  change: Change,
  subject: string,
  outputs: Suggestion['outputs'],
  groups: Suggestion['groups'],
): string {
  const effects = outputs.flatMap(({ output, before, after, times }) => {
    if (times !== undefined && Number(times) > 1)
      return [
        `the noise of "${output}" is ${times} times smaller${before !== undefined && after !== undefined ? `, ±${after} instead of ±${before}` : ''}`,
      ]
    return times === undefined && after !== undefined ? [`"${output}" is ±${after}`] : []
  })
  const fewer = groups
    ? [
        `${groups.after} group${groups.after === 1 ? '' : 's'} instead of ${groups.before}, so ${groups.after === 1 ? 'it' : 'each'} holds more`,
      ]
    : []
  switch (change.kind) {
    case 'without-group':
      return `Without the key "${subject}": ${[...effects, ...fewer].join('; ')}.`
    case 'alone':
      return `"${subject}" asked alone gets all of rho: ${effects.join('; ')}. What is left out is a question of its own, at a price of its own.`
    case 'sum-instead':
      return `AVG releases a count and a sum, each with a part of rho; SUM in its place is one number: ${effects.join('; ')}.`
    case 'clamp':
      return `Rows cut off at ${change.at}, LEAST(…, ${change.at}): ${effects.join('; ')}. What rows hold above is lost, which no interval shows.`
    case 'another-quantile':
      return `Another quantile of what "${subject}" is about costs nothing more and changes no noise.`
    case 'average-too':
      return `The average of what "${subject}" is about costs nothing more and changes no noise.`
  }
}
