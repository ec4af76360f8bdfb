import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { processExists, readPidFile } from '../../src/store/embedded/process.ts'
import type { Line, Task } from './journal.ts'

const root = resolve(import.meta.dirname, '../..')

/** Compiles the house and the child program into a folder of its own; `program` and `cli` can be run by node. */
export function compileHouse(): { readonly folder: string; readonly program: string; readonly cli: string } {
  const folder = mkdtempSync(join(tmpdir(), 'usufruct-crash-'))
  const compiled = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      ...['--outDir', folder, '--rootDir', root, '--module', 'nodenext', '--target', 'es2023', '--types', 'node'],
      ...['--allowImportingTsExtensions', '--rewriteRelativeImportExtensions', '--resolveJsonModule'],
      ...['--noCheck', '--ignoreConfig'],
      join(root, 'test/crash/child.ts'),
      join(root, 'src/cli/main.ts'),
    ],
    { cwd: root, encoding: 'utf8' },
  )
  if (compiled.status !== 0)
    throw new Error(`the child program does not compile:\n${compiled.stdout}${compiled.stderr}`)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  // What is no program beside the programs: the standard's schemas, style sheets.
  for (const part of ['src/contract/schema', 'src/server'])
    cpSync(join(root, part), join(folder, part), { recursive: true, filter: (path) => !path.endsWith('.ts') })
  return { folder, program: join(folder, 'test/crash/child.js'), cli: join(folder, 'src/cli/main.js') }
}

/** A home is embedded here, whatever the surroundings name. */
export const environment = (): NodeJS.ProcessEnv => {
  const { DATABASE_URL: _, USUFRUCT_HOME: __, ...rest } = process.env
  return rest
}

export interface Child {
  readonly process: ChildProcess
  /** Everything it told so far. */
  readonly lines: readonly Line[]
  /** Resolves with the first line that `wanted` takes, or undefined when the child ended. One waits at a time. */
  told(wanted: (line: Line) => boolean): Promise<Line | undefined>
  /** Resolves when the process is gone and all that it wrote is read. */
  readonly ended: Promise<void>
  /** What it wrote to its error output. */
  errors(): string
}

export function startChild(program: string, task: Task): Child {
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(),
  })
  const lines: Line[] = []
  let text = ''
  let errors = ''
  let wake = () => {}
  child.stdout.on('data', (block: Buffer) => {
    text += block.toString()
    const whole = text.split('\n')
    // A line that the kill cut off was not told.
    text = whole.pop() as string
    for (const line of whole) lines.push(JSON.parse(line) as Line)
    if (whole.length > 0) appendFileSync(task.journal, `${whole.join('\n')}\n`)
    wake()
  })
  child.stderr.on('data', (block) => {
    errors += block
  })
  let over = false
  const ended = new Promise<void>((done) =>
    child.on('close', () => {
      over = true
      wake()
      done()
    }),
  )
  return {
    process: child,
    lines,
    ended,
    errors: () => errors,
    async told(wanted) {
      for (;;) {
        const found = lines.find(wanted)
        if (found !== undefined || over) return found
        await new Promise<void>((done) => {
          wake = done
        })
      }
    },
  }
}

/** kill -9 of the database server of a home; false when none runs. */
export async function killDatabase(home: string): Promise<boolean> {
  const running = await readPidFile(join(home, 'postgres', 'data'))
  if (running === undefined || !processExists(running.pid)) return false
  process.kill(running.pid, 'SIGKILL')
  return true
}

/** Waits until no database server of the home is left; false after five seconds. */
export async function databaseIsGone(home: string): Promise<boolean> {
  for (let waited = 0; waited < 5_000; waited += 20) {
    const running = await readPidFile(join(home, 'postgres', 'data'))
    if (running === undefined || !processExists(running.pid)) return true
    await pause(20)
  }
  return false
}
