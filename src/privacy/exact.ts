/**
 * Exact numbers on their way from the engine to the noise. The value itself is held where only `open` finds it: printing, inspecting,
 * spreading or serialising a sealed object shows nothing or throws. `open` is called by the noise (and by the library's tests), nowhere else:
 * test/walls.test.ts keeps the list of callers.
 */
const contents = new WeakMap<object, unknown>()

class Sealed {
  readonly sealed = true as const
  toJSON(): never {
    throw new TypeError('an exact result cannot be serialised')
  }
  toString(): never {
    throw new TypeError('an exact result cannot be printed')
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[exact]'
  }
}

export type ExactRows = readonly { readonly keys: readonly (string | null)[]; readonly values: readonly bigint[] }[]
export type ExactCounts = Readonly<Record<string, bigint>>

export const sealRows = (rows: ExactRows): { readonly sealed: true } => seal(rows)
export const sealCounts = (counts: ExactCounts): { readonly sealed: true } => seal(counts)
export const openRows = (sealed: { readonly sealed: true }): ExactRows => open(sealed) as ExactRows
export const openCounts = (sealed: { readonly sealed: true }): ExactCounts => open(sealed) as ExactCounts

function seal(value: unknown): { readonly sealed: true } {
  const sealed = Object.freeze(new Sealed())
  contents.set(sealed, value)
  return sealed
}

function open(sealed: object): unknown {
  if (!contents.has(sealed)) throw new TypeError('not a sealed result')
  return contents.get(sealed)
}
