import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../base/fault.ts'

/** Whether there is a home. Throws Fault home.unreachable when the system does not let us look. */
export const homeExists = (home: string): Promise<boolean> =>
  stat(join(home, 'home.json')).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return false
      throw unreachable(home, cause)
    },
  )

export const unreachable = (home: string, cause: NodeJS.ErrnoException): Fault =>
  new Fault('home.unreachable', `this account cannot enter ${home} (${cause.code ?? 'unknown'})`, {
    hint: 'check the rights of the folder, or name another one with --home',
    cause,
  })
