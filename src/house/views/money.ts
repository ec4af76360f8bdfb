/** A person's money as that person reads it: an estimate, what was earned, what can be paid, what was paid; each figure with its calculation. */
export type MyMoney = {
  readonly currency: string
  readonly estimated: Estimate
  readonly earned: { readonly amount: string; readonly lines: readonly EarnedLine[]; readonly words: string }
  readonly payable: { readonly amount: string; readonly least: string; readonly words: string }
  readonly paid: { readonly amount: string; readonly words: string }
}
/** For a year, for the purposes in force: from what the last twelve months would have paid to the most that the public privacy budgets allow. */
export type Estimate = {
  readonly purposes: readonly string[]
  readonly low: string
  readonly high: string
  readonly words: string
  readonly lines: readonly EstimateLine[]
}
export type EstimateLine = {
  readonly bound: 'low' | 'high'
  /** What the line is about, for pages in other languages: answers of a purpose, counts of how many say yes, or a product's privacy budget. */
  readonly about:
    | { readonly kind: 'answers'; readonly purpose: string; readonly count: string }
    | { readonly kind: 'head counts'; readonly count: string }
    | { readonly kind: 'budget'; readonly title: string }
  readonly words: string
  readonly rho: string
  readonly ratePerMilliRho?: string | undefined
  readonly amount: string
}
/** rate x rho of one release, all three exact. */
export type EarnedLine = {
  readonly release: string
  readonly at: string
  readonly buyer: string
  readonly purpose: string
  readonly ratePerMilliRho: string
  readonly rho: string
  readonly amount: string
}
