import { parseRational, type Rational } from '../../../base/rational.ts'
import type { AnswerCell, AnswerDocument } from '../../../release/document.ts'
import { columnNoise, type GradedCell, gradedAnswer, shownMethod } from '../../../release/graded.ts'
import type { Estimate } from '../../ui/chart/interval-chart.tsx'
import { apart } from '../decimal.ts'

/** An answer as the screens show it: each row with its name, each value with its graded intervals. */
export interface Shown {
  readonly values: readonly { readonly name: string; readonly at: number }[]
  readonly groups: readonly { readonly name: string; readonly at: number }[]
  readonly rows: readonly Row[]
  /** Rows were chosen by their noisy values: comparisons afterwards do not hold. */
  readonly chosen: boolean
}
export interface Row {
  /** Its group keys; "" when the answer has one row for all. */
  readonly label: string
  readonly cells: readonly AnswerCell[]
  readonly graded: readonly (GradedCell | undefined)[]
}

export function shownOf(answer: AnswerDocument, planText: string): Shown {
  const plan = JSON.parse(planText)
  const graded = gradedAnswer(answer, plan)
  const columns = answer.columns.map((column, at) => ({ ...column, at }))
  const groups = columns.filter((column) => column.kind === 'group')
  return {
    groups,
    values: columns.filter((column) => column.kind === 'value'),
    rows: answer.rows.map((cells, index) => ({
      label: groups.map((group) => cells[group.at]?.value ?? '—').join(' · '),
      cells,
      graded: graded[index] ?? [],
    })),
    chosen: plan.having !== null || plan.limit !== null || plan.selection !== undefined,
  }
}

/** So many rows are drawn; the table has all. */
export const mostDrawn = 40

/** For the chart of one column; of all columns when there is one row. Labels differ, also where names repeat. */
export function estimatesOf(shown: Shown, column: number): readonly Estimate[] {
  return shown.rows.slice(0, mostDrawn).flatMap((row) => {
    const one = estimate(row, column, row.label)
    return one === undefined ? [] : [one]
  })
}
export function estimatesOfOneRow(shown: Shown): readonly Estimate[] {
  return shown.values.flatMap(({ name, at }) => {
    const row = shown.rows[0]
    const one = row === undefined ? undefined : estimate(row, at, name)
    return one === undefined ? [] : [one]
  })
}

function estimate(row: Row, column: number, label: string): Estimate | undefined {
  const cell = row.cells[column]
  const intervals = row.graded[column]?.intervals
  if (cell === undefined || cell.value === null || intervals === undefined) return undefined
  const { value } = cell
  const half = (level: number): string => {
    const found = intervals.find((one) => one.level === level)
    return found === undefined ? '0' : apart(found.high, value)
  }
  return { label, value, half50: half(50), half80: half(80), half95: half(95), word: cell.word }
}

/** A value whose noise is one channel of the discrete law, so that two of them can be compared. */
export interface Comparable {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly sigma2: Rational
  readonly scale: number
}
export function comparables(answer: AnswerDocument, planText: string, shown: Shown): readonly Comparable[] {
  const noise = columnNoise(JSON.parse(planText), shownMethod(answer))
  return shown.rows.flatMap((row, index) =>
    shown.values.flatMap(({ name, at }) => {
      const value = row.cells[at]?.value
      const known = noise[at]
      const sigma2 = known === undefined ? undefined : parseRational(known.sigma2)
      if (value === undefined || value === null || known === undefined || sigma2 === undefined) return []
      const label = [row.label, shown.values.length > 1 || row.label === '' ? name : ''].filter((part) => part !== '')
      return [{ id: `${index}-${at}`, label: label.join(' · '), value, sigma2, scale: known.scale }]
    }),
  )
}
