import { rootColumn, rootUnit } from '../base/prefix-sums.ts'
import { approximate, decimalText, type Rational } from '../base/rational.ts'
import type { Channel } from '../privacy/budget.ts'
import { utilityLoss } from '../privacy/exponential.ts'
import { halfWidthOfSum } from '../privacy/interval.ts'
import type { NoisyExpression } from '../query/query.ts'
import { cellsUnder, measuresIn } from './made-of.ts'
import type { Budgeted } from './way/privacy.ts'

export type Accuracy = {
  readonly output: string
  readonly kind: 'guaranteed' | 'expected' | 'derived'
  /** 95 %: one width, or the width at stated sizes of a group. */
  readonly halfWidth95?:
    | string
    | { readonly at1000Rows: string; readonly at10000Rows: string; readonly at100000Rows: string }
    | undefined
  readonly words: string
}

/**
 * What precision the buyer gets, before asking. Counts and sums: guaranteed, from the bounds. Averages and ratios: expected, at stated sizes of a
 * group, because their width depends on how many people are in it, which nobody may know in advance.
 */
export function expectedAccuracy(question: Pick<Budgeted, 'query' | 'noise'>): readonly Accuracy[] {
  return question.query.outputs
    .filter((output) => measuresIn(output.value).length > 0)
    .map((output) => {
      const value = output.value
      if (value.kind !== 'measure')
        return {
          output: output.name,
          kind: 'derived',
          words: 'follows from the released values; its interval comes with the answer',
        }
      const measure = question.query.measures[value.index]
      const channels = question.noise.channels.filter((channel) => channel.measure === value.index)
      if (measure?.kind === 'bound')
        return { output: output.name, kind: 'expected', words: choiceWords(channels[0]?.choice) }
      if (measure?.kind === 'distribution')
        return value.atMost !== undefined
          ? {
              output: output.name,
              kind: 'derived',
              words: 'follows from the released distribution; its interval comes with the answer',
            }
          : { output: output.name, kind: 'expected', words: rankWords(channels[0]?.sigma2, measure.bins) }
      if (measure?.kind !== 'average' && measure?.kind !== 'variance' && measure?.kind !== 'mean') {
        const width = halfWidthOfSum(channels[0]?.sigma2 ?? { n: 1n, d: 1n }, cellsUnder(measure, value), 95)
        return {
          output: output.name,
          kind: 'guaranteed',
          halfWidth95: decimalText(width, measure?.scale ?? 0),
          words: bound(measure, value),
        }
      }
      const sum = approximate(channels.find((channel) => channel.part === 'centred')?.sigma2 ?? { n: 0n, d: 1n })
      const count = approximate(channels.find((channel) => channel.part === 'count')?.sigma2 ?? { n: 0n, d: 1n })
      if (value.statistic !== undefined)
        return {
          output: output.name,
          kind: 'derived',
          words: 'follows from the three released moments; its interval comes with the answer',
        }
      const at = (rows: number) =>
        decimalText(
          BigInt(Math.ceil((1.96 * Math.sqrt(sum + Number(measure.halfRange) ** 2 * count)) / rows)),
          measure.scale,
        )
      return {
        output: output.name,
        kind: 'expected',
        halfWidth95: { at1000Rows: at(1_000), at10000Rows: at(10_000), at100000Rows: at(100_000) },
        words: `at most this wide in a group with so many ${measure.kind === 'mean' ? 'people' : 'rows'}; the widest case of a value at the end of its range`,
      }
    })
}

/** The rank of a released quantile among the people of a group: 1.96 deviations of a prefix sum at its widest. */
function rankWords(sigma2: Rational | undefined, bins: number): string {
  const unit = Number(rootUnit)
  const row = Math.sqrt(rootColumn(bins).reduce((sum, c) => sum + (Number(c) / unit) ** 2, 0))
  const people = Math.ceil((1.96 * row * Math.sqrt(approximate(sigma2 ?? { n: 0n, d: 1n }))) / unit)
  return `its rank is right to about ${people} people in each group; the interval in the unit of the output comes with the answer`
}

function choiceWords(choice: Channel['choice']): string {
  if (!choice) return ''
  const { edges, target, epsilon } = choice
  const people = Math.ceil(utilityLoss(epsilon, edges.length, 0.05))
  return `one of ${edges.length} public bounds, chosen so that about ${target} people are above it; in 95 of 100 choices it is right to about ${people} people`
}

function bound(
  measure: Budgeted['query']['measures'][number] | undefined,
  value: Extract<NoisyExpression, { kind: 'measure' }>,
): string {
  if (measure?.kind === 'cells')
    return `one person counts in one of ${measure.vectors.length} disjoint cells, which ${measure.conditions.length} counts share for the price of one; this one is the sum of ${count(BigInt(cellsUnder(measure, value)), 'cell')}`
  if (measure?.kind === 'rows') return `at most ${count(measure.maxRows, 'row')} of one person count`
  if (measure?.kind === 'persons') return `one person counts in at most ${count(measure.maxGroups, 'group')}`
  if (measure?.kind === 'distinct')
    return `at most ${count(measure.maxValues, 'value')} of one person count, so the number of values is understated`
  if (measure?.kind === 'sum') return `what one person adds is bounded by ${decimalText(measure.maxSum, measure.scale)}`
  return ''
}

const count = (n: bigint, what: string): string => `${n} ${what}${n === 1n ? '' : 's'}`
