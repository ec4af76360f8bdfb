import { Type } from '@sinclair/typebox'
import { canonical, type Json } from '../base/canonical.ts'
import type { Outcome } from '../base/refusal.ts'
import { Refused } from '../base/refusal.ts'

/** Pieces of schema that several routes use. */
export const Id = Type.String({ minLength: 1, maxLength: 200 })
export const Purpose = Type.String({ minLength: 1, maxLength: 100 })
export const DecimalText = Type.String({ minLength: 1, maxLength: 40, description: 'a decimal number as text' })
export const AnyObject = Type.Object({}, { additionalProperties: true })
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
})
export const problems = { '4xx': problem('A refusal'), '5xx': problem('Something failed here') }
/** A person's key holds at most 256 bytes. */
export const PersonParams = Type.Object({ person: Type.String({ minLength: 1, maxLength: 256 }) })
export const secured = [{ key: [] }, { session: [] }]

/** The value of an outcome; a refusal becomes a problem. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Refused(outcome.refusal)
  return outcome.value
}

/** Canonical JSON with bigints as texts: the same bytes as the command line's --json. */
export const body = (value: Json): Json => JSON.parse(canonical(value)) as Json
