import { canonical, type Json } from '../base/canonical.ts'
import type { Clock } from '../base/instant.ts'
import { type Outcome, type Refusal, Refused } from '../base/refusal.ts'
import type { House } from '../house/house.ts'

/** What a command may use of the world around it. The same command runs in the caller's process or in the server that owns the home. */
export interface Context {
  /** Folder against which file names are read: the caller's, also when a server carries the command out. */
  readonly cwd: string
  readonly home: string
  readonly json: boolean
  readonly clock: Clock
  readonly stdin: string | undefined
  /** Opens the home, or gives the one that is being served. */
  house(): Promise<House>
  out(text: string): void
  err(text: string): void
}

/** Prints a result: canonical JSON as one line with --json, otherwise words. */
export function show(context: Context, value: Json, words: readonly string[]): void {
  context.out(context.json ? `${canonical(value)}\n` : `${words.join('\n')}\n`)
}

/** The value of an outcome; a refusal ends the command with exit code 1. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Refused(outcome.refusal)
  return outcome.value
}

/** A refusal as JSON, the same through every door. */
export const refusalJson = (refusal: Refusal): Json => ({
  refused: {
    code: refusal.code,
    message: refusal.message,
    hint: refusal.hint,
    position: refusal.position && { ...refusal.position },
    reasons: refusal.reasons?.map((reason) => ({ ...reason })),
  },
})

/** Columns aligned, two spaces apart; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const numeric = header.map(
    (_, at) => rows.length > 0 && rows.every((row) => /^[-+±]?[\d.,]+( .*)?$/.test(row[at] ?? '')),
  )
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (numeric[at] ? cell.padStart(widths[at] as number) : cell.padEnd(widths[at] as number)))
      .join('  ')
      .trimEnd()
  return [line(header), ...rows.map(line)]
}
