import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectAccepted } from '../base/refusal.ts'
import { buildNorthCoop } from '../demo/build.ts'
import { moment, runningClock } from '../demo/clock.ts'
import { type DemoState, demoHome, makeDemo, readDemo, writeDemo } from '../demo/home.ts'
import { northCoopPlot } from '../demo/plot.ts'
import { type Demo, ensurePeriod, serveDemo } from '../demo/served.ts'
import { tellStory } from '../demo/story.ts'
import { initHouse, openHouse } from '../main.ts'
import { startServer } from '../server/start.ts'
import { systemClock } from '../system.ts'
import { type Context, table } from './context.ts'
import { listenForCommands } from './remote.ts'
import { stopSignal } from './signals.ts'
import { tellerOf } from './teller.ts'

interface DemoOptions {
  readonly once: boolean
  /** Make the served world anew, also when there is one. */
  readonly fresh: boolean
  readonly members: number
  readonly port: number
  /** Runs commands that other processes send to the served home. */
  readonly run: (argv: readonly string[], context: Context) => Promise<number>
  readonly cwd: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** The made-up world lives on its own calendar: its data end on 30 November 2026, so its first morning is 1 December. */
const firstMorning = moment('2026-12-01T08:00')

/** North Co-op: told in the terminal, or served until it is stopped. Everything goes the real way; only the people and their choices are made up. */
export async function runDemo(options: DemoOptions): Promise<number> {
  options.out('North Co-op, a made-up world: nobody in it exists, and all choices are generated.\n')
  return options.once ? tellOnce(options) : serve(options)
}

async function tellOnce(options: DemoOptions): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-demo-'))
  try {
    const clock = runningClock(firstMorning, systemClock.now(), 0n)
    expectAccepted(
      await initHouse(
        join(folder, 'home'),
        // Told once and thrown away: nobody waits for the grid.
        {
          name: 'North Co-op',
          currency: 'EUR',
          origin: 'north-coop.example/usufruct',
          answerGridMilliseconds: 0,
        },
        clock,
      ),
    )
    const house = await openHouse(join(folder, 'home'), { clock })
    try {
      const teller = tellerOf(options.out)
      teller.chapter('A steward loads data, records choices with evidence, opens a period')
      const built = await buildNorthCoop(house, join(folder, 'world'), options.members, teller.say)
      await tellStory(house, northCoopPlot(house, built), teller)
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
  const home = demoHome(folder)
  const state = await made(folder, options)
  if (!state) return 130
  const clock = runningClock(state.start, state.since, state.ahead)
  const house = await openHouse(home, { clock })
  try {
    await ensurePeriod(house, clock)
    const demo = serveDemo(house, clock, state, () => writeDemo(folder, { ...state, ahead: clock.ahead() }))
    const server = await startServer(house, { host: '127.0.0.1', port: options.port }, { demo })
    const commands = await listenForCommands(home, (request, streams) =>
      options.run(request.argv, { ...request, home, clock: house.world.clock, house: async () => house, ...streams }),
    )
    const url = server.url.replace('127.0.0.1', 'localhost')
    options.out(`${[...(await addresses(demo, url)), ...forPrograms(state, url, home, house.logKey)].join('\n')}\n`)
    const lost = await stopSignal(house.lost)
    await commands.close()
    await server.close()
    if (lost) throw lost
    return 0
  } finally {
    await house.close()
  }
}

/** The demo of the folder, made first where there is none that is whole; undefined when the making was stopped. */
async function made(folder: string, options: DemoOptions): Promise<DemoState | undefined> {
  const known = options.fresh ? undefined : await readDemo(folder)
  if (known?.members === options.members) return known
  options.out(`Twelve months are lived first; this is done once (${folder}).\n`)
  let stopped = false
  void stopSignal(new Promise(() => undefined)).then(() => {
    stopped = true
  })
  const say = (line: string) => options.out(`  ${line}\n`)
  return makeDemo(folder, options.members, say, () => stopped).catch((cause) => {
    if (stopped) return undefined
    throw cause
  })
}

async function addresses(demo: Demo, url: string): Promise<readonly string[]> {
  const { now, nextPeriodAt, logins, members } = await demo.facts()
  const login = (portal: string) =>
    logins.filter((one) => one.portal === portal).map((one) => `${one.login} / ${one.password}`)
  const rows = [
    ['Start', `${url}/`, 'all portals and logins'],
    ...login('/steward').map((words) => ['Steward', `${url}/steward`, words]),
    ...login('/buy').map((words, at) => [at === 0 ? 'Buyer' : '', `${url}/buy`, words]),
    ['Auditor', `${url}/verify`, 'no login'],
    ['Shop', `${url}/shop`, 'no login; with the consent card'],
  ]
  return [
    '',
    `It is ${now.slice(0, 16).replace('T', ' ')} in North Co-op; the next period begins on ${nextPeriodAt.slice(0, 10)}. Stop with Ctrl-C.`,
    '',
    ...table(['who', 'address', 'sign in with'], rows).map((line) => `  ${line}`),
    '',
    'Members sign in with a link that works once; the start page always has fresh ones:',
    ...members.flatMap((one) => [`  ${one.person} ${one.story}`, `    ${url}${one.link}`]),
  ]
}

const forPrograms = (state: DemoState, url: string, home: string, logKey: string): readonly string[] => [
  '',
  'For programs:',
  `  ${'API'.padEnd(24)} ${url}/openapi.json`,
  `  ${'log key'.padEnd(24)} ${logKey}`,
  ...Object.entries(state.keys).map(([who, secret]) => `  ${who.padEnd(24)} ${secret}`),
  '',
  'Try, in another terminal:',
  `  npx usufruct status --home ${home}`,
  `  npx usufruct ask baskets "SELECT region, COUNT(DISTINCT member_id) AS members FROM members GROUP BY region" --buyer brightoat --purpose product-statistics --home ${home}`,
  `  curl -X POST ${url}/v1/demo/next-period`,
  '',
]
