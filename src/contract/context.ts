import { durationDays, windowsOf } from './exact.ts'
import type { Report } from './finding.ts'
import { field, type Part, quote, textOf } from './part.ts'

/** What the readers of a contract's parts share. */
export interface Context {
  readonly report: Report
  /** The closed list of purposes; the consent room owns it. */
  readonly knownPurposes: readonly string[]
  /** The house's currency, when the contract must have the same. */
  readonly currency?: string | undefined
  /** Days of the declared time span, both ends included; undefined when none is declared. */
  readonly spanDays: number | undefined
}

/**
 * By how much a bound "per window" grows for the whole of one release: the number of windows that the declared span can touch; 1 when the bound is
 * not per window. Undefined, with a finding, when it cannot be known.
 */
export function windowsFor(bound: Part, { report, spanDays }: Context): bigint | undefined {
  const per = field(bound, 'per')
  if (per === undefined) return 1n
  const days = durationDays(textOf(per) ?? '', 'shortest')
  if (days === undefined) {
    report(
      'contract.value',
      per.at,
      `${quote(per)} is not a duration of whole days.`,
      'Write an ISO 8601 duration such as P28D, P4W or P1M.',
    )
    return undefined
  }
  if (spanDays === undefined) {
    const remedy =
      'Declare usufructTimeSpan: { from: 2025-12-01, to: 2026-11-30 } in customProperties of the contract, or leave out `per`.'
    report(
      'contract.span_missing',
      per.at,
      `The bound holds per ${quote(per)}, but over which time is not declared.`,
      remedy,
    )
    return undefined
  }
  return windowsOf(spanDays, days)
}
