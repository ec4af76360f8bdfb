import { approximate, parseRational } from '../../base/rational.ts'
import type { Reading } from '../measure.ts'
import type { Text } from '../text.ts'

/** What a measure reads of an answer document (src/release/document.ts). */
export interface Answer {
  readonly sql: string
  readonly columns: readonly { readonly name: string; readonly kind: 'group' | 'value' }[]
  readonly rows: readonly (readonly {
    readonly value: string | null
    readonly low?: string | undefined
    readonly high?: string | undefined
  }[])[]
  readonly method: readonly { readonly sigma2: string }[]
}

/** What a measure says of its answer. Everything is computed from released numbers and costs no privacy. */
export type Figures = {
  readonly measure: string
  readonly title: Text
  readonly figures: readonly Figure[]
  readonly reading: Reading
  /** What the intervals hold. */
  readonly intervals: Text
}

export type Figure = {
  readonly id: string
  readonly label: Text
  /** Where figures are told apart by an attribute of the people: its value. */
  readonly group?: string | undefined
  /** Decimal text; null where the numbers are too small against the noise to say anything. */
  readonly value: string | null
  /** 95 %. */
  readonly low?: string | undefined
  readonly high?: string | undefined
  /** share and points (a difference of shares): 0.25 is 25 %. */
  readonly unit: 'share' | 'points' | 'people' | 'times' | 'amount' | 'probability' | 'band'
  readonly word: 'solid' | 'rough' | 'noise' | 'insufficient' | 'plain'
  /** Drawn together in one picture. */
  readonly drawn?: true | undefined
}
/** What a measure's own function gives; title and reading are added by all.ts. */
export type Derived = Pick<Figures, 'figures' | 'intervals'>

/** One number of people for each combination of keys. */
export interface Cells {
  readonly cells: readonly { readonly keys: readonly (string | null)[]; readonly people: number }[]
  /** Variance of the noise on each of them. */
  readonly variance: number
}

/** The cells of an answer with so many keys and one count; undefined for any other. */
export function cellsOf(answer: Answer, keys: number): Cells | undefined {
  const { columns, rows, method } = answer
  const fits = columns.length === keys + 1 && columns.every(({ kind }, at) => kind === (at < keys ? 'group' : 'value'))
  const sigma2 = method.length === 1 ? parseRational(method[0]?.sigma2 ?? '') : undefined
  if (!fits || sigma2 === undefined) return undefined
  const cells = rows.map((row) => ({
    keys: row.slice(0, keys).map((cell) => cell.value),
    people: Number(row[keys]?.value ?? Number.NaN),
  }))
  return cells.every(({ people }) => Number.isFinite(people)) ? { cells, variance: approximate(sigma2) } : undefined
}

export const ofNoise: Text = {
  en: 'Intervals are of the privacy noise alone, at 95 %, one figure at a time.',
  de: 'Die Intervalle betreffen allein das Rauschen der Privatheit, mit 95 %, jede Zahl für sich.',
}
export const ofChanceAndNoise: Text = {
  en: 'The interval of the lift and its p-value hold chance among people and the noise of privacy together; those of the rates are of the noise alone.',
  de: 'Das Intervall des Lifts und der p-Wert enthalten den Zufall unter den Menschen und das Rauschen der Privatheit zusammen; die der Raten allein das Rauschen.',
}
