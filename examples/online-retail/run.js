// @ts-check
/**
 * The whole story on the real order lines, as `npm start -- --once` tells it of a made-up world:
 *
 *     node examples/online-retail/run.js --data FILE [--home FOLDER] [--port N] [--once]
 *
 * Prepares the files, makes a home, applies the contract, loads, publishes the notice, imports the generated choices, opens a period, asks, pays,
 * withdraws, verifies. With --once it ends there and removes the home unless --home names it; without, it serves the home until it is stopped.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    home: { type: 'string' },
    port: { type: 'string', default: '8080' },
    once: { type: 'boolean', default: false },
  },
})

/** @param {string} data @param {string} folder for the prepared files @param {string} home */
async function run(data, folder, home) {
  const { initHouse, openHouse } = await built('main.js')
  const { setStage } = await built('demo/stage.js')
  const { tellStory } = await built('demo/story.js')
  const { tellerOf } = await built('cli/teller.js')
  const { createKey } = await built('house/access.js')
  const { expectAccepted } = await built('base/refusal.js')
  const { prepare } = await import('./prepare.js')
  const { plotOf, stageOf } = await import('./story.js')
  const out = (/** @type {string} */ text) => void process.stdout.write(text)

  out(
    'An online gift shop. The order lines are real (D. Chen, UCI Online Retail, CC BY 4.0, anonymised by their publisher);\n' +
      'years of birth, choices and their evidence are generated, and the buyers are made up.\n',
  )
  const teller = tellerOf(out)
  teller.chapter('A steward loads data, records choices with evidence, opens a period')
  const files = join(folder, 'files')
  const today = new Date().toISOString().slice(0, 10)
  const prepared = await prepare({ source: data, out: files, day: today })
  teller.say(
    `${prepared.lines} real order lines of ${prepared.customers} customers, ${prepared.events} generated choices`,
  )

  const made = await initHouse(home, { name: 'Gift shop', currency: 'GBP', origin: 'gift-shop.example/usufruct' })
  if (!made.ok) return fail(`${made.refusal.message}.`, made.refusal.hint ?? '')
  const house = await openHouse(home)
  let buyerKey
  try {
    await setStage(house, stageOf(files), teller.say)
    await tellStory(house, plotOf(files, today), teller)
    buyerKey = expectAccepted(await createKey(house, 'buyer', 'lampmaker', 'example')).secret
  } finally {
    await house.close()
  }
  if (values.once) return
  out(`\nsteward key    ${made.value.stewardKey}\nlampmaker key  ${buyerKey}\n`)
  const { runStandalone } = await built('cli/standalone.js')
  process.exitCode = await runStandalone(['serve', '--port', values.port], {
    home,
    cwd: process.cwd(),
    json: false,
    out,
    err: (/** @type {string} */ text) => void process.stderr.write(text),
  })
}

/** @param {string} path a file below dist/ */
const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href)

/** In a clone, packages and dist/ are made ready first, as bin/usufruct.js does; an installed package has no src/. */
async function ready() {
  if (!existsSync(new URL('../../src', import.meta.url))) return true
  const { orExplain } = await import('../../scripts/not-ready.js')
  const { ensureBuilt, ensureInstalled } = await import('../../scripts/ready.js')
  let done = false
  await orExplain(() => {
    ensureInstalled()
    ensureBuilt()
    done = true
  })
  return done
}

/** @param {string} message @param {string} hint */
function fail(message, hint) {
  process.stderr.write(`${message}\n  ${hint}\n`)
  process.exitCode = 1
}

const data =
  values.data ?? fileURLToPath(new URL('../../../shared/data/online-retail/online_retail.parquet', import.meta.url))
if (!existsSync(data))
  fail(`${data} is not there.`, 'README.md of the example says where the data comes from; name it with --data FILE.')
else if (await ready()) {
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-retail-'))
  try {
    await run(resolve(data), folder, values.home === undefined ? join(folder, 'home') : resolve(values.home))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
