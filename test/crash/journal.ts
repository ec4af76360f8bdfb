/**
 * What a killed process had told the world: one line of JSON for each effect that was acknowledged, and one before each request that may or may not have
 * had an effect. The parent keeps all lines over all kills; after each kill the home must hold everything they say.
 */
export type Line =
  | { readonly is: 'intent'; readonly key: string; readonly buyer: string; readonly sql: string; readonly nano: string }
  | { readonly is: 'charged' | 'burned'; readonly release: string }
  | { readonly is: 'posted'; readonly release: string; readonly answer: string }
  | { readonly is: 'receipt'; readonly key: string; readonly release: string; readonly receipt: string }
  | { readonly is: 'failed' | 'refused'; readonly key: string; readonly code: string }
  | { readonly is: 'chosen'; readonly person: string; readonly id: string; readonly event: string }
  | { readonly is: 'importing'; readonly ids: readonly string[]; readonly person: string }
  | { readonly is: 'imported'; readonly ids: readonly string[]; readonly person: string }
  | { readonly is: 'funding' | 'funded'; readonly buyer: string; readonly reference: string; readonly amount: string }
  | { readonly is: 'quoted'; readonly id: string; readonly shown: string }
  | { readonly is: 'period'; readonly id: string; readonly entry: string }
  | { readonly is: 'closed'; readonly id: string }
  | { readonly is: 'loaded'; readonly id: string }
  | { readonly is: 'key'; readonly secretHash: string }
  | { readonly is: 'published'; readonly size: string; readonly root: string; readonly note: string }
  // Not effects: how far the child is.
  | { readonly is: 'opened'; readonly milliseconds: number }
  | { readonly is: 'checked'; readonly failures: readonly string[]; readonly looked: Readonly<Record<string, number>> }
  | { readonly is: 'at'; readonly point: string }
  | { readonly is: 'fault'; readonly words: string }
  | { readonly is: 'done' }

export const linesOf = <K extends Line['is']>(journal: readonly Line[], kind: K) =>
  journal.filter((line): line is Line & { readonly is: K } => line.is === kind)

/** One text for one value; amounts keep their kind. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part) => {
    if (typeof part === 'bigint') return `${part}n`
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })

/** What the parent tells a child. */
export interface Task {
  readonly home: string
  /** File with all lines of the children before. */
  readonly journal: string
  readonly seed: string
  readonly round: number
  /** The clock's first instant, micros. */
  readonly now: string
  /** Where to stop and wait for the kill; none: go on until killed. */
  readonly point?: string | undefined
  /** How many times the point is passed before. */
  readonly passes: number
  /** Check and end, without acting. */
  readonly checkOnly?: boolean
  /** How many people there are. */
  readonly people: number
}
