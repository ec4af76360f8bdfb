#!/usr/bin/env node
import { resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import type { House } from '../house/house.ts'
import { homeExists, openHouse } from '../main.ts'
import { systemClock } from '../system.ts'
import type { Context } from './context.ts'
import { exitCodes, report, runProgram } from './program.ts'
import { runRemotely } from './remote.ts'
import { runStandalone, standalone } from './standalone.ts'

/** One command of the command line: in this process, or in the server that owns the home. */
async function main(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json')
  const home = homeOf(argv)
  const out = (text: string) => process.stdout.write(text)
  const err = (text: string) => process.stderr.write(text)
  const stdin = argv.includes('-') ? await readStdin() : undefined
  const request = { argv, cwd: process.cwd(), json, stdin }
  try {
    if (standalone(argv)) return await runStandalone(argv, { ...request, home, out, err })
    const exit = (await homeExists(home)) ? await runRemotely(home, request, { out, err }) : undefined
    if (exit !== undefined) return exit
    return await runHere(request, home, out, err)
  } catch (cause) {
    return report(cause, { json, out, err })
  }
}

async function runHere(
  request: { argv: readonly string[]; cwd: string; json: boolean; stdin: string | undefined },
  home: string,
  out: (text: string) => void,
  err: (text: string) => void,
): Promise<number> {
  let opened: Promise<House> | undefined
  const context: Context = {
    ...request,
    home,
    clock: systemClock,
    house: () => (opened ??= openHouse(home)),
    out,
    err,
  }
  try {
    const exit = await runProgram(request.argv, context)
    // Somebody began to serve the home between our look and our opening: the command is theirs now.
    return exit
  } finally {
    const house = await opened?.catch(() => undefined)
    await house?.close()
  }
}

/** --home, then $USUFRUCT_HOME, then ./.usufruct. */
function homeOf(argv: readonly string[]): string {
  const at = argv.indexOf('--home')
  const given = at >= 0 ? argv[at + 1] : argv.find((one) => one.startsWith('--home='))?.slice('--home='.length)
  return resolve(given ?? (process.env.USUFRUCT_HOME || '.usufruct'))
}

async function readStdin(): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of process.stdin) {
    size += (part as Buffer).length
    if (size > 64 * 1024 * 1024) throw new Fault('program.input_too_large', 'standard input is larger than 64 MiB')
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}

process.exitCode = await main(process.argv.slice(2)).catch(() => exitCodes.fault)
