import type { Fault } from '../base/fault.ts'

/** Resolves at the first SIGINT or SIGTERM; with the fault when the books are lost: a server that can record nothing does not go on. */
export const stopSignal = (lost: Promise<Fault>): Promise<Fault | undefined> =>
  Promise.race([
    lost,
    new Promise<undefined>((done) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done(undefined))
    }),
  ])
