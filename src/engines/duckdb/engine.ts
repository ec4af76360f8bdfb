import { Fault } from '../../base/fault.ts'
import type { BoundedSql, Engine, EngineData, SealedRows } from '../../release/ports.ts'
import { readFacts, recordsMark } from './format.ts'
import { personRecords } from './people.ts'
import { runBounded } from './run.ts'
import { openSession, type Session, type SessionOptions } from './session.ts'
import { applyStanding } from './standing.ts'

export interface DuckDbOptions extends SessionOptions {
  /** A statement still running after this long is interrupted and fails like any other. Default ten minutes. */
  readonly deadlineMilliseconds?: number | undefined
  /** Gets the engine's own words of a failure. They can quote data: for a private incident file, never for a log, a screen or a buyer. */
  readonly onIncident?: ((detail: string) => void) | undefined
}

export interface DuckDbEngine extends Engine {
  open(file: string): Promise<DuckDbData>
}

/** The open file; `session` serves the functions of people.ts. */
export interface DuckDbData extends EngineData {
  readonly session: Session
}

/** The data plane on DuckDB. Faults: those of openSession; 'engine.failed' for everything that goes wrong in the engine afterwards. */
export function createDuckDbEngine(options: DuckDbOptions = {}): DuckDbEngine {
  return Object.freeze({
    async open(file: string): Promise<DuckDbData> {
      const session = await openSession(file, options)
      try {
        await session.work((connection) => readFacts(connection, session.file))
        return dataOf(session, options)
      } catch (error) {
        await session.close()
        throw error
      }
    },
  })
}

function dataOf(session: Session, options: DuckDbOptions): DuckDbData {
  const deadline = options.deadlineMilliseconds ?? 600_000
  // Two writers of one mask would conflict in the engine; the second waits for the first.
  let writing: Promise<unknown> = Promise.resolve()

  return Object.freeze({
    session,
    maskSequence: () =>
      session.work((connection) =>
        guarded(async () => (await readFacts(connection, session.file)).maskSequence, options.onIncident),
      ),
    recordsOf: () =>
      session.work((connection) =>
        guarded(async () => {
          const { records, sourceHash, contractHash } = await readFacts(connection, session.file)
          return records === recordsMark(sourceHash) ? contractHash : undefined
        }, options.onIncident),
      ),
    applyStanding(changes, upTo) {
      const next = writing.then(() =>
        session.work((connection) =>
          applyStanding(connection, changes, upTo, (work) => guarded(work, options.onIncident)),
        ),
      )
      writing = next.catch(() => undefined)
      return next
    },
    run: (statement: BoundedSql, signal?: AbortSignal): Promise<SealedRows> =>
      session.work((connection) =>
        guarded(() => runBounded(connection, statement, deadline, signal), options.onIncident),
      ),
    personRecords: (catalogue, person) =>
      session.work((connection) => guarded(() => personRecords(connection, catalogue, person), options.onIncident)),
    close: () => session.close(),
  } satisfies DuckDbData)
}

/**
 * One failure for everything that the engine can say: what it says may depend on data ("could not convert 'x' to INT64"), and so may which of
 * several failures it is. The cause is dropped on purpose, so that nothing further up can print it.
 */
async function guarded<T>(work: () => Promise<T>, onIncident: ((detail: string) => void) | undefined): Promise<T> {
  try {
    return await work()
  } catch (error) {
    onIncident?.(error instanceof Error ? error.message : String(error))
    throw new Fault('engine.failed', 'the data engine could not do its part', {
      hint: 'The incident file of the house says more.',
    })
  }
}
