import type { Outcome } from '../base/refusal.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import type { Answer, Derived } from './figures/answer.ts'
import type { Values } from './parameters.ts'
import type { Language, Text } from './text.ts'

/**
 * A marketing measure as a named question in plain words: frozen data, and two functions. `compile` writes the SQL that asks it, `figures` derives from the answer what
 * the measure is about. Neither sees data: the first knows the contract and the parameters, the second what was released.
 * Source of cells and sensitivities: the table of marketing measures in docs/measures.md.
 */
export interface Measure {
  /** Stable: it stands in the SQL, in addresses and in commands. */
  readonly id: string
  readonly title: Text
  readonly question: Text
  readonly parameters: readonly Parameter[]
  /** What the answer says. */
  readonly means: Text
  /** How to read it, and what it does not say. */
  readonly caveats: readonly Text[]
  /** What is released, for the documentation and for whoever chooses. */
  readonly cells: Text
  readonly compile: (values: Values, catalogue: Catalogue, language: Language) => Outcome<Written>
  /** Undefined when the answer has not the shape that `compile` gives it. */
  readonly figures: (answer: Answer, parameters: Given) => Derived | undefined
}

/** The question in words, and the statement without its first lines. */
export interface Written {
  readonly words: string
  readonly sql: string
}

/** Parameters as they are given through every door: texts by name. */
export type Given = Readonly<Record<string, string>>

export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  readonly title: Text
  readonly help?: Text | undefined
  readonly required: boolean
  /** The parameter on whose value it depends what may stand here. */
  readonly of?: string | undefined
  readonly default?: string | undefined
  /** Of whole numbers. */
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly options?: readonly { readonly value: string; readonly label: Text }[] | undefined
}

/**
 * table: one that holds people's rows. date column, number column: of the table that `of` names. item column: of that table, or of a public table that it refers to
 * ("products.category"); group column: such a column with a declared domain. person column: of the table of people, with a domain. value: of the column that `of`
 * names. day: 2026-01-31. edges: rising numbers with commas between. option: one of `options`.
 */
export type ParameterType =
  | 'table'
  | 'date column'
  | 'number column'
  | 'item column'
  | 'group column'
  | 'person column'
  | 'value'
  | 'day'
  | 'whole number'
  | 'amount'
  | 'edges'
  | 'option'

/** What a measure gives for one question. */
export type Compiled = {
  readonly measure: string
  /** With the question in words on its first line and measure and parameters on its second. */
  readonly sql: string
  readonly words: string
  readonly reading: Reading
}
export type Reading = { readonly means: Text; readonly caveats: readonly Text[] }
