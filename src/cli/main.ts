#!/usr/bin/env node
import { resolve } from 'node:path'
import { Refused, refuse } from '../base/refusal.ts'
import { textOfBytes } from '../base/text.ts'
import { homeExists } from '../house/exists.ts'
import type { House } from '../house/house.ts'
import { systemClock } from '../system.ts'
import { type Context, exitCodes, WrongUse } from './context.ts'
import { notText } from './read.ts'
import { type RemoteRequest, runRemotely } from './remote.ts'
import { standalone } from './verbs.ts'

interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** How often a command looks again who holds the home, and how long it waits each time. */
const attempts = 15
const waitMilliseconds = 1_000

/** One command of the command line: in this process, or in the server that owns the home. */
async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json')
  const streams: Streams = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  }
  try {
    const home = homeOf(argv)
    // Bytes that are no UTF-8 arrive here as U+FFFD: what was meant is lost, so nothing is guessed.
    if (argv.some((one) => one.includes('\uFFFD')))
      throw new WrongUse('an argument is not UTF-8 text', 'write it as UTF-8; U+FFFD itself is not read either')
    const stdin = argv.includes('-') ? await readStdin() : undefined
    const request = { argv, cwd: process.cwd(), json, stdin }
    for (let attempt = 1; ; attempt++) {
      const exit = await runOnce(request, home, streams, attempt < attempts)
      if (exit !== exitCodes.busy) return exit
    }
  } catch (cause) {
    const { report } = await import('./program.ts')
    return report(cause, { json, ...streams })
  }
}

async function runOnce(request: RemoteRequest, home: string, streams: Streams, again: boolean): Promise<number> {
  if (!standalone(request.argv) && (await homeExists(home))) {
    const exit = await runRemotely(home, request, streams)
    if (exit !== undefined) return exit
  }
  // Only now: the engine, the database and the parser take half a second to load, and the server has them already.
  const [{ runProgram }, { openHouse }] = await Promise.all([import('./program.ts'), import('../main.ts')])
  let opened: Promise<House> | undefined
  const context: Context = {
    ...request,
    ...streams,
    home,
    clock: systemClock,
    readStdin,
    // Another command holds the home, or somebody began to serve it between our look and our opening: look again.
    onBusy: () => again && !standalone(request.argv),
    house: () => {
      opened ??= openHouse(home, { waitMilliseconds })
      return opened
    },
  }
  try {
    return await runProgram(request.argv, context)
  } finally {
    const house = await opened?.catch(() => undefined)
    await house?.close()
  }
}

/** --home, then $USUFRUCT_HOME, then ./.usufruct. */
function homeOf(argv: readonly string[]): string {
  const at = argv.indexOf('--home')
  const given = at >= 0 ? argv[at + 1] : argv.find((one) => one.startsWith('--home='))?.slice('--home='.length)
  if (given === '') throw new WrongUse('--home names no folder')
  return resolve(given ?? (process.env.USUFRUCT_HOME || '.usufruct'))
}

async function readStdin(): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of process.stdin) {
    size += (part as Buffer).length
    if (size > 64 * 1024 * 1024)
      throw new Refused(refuse('request.too_large', 'standard input is larger than 64 MiB').refusal)
    parts.push(part as Buffer)
  }
  const text = textOfBytes(Buffer.concat(parts))
  if (text === undefined) throw notText('standard input')
  return text
}

process.exitCode = await main(process.argv.slice(2)).catch(() => exitCodes.fault)
