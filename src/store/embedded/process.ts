import { type SpawnOptions, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { elapsed } from '../../base/elapsed.ts'
import type { Command } from './account.ts'

/** What postmaster.pid says; PostgreSQL writes it line by line while it starts (src/include/utils/pidfile.h). */
export interface PidFile {
  readonly pid: number
  readonly socketFolder: string
  readonly ready: boolean
}

/** Undefined when there is no file, or none that can be read yet. */
export async function readPidFile(data: string): Promise<PidFile | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined)
  const lines = text?.split('\n') ?? []
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid < 1) return undefined
  return { pid, socketFolder: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' }
}

/**
 * A zombie has ended, but holds its number until its parent asks after it. An orphan's parent is process 1, which in a container is often a program that never
 * asks. Only Linux tells them apart; elsewhere a zombie counts as running.
 */
export function processState(pid: number): 'running' | 'zombie' | 'gone' {
  try {
    process.kill(pid, 0)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return 'gone'
  }
  return isZombie(pid) ? 'zombie' : 'running'
}

export const processExists = (pid: number): boolean => processState(pid) === 'running'

/** proc_pid_stat(5): the state follows the program's name, which stands in brackets and may itself hold brackets and blanks. */
function isZombie(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return /^[ZXx]/.test(text.slice(text.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

/** Runs a program to its end. Status -1 when it could not be started. */
export function run(
  command: Command,
  options: SpawnOptions = {},
): Promise<{ readonly status: number; readonly output: string }> {
  return new Promise((done) => {
    // The folder in which we were started may be closed to the other account.
    const child = spawn(command.program, command.args, {
      cwd: '/',
      ...options,
      ...command.identity,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout?.on('data', (chunk) => {
      output += chunk
    })
    child.stderr?.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', (cause) => done({ status: -1, output: `${output}${cause.message}` }))
    child.on('close', (status) => done({ status: status ?? -1, output }))
  })
}

/** Time that a clock set by hand does not move. */
export interface Deadline {
  readonly passed: () => boolean
  readonly pause: (ms: number) => Promise<void>
}
export function deadlineIn(ms: number): Deadline {
  const end = elapsed() + ms
  return { passed: () => elapsed() >= end, pause: async (wait) => void (await pause(wait)) }
}
