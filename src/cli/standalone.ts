import { resolve } from 'node:path'
import { Command } from 'commander'
import { canonical } from '../base/canonical.ts'
import { Fault } from '../base/fault.ts'
import { version } from '../base/version.ts'
import { initHouse, openHouse, restoreHouse } from '../main.ts'
import { startServer } from '../server/start.ts'
import { systemClock } from '../system.ts'
import { unwrap } from './context.ts'
import { runDemo } from './demo.ts'
import { runProgram } from './program.ts'
import { listenForCommands } from './remote.ts'
import { stopSignal } from './signals.ts'

interface Io {
  readonly home: string
  readonly cwd: string
  readonly json: boolean
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

const verbs = ['init', 'restore', 'serve', 'demo']

/** Commands that make, replace or hold a home, and so are never carried out by a server. */
export const standalone = (argv: readonly string[]): boolean =>
  verbs.includes(argv.find((one) => !one.startsWith('-')) ?? '')

export async function runStandalone(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command('usufruct').version(version)
  let exit = 0

  program
    .command('init')
    .description('makes a home: the only command that does')
    .requiredOption('--name <name>', 'of the house, as people read it')
    .requiredOption('--currency <code>', 'ISO 4217')
    .option('--origin <origin>', 'name of the log, e.g. coop.example/usufruct')
    .action(async (options: { name: string; currency: string; origin?: string }) => {
      const made = unwrap(await initHouse(io.home, options, systemClock))
      const words = [
        `${options.name}: home made in ${io.home}`,
        `  log key (public, give it to everybody who verifies): ${made.logKey}`,
        `  steward key (secret, shown once): ${made.stewardKey}`,
      ]
      io.out(
        io.json
          ? `${canonical({ home: io.home, logKey: made.logKey, stewardKey: made.stewardKey })}\n`
          : `${words.join('\n')}\n`,
      )
    })

  program
    .command('restore <folder>')
    .description('makes a home from a backup')
    .action(async (folder: string) => {
      const restored = unwrap(await restoreHouse(io.home, resolve(io.cwd, folder), systemClock))
      io.out(
        io.json
          ? `${canonical({ home: io.home, entries: restored.entries })}\n`
          : `${io.home} holds ${restored.entries} entries again.\n`,
      )
    })

  program
    .command('serve')
    .description('the HTTP API; commands on the same home go through this server')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', '0 takes any free one', '8080')
    .action(async (options: { host: string; port: string }) => {
      const house = await openHouse(io.home)
      try {
        const server = await startServer(house, { host: options.host, port: portNumber(options.port) })
        const commands = await listenForCommands(io.home, (request, streams) =>
          runProgram(request.argv, {
            ...request,
            home: io.home,
            clock: house.world.clock,
            house: async () => house,
            ...streams,
          }),
        )
        io.out(
          io.json
            ? `${canonical({ url: server.url, pid: process.pid })}\n`
            : `Serving ${io.home} at ${server.url} (stop with Ctrl-C)\n`,
        )
        const lost = await stopSignal(house.lost)
        await commands.close()
        await server.close()
        if (lost) throw lost
      } finally {
        await house.close()
      }
    })

  program
    .command('demo')
    .description('North Co-op, a made-up world; --once tells the whole story and ends')
    .option('--once', 'tell it in the terminal and exit')
    .option('--fresh', 'make the served world anew')
    .option('--members <n>', 'how many', '20000')
    .option('--port <port>', 'of the HTTP API', '8080')
    .action(async (options: { once?: boolean; fresh?: boolean; members: string; port: string }) => {
      exit = await runDemo({
        once: options.once === true,
        fresh: options.fresh === true,
        members: memberCount(options.members),
        port: portNumber(options.port),
        ...io,
      })
    })

  for (const command of [program, ...program.commands])
    command
      .exitOverride()
      .configureOutput({ writeOut: io.out, writeErr: io.err })
      .option('--home <folder>', 'the home')
      .option('--json', 'JSON output')
  await program.parseAsync([...argv], { from: 'user' })
  return exit
}

/** As many as the numbers on member cards have room for; fewer than a hundred make no world. */
function memberCount(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number.parseInt(text, 10) : -1
  if (count < 100 || count > 90_000)
    throw new Fault('demo.members_invalid', `"${text}" members cannot be made up`, { hint: '100 to 90000' })
  return count
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number.parseInt(text, 10) : -1
  if (port < 0 || port > 65_535)
    throw new Fault('server.port_invalid', `"${text}" is not a port`, { hint: '0 to 65535' })
  return port
}
