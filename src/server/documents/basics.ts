import { type TProperties, Type } from '@sinclair/typebox'

/**
 * The documents that the API answers with, as src/house/views writes them: a file for each noun, each holding exactly what is sent and nothing else. Amounts and
 * losses are decimal texts, moments ISO 8601.
 */
export const text = Type.String()
export const optional = Type.Optional(text)
export const texts = Type.Array(text)
export const whole = Type.Integer()
export const yesOrNo = Type.Boolean()
export const exactly = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })
/** What has a form of its own elsewhere: a leaf, a consent record, whatever a steward wrote down as evidence. */
export const open = Type.Object({}, { additionalProperties: true })
export const oneOf = (...words: string[]) => Type.Unsafe<string>({ type: 'string', enum: words })
export const named = <T extends TProperties>(properties: T) => Type.Optional(exactly(properties))

export const Instants = { openedAt: text, endsAt: text }
export const ShortPeriod = named({ id: text, ...Instants })
/** Of one page, newest first: what to name as `before` for the next one; missing on the last. */
export const next = { next: optional }

export const Limit = exactly({
  of: oneOf('product', 'house'),
  days: Type.Optional(whole),
  published: text,
  limit: text,
  used: text,
  left: text,
  usedPercent: text,
  roomReturnsOn: optional,
  perDay: text,
  bindsOn: optional,
  words: text,
})
