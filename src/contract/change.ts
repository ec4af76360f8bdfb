import { type Rational, rationalText } from '../base/rational.ts'

/** What a new version of a contract changes, in plain words. Factors only: the price itself also depends on N^, which a contract does not know. */
export interface Change {
  /** product, purpose, table, column, domain, bound, budget, price, other. */
  readonly kind: ChangeKind
  /** What it is about, e.g. "basket_lines.spend_eur" or "budget". */
  readonly subject: string
  /** One sentence. */
  readonly words: string
  /** By what noise, or for prices the price, is multiplied; exact text such as "5/2". Undefined: no single factor. */
  readonly factor?: string | undefined
  /** True when a question that was answered before may be refused, or mean something else. */
  readonly breaking: boolean
}
export type ChangeKind = 'product' | 'purpose' | 'table' | 'column' | 'domain' | 'bound' | 'budget' | 'price' | 'other'

export const change = (
  kind: ChangeKind,
  subject: string,
  words: string,
  { breaking, factor }: { readonly breaking: boolean; readonly factor?: Rational | undefined },
): Change => Object.freeze({ kind, subject, words, breaking, ...(factor && { factor: rationalText(factor) }) })
