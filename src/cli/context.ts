import { canonical, type Json } from '../base/canonical.ts'
import type { Fault } from '../base/fault.ts'
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
  /** Reads standard input when no argument was "-": for a command that always reads it. Undefined where a server carries the command out. */
  readonly readStdin?: (() => Promise<string>) | undefined
  /** Told that another process holds the home: true when the caller takes care of the command from here. */
  readonly onBusy?: () => boolean
  /** Opens the home, or gives the one that is being served. */
  house(): Promise<House>
  out(text: string): void
  err(text: string): void
}

/** What the command line promises to scripts. */
export const exitCodes = { done: 0, refused: 1, usage: 2, fault: 3, /** Never leaves main. */ busy: -1 } as const

/** Prints a result: canonical JSON as one line with --json, otherwise words. */
export function show(context: Context, value: Json, words: readonly string[]): void {
  context.out(context.json ? `${canonical(value)}\n` : `${words.join('\n')}\n`)
}

/** The command was not written as its help says: exit code 2, nothing was done. */
export class WrongUse extends Error {
  readonly hint: string | undefined
  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** A command that printed its findings and ends in a refusal or a fault: the object on standard output is whole already. */
export class Reported extends Error {
  readonly failure: Refused | Fault
  constructor(failure: Refused | Fault) {
    super(failure.message)
    this.failure = failure
  }
}

/** Prints findings together with the refusal or fault that they amount to: still one object with --json. */
export function showFailing(
  context: Context,
  value: { readonly [key: string]: Json | undefined },
  words: readonly string[],
  failure: Refused | Fault,
): never {
  const said = failure instanceof Refused ? refusalJson(failure.refusal) : faultJson(failure)
  show(context, { ...value, ...(said as Record<string, Json>) }, words)
  throw new Reported(failure)
}

/** A whole number within bounds, or wrong use. */
export function wholeNumber(text: string, what: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) throw new WrongUse(`"${text}" is not ${what}`, `${least} to ${most}`)
  return value
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

export const faultJson = (fault: Fault): Json => ({
  fault: { code: fault.code, message: fault.message, hint: fault.hint },
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
