import { accept, type Outcome } from '../../base/refusal.ts'
import { ruleQuestion } from '../../law/question.ts'
import type { Ruling } from '../../law/rule.ts'
import type { Parsed } from './parse.ts'

declare const lawful: unique symbol
/** A query that the rule packs permit for its purpose. Made by `law` alone. */
export interface Lawful extends Parsed {
  readonly [lawful]: true
  readonly ruling: Ruling
}

/** Refuses consent.purpose_unknown, law.forbidden and law.no_rule_permits, each with its citations. */
export function law(question: Parsed): Outcome<Lawful> {
  const ruling = ruleQuestion(question.query.touches, question.purpose, question.catalogue)
  return ruling.ok ? accept({ ...question, ruling: ruling.value } as Lawful) : ruling
}
