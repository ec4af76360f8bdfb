/** The world failing (disk, database, a damaged home): thrown, with a stable code, a remedy and its cause. Never used for a refusal. */
export class Fault extends Error {
  override readonly name = 'Fault'
  /** Stable, e.g. "home.busy". Listed in docs/refusals.md. */
  readonly code: string
  /** What the operator can do. */
  readonly hint: string | undefined
  constructor(code: string, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
  }
}
