/**
 * Canonical JSON, read and written independently of the house's own code: RFC 8785 with safe integers as the only numbers, object members
 * sorted by UTF-16 code units, no space. One text for one value, so a text that differs in any bit is either not canonical or another value.
 */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [member: string]: Value }
export type ObjectValue = { readonly [member: string]: Value }

/** Deeper nesting is refused: hostile input. */
const maxDepth = 64

/** The value of a JSON text; undefined when it is none, or holds what canonical JSON cannot (fractions, lone surrogates, too deep nesting). */
export function readJson(text: string): Value | undefined {
  try {
    const value = JSON.parse(text) as Value
    return isPlain(value, maxDepth) ? value : undefined
  } catch {
    return undefined
  }
}

/** The canonical text of a value. */
export function writeJson(value: Value): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isArray(value)) return `[${value.map(writeJson).join(',')}]`
  const members = Object.keys(value).sort()
  return `{${members.map((name) => `${JSON.stringify(name)}:${writeJson(value[name] as Value)}`).join(',')}}`
}

export const isObject = (value: Value | undefined): value is ObjectValue =>
  typeof value === 'object' && value !== null && !isArray(value)

/** A member of the object's own, not one that every object has; undefined when there is none or the value is no object. */
export const member = (value: Value | undefined, name: string): Value | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

/** A member that is a text; "" when there is none. */
export function textOf(parent: Value | undefined, name: string): string {
  const value = member(parent, name)
  return typeof value === 'string' ? value : ''
}

export const isArray = (value: Value | undefined): value is readonly Value[] => Array.isArray(value)

function isPlain(value: Value, depth: number): boolean {
  if (depth < 0) return false
  if (typeof value === 'string') return isWellFormed(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0)
  if (value === null || typeof value === 'boolean') return true
  if (isArray(value)) return value.every((item) => isPlain(item, depth - 1))
  return Object.keys(value).every((name) => isWellFormed(name) && isPlain(value[name] as Value, depth - 1))
}

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)
