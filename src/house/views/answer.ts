import type { Json } from '../../base/canonical.ts'
import type { AnswerDocument } from '../../release/document.ts'
import { gradedAnswer } from '../../release/graded.ts'
import type { ReleaseEntry } from '../../release/ports.ts'
import { csvText } from '../csv.ts'

/** An answer to be taken elsewhere. Only a released one has rows; undefined otherwise. */
export const answerOf = (release: ReleaseEntry): AnswerDocument | undefined =>
  release.state === 'released' ? (release.answer as AnswerDocument | undefined) : undefined

/** What stands beside a value: of the cell the interval (95 %) and its word, of the column its privacy loss and its noise. */
const beside = ['low', 'high', 'word', 'rho', 'epsilon', 'delta', 'mechanism', 'sigma'] as const

/**
 * CSV (RFC 4180): a column for each group, and for each value x the columns x, x_low, x_high (95 %), x_word (solid, rough or noise), x_rho, x_epsilon, x_delta (at
 * which the epsilon is stated), x_mechanism and x_sigma (empty where x is derived from several released numbers). What is missing is an empty field; a group
 * or a name that a spreadsheet would take for a formula gets an apostrophe.
 */
export function answerCsv(answer: AnswerDocument): string {
  const taken = new Set(answer.columns.map((column) => column.name))
  const header = answer.columns.flatMap(({ name, kind }) =>
    kind === 'group' ? [name] : [name, ...beside.map((end) => fresh(`${name}_${end}`, taken))],
  )
  const rows = answer.rows.map((row) =>
    row.flatMap((cell, index) => {
      const column = answer.columns[index]
      if (column?.kind === 'group') return [cell.value]
      const { noise } = column ?? {}
      return [
        ...[cell.value, cell.low, cell.high, cell.word],
        ...[noise?.rho, noise?.epsilon, noise?.epsilonAtDelta, noise?.mechanism, noise?.sigma],
      ]
    }),
  )
  return csvText([header, ...rows])
}

/** The answer as its receipt commits to it, and beside it the intervals of 50, 80 and 95 % that follow from the public noise. */
export function answerJson(release: ReleaseEntry, answer: AnswerDocument): Json {
  const { canonical } = release.plan as { readonly canonical: string }
  return {
    answer,
    graded: gradedAnswer(answer, JSON.parse(canonical)).map((row) =>
      row.map((cell) =>
        cell === undefined ? null : { method: cell.method, intervals: cell.intervals.map((one) => ({ ...one })) },
      ),
    ),
  }
}

function fresh(name: string, taken: Set<string>): string {
  let free = name
  while (taken.has(free)) free += '_'
  taken.add(free)
  return free
}
