import { type ChildProcess, spawn } from 'node:child_process'
import { environment } from './process.ts'

/** A command of the compiled command line, in a process of its own. */
export interface Command {
  readonly process: ChildProcess
  readonly ended: Promise<number>
  /** Resolves with everything printed as soon as it holds a whole line, or when the command ends. */
  readonly firstLine: Promise<string>
  output(): string
  errors(): string
}

export function startCommand(cli: string, home: string, ...argv: readonly string[]): Command {
  const child = spawn(process.execPath, [cli, ...argv, '--home', home, '--json'], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(),
  })
  let output = ''
  let errors = ''
  child.stderr.on('data', (block) => {
    errors += block
  })
  const ended = new Promise<number>((done) => child.on('close', (code) => done(code ?? -1)))
  const firstLine = new Promise<string>((done) => {
    child.stdout.on('data', (block) => {
      output += block
      if (output.includes('\n')) done(output)
    })
    child.on('close', () => done(output))
  })
  return { process: child, ended, firstLine, output: () => output, errors: () => errors }
}

/** Runs a command to its end and gives its JSON; throws when it fails. */
export async function runCommand(cli: string, home: string, ...argv: readonly string[]): Promise<unknown> {
  const command = startCommand(cli, home, ...argv)
  const code = await command.ended
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${command.output()}${command.errors()}`)
  return JSON.parse(command.output())
}

export async function killCommand(command: Command): Promise<void> {
  command.process.kill('SIGKILL')
  await command.ended
}
