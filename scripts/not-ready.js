// @ts-check

/** The clone cannot be made ready: what is wrong, and what the reader can do. */
export class NotReady extends Error {
  /** @param {string} message @param {string} hint @param {unknown} [cause] */
  constructor(message, hint, cause) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'NotReady'
    this.hint = hint
  }
}

/** Runs a script's main part; a NotReady is told in two lines and ends it with 1, anything else is a bug and keeps its trace. */
/** @param {() => unknown} main */
export async function orExplain(main) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof NotReady)) throw error
    process.stderr.write(`usufruct: ${error.message}\n  ${error.hint}\n`)
    process.exitCode = 1
  }
}
