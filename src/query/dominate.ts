import type { Catalogue } from '../contract/catalogue.ts'
import { isNumber } from './expression.ts'
import { caseResults, divisionShift, intervalOf, largest } from './interval.ts'
import type { Expression } from './query.ts'

/** A column and a factor in grid units. */
export interface Dominating {
  readonly alias: string
  readonly column: string
  readonly factor: bigint
}

/**
 * One column whose amount bounds an expression, row by row.
 *
 * Claim. Let x be the stored value of the column (0 where it is missing). In every row printed(e) is null or an integer with |e| <= factor · |x|, if x lies
 * within the column's declared bounds (the load checks it) so that the clamp of the printed text changes nothing.
 * Proof, by induction on e.
 *  - column: |x| <= 1 · |x|. Literal 0 and null: dominated by every column with factor 0 ('nothing').
 *  - negate, abs: the same size. rescale: times a power of ten. a + b, a - b, one column: the factors add up; null where one is null.
 *  - a · b with |b| in its interval: |a·b| <= |a| · largest(b). Or the other way round.
 *  - a / b: null when b = 0, else |b| >= 1 in grid units, so |a·10^k / b| <= |a|·10^k, an integer, and rounding cannot pass an integer.
 *  - case, coalesce, nullif, greatest, least: the value is null or one of the results, and each of them is dominated: the largest factor holds. Of nullif the
 *    first argument alone is a result.
 * Everything else is not dominated. ∎
 */
export function dominating(expression: Expression, catalogue: Catalogue): Dominating | undefined {
  const found = dominated(expression, catalogue)
  return found === 'nothing' ? undefined : found
}

type Found = Dominating | 'nothing' | undefined

function dominated(expression: Expression, catalogue: Catalogue): Found {
  if (expression.kind === 'column')
    return isNumber(expression) ? { alias: expression.alias, column: expression.column, factor: 1n } : undefined
  if (expression.kind === 'literal')
    return expression.value === null || (isNumber(expression) && BigInt(expression.value) === 0n)
      ? 'nothing'
      : undefined
  const { args } = expression
  const of = (index: number): Found => dominated(args[index] as Expression, catalogue)
  switch (expression.name) {
    case 'negate':
    case 'abs':
    case 'nullif':
      return of(0)
    case 'rescale':
      return times(of(0), 10n ** BigInt(expression.scale - (args[0] as Expression).scale))
    case '+':
    case '-':
      return hull([of(0), of(1)], (a, b) => a + b)
    case '*':
      return (
        times(of(0), largest(intervalOf(args[1] as Expression, catalogue))) ??
        times(of(1), largest(intervalOf(args[0] as Expression, catalogue)))
      )
    case '/':
      return times(of(0), divisionShift(expression))
    case 'case':
      return hull(results(caseResults(args), catalogue), larger)
    case 'coalesce':
    case 'greatest':
    case 'least':
      return hull(results(args, catalogue), larger)
    default:
      return undefined
  }
}

const results = (args: readonly Expression[], catalogue: Catalogue): readonly Found[] =>
  args.map((arg) => dominated(arg, catalogue))

const times = (found: Found, factor: bigint): Found =>
  found === undefined || found === 'nothing' ? found : { ...found, factor: found.factor * factor }

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** All of one column, or of nothing. */
function hull(found: readonly Found[], join: (a: bigint, b: bigint) => bigint): Found {
  return found.reduce((all, one) => {
    if (all === undefined || one === undefined) return undefined
    if (all === 'nothing') return one
    if (one === 'nothing') return all
    if (all.alias !== one.alias || all.column !== one.column) return undefined
    return { alias: one.alias, column: one.column, factor: join(all.factor, one.factor) }
  }, 'nothing' as Found)
}
