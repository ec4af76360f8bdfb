import { resolve } from 'node:path'
import type { Command } from 'commander'
import { Fault } from '../base/fault.ts'
import { homeExists } from '../house/exists.ts'
import { initHouse, openHouse, restoreHouse } from '../main.ts'
import { startServer } from '../server/start.ts'
import { seconds } from './commands/answers.ts'
import { type Context, show, unwrap, wholeNumber } from './context.ts'
import { runDemo } from './demo.ts'
import { isServed, listenForCommands } from './remote.ts'
import { stopSignal } from './signals.ts'

export type RunProgram = (argv: readonly string[], context: Context) => Promise<number>

export function registerStandalone(program: Command, io: Context, run: RunProgram): void {
  program
    .command('init')
    .description('makes a home: the only command that does')
    .requiredOption('--name <name>', 'of the house, as people read it')
    .requiredOption('--currency <code>', 'ISO 4217')
    .option('--origin <origin>', 'name of the log, e.g. coop.example/usufruct')
    .option('--answer-grid <seconds>', 'answers leave at whole multiples of this; 0, for tests only: at once', '1')
    .action(async (options: { name: string; currency: string; origin?: string; answerGrid: string }) => {
      const { answerGrid, ...house } = options
      const grid = seconds(answerGrid)
      const made = unwrap(await initHouse(io.home, { ...house, answerGridMilliseconds: grid }, io.clock))
      const words = [
        `${options.name}: home made in ${io.home}`,
        `  log key (public, give it to everybody who verifies): ${made.logKey}`,
        `  steward key (secret, shown once): ${made.stewardKey}`,
        ...(grid === 0
          ? [
              '  WARNING: answers leave at once, so their time tells something of the data. Never with people in it: usufruct answers set --every 1',
            ]
          : []),
      ]
      show(io, { home: io.home, logKey: made.logKey, stewardKey: made.stewardKey }, words)
    })

  program
    .command('restore <folder>')
    .description('makes a home from a backup')
    .action(async (folder: string) => {
      const restored = unwrap(await restoreHouse(io.home, resolve(io.cwd, folder), io.clock))
      show(io, { home: io.home, entries: `${restored.entries}` }, [
        `${io.home} holds ${restored.entries} entries again.`,
      ])
    })

  program
    .command('serve')
    .description('the HTTP API; commands on the same home go through this server')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', '0 takes any free one', '8080')
    .action(async (options: { host: string; port: string }) => {
      const port = wholeNumber(options.port, 'a port', 0, 65_535)
      if ((await homeExists(io.home)) && (await isServed(io.home)))
        throw new Fault('home.busy', 'another server has this home', {
          hint: 'commands on this home go through it already',
        })
      const house = await openHouse(io.home)
      try {
        const server = await startServer(house, { host: options.host, port })
        const commands = await listenForCommands(io.home, (request, streams) =>
          run(request.argv, {
            ...request,
            home: io.home,
            clock: house.world.clock,
            house: async () => house,
            ...streams,
          }),
        )
        show(io, { url: server.url, pid: process.pid }, [`Serving ${io.home} at ${server.url} (stop with Ctrl-C)`])
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
      await runDemo({
        once: options.once === true,
        fresh: options.fresh === true,
        // As many as the numbers on member cards have room for; fewer than a hundred make no world.
        members: wholeNumber(options.members, 'a number of members', 100, 90_000),
        run,
        port: wholeNumber(options.port, 'a port', 0, 65_535),
        ...io,
      })
    })
}
