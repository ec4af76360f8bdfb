import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt, root } from '../../../scripts/ready.js'
import { expectAccepted } from '../../../src/base/refusal.ts'
import { runProgram } from '../../../src/cli/program.ts'
import { listenForCommands } from '../../../src/cli/remote.ts'
import type { House } from '../../../src/house/house.ts'
import { initHouse, openHouse } from '../../../src/main.ts'
import type { Run } from './doors.ts'

export interface RealHome {
  readonly folder: string
  readonly home: string
  readonly house: House & { readonly folder: string }
  /** The compiled command as a child process, in `folder`. */
  readonly run: Run
  close(): Promise<void>
}

/** The compiled command as a child process. A signal counts as exit code -1. */
export const runChild =
  (
    folder: string,
    env: Readonly<Record<string, string>> = {},
    identity: { readonly uid?: number; readonly gid?: number } = {},
    /** What the shell does before, e.g. set a limit. */
    before = ':',
  ): Run =>
  (argv, stdin) =>
    new Promise((done, fail) => {
      const command = [process.execPath, join(root, 'bin', 'usufruct.js'), ...argv]
      const child = spawn('bash', ['-c', `${before}; exec "$@"`, 'bash', ...command], {
        ...identity,
        cwd: folder,
        env: { ...process.env, ...env },
        stdio: 'pipe',
      })
      const written = { out: '', err: '' }
      child.stdout.setEncoding('utf8').on('data', (text) => {
        written.out += text
      })
      child.stderr.setEncoding('utf8').on('data', (text) => {
        written.err += text
      })
      child.once('error', fail)
      child.once('close', (code) => done({ exit: code ?? -1, ...written }))
      child.stdin.on('error', () => undefined)
      child.stdin.end(stdin ?? '')
    })

/** A home on embedded PostgreSQL that this process owns and serves commands for. */
export async function realHome(): Promise<RealHome> {
  ensureBuilt()
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-doors-'))
  const home = join(folder, 'home')
  expectAccepted(
    await initHouse(home, {
      name: 'Real Co-op',
      currency: 'EUR',
      origin: 'real.example/log',
      answerGridMilliseconds: 0,
    }),
  )
  const house = await openHouse(home)
  const commands = await listenForCommands(home, (request, streams) =>
    runProgram(request.argv, { ...request, home, clock: house.world.clock, house: async () => house, ...streams }),
  )
  return {
    folder,
    home,
    house: { ...house, folder },
    run: runChild(folder, { USUFRUCT_HOME: home }),
    close: async () => {
      await commands.close()
      await house.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
