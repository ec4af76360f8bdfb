import type { DuckDBConnection } from '@duckdb/node-api'
import type { Reading } from './source.ts'

export interface LoadProgress {
  readonly table: string
  /** read: from the source; check: convert and judge; store: sort and write; done. */
  readonly step: 'read' | 'check' | 'store' | 'done'
  /** Rows that the step deals with, as far as known: of a file being read 0, of a table in the end the rows accepted. */
  readonly rows: number
  /** 0 to 1 within the step, where the engine can tell. */
  readonly fraction: number | undefined
}

export interface Watching {
  readonly reading: Reading
  step(step: LoadProgress['step'], rows: number): void
  stop(): void
}

const everyMilliseconds = 500

/** Tells of a table's load twice a second, and at every change of step. */
export async function watch(
  connection: DuckDBConnection,
  table: string,
  onProgress: ((progress: LoadProgress) => void) | undefined,
): Promise<Watching> {
  if (!onProgress) return { reading: () => undefined, step: () => undefined, stop: () => undefined }
  await connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false')
  let now: { step: LoadProgress['step']; rows: number } = { step: 'read', rows: 0 }
  const tell = (): void => {
    // Negative while the engine has no estimate.
    const percentage = now.step === 'done' ? 100 : connection.progress.percentage
    onProgress({ table, ...now, fraction: percentage >= 0 ? Math.min(1, percentage / 100) : undefined })
  }
  const timer = setInterval(tell, everyMilliseconds)
  timer.unref()
  return {
    reading: ({ rows }) => {
      now = { step: 'read', rows }
    },
    step: (step, rows) => {
      now = { step, rows }
      tell()
    },
    stop: () => clearInterval(timer),
  }
}
