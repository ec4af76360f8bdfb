import type { Reason } from '../base/refusal.ts'

/**
 * Law as data. A rule is a line of a table: when these facts hold, this verdict, for this reason, by this citation. There is no code in a rule,
 * so that a pack can be read, hashed, compared and tested. Semantics: every applicable rule is evaluated, the strictest verdict wins,
 * all reasons are returned, and where no rule permits the answer is no.
 */
export interface RulePack {
  readonly id: string
  readonly version: string
  readonly layer: 'law' | 'house' | 'person'
  readonly rules: readonly Rule[]
}

export interface Rule {
  readonly id: string
  /** Facts that must all hold: fact name → accepted values. An absent fact has the value "unknown". */
  readonly when: Readonly<Record<string, readonly string[]>>
  readonly verdict: 'deny' | 'permit'
  readonly citation: string
  readonly tell: { readonly person: string; readonly buyer: string }
}

/** What is known of a case; whatever is not named is "unknown". */
export type Facts = Readonly<Record<string, string | undefined>>

export interface Ruling {
  readonly permitted: boolean
  /** The rules that decided: all denials, or, when permitted, the permits. Empty when nothing permits. */
  readonly rules: readonly { readonly rule: Rule; readonly layer: RulePack['layer'] }[]
}

/** Decides a case under all packs together: deny overrides permit, and no permit means no. Order of packs and rules does not matter. */
export function rule(packs: readonly RulePack[], facts: Facts): Ruling {
  const applicable = packs.flatMap((pack) =>
    pack.rules.filter((candidate) => applies(candidate, facts)).map((found) => ({ rule: found, layer: pack.layer })),
  )
  const denials = applicable.filter((found) => found.rule.verdict === 'deny')
  if (denials.length > 0) return { permitted: false, rules: denials }
  return { permitted: applicable.length > 0, rules: applicable }
}

/** A ruling's reasons as a buyer or a person reads them. */
export const reasonsFor = (ruling: Ruling, reader: 'person' | 'buyer'): readonly Reason[] =>
  ruling.rules.map((found) => ({
    rule: found.rule.id,
    layer: found.layer,
    citation: found.rule.citation,
    text: found.rule.tell[reader],
  }))

const applies = (candidate: Rule, facts: Facts): boolean =>
  Object.entries(candidate.when).every(([fact, accepted]) => accepted.includes(facts[fact] ?? 'unknown'))
