import type { Rational } from '../base/rational.ts'
import { parseExact } from './exact.ts'

/**
 * A part of a contract, with the place where it was written. Numbers keep their source text: 0.0005 is read as 5/10000, never through a float.
 * Maps are real maps, so that no key of a hostile file (`__proto__`) means anything to the engine.
 */
export type Part = MapPart | ListPart | ScalarPart

/** Where something stands in the file: 1-based line and column (UTF-16 units), and the path of keys, e.g. "schema[0].properties[2].name". */
export interface Place {
  readonly line: number
  readonly column: number
  readonly path: string
}
export interface MapPart {
  readonly kind: 'map'
  readonly at: Place
  readonly entries: ReadonlyMap<string, Entry>
}
export interface Entry {
  readonly key: Place
  readonly value: Part
}
export interface ListPart {
  readonly kind: 'list'
  readonly at: Place
  readonly items: readonly Part[]
}
export interface ScalarPart {
  readonly kind: 'scalar'
  readonly at: Place
  readonly value: string | number | boolean | null
  /** As written for plain scalars, decoded for quoted ones. */
  readonly text: string
}

/** The part under a chain of keys; undefined when a key is missing or a part on the way is not a map. */
export function field(part: Part | undefined, ...keys: readonly string[]): Part | undefined {
  let here = part
  for (const key of keys) here = here?.kind === 'map' ? here.entries.get(key)?.value : undefined
  return here
}

/** The items of a list; nothing for any other part. */
export const items = (part: Part | undefined): readonly Part[] => (part?.kind === 'list' ? part.items : [])

/** A text; undefined for any other part, numbers included. */
export const textOf = (part: Part | undefined): string | undefined =>
  part?.kind === 'scalar' && typeof part.value === 'string' ? part.value : undefined

export const flagOf = (part: Part | undefined): boolean | undefined =>
  part?.kind === 'scalar' && typeof part.value === 'boolean' ? part.value : undefined

/** The exact number that a number or a text such as "3/2" stands for; undefined for anything else. */
export const exactOf = (part: Part | undefined): Rational | undefined =>
  part?.kind === 'scalar' && (typeof part.value === 'number' || typeof part.value === 'string')
    ? parseExact(part.text)
    : undefined

/** A whole number; undefined for anything else. */
export function wholeOf(part: Part | undefined): bigint | undefined {
  const exact = exactOf(part)
  return exact?.d === 1n ? exact.n : undefined
}

/** As it was written, cut to a length that fits a message. */
export function quote(part: Part): string {
  if (part.kind !== 'scalar') return part.kind === 'map' ? 'a map' : 'a list'
  const text = part.value === null ? 'null' : part.text
  return text.length > 60 ? `${text.slice(0, 57).toWellFormed()}...` : text
}

/** Ordinary data for the JSON Schema validator. Own members only, whatever the key. */
export function plain(part: Part): unknown {
  if (part.kind === 'scalar') return part.value
  if (part.kind === 'list') return part.items.map(plain)
  const object = {}
  for (const [key, { value }] of part.entries)
    Object.defineProperty(object, key, { value: plain(value), enumerable: true, configurable: true, writable: true })
  return object
}
