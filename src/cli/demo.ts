import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, parseInstant } from '../base/instant.ts'
import { expectAccepted } from '../base/refusal.ts'
import { buildNorthCoop, demoBuyers } from '../demo/build.ts'
import { tellStory } from '../demo/story.ts'
import { createKey } from '../house/access.ts'
import { homeExists } from '../house/exists.ts'
import { initHouse, openHouse } from '../main.ts'
import { startServer } from '../server/start.ts'
import { systemClock } from '../system.ts'
import { type Context, table } from './context.ts'
import { listenForCommands } from './remote.ts'
import { stopSignal } from './signals.ts'

interface DemoOptions {
  readonly once: boolean
  readonly members: number
  readonly port: number
  /** Runs commands that other processes send to the served home. */
  readonly run: (argv: readonly string[], context: Context) => Promise<number>
  readonly cwd: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** The made-up world lives on its own calendar: its data end on 30 November 2026, so its first morning is 1 December. */
const firstMorning = parseInstant('2026-12-01T08:00:00Z') as bigint

/** North Co-op: told in the terminal, or served until it is stopped. Everything goes the real way; only the people and their choices are made up. */
export async function runDemo(options: DemoOptions): Promise<number> {
  options.out('North Co-op, a made-up world: nobody in it exists, and all choices are generated.\n')
  return options.once ? tellOnce(options) : serve(options)
}

async function tellOnce(options: DemoOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-demo-'))
  try {
    const clock = clockFrom(firstMorning, systemClock.now())
    expectAccepted(
      await initHouse(
        join(folder, 'home'),
        { name: 'North Co-op', currency: 'EUR', origin: 'north-coop.example/usufruct' },
        clock,
      ),
    )
    const house = await openHouse(join(folder, 'home'), { clock })
    try {
      const teller = tellerOf(options.out)
      teller.chapter('A steward loads data, records choices with evidence, opens a period')
      const built = await buildNorthCoop(house, join(folder, 'world'), options.members, teller.say)
      await tellStory(house, built, teller)
    } finally {
      await house.close()
    }
    return 0
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function serve(options: DemoOptions): Promise<number> {
  const folder = join(options.cwd, '.demo')
  const home = join(folder, 'home')
  if (!(await homeExists(home)) || !(await began(folder))) await make(folder, home, options)
  const started = (await began(folder)) as bigint
  const house = await openHouse(home, { clock: clockFrom(firstMorning, started) })
  try {
    const server = await startServer(house, { host: '127.0.0.1', port: options.port })
    const commands = await listenForCommands(home, (request, streams) =>
      options.run(request.argv, { ...request, home, clock: house.world.clock, house: async () => house, ...streams }),
    )
    const keys = JSON.parse(await readFile(join(folder, 'keys.json'), 'utf8')) as Record<string, string>
    options.out(
      [
        `\nServing at ${server.url} (stop with Ctrl-C)`,
        `  API        ${server.url}/openapi.json`,
        `  log key    ${house.logKey}`,
        ...Object.entries(keys).map(([who, secret]) => `  ${who.padEnd(20)} ${secret}`),
        '',
        'Try, in another terminal:',
        `  npx usufruct status --home ${home}`,
        `  npx usufruct ask baskets "SELECT region, COUNT(DISTINCT member_id) AS members FROM members GROUP BY region" --buyer brightoat --purpose product-statistics --home ${home}`,
        '',
      ].join('\n'),
    )
    await stopSignal()
    await commands.close()
    await server.close()
    return 0
  } finally {
    await house.close()
  }
}

async function make(folder: string, home: string, options: DemoOptions): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  const started = systemClock.now()
  const clock = clockFrom(firstMorning, started)
  const made = expectAccepted(
    await initHouse(home, { name: 'North Co-op', currency: 'EUR', origin: 'north-coop.example/usufruct' }, clock),
  )
  const house = await openHouse(home, { clock })
  try {
    await buildNorthCoop(house, join(folder, 'world'), options.members, (line) => options.out(`  ${line}\n`))
    const keys: Record<string, string> = { steward: made.stewardKey }
    for (const buyer of demoBuyers)
      keys[buyer.id] = expectAccepted(await createKey(house, 'buyer', buyer.id, 'demo')).secret
    keys['member M00001'] = expectAccepted(await createKey(house, 'person', 'M00001', 'demo')).secret
    await writeFile(join(folder, 'keys.json'), `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  } finally {
    await house.close()
  }
  await writeFile(join(folder, 'began.json'), `${JSON.stringify({ at: `${started}` })}\n`)
}

/** When this demo world was made, by the machine's clock; undefined when it was not finished. */
const began = (folder: string): Promise<bigint | undefined> =>
  readFile(join(folder, 'began.json'), 'utf8').then(
    (text) => BigInt((JSON.parse(text) as { at: string }).at),
    () => undefined,
  )

const clockFrom = (first: bigint, started: bigint): Clock => ({ now: () => first + systemClock.now() - started })

function tellerOf(out: (text: string) => void) {
  let number = 0
  return {
    chapter: (title: string) => out(`\n${++number}. ${title}\n`),
    say: (line: string) => out(`${line.replace(/^/gm, '   ')}\n`),
    table: (header: readonly string[], rows: readonly (readonly string[])[]) =>
      out(
        `${table(header, rows)
          .map((line) => `   ${line}`)
          .join('\n')}\n`,
      ),
  }
}
