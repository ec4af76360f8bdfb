import type { Json } from '../../base/canonical.ts'

/** Json as it is kept: a bigint becomes a decimal string. */
export const jsonText = (value: Json): string =>
  JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? member.toString() : member))

export const fromJson = (text: string): Json => JSON.parse(text) as Json
export const optional = <T, U>(value: T | null | undefined, then: (value: T) => U): U | undefined =>
  value === null || value === undefined ? undefined : then(value)

/** Members that hold a bigint keep their type: { "$": "12" }. For values of ours that are read back as they were, e.g. settings. */
export const exactText = (value: unknown): string =>
  JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? { $: member.toString() } : member))
export const fromExact = <T>(text: string): T =>
  JSON.parse(text, (_, member) =>
    typeof member === 'object' && member !== null && typeof member.$ === 'string' ? BigInt(member.$) : member,
  ) as T
